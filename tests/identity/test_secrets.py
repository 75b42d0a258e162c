"""Signatures and hashes at the door; and which paths are ours."""

from urllib.parse import urljoin, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from bot.identity.paths import is_path_of_ours
from bot.identity.secrets import Keys, digest, new_secret

OLD, NEW = "o" * 40, "n" * 40


def test_the_first_key_signs_and_all_read() -> None:
    before, between, after = Keys([OLD]), Keys([NEW, OLD]), Keys([NEW])
    assert between.read("x", before.sign("x", {"n": 1})) == {"n": 1}
    assert after.read("x", between.sign("x", {"n": 1})) == {"n": 1}
    assert after.read("x", before.sign("x", {"n": 1})) is None


def test_a_signature_for_one_purpose_is_none_for_another() -> None:
    keys = Keys([NEW])
    assert keys.read("y", keys.sign("x", {"n": 1})) is None
    assert not keys.is_code("y", "value", keys.code("x", "value"))
    assert keys.is_code("x", "value", keys.code("x", "value"))


@given(st.text())
def test_what_nobody_signed_is_not_read(text: str) -> None:
    keys = Keys([NEW, OLD])
    assert keys.read("x", text) is None
    assert not keys.is_code("x", "value", text)


def test_secrets_differ_and_their_digests_say_nothing() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(secret not in digest(secret) for secret in secrets)


@given(st.text(alphabet="/\\.:@abc?#%\t\n\r ;&=[]5cC2fF\u2028é", max_size=30))
def test_a_path_that_is_taken_for_ours_stays_on_our_site(text: str) -> None:
    if is_path_of_ours(text):
        # As browsers read it: they drop tabs and line ends, and take a backslash for a slash.
        seen = text.replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/")
        assert urlsplit(urljoin("https://bot.example.com/launch", seen)).netloc == "bot.example.com"


def test_usual_paths_are_ours() -> None:
    assert is_path_of_ours("/")
    assert is_path_of_ours("/memberships/confirm?membership=mem_1&x=%C3%A9#there")
