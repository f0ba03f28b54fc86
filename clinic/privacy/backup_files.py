"""The files that a backup goes through: each is whole before it is seen, and only its owner may read it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO


class BackupRefused(Exception):
    """A backup cannot be made or put back; the words say why, and hold nothing of what it holds."""


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write; it stands at `path` once it is whole. BackupRefused where there is one, or none can be."""
    if path.exists():
        raise BackupRefused(f"{path} is there already. Name a new file.")
    try:
        with TemporaryDirectory(prefix=".backup-", dir=path.absolute().parent) as own:
            unfinished = Path(own, "unfinished")
            with unfinished.open("xb") as file:
                unfinished.chmod(0o600)
                yield file
            put(unfinished, path)
    except OSError as fault:
        raise BackupRefused(f"{path} cannot be written: {fault.strerror}.") from fault


def put(file: Path, place: Path) -> None:
    """Let a file be seen at a place where there is none; it is on the disk by then."""
    with file.open("rb") as written:
        os.fsync(written.fileno())
    os.link(file, place)


def readable(path: Path) -> BinaryIO:
    """Open a file for reading; BackupRefused where that cannot be done."""
    try:
        return path.open("rb")
    except OSError as fault:
        raise BackupRefused(f"{path} cannot be read: {fault.strerror}.") from fault


@contextmanager
def readable_twice(source: BinaryIO) -> Iterator[BinaryIO]:
    """Give what can be read again from its beginning; what comes through a pipe is kept in a file without a name."""
    if source.seekable():
        yield source
        return
    with TemporaryFile() as kept:
        shutil.copyfileobj(source, kept)
        kept.seek(0)
        yield kept
