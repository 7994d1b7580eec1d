from django.db import models
from django.db.models import Exists, OuterRef


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user_id=user.pk)

    def unread(self):
        return self.filter(read_at__isnull=True)


class DigestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user_id=user.pk)

    def due(self, at):
        """What may leave now."""
        return self.filter(status="waiting", send_after__lte=at)

    def abandoned(self, at):
        """Held by a worker whose time has run out: it died."""
        return self.filter(status__in=["taken", "sending"], lease_until__lt=at)

    def overtaken(self, day):
        """Waiting since an earlier day although a later letter exists: what it says is said there as of today."""
        later = self.model._base_manager.filter(user=OuterRef("user"), on__gt=OuterRef("on"))
        return self.filter(status="waiting", on__lt=day).filter(Exists(later))

    def held(self, token, status):
        """Rows as long as `token` holds them: every write of a sender goes through this."""
        return self.filter(token=token, status=status)
