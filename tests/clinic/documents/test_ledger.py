"""The ledger is written once, and what was changed past it is named, whatever was changed."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from clinic.documents.models import Document, DocumentContent, ErasedDocument, WithdrawnDocument
from clinic.documents.numbers import ALPHABET, in_groups, new_check_code, read_check_code
from clinic.documents.withdrawing import erase, withdraw
from clinic.events import OneDoorError, record
from clinic.models import Membership, User
from tests.clinic.consultations.gated import World
from tests.clinic.consultations.test_hunt_rows import REFUSED, again, columns
from tests.clinic.screenings.invented import a_clinic, a_patient
from tests.support.record import a_document
from tests.support.tampering import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A clinic with five documents, each in the trail, and another with one."""
    made = World()
    made.rows = [a_row(made, made.clinic, made.patient, decision=made.decided) for _ in range(5)]
    elsewhere = a_clinic("quay")
    made.other = a_row(made, elsewhere, a_patient(elsewhere))
    return made


def a_row(world, clinic, patient, **about):
    row = a_document(clinic, patient, world.by, **about)
    record("document issued", clinic=clinic, patient=patient, about=row, actor=world.by)
    return row


def verified(*arguments):
    """What the command says, and whether it found something broken."""
    said = StringIO()
    try:
        call_command("verify_documents", *arguments, stdout=said)
    except CommandError:
        return said.getvalue().splitlines(), True
    return said.getvalue().splitlines(), False


def broken(*lines, count=5):
    """What the command says of a ledger in which only `lines` are amiss, beside the other clinic's whole one."""
    own = [f"park-street: {line}" for line in lines]
    return [*own, f"park-street: {count} documents, not all as issued.", "quay: 1 document, all as issued."], True


def test_whole_ledger_is_said_to_be_whole(world):
    lines = ["park-street: 5 documents, all as issued.", "quay: 1 document, all as issued."]
    assert verified() == (lines, False)
    assert verified("--clinic", "quay") == (lines[1:], False)


def test_clinic_that_is_not_there_is_an_error(world):
    with pytest.raises(CommandError, match="There is no clinic nowhere"):
        call_command("verify_documents", "--clinic", "nowhere")


CHANGES = {
    "check_code": "0" * 16, "sha256": "0" * 64, "values_sha256": "0" * 64, "kind": "letter", "role": "owner",
    "engine_version": "9", "stationery": "9", "at": "2020-01-01 10:00:00+00:00", "rule_set": '["set-9"]',
    "decision_id": None, "previous": "0" * 64, "seal": "0" * 64,
}  # fmt: skip


def test_row_that_follows_another_than_the_one_before_it_is_named(world):
    """The newest was taken away, another issued, and the first put back in the other's place."""
    old, content = columns(world.rows[4]), columns(world.rows[4].content)
    remove(*world.rows[3:])
    a_row(world, world.clinic, world.patient)
    with Document.door():
        Document(**old).save()
    DocumentContent(**content).save(force_insert=True)
    assert verified()[0][0] == "park-street: 000005 does not follow the one before it."


@pytest.mark.hazard("H-32")
@pytest.mark.parametrize("column", CHANGES)
def test_changed_row_is_named(world, column):
    tamper(f"UPDATE clinic_document SET {column} = %s WHERE id = %s", CHANGES[column], world.rows[2].pk)
    lines, is_broken = verified()
    assert is_broken
    assert lines[0] == "park-street: 000003 was changed."
    assert {line.split(":")[1][:7] for line in lines[1:-2]} <= {" 000003", " 000004"}


def test_every_column_of_a_row_is_under_its_seal():
    sealed = {field.attname for field in Document._meta.concrete_fields} - {"id", "seal"}
    assert sealed == set(CHANGES) - {"seal"} | {
        "clinic_id", "patient_id", "number", "screening_id", "consent_id", "session_id", "referral_id", "replaces_id",
        "by_id",
    }  # fmt: skip


def test_row_of_another_clinic_or_patient_is_named(world):
    other = a_patient(world.clinic, name="Nadia")
    tamper("UPDATE clinic_document SET patient_id = %s WHERE id = %s", other.pk, world.rows[4].pk)
    assert verified() == broken("000005 was changed.")


def remove(*rows):
    for row in rows:
        tamper("DELETE FROM clinic_documentcontent WHERE document_id = %s", row.pk)
        tamper("DELETE FROM clinic_document WHERE id = %s", row.pk)


@pytest.mark.hazard("H-32")
def test_missing_rows_are_named(world):
    remove(world.rows[1], world.rows[2])
    assert verified() == broken("000002 to 000003 are missing.", count=3)
    remove(world.rows[0])
    assert verified() == broken("000001 to 000003 are missing.", count=2)


@pytest.mark.hazard("H-33")
def test_removed_tail_is_named(world):
    remove(world.rows[4])
    assert verified() == broken("1 more that the trail says were issued is missing.", count=4)


