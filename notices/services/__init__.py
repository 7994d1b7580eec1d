"""Telling people: sentences inside the portal, and one letter a day to those with an e-mail address."""

from notices.services.collecting import Line, collect
from notices.services.sending import send_due
from notices.services.telling import Telling, lay_aside, mark_read, tell, tell_each

__all__ = ["Line", "Telling", "collect", "lay_aside", "mark_read", "send_due", "tell", "tell_each"]
