"""The manual: built without a warning, asking nobody for anything, spelled right, its code run, its pictures those of the screen."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import tnskit as tns
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\bsrc=["'](?:https?:)?//|<link(?![^>]*rel=["']canonical)[^>]*href=["'](?:https?:)?//|url\(["']?(?:https?:)?//"""
)
# what stands in the manual for the reader's own, and what the sample market has for it
OURS = {
    'erased=["A1042"]': 'erased=["A1567"]',
    "my-exports": "sample_data/market", "s3://bucket/exports": "sample_data/market", 'tns.explore(links, "A1042"': 'tns.explore(links, "A1058"', 'expand("A2077")': 'expand("A1420")',
    "device …cb5 (1)": "card …bcf (1)", 'case="12"': 'case="1"', 'CaseLog("cases.db")': 'CaseLog("cases.db", by="ana")', "A1042": "A1565", "A2077": "A2985", "J881": "400000000000013987",
    'because="..."': 'because="They came back after a removal."', '"..."': '"as the ladder has it"', "IP 11.20.30.•": "IP 30.12.0.•", '"letter.eml"': '"letter.html"',
}  # fmt: skip
# what a page takes as given
DECIDED = "import pathlib\nfrom tests.review.desks import checked, decided, desk\ncase = decided(desk(pathlib.Path()), checked())\n"
GIVEN = {
    "disputes": "pass",
    "letters": f"{DECIDED}import datetime\nday = datetime.date(2024, 3, 1)",
    "training": DECIDED,
    # its links are let go of when rows come and go, so it has some of its own
    "speed": "import pandas as pd\nmarket = tns.load('sample_data/market')\nlinks = tns.link(market)\n"
    "today = pd.DataFrame({'login_id': ['L9'], 'account_id': ['A1565'], 'at': ['2025-12-30T10:00:00Z'], 'ip': ['11.20.30.40']})\n"
    "wrong = pd.DataFrame({'account_id': ['A1565'], 'phone_raw': ['312 555 2368']})",
    "privacy": "log = tns.CaseLog('given.db', by='ana')\nlog.open(tns.precheck(market, links, 'A1565'))",
    "your-own-data": "import duckdb, pandas as pd, pathlib\nwith duckdb.connect('market.duckdb') as db:\n"
    "    db.execute('CREATE TABLE accounts AS FROM read_csv(\\'sample_data/market/accounts.csv\\')')\naccounts = pd.DataFrame({'account_id': ['A', 'B']})\n"
    "seen = pd.DataFrame({'account_id': ['A'], 'kind': ['phone'], 'value': ['312 555 2368']})\nseen.to_csv('identifiers.csv', index=False)",
    "explorer": "log = tns.CaseLog('given.db', by='ana')",
}
ELSEWHERE = {"real-data"}
"""Pages whose code needs data that is not committed; `test_real.py` runs it."""
CODE = {page.stem: BLOCK.findall(page.read_text(encoding="utf-8")) for page in PAGES}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manual as pages; a warning is an error."""
    folder = tmp_path_factory.mktemp("manual")
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", folder / "kept", ROOT / "docs", folder / "pages"]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "pages"


@pytest.mark.slow
def test_every_page_is_built_and_asks_nobody_for_anything(built: Path) -> None:
    pages = {path.stem for path in built.glob("*.html")}
    assert {page.stem for page in PAGES[1:]} <= pages
    files = [path for path in built.rglob("*") if path.suffix in {".html", ".css", ".js"}]
    assert [(path.name, found[0]) for path in files if (found := FETCHED.search(path.read_text(encoding="utf-8")))] == []
    reference = (built / "reference.html").read_text(encoding="utf-8")
    assert [name for name in tns.__all__ if f'id="tnskit.{name}"' not in reference] == []


@pytest.mark.slow
def test_it_is_spelled_right() -> None:
    read = [
        *map(str, PAGES),
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "tnskit/wording/en",
        "sample_data/README.md",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", "--toml", "pyproject.toml", *read], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    """What the pages take as given: a market, its links."""
    market = tns.load(ROOT / "sample_data/market")
    return {"tns": tns, "market": market, "links": tns.link(market)}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TNSKIT_KEY", "00112233445566778899aabbccddeeff" * 2)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted(name for name, blocks in CODE.items() if blocks and name not in ELSEWHERE))
def test_the_code_of_a_page_runs(page: str, world: dict[str, Any], desk: Path) -> None:
    names = dict(world)
    exec(compile(GIVEN.get(page, ""), "given", "exec"), names)
    for number, block in enumerate(CODE[page], 1):
        for theirs, ours in OURS.items():
            block = block.replace(theirs, ours)
        exec(compile(block, f"{page}, block {number}", "exec"), names)


def test_the_pictures_of_the_tour_are_those_that_the_browser_tests_take() -> None:
    shown = re.findall(r"pictures/tour/(\w+)\.png", (ROOT / "docs/tour.md").read_text(encoding="utf-8"))
    taken = set(re.findall(r'pictured\(\w+, "(\w+)"', (ROOT / "tests/workbench/test_browser.py").read_text(encoding="utf-8")))
    taken |= {f"{path.stem}_{theme}" for path in (ROOT / "notebooks").glob("*.ipynb") for theme in ("light", "dark")}
    assert set(shown) <= taken
    assert len(shown) >= 5
