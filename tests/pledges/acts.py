"""The acts of the story in one line each, through the services, by people read afresh as a new request would."""

from campaigns.models import Campaign
from pledges import services
from pledges.models import Pledge
from pledges.wording import Proposal, propose
from units.models import User


def afresh(user: User) -> User:
    """The same person at his next request: posts and day are read again."""
    return User.objects.get(pk=user.pk)


def proposal(user: User, campaign: Campaign) -> Proposal:
    reader = afresh(user)
    return propose(user=reader, campaign=campaign, year=reader.today.year, on=reader.today)


def sign(user: User, campaign: Campaign, own_words: str = "") -> Pledge:
    shown = proposal(user, campaign)
    return services.sign_pledge(
        by=afresh(user), campaign=campaign, year=shown.year, own_words=own_words, seen_sha256=shown.sha256
    )


def confirm(pledge: Pledge, head: User) -> Pledge:
    return services.countersign(pledge=pledge, by=afresh(head), seen_sha256=pledge.sha256)


def confirm_for_union(pledge: Pledge, chair: User) -> Pledge:
    return services.countersign_for_union(pledge=pledge, by=afresh(chair), seen_sha256=pledge.sha256)


def send_back(pledge: Pledge, by: User, reason: str = "Ghi rõ việc cụ thể.") -> Pledge:
    return services.return_pledge(pledge=pledge, by=afresh(by), reason=reason, seen_sha256=pledge.sha256)
