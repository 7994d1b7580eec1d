"""Storing papers, reading them back, and saying when one no longer counts."""

from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from documents import vault
from documents.models import Paper
from documents.press import page_count
from ledger import events
from ledger.workflow import StepRefused

KIND = "documents.paper"


def store_paper(
    *,
    kind: str,
    title: str,
    body: bytes,
    object_kind: str,
    object_id: str,
    unit_id: str,
    manifest_sha256: str,
    check_code: str | None = None,
    is_demo: bool = False,
    by=None,
) -> Paper:
    """Keeps `body` for ever and returns its row; the same object, kind and manifest give the same row back
    (rule R06).

    The file is durable before the row exists (rule R14). `unit_id` and `object_id` are public ids. ValueError
    when `body` is not a PDF from `documents.press`.
    """
    effect = f"pdf:{kind}:{object_kind}:{object_id}:{manifest_sha256}"
    if known := Paper.objects.filter(effect=effect).first():
        return known
    facts = {
        "kind": kind,
        "title": title[:300],
        "object_kind": object_kind,
        "object_id": object_id,
        "unit_id": unit_id,
        "manifest_sha256": manifest_sha256,
        "check_code": check_code,
        "is_demo": is_demo,
        "sha256": vault.sha256_of(body),
        "size": len(body),
        "pages": page_count(body),
        "path": vault.keep(body),
    }
    with transaction.atomic():
        paper, is_new = Paper.objects.get_or_create(effect=effect, defaults=facts)
        if is_new:
            _record("store", paper, by, {"sha256": paper.sha256, "pages": paper.pages, "kind": kind})
    return paper


def replace_paper(*, paper: Paper, by=None) -> Paper:
    """A newer paper of the same object counts from now on; this one stays readable. StepRefused unless it was
    valid."""
    return _leave_valid(paper, Paper.State.REPLACED, "replace", by)


def withdraw_paper(*, paper: Paper, reason: str, by=None) -> Paper:
    """The paper no longer counts. StepRefused unless it was valid, or without a reason."""
    if not reason.strip():
        raise StepRefused("Cần ghi lý do thu hồi văn bản.")
    return _leave_valid(paper, Paper.State.WITHDRAWN, "withdraw", by, reason=reason.strip())


def read_paper(paper: Paper) -> bytes:
    """The stored bytes, verified on every reading. Raises PaperDamaged."""
    return vault.fetch(paper.path, paper.sha256)


def paper_response(paper: Paper, filename: str) -> HttpResponse:
    """The paper for a browser. The view that calls this has checked its own permission. Raises PaperDamaged."""
    response = HttpResponse(read_paper(paper), content_type="application/pdf")
    response["Content-Disposition"] = str(content_disposition_header(False, filename))
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _leave_valid(paper: Paper, state: Paper.State, act: str, by, **words: str) -> Paper:
    with transaction.atomic():
        moved = Paper.objects.filter(pk=paper.pk, state=Paper.State.VALID).update(state=state)
        paper.refresh_from_db(fields=["state"])
        if not moved:
            raise StepRefused(f"Văn bản này đang ở tình trạng “{paper.get_state_display()}”.")
        _record(act, paper, by, {"state": str(state)}, **words)
    return paper


def _record(act: str, paper: Paper, by, data: dict, **words: str) -> None:
    events.record(
        f"{KIND}.{act}",
        by=by,
        object_kind=KIND,
        object_id=paper.public_id,
        unit_id=paper.unit_id,
        data=data,
        **words,
    )
