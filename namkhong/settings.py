"""Settings of the portal: one file, read from the environment, safe by default.

docs/operations.md lists every variable. With nothing set, the portal runs embedded: SQLite, a broker in a folder, no
server beside it.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import bootstrap_wrapper
import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Exchange, Queue

from namkhong.logging import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR = Path(env("NAMKHONG_VAR", default=str(BASE_DIR / "var")))

# --- Where we stand

DEBUG = env.bool("DEBUG", default=False)
BASE_URL = env("NAMKHONG_BASE_URL", default="https://localhost").rstrip("/")
_base = urlsplit(BASE_URL)
HTTPS = _base.scheme == "https"
IN_PRODUCTION = HTTPS and not DEBUG
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
if not HTTPS and _base.hostname not in {"127.0.0.1", "localhost", "::1"}:
    raise ImproperlyConfigured(
        "NAMKHONG_BASE_URL must start with https:// unless the host is this machine (127.0.0.1)."
    )
BIND = env("NAMKHONG_BIND", default="127.0.0.1:8000")
TRUSTED_PROXIES = env.int("NAMKHONG_TRUSTED_PROXIES", default=0)


def _secret_key() -> str:
    """From SECRET_KEY, else from the file that `make setup` writes."""
    key_file = VAR / "secret.key"
    key = env("SECRET_KEY", default="") or (key_file.read_text().strip() if key_file.is_file() else "")
    if len(key) < 50:
        raise ImproperlyConfigured(
            f"no secret key: run `make setup`, or set SECRET_KEY, or write one into {key_file}."
        )
    return key


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = [_base.hostname or "localhost", *env.list("NAMKHONG_ALLOWED_HOSTS", default=[])]
if not HTTPS:
    ALLOWED_HOSTS = [*LOOPBACK, *ALLOWED_HOSTS]

# --- The house

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "whitenoise.runserver_nostatic",
    "namkhong.apps.UsedStaticFiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_filters",
    "django_tables2",
    "import_export",
    "axes",
    "rules",
    "csp",
    "django_structlog",
    "vietnamese",
    "ledger",
    "units",
    "notices",
    "documents",
    "campaigns",
    "pledges",
    "reports",
    "namkhong.apps.NamkhongConfig",
]

MIDDLEWARE = [
    "namkhong.middleware.SafeHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "namkhong.middleware.PrivatePagesMiddleware",
    "namkhong.middleware.RequestLogMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "namkhong.urls"
WSGI_APPLICATION = "namkhong.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "csp.context_processors.nonce",
                "namkhong.context.portal",
            ],
        },
    },
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
MESSAGE_TAGS = {40: "danger"}
CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5"]
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "includes/_table.html"
IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- Language and time: one language, one clock

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["vietnamese.formats"]

# --- The truth

STATEMENT_SECONDS = env.int("NAMKHONG_STATEMENT_SECONDS", default=60)
POSTGRES_OPTIONS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "statement_timeout": f"{STATEMENT_SECONDS}s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "60s",
    }.items()
)
SQLITE_OPTIONS = {
    "timeout": 20,
    # Writers queue at BEGIN instead of failing half-way through a transaction that began by reading.
    "transaction_mode": "IMMEDIATE",
    # FULL: what was acknowledged survives a power cut (rule R01); WAL alone loses the last commits.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
}
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'namkhong.sqlite3'}")}
ON_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DATABASES["default"] |= (
    {"OPTIONS": SQLITE_OPTIONS}
    if ON_SQLITE
    else {
        "OPTIONS": {"options": POSTGRES_OPTIONS, "connect_timeout": 5},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
)

REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
# In the database, with Redis too: the way to it and back costs more than the row (rule R01).
SESSION_ENGINE = "namkhong.sessions"
MEDIA_ROOT = VAR / "papers"
# The seal on papers that no agency signs (rule R28): the office's own key, or one made at the first start.
SEAL_FOLDER = VAR / "seal"
SEAL_PKCS12 = env("NAMKHONG_SEAL_PKCS12", default="")
SEAL_PASSPHRASE = env("NAMKHONG_SEAL_PASSPHRASE", default="")
# A service of RFC 3161 and, in one PEM file, the roots it stands under: with it a seal is PAdES B-LT, else B-B.
TSA_URL = env("NAMKHONG_TSA_URL", default="")
TSA_ROOTS = env("NAMKHONG_TSA_ROOTS", default="")
# Certificates of the authorities whose personal signatures the province trusts: a folder of PEM files. Where there are
# none: whether a signature is refused for that.
TRUSTED_CAS = env("NAMKHONG_TRUSTED_CAS", default="")
SIGNED_FILES_NEED_TRUST = env.bool("NAMKHONG_SIGNED_FILES_NEED_TRUST", default=False)
# The last seal, kept outside the database: a log cut short or written anew no longer fits it (rule R27).
LEDGER_HEAD_FILE = Path(env("NAMKHONG_LEDGER_HEAD_FILE", default=str(VAR / "ledger-head.json")))

# --- Who

AUTH_USER_MODEL = "units.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "namkhong.authentication.PasswordBackend",
    "units.authentication.ActivationBackend",
    "units.authentication.FactorBackend",
]
PASSWORD_HASHERS = [
    "units.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "units.passwords.NotGuessable"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "errors/locked.html"
AXES_CLIENT_IP_CALLABLE = "namkhong.middleware.client_address"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# What was typed on a failed attempt is kept for the time of the lock; secrets among it are masked.
AXES_SENSITIVE_PARAMETERS = [
    *("username", "ip_address", "password", "code", "second_factor"),
    *("old_password", "new_password1", "new_password2"),
]

OTP_TOTP_ISSUER = "Năm không"
# The window stays where the clock is: a code counts half a minute before and after its own.
OTP_TOTP_SYNC = False

# --- What a browser may do (rule R35)

SESSION_COOKIE_NAME = "__Host-phien" if HTTPS else "phien"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^suc-khoe/$"]
SECURE_HSTS_SECONDS = 2 * 365 * 86400 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# W002 looks for Django's own middleware; SafeHeadersMiddleware sets the same header on every answer.
SILENCED_SYSTEM_CHECKS = ["security.W002"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        # Bootstrap draws its check marks and arrows as data: pictures.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture",
        "encrypted-media", "fullscreen", "geolocation", "gyroscope", "magnetometer", "microphone",
        "midi", "payment", "usb",
    )
}  # fmt: skip

# --- Static files: ours, and those of pinned packages

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", bootstrap_wrapper.get_bootstrap_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "woff2", "br", "gz"]
# Debian 12 keeps version 2 beside the old fonts, later Debians in their place.
_fonts = [Path("/usr/share/fonts/truetype", name) for name in ("liberation2", "liberation")]
PAPER_FONTS = Path(env("NAMKHONG_PAPER_FONTS", default=str(next(filter(Path.is_dir, _fonts), _fonts[0]))))

# --- Mail

vars().update(env.email_url("EMAIL_URL", default=f"filemail://{VAR / 'mail'}"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="namkhong@localhost")

# --- Long work (rule R07): the broker only carries pokes

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://localhost")
_broker = urlsplit(CELERY_BROKER_URL)
BROKER_FOLDER = Path(_broker.path) if _broker.scheme == "filesystem" and _broker.path else VAR / "broker"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"folder": str(BROKER_FOLDER), "polling_interval": 0.2}
    if _broker.scheme == "filesystem"
    else {
        "visibility_timeout": 900,
        "health_check_interval": 5,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_DEFAULT_QUEUE = "celery"
# A worker serves both in turn: papers by the hundred wait for each other, never a roll-up for them.
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name) for name in (CELERY_TASK_DEFAULT_QUEUE, "papers")
]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 100
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 2
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_TIMEZONE = "UTC"

# --- Logs (rule R42)

LOGGING = logging_config(level=env("NAMKHONG_LOG_LEVEL", default="INFO"))
LOGGING_CONFIG = "logging.config.dictConfig"
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
# The line at the start of a request would add only the browser's name.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10
DJANGO_STRUCTLOG_USER_ID_FIELD = "public_id"
