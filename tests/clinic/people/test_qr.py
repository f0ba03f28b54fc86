"""The code that a patient's camera reads."""

import segno

from clinic.people.qr import BORDER, qr_code

ADDRESS = "https://clinic.example/c/park-street/link/" + "A" * 43 + "/"


def drawn(code):
    """The dark squares that the path covers."""
    dark = set()
    for run in code.path.split("M")[1:]:
        place, _, rest = run.partition("h")
        x, y = map(int, place.split())
        length = int(rest.partition("v")[0])
        assert rest == f"{length}v1h-{length}z"
        dark |= {(x + step, y) for step in range(length)}
    return dark


def test_every_dark_square_is_drawn_and_no_other():
    code, matrix = qr_code(ADDRESS), segno.make(ADDRESS, error="m", micro=False).matrix
    assert drawn(code) == {
        (x + BORDER, y + BORDER) for y, row in enumerate(matrix) for x, square in enumerate(row) if square
    }


def test_a_quiet_zone_is_left_on_every_side():
    code = qr_code(ADDRESS)
    squares = drawn(code)
    for axis in (0, 1):
        places = {square[axis] for square in squares}
        assert (min(places), max(places)) == (BORDER, code.size - BORDER - 1)
