"""Commands take the demo's settings only where there is a demo, and never beside production's."""

import pytest

import manage


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(manage, "__file__", str(tmp_path / "manage.py"))
    for name in manage.OF_PRODUCTION:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    return tmp_path


def test_folder_without_a_demo_is_production(folder):
    assert manage.is_demo() is False


def test_folder_with_a_demo_is_the_demo(folder):
    (folder / ".demo").mkdir()
    assert manage.is_demo() is True


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "SECRET_KEY_FILE", "SEAL_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DATABASE_URL_FILE"]
)
def test_anything_of_production_keeps_the_demo_away(folder, monkeypatch, name):
    (folder / ".demo").mkdir()
    monkeypatch.setenv(name, "set")
    assert manage.is_demo() is False
