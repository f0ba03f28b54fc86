"""Reads a PDF as people, screen readers and checkers do: text, pages, tags in reading order, fonts, faults."""

import re
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO

import page
import pikepdf
import pypdf

HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")


@dataclass
class Tag:
    """One element of the tag tree. `page`: the number of the page it begins on, from 1."""

    name: str
    page: int
    alt: str = ""
    key: str = ""
    headers: tuple[str, ...] = ()
    words: str = ""
    children: list["Tag"] = field(default_factory=list)

    @property
    def text(self):
        """What is read out, from here on down; a picture reads as its alternative text."""
        if self.name == "Figure":
            return self.alt
        return tidy(" ".join([self.words, *(child.text for child in self.children)]))

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, *names):
        """Every element of these names, in reading order."""
        return [tag for tag in self.walk() if tag.name in names]


class Pdf:
    """`Pdf(data)`: everything below is read from the bytes alone."""

    def __init__(self, data):
        self.data = data

    @cached_property
    def pages(self):
        """The text of each page, in the order in which it is drawn; white space is one space."""
        return [tidy(each.extract_text()) for each in pypdf.PdfReader(BytesIO(self.data)).pages]

    @cached_property
    def text(self):
        """The text of all pages."""
        return " ".join(self.pages)

    @cached_property
    def opened(self):
        return pikepdf.open(BytesIO(self.data))

    @property
    def title(self):
        return str(self.opened.docinfo.get("/Title", ""))

    @property
    def language(self):
        return str(self.opened.Root.get("/Lang", ""))

    @property
    def shows_title(self):
        """Whether a reader's window bears the title and not the name of the file."""
        return bool(self.opened.Root.ViewerPreferences.DisplayDocTitle)

    @cached_property
    def tags(self):
        """The root of the tag tree."""
        numbers = {each.objgen: number for number, each in enumerate(self.opened.pages, 1)}
        words = [marked_text(each) for each in self.opened.pages]
        return _tag(self.opened.Root.StructTreeRoot.K[0], 1, numbers, words)

    @property
    def headings(self):
        """The headings in reading order: (level, text)."""
        return [(int(tag.name[1]), tag.text) for tag in self.tags.all(*HEADINGS)]

    @property
    def heading_pages(self):
        """The page that each heading stands on: {text: number}."""
        return {tag.text: tag.page for tag in self.tags.all(*HEADINGS)}

    @property
    def alts(self):
        """The alternative text of every picture in reading order; empty where there is none."""
        return [tag.alt for tag in self.tags.all("Figure")]

    @property
    def tables(self):
        """Each table as rows of (TH or TD, text). A table over two pages is two, each with its repeated head."""
        rows = [list(table.all("TR")) for table in self.tags.all("Table")]
        return [[[(cell.name, cell.text) for cell in row.all("TH", "TD")] for row in table] for table in rows]

    @property
    def cells_without_header(self):
        """The text of table cells that name no header."""
        return [cell.text for cell in self.tags.all("TD") if not cell.headers]

    @property
    def reading(self):
        """Everything that is read out, in reading order, as one text."""
        return self.tags.text

    @property
    def links(self):
        """Every address that the file leads or refers to."""
        uris = [
            str(a.A.URI) for each in self.opened.pages for a in each.get("/Annots", []) if "/URI" in a.get("/A", {})
        ]
        return uris + [str(key) for key in ("/AA", "/OpenAction", "/JavaScript") if key in self.opened.Root]

    @cached_property
    def fonts(self):
        """The fonts by name, as pdffonts tells: {"SourceSans3-Regular": True where embedded}."""
        lines = _run("pdffonts", self.data).splitlines()[2:]
        names = [(line.split()[0].rstrip(",").partition("+"), line.split()[-5]) for line in lines]
        return {behind or whole: embedded == "yes" for (whole, _, behind), embedded in names}

    @cached_property
    def faults(self):
        """What page-validation finds against PDF/UA-1."""
        report = page.validate_pdf_bytes(self.data, profile="ua1")
        return [f"{fault.rule_id}: {fault.message}" for fault in report.failures]

    def page_of(self, words):
        """The number, from 1, of the only page with these words."""
        found = [number for number, text in enumerate(self.pages, 1) if words in text]
        assert len(found) == 1, f"{words!r} is on pages {found}"
        return found[0]

    def picture(self, number=1, resolution=150):
        """Return a page as a picture."""
        from PIL import Image

        command = ["-r", str(resolution), "-f", str(number), "-l", str(number)]
        drawn = subprocess.run(["pdftoppm", *command, "-"], input=self.data, capture_output=True, check=True).stdout
        return Image.open(BytesIO(drawn))


def tidy(text):
    return " ".join(text.split())


def marked_text(page):
    """Return the text of each marked piece of a page by its number (MCID)."""
    fonts = {name: _characters(font) for name, font in page.resources.get("/Font", {}).items()}
    said, stack, font = {}, [], None
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BMC" | "BDC":
                stack.append(operands[1].get("/MCID") if len(operands) > 1 else None)
            case "EMC":
                stack.pop()
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tj" | "TJ" if stack and stack[-1] is not None:
                said[int(stack[-1])] = said.get(int(stack[-1]), "") + _said(operands[0], font)
    return said


def _said(operand, font):
    pieces = operand if isinstance(operand, pikepdf.Array) else [operand]
    drawn = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    return "".join(font[code] for code in zip(drawn[::2], drawn[1::2], strict=True))


def _characters(font):
    """Return what each glyph of a font stands for."""
    cmap = font.ToUnicode.read_bytes().decode("ascii")
    return {
        tuple(bytes.fromhex(code)): bytes.fromhex(text).decode("utf-16-be")
        for part in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL)
        for code, text in re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", part)
    }


def _tag(element, number, numbers, words):
    number = numbers.get(element.Pg.objgen, number) if "/Pg" in element else number
    attributes = element.get("/A", {})
    tag = Tag(
        str(element.S)[1:],
        number,
        str(element.get("/Alt", "")),
        str(element.get("/ID", "")),
        tuple(str(header) for header in attributes.get("/Headers", [])),
    )
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            tag.words += words[number - 1].get(kid, "")
        elif "/S" in kid:
            tag.children.append(_tag(kid, number, numbers, words))
    return tag


def _run(program, data):
    return subprocess.run([program, "-"], input=data, capture_output=True, check=True).stdout.decode()
