from django.contrib.auth.backends import BaseBackend

from ledger import clock
from units import activation
from units.models import ActivationCode, User
from units.services.factors import check_code

UNKNOWN = "0" * 26


class ActivationBackend(BaseBackend):
    """Proves a person by the one-time code of his slip. Failures count in the login guard like wrong passwords."""

    def authenticate(self, request, username=None, activation_code=None, **kwargs):
        if username is None or activation_code is None:
            return None
        row = (
            ActivationCode.objects.filter(user__username=username, user__is_active=True)
            .select_related("user")
            .first()
        )
        if row and row.user.has_left_by(clock.today()):
            row = None
        expected = (
            activation.code_of(row.user.public_id, row.nonce) if row else activation.code_of(UNKNOWN, UNKNOWN)
        )
        fits = activation.same_code(activation_code, expected)
        return row.user if row and fits and row.expires_at > clock.now() else None

    def get_user(self, user_id):
        return None


class FactorBackend(BaseBackend):
    """Proves a person by a code of the second factor, a recovery code too. Failures count in the login guard."""

    def authenticate(self, request, username=None, second_factor=None, **kwargs):
        if username is None or second_factor is None:
            return None
        user = User.objects.filter(username=username, is_active=True).first()
        device = check_code(user=user, typed=second_factor) if user else None
        if user and device:
            vars(user)["accepted_by"] = device
            return user
        return None

    def get_user(self, user_id):
        return None
