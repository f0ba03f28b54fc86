import pytest
import time_machine

from clinic.self_check import sealing

ANSWERS = {"answers": {"pregnant": "yes", "anything-else-details": "Zebrawort"}}


def test_what_was_sealed_comes_back_whole():
    assert sealing.unseal(sealing.seal(ANSWERS, "a check"), "a check", 60) == ANSWERS


def test_a_sealed_text_shows_nothing_of_what_it_holds():
    sealed = sealing.seal(ANSWERS, "a check")
    assert sealed.isascii()
    assert not [word for word in ("pregnant", "Zebrawort", "details") if word in sealed]


@pytest.mark.parametrize(
    "altered",
    [
        lambda text: text[:-5] + "AAAA=",
        lambda text: text[1:],
        lambda text: text[:0],
        lambda text: text.replace(text[40:50], "é"),
    ],
)
def test_an_altered_text_does_not_open(altered):
    assert sealing.unseal(altered(sealing.seal(ANSWERS, "a check")), "a check", 60) is None


def test_what_was_sealed_for_one_thing_does_not_open_another():
    assert sealing.unseal(sealing.seal(ANSWERS, "a check"), "another check", 60) is None


def test_it_opens_for_as_long_as_was_said_and_no_longer():
    with time_machine.travel("2026-11-21T10:00:00Z", tick=False) as clock:
        sealed = sealing.seal(ANSWERS, "a check")
        clock.shift(3600)
        assert sealing.unseal(sealed, "a check", 3600) == ANSWERS
        clock.shift(1)
        assert sealing.unseal(sealed, "a check", 3600) is None


def test_an_older_key_still_opens_what_it_sealed(settings):
    sealed = sealing.seal(ANSWERS, "a check")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 6
    assert sealing.unseal(sealed, "a check", 60) == ANSWERS
    settings.SECRET_KEY_FALLBACKS = []
    assert sealing.unseal(sealed, "a check", 60) is None
