"""`python -m tests.benchmarks.practice_clinic`: one clinic at work, in a process of its own, a line in and a line out.

In comes "time" or "ask" and the name of a work; out go the seconds that it took, or the queries that it asked, as
JSON. It runs on the database of the demo that the environment names, filled by `manage.py demo_data`.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks.site import HOST, answered, environ
from tests.benchmarks.timing import Work, timed

# The first pages of the lists are full in a small clinic too, so that both show as many rows.
WAITING = 60
TREATMENT, SITES = "body-myostimulation", ["abdomen", "forearm-left"]


class Clinic:
    """The large clinic of the demo, and a practitioner who is signed in."""

    def __init__(self) -> None:
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore
        from django.core.handlers.wsgi import WSGIHandler

        from clinic.models import AwaitingReview, Membership
        from tests.clinic.screenings.invented import a_sending
        from tests.support.record import a_record

        found = Membership.objects.select_related("clinic", "user")
        self.membership = found.get(clinic__slug="large", role=Membership.Role.PRACTITIONER)
        self.clinic, self.by = self.membership.clinic, self.membership.user
        self.session = SessionStore()
        self.session[SESSION_KEY], self.session[HASH_SESSION_KEY] = str(self.by.pk), self.by.get_session_auth_hash()
        self.session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        self.session["clinic"] = self.clinic.pk
        self.session.save()
        self.handler = WSGIHandler()
        self.token = "t" * 32
        self.known = self.clinic.patients.order_by("pk")[100]
        while AwaitingReview.objects.filter(clinic=self.clinic).count() < WAITING:
            a_sending(clinic=self.clinic)
        self.patient = a_record(self.clinic, self.by)["patient_id"]
        self.intake = self.an_intake(begun=True)

    def an_intake(self, *, begun: bool) -> Any:
        """Open an intake for somebody new, with nothing answered yet, or everything but one question."""
        from clinic.consultations.intake import open_intake
        from tests.clinic.consultations.intakes import all_no
        from tests.clinic.screenings.invented import a_patient

        answers = all_no() | ({"gallstones": None} if begun else {})
        return open_intake(
            clinic=self.clinic,
            patient=a_patient(self.clinic, name="Invented Sample"),
            treatment=TREATMENT,
            by=self.by,
            sites=SITES,
            answers={code: answer for code, answer in answers.items() if answer},
        )

    def works(self) -> Mapping[str, Callable[[], Work]]:
        """Give by name what makes a work ready; only the work itself is timed."""
        pages = {
            "today's list": "/staff/",
            "a patient's page": f"/staff/patients/{self.patient}/",
            "an intake's page": f"/staff/intake/{self.intake.pk}/",
            "received self-checks": "/staff/received/",
            "all received self-checks": "/staff/received/all/",
        }
        shown = {name: lambda path=path: lambda: self.ask("GET", path) for name, path in pages.items()}
        return shown | {
            "one live update": self.an_update,
            "storing a screening": self.a_store,
            "storing a screening, its page": self.a_stored_page,
            "a search as one types": self.a_search,
            "all patients": self.all_patients,
        }

    def ask(self, method: str, path: str, data: Mapping[str, Any] | None = None, **headers: str) -> str:
        """Ask for a page as the practitioner's browser does, gzip left out only where the page is read here."""
        cookies = f"sessionid={self.session.session_key}; csrftoken={self.token}"
        sent = {"Host": HOST, "Cookie": cookies, "Accept-Encoding": "gzip", **headers}
        if method == "POST":
            sent |= {"Origin": f"http://{HOST}", "Content-Type": "application/x-www-form-urlencoded"}
            data = {**(data or {}), "csrfmiddlewaretoken": self.token}
        body = urlencode(data or {}, doseq=True).encode()
        status, _, content = answered(self.handler, environ(method, path, body, sent))
        assert status in (200, 302), (method, path, status, content[:500])
        return "" if sent["Accept-Encoding"] else content.decode()

    def an_update(self) -> Work:
        path = f"/staff/intake/{self.intake.pk}/"
        data = self.drawn(path)
        data["gallstones"] = ["no" if data.get("gallstones") == ["yes"] else "yes"]
        return lambda: self.ask("POST", f"{path}save/", data, **{"HX-Request": "true"})

    def a_store(self) -> Work:
        from clinic.consultations.intake import complete

        intake, request = self.an_intake(begun=False), SimpleNamespace(user=self.by, META={})
        return lambda: complete(intake, membership=self.membership, request=request)

    def a_stored_page(self) -> Work:
        path = f"/staff/intake/{self.an_intake(begun=False).pk}/"
        data = self.drawn(path) | {"intake.open": ["yes"]}
        return lambda: self.ask("POST", f"{path}store/", data)

    def a_search(self) -> Work:
        given, _, family = self.known.name.partition(" ")
        mistaken = f"{family[:2]}{family[3:]}"
        typed = [
            self.known.name, f"{family} {given}", given[:2], mistaken, f"{mistaken} {given}",
            f"{self.known.born:%d.%m.%Y}", self.known.phone or "01632 960 011", "nobody of that name",
        ]  # fmt: skip

        def run() -> None:
            for each in typed:
                self.ask("POST", "/staff/patients/", {"typed": each}, **{"HX-Request": "true"})

        return run

    def all_patients(self) -> Work:
        # What was searched for stays in the session until nothing is.
        self.ask("POST", "/staff/patients/", {"typed": ""})
        return lambda: self.ask("GET", "/staff/patients/")

    def drawn(self, path: str) -> dict[str, list[str]]:
        """Give what the form of an intake's page posts as it was drawn."""
        from tests.support.html_forms import Page

        page = Page(self.ask("GET", path, **{"Accept-Encoding": ""}))
        return next(form.sent() for form in page.forms if form.action.endswith("/save/"))


def asked(work: Work) -> list[str]:
    """Do a work, and give the queries that it asked; opening and closing a transaction is none."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        work()
    began = ("SELECT", "INSERT", "UPDATE", "DELETE", "(SELECT")
    return [query["sql"] for query in captured if query["sql"].startswith(began)]


def main() -> None:
    import django

    django.setup()
    works = Clinic().works()
    print(json.dumps(list(works)), flush=True)
    for line in sys.stdin:
        what, _, name = line.strip().partition(" ")
        work = works[name]()
        print(json.dumps(asked(work) if what == "ask" else timed(work)), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    main()
