"""The map shows every place, on its own side, and a tap on it is a tap on its box in the list."""

import json
import re
import subprocess
import sys

import pytest
from django.template.loader import render_to_string

from screening.body_map import DATA, MARK, STATES, drawn_codes, lighting, pictured, views
from tests.screening.rule_set_one import rule_set
from tests.support.processes import ROOT

DRAWING = json.loads(DATA.read_text())
STYLE = (ROOT / "static" / "css" / "body-map.css").read_text()
SITES = rule_set().sites


def corners(path):
    """The end points of every curve of a path of M, c, s and z."""
    points, x, y = [], 0, 0
    for command, numbers in re.findall(r"([Mcs])([^Mcsz]*)", path):
        values = [int(number) for number in re.findall(r"-?\d+", numbers)]
        step = {"M": 2, "s": 4, "c": 6}[command]
        assert len(values) % step == 0
        for start in range(0, len(values), step):
            dx, dy = values[start + step - 2 : start + step]
            x, y = (dx, dy) if command == "M" else (x + dx, y + dy)
            points.append((x, y))
    return points


def size(view):
    return [int(number) for number in DRAWING[view]["viewBox"].split()[2:]]


def codes(found):
    return {view.code: {region.code for region in view.regions} for view in found}


def tag_names(page):
    return re.findall(r"<(\w+)", page)


def test_the_drawing_has_every_place_of_the_rule_set_and_no_other():
    assert drawn_codes() == set(SITES)


@pytest.mark.hazard("H-10")
@pytest.mark.parametrize("view", DRAWING)
def test_left_is_the_persons_own_left(view):
    middle = size(view)[0] / 2
    for code, region in DRAWING[view]["regions"].items():
        on_the_right = {x > middle for path in region["d"] for x, _ in corners(path)}
        if SITES[code].side != "midline":
            assert on_the_right == {(SITES[code].side == "left") != (view == "back")}, code


@pytest.mark.parametrize("view", DRAWING)
def test_every_region_lies_inside_its_view(view):
    width, height = size(view)
    for code, region in DRAWING[view]["regions"].items():
        assert all(0 <= x <= width and 0 <= y <= height for path in region["d"] for x, y in corners(path)), code


@pytest.mark.hazard("H-10")
@pytest.mark.parametrize("view", DRAWING)
def test_left_and_right_are_drawn_in_pairs(view):
    regions = DRAWING[view]["regions"]
    assert {code.replace("-left", "-right") for code in regions if code.endswith("-left")} == {
        code for code in regions if code.endswith("-right")
    }


def test_the_style_sheet_lights_up_every_place():
    assert STYLE[STYLE.index(MARK) :] == lighting(SITES)


