"""Who gets in where: the one table, written by hand. A page that is not in it fails tests/clinic/test_roles.py.

A staff page stands in one of the first three lists by its name; a page of a patient's way in `OF_A_WAY`.
"""

from clinic.people.access import CLINICAL, EVERYBODY, OWNER_ONLY

FOR_EVERYBODY = {
    "staff", "staff-day-chosen", "staff-day", "staff-clinic", "staff-patients", "staff-patient", "staff-patient-add",
    "staff-patient-change", "staff-visit-new", "staff-visit-add", "staff-visit", "staff-visit-cancel",
    "staff-visit-take-back", "staff-link", "staff-link-mail", "staff-invitation-close", "staff-tablet",
}  # fmt: skip
FOR_CLINICAL = {
    "staff-received", "staff-received-all", "staff-received-one", "staff-match", "staff-unmatch", "staff-set-aside",
    "staff-screening", "staff-screening-correct", "staff-screening-void", "staff-paper", "staff-intake-open",
    "staff-intake", "staff-intake-save", "staff-intake-store", "staff-intake-drop", "staff-decision-new",
    "staff-statement-new", "staff-referral-new", "staff-decision", "staff-countersign", "staff-decision-void",
    "staff-letter",
    "staff-referrals", "staff-referral", "staff-referral-step", "staff-check", "staff-check-live", "staff-start",
    "staff-stop", "staff-consent-new", "staff-consent", "staff-session", "staff-session-record",
    "staff-session-void", "staff-adverse-new", "staff-adverse-events", "staff-adverse",
    "staff-consent-open", "staff-consent-sheet", "staff-consent-paper",
    "staff-papers", "staff-document", "staff-document-withdraw", "staff-summary", "staff-session-paper",
    "staff-copy", "staff-document-share", "staff-referral-letter", "staff-photographs", "staff-photographs-erase",
    "staff-photograph", "staff-photograph-erase", "staff-blank-form", "staff-pack",
    "staff-patient-seen", "staff-record", "staff-access-export", "staff-hold",
}  # fmt: skip
FOR_THE_OWNER = {
    "staff-team", "staff-team-invite", "staff-team-member", "staff-team-role", "staff-team-suspend",
    "staff-team-take-back", "staff-team-replace", "staff-team-second-factor", "staff-team-invite-again",
    "staff-settings", "staff-settings-change", "staff-device-add", "staff-device-change",
    "staff-trail", "staff-trail-export",
    "staff-hold-lift", "staff-erase", "staff-retention", "staff-retention-change",
}  # fmt: skip
AUDIENCE = {
    **dict.fromkeys(FOR_EVERYBODY, EVERYBODY),
    **dict.fromkeys(FOR_CLINICAL, CLINICAL),
    **dict.fromkeys(FOR_THE_OWNER, OWNER_ONLY),
}
# A record of its own clinic is asked for, whichever it is: these addresses name none.
NAMES_NO_ROW = {"section", "day", "position", "treatment"}

STAFF = set(EVERYBODY) | {"elsewhere"}
SIGNED_IN = STAFF | {"suspended", "admin"}
BY_A_WAY = {"by-link", "signing", "reading"}
# A browser that was handed over opens its own way, the clinic's logo and the sign-in, and nothing else.
NOT_HANDED_OVER = SIGNED_IN | BY_A_WAY | {"stranger", "inactive"}
NOBODY = frozenset()
ANYBODY = NOT_HANDED_OVER | {"by-tablet"}

# What is no page of a clinic's staff, nor of a patient's way.
OTHERS = {
    **dict.fromkeys(("home", "verify", "clinic-door", "account_reset_password", "account_reset_password_done",
                     "account_reset_password_from_key", "account_reset_password_from_key_done"), NOT_HANDED_OVER),
    "sign-in": ANYBODY,
    **dict.fromkeys(("sign-out", "account_change_password", "account_reauthenticate", "mfa_index",
                     "mfa_activate_totp", "mfa_authenticate", "mfa_generate_recovery_codes"), SIGNED_IN),
    # Only who has a second factor: the tests of that are in people/test_second_factor.py.
    **dict.fromkeys(("mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes"), NOBODY),
    # There is no such logo, no such link and no contact.
    **dict.fromkeys(("clinic-logo", "link-door", "security-txt"), NOBODY),
    "admin/login/": {"admin"},
    "admin/logout/": SIGNED_IN,
}  # fmt: skip
SELF_CHECK = {
    f"self-check:{page}" for page in ("welcome", "start", "age", "where", "step", "pause", "goals", "answers", "result",
                                      "send", "receipt", "clear", "gone")
} | {"self-check-copy", "self-check-letter"}  # fmt: skip
# The pages of the patients' ways, and which ways have them. The open way is for everybody, each other for one person.
OF_A_WAY = {
    **dict.fromkeys(SELF_CHECK, frozenset({"check", "by-link", "by-tablet"})),
    "birth": {"by-link", "signing", "reading"},
    "consent-sign": {"signing"},
    **dict.fromkeys(("shared-copy", "shared-copy-paper"), frozenset({"reading"})),
}
# Django's own pages. What of them the admin may do (read, and no more) stands in tests/screening/test_admin.py.
THE_ADMIN = ("admin:", "admin/")
# It says that a way is over, and nothing else.
SAYS_IT_IS_OVER = {"self-check:over"}


def who_gets_in(name, way, parts):
    """Take a page's name, its way (none: "") and the parts of its address, give who gets in."""
    if name in AUDIENCE:
        elsewhere = {"elsewhere"} if "owner" in AUDIENCE[name] and not set(parts) - NAMES_NO_ROW else set()
        # The first page tells somebody without a clinic so.
        return set(AUDIENCE[name]) | elsewhere | ({"suspended", "admin"} if name == "staff" else set())
    if name not in OTHERS and name.startswith(THE_ADMIN):
        return {"admin"}
    if name in SAYS_IT_IS_OVER:
        return ANYBODY if way == "by-tablet" else NOT_HANDED_OVER
    if way:
        if way not in OF_A_WAY[name]:
            return set()
        return NOT_HANDED_OVER if way == "check" else {way}
    return OTHERS[name]
