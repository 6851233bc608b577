"""The ciphers that encrypted columns can be written with; a certified module is one more of them."""

from abc import ABC, abstractmethod
from typing import ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

TAG = 16


class CryptoProvider(ABC):
    """One authenticated cipher. A certified module is a further subclass, added by `register_provider`."""

    name: ClassVar[str]
    algorithm: ClassVar[int]
    key_length: ClassVar[int]

    def __init__(self, key: bytes) -> None:
        self.key = key

    @abstractmethod
    def seal(self, nonce: bytes, text: bytes, aad: bytes) -> bytes:
        """Ciphertext followed by the 16-byte tag."""

    @abstractmethod
    def open(self, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
        """The plaintext; raises InvalidTag when anything was changed."""


class Aes256Gcm(CryptoProvider):
    """AES-256-GCM."""

    name, algorithm, key_length = "aes-256-gcm", 1, 32

    def __init__(self, key: bytes) -> None:
        super().__init__(key)
        self._aead = AESGCM(key)

    def seal(self, nonce: bytes, text: bytes, aad: bytes) -> bytes:
        return self._aead.encrypt(nonce, text, aad)

    def open(self, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
        return self._aead.decrypt(nonce, sealed, aad)


class Sm4Gcm(CryptoProvider):
    """SM4-GCM (GB/T 32907, RFC 8998)."""

    name, algorithm, key_length = "sm4-gcm", 2, 16

    def seal(self, nonce: bytes, text: bytes, aad: bytes) -> bytes:
        encryptor = Cipher(algorithms.SM4(self.key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(aad)
        return encryptor.update(text) + encryptor.finalize() + encryptor.tag

    def open(self, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
        if len(sealed) < TAG:
            raise InvalidTag
        decryptor = Cipher(algorithms.SM4(self.key), modes.GCM(nonce, sealed[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(aad)
        return decryptor.update(sealed[:-TAG]) + decryptor.finalize()


PROVIDERS: dict[str, type[CryptoProvider]] = {Aes256Gcm.name: Aes256Gcm, Sm4Gcm.name: Sm4Gcm}


def register_provider(provider: type[CryptoProvider]) -> None:
    """Add a cipher, before anything is encrypted; its name and number must be new."""
    if provider.name in PROVIDERS or provider.algorithm in {p.algorithm for p in PROVIDERS.values()}:
        raise ImproperlyConfigured(f"crypto provider {provider.name!r} is registered twice")
    PROVIDERS[provider.name] = provider
