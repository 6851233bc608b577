"""Every setting comes from the environment, and every one of them stands in this table.

`docs/settings.md` is made from it (`python -m tongyu.config.environment`); a test compares them.
Nothing here needs Django. Read a setting as `environment.PORT.value()`.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit

from tongyu.config.readers import (
    address,
    at_least_two,
    database_name,
    day_or_none,
    folder,
    gateway,
    names,
    pair,
    seconds,
    span_of_day,
    text,
    triple,
    whole_number,
    yes_or_no,
)

T = TypeVar("T")


class SettingError(Exception):
    """A setting whose value cannot be used; the message names it and says what is wanted."""


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One variable: its name, its default as it would be typed, what it means, how it is read."""

    name: str
    default: str
    meaning: str
    parse: Callable[[str], T]
    shown: str = ""
    """What the table says when the default is not a literal, for example "generated"."""
    secret: bool = False
    """A message about a wrong value does not repeat it."""

    def value(self, environ: Mapping[str, str] | None = None) -> T:
        """The value in force; an unset or empty variable means the default."""
        source = os.environ if environ is None else environ
        raw = source.get(self.name) or self.default
        try:
            return self.parse(raw)
        except ValueError:
            wanted = (self.parse.__doc__ or "").strip()
            said = self.name if self.secret else f"{self.name}={raw!r}"
            raise SettingError(f"{said} cannot be used. Wanted: {wanted}") from None


def home() -> Path:
    """The checkout this package runs from, or the working folder when it was installed as a wheel."""
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "pyproject.toml").exists() else Path.cwd()


