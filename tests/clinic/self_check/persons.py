"""People who walk through the real pages at random: they post what the pages' forms hold, and note what they say."""

from calendar import month_name
from urllib.parse import urljoin

from tests.clinic.screenings.invented import BORN
from tests.clinic.self_check.memory import Memory, as_said
from tests.support.html_forms import Page
from tests.support.requests import answer_by

CLEAR = "Nothing you told us speaks against it"
MOST_DETOURS = 10


class Person:
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
        self.post(self.page.form.sent())

    def on_result(self):
        onward = [address for words, address in self.page.links if words.startswith("Go on with the questions")]
        if onward and self.chance.random() < 0.3:
            return self.open(onward[0])
        return self.open(self.page.link("Send to the clinic"))

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

    # Questions

    def truth_about(self, code):
        """What this person says to a question; None: nothing."""
        if code not in self.truth:
            like = {"treatment": self.memory.treatment, "sites": list(self.memory.places), "at": self.at.isoformat()}
            says = self.chance.random() < 0.9
            answer = answer_by(self.chance, self.rules.questions[code], self.request | like) if says else None
            self.truth[code] = None if answer is None else as_said(self.rules, code, answer)
        return self.truth[code]

    def on_step(self):
        codes = self.page.form.hidden("questions").split()
        if "surgeries" in codes:
            self.tell_operations()
        else:
            self.tabs.append((self.url, self.page))
            self.answer(codes)
        if not self.is_error and not self.on("step") and not self.on("pause"):
            assert self.memory.grave <= self.told, (self.memory.grave, self.told, self.trail)

    def answer(self, codes):
        """Answer a page, perhaps forgetting something at first; what stays unanswered is left open in the end."""
        forgotten = 0 if self.is_error else 0.08
        data, said, slips = self.page.form.sent(), {}, []
        for place, code in enumerate(codes):
            said[code] = None if self.chance.random() < forgotten else self.truth_about(code)
            self.fill(data, place, code, said[code])
            if said[code] is not None and self.chance.random() < forgotten and self.slip(data, place):
                slips.append(code)
                said[code] = None
        unanswered = {code for code in codes if said[code] is None and self.rules.questions[code].required}
        button = self.page.form.button("leave-open") if unanswered else None
        if button:
            data[button.name] = button.value
        self.memory.note(said, unanswered if button else ())
        self.post(data)
        assert self.is_error == bool(slips or (unanswered and not button)), (said, self.page.words, self.trail)

    def slip(self, data, place):
        """Write something that cannot be read where the question has room for it; whether it has."""
        written = {
            entry.name: "Juli" if entry.kind == "text" else "9" * 501
            for entry in self.page.form.of_question(place)
            if entry.kind in ("text", "textarea")
        }
        data |= written
        return bool(written)

    def fill(self, data, place, code, answer):
        """Put an answer into a page's data, by the inputs of that question and the words beside them."""
        inputs = self.page.form.of_question(place)
        kind = self.rules.questions[code].kind
        assert {entry.name.removesuffix("-open").removesuffix("-day") for entry in inputs} >= {code}, inputs
        self.empty(data, inputs)
        if kind == "partial-date":
            self.write_date(data, inputs, answer)
        elif kind == "text":
            data[next(entry.name for entry in inputs if entry.kind == "textarea")] = (answer or "").replace(
                "\n", "\r\n"
            )
        elif answer is not None:
            self.tick(data, inputs, [answer] if isinstance(answer, str) else answer)

    def empty(self, data, inputs):
        for entry in inputs:
            if entry.kind in ("radio", "checkbox"):
                data.pop(entry.name, None)
            elif entry.kind in ("text", "textarea"):
                data[entry.name] = ""

    def tick(self, data, inputs, wanted):
        found = [entry for entry in inputs if entry.kind in ("radio", "checkbox") and entry.value in wanted]
        assert sorted(entry.value for entry in found) == sorted(wanted), (wanted, inputs)
        for entry in found:
            data.setdefault(entry.name, []).append(entry.value)

    def write_date(self, data, inputs, written):
        """Write a date as people do: with a month's number or name, and with what they do not know left empty."""
        boxes = {entry.label: entry.name for entry in inputs if entry.kind == "text"}
        if written is not None and not written[0].isdecimal():
            self.tick(data, [entry for entry in inputs if entry.kind == "checkbox"], [written])
        elif written is not None:
            year, month, day = (*written.split("-"), "", "")[:3]
            name = month_name[int(month)] if month else ""
            data[boxes["Year"]] = year
            data[boxes["Month"]] = self.chance.choice([month, month.lstrip("0"), name, f"{name[:3]}.", name.lower()])
            data[boxes["Day"]] = self.chance.choice([day, day.lstrip("0"), f"{day}." if day else ""])
            if not month:
                data[boxes["Month"]] = ""

    # Operations, one open at a time

    def tell_operations(self):
        """Take away the operations that are too many, change those that differ, add the rest."""
        target, kept = self.truth_about("surgeries") or [], list(self.memory.answers.get("surgeries", ()))
        if len(kept) > len(target):
            place = self.chance.randrange(len(kept))
            del kept[place]
            return self.send_operations(kept, f"remove-{place}")
        place = next((place for place, one in enumerate(target) if place >= len(kept) or kept[place] != one), None)
        if place is None:
            return self.send_operations(kept, "")
        entry = str(place) if place < len(kept) else "new"
        if self.page.form.hidden("surgeries-entry") != entry:
            return self.send_operations(kept, f"edit-{place}" if place < len(kept) else "add")
        kept[place : place + 1] = [target[place]]
        return self.send_operations(kept, "add" if len(target) > len(kept) else "", target[place])

    def send_operations(self, kept, do, written=None):
        """Post the page with `written` in the open operation, by one of its buttons; `kept` is what is then said."""
        data = self.page.form.sent()
        if written is not None:
            inputs = self.page.form.of_question(0)
            self.empty(data, inputs)
            self.write_date(data, [entry for entry in inputs if entry.part.startswith("When")], written.get("date"))
            places = [entry for entry in inputs if entry.part.startswith("Where")]
            self.tick(data, places, written.get("sites", []))
        button = self.page.form.button("leave-open") if not do and written is None else None
        if do:
            button = next(entry for entry in self.page.form.inputs if entry.name.endswith("-do") and entry.value == do)
        if button:
            data[button.name] = button.value
        self.memory.note({"surgeries": kept or None})
        in_part = "surgeries" in self.memory.outcome.missing
        if button and not do:
            self.memory.note({}, {"surgeries"} if in_part else ())
        self.post(data)
