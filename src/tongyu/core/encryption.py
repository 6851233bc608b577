"""Encrypted text columns and their blind index (decision E4 of trust.md).

A stored value is `version 1 | algorithm 1 | key id 4 | nonce 12 | ciphertext | tag 16` bytes. The associated
data is `table|column|primary key`, so a value moved to another row or column does not decrypt (C56, C57).

Settings: TONGYU_DATA_KEY (bytes, at least 32), TONGYU_OLD_DATA_KEYS (still readable after a rotation),
TONGYU_CRYPTO ("aes-256-gcm" or "sm4-gcm": what is written from now on; both are always readable),
TONGYU_INDEX_KEY (by default derived from the data key: set it before rotating) and TONGYU_INDEX_HASH
("sha256" or "sm3": changing it means rebuilding every blind index).
"""

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django import forms
from django.conf import settings
from django.core import checks
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.signals import setting_changed
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.dispatch import receiver
from django.utils.functional import cached_property

from tongyu.core.ciphers import PROVIDERS, TAG, Aes256Gcm, CryptoProvider

VERSION = 1
NONCE, KEY_ID = 12, 4
HEAD = 2 + KEY_ID + NONCE
INDEX_LENGTH = 16


class CryptoError(Exception):
    """A value that cannot be encrypted or decrypted; the text never holds the value itself."""


class Ciphertext(bytes):
    """Encrypted bytes as they stand in the database; never shown."""

    def __repr__(self) -> str:
        return f"<Ciphertext of {len(self)} bytes>"

    __str__ = __repr__


def derive(master: bytes, label: str, length: int) -> bytes:
    """A key for one purpose from a master key (HKDF-SHA256)."""
    return HKDF(hashes.SHA256(), length, salt=None, info=b"tongyu " + label.encode()).derive(master)


@dataclass(frozen=True)
class Keyring:
    """The cipher that writes, and every cipher that can read, by (algorithm, key id)."""

    writer: CryptoProvider
    writer_head: bytes
    readers: dict[tuple[int, bytes], CryptoProvider]
    index: hmac.HMAC
    """Begun with the index key, to be copied for every value: setting a key up costs more than the hash."""

    def seal(self, text: str, aad: bytes) -> Ciphertext:
        """Encrypt with a fresh random nonce."""
        return self.seal_bytes(text.encode("utf-8"), aad)

    def open(self, data: bytes, aad: bytes) -> str:
        """Decrypt; raises CryptoError when the value was changed, moved, or its key is unknown."""
        return self.open_bytes(data, aad).decode("utf-8")

    def seal_bytes(self, content: bytes, aad: bytes) -> Ciphertext:
        """`seal` for a whole file."""
        nonce = os.urandom(NONCE)
        return Ciphertext(self.writer_head + nonce + self.writer.seal(nonce, content, aad))

    def open_bytes(self, data: bytes, aad: bytes) -> bytes:
        """`open` for a whole file."""
        if len(data) < HEAD + TAG or data[0] != VERSION:
            raise CryptoError("not an encrypted value of this version")
        reader = self.readers.get((data[1], bytes(data[2 : 2 + KEY_ID])))
        if reader is None:
            raise CryptoError("encrypted with a key or an algorithm that is not configured")
        try:
            return reader.open(bytes(data[2 + KEY_ID : HEAD]), bytes(data[HEAD:]), aad)
        except InvalidTag:
            raise CryptoError(f"value was changed or moved: {aad.decode()}") from None


@lru_cache(maxsize=8)
def _keyring(key: bytes, old: tuple[bytes, ...], cipher: str, index_key: bytes, index_hash: str) -> Keyring:
    for master in (key, *old):
        if len(master) < 32:
            raise ImproperlyConfigured("TONGYU_DATA_KEY must have at least 32 bytes")
    if cipher not in PROVIDERS:
        raise ImproperlyConfigured(f"TONGYU_CRYPTO {cipher!r} is not one of {sorted(PROVIDERS)}")
    readers: dict[tuple[int, bytes], CryptoProvider] = {}
    for master in (key, *old):
        for made in PROVIDERS.values():
            provider = made(derive(master, made.name, made.key_length))
            readers.setdefault((made.algorithm, derive(master, "key id", KEY_ID)), provider)
    head = bytes([VERSION, PROVIDERS[cipher].algorithm]) + derive(key, "key id", KEY_ID)
    kinds: dict[str, type[hashes.HashAlgorithm]] = {"sha256": hashes.SHA256, "sm3": hashes.SM3}
    return Keyring(
        writer=readers[head[1], head[2:]],
        writer_head=head,
        readers=readers,
        index=hmac.HMAC(index_key or derive(key, "blind index", 32), kinds[index_hash]()),
    )