DATABASE_URL = Setting(
    "TONGYU_DATABASE_URL",
    "",
    "PostgreSQL 15 or newer, as the role that owns the tables (migrations, plan loader). "
    "Form: postgresql://user:password@host:5432/tongyu",
    text,
    "the embedded server",
)
APP_DATABASE_URL = Setting(
    "TONGYU_APP_DATABASE_URL",
    "",
    "The same database as the application's own role, which owns nothing and is bound by row-level security",
    text,
    "derived: role tongyu_app, its password from the secret key",
)
VAR = Setting(
    "TONGYU_VAR",
    str(home() / "var"),
    "Folder for everything that is made while running: embedded database, keys, files",
    folder,
    "var/ in the checkout",
)
MEDIA = Setting("TONGYU_MEDIA", "", "Folder for uploaded files", text, "media/ in TONGYU_VAR")
STATIC = Setting(
    "TONGYU_STATIC",
    "",
    "Folder that collectstatic fills and whitenoise serves",
    text,
    "static/ in TONGYU_VAR",
)
SECRET_KEY = Setting(
    "TONGYU_SECRET_KEY",
    "",
    "Signs sessions and links; 50 characters or more",
    text,
    "generated into secret_key in TONGYU_VAR, readable by its owner only",
)
DATA_KEY = Setting(
    "TONGYU_DATA_KEY",
    "",
    "Encrypts sensitive columns: 32 bytes in base64. Losing it loses the data",
    text,
    "generated into data_key in TONGYU_VAR, readable by its owner only",
)
OLD_DATA_KEYS = Setting(
    "TONGYU_OLD_DATA_KEYS",
    "",
    "Keys of before a rotation, each 32 bytes in base64: what they encrypted stays readable",
    names,
    "none",
)
INDEX_KEY = Setting(
    "TONGYU_INDEX_KEY",
    "",
    "Key of the blind index, 32 bytes in base64. Set it to the old derived one before rotating TONGYU_DATA_KEY",
    text,
    "derived from TONGYU_DATA_KEY",
)
CRYPTO = Setting(
    "TONGYU_CRYPTO",
    "aes-256-gcm",
    "What is encrypted from now on: aes-256-gcm or sm4-gcm; both stay readable",
    text,
)
INDEX_HASH = Setting(
    "TONGYU_INDEX_HASH",
    "sha256",
    "Hash of the blind index, sha256 or sm3; changing it means rebuilding every index",
    text,
)
DEBUG = Setting("TONGYU_DEBUG", "no", "Error pages with details; never in production", yes_or_no)
ALLOWED_HOSTS = Setting(
    "TONGYU_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "Host names the server answers to", names
)
HTTPS = Setting(
    "TONGYU_HTTPS", "no", "Users reach the server by https: secure cookies, HSTS, redirect", yes_or_no
)
PROXIES = Setting(
    "TONGYU_PROXIES",
    "0",
    "Proxies in front; with 0 all callers behind one share its limit of sign-ins",
    whole_number,
)
HOST = Setting("TONGYU_HOST", "127.0.0.1", "Address that `tongyu run` listens on", text)
PORT = Setting("TONGYU_PORT", "8000", "Port that `tongyu run` listens on", whole_number)
WORKERS = Setting("TONGYU_WORKERS", "2", "Server processes", whole_number)
THREADS = Setting("TONGYU_THREADS", "4", "Threads in each server process", whole_number)
POOL = Setting("TONGYU_POOL", "8", "Database connections each process may hold", at_least_two)
PLAN = Setting(
    "TONGYU_PLAN",
    str(Path(__file__).resolve().parents[1] / "plan/editions/yongjing-2024-5"),
    "Folder of the plan edition loaded on first start",
    folder,
    "src/tongyu/plan/editions/yongjing-2024-5",
)
DEMO_STUDENTS = Setting(
    "TONGYU_DEMO_STUDENTS",
    "3000",
    "Pupils of the invented county made on first start; 0 makes none",
    whole_number,
)
TODAY = Setting(
    "TONGYU_TODAY",
    "",
    "A fixed day instead of the clock's, for demonstrations and tests",
    day_or_none,
    "the clock's day in Asia/Shanghai",
)
BOARD_SECONDS = Setting(
    "TONGYU_BOARD_SECONDS",
    "1",
    "How long a process keeps the drawn board of a whole county; 0 draws it for every request",
    seconds,
)
SIGN_IN_WECHAT = Setting(
    "TONGYU_SIGN_IN_WECHAT",
    "",
    "Sign-in inside WeChat: AppID and AppSecret of a verified service account (服务号), APPID:SECRET",
    pair,
    "off",
    secret=True,
)
SIGN_IN_WECHAT_WEB = Setting(
    "TONGYU_SIGN_IN_WECHAT_WEB",
    "",
    "The same in other browsers, by QR code: a website application (网站应用) under the same open-platform account",
    pair,
    "off",
    secret=True,
)
SIGN_IN_WECOM = Setting(
    "TONGYU_SIGN_IN_WECOM",
    "",
    "Sign-in with WeCom (企业微信): CORPID:AGENTID:SECRET of the application whose trusted domain is this server",
    triple,
    "off",
    secret=True,
)
SIGN_IN_DINGTALK = Setting(
    "TONGYU_SIGN_IN_DINGTALK",
    "",
    "Sign-in with DingTalk (钉钉): client id and secret of the application, ID:SECRET",
    pair,
    "off",
    secret=True,
)
SIGN_IN_RELAY = Setting(
    "TONGYU_SIGN_IN_RELAY",
    "",
    "Where a closed network reaches the vendors of sign-in: RELAY/api.weixin.qq.com/… stands for https://api.weixin.qq.com/…",
    address,
    "none: the vendors themselves",
)
LOG_LEVEL = Setting("TONGYU_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR", text)
TEST_DB = Setting(
    "TONGYU_TEST_DB",
    "test_tongyu",
    "Name of the tests' database; each developer takes an own one",
    database_name,
)
CHROMIUM = Setting(
    "TONGYU_CHROMIUM",
    "",
    "Browser that the browser tests drive; empty: Debian's chromium-headless-shell, else its chromium",
    text,
)

