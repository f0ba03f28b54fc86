"""What docs/asvs.md says is shown by a test, is shown by one that is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_each_test_that_the_yardstick_names_is_there():
    named = re.findall(r"`((?:\w+/)*test_\w+\.py)`", (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8"))
    assert len(named) > 40
    assert [name for name in named if not (ROOT / "tests" / name).is_file()] == []
