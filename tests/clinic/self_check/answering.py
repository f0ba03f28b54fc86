"""How a person answers a page of questions: by the inputs that the page shows and the words beside them."""

from calendar import month_name

from tests.clinic.self_check.memory import as_said
from tests.support.requests import answer_by


class Answering:
    """Fills the questions of the page in `page`, says what is in `truth`, and notes it in `memory`."""

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
