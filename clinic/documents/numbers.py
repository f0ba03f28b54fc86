"""The number and the check code of a document, as people read them."""

import secrets

CHECK_BITS = 80
# Crockford's base 32: no I, L, O or U, which are easily misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110", " -–\t")


def new_check_code() -> str:
    """Return 80 random bits as 16 characters."""
    value = secrets.randbits(CHECK_BITS)
    return "".join(ALPHABET[value >> shift & 31] for shift in range(CHECK_BITS - 5, -1, -5))


def in_groups(check_code: str) -> str:
    """Return a check code in groups of four: 0123-4567-89AB-CDEF."""
    return "-".join(check_code[start : start + 4] for start in range(0, len(check_code), 4))


def number_in_words(number: int) -> str:
    """Return a document's number as it is printed: 000123."""
    return f"{number:06d}"


def read_check_code(typed: str) -> str:
    """Return a typed check code as it is stored, with what is easily misread put right; any text may come in."""
    return typed.upper().translate(_MISREAD)
