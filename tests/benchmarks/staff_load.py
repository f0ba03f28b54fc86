"""`python -m tests.benchmarks.staff_load [SECONDS]`: staff sign in at once, then save intakes at once, limits on.

It serves as in production, with gunicorn on a PostgreSQL of its own, or on the one that BENCH_DATABASE_URL names.
Prints requests a second; exit status 1 where somebody was not let in, or an intake does not hold what was said last.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.benchmarks.load import THREADS, WORKERS, served
from tests.benchmarks.site import made_ready, printed
from tests.benchmarks.staff import Door, Staff
from tests.support.postgres import cluster

PEOPLE, AT_ONCE, SECONDS = 40, 8, 20
PASSWORD = "a long pass phrase 1"
ANSWERED = "gallstones"
HIRE = """
import json, sys, django; django.setup()
from allauth.core import context
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.test import RequestFactory
from clinic.models import Clinic, Membership, User
from tests.clinic.consultations.intakes import SITES, all_no, an_intake
clinic, people, hashed = Clinic.objects.get(), [], make_password(sys.argv[3])
answers = {code: answer for code, answer in all_no().items() if code != sys.argv[2]}
for number in range(int(sys.argv[1])):
    user = User.objects.create(email=f"staff{number}@bench.example", password=hashed, name=f"Staff {number}")
    Membership.objects.create(clinic=clinic, user=user, role="practitioner")
    request = RequestFactory().get("/"); request.user, request.session = user, {}
    with context.request_context(request):
        TOTP.activate(user, secret := generate_totp_secret())
    intake = an_intake(clinic, user, sites=SITES, answers=answers)
    people.append([user.email, secret, intake.pk])
print(json.dumps(people))
"""
HELD = "import json, django; django.setup(); from clinic.models import Intake; " + (
    "print(json.dumps({row.pk: row.answers.get('gallstones') for row in Intake.objects.all()}))"
)


def main(seconds: int) -> int:
    given = os.environ.get("BENCH_DATABASE_URL")
    if given:
        return measure(given, seconds)
    with cluster() as url:
        return measure(url, seconds)


def measure(url: str, seconds: int) -> int:
    with TemporaryDirectory(prefix="screening-bench-") as folder:
        ours = made_ready(folder, url) | {"DJANGO_SETTINGS_MODULE": "clinic.settings"}
        hired = json.loads(printed("-c", HIRE, str(PEOPLE), ANSWERED, PASSWORD, **ours))
        with served(ours) as port:
            people = [
                (Staff(Door(port, f"198.51.100.{number}"), email, PASSWORD, secret), intake)
                for number, (email, secret, intake) in enumerate(hired)
            ]
            wrong = [] if sign_in(people) else ["somebody was not let in"]
            last = {} if wrong else save(people[:AT_ONCE], seconds)
        held = json.loads(printed("-c", HELD, **ours))
        wrong += [f"intake {key} holds {held[key]}, said last was {answer}" for key, answer in last.items()
                  if held[key] != answer]  # fmt: skip
    print("\n".join(wrong) or "Everybody was let in, and every intake holds what was said last.")
    return 1 if wrong else 0


def sign_in(people: Sequence[tuple[Staff, int]]) -> bool:
    """Have them sign in, some at a time; tell how many a second."""
    waiting, waits, places = list(people), [], []

    def some() -> None:
        while waiting:
            try:
                person, _ = waiting.pop()
            except IndexError:
                return
            start = perf_counter()
            places.append(person.sign_in())
            waits.append(perf_counter() - start)

    seconds = at_once(some)
    tell("sign-ins with password and code", waits, seconds)
    # Two pages, two forms, and where each leads.
    print(f"  that is {6 * len(waits) / seconds:.0f} requests a second")
    return places == ["/staff/"] * len(people)


def save(people: Sequence[tuple[Staff, int]], seconds: int) -> dict[str, str]:
    """Have each save an intake of their own over and over; give what each said last, by the intake's key."""
    waits: list[float] = []
    last: dict[str, str] = {}
    mine = iter(people)
    end = perf_counter() + seconds

    def one() -> None:
        person, intake = next(mine)
        # The server has hung up on who was silent for so long, as it does on a browser.
        person.door.connection.close()
        drawn = person.drawn(intake)
        for answer in cycle(("yes", "no")):
            if perf_counter() > end:
                return
            start = perf_counter()
            drawn = person.save(intake, drawn | {ANSWERED: [answer]})
            waits.append(perf_counter() - start)
            last[str(intake)] = answer

    tell("saved answers of an intake", waits, at_once(one))
    return last


def at_once(work: Callable[[], None]) -> float:
    """Do a work in several threads; give the seconds until all were done. What goes wrong in one is raised."""
    start = perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(work) for _ in range(AT_ONCE)]:
            done.result()
    return perf_counter() - start


def tell(what: str, waits: Sequence[float], seconds: float) -> None:
    cuts = quantiles(waits, n=20)
    print(
        f"{len(waits)} {what} in {seconds:.1f} s: {len(waits) / seconds:.1f} a second; "
        f"median {cuts[9] * 1000:.0f} ms, 95th percentile {cuts[18] * 1000:.0f} ms; "
        f"{AT_ONCE} at once, gunicorn with {WORKERS} workers of {THREADS} threads",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
