"""The Django app `screening`."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Rule sets as rows, and the engine that screens with their published content."""

    name = "screening"
    default_auto_field = "django.db.models.BigAutoField"
