"""A strange word, typed as answer, name, note and e-mail into every form, is found nowhere but in the record."""

import base64
import logging
import subprocess
import tempfile
import zlib
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone

from clinic.events import record
from tests.support.access_visitors import let_go
from tests.support.small_papers import small_papers
from tests.support.strange_pages import choices_of, sent_by
from tests.support.strange_visitors import Town, undone
from tests.support.strange_word import WORD, Watch

pytestmark = pytest.mark.django_db
TYPED = ("text", "textarea", "search", "email", "tel", "password", "url")
# What lets a form through: else only refusals would be looked at.
FITTING = {
    "email": f"{WORD}@demo.example", "born_day": "7", "born_month": "3", "born_year": "1980", "day": "7", "month": "3",
    "strokes": "[[[40, 130], [100, 60], [160, 140]]]", "temperature": "36.6", "systolic": "120", "diastolic": "80",
    "year": "1980", "time": "10:00", "-day": "7", "-month": "3", "-year": "2020", "-systolic": "120",
    "-diastolic": "80",
}  # fmt: skip
ADD = "/staff/patients/add/"
# Whoever looks there for a word looks among the published rules: no person is in them.
RULES = "/admin/screening/"
# Of the staff one who may do everything; the sweep asks everybody.
WHO = ("owner", "told", "self-check-by-link", "consent-by-tablet")


