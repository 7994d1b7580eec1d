"""Passwords, and loading the person of a session."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from ledger import clock
from ledger.prepared import Prepared
from units.models import User

_PERSON = Prepared(lambda *, pk, on: User.objects.knowing_who_left(on).filter(pk=pk))


class PasswordBackend(ModelBackend):
    """Checks passwords and loads users: only those who may log in and whose employment has not ended (rule R21).

    It grants nothing: the whole policy stands in namkhong/permissions.py, and Django's permission tables are never
    asked (two queries less for every refusal).
    """

    def get_user(self, user_id: Any) -> User | None:
        """In the one query that every request makes."""
        user = _PERSON.first(pk=user_id, on=clock.today())
        return user if self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        if user is None or not super().user_can_authenticate(user):
            return False
        if "has_left" in vars(user):
            return not vars(user)["has_left"]
        row = _PERSON.first(pk=user.pk, on=clock.today())
        return row is not None and not vars(row)["has_left"]

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
