"""Drawing a paper: whole or not at all, the same each time, and with nothing but what it is given."""

import gc
import logging
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from clinic.documents import glyphs, rendering
from clinic.documents.rendering import RenderingFailed, pdf_of, render
from tests.clinic.documents.everything import MARK, Everything, drawn, everything, html, logo, paper, with_templates
from tests.support.pdf import Pdf

__all__ = ["paper"]
pytestmark = pytest.mark.one_database
ROOT = Path(__file__).resolve().parents[3]
PLAIN = '<html lang="en"><head><title>T</title></head><body><p>Words</p>{}</body></html>'


def test_the_same_paper_and_mark_give_the_same_bytes(paper):
    assert drawn().data == paper.data


def test_the_same_paper_gives_the_same_bytes_in_another_process(paper):
    code = (
        "import sys; from tests import conftest; conftest.django.setup();"
        "from tests.clinic.documents.everything import drawn; sys.stdout.buffer.write(drawn().data)"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )
    assert other.stdout == paper.data


def test_many_spaces_in_a_note_hold_nobody_up():
    """All papers wait for the one that is drawn. Looked at from each space anew, these would take half an hour."""
    spaces = "<p>a" + " " * 1_000_000 + "b</p>"
    assert rendering._SPACE_AT_END.sub("", f"{spaces}<p>c \n</p>") == f"{spaces}<p>c</p>"
    beside = "<p>" + spaces + "<b>" + " " * 1_000_000
    assert rendering._SPACE_BETWEEN.sub(r"\1", beside) == beside


def test_only_a_space_that_nobody_sees_is_taken_out_between_blocks():
    page = """<main>
      <div class="a">
        <p>One <b>two</b> <i>three</i>
        </p>
        <dl> <dt>Four</dt>
        <dd>five <span>six</span> <span>seven</span></dd> </dl>
      </div>
      <div>eight</div> <section> nine</section>
      </main>"""
    assert rendering._SPACE_BETWEEN.sub(r"\1", page) == (
        '<main><div class="a"><p>One <b>two</b> <i>three</i>\n        </p><dl><dt>Four</dt>'
        "<dd>five <span>six</span> <span>seven</span></dd></dl></div>\n      "
        "<div>eight</div> <section> nine</section></main>"
    )


def test_another_mark_gives_other_bytes_of_the_same_words(paper):
    other = drawn(mark=replace(MARK, number="000124"))
    assert other.data != paper.data
    assert other.text == paper.text.replace("000123", "000124")


@pytest.mark.hazard("H-18")
@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ('<img src="data:image/png;base64,AAAA" alt="Logo">', "Failed to load image"),
        ('<img src="file:///etc/hostname" alt="Logo">', "not to be fetched"),
        ('<img src="http://127.0.0.1:9/logo.png" alt="Logo">', "not to be fetched"),
        ('<img src="logo.png" alt="Logo">', "Relative URI reference without a base URI"),
        (f'<img src="{logo()}">', "has no required alt description"),
        ('<p style="colour: red">', "Ignored"),
        ('<link rel="stylesheet" href="file:///none.css">', "not to be fetched"),
    ],
    ids=["no picture", "a file", "an address", "no base", "no words", "no such style", "no sheet"],
)
def test_what_is_missing_fails_instead_of_being_left_out(spoilt, said):
    with pytest.raises(RenderingFailed) as failed:
        pdf_of(PLAIN.format(spoilt))
    assert said in str(failed.value)
    assert "/etc/hostname" not in str(failed.value)


def test_a_font_that_is_gone_is_not_replaced_by_another(monkeypatch, tmp_path):
    for file in glyphs.FONTS.iterdir():
        if file.name != "SourceSans3-It.ttf":
            (tmp_path / file.name).symlink_to(file)
    monkeypatch.setattr(glyphs, "FONTS", tmp_path)
    with pytest.raises(RenderingFailed, match="FileNotFoundError"):
        pdf_of(PLAIN.format(""))


@pytest.mark.parametrize("way", ["level", "disabled", "silenced", "handlers"])
def test_a_logger_that_others_have_turned_down_is_heard_all_the_same(way):
    logger = logging.getLogger("weasyprint")
    before = logger.level, logger.disabled, logger.propagate, logger.handlers
    try:
        if way == "level":
            logger.setLevel(logging.CRITICAL)
        elif way == "disabled":
            logger.disabled = True
        elif way == "handlers":
            logger.handlers = []
        else:
            logging.disable(logging.ERROR)
        with pytest.raises(RenderingFailed):
            pdf_of(PLAIN.format('<p style="colour: red">'))
        if way == "level":
            assert logger.level == logging.CRITICAL
    finally:
        logging.disable(logging.NOTSET)
        logger.setLevel(before[0])
        logger.disabled, logger.propagate, logger.handlers = before[1:]


