"""What somebody typed into the search, read: words of a name, a date, a phone number, an e-mail."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from clinic.people import search_keys as written
from clinic.people.search_keys import key

FIRST_YEAR = 1900
MOST_PARTS = 8
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH = "(" + "|".join(f"{month[:3]}(?:{month[3:]})?" if month[3:] else month for month in MONTHS) + r")\.?"
NUMBERS = re.compile(r"(?<![\d+(])(\d{4}|\d{1,2})[\s./-]+(\d{1,2})(?:[\s./-]+(\d{1,4})?)?(?![\s./()-]*\d)")
DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s.-]*{MONTH}[\s.,-]*(\d{{1,4}})?\b", re.IGNORECASE)
MONTH_FIRST = re.compile(rf"\b{MONTH}\s*(\d{{1,2}})(?:st|nd|rd|th)?(?:[\s,]+(\d{{1,4}}))?\b", re.IGNORECASE)
TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4})")
MAIL = re.compile(r"\S+@\S*")
DIGITS = re.compile(r"[+(]*\d[\d\s()./+-]*")

Range = tuple[bytes, bytes]
Reader = Callable[[re.Match[str], date], Iterator[Range]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that was typed. `exact`: where its keys lie; `near`: with one wrong letter too; `words`: of a name."""

    exact: tuple[Range, ...]
    near: tuple[Range, ...]
    words: tuple[str, ...] = ()


def beginning(start: bytes) -> Range:
    """Return where the keys lie that begin so: from the first, up to but without the second."""
    return start, start + b"\xff"


def whole(only: bytes) -> Range:
    """Return where this one key lies."""
    return only, only + b"\0"


def read_typed(typed: str, today: date) -> list[Wanted]:
    """Return what is searched for, all of it to be met; `today` decides which years two digits may mean."""
    wanted: list[Wanted] = []
    for reads, meant in READERS:
        typed = _take_out(typed, reads, meant, today, wanted)
    words = [word for word in written.split_words(typed) if not word.isdecimal()]
    return [*wanted, *map(name_wanted, dict.fromkeys(words))][:MOST_PARTS]


def _take_out(typed: str, reads: re.Pattern[str], meant: Reader, today: date, wanted: list[Wanted]) -> str:
    """Add what `reads` finds to what is wanted, and return the text without it; what means nothing stays."""

    def without(match: re.Match[str]) -> str:
        ranges = tuple(meant(match, today))
        if ranges:
            wanted.append(Wanted(ranges, ranges))
        return " " if ranges else match[0]

    return reads.sub(without, typed)


def name_wanted(word: str) -> Wanted:
    """Return how a word of a name is searched for: as a beginning, and with one wrong, missing or extra letter."""
    spelt = written.spellings(word)
    exact = tuple(beginning(key(written.NAME, each)) for each in spelt)
    near = [beginning(key(written.NEAR, each)) for each in spelt if len(each) > 2]
    for each in spelt:
        if len(each) > 2:
            # A beginning of two letters would be everybody's: of those, whole words only.
            lies = beginning if len(each) > 3 else whole
            near += [lies(key(written.NEAR, short)) for short in sorted(written.one_left_out(each))]
    return Wanted(exact, tuple(dict.fromkeys(near)) or exact, spelt)


def _mail(match: re.Match[str], today: date) -> Iterator[Range]:  # noqa: ARG001 - as every reader
    yield beginning(key(written.MAIL, written.folded(match[0])[:60]))


def _numbers(match: re.Match[str], today: date) -> Iterator[Range]:
    first, second, third = match.groups()
    if len(first) == 4:
        if third is None:
            yield beginning(key(written.BORN, f"{first}-{int(second):02}"))
        else:
            yield from _born(third, second, first, today)
    else:
        by_day_first = list(_born(first, second, third or "", today))
        yield from by_day_first or _born(second, first, third or "", today)


def _day_first(match: re.Match[str], today: date) -> Iterator[Range]:
    yield from _born(match[1], _month(match[2]), match[3] or "", today)


def _month_first(match: re.Match[str], today: date) -> Iterator[Range]:
    yield from _born(match[2], _month(match[1]), match[3] or "", today)


def _digits(match: re.Match[str], today: date) -> Iterator[Range]:
    text = match[0].strip()
    if len(text) == 4 and FIRST_YEAR <= int(text if text.isdecimal() else 0) <= today.year:
        yield beginning(key(written.BORN, text))
    if parts := TOGETHER.fullmatch(text):
        yield from _born(parts[1], parts[2], parts[3], today)
    for digits, is_abroad in written.phone_digits(text):
        if len(digits) > 1 and len(re.findall(r"\d", text)) > 2:
            ways = written.without_country(digits, is_abroad=is_abroad)
            yield from (beginning(key(written.PHONE, way[: written.LONGEST])) for way in ways if len(way) > 1)


def _month(name: str) -> str:
    return str(1 + [month[:3] for month in MONTHS].index(name[:3].lower()))


def _born(day: str, month: str, year: str, today: date) -> Iterator[Range]:
    """Give the days that are meant; with a year still being typed, that day of every year. None: there is no such."""
    try:
        date(2000, int(month), int(day))
    except ValueError:
        return
    for full in _years(year, today):
        try:
            born = date(full, int(month), int(day))
        except ValueError:
            continue
        yield whole(key(written.BORN, born.isoformat()))
    if len(year) not in {2, 4} or year in {"19", "20"}:
        yield whole(key(written.DAY, f"{int(month):02}-{int(day):02}"))


def _years(year: str, today: date) -> Iterator[int]:
    if len(year) == 4:
        yield int(year)
    elif len(year) == 2:
        yield from (each for each in (1900 + int(year), 2000 + int(year)) if each <= today.year)


READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (MAIL, _mail),
    (DAY_FIRST, _day_first),
    (MONTH_FIRST, _month_first),
    (NUMBERS, _numbers),
    (DIGITS, _digits),
)
