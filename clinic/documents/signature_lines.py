"""Signatures on paper, and lines to sign on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature. `party`: who, such as "Patient". `name`: as typed or as told; empty on a line to sign on.

    `how`: "Drawn" or "Typed", empty on a line to sign on. `at`: when, in words. `path`: a drawn one as the path of an
    SVG in a box 600 wide and 200 high.
    """

    party: str
    name: str = ""
    how: str = ""
    at: str = ""
    path: str = ""
