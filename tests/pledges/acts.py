"""The acts of the story in one line each, through the services, by people read afresh as a new request would."""

from campaigns.models import Campaign
from ledger import clock
from pledges import services
from pledges.models import Pledge
from pledges.wording import Proposal, propose, propose_collective
from units.models import Unit, User


def proved() -> dict[str, str]:
    """A password given just now."""
    return {"by": "password", "at": clock.now().isoformat()}


def afresh(user: User) -> User:
    """The same person at his next request: posts and day are read again."""
    return User.objects.get(pk=user.pk)


def proposal(user: User, campaign: Campaign) -> Proposal:
    reader = afresh(user)
    return propose(user=reader, campaign=campaign, year=reader.today.year, on=reader.today)


def sign(user: User, campaign: Campaign, own_words: str = "") -> Pledge:
    shown = proposal(user, campaign)
    return services.sign_pledge(
        by=afresh(user),
        campaign=campaign,
        year=shown.year,
        own_words=own_words,
        seen_sha256=shown.sha256,
        proof=proved(),
    )


def sign_for_unit(head: User, unit: Unit, campaign: Campaign) -> Pledge:
    by = afresh(head)
    shown = propose_collective(user=by, unit=unit, campaign=campaign, year=by.today.year, on=by.today)
    return services.sign_collective(
        by=by,
        unit=unit,
        campaign=campaign,
        year=shown.year,
        own_words="",
        seen_sha256=shown.sha256,
        proof=proved(),
    )


def confirm(pledge: Pledge, head: User) -> Pledge:
    return services.countersign(pledge=pledge, by=afresh(head), seen_sha256=pledge.sha256, proof=proved())


def confirm_for_union(pledge: Pledge, chair: User) -> Pledge:
    return services.countersign_for_union(
        pledge=pledge, by=afresh(chair), seen_sha256=pledge.sha256, proof=proved()
    )


def send_back(pledge: Pledge, by: User, reason: str = "Ghi rõ việc cụ thể.") -> Pledge:
    return services.return_pledge(pledge=pledge, by=afresh(by), reason=reason, seen_sha256=pledge.sha256)


def withdraw(pledge: Pledge, by: User, reason: str = "Ghi nhầm việc.") -> Pledge:
    return services.withdraw_pledge(pledge=pledge, by=afresh(by), reason=reason)


def revoke(pledge: Pledge, by: User, reason: str = "Ký nhầm người.") -> Pledge:
    return services.revoke_pledge(pledge=pledge, by=afresh(by), reason=reason)


def hand_over(pledge: Pledge, by: User) -> Pledge:
    return services.hand_over(pledge=pledge, by=afresh(by))


def add(head: User, unit: Unit, campaign: Campaign, text: str, *, renews: bool = True, seen: int = 0):
    return services.publish_addition(
        unit=unit, campaign=campaign, text=text, renews=renews, seen_version=seen, by=afresh(head)
    )
