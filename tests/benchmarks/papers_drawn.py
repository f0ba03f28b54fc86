"""`python -m tests.benchmarks.papers_drawn WORK`: draws one summary again and again, and says as JSON what it took.

WORK is "times", "many" or "threads". It runs on the database that the environment names, which has the rules.
"""

import gc
import json
import logging
import os
import resource
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from io import BytesIO
from itertools import count
from time import perf_counter
from typing import Any

from tests.benchmarks.site import HOST
from tests.benchmarks.timing import Work, rounds

ROUNDS, BEFORE = 15, 3
THREADS, OF_EACH = 4, 8
FIRST, LAST = 100, 500
MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10
# Somebody about whom so much speaks that the summary fills two pages.
ANSWERS, PAGES = {"hernia": "yes", "heart_disease": "yes"}, 2
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
# What a page of Chromium's is asked for: the same size, the margins of the sheet, and tags.
PRINTED = {"prefer_css_page_size": True, "print_background": True, "tagged": True}
BLOCKS = ("h1", "h2", "h3", "p", "li", "dt", "dd", "th", "td", "caption")


class Summary:
    """A decision that is stored, its summary, and the page that is drawn for it."""

    def __init__(self) -> None:
        from django.test import RequestFactory

        from tests.clinic.consultations.decided import Consultation

        self.consultation = Consultation(answers=ANSWERS)
        self.decision = self.consultation.decide(kind="decline")
        self.request: Any = RequestFactory(SERVER_NAME=HOST).post("/")
        self.request.user = self.consultation.by
        self.paper = self.from_rows()
        self.mark = self.a_mark()

    def from_rows(self) -> Any:
        """Return the summary as it is made for being issued, everything read anew."""
        from clinic.consultations.models import Decision
        from clinic.documents.summary import summary_of
        from clinic.documents.summary_views import OF_DECISION, SETTLED

        rows = Decision.objects.select_related(*OF_DECISION).prefetch_related(*SETTLED)
        return summary_of(rows.get(pk=self.decision.pk))

    def a_mark(self) -> Any:
        from django.utils import timezone

        from clinic.documents.issuing import mark_of
        from clinic.documents.models import Document

        row = Document(clinic=self.paper.clinic, number=123, check_code="0123456789ABCDEF", at=timezone.now())
        row.by = self.consultation.by
        return mark_of(row, self.request)

    def another(self, number: int, paper: Any = None) -> Any:
        """Return a summary that differs from the others, as its letterhead names another telephone."""
        paper = paper or self.paper
        return replace(paper, letterhead=replace(paper.letterhead, phone=f"01632 960 {number:03}"))

    def issues(self) -> Work:
        """Return what issues a summary: never the one before, which would be given again."""
        from clinic.documents.issuing import issue

        numbers = count(1)

        def work() -> None:
            paper = self.another(next(numbers), self.from_rows())
            issue(paper, membership=self.consultation.membership, request=self.request)

        return work


def times() -> dict[str, Any]:
    """Draw the same summary in every way, in turns."""
    from weasyprint import HTML, __version__

    from clinic.documents.rendering import html_of, pdf_of, render, style

    # Called plainly it would spend time on telling its steps.
    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    summary = Summary()
    html = html_of(summary.paper, summary.mark)
    styled = html.replace("</head>", f"<style>{style()}</style></head>", 1)
    with chromium(styled) as (browser, works_of_browser):
        works: dict[str, Work] = {
            "rendering": lambda: render(summary.paper, summary.mark),
            "drawing": lambda: pdf_of(html),
            "plain": lambda: HTML(string=styled).write_pdf(pdf_variant="pdf/ua-1"),
            **works_of_browser,
            "reportlab": by_reportlab(html),
            "issuing": summary.issues(),
        }
        pages = {name: pages_of(work()) for name, work in works.items() if name != "issuing"}
        assert pages["rendering"] == pages["plain"] == PAGES, pages
        rounds(works, BEFORE)
        seconds = rounds(works, ROUNDS)
    told = {name: f"{number} pages" for name, number in pages.items()}
    told["plain"] += ", the style sheet inside"
    told["reportlab"] += ", its words as paragraphs: no map, no tags"
    told["drawing"] = "from the finished HTML"
    told["issuing"] = "from stored rows to the stored document: hashes, ledger row, values, bytes, trail"
    about = f"Papers: WeasyPrint {__version__}, Chromium {browser.version}, both with the papers' own fonts alone."
    return {"seconds": seconds, "notes": told, "about": about}


