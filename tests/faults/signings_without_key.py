"""The portal with the idempotency key removed: every submission is new. For the negative control alone."""

from namkhong.wsgi import application  # isort: split - the models need the loaded apps

from ledger import idempotency
from ledger.public_id import new_public_id

__all__ = ["application"]

claim = idempotency.claim


def never_seen(**submission) -> None:
    return None


def always_new(**submission):
    return claim(**submission | {"key": new_public_id()})


idempotency.earlier = never_seen
idempotency.claim = always_new
