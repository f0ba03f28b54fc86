"""People who walk through the real pages at random: they post what the pages' forms hold, and note what they say."""

from urllib.parse import urljoin

from tests.clinic.screenings.invented import BORN
from tests.clinic.self_check.answering import Answering
from tests.clinic.self_check.memory import Memory, as_said
from tests.support.html_forms import Page
from tests.support.requests import RULES

CLEAR = "Nothing you told us speaks against it"
MOST_DETOURS = 10
# What is said to these can bring other questions, or take them away again.
BRINGING = {entry.question for asked in RULES.questions.values() for group in asked.when for entry in group} - {None}


class Person(Answering):
    """One person. `request`: whom they are like, as on the command line; `chance`: what they do next."""

    def __init__(self, client, clinic, chance, request, at):
        self.client, self.chance, self.at, self.request = client, chance, at, request
        self.memory = Memory(clinic, at)
        self.rules = self.memory.rules
        self.truth = {code: as_said(self.rules, code, answer) for code, answer in request["answers"].items()}
        for code in chance.sample(list(self.truth), min(len(self.truth), chance.choice([0, 0, 0, 1, 3]))):
            self.truth[code] = None
        self.told, self.has_stopped, self.detours, self.trail = set(), False, 0, []
        self.page, self.url, self.base, self.tabs = None, "", "", []

    def walk(self, door):
        """From a door of the clinic to the end; what is on each page is answered, whichever page it is."""
        self.open(door)
        while not self.on("receipt"):
            assert len(self.trail) < 400, self.trail
            self.detour() if self.may_stray() else self.go_on()
        return self

    def may_stray(self):
        may = self.memory.plan is not None and self.detours < MOST_DETOURS and self.chance.random() < 0.12
        self.detours += may
        return may

    def go_on(self):
        # /c/<clinic>/<way>/<page>/...
        getattr(self, f"on_{self.url.split('/')[4] or 'welcome'}")()

    # Pages

    def on(self, name):
        return f"/{name}/" in self.url

    def open(self, address):
        return self.went(self.client.get(urljoin(self.url, address), follow=True))

    def post(self, data):
        """Post the page's form as a browser would; now and then twice at once, as by a double tap."""
        address = self.page.form.action
        if self.chance.random() < 0.05:
            cookies = self.client.cookies.copy()
            self.client.post(address, data)
            self.client.cookies = cookies
            self.trail.append("twice")
        return self.went(self.client.post(address, data, follow=True))

    def press(self, name):
        self.post(self.page.form.sent(self.page.form.button(name)))

    def went(self, response):
        """Look at the page that came, and hold it to what must never happen."""
        assert response.status_code == 200, (response.status_code, self.trail)
        self.url = response.request["PATH_INFO"]
        self.trail.append("/".join(self.url.split("/")[4:]))
        self.page = Page(response.content.decode())
        if self.on("result") or self.on("receipt"):
            self.hold_to_the_outcome()
        else:
            assert self.page.verdict is None or self.on("pause"), self.trail
            assert CLEAR not in self.page.words, self.trail
        if self.on("pause"):
            self.told = self.memory.grave
        return self

    def hold_to_the_outcome(self):
        """The words are those of what was said; and no result before everything was put, but for who stops."""
        expected = self.memory.outcome
        assert f"told-{expected.outcome}" in self.page.verdict, (self.page.verdict, expected, self.trail)
        # Another treatment may have nothing against it; this one's words stand before that.
        words = self.page.words.partition("Other treatments here")[0]
        assert (CLEAR in words) == (expected.outcome == "clear"), (words, self.trail)
        assert self.has_stopped or self.memory.left.issuperset(expected.missing), (expected.missing, self.trail)

    @property
    def is_error(self):
        return self.page.title.startswith("Error")

    # Around the questions

    def on_birth(self):
        data = self.page.form.sent()
        boxes = [entry.name for entry in self.page.form.inputs if entry.kind == "text"]
        self.post(data | dict(zip(boxes, map(str, (BORN.day, BORN.month, BORN.year)), strict=True)))

    def on_welcome(self):
        self.base = self.url
        self.open(next(address for words, address in self.page.links if words.startswith(("Start", "Go on"))))

    def on_start(self):
        values = [entry.value for entry in self.page.form.inputs if entry.kind == "radio"]
        wish = self.request["treatment"]
        wish = wish if self.memory.treatment is None and wish in values else self.chance.choice(values)
        treatment = wish if wish in self.rules.treatments else self.memory.treatment or self.request["treatment"]
        self.memory.treatment = treatment
        self.memory.settle()
        self.post(self.chosen({treatment, self.chance.choice(["me", "other"]), "yes"}))

    def on_where(self):
        offered = [entry.value for entry in self.page.form.inputs if entry.kind == "checkbox"]
        wished = [code for code in self.request.get("sites", ()) if code in offered and not self.memory.places]
        chosen = wished or self.chance.sample(offered, min(len(offered), self.chance.randint(1, 5)))
        self.memory.places = [code for code in offered if code in chosen]
        self.memory.settle()
        self.post(self.chosen(chosen))

    def on_goals(self):
        offered = [entry.value for entry in self.page.form.inputs if entry.kind == "checkbox"]
        chosen = [code for code in offered if code in self.request.get("goals", ()) or self.chance.random() < 0.1]
        self.memory.goals = chosen
        self.post(self.chosen(chosen))

    def chosen(self, values):
        """The page's form with these of its radios and boxes chosen, and no others."""
        data = self.page.form.sent()
        ticked = [entry for entry in self.page.form.inputs if entry.kind in ("radio", "checkbox")]
        for entry in ticked:
            data.pop(entry.name, None)
        for entry in ticked:
            if entry.value in values:
                data.setdefault(entry.name, []).append(entry.value)
        return data

    def on_pause(self):
        stops = self.chance.random() < 0.3
        self.has_stopped = stops
        self.press("stop" if stops else "go-on")

    def on_answers(self):
        if self.detours < MOST_DETOURS and self.chance.random() < 0.7:
            self.detours += 1
            self.change_one_answer()
        else:
            self.post(self.page.form.sent())

    def change_one_answer(self):
        """Follow "Change" at one question, mostly one that can bring others, and say something else there."""
        asked = self.memory.asked
        bringing = [code for code in asked if code in BRINGING and self.chance.random() < 0.8]
        code = self.chance.choice(bringing or asked)
        before = self.truth.pop(code, None)
        if bringing:
            self.truth[code] = self.chance.choice([said for said in ("yes", "no", "unsure") if said != before])
        wording = " ".join(self.rules.questions[code].wording.split())
        self.open(next(address for words, address in self.page.links if wording in words))

    def on_result(self):
        ways = [address for words, address in self.page.links if words.startswith(("Go on with", "Look at my"))]
        lingers = ways and self.detours < MOST_DETOURS and self.chance.random() < 0.4
        self.open(ways[0] if lingers else self.page.link("Send to the clinic"))

    def on_send(self):
        data = self.page.form.sent()
        for entry in self.page.form.inputs:
            if entry.kind in ("text", "email", "tel"):
                data[entry.name] = {"Day": "7", "Month": "3", "Year": "1980"}.get(entry.label, "nora@demo.example")
            elif entry.kind == "checkbox" and self.chance.random() < 0.9:
                data[entry.name] = entry.value
        self.post(data)

    # Straying

    def detour(self):
        """Go back, change something, try an address that is not due, or answer a page that was left in another tab."""
        if self.tabs and self.chance.random() < 0.2:
            self.trail.append("other tab")
            self.url, self.page = self.chance.choice(self.tabs)
            self.on_step()
        else:
            self.stray()

    def stray(self):
        ways = ["start/", "where/", "", "answers/", "result/", "send/", "goals/", "pause/", "receipt/", "gone/"]
        ways += [f"step/{self.chance.randint(0, 40)}/", "step/1/"]
        seen = [address for words, address in self.page.links if words.startswith(("Back", "Change", "Answer"))]
        address = (
            self.chance.choice(seen) if seen and self.chance.random() < 0.6 else self.base + self.chance.choice(ways)
        )
        if self.chance.random() < 0.6:
            self.change_their_mind()
        self.trail.append("stray")
        self.open(address)

    def change_their_mind(self):
        code = self.chance.choice(sorted(self.memory.asked))
        self.truth.pop(code, None)
