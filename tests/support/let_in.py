"""The cookies of patients: what lets a browser into an invited person's pages, and what keeps a tablet in them."""

from django.urls import reverse

from clinic.self_check import tablet
from clinic.self_check.sealing import seal
from clinic.self_check.ways import admission_name


def admission(way, *, confirmed=True, sealed_for=None):
    """Give what admits a browser to a way, as soon as somebody said when they were born; or sealed for another way."""
    return {admission_name(way): seal({"confirmed": confirmed}, f"admission to {sealed_for or way}")}


def handed_over(clinic, way):
    """Give what a tablet carries that was handed over with a self-check."""
    pages = {
        "base": reverse("self-check:welcome", args=[clinic.slug, way]),
        "logo": reverse("clinic-logo", args=[clinic.slug]),
    }
    return {tablet.NAME: seal(pages, tablet.PURPOSE)}
