"""Who is at work: by the login, or by name where somebody says so."""

from __future__ import annotations

import getpass
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from tnskit.errors import AuthorityError, UsageError

TOLD, HUB, LOGIN = "told", "JupyterHub", "login"
"""How a name is known: somebody wrote it down, JupyterHub's login, the login of this machine."""
SHARED = frozenset("root jovyan jupyter notebook admin administrator ubuntu debian ec2-user user nobody guest".split())
"""Logins that stand for no one person; the images of Jupyter run as "jovyan"."""
MOST = 64
_ALIKE = {"LATIN", "GREEK", "CYRILLIC"}
"""Alphabets whose letters look like each other's."""


@dataclass(frozen=True)
class Person:
    """Somebody who works on cases.

    Attributes:
        name: In small letters, so that "Ana" and "ana " are one person.
        via: "login", "JupyterHub" or "told".
    """

    name: str
    via: str


def person(by: str | None = None, *, environment: Mapping[str, str] | None = None) -> Person:
    """Say who is at work.

    Args:
        by: A name that somebody tells; left out, it is that of the login.
        environment: Where JupyterHub leaves its user, `JUPYTERHUB_USER`; that of this process if left out.

    Raises:
        UsageError: What was told is no name.
        AuthorityError: The login stands for no one person.
    """
    if by is not None:
        return Person(plain(by), TOLD)
    hub = (os.environ if environment is None else environment).get("JUPYTERHUB_USER", "")
    found = Person(plain(hub), HUB) if hub else Person(plain(_login()), LOGIN)
    if found.name in SHARED:
        raise AuthorityError(f"the login '{found.name}' is nobody's own, and a log has to know who acts; give by='your name'")
    return found


def plain(name: str) -> str:
    """Give a name in its one form.

    An address such as "ana@team.example" becomes "ana at team.example": a log holds no mailboxes.

    Raises:
        UsageError: It is empty, long, of two alphabets (which could pass for another's name), or has other signs.
    """
    folded = unicodedata.normalize("NFKC", name).strip().casefold().replace("@", " at ") if isinstance(name, str) else ""
    if not 1 <= len(folded) <= MOST or not all(sign.isalnum() or sign in " ._-'" for sign in folded) or not folded[0].isalnum():
        raise UsageError(f"a person is told by a name of 1 to {MOST} letters, digits, spaces, dots or dashes, such as by='ana'")
    if len({unicodedata.name(sign, "").split(" ")[0] for sign in folded if sign.isalpha()} & _ALIKE) > 1:
        raise UsageError("a person's name mixes two alphabets, which makes it look like another's; write it in one")
    return " ".join(folded.split())


def _login() -> str:
    # The environment can be told anything; the table of users cannot.
    try:
        import pwd
    except ImportError:
        return getpass.getuser()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return "nobody"
