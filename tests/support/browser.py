"""A real browser, and the demo as `make run` serves it, for the tests that look at pages."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.support.processes import ROOT, environment

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# In ms. A busy machine takes long; what holds is seen at once all the same.
expect.set_options(timeout=30_000)

RUN_WHAT_COMES = """
import contextlib, io, json, sys, traceback
for line in sys.stdin:
    said, failed = io.StringIO(), ""
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), {})
    except Exception:
        failed = traceback.format_exc()
    print(json.dumps([said.getvalue(), failed]), flush=True)
"""


@pytest.fixture(scope="session")
def chromium():
    """The machine's own browser; CHROMIUM names another than Debian's."""
    with sync_playwright() as playwright:
        program = shutil.which(os.environ.get("CHROMIUM", "chromium"))
        assert program, "No Chromium was found: set CHROMIUM, or run make test, which installs it."
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints():
    """What pages complained about in the console; any left at the end fails the test."""
    found = []
    yield found
    assert found == []


@pytest.fixture
def open_page(chromium, complaints):
    """Open a page in a context of its own: open_page(width=360, script=False, scheme="dark")."""
    with contextlib.ExitStack() as stack:

        def open_one(*, width=360, script=True, scheme="light", **options):
            context = chromium.new_context(
                viewport={"width": width, "height": 800}, java_script_enabled=script, color_scheme=scheme, **options
            )
            stack.callback(context.close)
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            return page

        yield open_one


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory, laid_database):
    return shutil.copytree(laid_database, tmp_path_factory.mktemp("demo"), dirs_exist_ok=True)


@pytest.fixture(scope="session")
def demo_site(demo_folder):
    """The address of the demo, served by its own command on a database of its own, to which it adds its people."""
    with serve_demo(demo_folder) as address:
        yield address


@pytest.fixture(scope="session")
def in_the_demo(demo_site, demo_folder):
    """Run code with the demo's own database; give what it prints. One process runs all, as it starts slowly."""
    shell = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", RUN_WHAT_COMES],
        cwd=ROOT,
        env=environment(DEMO="1", DATA_FOLDER=str(demo_folder)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def run_there(code):
        shell.stdin.write(f"{json.dumps(code)}\n")
        shell.stdin.flush()
        said, failed = json.loads(shell.stdout.readline())
        assert not failed, failed
        return said

    yield run_there
    shell.communicate(timeout=30)


def follow(page, role, name):
    """Click what leads to another page, and wait until that page is there."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).first.click()


@contextlib.contextmanager
def serve_demo(folder, port=0):
    server = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env=environment(DEMO="1", DATA_FOLDER=str(folder), PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield address_in(server.stdout)
    finally:
        server.terminate()
        server.wait(timeout=30)
        server.stdout.close()


def address_in(lines):
    said = ""
    for line in lines:
        said += line
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return found.group()
    raise AssertionError(f"The demo did not start: {said}")
