"""What stands in the margin of every page is no content: a screen reader would read it aloud once a page."""

from typing import Any

FOOT = "<</Type /Pagination /Subtype /Footer>>"


def mark_margins(_document: Any, pdf: Any) -> None:
    """Mark as an artifact what WeasyPrint has drawn in the margins, and tagged, but put nowhere into the tag tree.

    A finisher for `write_pdf`: `pdf` is its pydyf.PDF before it is written.
    """
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    read_out = _read_out(pdf, root)
    numbers = _object(pdf, root["ParentTree"])["Nums"]
    for position, reference in enumerate(pdf.page_references):
        owners = numbers[2 * position + 1]
        content = _object(pdf, _object(pdf, reference)["Contents"]).stream
        for at, piece in enumerate(content):
            mcid = piece.get("MCID") if isinstance(piece, dict) else None
            if mcid is not None and (reference, mcid) not in read_out:
                content[at - 1 : at + 1] = "/Artifact", FOOT
                owners[mcid] = "null"


def _read_out(pdf: Any, root: Any) -> set[tuple[bytes, int]]:
    """Return page and number of each marked piece of content that the tag tree leads to."""
    found, waiting = set(), list(root["K"])
    while waiting:
        element = _object(pdf, waiting.pop())
        for kid in element.get("K", ()):
            if isinstance(kid, int):
                found.add((element["Pg"], kid))
            else:
                waiting.append(kid)
    return found


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
