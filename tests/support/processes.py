"""Runs the project in a process of its own, with settings that the tests' own process cannot have."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = {
    *("DEMO", "DEBUG", "SECRET_KEY", "SECRET_KEY_FILE", "SECRET_KEY_FALLBACKS", "ALLOWED_HOSTS", "ALLOWED_HOSTS_FILE"),
    *("SEAL_KEY", "SEAL_KEY_FILE", "SEAL_KEY_FALLBACKS"),
    *("DATABASE_URL", "DATABASE_URL_FILE", "DEMO_DATABASE_URL", "DATA_FOLDER", "STATIC_ROOT", "TIME_ZONE"),
    *("SECURITY_CONTACT", "SECURITY_CONTACT_UNTIL"),
    *("BEHIND_PROXY", "EMAIL_URL", "EMAIL_URL_FILE", "MAIL_FROM", "SESSION_IDLE_MINUTES", "SESSION_HOURS"),
}
PRODUCTION = {
    "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrst",
    "SEAL_KEY": "l" * 25 + "0123456789abcdefghijklmnopqrst",
    "ALLOWED_HOSTS": "127.0.0.1",
}


def environment(**ours):
    """Give this process's environment with none of the project's variables but the ones named."""
    return {key: value for key, value in os.environ.items() if key not in OURS} | ours


def run(*command, seconds=60, **ours):
    """Run a Python command in the project's folder for at most `seconds`; give the finished process."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(**ours),
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )


def settings_from(folder, *names, **ours):
    """Start the settings with these variables; give the named settings' values."""
    code = (
        "import json, sys; from django.conf import settings; "
        "print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))"
    )
    done = run("-c", code, *names, DATA_FOLDER=str(folder), **ours)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refusal_from(folder, **ours):
    """Start the settings with these variables, which they must refuse; give the sentence."""
    done = run("-c", "from django.conf import settings; settings.DEBUG", DATA_FOLDER=str(folder), **ours)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    name, _, sentence = last.partition(": ")
    assert name == "django.core.exceptions.ImproperlyConfigured", done.stderr
    return sentence
