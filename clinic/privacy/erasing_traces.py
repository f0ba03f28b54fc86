"""What an erased person's words leave outside the tables of records: what staff typed, and a journal's pages."""

from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from clinic.consultations.decision_views import TYPED
from clinic.people.patient_views import SEARCH

# In milliseconds: nobody waits for a journal; the daily run tries again.
PATIENCE = 500
# Where a sign-in's session keeps words that somebody typed, or was told.
WORDS = (SEARCH, TYPED, SessionStorage.session_key)


def forget_traces() -> None:
    """Take what was typed out of every sign-in's session, and let the journal of the database go after the commit."""
    for session in Session.objects.iterator(chunk_size=200):
        kept = session.get_decoded()
        if [kept.pop(word) for word in WORDS if word in kept]:
            Session.objects.filter(pk=session.pk).update(session_data=SessionStore().encode(kept))
    transaction.on_commit(empty_journal, robust=True)


def empty_journal() -> None:
    """Write SQLite's journal into its file and cut it to nothing; who is reading just then has it stay for a while."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                cursor.execute(f"PRAGMA busy_timeout={int(before)}")
