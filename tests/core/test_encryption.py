"""C56 and C57 of trust.md, and the column that uses the ciphers."""

import pickle

import pytest
from cryptography.hazmat.primitives import hashes
from django import forms
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models

from tongyu.core import encryption
from tongyu.core.ciphers import Aes256Gcm, Sm4Gcm
from tongyu.core.encryption import Ciphertext, CryptoError, EncryptedTextField, blind_index, encrypt_value
from tongyu.core.ids import uuid7

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ID_NUMBER = "62292319900307123X"


class Note(models.Model):
    """A throw-away table with encrypted columns."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    text = EncryptedTextField("内容", max_length=50)
    extra = EncryptedTextField(null=True, blank=True)

    class Meta:
        app_label = "test_encryption"
        managed = False
        db_table = "test_note"

    def __str__(self):
        return f"note {self.pk}"


@pytest.fixture(autouse=True)
def keys(settings):
    settings.TONGYU_DATA_KEY = KEY
    settings.TONGYU_OLD_DATA_KEYS = ()
    settings.TONGYU_CRYPTO = "aes-256-gcm"
    settings.TONGYU_INDEX_KEY = b""
    settings.TONGYU_INDEX_HASH = "sha256"


@pytest.fixture
def table(db):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE test_note (id uuid PRIMARY KEY, text bytea NOT NULL, extra bytea)")


@pytest.fixture(params=["aes-256-gcm", "sm4-gcm"])
def cipher(request, settings):
    settings.TONGYU_CRYPTO = request.param
    return request.param


def stored(pk, column="text"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM test_note WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def test_c56_aes_256_gcm_known_answer():
    sealed = Aes256Gcm(bytes(32)).seal(bytes(12), bytes(16), b"")
    assert sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"


def test_c56_sm4_gcm_known_answer_of_rfc_8998():
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce, aad = "00001234567800000000ABCD", "FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"
    text = b"".join(bytes([byte] * 8) for byte in bytes.fromhex("AABBCCDDEEFFEEAA"))
    sealed = Sm4Gcm(key).seal(bytes.fromhex(nonce), text, bytes.fromhex(aad))
    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert Sm4Gcm(key).open(bytes.fromhex(nonce), sealed, bytes.fromhex(aad)) == text


def test_c56_sm3_known_answer():
    digest = hashes.Hash(hashes.SM3())
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_c56_no_changed_bit_and_no_truncation_decrypts(cipher):
    data = encrypt_value("t", "c", "1", ID_NUMBER)
    assert encryption.decrypt_value("t", "c", "1", data) == ID_NUMBER
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CryptoError):
            encryption.decrypt_value("t", "c", "1", bytes(changed))
    for length in range(len(data)):
        with pytest.raises(CryptoError):
            encryption.decrypt_value("t", "c", "1", data[:length])


@pytest.mark.parametrize("place", [("u", "c", "1"), ("t", "d", "1"), ("t", "c", "2")])
def test_c57_a_value_moved_to_another_table_column_or_row_does_not_decrypt(cipher, place):
    data = encrypt_value("t", "c", "1", ID_NUMBER)
    with pytest.raises(CryptoError):
        encryption.decrypt_value(*place, data)


def test_c57_a_column_copied_to_another_row_does_not_decrypt_in_the_database(table):
    first, second = Note.objects.create(text=ID_NUMBER), Note.objects.create(text="乙")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE test_note SET text = %s WHERE id = %s", [stored(first.pk), second.pk])
        cursor.execute("UPDATE test_note SET extra = text WHERE id = %s", [first.pk])
    with pytest.raises(CryptoError):
        _ = Note.objects.get(pk=second.pk).text
    with pytest.raises(CryptoError):
        _ = Note.objects.get(pk=first.pk).extra


def test_c57_nonces_do_not_repeat_in_a_hundred_thousand_writes():
    nonces = {encrypt_value("t", "c", "1", "x")[6:18] for _ in range(100_000)}
    assert len(nonces) == 100_000


def test_c58_old_rows_stay_readable_after_rotation_and_new_ones_use_the_new_key(settings):
    old = encrypt_value("t", "c", "1", "旧")
    settings.TONGYU_DATA_KEY, settings.TONGYU_OLD_DATA_KEYS = OTHER_KEY, (KEY,)
    new = encrypt_value("t", "c", "1", "新")
    assert [encryption.decrypt_value("t", "c", "1", data) for data in (old, new)] == ["旧", "新"]
    settings.TONGYU_OLD_DATA_KEYS = ()
    assert encryption.decrypt_value("t", "c", "1", new) == "新"
    with pytest.raises(CryptoError):
        encryption.decrypt_value("t", "c", "1", old)


def test_c58_the_algorithm_is_switched_by_setting_and_both_stay_readable(settings):
    aes = encrypt_value("t", "c", "1", "甲")
    settings.TONGYU_CRYPTO = "sm4-gcm"
    sm4 = encrypt_value("t", "c", "1", "乙")
    assert (aes[1], sm4[1]) == (1, 2)
    assert [encryption.decrypt_value("t", "c", "1", data) for data in (aes, sm4)] == ["甲", "乙"]


def test_a_short_key_is_refused(settings):
    settings.TONGYU_DATA_KEY = b"short"
    with pytest.raises(ImproperlyConfigured):
        encrypt_value("t", "c", "1", "x")


def test_blind_index_is_keyed_stable_and_not_the_data_key(settings):
    made = blind_index(ID_NUMBER)
    assert (len(made), blind_index(ID_NUMBER)) == (16, made)
    assert blind_index(ID_NUMBER.lower()) != made
    settings.TONGYU_INDEX_HASH = "sm3"
    assert blind_index(ID_NUMBER) != made
    settings.TONGYU_INDEX_HASH, settings.TONGYU_INDEX_KEY = "sha256", b"i" * 32
    separate = blind_index(ID_NUMBER)
    settings.TONGYU_DATA_KEY = OTHER_KEY
    assert (blind_index(ID_NUMBER), separate == made) == (separate, False)


def test_saved_text_comes_back_and_is_not_in_the_database(table, cipher):
    note = Note.objects.create(text=ID_NUMBER)
    assert (note.text, note.extra) == (ID_NUMBER, None)
    assert ID_NUMBER.encode() not in stored(note.pk)
    read = Note.objects.get(pk=note.pk)
    assert (read.text, read.extra) == (ID_NUMBER, None)


def test_bulk_create_update_fields_refresh_and_defer(table):
    notes = Note.objects.bulk_create([Note(text=f"第{n}条", extra="") for n in range(3)])
    assert sorted(note.text for note in Note.objects.all()) == ["第0条", "第1条", "第2条"]
    note = notes[0]
    note.text, note.extra = "改", "不存"
    note.save(update_fields=["text"])
    note.refresh_from_db()
    assert (note.text, note.extra) == ("改", "")
    assert Note.objects.defer("text").get(pk=note.pk).text == "改"


def test_saving_an_unchanged_row_leaves_its_bytes_alone(table):
    note = Note.objects.create(text="甲")
    before = stored(note.pk)
    read = Note.objects.get(pk=note.pk)
    read.save()
    read.text = "甲"
    read.save()
    assert stored(note.pk) == before
    read.text = "乙"
    read.save()
    assert stored(note.pk) != before


def test_update_takes_encrypted_bytes_and_refuses_text(table):
    note = Note.objects.create(text="甲")
    Note.objects.filter(pk=note.pk).update(text=encrypt_value("test_note", "text", note.pk, "乙"))
    assert Note.objects.get(pk=note.pk).text == "乙"
    with pytest.raises(CryptoError):
        Note.objects.filter(pk=note.pk).update(text="丙")
    with pytest.raises(CryptoError):
        Note.objects.bulk_update([note], ["text"])


def test_a_copied_instance_must_be_given_its_text_again(table):
    note = Note.objects.create(text="甲")
    note.pk = uuid7()
    note._state.adding = True
    with pytest.raises(CryptoError):
        note.save()


def test_lookups_other_than_isnull_are_refused(table):
    note = Note.objects.create(text="甲")
    for lookup in ("text", "text__in", "text__startswith", "text__lower"):
        with pytest.raises(FieldError):
            Note.objects.filter(**{lookup: "甲"}).exists()
    assert list(Note.objects.filter(extra__isnull=True).values_list("pk", flat=True)) == [note.pk]


def test_values_give_ciphertext_that_never_shows_itself(table):
    note = Note.objects.create(text="甲")
    (value,) = Note.objects.values_list("text", flat=True)
    assert (type(value), str(value)) == (Ciphertext, f"<Ciphertext of {len(value)} bytes>")
    assert bytes(value) == stored(note.pk)


def test_what_an_instance_holds_survives_pickling(table):
    held = Note.objects.get(pk=Note.objects.create(text="甲").pk).__dict__["text"]
    assert pickle.loads(pickle.dumps(held)) == held


def test_forms_see_text(table):
    form_class = forms.modelform_factory(Note, fields=["text", "extra"])
    note = Note.objects.create(text="甲")
    assert form_class(instance=note).initial == {"text": "甲", "extra": None}
    assert form_class({"text": "字" * 51}).errors.as_data().keys() == {"text"}
    saved = form_class({"text": "乙", "extra": ""}, instance=note).save()
    assert (saved.text, saved.extra) == ("乙", None)


def test_migrations_can_write_the_field_down():
    name, path, args, options = Note._meta.get_field("text").deconstruct()
    assert (path, args) == ("tongyu.core.encryption.EncryptedTextField", [])
    assert {key: str(value) for key, value in options.items()} == {"verbose_name": "内容", "max_length": "50"}
    assert EncryptedTextField(**options).db_type(connection) == "bytea"


def test_an_index_on_an_encrypted_column_is_an_error():
    class Indexed(models.Model):
        text = EncryptedTextField(db_index=True)

        class Meta:
            app_label = "test_encryption"
            managed = False

        def __str__(self):
            return "indexed"

    assert [found.id for found in Indexed._meta.get_field("text").check()] == ["tongyu.E001"]
