"""The real thing: JupyterLab in a real browser runs every template, in light and dark, and nothing leaves."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import nbformat
import pytest

import tnskit as tns
from tests.markets import PHONE
from tests.training.answers import perfect
from tests.workbench.browsers import (
    Lab,
    chromium_in,
    close,
    complaints,
    do,
    lab_in,
    open_lab,
    open_notebook,
    outside,
    pictured,
    run_all,
    served,
    theme,
    wait,
)
from tnskit.training.lessons import spoken
from tnskit.workbench import app
from tnskit.workbench.case_panel import BEFORE_REMOVAL
from tnskit.workbench.notebooks import templates

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab_in(tmp_path_factory.mktemp("lab")) as made:
        yield made


@pytest.fixture(scope="module")
def browser(chromium: str, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium_in(chromium, tmp_path_factory.mktemp("browser")) as made:
        open_lab(made, lab)
        yield made


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_template_runs_without_an_error_and_nothing_leaves(lab: Lab, browser: Any, name: str, tmp_path: Path) -> None:
    open_notebook(browser, lab, f"{name}.ipynb")
    do(browser, "notebook:clear-all-cell-outputs")
    cells = run_all(browser, lab, f"{name}.ipynb")
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert [one for cell in cells for one in cell["outputs"] if one["output_type"] == "error"] == []
    assert [bool(cell["metadata"].get("jupyter", {}).get("source_hidden")) for cell in cells] == [False] + [True] * (len(cells) - 1)
    for light in ("Light", "Dark"):
        theme(browser, light)
        time.sleep(0.5)
        pictured(browser, f"{name}_{light.lower()}", tmp_path)
    assert "get notified" not in browser.page_source
    close(browser)
    assert (outside(browser), complaints(browser)) == ([], [])


def test_the_check_is_read_and_filled_in_by_keyboard_alone(lab: Lab, browser: Any, tmp_path: Path) -> None:
    """From the field of one's reading on: Tab, words, Space; no mouse. What is refused is read out under the panel."""
    from selenium.webdriver.common.keys import Keys

    open_notebook(browser, lab, "check_before_removal.ipynb")
    run_all(browser, lab, "check_before_removal.ipynb")

    def keys(*pressed: str) -> None:
        browser.execute_script("document.querySelector('.tns-panel textarea').focus()")
        for one in pressed:
            browser.switch_to.active_element.send_keys(one)

    def said() -> str:
        return str(browser.execute_script("return document.querySelector('.tns-panel [role]')?.textContent || ''"))

    wait("the panel", lambda: browser.find_elements("css selector", ".tns-panel textarea"))
    keys(Keys.TAB, Keys.SPACE)
    wait("what is missing", lambda: "is empty" in said())
    keys("They share a card and a house.", Keys.TAB, Keys.SPACE)
    wait("what was decided before", lambda: "is shown now" in said())
    pictured(browser, "check_before_removal_read", tmp_path)
    over = "return [...document.querySelectorAll('.tns-panel')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert browser.execute_script(over) == 0
    close(browser)
    assert (outside(browser), complaints(browser)) == ([], [])


def test_a_lesson_is_finished_from_the_task_to_the_marks(lab: Lab, browser: Any, tmp_path: Path) -> None:
    """A trainee who knows the answer: every field of the form by hand, *Hand in*, the last cell again, a hundred points."""
    key = tns.answer_key("C4", seed=11)
    answer, words = perfect(key), spoken("en")
    said, draft, (account, truth) = words["form"], answer.letters[0], next(iter(key.accounts.items()))
    open_notebook(browser, lab, "practise_a_case.ipynb")
    theme(browser, "Light")
    run_all(browser, lab, "practise_a_case.ipynb")
    press(browser, said["linked"])
    assert browser.find_elements("css selector", ".tns-panel details")
    fill(browser, account, words["verdicts"][truth.verdict])
    fill(browser, said["explanation"], words["explanations"][answer.explanation])
    for turn, (reading, why) in enumerate(answer.considered.items()):
        fill(browser, str(turn + 1), words["explanations"][reading])
        fill(browser, said["why"], why, turn=turn)
    fill(browser, said["evidence"].split(",")[0], *answer.evidence)
    fill(browser, said["stops"], *[f"{stop} {words['stops'][stop]}" for stop in answer.stops])
    fill(browser, said["steps"], *[words["steps"][step] for step in answer.steps])
    fill(browser, said["to"], draft.to)
    fill(browser, said["template"], f"{draft.template} {words['letters'][draft.template]}")
    fill(browser, said["lang"], {"en": "English", "es": "Español", "pt": "Português"}[draft.lang])
    fill(browser, said["text"], draft.text)
    press(browser, said["check"])
    wait("the word about the letter", lambda: said["letter_fine"] in browser.execute_script("return document.body.innerText"))
    pictured(browser, "lesson_letter_light", tmp_path)
    press(browser, said["send"])
    browser.execute_script("const book = window.jupyterapp.shell.currentWidget.content; book.activeCellIndex = book.widgets.length - 1")
    do(browser, "notebook:run-cell")
    wait("the marks", lambda: "100 of 100, passed" in browser.execute_script("return document.body.innerText"))
    over = "return [...document.querySelectorAll('.tns-panel')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert browser.execute_script(over) == 0
    for light in ("Light", "Dark"):
        theme(browser, light)
        for name, where in (("top", ".tns-panel"), ("marks", ".jp-Cell:last-of-type .jp-OutputArea")):
            browser.execute_script("[...document.querySelectorAll(arguments[0])].at(-1).scrollIntoView()", where)
            time.sleep(0.3)
            pictured(browser, f"lesson_{name}_{light.lower()}", tmp_path)
    close(browser)
    assert (outside(browser), complaints(browser)) == ([], [])


