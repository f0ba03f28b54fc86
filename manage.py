"""Run one of the project's commands."""

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

OF_PRODUCTION = ("SECRET_KEY", "SEAL_KEY", "ALLOWED_HOSTS", "DATABASE_URL")


def is_demo() -> bool:
    """Tell whether nothing of production's is set in a folder where `make run` has made the demo."""
    named = any(f"{name}{form}" in os.environ for name in OF_PRODUCTION for form in ("", "_FILE"))
    return not named and (Path(__file__).parent / ".demo").is_dir()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    if is_demo():
        os.environ.setdefault("DEMO", "1")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
