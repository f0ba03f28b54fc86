"""Intakes for the tests, and a member of staff who works on one as a browser without script does."""

from types import SimpleNamespace

from clinic.consultations.intake import open_intake
from clinic.consultations.models import Intake
from tests.clinic.screenings.invented import a_case, a_patient
from tests.support.html_forms import Page

TREATMENT = "body-myostimulation"
SITES = ["abdomen", "forearm-left"]


def an_intake(clinic, by, *, patient=None, **given):
    patient = patient or a_patient(clinic)
    return open_intake(clinic=clinic, patient=patient, treatment=TREATMENT, by=by, **given)


def all_no(**answers):
    """The answers of somebody who has nothing, as a draft keeps them."""
    from screening.engine.written import written_case

    case = a_case(**answers)
    return written_case(case.plan, case.answers, case.at)["answers"]


def a_request(user):
    """What a service takes of a request: who signed in."""
    return SimpleNamespace(user=user, META={})


class Typing:
    """An intake's page as it was drawn, what is typed into it, and what comes back when it is sent."""

    def __init__(self, client, intake):
        self.client, self.address = client, f"/staff/intake/{intake.pk}/"
        self.draw()

    def draw(self):
        self.response = self.client.get(self.address)
        self.take(self.response)

    def take(self, response):
        self.html = response.content.decode()
        page = Page(self.html)
        self.text = page.words
        self.data = next((form.sent() for form in page.forms if form.action.endswith("/save/")), {})

    def say(self, **fields):
        """Fill fields in; `_` in a name stands for `-`, and two of them for a dot."""
        for name, value in fields.items():
            self.data[name.replace("__", ".").replace("_", "-")] = (
                list(value) if isinstance(value, list | tuple) else [value]
            )
        return self

    def all_no(self, **answers):
        """Choose the places and answer everything that is on the page in the safe way."""
        known = all_no()
        for name in [name for name in self.data if name.startswith("was.")]:
            if name.removeprefix("was.") in known:
                self.data[name.removeprefix("was.")] = [known[name.removeprefix("was.")]]
        self.data["plan.sites"] = SITES
        return self.say(**answers)

    def save(self, **headers):
        self.response = self.client.post(f"{self.address}save/", self.data, headers=headers)
        return self.response

    def autosave(self):
        """Send it as htmx does; give the answer in words."""
        self.save(**{"HX-Request": "true"})
        assert self.response.status_code == 200
        return self.response.content.decode()

    def store(self, **fields):
        self.say(**fields)
        self.response = self.client.post(f"{self.address}store/", self.data)
        return self.response


def named(name):
    return name.replace("__", ".").replace("_", "-")


def kept(intake):
    return Intake.objects.get(pk=intake.pk)
