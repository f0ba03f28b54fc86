"""Rows are named as an owner knows them."""

import pytest

from clinic.privacy.row_words import counted_in_words, row_in_words


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ("sending 3", "self-check no. 3"),
        ("legalhold 2", "legal hold no. 2"),
        ("consentsheet 7", "consent to sign no. 7"),
        ("", ""),
        ("another thing 1", "another thing 1"),
    ],
)
@pytest.mark.one_database
def test_a_row_is_named_in_words(about, words):
    assert row_in_words(about) == words


@pytest.mark.one_database
def test_a_tombstone_counts_what_an_owner_knows():
    counted = {"patient key": 22, "screening": 5, "sending": 1, "historical patient": 2, "visit": 0}
    assert counted_in_words(counted) == ["5 × screening", "1 × self-check"]
