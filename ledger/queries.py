from django.db import models
from django.db.models import Exists, F, OuterRef, Q

MAX_ATTEMPTS = 5


class EventQuerySet(models.QuerySet):
    def of(self, object_kind: str, object_id: str):
        return self.filter(object_kind=object_kind, object_id=object_id).order_by("at", "pk")

    def unsealed(self, seal_model):
        """Events without a seal, by anti-join: an event with a lower id may commit after one with a higher id."""
        return self.filter(~Exists(seal_model._default_manager.filter(event_id=OuterRef("pk")))).order_by(
            "pk"
        )


class JobQuerySet(models.QuerySet):
    def active(self):
        return self.filter(status__in=["queued", "running"])

    def claimable(self, at):
        """Queued, or running under a lease that has run out (its worker is dead or asleep)."""
        return self.filter(Q(status="queued") | Q(status="running", lease_until__lt=at))

    def claim(self, pk: int, *, token: str, at, lease_until) -> bool:
        """True when exactly this call got the job."""
        changed = (
            self.claimable(at)
            .filter(pk=pk, attempts__lt=MAX_ATTEMPTS)
            .update(
                status="running",
                token=token,
                lease_until=lease_until,
                started_at=at,
                attempts=F("attempts") + 1,
                error="",
            )
        )
        return changed == 1

    def held(self, pk: int, token: str):
        """The row as long as `token` still holds it: every write of a worker goes through this."""
        return self.filter(pk=pk, status="running", token=token)
