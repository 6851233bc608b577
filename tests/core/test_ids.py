import uuid

from tongyu.core.ids import uuid7


def test_uuid7_is_a_standard_uuid_of_version_7():
    made = uuid7()
    assert type(made) is uuid.UUID
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_uuid7_rises_and_never_repeats():
    made = [uuid7() for _ in range(10_000)]
    assert made == sorted(set(made))
