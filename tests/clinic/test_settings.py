import pytest

from tests.support.processes import PRODUCTION, refusal_from, run, settings_from


def without(name):
    return {key: value for key, value in PRODUCTION.items() if key != name}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "SECRET_KEY",
            "SECRET_KEY is not set: set SECRET_KEY (or SECRET_KEY_FILE) to a random text of 50 characters or more.",
        ),
        (
            "SEAL_KEY",
            "SEAL_KEY is not set: set SEAL_KEY (or SEAL_KEY_FILE) to another random text of 50 characters or more.",
        ),
        (
            "ALLOWED_HOSTS",
            "ALLOWED_HOSTS is not set: set ALLOWED_HOSTS (or ALLOWED_HOSTS_FILE) to the names this site answers to, "
            "with commas between them.",
        ),
    ],
)
def test_production_without_a_secret_says_what_to_set(tmp_path, name, sentence):
    assert refusal_from(tmp_path, **without(name)) == sentence


def test_production_answers_to_no_host_by_pattern(tmp_path):
    sentence = refusal_from(tmp_path, **PRODUCTION | {"ALLOWED_HOSTS": "*"})
    assert sentence == "ALLOWED_HOSTS is *: name the hosts this site answers to."


@pytest.mark.parametrize("word", ["yes", "on", "", "TRUE!", "2"])
def test_a_switch_that_is_neither_true_nor_false_is_refused(tmp_path, word):
    sentence = refusal_from(tmp_path, **PRODUCTION, DEMO=word)
    assert sentence == f"DEMO is {word.lower()!r}: set it to true or false (1 and 0 will do)."


@pytest.mark.parametrize("word", ["true", "1", "True", "false", "0"])
def test_a_switch_understands_true_false_1_and_0(tmp_path, word):
    truth = word.lower() in ("true", "1")
    ours = {} if truth else PRODUCTION
    assert settings_from(tmp_path, "DEMO", DEMO=word, **ours) == {"DEMO": truth}


@pytest.mark.parametrize("name", ["SECRET_KEY", "SEAL_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
@pytest.mark.parametrize("form", ["{}", "{}_FILE"])
def test_a_demo_refuses_to_run_with_what_is_production_s(tmp_path, name, form):
    name = form.format(name)
    sentence = refusal_from(tmp_path, DEMO="1", **{name: "anything"})
    assert sentence == f"DEMO and {name} are both set: {name} is production's, so leave one out."


def test_a_demo_answers_to_this_machine_only(tmp_path):
    assert settings_from(tmp_path, "ALLOWED_HOSTS", DEMO="1") == {"ALLOWED_HOSTS": ["127.0.0.1", "localhost"]}


@pytest.mark.parametrize(("name", "file"), [("SECRET_KEY", "secret-key"), ("SEAL_KEY", "seal-key")])
def test_a_demo_keeps_its_own_keys_readable_by_its_owner_only(tmp_path, name, file):
    first = settings_from(tmp_path, name, DEMO="1")
    assert settings_from(tmp_path, name, DEMO="1") == first
    assert (tmp_path / file).stat().st_mode & 0o777 == 0o600


def test_the_ledger_s_key_is_one_of_its_own(tmp_path):
    keys = settings_from(tmp_path, "SECRET_KEY", "SEAL_KEY", DEMO="1")
    assert keys["SEAL_KEY"] != keys["SECRET_KEY"]


def test_production_never_opens_the_demo_s_database(tmp_path):
    names = [
        settings_from(tmp_path, "DATABASES", **ours)["DATABASES"]["default"]["NAME"]
        for ours in (PRODUCTION, {"DEMO": "1"})
    ]
    assert names == [str(tmp_path / "clinic.sqlite3"), str(tmp_path / "demo.sqlite3")]


def test_the_folder_that_is_made_for_the_database_is_its_owner_s_only(tmp_path):
    settings_from(tmp_path / "data", "DEBUG", **PRODUCTION)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_debug_outside_a_demo_is_refused(tmp_path):
    sentence = refusal_from(tmp_path, **PRODUCTION, DEBUG="1")
    assert sentence == "DEBUG shows secrets to visitors: leave it out, or set DEMO=1 too on your own machine."


def test_a_secret_can_stand_in_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text("from a file, long enough to be a key of fifty characters\n", encoding="utf-8")
    found = settings_from(tmp_path, "SECRET_KEY", **without("SECRET_KEY"), SECRET_KEY_FILE=str(file))
    assert found == {"SECRET_KEY": "from a file, long enough to be a key of fifty characters"}


def test_a_secret_given_twice_is_refused(tmp_path):
    sentence = refusal_from(tmp_path, **PRODUCTION, SECRET_KEY_FILE="/nowhere")
    assert sentence == "SECRET_KEY and SECRET_KEY_FILE are both set: leave one of them out."


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path):
    sentence = refusal_from(tmp_path, **without("SECRET_KEY"), SECRET_KEY_FILE=str(tmp_path / "none"))
    assert sentence == "SECRET_KEY_FILE cannot be read (No such file or directory): set it to a readable file."


def test_an_address_chooses_postgresql_with_connections_that_last(tmp_path):
    found = settings_from(tmp_path, "DATABASES", **PRODUCTION, DATABASE_URL="postgresql://someone@db.example/clinic")
    database = found["DATABASES"]["default"]
    assert (database["ENGINE"], database["NAME"]) == ("django.db.backends.postgresql", "clinic")
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (600, True)


def test_sqlite_is_opened_for_several_writers(tmp_path):
    code = (
        "import django; django.setup(); from django.db import connection as c; k = c.cursor(); "
        "print(k.execute('PRAGMA journal_mode').fetchone()[0], k.execute('PRAGMA busy_timeout').fetchone()[0], "
        "c.transaction_mode)"
    )
    done = run("-c", code, DJANGO_SETTINGS_MODULE="clinic.settings", DEMO="1", DATA_FOLDER=str(tmp_path))
    assert done.stdout.split() == ["wal", "20000", "IMMEDIATE"], done.stderr


def test_production_hands_out_no_cookie_without_tls(tmp_path):
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "DEBUG")
    assert settings_from(tmp_path, *names, **PRODUCTION) == dict.fromkeys(names[:3], True) | {"DEBUG": False}


