"""Static files come from here and from pinned packages, never from another host."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = {
    "bootstrap/css/bootstrap.min.css": "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB",
    "bootstrap/js/bootstrap.bundle.min.js": "FKyoEForCGlyvwx9Hj09JcYn3nv7wiPVlz7YYwJrWVcXK/BmnVDxM+D2scQbITxI",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_bootstrap_is_the_official_release_byte_for_byte(name):
    found = Path(finders.find(name)).read_bytes()
    assert base64.b64encode(hashlib.sha384(found).digest()).decode() == PUBLISHED[name]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def test_no_page_takes_anything_from_another_host():
    loaded = re.compile(r"""<(?:script|link|img|iframe|use)[^>]+(?:src|href)=["'](?:https?:)?//""")
    assert [str(path) for path in templates() if loaded.search(path.read_text())] == []


def test_collectstatic_keeps_every_file_that_a_page_names(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    kept = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    named = {
        name
        for path in templates()
        for name in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", path.read_text())
    }
    assert named
    assert named - set(kept) == set()
    assert "django_htmx/htmx-2.min.js" in kept


def test_media_is_served_by_no_address():
    """Papers leave through views that ask for permission."""
    assert settings.MEDIA_URL in ("", "/")
