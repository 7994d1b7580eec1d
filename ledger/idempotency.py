"""A form sent twice is done once (rule R03)."""

import hmac
import json
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from ledger.canonical import canonical_json
from ledger.models import Receipt
from ledger.prepared import Insert, Prepared, Statement

FIELD = "idempotency_key"
PROOF = {"password", "second_factor"}
UNSEEN = {FIELD, "csrfmiddlewaretoken", *PROOF}

_RECEIPT = Prepared(lambda *, user, route, key: Receipt.objects.filter(user=user, route=route, key=key))
_CLAIM = Insert(Receipt, unless_there=True)
_KEEP = Statement("keep_receipt", "UPDATE ledger_receipt SET outcome = %s WHERE id = %s")


def body_digest(request: HttpRequest) -> str:
    """Keyed digest of path and fields, so that the table reveals nothing of what was typed."""
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in UNSEEN}
    fields |= {name: [_file_digest(file)] for name, file in request.FILES.items()}
    body = canonical_json({"path": request.path, "fields": fields})
    return hmac.new(settings.SECRET_KEY.encode(), body, sha256).hexdigest()


def carries_proof(request: HttpRequest) -> bool:
    """Whether reading the form may count a wrong password or use up a code: once for an act, not once for each time it
    is sent.
    """
    return not PROOF.isdisjoint(request.POST)


def _file_digest(file) -> str:
    """Another file under the same key is another body."""
    found = sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def earlier(*, user, route: str, key: str) -> Receipt | None:
    """The receipt of this submission if it was already done."""
    return _RECEIPT.first(user=user.pk, route=route, key=key)


def claim(*, user, route: str, key: str, digest: str) -> tuple[Receipt, bool]:
    """The receipt of this submission and whether it is new. Inside a transaction: a form error rolls the claim back.

    A second, simultaneous submission waits here for the first to commit and then finds its receipt.
    """
    receipt = Receipt(user=user, route=route, key=key, body_digest=digest)
    if _CLAIM(receipt):
        return receipt, True
    return Receipt.objects.get(user=user, route=route, key=key), False


def keep(receipt: Receipt, outcome: dict[str, Any]) -> None:
    """What became of it, in the transaction that did it."""
    receipt.outcome = outcome
    with connection.cursor() as cursor:
        _KEEP.execute(cursor, [json.dumps(outcome), receipt.pk])
