"""`manage.py make_seal`: the key of the embedded default, made once on the first day of a real portal."""

import io

from django.core.management import call_command

from documents.seal_keys import has_own_key


def said() -> str:
    out = io.StringIO()
    call_command("make_seal", stdout=out)
    return out.getvalue()


def test_the_key_is_made_once_and_kept(settings, tmp_path):
    settings.SEAL_FOLDER, settings.SEAL_PKCS12 = tmp_path / "seal", ""
    assert "Đã tạo khóa" in said() and has_own_key()
    kept = {file.name: file.read_bytes() for file in settings.SEAL_FOLDER.iterdir()}
    assert "Đã có khóa" in said()
    assert {file.name: file.read_bytes() for file in settings.SEAL_FOLDER.iterdir()} == kept


def test_a_key_of_ones_own_leaves_no_other(settings, tmp_path):
    settings.SEAL_FOLDER, settings.SEAL_PKCS12 = tmp_path / "seal", "/etc/namkhong/seal.p12"
    assert "NAMKHONG_SEAL_PKCS12" in said()
    assert not settings.SEAL_FOLDER.exists()
