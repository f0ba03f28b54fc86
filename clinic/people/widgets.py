"""Lists of choices to which a link from the error summary leads."""

from django import forms


class Radios(forms.RadioSelect):
    """Radio buttons; a link from the error summary leads to the first of them."""

    def id_for_label(self, id_: str, index: str | None = "0") -> str:
        """Give the id of the button at `index`."""
        return super().id_for_label(id_, index)


class Boxes(forms.CheckboxSelectMultiple):
    """Checkboxes; a link from the error summary leads to the first of them."""

    def id_for_label(self, id_: str, index: str | None = "0") -> str:
        """Give the id of the box at `index`."""
        return super().id_for_label(id_, index)
