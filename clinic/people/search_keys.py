"""How the search writes a patient down, so that one look-up forgives accents, order and one wrong letter.

A key is bytes, so that both databases sort and compare it alike whatever their language; its first letter says of what
kind it is. A word stands as it is and with each of its letters left out once: two words that differ in one letter, or
have two neighbours swapped, meet in one of these.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

NAME, NEAR, BORN, DAY, PHONE, MAIL = "n", "x", "b", "d", "p", "e"
LONGEST = 16
# What Unicode does not take apart into a letter and its mark.
LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
APOSTROPHES = "'’‘ʼ`´"
BETWEEN_WORDS = re.compile(r"[\W_]+")
BETWEEN_NUMBERS = re.compile(r"[^\d+()\s.\-]+|(?=\+)")
COUNTRY_CODES = (0, 1, 2, 3)


def key(kind: str, text: str) -> bytes:
    """Return the key of a kind for a text that is folded already."""
    return (kind + text).encode()


def folded(text: str) -> str:
    """Return a text without accents and capitals: Müller is muller, Straße strasse."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(LETTERS))
    return "".join(each for each in parts if not unicodedata.combining(each))


def spellings(word: str) -> tuple[str, ...]:
    """Return the ways to write one word with plain letters, one or two: müller as muller and mueller."""
    small = unicodedata.normalize("NFC", word).casefold()
    return tuple(dict.fromkeys(folded(each)[:LONGEST] for each in (small, small.translate(WRITTEN_OUT))))


def split_words(text: str) -> list[str]:
    """Return the words of a text, as they were typed; an apostrophe is left out, a hyphen divides."""
    for mark in APOSTROPHES:
        text = text.replace(mark, "")
    return [word for word in BETWEEN_WORDS.split(unicodedata.normalize("NFC", text)) if word]


def name_words(*names: str) -> set[str]:
    """Return every word that one of these names is found by, folded: also two neighbours typed as one."""
    found: set[str] = set()
    for name in names:
        own = split_words(name)
        found.update(*map(spellings, [*own, *(first + second for first, second in pairwise(own))]))
        found.update(folded(part)[:LONGEST] for part in BETWEEN_WORDS.split(name) if len(part) > 1)
    return found


def one_left_out(word: str) -> set[str]:
    """Return the word with each of its letters left out once."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


def phone_digits(text: str) -> Iterator[tuple[str, bool]]:
    """Give each number in a text: its digits without what stands before them abroad or at home, and whether abroad."""
    for number in BETWEEN_NUMBERS.split(text.replace("(0)", "")):
        digits = "".join(re.findall(r"\d", number))
        is_abroad = number.strip().startswith("+") or digits.startswith("00")
        if digits := digits.lstrip("0"):
            yield digits, is_abroad


def without_country(digits: str, *, is_abroad: bool) -> list[str]:
    """Return the ways the same number may be written: from abroad, and without the one to three digits of a country."""
    return [digits[count:] for count in COUNTRY_CODES] if is_abroad else [digits]


def keys_of(*, name: str, goes_by: str, born: date, phone: str, email: str) -> set[bytes]:
    """Return every key by which a search finds this patient."""
    words = name_words(name, goes_by)
    single = {each for word in split_words(f"{name} {goes_by}") for each in spellings(word)}
    near = words | {short for word in single if len(word) > 2 for short in one_left_out(word)}
    keys = {key(NAME, word) for word in words} | {key(NEAR, word) for word in near}
    keys |= {key(BORN, born.isoformat()), key(DAY, f"{born:%m-%d}")}
    return keys | contact_keys(phone=phone, email=email)


def contact_keys(*, phone: str, email: str) -> set[bytes]:
    """Return the keys of a phone number and an e-mail; either may be empty."""
    keys = {
        key(PHONE, each[:LONGEST])
        for digits, is_abroad in phone_digits(phone)
        for each in without_country(digits, is_abroad=is_abroad)
        if len(each) > 4
    }
    return keys | {key(MAIL, folded(email)[:60])} if email else keys
