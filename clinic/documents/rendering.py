"""HTML to PDF. The one module that imports WeasyPrint, and only where it draws."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from clinic.documents.outcome_icons import icon_rules
from clinic.documents.paper import Mark, Paper, Unstored

SHEET = settings.BASE_DIR / "static" / "css" / "documents.css"
FONTS = settings.BASE_DIR / "static" / "fonts" / "print"
TEMPLATES = settings.BASE_DIR / "templates" / "documents"
# Pango and its fonts belong to the process; two drawings at once would share them.
_ONE_AT_A_TIME = Lock()


class RenderingFailed(Exception):
    """A document could not be drawn whole. It names what went wrong; nothing of it may be used."""


def render(paper: Paper | Unstored, mark: Mark | None = None) -> bytes:
    """Return a document as PDF/UA-1; the same paper and mark give the same bytes. Raises RenderingFailed."""
    context = {"paper": paper, "page": paper.page, "mark": mark}
    return _pdf(render_to_string(f"documents/{paper.template}", context))


@lru_cache(maxsize=1)
def stationery() -> str:
    """Return the version of everything that shapes a document: templates, sheet, fonts."""
    digest = hashlib.sha256()
    for file in sorted([*TEMPLATES.rglob("*.html"), SHEET, *FONTS.glob("*.ttf")]):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _pdf(html: str) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415 - slow to import, and not needed by other pages

    with _ONE_AT_A_TIME, _nothing_logged():
        fonts, sheet, fetch = _tools()
        document = HTML(string=html, url_fetcher=fetch)
        pdf: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
    return pdf


@lru_cache(maxsize=1)
def _tools() -> tuple[Any, Any, Any]:
    """Return fonts, sheet and fetcher, made once: each new one would leak a little."""
    from weasyprint import CSS  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    fonts = FontConfiguration()
    own = URLFetcher(allowed_protocols=["file"], fail_on_errors=True)
    css = SHEET.read_text(encoding="utf-8") + icon_rules()
    sheet = CSS(string=css, base_url=SHEET.as_uri(), font_config=fonts, url_fetcher=own)
    return fonts, sheet, URLFetcher(allowed_protocols=["data"], fail_on_errors=True)


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def _nothing_logged() -> Iterator[None]:
    """Raise RenderingFailed where the drawing raises, or logs that something is missing."""
    logger, heard = logging.getLogger("weasyprint"), _Lines()
    logger.addHandler(heard)
    try:
        yield
    except Exception as fault:
        raise RenderingFailed(type(fault).__name__) from fault
    finally:
        logger.removeHandler(heard)
    if heard.lines:
        raise RenderingFailed(heard.lines[0])
