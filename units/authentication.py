from django.contrib.auth.backends import BaseBackend

from ledger import clock
from units import activation
from units.models import ActivationCode

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
        expected = (
            activation.code_of(row.user.public_id, row.nonce) if row else activation.code_of(UNKNOWN, UNKNOWN)
        )
        fits = activation.same_code(activation_code, expected)
        return row.user if row and fits and row.expires_at > clock.now() else None

    def get_user(self, user_id):
        return None
