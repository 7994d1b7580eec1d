"""What people do with rounds and reports. Every act leaves an event; what was sent is never changed."""

from reports.services.rounds import open_round
from reports.services.sending import accept_report, present, recall, return_report, submit_report, withdraw
from reports.services.waivers import excuse_unit, withdraw_waiver
from reports.services.writing import Entry, begin_report, refresh_figures, save_report

__all__ = [
    "Entry",
    "accept_report",
    "begin_report",
    "excuse_unit",
    "open_round",
    "present",
    "recall",
    "refresh_figures",
    "return_report",
    "save_report",
    "submit_report",
    "withdraw",
    "withdraw_waiver",
]