@pytest.fixture
def watch(tmp_path, monkeypatch, settings):
    """Argon2 is slow on purpose, and papers take long to draw. What is put aside goes into a folder of its own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # However long the walk takes: whom it meets signed out says nothing of the forms.
    settings.SESSION_IDLE_MINUTES = 12 * 60
    settings.ADMINS = ["admin@demo.example"]
    # Every file that is sent is put aside, however small.
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    small_papers(monkeypatch)
    with Watch(tmp_path).on() as watch:
        yield watch


def fitting(entry):
    """What is typed into a field: the word, or what its kind asks for."""
    name = entry.name.lower()
    found = next((text for end, text in FITTING.items() if name == end or (end[0] == "-" and name.endswith(end))), None)
    if entry.kind == "date" or name.endswith("_on"):
        return (timezone.now() - timedelta(days=1)).date().isoformat()
    return found or (f"{WORD}@demo.example" if "email" in name else f"{WORD} Quill")


def filled(form, turn):
    """What somebody sends who types the word wherever one can type, and picks the choices of this turn."""
    data = sent_by(form)
    for name, values in choices_of(form).items():
        data[name] = [values[turn % len(values)]]
    for entry in form.inputs:
        if entry.kind in TYPED or entry.kind in ("date", "number", "time"):
            data[entry.name] = [fitting(entry)]
    return data


def with_files(form, data):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.clinic.documents.test_pictures import a_photograph

    return data | {name: SimpleUploadedFile(f"{WORD}.jpg", a_photograph(), "image/jpeg") for name in form.files}


def everything_typed(town, watch, names, turns=1, every=1):
    """Send the forms on every (or every so many) page of these visitors, and open what it leads to; count answers."""
    statuses = Counter()
    for name in names:
        visitor = town.visitors[name]
        for address, form in town.forms(visitor, every).items():
            # What offers no choice would be the same again.
            choices = max(map(len, choices_of(form).values()), default=1)
            for turn in range(0 if address.startswith(RULES) else min(turns, choices)):
                with undone(visitor):
                    statuses[typed_into(visitor, address, form, turn, watch)] += 1
    return statuses


def typed_into(visitor, address, form, turn, watch):
    data = with_files(form, filled(form, turn))
    send = visitor.client.post if form.method == "post" else visitor.client.get
    answer = send(address, data, follow=True)
    for where, _ in answer.redirect_chain:
        watch.look("addresses", where)
    watch.answer(answer)
    watch.rows()
    let_go(answer)
    return answer.redirect_chain[0][1] if answer.redirect_chain else answer.status_code


@pytest.mark.one_database
def test_what_is_typed_into_any_form_comes_to_no_other_place(watch, record_property):
    town = Town()
    town.world.patient.name = f"{WORD} Quill"
    town.world.patient.notes = town.world.patient.alerts = WORD
    town.world.patient.save()
    statuses = everything_typed(town, watch, WHO, every=3)
    record_property("forms_typed_into", dict(statuses))
    assert (watch.rest(), statuses[302] > 5, statuses[200] > 5) == (set(), True, True)


@pytest.mark.sweep
def test_what_is_typed_into_any_form_comes_to_no_other_place_whoever_types_and_whatever_is_chosen(watch, capsys):
    town = Town()
    statuses = everything_typed(town, watch, town.visitors, turns=4)
    with capsys.disabled():
        print(f"\nforms typed into: {statuses.total()}, of which {statuses[302]} were taken")
    assert watch.rest() == set()


@pytest.mark.one_database
def test_a_page_that_fails_tells_nobody_what_was_typed(watch, monkeypatch):
    town = Town()

    def fail(*_, **__):
        raise ValueError(f"{WORD} is not to be written here")

    monkeypatch.setattr("clinic.people.patient_views.record", fail)
    owner = town.visitors["owner"]
    form = next(form for form in town.drawn(owner, ADD) if form.action == ADD)
    with undone(owner):
        answer = owner.client.post(ADD, filled(form, 0))
    watch.answer(answer)
    assert (answer.status_code, watch.rest(), mail.outbox) == (500, set(), [])


def plain(value):
    """An answer with one header or cookie, as the client gives it."""
    answer = HttpResponse(value)
    answer.request = {"PATH_INFO": "/"}
    return answer


def leak_a_header(watch):
    answer = plain("")
    answer.headers["Content-Disposition"] = f'attachment; filename="{WORD}.pdf"'
    watch.answer(answer)


def leak_a_cookie(watch):
    answer = plain("")
    answer.set_cookie("x", signing.dumps({"name": WORD}))
    watch.answer(answer)


def leak_a_packed_cookie(watch):
    answer = plain("")
    answer.set_cookie("x", base64.urlsafe_b64encode(zlib.compress(WORD.encode())).decode())
    watch.answer(answer)


def leak_an_address(watch):
    answer = HttpResponseRedirect(f"/staff/?q={WORD.lower()}")
    answer.request = {"PATH_INFO": "/"}
    watch.answer(answer)


LEAKS = {
    "logs": lambda _: logging.getLogger("django.db").debug("asked for %s", WORD),
    "mail": lambda _: mail.send_mail("An error", WORD, None, ["a@demo.example"]),
    "trail": lambda watch: (record(f"looked at {WORD}"), watch.rows()),
    "cache": lambda watch: (cache.set("x", {"name": WORD}), watch.rows()),
    "files": lambda watch: Path(watch.folder, "left").write_text(WORD),
    "file names": lambda watch: Path(watch.folder, f"{WORD}.txt").open("w").close(),
    "process arguments": lambda _: subprocess.run(["/bin/true", WORD], check=True),
    "titles": lambda watch: watch.answer(plain(f"<html><title>{WORD}</title></html>")),
    "addresses": lambda watch: watch.answer(plain(f'<a href="/x/?q={WORD}">x</a>')),
    "header Content-Disposition": leak_a_header,
    "header Location": leak_an_address,
    "cookie x": leak_a_cookie,
}


@pytest.mark.one_database
@pytest.mark.parametrize("place", LEAKS)
def test_a_planted_leak_is_found(watch, place):
    LEAKS[place](watch)
    assert watch.rest() - {"files"} == {place} - {"files"}
    assert ("files" in watch.found) == (place in ("files", "file names"))


@pytest.mark.one_database
def test_a_leak_in_a_packed_cookie_is_found(watch):
    leak_a_packed_cookie(watch)
    assert watch.rest() == {"cookie x"}
