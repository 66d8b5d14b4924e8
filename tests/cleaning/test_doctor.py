import pandas as pd
import pytest

from tnskit.cleaning.doctor import propose
from tnskit.cleaning.market import load
from tnskit.errors import SourceError

FOREIGN = pd.DataFrame(
    {
        "Row Id": ["1", "2", "3"], "Shop name": ["Ana", "Bea", "Cy"], "Main phone": ["312 555 2368", "312 555 9911", None], "Fax": [None, "312 555 2368", None],
        "Street address": ["12 Oak St", "99 Elm St", "7 Fir St"], "Zip": ["78701", "78702", "2139"], "Opening phone hours": ["9-5", "9-5", "9-5"],
        "Renewal address date": ["11/30/14", "11/30/15", "11/30/16"],
    }
)  # fmt: skip


def test_the_proposed_mapping_loads_and_gives_a_reason_for_each_line(tmp_path):
    (tmp_path / "shops.csv").write_text(FOREIGN.to_csv(index=False))
    proposal = propose(tmp_path)
    assert '"Main phone", "Fax" mostly read as phone values' in str(proposal)
    assert "without 'logins' you do not see shared networks" in str(proposal)
    (tmp_path / "mapping.toml").write_text(proposal.toml)
    market = load(tmp_path)
    assert market.report.tables[["table", "rows_in", "kept"]].values.tolist() == [
        ["accounts", 3, 3],
        ["addresses", 3, 3],
        ["phones", 3, 3],
    ]
    assert market.kinds == ("address", "phone")


def test_what_is_known_needs_no_mapping():
    proposal = propose(
        {
            "accounts": pd.DataFrame({"account_id": ["A"]}),
            "sessions": pd.DataFrame({"user_id": ["A"], "ip": ["11.2.3.4"]}),
        }
    )
    assert proposal.toml == ""
    assert "table 'sessions': read as 'logins', 1 rows" in proposal.notes


def test_what_links_nothing_is_said(tmp_path):
    (tmp_path / "weather.csv").write_text("town,rain\nAustin,2\n")
    assert "no column reads as an account" in str(propose(tmp_path))
    with pytest.raises(SourceError):
        propose(tmp_path / "nowhere")
