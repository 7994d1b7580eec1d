"""What is done about units, people and posts. Every act leaves an event."""

from units.services.accounts import activate, change_password, issue_codes, renew_code
from units.services.people import add_person, appoint, employ
from units.services.units import choose_duties, load_units

__all__ = [
    "activate",
    "add_person",
    "appoint",
    "change_password",
    "choose_duties",
    "employ",
    "issue_codes",
    "load_units",
    "renew_code",
]
