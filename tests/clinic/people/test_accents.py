"""Every colour a clinic can choose, measured as WCAG does, in light and dark."""

import re

import pytest
from django.conf import settings

from clinic.models import Clinic

CSS = settings.BASE_DIR / "static" / "css"
TEXT = 4.5
GROUNDS = ("ground", "surface", "band", "accent-tint")


def schemes(name):
    """Give a style sheet's light part and its dark part."""
    light, _, dark = (CSS / name).read_text(encoding="utf-8").partition("@media (prefers-color-scheme: dark)")
    return {"light": light, "dark": dark}


def tokens(block):
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", block))


def theme(scheme):
    return tokens(schemes("theme.css")[scheme].split("}")[0])


def accents(scheme):
    blocks = re.findall(r'\[data-accent="(\w+)"\] \{(.*?)\}', schemes("accents.css")[scheme], re.DOTALL)
    return {name: tokens(block) for name, block in blocks}


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_knows_black_on_white():
    assert contrast("#000", "#ffffff") == 21


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_accent_a_clinic_can_choose_is_there_with_all_its_colours(scheme):
    found = accents(scheme)
    assert set(found) == set(Clinic.Accent.values)
    assert len(found) == 8
    for colours in found.values():
        assert set(colours) == {"accent", "accent-strong", "on-accent", "accent-tint"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("accent", Clinic.Accent.values)
def test_an_accent_can_be_read_wherever_it_is_text_and_under_its_own_text(scheme, accent):
    colours = theme(scheme) | accents(scheme)[accent]
    for ground in GROUNDS:
        for text in ("accent", "accent-strong"):
            assert contrast(colours[text], colours[ground]) >= TEXT, (text, ground)
        assert contrast(colours["ink"], colours[ground]) >= TEXT, ground
    for ground in ("accent", "accent-strong"):
        assert contrast(colours["on-accent"], colours[ground]) >= TEXT, ground


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_petrol_is_the_look_without_a_clinic(scheme):
    assert accents(scheme)["petrol"].items() <= theme(scheme).items()
