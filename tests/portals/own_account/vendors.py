"""WeChat, WeCom and DingTalk as their pages describe them, on 127.0.0.1: codes and tokens that expire, error codes.

`Vendors.agree(address, person)` is the page on which a person agrees: it looks at the address as the vendor does and
gives the address to which the person is sent back.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

SECRETS = {"wx-service": "s1", "wx-web": "s2", "corp": "s3", "ding": "s4"}
WAYS = {
    "weixin": ("wx-service", "s1"),
    "weixin_web": ("wx-web", "s2"),
    "wecom": ("corp", "1000002", "s3"),
    "dingtalk": ("ding", "s4"),
}
AUTHORIZE = {
    "https://open.weixin.qq.com/connect/oauth2/authorize": ("appid", {"snsapi_base", "snsapi_userinfo"}),
    "https://open.weixin.qq.com/connect/qrconnect": ("appid", {"snsapi_login"}),
    "https://login.work.weixin.qq.com/wwlogin/sso/login": ("appid", set()),
    "https://login.dingtalk.com/oauth2/auth": ("client_id", {"openid"}),
}
CODE_SECONDS = 300


@dataclass
class Code:
    """A code that a person brings back."""

    app: str
    person: str
    scope: str
    ends: float
    used: bool = False


@dataclass
class Vendors:
    """The three of them, with what they remember and how often they were asked."""

    url: str = ""
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    say: Any = None
    """What they answer to everything instead: (status, body)."""
    virtual: bool = False
    """WeChat shows the page as a snapshot."""

    def agree(self, address: str, person: str) -> str:
        """Where the person who agrees is sent. AssertionError where the vendor would show an error."""
        parts = urlsplit(address)
        sent = dict(parse_qsl(parts.query, strict_parsing=True))
        page = f"{parts.scheme}://{parts.netloc}{parts.path}"
        name, scopes = AUTHORIZE[page]
        app, scope = sent[name], sent.get("scope", "")
        assert app in SECRETS
        assert urlsplit(sent["redirect_uri"]).path.startswith("/account/")
        assert (not scopes) or (scope in scopes and sent["response_type"] == "code")
        if "open.weixin" in page:
            assert parts.fragment == "wechat_redirect"
            assert list(sent)[:5] == ["appid", "redirect_uri", "response_type", "scope", "state"]
        if app == "corp":
            assert sent["agentid"] == "1000002"
            assert scopes or sent["login_type"] == "CorpApp"
        if app == "ding":
            assert sent["prompt"] == "consent"
        code = f"code-{len(self.codes)}"
        self.codes[code] = Code(app, person, scope, time.monotonic() + CODE_SECONDS)
        key = "authCode" if app == "ding" else "code"
        return f"{urlsplit(sent['redirect_uri']).path}?{urlencode({key: code, 'state': sent['state']})}"

    def expire_tokens(self) -> None:
        """Every token of an application ends before its time, as vendors reserve the right to."""
        self.tokens = {token: (app, 0.0) for token, (app, _ends) in self.tokens.items()}

    def answer(self, path: str, sent: dict[str, str], headers: Any) -> tuple[int, Any]:
        """Status and body."""
        self.asked[path.rpartition("/")[2]] += 1
        if self.say is not None:
            return self.say
        steps = {
            "/api.weixin.qq.com/sns/oauth2/access_token": self._wechat,
            "/qyapi.weixin.qq.com/cgi-bin/gettoken": self._gettoken,
            "/qyapi.weixin.qq.com/cgi-bin/auth/getuserinfo": self._getuserinfo,
            "/api.dingtalk.com/v1.0/oauth2/userAccessToken": self._user_token,
        }
        if path == "/api.dingtalk.com/v1.0/contact/users/me":
            return self._me(headers.get("x-acs-dingtalk-access-token", ""))
        if path.startswith("/oapi.dingtalk.com/"):
            return self._organisation(path.rpartition("/")[2], sent)
        return steps[path](sent)

    def _taken(self, code: str, app: str) -> Code | str:
        found = self.codes.get(code)
        if found is None or found.app != app or time.monotonic() > found.ends:
            return "invalid"
        if found.used:
            return "used"
        found.used = True
        return found

    def _token(self, app: str, seconds: float = 7200) -> str:
        standing = [t for t, (of, ends) in self.tokens.items() if of == app and ends > time.monotonic()]
        token = standing[0] if standing else f"token-{len(self.tokens)}"
        self.tokens[token] = (app, time.monotonic() + seconds)
        return token

    def _wechat(self, sent: dict[str, str]) -> tuple[int, Any]:
        if SECRETS.get(sent["appid"]) != sent["secret"]:
            return 200, {"errcode": 40125, "errmsg": "invalid appsecret"}
        code = self._taken(sent["code"], sent["appid"])
        if code == "used":
            return 200, {"errcode": 40163, "errmsg": "code been used"}
        if isinstance(code, str):
            return 200, {"errcode": 40029, "errmsg": "invalid code"}
        found = {
            "access_token": "person-token",
            "expires_in": 7200,
            "refresh_token": "person-refresh",
            "openid": f"{code.person}@{code.app}",
            "scope": code.scope,
        }
        if code.scope in {"snsapi_userinfo", "snsapi_login"}:
            found["unionid"] = f"union-{code.person}"
        if self.virtual:
            found["is_snapshotuser"] = 1
        return 200, found

    def _gettoken(self, sent: dict[str, str]) -> tuple[int, Any]:
        if sent["corpid"] not in SECRETS:
            return 200, {"errcode": 40013, "errmsg": "invalid corpid"}
        if SECRETS[sent["corpid"]] != sent["corpsecret"]:
            return 200, {"errcode": 40001, "errmsg": "invalid credential"}
        token = self._token(sent["corpid"])
        return 200, {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": 7200}

    def _getuserinfo(self, sent: dict[str, str]) -> tuple[int, Any]:
        app, ends = self.tokens.get(sent["access_token"], ("", 0.0))
        if not app:
            return 200, {"errcode": 40014, "errmsg": "invalid access_token"}
        if ends < time.monotonic():
            return 200, {"errcode": 42001, "errmsg": "access_token expired"}
        code = self._taken(sent["code"], app)
        if isinstance(code, str):
            return 200, {"errcode": 40029, "errmsg": "invalid code"}
        key = "userid" if code.person[0].isupper() else "openid"
        return 200, {"errcode": 0, "errmsg": "ok", key: code.person}

    def _user_token(self, sent: dict[str, str]) -> tuple[int, Any]:
        assert sent["grantType"] == "authorization_code"
        code = self._taken(sent["code"], sent["clientId"])
        if SECRETS.get(sent["clientId"]) != sent["clientSecret"] or isinstance(code, str):
            return 400, {"code": "invalidParameter.authCode.notFound", "message": "不存在的authCode"}
        token = f"ding-{code.person}"
        self.tokens[token] = ("ding", time.monotonic() + 7200)
        return 200, {"accessToken": token, "refreshToken": "r", "expireIn": 7200, "corpId": "c"}

    def _organisation(self, act: str, sent: dict[str, str]) -> tuple[int, Any]:
        """Who somebody is in the organisation of the application that sends notices; "alice" works there."""
        if act == "gettoken":
            return 200, {"errcode": 0, "access_token": "ding-token", "expires_in": 7200}
        if sent["unionid"] != "alice":
            return 200, {"errcode": 60121, "errmsg": "找不到该用户"}
        return 200, {"errcode": 0, "result": {"contact_type": 0, "userid": "staff-alice"}}

    def _me(self, token: str) -> tuple[int, Any]:
        if self.tokens.get(token, ("", 0.0))[1] < time.monotonic():
            return 400, {"code": "InvalidAuthentication", "message": "不合法的access_token"}
        person = token.removeprefix("ding-")
        return 200, {"openId": f"{person}@ding", "unionId": person, "nick": "é某", "mobile": "13800000000"}


@contextmanager
def vendors() -> Iterator[Vendors]:
    """All three behind one relay on a free port."""
    made = Vendors()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, sent: dict[str, str]) -> None:
            status, body = made.answer(urlsplit(self.path).path, sent, self.headers)
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            # WeChat says text/plain of its JSON.
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self._answer({key: value[0] for key, value in parse_qs(urlsplit(self.path).query).items()})

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
