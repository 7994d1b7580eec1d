"""What is done about units, people and posts. Every act leaves an event."""

from units.services.absences import absent, end_absence
from units.services.accounts import activate, change_password, issue_codes, renew_code
from units.services.counts import add_contract_kind, choose_contract_kind, freeze_headcounts
from units.services.lines import close_union, leave_line, open_union, place_in_line
from units.services.naming import change_email, give_code, give_codes, rename_person, retitle_person
from units.services.people import add_person, employ, end_employment, move_person
from units.services.postmaking import create_post, rename_post
from units.services.posts import appoint, end_appointment, substitute
from units.services.reorganising import (
    carry_out_draft,
    correct_reorganisation,
    draft_reorganisation,
    perform_due_reorganisations,
    plan_reorganisation,
    rehearse_reorganisation,
    reorganise,
    withdraw_reorganisation,
)
from units.services.returns import reemploy, take_back_leave
from units.services.secondments import end_secondment, second
from units.services.units import choose_duties, load_units, name_kinds

__all__ = [
    "absent",
    "activate",
    "add_contract_kind",
    "add_person",
    "appoint",
    "carry_out_draft",
    "change_email",
    "change_password",
    "choose_contract_kind",
    "choose_duties",
    "close_union",
    "correct_reorganisation",
    "create_post",
    "draft_reorganisation",
    "employ",
    "end_absence",
    "end_appointment",
    "end_employment",
    "end_secondment",
    "freeze_headcounts",
    "give_code",
    "give_codes",
    "issue_codes",
    "leave_line",
    "load_units",
    "move_person",
    "name_kinds",
    "open_union",
    "perform_due_reorganisations",
    "place_in_line",
    "plan_reorganisation",
    "reemploy",
    "rehearse_reorganisation",
    "rename_person",
    "rename_post",
    "renew_code",
    "reorganise",
    "retitle_person",
    "second",
    "substitute",
    "take_back_leave",
    "withdraw_reorganisation",
]
