"""What is done about pledges: signing, confirming, returning, making the paper. Every act leaves an event."""

from pledges.services.confirming import (
    complete_without_union,
    countersign,
    countersign_for_union,
    return_pledge,
)
from pledges.services.paper import TOO_EARLY, order_paper, print_paper
from pledges.services.signing import TextChanged, sign_pledge
from pledges.services.texts import load_pledge_texts

__all__ = [
    "TOO_EARLY",
    "TextChanged",
    "complete_without_union",
    "countersign",
    "countersign_for_union",
    "load_pledge_texts",
    "order_paper",
    "print_paper",
    "return_pledge",
    "sign_pledge",
]
