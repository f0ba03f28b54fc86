"""What a page has to be for everybody: the facts that axe does not see, asserted themselves."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea")]
    .filter(e => e.checkVisibility({opacityProperty: false}) && !e.matches(".skip-link, [aria-hidden=true]"))
    .map(e => [e, (e.matches("[type=radio], [type=checkbox]") && e.closest("label") || e).getBoundingClientRect()])
    .filter(([, box]) => box.width < 44 || box.height < 44)
    .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
BROKEN_REFERENCES = """() => [
    ...[...document.querySelectorAll("[aria-describedby], [aria-labelledby]")].flatMap(e =>
        ["aria-describedby", "aria-labelledby"].flatMap(name =>
            (e.getAttribute(name) ?? "").split(" ").filter(Boolean).filter(id => !document.getElementById(id)))),
    ...[...document.querySelectorAll("a[href^='#']")].map(e => e.hash.slice(1))
        .filter(id => !document.getElementById(id)),
    ...[...document.querySelectorAll("label[for]")].map(e => e.htmlFor).filter(id => !document.getElementById(id)),
]"""
TWICE = """() => {
    const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
    return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
CHOICES_WITHOUT_A_LEGEND = """() => [...document.querySelectorAll("input[type=radio], input[type=checkbox]")]
    .filter(e => !e.closest("fieldset")?.querySelector("legend")?.textContent.trim())
    .map(e => e.outerHTML)"""
UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden], [type=submit]), textarea, select")]
    .filter(e => ![...e.labels, document.getElementById(e.getAttribute("aria-labelledby"))]
        .some(label => label?.textContent.trim()))
    .map(e => e.outerHTML)"""
DESCRIBED = """e => [e, e.closest("fieldset")].map(part => part?.getAttribute("aria-describedby") ?? "").join(" ")"""
MOVING = """() => [...document.querySelectorAll("*")]
    .filter(e => ["", "::before", "::after"].some(part => {
        const style = getComputedStyle(e, part);
        return /[1-9]/.test(style.transitionDuration + (style.animationName === "none" ? "" : style.animationDuration));
    }))
    .map(e => e.outerHTML.slice(0, 80))"""
# A radio or box shows its focus on the row that is its label. `covered`: something that floats lies on its middle.
STOP = """() => {
    const stop = document.activeElement;
    if (!stop || stop === document.body) return null;
    const shown = stop.matches("[type=radio], [type=checkbox]") && stop.closest("label") || stop;
    const style = getComputedStyle(shown), box = stop.getBoundingClientRect();
    const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        place: [...document.querySelectorAll("*")].indexOf(stop),
        html: stop.outerHTML.slice(0, 120),
        outline: style.outlineStyle === "solid" ? parseFloat(style.outlineWidth) : 0,
        covered: !(shown.contains(met) || met?.contains(shown)),
    };
}"""


def assert_good_for_everybody(page, width):
    """Assert what holds of every page at every width, with script and without."""
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for what in (SMALL_TARGETS, BROKEN_REFERENCES, TWICE, CHOICES_WITHOUT_A_LEGEND, UNNAMED):
        found = page.evaluate(what)
        assert found == [], found
    assert page.locator("h1").count() == 1


def violations(page):
    """Give what axe finds (it needs script); it is read into a document once, however often that is looked at."""
    axe = Axe()
    if page.evaluate("'axe' in window"):
        axe.axe_script = "0"
    return axe.run(page).response["violations"]


def assert_no_violations(page):
    """Assert that axe finds nothing."""
    found = violations(page)
    assert [(entry["id"], [node["html"][:120] for node in entry["nodes"]]) for entry in found] == []


def assert_stands_still(page):
    """Assert that nothing moves, for somebody who asked for no motion."""
    assert page.evaluate(MOVING) == []


def assert_shows_every_stop(page):
    """Tab through the whole page: assert that each stop shows its focus and lies under nothing."""
    # From the top, also of a page that puts the focus into a field.
    page.evaluate("document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute('tabindex')")
    page.locator("body").press("Tab")
    stops = []
    while (stop := page.evaluate(STOP)) and stop not in stops:
        stops.append(stop)
        page.keyboard.press("Tab")
    assert len(stops) >= 3
    bad = [stop for stop in stops if stop["outline"] < 3 or stop["covered"]]
    assert bad == [], bad


def assert_leads_to_the_error(page):
    """Assert that the summary of errors has the focus and that each of its links reaches an input."""
    expect(page).to_have_title(re.compile("^Error: "))
    # The browser gives it the focus a moment after the page is there.
    expect(page.locator(".error-summary")).to_be_focused()
    for link in page.locator(".error-summary a").all():
        target = page.locator(link.get_attribute("href").replace("#", "[id='") + "']")
        assert target.evaluate("e => e.matches('input, textarea, select')")
        described = target.evaluate(DESCRIBED)
        assert any(part.endswith("_error") for part in described.split()), link.get_attribute("href")
