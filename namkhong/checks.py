"""What must be true of the ground before anything is served. Run by `manage.py check`, by wsgi.py and by the worker."""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from documents.fonts import FontsMissing, printable_characters
from ledger.clock import OFFSET_VARIABLE

MUST_BE_ON = ["fsync", "synchronous_commit", "full_page_writes"]


@register(Tags.database)
def postgres_keeps_what_it_acknowledges(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Rule R02."""
    messages: list[CheckMessage] = []
    for alias in databases or []:
        if connections[alias].vendor == "postgresql":
            messages += _durability(alias)
    return messages


def _durability(alias: str) -> list[CheckMessage]:
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*MUST_BE_ON, "data_checksums"]]
        )
        found = dict(cursor.fetchall())
    messages: list[CheckMessage] = [
        Error(
            f"PostgreSQL runs with {name} = off: an acknowledged act can be lost.",
            hint=f"Set {name} = on in postgresql.conf and restart PostgreSQL.",
            id="namkhong.E001",
        )
        for name in MUST_BE_ON
        if found.get(name) == "off"
    ]
    if found.get("data_checksums") == "off":
        hint = "Stop PostgreSQL and run pg_checksums --enable."
        messages.append(
            Caution(
                "PostgreSQL keeps no data checksums: silent disk faults stay unseen.",
                hint=hint,
                id="namkhong.W001",
            )
        )
    return messages


@register(Tags.compatibility)
def paper_fonts_are_here(**kwargs: Any) -> list[CheckMessage]:
    try:
        printable_characters()
    except FontsMissing as missing:
        return [Error(str(missing), id="namkhong.E002")]
    return []


@register(Tags.security)
def clock_is_not_moved_in_production(**kwargs: Any) -> list[CheckMessage]:
    """Rule R13."""
    if settings.IN_PRODUCTION and os.environ.get(OFFSET_VARIABLE, "0") != "0":
        text = f"{OFFSET_VARIABLE} moves the clock; it is for tests and refused in production."
        return [Error(text, hint=f"Unset {OFFSET_VARIABLE}.", id="namkhong.E003")]
    return []


@register(Tags.security)
def xml_is_read_safely(**kwargs: Any) -> list[CheckMessage]:
    """Rule R31: openpyxl expands entities unless it finds defusedxml."""
    if find_spec("defusedxml"):
        return []
    return [Error("defusedxml is not installed: an XLSX file could exhaust the memory.", id="namkhong.E004")]


@register(Tags.security)
def seal_is_well_kept(**kwargs: Any) -> list[CheckMessage]:
    """Rule R28: who can read the key can seal what the portal never made; a timestamp is worth what its service is."""
    messages: list[CheckMessage] = []
    for path in filter(None, (settings.SEAL_PKCS12, *map(str, Path(settings.SEAL_FOLDER).glob("*.key")))):
        if not os.access(path, os.R_OK):
            text = f"The key that seals papers cannot be read: {path}."
            messages.append(Error(text, hint="See NAMKHONG_SEAL_PKCS12.", id="namkhong.E005"))
        elif Path(path).stat().st_mode & 0o077:
            text = f"Other accounts of this machine can read the key that seals papers: {path}."
            messages.append(Error(text, hint=f"chmod 600 {path}", id="namkhong.E006"))
    if settings.TSA_URL and not os.access(settings.TSA_ROOTS or "-", os.R_OK):
        text = "A timestamp service is set without the certificates that it stands under."
        messages.append(Error(text, hint="Set NAMKHONG_TSA_ROOTS to a PEM file.", id="namkhong.E007"))
    return messages


@register(Tags.security, deploy=True)
def seal_is_vouched_for(**kwargs: Any) -> list[CheckMessage]:
    if settings.SEAL_PKCS12 and settings.TSA_URL:
        return []
    text = "Papers carry a seal that proves integrity only: a self-made key, or no timestamp service."
    hint = "Set NAMKHONG_SEAL_PKCS12, NAMKHONG_TSA_URL and NAMKHONG_TSA_ROOTS."
    return [Info(text, hint=hint, id="namkhong.I001")]


def refuse_unsafe_ground() -> None:
    """Raises ImproperlyConfigured, naming every error, when this process must not serve."""
    found = [
        *postgres_keeps_what_it_acknowledges(databases=list(settings.DATABASES)),
        *paper_fonts_are_here(),
        *clock_is_not_moved_in_production(),
        *xml_is_read_safely(),
        *seal_is_well_kept(),
    ]
    # The web server forks after this; a connection must not be shared by two processes.
    connections.close_all()
    if errors := [str(message.msg) for message in found if message.is_serious()]:
        raise ImproperlyConfigured(" ".join(errors))
