from django.db import models


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user_id=user.pk)

    def unread(self):
        return self.filter(read_at__isnull=True)
