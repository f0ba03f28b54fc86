"""HTML to PDF. The one module that imports WeasyPrint, and only where it draws."""

import hashlib
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from PIL import ImageFile

from clinic.documents.decoration import ICON_FILES, decoration
from clinic.documents.glyphs import FONTS, have_all_faces, printable
from clinic.documents.letters_read import name_glyphs
from clinic.documents.margins import mark_margins
from clinic.documents.paper import Mark, Paper, Unstored
from screening.body_map import DATA

SHEET = settings.BASE_DIR / "static" / "css" / "documents.css"
TEMPLATES = settings.BASE_DIR / "templates" / "documents"
# Everything that draws writes to these: a missing picture, font or style is a line there and no exception.
_LOGGERS = ("weasyprint", "fontTools")
# A space that ends a block is no text. Where a line is full but for that space, WeasyPrint breaks after its first word.
_SPACE_AT_END = re.compile(r"(?<!\s)\s+(?=<br|</(?:p|li|d[dt]|t[hd]|h[1-6]|div|caption)>)")
# Nor is a space beside a block or at either end of what holds blocks: each would be parsed, boxed and thrown away. What
# the sheet may set side by side, such as two parts of a div, keeps the space between them.
_BLOCKS = "article|caption|d[dt]|h[1-6]|main|p|table|tbody|t[dhr]|thead"
_HOLDERS = "article|body|div|dl|head|html|main|ol|section|table|tbody|thead|tr|ul"
_SPACE_BETWEEN = re.compile(
    rf"(?<=>)\s+(?=</(?:{_HOLDERS}|svg)>|<(?:{_BLOCKS}|path)[ >])"
    rf"|(<(?:{_HOLDERS})(?: [^<>]*)?>|</(?:{_BLOCKS}|title)>)\s+(?=<)"
)
# Pango and its fonts belong to the process; two drawings at once would share them.
_ONE_AT_A_TIME = Lock()


class RenderingFailed(Exception):
    """A document could not be drawn whole. It names what went wrong, without what stands in the document."""


def render(paper: Paper | Unstored, mark: Mark | None = None) -> bytes:
    """Return a document as PDF/UA-1; the same paper and mark give the same bytes. Raises RenderingFailed."""
    return pdf_of(html_of(paper, mark))


def html_of(paper: Paper | Unstored, mark: Mark | None = None) -> str:
    """Return the page that is drawn."""
    context = {"paper": paper, "page": paper.page, "mark": mark}
    return render_to_string(f"documents/{paper.template}", context)


def pdf_of(html: str) -> bytes:
    """Return a page as PDF/UA-1. Raises RenderingFailed where anything was missing.

    A character that the fonts lack, or that nobody could see, is drawn as its code.
    """
    with _ONE_AT_A_TIME, _nothing_missing():
        have_all_faces()
        return _tools().draw(printable(_SPACE_BETWEEN.sub(r"\1", _SPACE_AT_END.sub("", html))))


@lru_cache(maxsize=1)
def stationery() -> str:
    """Return the version of everything that shapes a document: templates, sheet, fonts, icons, the figure."""
    files = [*TEMPLATES.rglob("*.html"), SHEET, *FONTS.iterdir(), *ICON_FILES.glob("*.svg"), DATA]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def style() -> str:
    """Return the whole style sheet."""
    return SHEET.read_text(encoding="utf-8") + decoration()


@contextmanager
def own_fonts() -> Iterator[None]:
    """Whoever asks for fonts in here finds those of the papers and none of the machine's."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@lru_cache(maxsize=1)
def _tools() -> "_Tools":
    return _Tools()


class _Tools:
    """Fonts, sheet and fetcher, made once: each new one would leak a little. Only data addresses are fetched."""

    def __init__(self) -> None:
        with own_fonts():
            import weasyprint  # noqa: PLC0415 - slow to import, and not needed by other pages
            from weasyprint.text.fonts import FontConfiguration, get_hb_object_data  # noqa: PLC0415
            from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

            # WeasyPrint lets Pillow take half a picture for a whole one, everywhere: no upload would be refused for it.
            ImageFile.LOAD_TRUNCATED_IMAGES = False

            self.html = weasyprint.HTML
            self.fonts = FontConfiguration()
            self.not_fetched = FatalURLFetchingError
            self.data_of = get_hb_object_data
        self.fetch = weasyprint.URLFetcher(allowed_protocols=["data"], fail_on_errors=True)
        self.sheet = weasyprint.CSS(string=style(), font_config=self.fonts, url_fetcher=self.fetch)

    def draw(self, html: str) -> bytes:
        try:
            page = self.html(string=html, url_fetcher=self.fetch)
            pdf: bytes = page.write_pdf(
                stylesheets=[self.sheet], font_config=self.fonts, pdf_variant="pdf/ua-1", finisher=self.finish
            )
        except self.not_fetched as fault:  # it is no Exception, and nobody further up would catch it
            raise RenderingFailed("An address that is not to be fetched.") from fault
        return pdf

    def finish(self, document: Any, pdf: Any) -> None:
        """Put right, before it is written, what WeasyPrint says of margins and of accents."""
        mark_margins(document, pdf)
        name_glyphs(document, pdf, lambda font: self.data_of(font.hb_face))


class _Lines(logging.Handler):
    """Keeps what was said, without the values in it: they may be a patient's."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(str(record.msg))


@contextmanager
def _nothing_missing() -> Iterator[None]:
    """Raise RenderingFailed where the drawing raises, or says that something is missing. Nothing else hears of it."""
    heard = _Lines()
    if logging.root.manager.disable >= logging.WARNING:
        raise RenderingFailed("Logging is turned off, so that nobody would hear what is missing.")
    with _heard_by(heard):
        try:
            yield
        except RenderingFailed:
            raise
        except Exception as fault:
            raise RenderingFailed(type(fault).__name__) from fault
    if heard.lines:
        raise RenderingFailed(heard.lines[0])


@contextmanager
def _heard_by(handler: logging.Handler) -> Iterator[None]:
    """Let a handler, and no other, hear every warning of those who draw, however the logging is set up."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger.level, logger.disabled, logger.propagate, logger.handlers) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
        logger.disabled, logger.propagate, logger.handlers = False, False, [handler]
    try:
        yield
    finally:
        for logger, (level, disabled, propagate, handlers) in zip(loggers, before, strict=True):
            logger.setLevel(level)
            logger.disabled, logger.propagate, logger.handlers = disabled, propagate, handlers
