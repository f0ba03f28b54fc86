"""The README shows what the program really prints."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parent.parent


@pytest.mark.django_db
def test_example_prints_what_the_readme_shows():
    printed = StringIO()
    call_command("screen", str(ROOT / "docs" / "example.json"), stdout=printed)
    shown = re.search(
        r"manage\.py screen docs/example\.json\n\n```json\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL
    )
    assert shown[1] == printed.getvalue()