_in_force: list[Keyring] = []


def keyring() -> Keyring:
    """The keys of the current settings; read once, for reading settings costs more than encrypting."""
    if not _in_force:
        _in_force.append(_from_settings())
    return _in_force[0]


@receiver(setting_changed)
def _forget(**kwargs: Any) -> None:
    _in_force.clear()


def _from_settings() -> Keyring:
    return _keyring(
        bytes(settings.TONGYU_DATA_KEY),
        tuple(getattr(settings, "TONGYU_OLD_DATA_KEYS", ())),
        getattr(settings, "TONGYU_CRYPTO", Aes256Gcm.name),
        bytes(getattr(settings, "TONGYU_INDEX_KEY", b"") or b""),
        getattr(settings, "TONGYU_INDEX_HASH", "sha256"),
    )


def associated_data(table: str, column: str, pk: Any) -> bytes:
    """What a ciphertext is bound to: its table, column and row."""
    if pk is None:
        raise CryptoError(f"{table}.{column} needs a primary key that is known before saving")
    return f"{table}|{column}|{pk}".encode()


def encrypt_value(table: str, column: str, pk: Any, text: str) -> Ciphertext:
    """The stored form of a text, for COPY and UPDATE; the column decrypts only in that row."""
    return keyring().seal(text, associated_data(table, column, pk))


def decrypt_value(table: str, column: str, pk: Any, data: bytes) -> str:
    """The text of a stored value, for rows read without their model; raises CryptoError."""
    return keyring().open(data, associated_data(table, column, pk))


def blind_index(text: str) -> bytes:
    """A keyed, truncated hash by which a row is found without decrypting; check the text of what is found.

    Normalise before calling: the index of `x` is not that of `X`.
    """
    mac = keyring().index.copy()
    mac.update(text.encode("utf-8"))
    return mac.finalize()[:INDEX_LENGTH]


@dataclass
class Sealed:
    """What an instance holds for an encrypted column: the stored bytes, and the text once it was read."""

    data: Ciphertext
    text: str | None = None


class EncryptedAttribute(DeferredAttribute):
    """Decrypts when first read, with the instance's primary key; deferred columns still load themselves."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            super().__get__(instance, cls)
        held = instance.__dict__[name]
        if not isinstance(held, Sealed):
            return held
        if held.text is None:
            field: Any = self.field
            held.text = keyring().open(held.data, field.bound_to(instance))
        return held.text

    def __set__(self, instance: Any, value: Any) -> None:
        if isinstance(value, Ciphertext):
            value = Sealed(value)
        else:
            held = instance.__dict__.get(self.field.attname)
            if isinstance(held, Sealed) and value is not None and held.text == value:
                return
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.Field):
    """Text stored encrypted. Cannot be filtered, sorted or indexed; find rows by a `blind_index` column.

    The primary key must be known before saving (UUIDv7 default). `QuerySet.update()` and COPY take the result
    of `encrypt_value()`; `bulk_update()` is refused, since it does not tell the field which row it writes.
    """

    descriptor_class = EncryptedAttribute

    def get_internal_type(self) -> str:
        return "BinaryField"

    def bound_to(self, instance: Any) -> bytes:
        """The associated data of this column in that row."""
        return associated_data(self.model._meta.db_table, str(self.column), instance.pk)

    def from_db_value(self, value: bytes | None, expression: Any, connection: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else str(value)

    def pre_save(self, model_instance: Any, add: bool) -> Ciphertext | None:
        held = model_instance.__dict__.get(self.attname)
        if held is None:
            return None
        aad = self.bound_to(model_instance)
        if isinstance(held, Sealed):
            held.text = keyring().open(held.data, aad)
            return held.data
        sealed = Sealed(keyring().seal(str(held), aad), str(held))
        model_instance.__dict__[self.attname] = sealed
        return sealed.data

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if not isinstance(value, Ciphertext):
            raise CryptoError(f"{self} takes encrypted bytes here: save the instance, or use encrypt_value()")
        return bytes(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self} is encrypted, no lookup by {lookup_name!r}; use its blind index")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self} is encrypted and has no transform {lookup_name!r}")

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        found = super().check(**kwargs)
        if self.unique or getattr(self, "db_index", False):
            text = "An encrypted column cannot be unique or indexed: its bytes differ each time."
            found.append(checks.Error(text, obj=self, id="tongyu.E001"))
        return found

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {"form_class": forms.CharField, "max_length": self.max_length}
        if self.null:
            options["empty_value"] = None
        return super().formfield(**(options | kwargs))

    @cached_property
    def validators(self) -> list[Any]:
        limit = [] if self.max_length is None else [MaxLengthValidator(self.max_length)]
        return [*super().validators, *limit]