@pytest.mark.hazard("H-33")
def test_tail_that_was_removed_and_issued_anew_is_named(world):
    remove(*world.rows[3:])
    for _ in range(2):
        a_row(world, world.clinic, world.patient)
    assert verified() == broken("2 more that the trail says were issued are missing.")


@pytest.mark.hazard("H-32")
def test_reordered_rows_are_named(world):
    for number, row in ((999, world.rows[1]), (2, world.rows[3]), (4, world.rows[1])):
        tamper("UPDATE clinic_document SET number = %s WHERE id = %s", number, row.pk)
    assert verified() == broken("000002 was number 000004: it was moved.", "000004 was number 000002: it was moved.")


def test_row_put_in_by_hand_is_named(world):
    forged = again(world.rows[4], id=None, number=6, check_code=new_check_code(), previous=world.rows[4].seal)
    with Document.door():
        forged.save()
    DocumentContent.objects.create(document=forged, pdf=b"%PDF-1.7 invented", values={})
    assert verified() == broken("000006 was changed.", count=6)


def test_changed_pdf_is_named(world):
    tamper("UPDATE clinic_documentcontent SET pdf = %s WHERE document_id = %s", b"%PDF-1.7 other", world.rows[1].pk)
    assert verified() == broken("000002: its PDF was changed.")


@pytest.mark.parametrize("values", [{"page": "other"}, {"page": 0.5}, None])
def test_changed_values_are_named(world, values):
    sent = json.dumps(values)
    tamper('UPDATE clinic_documentcontent SET "values" = %s WHERE document_id = %s', sent, world.rows[1].pk)
    assert verified() == broken("000002: its values were changed.")


def test_content_that_is_gone_without_a_reason_is_named(world):
    tamper("DELETE FROM clinic_documentcontent WHERE document_id = %s", world.rows[1].pk)
    assert verified() == broken("000002: its content is missing.")


@pytest.mark.hazard("H-34")
def test_erased_content_is_told_and_not_broken(world):
    erase(world.rows[1], "The patient asked for it.", by=world.by)
    lines = [
        "park-street: 000002: its content is erased, for a recorded reason.",
        "park-street: 5 documents, all as issued.",
        "quay: 1 document, all as issued.",
    ]
    assert verified() == (lines, False)


def test_erasure_or_withdrawal_that_the_trail_knows_nothing_of_is_named(world):
    tamper("DELETE FROM clinic_documentcontent WHERE document_id = %s", world.rows[1].pk)
    ErasedDocument(document=world.rows[1], why="Nobody said so.", by=world.by).save()
    WithdrawnDocument(document=world.rows[2], why="Nobody said so.", by=world.by).save()
    lines, is_broken = verified()
    assert is_broken
    assert [line for line in lines if "the trail knows" in line] == [
        "park-street: 000002: it says that it is erased, and the trail knows of no erasure.",
        "park-street: 000003: it says that it is withdrawn, and the trail knows of no withdrawal.",
    ]


def test_tail_that_was_moved_to_another_clinic_is_missing_from_its_own(world):
    tamper(
        "UPDATE clinic_document SET clinic_id = %s, number = 2 WHERE id = %s", world.other.clinic_id, world.rows[4].pk
    )
    lines, is_broken = verified("--clinic", "park-street")
    assert (lines[0], is_broken) == ("park-street: 1 more that the trail says were issued is missing.", True)


def test_event_that_names_no_row_any_more_is_a_missing_row(world):
    tamper("UPDATE clinic_event SET about = 'nothing' WHERE about = %s", f"document {world.rows[4].pk}")
    lines, is_broken = verified("--clinic", "park-street")
    assert (lines[0], is_broken) == ("park-street: 1 more that the trail says were issued is missing.", True)


def test_withdrawal_or_erasure_that_was_taken_back_is_named(world):
    withdraw(world.rows[1], "Wrong.", by=world.by)
    erase(world.rows[2], "Asked for.", by=world.by)
    assert not verified()[1]
    for table in ("withdrawndocument", "eraseddocument"):
        tamper(f"DELETE FROM clinic_{table}")
    assert verified() == broken(
        "000003: its content is missing.", "000002: its withdrawal was removed.", "000003: its erasure was removed."
    )


def test_other_key_fits_no_row(world, settings):
    settings.SEAL_KEY = "another"
    lines, is_broken = verified("--clinic", "quay")
    assert (lines, is_broken) == (["quay: 000001 was changed.", "quay: 1 document, not all as issued."], True)


def test_key_of_before_fits_its_rows_and_no_changed_one(world, settings):
    settings.SEAL_KEY_FALLBACKS, settings.SEAL_KEY = [settings.SEAL_KEY], "another"
    assert verified("--clinic", "quay") == (["quay: 1 document, all as issued."], False)
    tamper("UPDATE clinic_document SET engine_version = '9' WHERE id = %s", world.other.pk)
    assert verified("--clinic", "quay")[0][0] == "quay: 000001 was changed."


