"""The demo's people: invented, recognised by their address, which can receive no mail."""

from django.db import connection

from clinic.people.models import User

ADDRESS = "@demo.example"
PASSWORD = "a demo, and nothing else"  # noqa: S105 - printed for everybody to see; the demo answers on this machine only
PEOPLE = (
    {"email": f"olive.owner{ADDRESS}", "name": "Olive Owner", "is_staff": True, "is_superuser": True},
    {"email": f"perry.practitioner{ADDRESS}", "name": "Perry Practitioner"},
)


def strangers() -> int:
    """Give how many people in the database are not the demo's; a database still without tables holds none."""
    if User._meta.db_table not in connection.introspection.table_names():
        return 0
    return User.objects.exclude(email__endswith=ADDRESS).count()


def add_people() -> None:
    """Add the demo's people who are not there yet."""
    there = set(User.objects.values_list("email", flat=True))
    for person in PEOPLE:
        if person["email"] not in there:
            User.objects.create_user(password=PASSWORD, **person)