QUIET_HOURS = Setting(
    "TONGYU_QUIET_HOURS",
    "21:00-07:00",
    "When no message rings outside, in the time of China; what comes up is sent at the end. One-time codes are exempt",
    span_of_day,
)
PUBLIC_URL = Setting(
    "TONGYU_PUBLIC_URL",
    "",
    "Where people reach this server; messages outside link to it",
    address,
    "no links",
)
SMS_GATEWAY = Setting(
    "TONGYU_SMS_GATEWAY",
    "",
    "Sends text messages: aliyun, or console, which writes them to the log where there is an invented county or debug",
    gateway,
    "console where TONGYU_DEMO_STUDENTS is above 0, else none",
)
SMS_URL = Setting("TONGYU_SMS_URL", "https://dysmsapi.aliyuncs.com", "Address of the SMS gateway", address)
SMS_KEY = Setting("TONGYU_SMS_KEY", "", "Access key id of the SMS gateway", text, "none")
SMS_SECRET = Setting("TONGYU_SMS_SECRET", "", "Access key secret of the SMS gateway", text, "none")
SMS_SIGN = Setting("TONGYU_SMS_SIGN", "", "Approved signature of text messages", text, "none")
SMS_TEMPLATES = Setting(
    "TONGYU_SMS_TEMPLATES",
    "",
    "Approved templates by our keys: code=SMS_1,bulletin=SMS_2. `code` takes ${code}; `bulletin`, `bulletin_reminder` "
    "and `contact` (a parent who is away is reminded) take nothing. Without one no SMS of that kind goes out",
    text,
    "none",
)
SMTP_URL = Setting(
    "TONGYU_SMTP_URL",
    "",
    "Mail server: smtp://user:password@host:587 (STARTTLS), smtps://user:password@host:465, smtp://host:25",
    text,
    "no e-mail",
)
MAIL_FROM = Setting("TONGYU_MAIL_FROM", "", "Sender of e-mail", text, "none")
WECOM_URL = Setting(
    "TONGYU_WECOM_URL", "https://qyapi.weixin.qq.com", "Address of WeCom's interface", address
)
WECOM_CORP = Setting("TONGYU_WECOM_CORP", "", "Corporation id (corpid) in WeCom", text, "none")
WECOM_AGENT = Setting("TONGYU_WECOM_AGENT", "", "Application (agentid) that writes to staff", text, "none")
WECOM_SECRET = Setting("TONGYU_WECOM_SECRET", "", "Secret of that application", text, "none")
SCHOOL_AGENT = Setting(
    "TONGYU_SCHOOL_AGENT", "", "Application of WeCom that writes to parents (家校沟通)", text, "none"
)
SCHOOL_SECRET = Setting("TONGYU_SCHOOL_SECRET", "", "Secret of that application", text, "none")
DINGTALK_URL = Setting(
    "TONGYU_DINGTALK_URL", "https://oapi.dingtalk.com", "Address of DingTalk's interface", address
)
DINGTALK_APP = Setting("TONGYU_DINGTALK_APP", "", "Key of the application (appkey) in DingTalk", text, "none")
DINGTALK_SECRET = Setting("TONGYU_DINGTALK_SECRET", "", "Secret of that application", text, "none")
DINGTALK_AGENT = Setting("TONGYU_DINGTALK_AGENT", "", "Its agent id, for work notices", text, "none")

ALL: tuple[Setting[object], ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Setting)
)


def var_folder() -> Path:
    """The folder for everything made while running; created when missing."""
    path = VAR.value()
    path.mkdir(parents=True, exist_ok=True)
    return path


def media_folder() -> Path:
    """Where uploaded files lie."""
    return folder(MEDIA.value()) if MEDIA.value() else VAR.value() / "media"


def static_folder() -> Path:
    """Where collected static files lie."""
    return folder(STATIC.value()) if STATIC.value() else VAR.value() / "static"