def test_walk_asks_the_same_however_long_the_ledger_is(world, django_assert_num_queries):
    # Whether there is such a clinic; the clinic; its rows; three kinds of events; the rows that the issued ones are.
    with django_assert_num_queries(7):
        verified("--clinic", "quay")
    with django_assert_num_queries(7):
        verified("--clinic", "park-street")


def test_withdrawing_and_erasing_want_a_reason_and_happen_once(world):
    row = world.rows[0]
    for end, model in ((withdraw, WithdrawnDocument), (erase, ErasedDocument)):
        with pytest.raises(ValueError, match="reason"):
            end(row, " ", by=world.by)
        assert end(row, "One.", by=world.by) == end(row, "Two.", by=world.by) == model.objects.get()
        assert model.objects.get().why == "One."
    assert [content.document for content in DocumentContent.objects.filter(document__in=world.rows)] == world.rows[1:]


def test_document_is_written_over_by_nothing(world):
    row = world.rows[0]
    for write in (
        lambda: again(row).save(),
        lambda: again(row).save(force_update=True),
        row.save,
        lambda: Document.objects.bulk_update([row], ["kind"]),
        lambda: Document.objects.filter(pk=row.pk).update(kind="letter"),
        row.delete,
        lambda: Document.objects.filter(pk=row.pk).delete(),
        lambda: Document.objects.update_or_create(pk=row.pk, defaults={"kind": "letter"}),
    ):
        with pytest.raises(REFUSED), transaction.atomic():
            write()
    assert columns(Document.objects.get(pk=row.pk)) == columns(row)


def test_content_is_written_over_by_nothing(world):
    content = world.rows[0].content
    for write in (
        content.save,
        content.delete,
        lambda: DocumentContent.objects.update(pdf=b"%PDF-1.7 other"),
        lambda: DocumentContent.objects.all().delete(),
    ):
        with pytest.raises(REFUSED), transaction.atomic():
            write()
    assert not verified()[1]


def test_document_is_made_past_issuing_by_no_way(world):
    fields = {name: value for name, value in columns(world.rows[0]).items() if name != "id"} | {"number": 99}
    before = Document.objects.count()
    for write in (
        lambda: Document(**fields).save(),
        lambda: Document(**fields).save(force_insert=True),
        lambda: Document.objects.create(**fields),
        lambda: Document.objects.bulk_create([Document(**fields)]),
        lambda: Document.objects.get_or_create(pk=10**6, defaults=fields),
        lambda: Document.objects.update_or_create(pk=10**6, defaults=fields),
        lambda: world.patient.documents.create(**fields),
        lambda: world.patient.documents.bulk_create([Document(**fields)]),
        lambda: world.patient.documents.add(Document(**fields), bulk=False),
    ):
        with pytest.raises(OneDoorError), transaction.atomic():
            write()
    assert Document.objects.count() == before


def test_check_code_is_80_bits_and_is_read_as_people_type_it():
    codes = {new_check_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {16}
    assert {letter for code in codes for letter in code} == set(ALPHABET)
    assert in_groups("0123456789ABCDEF") == "0123-4567-89AB-CDEF"
    assert read_check_code(" o123-il67–89ab\tCDEF ") == "0123116789ABCDEF"


def erase_by_command(slug, number, by, why):
    said = StringIO()
    call_command("erase_document", slug, str(number), by=by, why=why, stdout=said)
    return said.getvalue()


def test_command_erases_one_document_and_says_so(world):
    said = erase_by_command("park-street", 2, world.by.email, "The patient asked for it.")
    assert said == "park-street: document 000002 is erased. Its row stays.\n"
    erased = ErasedDocument.objects.get()
    assert (erased.document, erased.by, erased.why) == (world.rows[1], world.by, "The patient asked for it.")
    assert not verified()[1]


@pytest.mark.parametrize(
    ("slug", "number", "by", "why", "refusal"),
    [
        ("park-street", 6, "perry@demo.example", "Asked.", "park-street has no document 000006."),
        ("quay", 1, "perry@demo.example", "Asked.", "Nobody with this e-mail"),
        ("park-street", 1, "perry@demo.example", " ", "Say why"),
    ],
)
def test_command_erases_nothing_for_nobody_or_without_a_reason(world, slug, number, by, why, refusal):
    with pytest.raises(CommandError, match=refusal):
        erase_by_command(slug, number, by, why)
    assert DocumentContent.objects.count() == 6


@pytest.mark.parametrize(("of", "lost"), [(Membership, {"suspended": True}), (User, {"is_active": False})])
def test_command_erases_nothing_for_somebody_who_lost_their_rights(world, of, lost):
    of.objects.update(**lost)
    with pytest.raises(CommandError, match="Nobody with this e-mail"):
        erase_by_command("park-street", 1, world.by.email, "Asked.")
    assert DocumentContent.objects.count() == 6
