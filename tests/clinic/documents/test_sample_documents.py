"""The command that writes one of each paper, and the worst of each."""

import pytest
from django.core.management import CommandError, call_command

from clinic.documents.rendering import render
from clinic.documents.samples import LONG_NAME, samples
from clinic.models import Document
from tests.support.pdf import Pdf

pytestmark = pytest.mark.one_database

# What is issued, and what is made without being stored.
KINDS = sorted([*Document.Kind.values, "blank-form"])
SAMPLES = {sample.name: sample for sample in samples()}
# Of these a patient can take one along that nobody keeps.
TAKEN_ALONG = ("copy", "letter")


def test_there_is_a_usual_and_a_worst_one_of_every_kind_of_paper():
    assert [name for name in SAMPLES if not name.endswith("-unstored")] == [
        name for kind in KINDS for name in (kind, f"{kind}-worst")
    ]


def test_what_is_issued_is_drawn_with_a_mark_and_what_is_kept_nowhere_without():
    without = [f"{kind}-unstored" for kind in TAKEN_ALONG]
    assert [name for name, sample in SAMPLES.items() if not sample.mark] == ["blank-form", "blank-form-worst", *without]


def test_one_kind_is_written_without_a_database(tmp_path, capsys):
    folder = tmp_path / "papers"
    call_command("sample_documents", str(folder), "--only", "letter")
    written = {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
    assert {name: data[:5] for name, data in written.items()} == dict.fromkeys(
        ("letter-unstored.pdf", "letter-worst.pdf", "letter.pdf"), b"%PDF-"
    )
    told = capsys.readouterr().out.splitlines()
    names = ("letter.pdf", "letter-unstored.pdf", "letter-worst.pdf")
    assert told == [f"{folder / name}, {len(written[name]):,} bytes" for name in names]
    # The same papers again are the same bytes.
    call_command("sample_documents", str(folder), "--only", "letter")
    assert {file.name: file.read_bytes() for file in sorted(folder.iterdir())} == written


def test_a_folder_with_other_files_is_left_as_it_is(tmp_path):
    (tmp_path / "letter.pdf").write_bytes(b"a sample of last time")
    (tmp_path / "accounts.pdf").write_bytes(b"not ours")
    with pytest.raises(CommandError, match=r"holds other files, such as accounts\.pdf"):
        call_command("sample_documents", str(tmp_path))
    assert (tmp_path / "letter.pdf").read_bytes() == b"a sample of last time"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "papers").write_bytes(b"")
    with pytest.raises(CommandError, match="is a file"):
        call_command("sample_documents", str(tmp_path / "papers"))


def test_a_kind_that_is_not_there_is_named_with_those_that_are(tmp_path):
    with pytest.raises(CommandError, match=f"no document invoice.*{', '.join(KINDS)}"):
        call_command("sample_documents", str(tmp_path), "--only", "invoice")


def test_the_long_name_has_sixty_letters():
    assert len(LONG_NAME) == 60


@pytest.mark.sweep
@pytest.mark.parametrize("name", list(SAMPLES))
def test_every_sample_is_a_paper_without_a_fault(name):
    pdf = Pdf(render(SAMPLES[name].made(), SAMPLES[name].mark))
    assert (pdf.faults, pdf.links) == ([], [])
    if name.endswith("-worst"):
        # Where a line ends, a text goes on below.
        assert "<script>alert(1)</script><imgsrc=" in pdf.text.replace(" ", "")
