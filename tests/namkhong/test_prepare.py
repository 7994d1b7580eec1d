"""What `make run` prepares, it prepares once."""

import pytest

from namkhong import prepare


@pytest.fixture
def static(settings, tmp_path):
    settings.VAR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "a.css").write_text("a{}")
    settings.STATICFILES_DIRS = [tmp_path / "ours"]
    return tmp_path


def test_static_files_are_collected_again_only_when_one_has_changed(static):
    assert not prepare._static_is_current()
    prepare._collect_static()
    assert (static / "static" / "a.css").exists()
    assert prepare._static_is_current()
    (static / "ours" / "a.css").write_text("a{color:red}")
    assert not prepare._static_is_current()


def test_a_file_that_was_removed_is_not_served_for_ever(static):
    prepare._collect_static()
    (static / "ours" / "a.css").unlink()
    prepare._collect_static()
    assert not (static / "static" / "a.css").exists()


def test_the_first_start_makes_the_key_that_seals_papers(settings, tmp_path):
    settings.SEAL_FOLDER = tmp_path / "seal"
    assert not prepare._has_seal()
    prepare.make_own_key()
    assert prepare._has_seal()
    settings.SEAL_FOLDER, settings.SEAL_PKCS12 = tmp_path / "none", "office.p12"
    assert prepare._has_seal(), "the office brings its own"


@pytest.mark.django_db
def test_a_migrated_database_is_left_alone():
    assert prepare._is_migrated()
