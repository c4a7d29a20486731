"""Settings, from the environment only; a wrong value refuses to start."""

import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django_stubs_ext

from tinglan.lib import env

django_stubs_ext.monkeypatch()  # lets ModelForm[Row] and the like be written at run time

PACKAGE = Path(__file__).resolve().parent


def _home() -> Path:
    """Where the database, the keys and kept files are; each folder that is made is its owner's."""
    home = Path(env.text("TINGLAN_HOME", "var")).resolve()
    try:
        for folder in (*reversed(home.parents), home):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise env.SettingError("TINGLAN_HOME", str(home), "a folder to read and write") from error
    return home


HOME = _home()
DEMO = env.boolean("TINGLAN_DEMO", default=False)
DEBUG = env.boolean("TINGLAN_DEBUG", default=False)


def _kept_secret(name: str) -> str:
    """A secret made at the first start and kept beside the database, readable by its owner only."""
    given = env.secret(f"TINGLAN_{name.upper()}")
    if given:
        return given
    path = HOME / f"{name}.txt"
    try:
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        kept = path.read_text().strip()
    except OSError as error:
        raise env.SettingError("TINGLAN_HOME", str(HOME), "a folder to read and write") from error
    if not kept:  # of a full disk, say; another key would open nothing that this one sealed
        raise env.SettingError("TINGLAN_HOME", str(HOME), f"a key in {path.name}, from the backup,")
    return kept


SECRET_KEY = _kept_secret("secret_key")
FIELD_KEYS = [key for key in _kept_secret("field_key").split(",") if key]

# Demo mode signs anyone in as any member, so it must never be reachable from outside.
LISTEN = "127.0.0.1" if DEMO else env.text("TINGLAN_LISTEN", "127.0.0.1")
PORT = env.integer("TINGLAN_PORT", 8000, least=1, most=65535)
ALLOWED_HOSTS = (
    ["127.0.0.1", "localhost", "[::1]"]
    if DEMO
    else env.words("TINGLAN_HOSTS", "127.0.0.1,localhost,[::1]")
)
CSRF_TRUSTED_ORIGINS = env.addresses("TINGLAN_ORIGINS")
SITE_URL = env.address("TINGLAN_SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # Lower layers first: the worker's steps run in this order.
    "tinglan.lib.apps.LibConfig",
    "tinglan.audit.apps.AuditConfig",
    "tinglan.accounts.apps.AccountsConfig",
    "tinglan.approvals.apps.ApprovalsConfig",
    "tinglan.clocks.apps.ClocksConfig",
    "tinglan.sources.apps.SourcesConfig",
    "tinglan.monitors.apps.MonitorsConfig",
    "tinglan.events.apps.EventsConfig",
    "tinglan.alerts.apps.AlertsConfig",
    "tinglan.plans.apps.PlansConfig",
    "tinglan.replies.apps.RepliesConfig",
    "tinglan.cases.apps.CasesConfig",
    "tinglan.reports.apps.ReportsConfig",
    "tinglan.drills.apps.DrillsConfig",
    "tinglan.pages.apps.PagesConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tinglan.pages.headers.SecurityHeaders",
    "tinglan.pages.compress.CompressPages",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tinglan.accounts.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tinglan.pages.errors.SpeakErrors",
    "tinglan.pages.seeing.RoleRequired",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "tinglan.urls"
ASGI_APPLICATION = "tinglan.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tinglan.pages.context.shell",
            ],
        },
    }
]

# In WAL mode readers never wait for the writer; IMMEDIATE takes the write lock at BEGIN, so that
# two writers queue instead of failing half-way; FULL makes an answered push outlive a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000; "
    "PRAGMA mmap_size=268435456;",
}


def _port_of(url: str) -> int | str:
    try:
        return urlsplit(url).port or ""
    except ValueError as error:
        raise env.SettingError("TINGLAN_DATABASE", "…", "a port that is a number") from error


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "tinglan.lib.sqlite",  # a queue for its one writer
            "NAME": unquote(parts.path) or str(HOME / "tinglan.sqlite3"),
            "OPTIONS": SQLITE_OPTIONS,
            "TEST": {"NAME": ":memory:"},  # said, as the engine's name does not say it
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": _port_of(url),
        }
    # Of a wrong address its beginning alone is shown: the rest may hold a password.
    raise env.SettingError(
        "TINGLAN_DATABASE", parts.scheme, "sqlite:///path or postgresql://user@host/name"
    )


DATABASES = {
    "default": {
        **_database(env.secret("TINGLAN_DATABASE", "sqlite://")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Member"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "tinglan_session"
CSRF_COOKIE_NAME = "tinglan_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = env.zone("TINGLAN_ZONE", "Asia/Shanghai")
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "tinglan_language"
LOCALE_PATHS = [PACKAGE / "locale"]

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tinglan.pages.assets.VersionedFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 3600  # a changed file has another address
MEDIA_ROOT = HOME / "files"

# Bodies: a push of a few thousand posts; the push connector has its own, finer limits.
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# Hosts and networks inside that sources and webhooks may reach: "10.1.2.3, intranet.example".
FETCH_ALLOW = env.networks("TINGLAN_FETCH_ALLOW")
HEARTBEAT_URL = env.address("TINGLAN_HEARTBEAT_URL")


def _log_level(default: str) -> str:
    allowed = ("DEBUG", "INFO", "WARNING", "ERROR")
    return env.choice("TINGLAN_LOG_LEVEL", default, allowed=allowed)


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _log_level("WARNING")},
    "loggers": {
        "tinglan": {"level": _log_level("INFO")},
        "django.request": {"level": "ERROR"},
        # Anybody can ask for a host that is not ours: answered with 400, no trace of our code.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
