"""What staff and an invited person do around a self-check, in a real browser; and lines that break on the way."""

from tests.support.browser import follow


def make_link(staff, site, patient):
    """Make a link on the patient's page, and give the address shown."""
    staff.goto(f"{site}/staff/patients/{patient}/")
    follow(staff, "button", "Make a link")
    return staff.locator(".link-address").inner_text().strip()


def say_birth(page, born):
    for part, number in (("Day", born.day), ("Month", born.month), ("Year", born.year)):
        page.get_by_label(part, exact=True).fill(str(number))
    follow(page, "button", "Go on")


def standing(staff, site, patient):
    staff.goto(f"{site}/staff/patients/{patient}/")
    return staff.locator("#made ~ *").first.inner_text()


def to_an_early_result(somebody):
    """Answer until something speaks against it, and stop there: the shortest way to a result."""
    somebody.answers["pregnant"] = "yes"
    somebody.begin()
    while somebody.on_questions():
        somebody.answer()
    somebody.go("Stop here")


def to_send(somebody, name="Ivy Invented"):
    """From the result to the page that sends, filled in."""
    follow(somebody.page, "link", "Send to the clinic")
    if somebody.page.get_by_label("Full name").count():
        somebody.page.get_by_label("Full name").fill(name)
        for part, text in (("Day", "7"), ("Month", "3"), ("Year", "1980")):
            somebody.page.get_by_label(part, exact=True).fill(text)
        somebody.page.get_by_label("E-mail").fill("ivy@demo.example")
    somebody.page.get_by_label("may keep my name").check()


def breaks_before_the_server(somebody):
    """The answer does not reach the server: after Back the same page is there, and is sent again."""
    page, waiting = somebody.page, somebody.asked()
    page.route("**/step/*/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    press_in_vain(somebody)
    page.unroute("**/step/*/")
    page.goto(f"{somebody.site}{somebody.door}step/1/")
    assert somebody.asked() == waiting


def breaks_after_the_server(somebody):
    """The answer reaches the server, and what the server says is lost: the anonymous way answers once more."""
    page, context = somebody.page, somebody.page.context
    cookies = context.cookies()

    def lose(route):
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/step/*/", lose)
    press_in_vain(somebody)
    page.unroute("**/step/*/")
    context.add_cookies(cookies)


def press_in_vain(somebody):
    for code in somebody.asked():
        somebody.say(code, somebody.answers.get(code, "no"))
    with somebody.page.expect_event("requestfailed"):
        somebody.page.get_by_role("button", name="Save and go on").click(no_wait_after=True)
    somebody.page.wait_for_url("chrome-error://**")