def test_the_made_part_of_the_style_sheet_can_be_printed():
    command = [sys.executable, "-m", "screening.body_map"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert made.stdout == lighting(SITES)


def test_only_views_that_are_needed_are_shown():
    assert codes(views(rule_set(), ["cheek-left"])) == {"face": {"cheek-left"}}
    assert codes(views(rule_set(), ["shoulder-left"])) == {"front": {"shoulder-left"}}
    assert codes(views(rule_set(), ["upper-back", "shoulder-left"])) == {
        "front": {"shoulder-left"},
        "back": {"upper-back", "shoulder-left"},
    }
    assert views(rule_set(), []) == []


def test_a_place_that_the_drawing_lacks_is_left_to_the_list():
    assert codes(views(rule_set(), ["little-toe", "chin"])) == {"face": {"chin"}}


def test_a_barred_place_cannot_be_tapped_and_says_why():
    (view,) = views(rule_set(), ["chin", "mouth"], {"chin": "there is a wound"})
    page = render_to_string("body_map/map.html", {"views": [view]})
    assert [region.code for region in view.regions] == ["mouth"]
    assert re.findall(r'for="([^"]+)"', page) == ["id_sites-mouth"]
    assert "<title>chin: there is a wound</title>" in page


def test_a_tap_reaches_the_box_of_the_list():
    page = render_to_string("body_map/map.html", {"views": views(rule_set(), SITES, name="wound")})
    targets = set(re.findall(r'<label class="region region-([\w-]+)" for="id_wound-([\w-]+)">', page))
    assert targets == {(code, code) for code in SITES}


def test_the_map_is_hidden_from_screen_readers_and_has_no_tab_stop():
    page = render_to_string("body_map/map.html", {"views": views(rule_set(), SITES)})
    assert page.strip().startswith('<div class="body-map" aria-hidden="true">')
    assert {"a", "button", "input", "select", "textarea"}.isdisjoint(tag_names(page))
    assert "tabindex" not in page


def test_the_labels_of_the_map_add_no_words_to_the_names_of_the_boxes():
    page = render_to_string("body_map/map.html", {"views": views(rule_set(), SITES)})
    assert {re.sub(r"<[^>]+>", "", label) for label in re.findall(r"<label.*?</label>", page)} == {""}


@pytest.mark.hazard("H-10")
def test_left_and_right_are_said_at_the_edges():
    front, back = views(rule_set(), ["chest", "upper-back"])
    edges = [re.findall(r"Your \w+", render_to_string("body_map/edges.html", {"view": view})) for view in (front, back)]
    assert edges == [["Your right", "Your left"], ["Your left", "Your right"]]


def test_a_closer_look_is_taken_where_the_whole_body_is_not_needed():
    (close,) = views(rule_set(), ["neck-back"])
    (_, whole) = views(rule_set(), ["chest", "neck-back", "upper-back"])
    assert close.box == DRAWING["back"]["closer"]["viewBox"]
    assert whole.box == DRAWING["back"]["viewBox"]


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.sweep)])
def test_without_script_a_click_on_a_region_chooses_its_box_and_another_click_gives_it_up(chromium, width):
    context = chromium.new_context(viewport={"width": width, "height": 4000}, java_script_enabled=False)
    page = context.new_page()
    page.set_content(asking())
    for view, drawn in DRAWING.items():
        figure = page.locator(f".body-view-{view} .body-figure").bounding_box()
        scale = figure["width"] / size(view)[0]
        for code, region in drawn["regions"].items():
            x, y = region["middle"]
            for expected in ([code], []):
                page.mouse.click(figure["x"] + x * scale, figure["y"] + y * scale)
                assert chosen(page) == (expected, expected), (view, code)
    context.close()


def asking():
    """A page with the map and its list in one fieldset, as the question's page has them."""
    boxes = "".join(f'<input type="checkbox" name="sites" value="{code}" id="id_sites-{code}">' for code in SITES)
    body_map = render_to_string("body_map/map.html", {"views": views(rule_set(), SITES)})
    theme = (ROOT / "static" / "css" / "theme.css").read_text()
    return f"<style>{theme}{STYLE}</style><form><fieldset>{body_map}{boxes}</fieldset></form>"


def chosen(page):
    """The boxes that are ticked, and the places whose region is lit up."""
    return tuple(
        page.evaluate(
            """() => [
                [...document.querySelectorAll("input:checked")].map(box => box.value),
                [...new Set([...document.querySelectorAll("label.region")]
                    .filter(region => getComputedStyle(region).getPropertyValue("--region").trim()
                        === getComputedStyle(region).getPropertyValue("--accent").trim())
                    .map(region => region.htmlFor.replace("id_sites-", "")))],
            ]"""
        )
    )


def test_a_picture_tells_each_state_by_pattern_and_word():
    states = dict(zip(("chin", "mouth", "nose", "forehead"), STATES, strict=True))
    page = render_to_string("body_map/picture.html", {"views": pictured(rule_set(), states)})
    fills = {state: set(re.findall(rf'class="is-{state}".*?fill="([^"]+)"', page, re.DOTALL)) for state in STATES}
    assert fills == {
        "planned": {"#0b5563"},
        "allowed": {"#e2eeee"},
        "perhaps": {"url(#picture-face-perhaps)"},
        "barred": {"url(#picture-face-barred)"},
    }
    assert [word for word in STATES.values() if str(word) not in page] == []


def test_a_picture_has_no_word_for_a_state_that_it_does_not_show():
    page = render_to_string("body_map/picture.html", {"views": pictured(rule_set(), {"chin": "barred"})})
    assert "Left out" in page
    assert "Possible" not in page


def test_every_pattern_that_is_used_is_there():
    states = {code: "barred" if site.side == "left" else "perhaps" for code, site in SITES.items()}
    for page in (
        render_to_string("body_map/picture.html", {"views": pictured(rule_set(), states)}),
        render_to_string("body_map/map.html", {"views": views(rule_set(), [], dict.fromkeys(SITES, "no"))}),
    ):
        used = set(re.findall(r"url\(#([^)]+)\)", page))
        assert used
        assert used <= set(re.findall(r'id="([^"]+)"', page))