def test_passwords_are_kept_with_argon2():
    from django.contrib.auth.hashers import make_password

    assert make_password("a password").startswith("argon2$")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ("localhost", 25, "", "", False, False)),
        ("smtp+tls://me%40x:p%2Fw@mail.example", ("mail.example", 587, "me@x", "p/w", True, False)),
        ("smtps://me:pw@mail.example:4650", ("mail.example", 4650, "me", "pw", False, True)),
    ],
)
def test_mail_goes_out_by_the_server_named_in_the_environment(tmp_path, address, expected):
    names = ["HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL"]
    found = settings_from(tmp_path, *(f"EMAIL_{name}" for name in names), **PRODUCTION, EMAIL_URL=address)
    assert tuple(found.values()) == expected


def test_a_mail_server_that_is_not_understood_is_refused(tmp_path):
    sentence = refusal_from(tmp_path, **PRODUCTION, EMAIL_URL="mail.example")
    assert sentence == "EMAIL_URL is not understood: set it to smtp+tls://user:password@host:587."


def test_a_demo_mails_nobody(tmp_path):
    found = settings_from(tmp_path, "EMAIL_BACKEND", DEMO="1")
    assert found == {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}


@pytest.mark.parametrize(
    ("ours", "sentence"),
    [
        (
            {"SECURITY_CONTACT": "security@clinic.example"},
            "SECURITY_CONTACT is not understood: set it to mailto:security@clinic.example.",
        ),
        (
            {"SECURITY_CONTACT": "mailto:security@clinic.example"},
            "SECURITY_CONTACT_UNTIL is not set: set it to the day until which the contact holds.",
        ),
        ({"SECURITY_CONTACT_UNTIL": "soon"}, "SECURITY_CONTACT_UNTIL is no day: set it to one such as 2027-06-30."),
    ],
)
def test_a_contact_that_nobody_could_use_is_refused(tmp_path, ours, sentence):
    assert refusal_from(tmp_path, **PRODUCTION, **ours) == sentence
