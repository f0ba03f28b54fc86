"""Read before Django is set up: models are imported where they are needed."""

from tests.clinic.screenings.conftest import clinic, elsewhere, sign_in

__all__ = ["clinic", "elsewhere", "sign_in"]
