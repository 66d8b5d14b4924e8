import pytest

from tnskit.errors import AuthorityError, UsageError
from tnskit.review.person import person, plain


@pytest.mark.parametrize(
    ("written", "means"),
    [("ana", "ana"), ("Ana", "ana"), (" ana ", "ana"), ("ＡＮＡ", "ana"), ("s.Luis", "s.luis"), ("Ana  Ruiz", "ana ruiz"), ("ana@team.example", "ana at team.example"), ("Юлия", "юлия"), ("O'Neil-2", "o'neil-2")],
)
def test_one_person_has_one_name(written, means):
    assert plain(written) == means


@pytest.mark.parametrize("written", ["", " ", "a" * 65, "<b>ana</b>", "ana;drop", "ana\nluis", "=ana", "-ana", "аna", "ana\u202eluis", None, 7])
def test_what_is_no_name_is_refused(written):
    with pytest.raises(UsageError, match="person"):
        plain(written)


def test_a_person_comes_from_the_login_or_is_told():
    assert person("Ana") == person("ana ")
    assert (person("ana").via, person(None, environment={"JUPYTERHUB_USER": "Luis"}).name) == ("told", "luis")
    assert person(None, environment={"JUPYTERHUB_USER": "Luis"}).via == "JupyterHub"


@pytest.mark.parametrize("shared", ["jovyan", "root", "Admin"])
def test_a_login_that_is_nobodys_own_is_refused(shared):
    with pytest.raises(AuthorityError, match="is nobody's own, and a log has to know who acts"):
        person(None, environment={"JUPYTERHUB_USER": shared})


def test_the_login_of_the_machine_does_not_come_from_the_environment(monkeypatch):
    pwd = pytest.importorskip("pwd")
    monkeypatch.setenv("USER", "somebody.else")
    monkeypatch.setenv("LOGNAME", "somebody.else")
    monkeypatch.setattr(pwd, "getpwuid", lambda _: pwd.struct_passwd(("ana", "", 1, 1, "", "", "")))
    assert person(None, environment={}) == type(person("ana"))("ana", "login")
