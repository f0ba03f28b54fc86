"""The one settings file: everything that differs between places comes from the environment.

Production is the default and refuses to start without its secrets. DEMO=1 is the other way to run, on one's own
machine only; DEBUG=1 is for its developers and needs DEMO=1.
"""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from whitenoise.compress import Compressor

from clinic.environment import contacts, day, kept_key, mail_server, required, secret, switch, whole_number, words

BASE_DIR = Path(__file__).resolve().parent.parent

DEMO = switch("DEMO")
DEBUG = switch("DEBUG")

if DEBUG and not DEMO:
    raise ImproperlyConfigured("DEBUG shows secrets to visitors: leave it out, or set DEMO=1 too on your own machine.")

DATA_FOLDER = Path(os.environ.get("DATA_FOLDER") or BASE_DIR / (".demo" if DEMO else ".data"))
DATABASE_URL = secret("DEMO_DATABASE_URL" if DEMO else "DATABASE_URL")
if DEMO or not DATABASE_URL:
    DATA_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)

if DEMO:
    for name in ("SECRET_KEY", "SEAL_KEY", "ALLOWED_HOSTS", "DATABASE_URL"):
        for given in (name, f"{name}_FILE"):
            if given in os.environ:
                raise ImproperlyConfigured(f"DEMO and {given} are both set: {given} is production's, so leave one out.")
    SECRET_KEY = kept_key(DATA_FOLDER / "secret-key")
    SEAL_KEY = kept_key(DATA_FOLDER / "seal-key")
    ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
else:
    SECRET_KEY = required("SECRET_KEY", "a random text of 50 characters or more")
    # Seals the ledger of documents and the trail: whoever has the database must not have it.
    SEAL_KEY = required("SEAL_KEY", "another random text of 50 characters or more")
    ALLOWED_HOSTS = words("ALLOWED_HOSTS", "the names this site answers to, with commas between them")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS is *: name the hosts this site answers to.")

SECRET_KEY_FALLBACKS = [key for key in secret("SECRET_KEY_FALLBACKS").split(",") if key]
SEAL_KEY_FALLBACKS = [key for key in secret("SEAL_KEY_FALLBACKS").split(",") if key]

# People and pages

INSTALLED_APPS = [
    "clinic.apps.ClinicConfig",
    "screening",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "simple_history",
]

MIDDLEWARE = [
    # What these three add stands on the answers of all that follow: on files, on refusals, on the way to https.
    "clinic.middleware.closed",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "clinic.health.health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "clinic.middleware.no_store",
    "clinic.middleware.client_address",
    "clinic.middleware.bounded",
    "clinic.middleware.utf_8_only",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.privacy.seen.note_views",
    "clinic.people.session_limits.SessionLimitsMiddleware",
    "clinic.self_check.tablet.tablet_lock",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clinic.people.second_factor.SecondFactorMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.people.access.staff_context",
                "clinic.screenings.awaiting.waiting",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

AUTH_USER_MODEL = "clinic.User"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "staff"
LOGOUT_REDIRECT_URL = "home"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "clinic.people.sign_in.Adapter"
ACCOUNT_FORMS = {
    "login": "clinic.people.forms.SignInForm",
    "reset_password": "clinic.people.forms.ForgottenPasswordForm",
    "reset_password_from_key": "clinic.people.forms.NewPasswordForm",
    "change_password": "clinic.people.forms.ChangePasswordForm",
    "reauthenticate": "clinic.people.forms.AgainPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
# Besides allauth's own limits. Of an address, behind which a whole waiting room may stand: how often it may check a
# paper, have one drawn, open a link, and try a date of birth. Of a person: issue a paper, send a link, take data out.
ACCOUNT_RATE_LIMITS = {
    "verify": "30/5m/ip",
    "paper-taken-along": "30/5m/ip",
    "link": "120/5m/ip",
    "birth": "60/5m/ip",
    "paper": "60/5m/user",
    "link-mail": "30/5m/user",
    "export": "20/5m/user",
}
# allauth's own keeps a second copy of each e-mail, which would open the account after the first was changed.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
MFA_ADAPTER = "clinic.people.second_factor.Adapter"
MFA_FORMS = {
    "activate_totp": "clinic.people.second_factor_forms.SetUpForm",
    "authenticate": "clinic.people.second_factor_forms.SignInCodeForm",
    "reauthenticate": "clinic.people.second_factor_forms.AgainCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Forethought"
MFA_RECOVERY_CODES_SHOW_ONCE = True

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ("email", "name")},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
]

# The database

DATABASES = {
    "default": dj_database_url.parse(
        DATABASE_URL or f"sqlite:///{DATA_FOLDER / ('demo.sqlite3' if DEMO else 'clinic.sqlite3')}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
    }
else:
    # As long as SQLite waits: then a page says so, before gunicorn ends the worker and nothing does.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c lock_timeout=20s")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The limits on tries live in the cache, and every process has to see the same ones.
# Django would drop a third of them as soon as there are 300: whoever comes from many addresses would lift them all.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "clinic_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Mail

if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
else:
    globals().update(mail_server("EMAIL_URL"))
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM") or f"Forethought <no-reply@{ALLOWED_HOSTS[0].lstrip('.')}>"

# Static files

STATIC_URL = "/static/"
STATIC_ROOT = None if DEMO else Path(os.environ.get("STATIC_ROOT") or BASE_DIR / ".static")
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEMO
# Those of the papers, which no browser asks for, take longer to compress than all the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf")
# whitenoise would let every other site read them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# What browsers are told

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
BEHIND_PROXY = switch("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_SECURE = not DEMO
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Whoever signed in is signed out after so many minutes without a touch, and so many hours after signing in.
SESSION_IDLE_MINUTES = whole_number("SESSION_IDLE_MINUTES", 30, 12 * 60)
SESSION_HOURS = whole_number("SESSION_HOURS", 12, 24)
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = not DEMO
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "clinic.people.holding.token_refused"
if not DEMO:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"

# The largest that a page of ours sends is a photograph of 15 MB with its form; what is no file is far smaller.
LARGEST_BODY = 16 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Whom to tell of a weakness, in /.well-known/security.txt, and until when that holds
SECURITY_CONTACT = contacts("SECURITY_CONTACT")
SECURITY_CONTACT_UNTIL = day("SECURITY_CONTACT_UNTIL")
if SECURITY_CONTACT and SECURITY_CONTACT_UNTIL is None:
    raise ImproperlyConfigured("SECURITY_CONTACT_UNTIL is not set: set it to the day until which the contact holds.")

# Language and time

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE") or "Europe/London"

# Logs go to standard error and hold nothing about a person; no log is mailed.

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "discreet": {"()": "clinic.logs.Discreet", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
