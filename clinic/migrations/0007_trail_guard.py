"""PostgreSQL itself refuses to change or remove what is only ever added to, whoever asks it.

TRUNCATE is left to the owner of the tables, who could drop the triggers as well: `manage.py flush` needs it.
"""

from django.db import migrations

GUARDED = ("clinic_event", "clinic_seal", "clinic_document")
REFUSE = """
CREATE FUNCTION clinic_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed and never removed.', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$
"""


def guard(_apps, editor):
    """Set the triggers, where the database is PostgreSQL."""
    if editor.connection.vendor == "postgresql":
        editor.execute(REFUSE, params=None)
        for table in GUARDED:
            editor.execute(
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION clinic_append_only()"
            )


def release(_apps, editor):
    """Take the triggers away."""
    if editor.connection.vendor == "postgresql":
        for table in GUARDED:
            editor.execute(f"DROP TRIGGER append_only ON {table}")
        editor.execute("DROP FUNCTION clinic_append_only()")


class Migration(migrations.Migration):
    dependencies = [("clinic", "0006_trust")]
    operations = [migrations.RunPython(guard, release)]
