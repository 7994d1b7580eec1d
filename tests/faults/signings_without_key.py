"""The portal with the idempotency key removed: every submission is new. For the negative control alone."""

from ledger.public_id import new_public_id
from namkhong.wsgi import application

# Only now: models need the loaded apps.
from ledger import idempotency  # isort: skip

__all__ = ["application"]

claim = idempotency.claim


def never_seen(**submission) -> None:
    return None


def always_new(**submission):
    return claim(**submission | {"key": new_public_id()})


idempotency.earlier = never_seen
idempotency.claim = always_new
