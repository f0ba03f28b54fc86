from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class ClinicConfig(AppConfig):
    name = "clinic"
    verbose_name = "Clinic"

    def ready(self) -> None:
        import clinic.people.second_factor
        import clinic.people.session_limits
        import clinic.privacy.rules_changed
        import clinic.privacy.sealing  # noqa: F401 - they listen to signals
        from clinic.databases import takes_json
        from clinic.people.sign_in import make_room_for_limits

        connection_created.connect(takes_json)
        post_migrate.connect(make_room_for_limits, sender=self)
