"""The page that says that the service failed comes also where the body that was sent cannot be read."""

import re

import pytest
from django.test import RequestFactory

from clinic.errors import failed

PARTS, FORM = "multipart/form-data", "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "written"), [(b"--x\r\nbad", PARTS), (b"", f"{PARTS}; boundary=x"), (b"a=1&" * 1500, FORM)]
)
def test_page_comes_whatever_was_sent(body, written):
    request = RequestFactory().generic("POST", "/staff/patients/add/", body, content_type=written)
    assert failed(request).status_code == 500


def test_who_typed_a_held_form_is_still_known_after_a_failure():
    request = RequestFactory().post(
        "/staff/patients/add/", {"name": "Nora", "typed_by": "3-1", "csrfmiddlewaretoken": "x"}
    )
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', failed(request).content.decode())
    assert [field for field in fields if field[0] != "csrfmiddlewaretoken"] == [("name", "Nora"), ("typed_by", "3-1")]
