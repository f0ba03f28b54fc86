from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "Clinic"

    def ready(self) -> None:
        import clinic.people.second_factor  # noqa: F401 - listens to allauth's signals
        import clinic.privacy.sealing  # noqa: F401 - listens for new events
        from clinic.people.sign_in import make_room_for_limits

        post_migrate.connect(make_room_for_limits, sender=self)
