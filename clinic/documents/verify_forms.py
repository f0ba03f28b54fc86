"""What somebody types from a paper, or sends of a file, to check it."""

import re
from typing import Any

from django import forms
from django.urls import reverse

from clinic.documents.numbers import ALPHABET, read_check_code
from clinic.people.forms import helper

CODE = re.compile(f"[{ALPHABET}]{{16}}")
DIGEST = re.compile("[0-9a-f]{64}")
LONGEST_NUMBER = 9


class PaperForm(forms.Form):
    """The number and the check code that stand on each page of a paper."""

    number = forms.CharField(
        label="Number",
        help_text="At the foot of each page, such as 000123.",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Enter the number from the foot of the paper."},
    )
    code = forms.CharField(
        label="Check code",
        help_text="Beside the number: 16 letters and digits. Hyphens and small letters make no difference.",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Enter the check code from the foot of the paper."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(reverse("verify"), "Check the paper")
        self.helper.attrs["id"] = "paper"

    def clean_number(self) -> int:
        """Return the number."""
        digits = "".join(self.cleaned_data["number"].split())
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
            raise forms.ValidationError("The number has digits only, such as 000123.")
        return int(digits)

    def clean_code(self) -> str:
        """Return the check code as it is stored."""
        code = read_check_code(self.cleaned_data["code"])
        if not CODE.fullmatch(code):
            raise forms.ValidationError("The check code has 16 letters and digits. Compare each with the paper.")
        return code


class FileForm(forms.Form):
    """The SHA-256 of a file: the file itself stays where it is."""

    digest = forms.CharField(
        label="SHA-256 of the file",
        help_text="64 digits and letters from a to f. On Linux or macOS: shasum -a 256 FILE. "
        "On Windows: certutil -hashfile FILE SHA256.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Enter the SHA-256 of the file."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(reverse("verify"), "Check the file")
        self.helper.attrs["id"] = "file"
        self.helper.inputs[0].id = "check-file"

    def clean_digest(self) -> str:
        """Return the digest as it is stored."""
        digest = "".join(self.cleaned_data["digest"].split()).lower()
        if not DIGEST.fullmatch(digest):
            raise forms.ValidationError("A SHA-256 has 64 digits and letters from a to f. Copy all of it.")
        return digest
