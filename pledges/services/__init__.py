"""What is done about pledges: signing, declining, confirming, returning, taking back, handing over, having them signed
again, making the paper. Every act leaves an event.
"""

from pledges.services.confirming import (
    complete_without_union,
    countersign,
    countersign_for_union,
    return_pledge,
)
from pledges.services.declining import decline, take_back_refusal
from pledges.services.handing import hand_over
from pledges.services.paper import TOO_EARLY, order_paper, print_paper
from pledges.services.renewing import ask_renewal, publish_addition
from pledges.services.signing import TextChanged, sign_collective, sign_pledge
from pledges.services.texts import load_pledge_texts
from pledges.services.withdrawing import revoke_pledge, withdraw_pledge

__all__ = [
    "TOO_EARLY",
    "TextChanged",
    "ask_renewal",
    "complete_without_union",
    "countersign",
    "countersign_for_union",
    "decline",
    "hand_over",
    "load_pledge_texts",
    "order_paper",
    "print_paper",
    "publish_addition",
    "return_pledge",
    "revoke_pledge",
    "sign_collective",
    "sign_pledge",
    "take_back_refusal",
    "withdraw_pledge",
]
