"""The kinds of what is in the trail, by the words of its actions: what an owner filters by."""

from django.db.models import Q

VIEWS = (
    Q(action__endswith=" read")
    | Q(action__in=("document read by link", "consent read before signing", "date of birth confirmed"))
)  # fmt: skip
EXPORTS = Q(action__contains=" exported") | Q(action__endswith=" taken along") | Q(action="evidence pack made")
REFUSALS = (
    Q(action__contains=" refused")
    | Q(action__startswith="wrong date of birth")
    | Q(action="link closed after five wrong dates of birth")
    | Q(action__endswith=" found changed")
)
SIGN_INS = Q(action__in=("signed in", "signed out", "sign-in refused", "tablet handed over", "password set")) | (
    Q(action__startswith="second factor") | Q(action__startswith="recovery code") | Q(action="sign-in code refused")
)
RUNNING = (
    Q(action__startswith="role changed")
    | Q(action__startswith="person ")
    | Q(action__startswith="clinic ")
    | Q(action__startswith="device ")
    | Q(action__startswith="rules ")
    | Q(action__startswith="retention ")
    | Q(action__startswith="head of the trail")
)
KINDS = {
    "views": ("Looked at", VIEWS),
    "exports": ("Exports", EXPORTS),
    "refusals": ("Refusals", REFUSALS),
    "sign-ins": ("Signing in and out", SIGN_INS),
    "running": ("Team, settings, rules", RUNNING),
    "changes": ("Changes of records", ~(VIEWS | EXPORTS | REFUSALS | SIGN_INS | RUNNING)),
}
# What tells who has seen a record: looks at it, and what was taken out of it.
SEEN = VIEWS | EXPORTS
