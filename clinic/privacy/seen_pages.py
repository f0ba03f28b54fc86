"""What a view of each staff page is called in the trail. Pages of one kind share their words."""

from clinic.events import LONGEST_ACTION

# What these give is noted one by one by themselves: a paper, a picture, an export.
NOTED_BY_THEMSELVES = frozenset(
    {"staff-document", "staff-photograph", "staff-letter", "staff-pack", "staff-access-export", "staff-trail-export"}
)
NOBODYS = frozenset(
    {
        *("staff-day-chosen", "staff-clinic", "staff-settings", "staff-settings-change"),
        *("staff-device-add", "staff-device-change", "staff-blank-form"),
        *("staff-retention", "staff-retention-change"),
        *("staff-team", "staff-team-invite", "staff-team-member", "staff-team-role", "staff-team-suspend"),
        *("staff-team-take-back", "staff-team-replace", "staff-team-second-factor", "staff-team-invite-again"),
    }
)
PAGES = {
    "list of the day": ("staff", "staff-day"),
    "list of patients": ("staff-patients", "staff-patient-add", "staff-visit-new"),
    "list of self-checks": ("staff-received", "staff-received-all"),
    "list of referrals": ("staff-referrals",),
    "list of adverse events": ("staff-adverse-events",),
    "record": ("staff-patient", "staff-patient-change"),
    "visit": ("staff-visit-add", "staff-visit", "staff-visit-cancel", "staff-visit-take-back"),
    "link": ("staff-link", "staff-link-mail", "staff-invitation-close", "staff-tablet"),
    "self-check": ("staff-received-one", "staff-match", "staff-unmatch", "staff-set-aside"),
    "screening": ("staff-screening", "staff-screening-correct", "staff-screening-void", "staff-copy"),
    "intake": (
        *("staff-intake", "staff-intake-save", "staff-intake-store", "staff-intake-drop", "staff-intake-open"),
        "staff-paper",
    ),
    "case": ("staff-decision-new", "staff-statement-new", "staff-referral-new"),
    "decision": ("staff-decision", "staff-countersign", "staff-decision-void", "staff-summary"),
    "referral": ("staff-referral", "staff-referral-step", "staff-referral-letter"),
    "consent": ("staff-consent-new", "staff-consent", "staff-consent-open", "staff-consent-paper"),
    "consent sheet": ("staff-consent-sheet",),
    "check": ("staff-check", "staff-check-live", "staff-start"),
    "stop": ("staff-stop",),
    "session": (
        *("staff-session", "staff-session-record", "staff-session-void", "staff-session-paper"),
        "staff-adverse-new",
    ),
    "adverse event": ("staff-adverse",),
    "papers": ("staff-papers", "staff-document-withdraw", "staff-document-share"),
    "photographs": ("staff-photographs", "staff-photographs-erase", "staff-photograph-erase"),
    "whole record": ("staff-record", "staff-hold", "staff-hold-lift", "staff-erase"),
    "trail": ("staff-trail",),
    "list of views": ("staff-patient-seen",),
}
_KIND = {name: f"{kind} read" for kind, names in PAGES.items() for name in names}


def action_of(name: str) -> str:
    """Return what a view of a staff page is called, by the page's name; empty where there is nothing to note.

    A page that nobody thought of is noted by its own name.
    """
    if name in NOTED_BY_THEMSELVES or name in NOBODYS:
        return ""
    return _KIND.get(name) or f"{name} read"[:LONGEST_ACTION]
