"""Document 7: everything about one patient's treatment in one ZIP, with a manifest by which it can be checked."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.template.loader import render_to_string

from clinic.documents.pack_files import PackFile, as_json

README = "papers/pack_readme.txt"
# What is larger waits on the disk, in a file that has no name.
IN_MEMORY = 4 * 1024 * 1024
# ZIP knows no earlier day. When the pack was made stands in the manifest, when a row was written in the row.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_FILE_OF_UNIX = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Made:
    """About a pack as a whole. `at`: aware; `by`: who made it; `verify`: the address where papers are checked."""

    patient: str
    treatment: str
    clinic: str
    at: datetime
    by: str
    verify: str

    @property
    def moment(self) -> str:
        """When, to the second, with the offset of the clinic's clock."""
        return self.at.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Listed:
    """One file in the manifest. `differs`: its SHA-256 is not the one that the records have for it."""

    name: str
    size: int
    sha256: str
    recorded: str

    @property
    def differs(self) -> bool:
        return self.recorded not in ("", self.sha256)


def write_pack(files: Iterable[PackFile], made: Made, readme: str = README) -> IO[bytes]:
    """Return a ZIP of the files, ready to be read; the same files and the same `made` give the same bytes.

    `readme`: the template of what the pack says of itself.
    """
    spool: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
    with ZipFile(spool, "w") as pack:
        listed = [_add(pack, file) for file in files]
        listed.append(_add(pack, PackFile("manifest.json", as_json(_manifest(listed, made)))))
        listed.append(_add(pack, PackFile("README.txt", _readme(listed, made, readme))))
        sums = "".join(f"{one.sha256}  {one.name}\n" for one in listed)
        _add(pack, PackFile("SHA256SUMS", sums.encode()))
    spool.seek(0)
    return spool


def _add(pack: ZipFile, file: PackFile) -> Listed:
    entry = ZipInfo(file.name, _NO_TIME)
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, _FILE_OF_UNIX
    pack.writestr(entry, file.content)
    return Listed(file.name, len(file.content), hashlib.sha256(file.content).hexdigest(), file.recorded)


def _manifest(listed: Iterable[Listed], made: Made) -> dict[str, object]:
    return {
        "about": {"patient": made.patient, "treatment": made.treatment, "clinic": made.clinic},
        "made": {"at": made.moment, "by": made.by},
        "files": [
            {"name": one.name, "bytes": one.size, "sha256": one.sha256}
            | ({"recorded_sha256": one.recorded, "as_recorded": not one.differs} if one.recorded else {})
            for one in listed
        ],
    }


def _readme(listed: Iterable[Listed], made: Made, template: str) -> bytes:
    changed = [one for one in listed if one.differs]
    return render_to_string(template, {"made": made, "changed": changed}).encode()
