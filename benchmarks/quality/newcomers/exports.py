"""Tables as exports have them, with their dirt, and the truth beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.days import Days
from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.plans import DAY, FOREVER
from benchmarks.quality.newcomers.world import mix


class Exports(Days):
    """Everything that happened, as tables."""

    def frames(self):
        """All tables as they are exported, and the truth."""
        r, g, A, s = self.dice, self.rng, self.accounts, self.shape
        N = len(A)

        def arr(k, ty=object):
            return np.array([x[k] for x in A], ty)

        t0, last = arr("t0", np.int64), arr("last", np.int64)
        rank = np.argsort(np.argsort(t0, kind="stable"))
        step = np.cumsum(g.integers(1, 9, N))
        style = s["id_style"]
        ids = np.array(
            [
                f"A{100000 + x}"
                if style == "plain"
                else f"{432000000000000000 + int(x) * 8191}"
                if style == "long"
                else f"usr {x:07d}"
                if style == "spaces"
                else "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}".format(
                    *(int(v) & m for v, m in zip(mix(np.arange(5), x), (2**32 - 1, 65535, 4095, 4095, 2**48 - 1), strict=False))
                )
                for x in step
            ],
            object,
        )[rank]
        T = {
            "last": last,
            "t0": t0,
            "role": arr("role"),
            "trade": arr("trade"),
            "cc": np.array([x["p"].land for x in A], object),
            "tz": np.array([x["p"].zone for x in A], object),
        }
        T["town"] = np.array([list(LANDS).index(x["p"].land) * 10 + x["p"].town for x in A])
        removed = np.isin(arr("status"), ["removed", "suspended"])
        F = {}
        F["accounts"] = pd.DataFrame(
            {
                "account_id": np.arange(N),
                "role": T["role"],
                "status": arr("status"),
                "created_at": t0,
                "closed_at": arr("closed", np.int64),
                "merged_into": arr("merged", np.int64),
                "display_name": arr("name"),
                "legal_name": [x["legal"] if r.random() < 0.6 else None for x in A],
                "business_id": arr("biz"),
                "country": T["cc"],
                "tz": T["tz"],
                "locale": [x["p"].locale for x in A],
                "referrer_account_id": arr("ref", np.int64),
                "birth_year": [x["p"].born if r.random() < 0.4 else None for x in A],
                "erased_at": [int(x["t1"]) if x.get("erased") else -1 for x in A],
            }
        )
        spec = {
            "phones": "account_id phone_raw phone_e164 line_type verified_at first_seen last_seen origin",
            "emails": "account_id email_raw email_norm domain verified_at is_disposable is_relay first_seen last_seen",
            "instruments": "account_id instrument_id kind fingerprint processor bin last4 exp_month exp_year funding wallet name_match first_used last_used",
            "payout_accounts": "account_id payout_token last4 country holder_match added_at removed_at",
            "addresses": "account_id address_id kind line1 unit city region postal country is_mail_agent first_seen last_seen",
            "security_events": "account_id at event actor ip device_id",
            "business_members": "business_id account_id seat from to",
            "pro_profiles": "account_id trade licence_no licence_state licence_status licence_checked_at service_zips insurance_expiry",
            "actions": "action_id account_id action policy_code policy_version case_id decided_at effective_at expires_at decided_by reviewed_by automation reason notice_sent_at reversed_at reversal_reason",
            "appeals": "appeal_id action_id received_at lang grounds reviewer decided_at outcome",
            "reports": "report_id reporter_account_id subject_account_id channel received_at policy_code narrative safety_flag",
        }
        for k, v in spec.items():
            d = pd.DataFrame(self.rows[k], columns=v.split())
            if k in ("phones", "emails") and len(d):
                cut = np.array([x.get("cut", FOREVER) for x in A])[d.account_id]
                d["last_seen"] = np.where(d.first_seen < cut, np.minimum(d.last_seen, cut), d.last_seen)
            for f, l in (("first_seen", "last_seen"), ("first_used", "last_used")):
                if l in d and len(d):
                    d[f] = np.minimum(d[f], last[d.account_id]).clip(self.start)
                    d[l] = np.minimum(d[l], last[d.account_id])
                    d[l] = np.maximum(
                        d[f], np.where(d[l] >= self.end, self.end - g.exponential(18 * DAY, len(d)).astype(np.int64), d[l])
                    )  # last confirmed, not day of export
            F[k] = d
        F["accounts"]["birth_year"] = F["accounts"].birth_year.astype(object)
        e = F["security_events"]
        e.insert(0, "event_id", [f"E{i:06d}" for i in range(len(e))])
        F["security_events"] = e[e["at"] < self.end] if len(e) else e
        p = F["pro_profiles"]
        p["licence_class"] = p["background_provider"] = p["tax_id_token"] = None
        p["background_status"] = g.choice(["clear", "pending", None], len(p))
        p["insurance_expiry"] = [f"2027-{1 + i % 12:02d}-01" if i % 3 else None for i in range(len(p))]
        F["reports"]["job_id"] = F["reports"]["lang"] = None
        F["reports"]["confidential"] = False
        F["logins"], F["devices"] = self.logins(T["tz"], T["cc"], last, removed)
        F.update(self.trade(T))
        homes = {}
        [homes.setdefault(x["group"], []).append(i) for i, x in enumerate(A) if x["group"] and x["group"][0] == "H"]
        two = [v for v in homes.values() if len(v) > 1][::25]
        F["dissociations"] = pd.DataFrame(
            {
                "account_a": [v[0] for v in two],
                "account_b": [v[1] for v in two],
                "why": "spoke to both, two people",
                "by": "ana",
                "second_reviewer": "kim",
                "at": self.end - 20 * DAY,
            }
        )
        F["suppressions"] = pd.DataFrame(
            {
                "kind": ["ip", "phone"],
                "value_token": ["tok_81f2", "tok_c0de"],
                "why": ["office", "call_centre"],
                "by": "luis",
                "at": self.end - 90 * DAY,
                "expires_at": self.end + 200 * DAY,
            }
        )
        if s["team_ranges"]:
            F["ip_ranges"] = pd.DataFrame(
                [
                    (f"{a}.{b + m}.1.0/24", asn, "carrier", "mobile", c)
                    for c in self.shape["countries"]
                    for asn, a, b, _ in LANDS[c].mobile_carriers
                    for m in range(len(LANDS[c].towns))
                ]
                + [("185.156.0.0/16", 9009, "vpn", "relay_vpn", "US"), ("172.225.0.0/16", 36183, "relay", "relay_vpn", "US")],
                columns="prefix asn org kind country".split(),
            )
        acc = {
            "account_id",
            "merged_into",
            "referrer_account_id",
            "customer_account_id",
            "pro_account_id",
            "sender_account_id",
            "payer_id",
            "payee_id",
            "author_account_id",
            "subject_account_id",
            "reporter_account_id",
            "account_a",
            "account_b",
        }
        stamp = str(pd.Timestamp(self.end, unit="s"))[:10] + "T06:00:00+00:00"
        for k, d in F.items():
            d = d.iloc[
                np.argsort(rank)
                if k == "accounts"
                else np.arange(len(d))
                if k in ("logins", "jobs", "ip_ranges")
                else g.permutation(len(d))
            ].reset_index(drop=True)
            for c in d.columns:
                if c in acc:
                    v = d[c].to_numpy(np.int64) if len(d) else np.zeros(0, np.int64)
                    d[c] = np.where(v >= 0, ids[np.maximum(v, 0)], None) if len(v) else d[c]
                elif (
                    c.endswith("_at") or c in ("at", "from", "to", "first_seen", "last_seen", "first_used", "last_used", "scheduled_for")
                ) and len(d):
                    v = d[c].to_numpy(np.int64)
                    x = np.datetime_as_string(v.astype("datetime64[s]")).astype(object) + ("" if k in s["naive"] else "+00:00")
                    x[v < 0] = None
                    d[c] = x
            if k != "ip_ranges":
                d["source_system"] = "warehouse"
                d["exported_at"] = stamp
                d["row_hash"] = [f"{x:016x}" for x in pd.util.hash_pandas_object(d.astype(str), index=False)] if len(d) else None
            F[k] = self.soil(k, d, ids)
        mob = np.zeros(N, bool)
        w = np.array([(x.account, self.networks[x.network][8] == "mobile") for x in self.ways])
        mob[w[w[:, 1] == 1][:, 0]] = True
        truth = pd.DataFrame(
            {
                "account": ids,
                "person": [x.get("ctrl") or x["p"].id for x in A],
                "ring": arr("ring"),
                "abuser": arr("abuser", bool),
                "reason": [None if x["abuser"] else x["reason"] or ("carrier" if m else None) for x, m in zip(A, mob, strict=False)],
                "behaviour": arr("beh"),
                "group": arr("group"),
                "careful": arr("careful"),
                "person_before": arr("before"),
                "slips": [x.get("slips") for x in A],
                "bought_reviews": [bool(x.get("bought_reviews")) for x in A],
            }
        ).sort_values("account", ignore_index=True)
        gone = (
            set(s["missing"])
            | ({"accounts.display_name", "accounts.legal_name"} if "names" in s["missing"] else set())
            | ({"devices", "logins.device_id", "security_events.device_id"} if "device" in s["missing"] else set())
        )
        F = {k: d.drop(columns=[c for c in d.columns if f"{k}.{c}" in gone]) for k, d in F.items() if k not in gone}
        if s["single_table"]:
            take = [
                ("phones", "phone", "phone_raw", "first_seen", "last_seen"),
                ("emails", "email", "email_raw", "first_seen", "last_seen"),
                ("instruments", "card", "fingerprint", "first_used", "last_used"),
                ("payout_accounts", "payout", "payout_token", "added_at", "added_at"),
                ("logins", "ip", "ip", "at", "at"),
                ("logins", "device", "device_id", "at", "at"),
            ]
            one = pd.concat(
                [
                    pd.DataFrame({"account_id": F[t].account_id, "kind": k, "value": F[t][v], "first_seen": F[t][a], "last_seen": F[t][b]})
                    for t, k, v, a, b in take
                    if t in F and v in F[t]
                ],
                ignore_index=True,
            )
            F = {"accounts": F["accounts"], "identifiers": one[one.value.notna()].reset_index(drop=True)}
        return F, truth

    def soil(self, k, d, ids):
        """Dirt as exports have it: placeholders, proxies, spreadsheet damage, bad clocks, copies, ghosts."""
        g = self.rng
        q = self.shape["dirt"]
        n = len(d)
        if not n or not q:
            return d
        d = d.astype(object)

        def hit(p):
            """True with this chance."""
            return np.flatnonzero(g.random(len(d)) < p * q)

        def put(c, p, vals):
            return self.place_in(d, c, hit(p), vals) if c in d else None

        for c in ("display_name", "legal_name", "line1", "narrative"):
            if c in d:
                i = hit(0.25)
                v = d[c].to_numpy(object, copy=True)
                v[i] = [x.encode("utf8").decode("latin1") if isinstance(x, str) else x for x in v[i]]
                d[c] = v
        put("display_name", 0.1, ["test", "N/A", ".", "Customer", "asdf", "User"])
        put(
            "phone_raw",
            0.3,
            ["000-000-0000", "111-111-1111", "1234567890", "(206) 555-0100", "none", "+1 (800) 864-8331", "1.8E+10", "999 999 9999"],
        )
        put(
            "email_raw",
            0.25,
            ["noemail@example.com", "none@none.com", "test@test.com", "na@na.com", "info@", "unknown", "customer@gmail.com"],
        )
        put("line1", 0.25, ["N/A", "123 Main St", "TBD", ".", "General Delivery", "call for address"])
        put("fingerprint", 0.12, ["N/A", "null", "0000000000000000"])
        put("payout_token", 0.05, ["none", "PENDING"])
        if k == "logins":
            put("device_id", 0.2, ["da39a3ee5e6b4b0d3255bfef95601890afd80709", "00000000-0000-0000-0000-000000000000", "null", "undefined"])
            put("ip", 0.3, ["10.0.3.17", "100.64.0.1", "127.0.0.1", "0.0.0.0", "172.31.4.9", "unknown", "203.0.113.9"])
            v = d["ip"].to_numpy(object, copy=True)
            i = hit(0.3)
            v[i] = [f"{x}, 10.1.2.3" if ":" not in x else x.upper() for x in v[i]]
            i = hit(0.2)
            v[i] = ["::ffff:" + x if x.count(".") == 3 and ":" not in x and "," not in x else x for x in v[i]]
            d["ip"] = v
        if k == "phones":
            v = d["phone_raw"].to_numpy(object, copy=True)
            i = hit(0.3)
            v[i] = [str(x).replace("+", "").lstrip("0") for x in v[i]]
            d["phone_raw"] = v
        if k == "emails":
            v = d["email_raw"].to_numpy(object, copy=True)
            i = hit(0.3)
            v[i] = [x.replace("gmail.com", "gmial.com").replace("hotmail", "hotnail") + (" " if j % 2 else "") for j, x in enumerate(v[i])]
            d["email_raw"] = v
        for c in ("last4", "postal", "exp_year"):
            if c in d:
                v = d[c].to_numpy(object, copy=True)
                i = hit(0.5)
                v[i] = [str(x).lstrip("0") if c != "exp_year" else int(x) % 100 for x in v[i]]
                d[c] = v
        if k == "messages":
            v = d["body_redacted"].to_numpy(object, copy=True)
            i = hit(0.02)
            v[i] = "my card is 4111 1111 1111 1111 exp 10/28, gate code 4410"
            d["body_redacted"] = v
        tc = [c for c in d.columns if c.endswith("_at") or c in ("at", "first_seen", "last_seen") if c != "exported_at"]
        for c in tc[:2]:
            v = d[c].to_numpy(object, copy=True)
            i = hit(0.06)
            v[i] = (
                g.choice(["1970-01-01T00:00:00+00:00", "2099-12-31T23:59:59+00:00", "1900-01-01T00:00:00+00:00"], len(i))
                if k != "accounts"
                else v[i]
            )
            i = hit(0.08 if k != "accounts" else 0.02)[: None if "stray" in self.shape["naive"] else 0]
            v[i] = [x[:19].replace("T", " ") if isinstance(x, str) else x for x in v[i]]
            i = hit(0.2)
            v[i] = [x[:-6] + "Z" if isinstance(x, str) and x.endswith("+00:00") else x for x in v[i]]
            d[c] = v
        if k != "accounts" and "account_id" in d:
            v = d["account_id"].to_numpy(object, copy=True)
            i = hit(0.1)
            v[i] = [g_ + " " if j % 2 else " " + g_ for j, g_ in enumerate(v[i])]
            i = hit(0.02)
            v[i] = [x[:-1] + "X" for x in v[i]]
            d["account_id"] = v
        if k == "accounts":
            i = np.flatnonzero(d.status == "merged")
            (d.__setitem__("merged_into", d.merged_into.where(np.arange(n) != i[0], d.account_id)) if len(i) else None)
        more = [d, d.iloc[hit(0.15)]]
        if k not in ("accounts",):
            near = d.iloc[hit(0.05)].copy()
            near["source_system"] = "crm"
            more.append(near)
        if self.shape["export_twice"]:
            again = d[g.random(n) < 0.97].copy()
            again["exported_at"] = "2026-11-18T06:00:00+00:00"
            more.append(again)
        return pd.concat(more, ignore_index=True)

    def place_in(self, d, c, i, vals):
        """Put chosen values into some rows of a column."""
        v = d[c].to_numpy(object, copy=True).copy()
        v[i] = self.rng.choice(np.array(vals, object), len(i)) if len(i) else v[i]
        d[c] = v
        return True
