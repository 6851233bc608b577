"""Small servers on 127.0.0.1 that behave as the vendors document: tokens that expire, limits, codes, repetitions."""

import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit


class Vendor:
    """What a vendor knows and was asked. Subclasses answer; `faults` are answered first, in order."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.faults: list[Any] = []
        self.lock = threading.Lock()

    def answer(self, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> Any:
        """The JSON answer, or a number for a bare HTTP status, or None to hang up without a word."""
        raise NotImplementedError

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _query, _body in self.asked]


@contextmanager
def serving(vendor: Vendor) -> Iterator[Vendor]:
    """The vendor at an address of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do()

        def do_POST(self) -> None:
            self._do()

        def _do(self) -> None:
            address = urlsplit(self.path)
            query = dict(parse_qsl(address.query, keep_blank_values=True))
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(raw) if raw else None
            with vendor.lock:
                vendor.asked.append((address.path, query, body))
                headers = {name.lower(): value for name, value in self.headers.items()}
                found = vendor.answer(address.path, query, body, headers)
            if found is None:
                self.close_connection = True
                return
            status, content = (
                (found, b"<html>") if isinstance(found, int) else (200, json.dumps(found).encode())
            )
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    vendor.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield vendor
    finally:
        server.shutdown()
        server.server_close()


class FakeWeCom(Vendor):
    """gettoken, message/send and externalcontact/message/send with repetitions dropped, as WeCom does."""

    users = frozenset({"lilaoshi", "wanglaoshi"})
    parents = frozenset({"parent_1", "parent_2"})

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[str] = []
        self.valid: set[str] = set()
        self.received: list[tuple[str, str]] = []
        self.seen: set[str] = set()
        self.gone = 42001

    def expire(self, code: int = 42001) -> None:
        """All tokens given out so far are over."""
        self.valid.clear()
        self.gone = code

    def answer(self, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> Any:
        if path == "/cgi-bin/gettoken":
            if (query["corpid"], query["corpsecret"]) != ("corp", "secret"):
                return {"errcode": 40001, "errmsg": "invalid credential"}
            self.tokens.append(f"token{len(self.tokens)}")
            self.valid.add(self.tokens[-1])
            return {"errcode": 0, "errmsg": "ok", "access_token": self.tokens[-1], "expires_in": 7200}
        if query.get("access_token") not in self.valid:
            return {"errcode": self.gone, "errmsg": "access_token expired"}
        if self.faults:
            fault = self.faults.pop(0)
            if fault == "lose the answer":
                self._take(path, body)
                return None
            return fault
        return self._take(path, body)

    def _take(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        content = json.dumps([path, body], sort_keys=True)
        repeated = body.get("enable_duplicate_check") == 1 and content in self.seen
        self.seen.add(content)
        if path == "/cgi-bin/message/send":
            if body["touser"] not in self.users:
                return {"errcode": 81013, "errmsg": "user & party & tag all invalid"}
            if not repeated:
                self.received.append((body["touser"], str(body[body["msgtype"]])))
            return {"errcode": 0, "errmsg": "ok", "msgid": "m1"}
        assert path == "/cgi-bin/externalcontact/message/send"
        assert body["recv_scope"] == 0
        wrong = [one for one in body["to_parent_userid"] if one not in self.parents]
        for one in body["to_parent_userid"]:
            if one not in wrong and not repeated:
                self.received.append((one, body["text"]["content"]))
        return {"errcode": 0, "errmsg": "ok", "invalid_parent_userid": wrong}


class FakeDingTalk(Vendor):
    """gettoken and asyncsend_v2; the same content to the same person once a day, with success either way."""

    users = frozenset({"u1", "u2"})

    def __init__(self) -> None:
        super().__init__()
        self.valid: set[str] = set()
        self.given = 0
        self.received: list[tuple[str, str]] = []

    def answer(self, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> Any:
        if path == "/gettoken":
            if (query["appkey"], query["appsecret"]) != ("app", "secret"):
                return {"errcode": 40089, "errmsg": "不合法的appkey或appsecret"}
            self.given += 1
            self.valid.add(f"t{self.given}")
            return {"errcode": 0, "access_token": f"t{self.given}", "expires_in": 7200}
        assert path == "/topapi/message/corpconversation/asyncsend_v2"
        if query.get("access_token") not in self.valid:
            return {"errcode": 88, "sub_code": "40014", "sub_msg": "不合法的access_token"}
        if self.faults:
            return self.faults.pop(0)
        people = body["userid_list"].split(",")
        assert len(people) <= 100
        if not any(one in self.users for one in people):
            return {"errcode": 33012, "errmsg": "无效的USERID"}
        for one in people:
            line = (one, body["msg"]["text"]["content"])
            if one in self.users and line not in self.received:
                self.received.append(line)
        return {"errcode": 0, "task_id": 256271667526, "request_id": "r"}


class FakeSms(Vendor):
    """SendSms: checks the signature as Alibaba Cloud does, refuses used nonces, limits a telephone to one a minute."""

    def __init__(self) -> None:
        super().__init__()
        self.nonces: set[str] = set()
        self.received: list[tuple[str, str, str]] = []

    def answer(self, path: str, query: dict[str, str], body: Any, headers: dict[str, str]) -> Any:
        if not self._signed(query, headers):
            return {"Code": "SignatureDoesNotMatch", "Message": "x"}
        if headers["x-acs-signature-nonce"] in self.nonces:
            return {"Code": "SignatureNonceUsed", "Message": "Specified signature nonce was used already."}
        self.nonces.add(headers["x-acs-signature-nonce"])
        if self.faults:
            fault = self.faults.pop(0)
            if fault == "lose the answer":
                self._take(query)
                return None
            return fault
        return self._take(query)

    def _take(self, query: dict[str, str]) -> dict[str, str]:
        if len(query["PhoneNumbers"]) != 11:
            return {"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "x"}
        if query["PhoneNumbers"] in {phone for phone, _code, _words in self.received}:
            return {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发分钟级流控Permits:1"}
        self.received.append((query["PhoneNumbers"], query["TemplateCode"], query["TemplateParam"]))
        return {"Code": "OK", "Message": "OK", "BizId": "900619746936498440^0", "RequestId": "r"}

    def _signed(self, query: dict[str, str], headers: dict[str, str]) -> bool:
        given = headers["authorization"]
        names = given.partition("SignedHeaders=")[2].partition(",")[0]
        lines = "".join(f"{name}:{headers[name]}\n" for name in names.split(";"))
        asked = "&".join(f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in sorted(query.items()))
        request = f"POST\n/\n{asked}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}"
        text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(request.encode()).hexdigest()
        wanted = hmac.new(b"secret", text.encode(), hashlib.sha256).hexdigest()
        return given.endswith(f"Signature={wanted}") and "Credential=key," in given


class FakeMail(socketserver.StreamRequestHandler):
    """A mail server that takes every letter but those to nobody@."""

    letters: list[tuple[str, str]] = []
    hang_up_after_data = False

    def handle(self) -> None:
        self._say("220 fake")
        to, text, reading = "", "", False
        for raw in self.rfile:
            line = raw.decode().rstrip("\r\n")
            word = line[:4].upper()
            if reading:
                if line != ".":
                    text += line + "\n"
                    continue
                reading = False
                type(self).letters.append((to, text))
                if type(self).hang_up_after_data:
                    return
                self._say("250 taken")
            elif word in {"EHLO", "HELO"}:
                self._say("250 fake")
            elif word == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                self._say("550 no such user" if to.startswith("nobody") else "250 ok")
            elif word == "DATA":
                text, reading = "", True
                self._say("354 go on")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