def written(lab: Lab, name: str, *sources: str) -> str:
    """Put a notebook of these cells into today's folder."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, lab.today / f"{name}.ipynb")
    return f"{name}.ipynb"


def at_work(lab: Lab, who: str, value: str) -> str:
    """A notebook with the panel of one person at the log that both share."""
    begin = "import tnskit as tns\nfrom tests.review.desks import checked"
    return written(lab, who, begin, f'log = tns.CaseLog("cases.db", by="{who}")', f"tns.panel({value})")


def part(browser: Any, label: str, *, button: bool = False) -> Any:
    """A field by its label, or a button by its words, of the panel in sight."""
    from selenium.webdriver.common.by import By

    inside = "//div[contains(@class, 'tns-panel')]"
    way = f'{inside}//button[normalize-space()="{label}"]' if button else f'{inside}//label[normalize-space()="{label}"]'
    found = wait(label, lambda: browser.find_elements(By.XPATH, way))[0]
    return found if button else found.find_element(By.XPATH, "..").find_element(By.CSS_SELECTOR, "input, textarea, select")


def fill(browser: Any, label: str, *told: str, turn: int = 0) -> None:
    """Fill in the n-th field of a label: words, or what to choose from a list."""
    field = [one for one in _labelled(browser, label) if one.is_displayed()][turn]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", field)
    for one in told:
        if field.tag_name == "select":
            # the page writes the blanks of an option as blanks that do not break
            next(option for option in field.find_elements("tag name", "option") if option.text.replace("\xa0", " ") == one).click()
        else:
            field.send_keys(one, "\ue004")


def press(browser: Any, label: str) -> None:
    """Press a button after which the panel is built anew, and wait for the new one."""
    button = part(browser, label, button=True)
    browser.execute_script("document.querySelectorAll('.tns-panel button').forEach(one => one.dataset.old = 'yes')")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    fresh = "const all = [...document.querySelectorAll('.tns-panel button')]; return all.length > 0 && all.every(one => !one.dataset.old)"
    wait(f"the panel after {label}", lambda: browser.execute_script(fresh))


def _labelled(browser: Any, label: str) -> Any:
    way = f'//div[contains(@class, "tns-panel")]//label[normalize-space()="{label}"]/../*[self::input or self::textarea or self::select]'
    return wait(label, lambda: browser.find_elements("xpath", way))


def type_in(browser: Any, **told: str) -> None:
    """Fill fields in by the keyboard; "_" is a space in the label."""
    for label, text in told.items():
        field = part(browser, label.replace("_", " "))
        if field.tag_name == "select":
            next(one for one in field.find_elements("tag name", "option") if one.text.startswith(text)).click()
        else:
            field.send_keys(text)


def click(browser: Any, label: str, answer: str) -> None:
    """Press a button and wait for what is said under the panel."""
    button = part(browser, label, button=True)
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    wait(answer, lambda: answer in browser.execute_script("return document.body.innerText"))


def tick(browser: Any, label: str) -> None:
    from selenium.webdriver.common.by import By

    browser.find_element(By.XPATH, f"//div[contains(@class, 'tns-panel')]//label[contains(., '{label}')]//input").click()


def test_two_people_in_two_browsers_check_and_decide_blind(lab: Lab, browser: Any, chromium: str, tmp_path: Path) -> None:
    open_notebook(browser, lab, at_work(lab, "ana", "checked(), log=log"))
    theme(browser, "Light")
    run_all(browser, lab, "ana.ipynb")
    type_in(browser, My_reading="They share a bank account, one after the other.")
    click(browser, "Go on to what was decided before", "is shown now")
    type_in(browser, What_made_me_look="two reports", Rule_suspected="ACC-01", **{"An_interest_in_it?": "no"})
    pictured(browser, "panel_check", tmp_path)
    click(browser, "Open the case", "Case 1")
    type_in(browser, I_propose="remove", Rule="ACC-01", Because="The same person came back: words of ana.")
    for label in BEFORE_REMOVAL.values():
        tick(browser, label)
    type_in(browser, **{"The_account's_id": "A"})
    click(browser, "Propose", "Somebody else reads the case now")
    with chromium_in(chromium, tmp_path / "second") as other:
        open_lab(other, lab, "luis")
        open_notebook(other, lab, at_work(lab, "luis", "log.case(1)"))
        run_all(other, lab, "luis.ipynb")
        wait("the panel", lambda: "Somebody has proposed how this case ends" in other.page_source)
        assert "words of ana" not in other.page_source
        pictured(other, "panel_blind_review", tmp_path)
        type_in(other, **{"An_interest_in_it?": "no"}, I_would="remove", Because="One account, one hand.")
        click(other, "Give my verdict", "Both can be read now")
        assert "words of ana" in other.page_source
        tick(other, "I have read both")
        click(other, "Confirm the decision", "Decided.")
        theme(other, "Dark")
        pictured(other, "panel_decided_dark", tmp_path)
        assert (outside(other), complaints(other)) == ([], [])
    assert tns.CaseLog(lab.today / "cases.db", by="rita").case(1).state == "decided"
    close(browser)
    assert (outside(browser), complaints(browser)) == ([], [])


def test_a_saved_panel_is_a_table_without_a_kernel_and_holds_nothing_raw(lab: Lab, browser: Any, tmp_path: Path) -> None:
    name = at_work(lab, "eva", "checked(), log=log")
    open_notebook(browser, lab, name)
    run_all(browser, lab, name)
    type_in(browser, What_made_me_look=f"a call from {PHONE}")
    close(browser)
    assert PHONE not in (lab.today / name).read_text(encoding="utf-8")
    kernel = {"shouldStart": False, "autoStartDefault": False}
    do(browser, "docmanager:open", path=f"{lab.today.name}/{name}", factory="Notebook", kernelPreference=kernel)
    wait("the table", lambda: "Hard stops" in browser.execute_script("return document.querySelector('#main').innerText"))
    assert not re.search("model not found|Loading widget", browser.page_source)
    pictured(browser, "panel_reopened", tmp_path)
    do(browser, "application:close-all")
    assert outside(browser) == []
    # Jupyter's own widget extension complains where a notebook has no kernel
    complaints(browser)


def test_an_editor_finds_the_scripts_of_widgets_at_the_server_and_nothing_else(lab: Lab) -> None:
    """VS Code, joined to this server, asks for them there when no CDN is to be had."""
    assert 'anywidget: "nbextensions/anywidget/index"' in asked(lab, "nbextensions/anywidget/extension.js")
    assert "define" in asked(lab, "nbextensions/anywidget/index.js")
    for elsewhere in ("nbextensions/", "nbextensions/anywidget/none.js", "nbextensions/..%2Fkernels/python3/kernel.json"):
        with pytest.raises(HTTPError, match=r"40[34]"):
            asked(lab, elsewhere)


def test_what_a_person_reads_first_holds_no_warning_of_a_library(lab: Lab) -> None:
    said = (lab.today.parents[1] / "JupyterLab.txt").read_text()
    assert lab.token in said
    assert "Warning" not in said


def asked(lab: Lab, path: str) -> str:
    """What the server gives to whoever has no token."""
    with urlopen(f"{lab.address}{path}") as told:
        return str(told.read().decode())


def test_a_template_served_without_code_asks_nobody_else_and_nobody_without_the_token(chromium: str, tmp_path: Path) -> None:
    page = app.write_app("investigate_account", {"account": "A1042"}, tmp_path)
    with (
        served(app.command(page, browser=False, port=None), app.surroundings(), tmp_path, "Voila") as (address, token),
        chromium_in(chromium, tmp_path / "browser") as browser,
    ):
        browser.get(address)
        assert "/login" in browser.current_url
        outside(browser), complaints(browser)
        browser.get(f"{address}?token={token}")
        wait("the end", lambda: "Before you propose anything" in browser.page_source and "A1042: " in browser.page_source)
        assert "import tnskit" not in browser.execute_script("return document.body.innerText")
        wait("the pictures", lambda: browser.execute_script("return document.querySelectorAll('.jp-OutputArea-output img').length") >= 4)
        pictured(browser, "app_investigate_account", tmp_path)
        assert (outside(browser), complaints(browser)) == ([], [])