def many() -> dict[str, float]:
    """Draw hundreds of summaries, each a little different, and give in MB by how much the process grew."""
    from clinic.documents.rendering import render

    summary = Summary()
    used = {}
    for number in range(1, LAST + 1):
        render(summary.another(number), summary.mark)
        if number in (FIRST, LAST):
            gc.collect()
            used[number] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    return {"grown": used[LAST] - used[FIRST], "at_500": used[LAST]}


def threads() -> dict[str, float]:
    """Draw different summaries in several threads at once, and compare each with the same drawn alone."""
    from clinic.documents.rendering import render

    summary = Summary()
    papers = [summary.another(number) for number in range(THREADS * OF_EACH)]
    alone = [render(paper, summary.mark) for paper in papers]
    assert len(set(alone)) == len(papers)
    start = perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        together = list(pool.map(lambda paper: render(paper, summary.mark), papers))
    taken = perf_counter() - start
    wrong = sum(one != other for one, other in zip(alone, together, strict=True))
    return {"wrong": wrong, "drawn": len(papers), "a_second": len(papers) / taken}


@contextmanager
def chromium(html: str) -> Iterator[tuple[Any, Mapping[str, Work]]]:
    """Give a browser, and what prints a page with it: in a new context each time, and in one that stays."""
    from playwright.sync_api import sync_playwright

    program = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    assert program, "No Chromium was found: set CHROMIUM, or run make test, which installs it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        stays = browser.new_page()

        def printed(page: Any) -> bytes:
            page.set_content(html)
            pdf: bytes = page.pdf(**PRINTED)
            return pdf

        def in_a_new_context() -> bytes:
            context = browser.new_context()
            try:
                return printed(context.new_page())
            finally:
                context.close()

        yield browser, {"context": in_a_new_context, "page": lambda: printed(stays)}
        browser.close()


def by_reportlab(html: str) -> Work:
    """Return what prints the words of a page as paragraphs, headings larger, in the papers' font."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    from clinic.documents.glyphs import FONTS

    registerFont(TTFont("Source Sans 3", FONTS / "SourceSans3-Regular.ttf"))
    styles = {
        name: ParagraphStyle(name, fontName="Source Sans 3", fontSize=size, leading=size * 1.4, spaceAfter=4)
        for name, size in {**dict.fromkeys(BLOCKS, 10), "h1": 21, "h2": 13, "h3": 10.5}.items()
    }
    blocks = Blocks(html).blocks

    def work() -> bytes:
        made = BytesIO()
        SimpleDocTemplate(made).build([Paragraph(escape(words), styles[name]) for name, words in blocks])
        return made.getvalue()

    return work


class Blocks(HTMLParser):
    """The words of a page, by the element that they stand in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[tuple[str, str]] = []
        self.name = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - the signature is the parser's
        if tag in BLOCKS:
            self.name = tag
            self.blocks.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == self.name:
            self.name = ""

    def handle_data(self, data: str) -> None:
        if self.name:
            name, words = self.blocks[-1]
            self.blocks[-1] = (name, f"{words} {data.strip()}".strip())


def pages_of(pdf: Any) -> int:
    from pypdf import PdfReader

    return len(PdfReader(BytesIO(pdf)).pages)


WORKS: dict[str, Callable[[], Any]] = {"times": times, "many": many, "threads": threads}

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.settings"
    import django

    django.setup()
    print(json.dumps(WORKS[sys.argv[1]]()))
