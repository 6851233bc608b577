"""Alibaba Cloud's request signature, version 3 (ACS3-HMAC-SHA256).

https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature; a test checks its worked example.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

ALGORITHM = "ACS3-HMAC-SHA256"


def signed_headers(
    url: str,
    query: Mapping[str, str],
    *,
    action: str,
    version: str,
    key: str,
    secret: str,
    nonce: str,
    moment: datetime,
    body: bytes = b"",
) -> dict[str, str]:
    """The headers of a POST with these query parameters, the signature among them."""
    address = urlsplit(url)
    headers = {
        "host": address.netloc,
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        "x-acs-date": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    asked = "&".join(f"{_encoded(name)}={_encoded(query[name])}" for name in sorted(query))
    request = "\n".join(["POST", address.path or "/", asked, lines, names, headers["x-acs-content-sha256"]])
    text = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"{ALGORITHM} Credential={key},SignedHeaders={names},Signature={signature}"
    return headers


def _encoded(text: str) -> str:
    """RFC 3986."""
    return quote(text, safe="-_.~")