def test_the_fonts_tool_is_heard_too(monkeypatch):
    spoken = logging.getLogger("fontTools.subset")
    original = rendering._tools().draw
    monkeypatch.setattr(rendering._Tools, "draw", lambda _, page: spoken.warning("a table is odd") or original(page))
    with pytest.raises(RenderingFailed, match="a table is odd"):
        pdf_of(PLAIN.format(""))


def test_a_fault_of_the_drawing_says_its_kind_and_none_of_the_words(monkeypatch):
    def fails(self, page):
        raise ValueError(page)

    monkeypatch.setattr(rendering._Tools, "draw", fails)
    with pytest.raises(RenderingFailed) as failed:
        pdf_of(PLAIN.format("Sofía"))
    assert str(failed.value) == "ValueError"


def test_after_a_failure_the_next_paper_is_whole(paper):
    with pytest.raises(RenderingFailed):
        pdf_of(PLAIN.format('<p style="colour: red">'))
    assert drawn().data == paper.data


def test_drawing_leaves_nothing_in_our_log(caplog, capfd):
    with caplog.at_level(logging.INFO):
        drawn()
    assert [record.name for record in caplog.records] == []
    assert capfd.readouterr() == ("", "")


def test_four_threads_get_their_own_papers():
    pages = [Everything(words=f"Paper number {number}", map=None) for number in range(8)]
    papers = [everything(page, title=page.words, logo="") for page in pages]
    with with_templates():
        alone = [render(each, MARK) for each in papers]
        with ThreadPoolExecutor(4) as threads:
            together = list(threads.map(lambda each: render(each, MARK), papers))
    assert together == alone
    assert [Pdf(data).title for data in together] == [each.title for each in papers]


def test_half_a_picture_is_none_also_after_a_paper_was_drawn(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint sets it when it is first imported
    rendering._tools.cache_clear()
    drawn()
    whole = BytesIO()
    Image.effect_noise((60, 60), 50).save(whole, "PNG")
    with Image.open(BytesIO(whole.getvalue()[:-900])) as half, pytest.raises(OSError, match="truncated"):
        half.load()


def test_only_one_module_imports_weasyprint():
    importing = [
        path.relative_to(ROOT).as_posix()
        for room in ("clinic", "screening")
        for path in (ROOT / room).rglob("*.py")
        if "import weasyprint" in path.read_text(encoding="utf-8")
        or "from weasyprint" in path.read_text(encoding="utf-8")
    ]
    assert importing == ["clinic/documents/rendering.py"]


def test_other_pages_do_not_wait_for_weasyprint():
    code = "import sys; from tests import conftest; conftest.django.setup(); import clinic.urls"
    code += "; print([name for name in sys.modules if name.split('.')[0] in ('weasyprint', 'pydyf')])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_the_version_of_the_stationery_changes_with_each_thing_that_shapes_a_paper(monkeypatch, tmp_path):
    def version():
        rendering.stationery.cache_clear()
        return rendering.stationery()

    before = version()
    changed = set()
    for name in ("SHEET", "DATA"):
        other = tmp_path / getattr(rendering, name).name
        other.write_text("other", encoding="utf-8")
        with monkeypatch.context() as patched:
            patched.setattr(rendering, name, other)
            changed.add(version())
    for name in ("TEMPLATES", "FONTS", "ICON_FILES"):
        with monkeypatch.context() as patched:
            patched.setattr(rendering, name, tmp_path)
            changed.add(version())
    assert version() == before
    assert len(changed | {before}) == 6


@pytest.fixture
def collected_as_anywhere():
    """The collector of garbage at Python's own pace: the tests' is slower."""
    ours = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*ours)


@pytest.mark.usefixtures("collected_as_anywhere")
@pytest.mark.sweep
def test_from_the_hundredth_to_the_five_hundredth_paper_less_than_three_megabytes_are_added():
    with with_templates():
        page = html()
    for _ in range(100):
        pdf_of(page)
    before = resident()
    for _ in range(400):
        pdf_of(page)
    assert resident() - before < 3_000_000


def resident():
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
