"""Nothing gets past the gate: what it says and keeps, for each way in which something can stand against a session.

The clinical expectations are data, in tests/cases/gate.json.
"""

import json
from dataclasses import replace

import pytest

from clinic.consultations import gate
from clinic.consultations.models import Session, Stop
from clinic.events import Event
from clinic.people.clinics import Device
from tests.clinic.consultations.gated import World
from tests.clinic.screenings.invented import a_clinic, a_patient
from tests.screening.case_files import FOLDER

pytestmark = pytest.mark.django_db
CASES = json.loads((FOLDER / "gate.json").read_text(encoding="utf-8"))


def wanted_in(world, case):
    changed = dict(case.get("wanted", {}))
    if changed.get("device") == "other":
        changed["device"] = Device.objects.create(clinic=world.clinic, make="Invented", model="Two")
    if "elsewhere" in changed.values():
        elsewhere = a_clinic("elsewhere")
        made = {"device": lambda: Device.objects.create(clinic=elsewhere, make="X", model="Y")}
        made["patient"] = lambda: a_patient(elsewhere)
        changed = {name: made[name]() for name in changed}
    wanted = world.wanted(case.get("today", {}), case.get("today_without", ()), sameness=case.get("sameness", {}))
    off, dropped = changed.pop("off", []), changed.pop("drop", [])
    if off or dropped:
        changed |= {"sites": [site for site in wanted.sites if site not in (*off, *dropped)], "channels_off": off}
    if changed.pop("all_on", False):
        changed |= {"sites": [*wanted.sites, *wanted.channels_off], "channels_off": []}
    return replace(wanted, **changed)


@pytest.mark.hazard(
    "H-05", "H-06", "H-07", "H-10", "H-13", "H-16", "H-20", "H-21", "H-30", "H-31", "H-33", "H-34", "H-38"
)
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_gate_says_what_the_case_expects_and_opens_only_where_that_is_nothing(case):
    world = World(**case.get("world", {}))
    for happens in case.get("then", ()):
        getattr(world, happens)()
    before, wanted = (Session.objects.count(), Stop.objects.count()), wanted_in(world, case)
    reasons = gate.may_start(wanted)
    assert [reason.code for reason in reasons] == case["expect"], [reason.words for reason in reasons]
    if "rules" in case:
        assert [reason.rule for reason in reasons] == case["rules"]
    ended = gate.start(wanted)
    assert [reason.code for reason in ended.reasons] == case["expect"]
    is_open, is_kept = not case["expect"], case.get("kept", True)
    assert (ended.session is not None, ended.stop is not None) == (is_open, not is_open and is_kept)
    more = Session.objects.count() - before[0], Stop.objects.count() - before[1]
    assert more == (int(is_open), int(not is_open and is_kept))
    assert Event.objects.filter(action="session started").count() == int(is_open)
    if ended.stop:
        assert ended.stop.reasons == case["expect"]
        for name in ("reopens", "needs_screening"):
            if name in case:
                assert getattr(ended.stop, name) is case[name]
