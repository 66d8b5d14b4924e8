import os
import pickle

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError

from tnskit.cleaning.keys import FILE_VARIABLE, VARIABLE, Key, key_file, keys, new_key
from tnskit.errors import KeyMissingError, UsageError

SECRET, OLD = "00112233445566778899aabbccddeeff" * 2, "ffeeddccbbaa99887766554433221100" * 2


class Held(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.held = {}

    def get_password(self, service, username):
        return self.held.get((service, username))

    def set_password(self, service, username, password):
        self.held[service, username] = password


class Locked(Held):
    """A keyring that nobody opens."""

    def get_password(self, service, username):
        raise NoKeyringError("locked")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home without keys, and no keyring."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "settings/keys"))
    before = keyring.get_keyring()
    keyring.set_keyring(Locked())
    yield tmp_path
    keyring.set_keyring(before)


def test_without_a_key_the_message_says_how_to_make_one():
    with pytest.raises(KeyMissingError, match="tnskit key new"):
        keys()


def test_a_new_key_is_in_use_and_the_old_one_is_kept():
    first = new_key()
    second = new_key()
    assert [key.id for key in keys()] == [second.id, first.id]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX tells who may read a file")
def test_the_file_can_be_read_by_its_owner_alone():
    new_key()
    assert key_file().stat().st_mode & 0o777 == 0o600
    key_file().chmod(0o640)
    with pytest.raises(UsageError, match="can be read by others"):
        keys()
    with pytest.raises(UsageError, match="can be read by others"):
        new_key()


def test_a_file_beside_exports_is_refused(home, monkeypatch):
    (home / "data").mkdir()
    (home / "data/accounts.csv").write_text("account_id\nA\n")
    monkeypatch.setenv(FILE_VARIABLE, str(home / "data/keys"))
    with pytest.raises(UsageError, match="lies beside exports"):
        new_key()
    assert not key_file().exists()


def test_a_file_inside_the_folder_of_the_data_is_refused_even_through_a_link(home, monkeypatch):
    new_key()
    (home / "data/deep").mkdir(parents=True)
    key_file().rename(home / "data/deep/keys")
    (home / "link").symlink_to(home / "data/deep/keys")
    monkeypatch.setenv(FILE_VARIABLE, str(home / "link"))
    with pytest.raises(UsageError, match="lies beside exports"):
        keys(data=home / "data")


def test_the_variable_wins_and_holds_several(monkeypatch):
    new_key()
    monkeypatch.setenv(VARIABLE, f"{SECRET},{OLD}")
    assert [key.id for key in keys()] == [Key(SECRET).id, Key(OLD).id]
    with pytest.raises(UsageError, match="TNSKIT_KEY is set"):
        new_key()


def test_the_keyring_comes_before_the_file():
    in_file = new_key()
    keyring.set_keyring(Held())
    assert [key.id for key in keys()] == [in_file.id]
    first = new_key(keyring=True)
    second = new_key()
    assert [key.id for key in keys()] == [second.id, first.id]


def test_a_locked_keyring_is_never_overwritten():
    with pytest.raises(UsageError, match="no keyring that can be written to"):
        new_key(keyring=True)


@pytest.mark.parametrize("text", ["", "secret", "zz" * 32, "00" * 32, "0123", SECRET + "00", "00" * 31 + "01"])
def test_what_is_no_key_is_refused_without_repeating_it(text):
    with pytest.raises(UsageError) as found:
        Key(text)
    assert not text or text not in str(found.value)


def test_a_key_is_never_shown_or_written():
    key = Key(SECRET)
    for told in (repr(key), str(key), f"{key}", repr([key]), repr(vars(type(key))["id"])):
        assert SECRET[:16] not in told
    assert repr(key) == f"Key({key.id})"
    assert len(key.id) == 8
    with pytest.raises(TypeError, match="not written anywhere"):
        pickle.dumps(key)