def _generated(name: str, make: Callable[[], str]) -> str:
    """The text of a key file in the var folder; made once, readable by its owner only."""
    path = var_folder() / name
    if not path.exists():
        draft = path.with_name(f"{name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(make() + "\n")
        with suppress(FileExistsError):  # another process was faster: its key counts
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def secret_key() -> str:
    """The key that signs sessions and links."""
    return SECRET_KEY.value() or _generated("secret_key", lambda: secrets.token_urlsafe(50))


def data_key() -> bytes:
    """The 32 bytes that encrypt sensitive columns."""
    raw = DATA_KEY.value() or _generated(
        "data_key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    )
    return _key(DATA_KEY.name, raw)


def old_data_keys() -> tuple[bytes, ...]:
    """The keys that only read."""
    return tuple(_key(OLD_DATA_KEYS.name, raw) for raw in OLD_DATA_KEYS.value())


def index_key() -> bytes:
    """The key of the blind index; empty when it is derived from the data key."""
    return _key(INDEX_KEY.name, INDEX_KEY.value()) if INDEX_KEY.value() else b""


def sign_in_ways() -> dict[str, tuple[str, ...]]:
    """The vendors through which people may sign in, with what each of them was given; one that is not set is off."""
    given = {
        "weixin": SIGN_IN_WECHAT.value(),
        "weixin_web": SIGN_IN_WECHAT_WEB.value(),
        "wecom": SIGN_IN_WECOM.value(),
        "dingtalk": SIGN_IN_DINGTALK.value(),
    }
    return {key: words for key, words in given.items() if words}


def _key(name: str, raw: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(raw)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise SettingError(f"{name} must be 32 bytes in base64, not {len(key)}")
    return key


def channels() -> dict[str, dict[str, str]]:
    """What each channel of `tongyu.notices` needs; one whose settings are missing stays off."""
    demo = DEMO_STUDENTS.value() > 0
    wecom = {"url": WECOM_URL.value(), "corp": WECOM_CORP.value()}
    return {
        "sms": {
            "gateway": SMS_GATEWAY.value() or ("console" if demo else ""),
            "demo": "yes" if demo else "",
            "url": SMS_URL.value(),
            "key": SMS_KEY.value(),
            "secret": SMS_SECRET.value(),
            "sign": SMS_SIGN.value(),
            "templates": SMS_TEMPLATES.value(),
        },
        "mail": {"host": mail_server().get("EMAIL_HOST", ""), "sender": MAIL_FROM.value()},
        "wecom": {**wecom, "agent": WECOM_AGENT.value(), "secret": WECOM_SECRET.value()},
        "school": {**wecom, "agent": SCHOOL_AGENT.value(), "secret": SCHOOL_SECRET.value()},
        "dingtalk": {
            "url": DINGTALK_URL.value(),
            "app": DINGTALK_APP.value(),
            "secret": DINGTALK_SECRET.value(),
            "agent": DINGTALK_AGENT.value(),
        },
    }


def mail_server() -> dict[str, Any]:
    """Django's settings for the mail server; empty without one."""
    if not SMTP_URL.value():
        return {}
    parts = urlsplit(SMTP_URL.value())
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise SettingError(f"{SMTP_URL.name} must look like smtp://user:password@host:587")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
    }


def app_password() -> str:
    """Password of the application's role, derived from the secret key so that nothing more must be kept."""
    return hmac.new(secret_key().encode(), b"tongyu_app database role", hashlib.sha256).hexdigest()


def table() -> str:
    """The settings as the page docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Every setting comes from the environment; nothing has to be set for `make run`. Made from",
        "`src/tongyu/config/environment.py` by `python -m tongyu.config.environment > docs/settings.md`.",
        "",
        "| variable | default | meaning | form |",
        "|---|---|---|---|",
    ]
    for setting in ALL:
        default = setting.shown or f"`{setting.default}`"
        form = (setting.parse.__doc__ or "").strip().rstrip(".")
        lines.append(f"| `{setting.name}` | {default} | {setting.meaning} | {form} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")
