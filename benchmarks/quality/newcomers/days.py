"""What happens in a market day by day: logins, requests, money, talk and opinion."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.quality.newcomers.lands import LANDS
from benchmarks.quality.newcomers.plans import BODY, DAY, MODELS, TRADES
from benchmarks.quality.newcomers.world import World, mix


class Days(World):
    """Logins and trade of all accounts."""

    def times(self, W, n, tz):
        """When the logins of each way happened: local habits (hour, weekdays), then UTC."""
        g = self.rng
        i = np.repeat(np.arange(len(n)), n)
        t0, t1, hour = W["t0"][i], W["t1"][i], W["hour"][i]
        u = g.random(len(i))
        t = t0 + u * (t1 - t0)
        long = (t1 - t0 > 2 * DAY) & (hour >= 0)
        loc = (t // DAY) * DAY + (np.where(W["work"][i] > 0, g.normal(12.5, 2.5, len(i)).clip(8, 18), g.normal(hour, 2.6) % 24) * 3600)
        dow = (loc // DAY + 3) % 7
        loc = loc - np.where((W["work"][i] > 0) & (dow >= 5), (dow - 4) * DAY, 0)
        zone = tz[W["acc"][i]]
        out = t.copy()
        for z in pd.unique(zone):
            k = long & (zone == z)
            x = (
                pd.DatetimeIndex((loc[k]).astype("int64").astype("datetime64[s]"))
                .tz_localize(z, ambiguous=np.ones(k.sum(), bool), nonexistent="shift_forward")
                .tz_convert("UTC")
            )
            out[k] = x.asi8 // (10**9 if x.unit == "ns" else 1)
        miss = (out < t0) | (out > t1)
        out[miss] = t[miss]
        return i, out.astype(np.int64)

    def logins(self, tz, cc, last, removed):
        """Every login, with address, network, device and browser, and the table of devices."""
        g = self.rng
        names = "acc net dev t0 t1 lam fix work hour".split()
        W = {
            k: np.array(v, float if k in ("lam", "t0", "t1", "hour") else np.int64)
            for k, v in zip(names, zip(*[vars(w).values() for w in self.ways], strict=False), strict=False)
        }
        n = np.where(W["fix"] > 0, W["fix"], g.poisson(W["lam"]))
        i, t = self.times(W, n, tz)
        acc, dev, net, hour = W["acc"][i], W["dev"][i], W["net"][i], W["hour"][i]
        ok = ((t <= last[acc]) | ~removed[acc] | (hour == -2)) & (t <= self.end)
        i, t, acc, dev, net, hour = (x[ok] for x in (i, t, acc, dev, net, hour))
        o = np.argsort(t, kind="stable")
        t, acc, dev, net, hour = (x[o] for x in (t, acc, dev, net, hour))
        N = len(t)

        def col(j, ty=np.int64):
            return np.array([x[j] for x in self.networks], ty)[net]

        lo, size, per, salt, p6, hi, per6 = col(0), col(1), col(2), col(3), col(4, float), col(5), col(6)
        ip4 = lo + (mix(salt, t // per) % size.astype(np.uint64)).astype(np.int64)
        u, inv = np.unique(ip4, return_inverse=True)
        ip = np.array([f"{x >> 24}.{x >> 16 & 255}.{x >> 8 & 255}.{x & 255}" for x in u.tolist()], object)[inv]
        six = g.random(N) < p6
        low = mix(salt + 1, t // per6) & np.uint64(0xFFFFFFFF)

        def D(j, ty=np.int64):
            return np.array([x[j] for x in self.devices], ty)[np.maximum(dev, 0)]

        iid = mix(D(4), t // DAY)
        ip[six] = [
            f"{h >> 16:x}:{h & 65535:x}:{l >> 16:x}:{l & 65535:x}:{d >> 48:x}:{d >> 32 & 65535:x}:{d >> 16 & 65535:x}:{d & 65535:x}"
            for h, l, d in zip(hi[six].tolist(), low[six].tolist(), iid[six].tolist(), strict=False)
        ]
        web = D(0) == 1
        model = D(2)
        ver = t // (120 * DAY)
        fp = web & (g.random(N) < 0.1)
        ccn = np.array([sum(map(ord, c)) for c in cc])[acc]
        key = np.where(fp, mix(model * 977 + ccn, ver), mix(D(4), t // D(1)))
        pre = np.where(fp, "fp_", np.where(web, "ck_", "ins-"))
        u, inv = np.unique(key, return_inverse=True)
        did = pre.astype(object) + np.array([f"{x:016x}" for x in u.tolist()], object)[inv]
        did[(dev < 0) | (g.random(N) < 0.05)] = None
        ua = np.array(
            [
                [f"App/{5 + v}.{v % 3} ({p}; {m})" if p != "web" else f"Mozilla/5.0 ({m}) {120 + v}.0" for v in range(12)]
                for p, m, _ in MODELS
            ],
            object,
        )[model, (ver % 12)]
        kind = col(8, object)
        kind = np.where(g.random(N) < 0.12, "unknown", kind)
        kind = np.where((col(8, object) == "business") & (g.random(N) < 0.5), "residential", kind)
        out = np.where(
            hour == -2,
            "locked",
            g.choice(np.array(["ok", "bad_password", "mfa_fail", "reset", "locked"], object), N, p=[0.94, 0.04, 0.01, 0.008, 0.002]),
        )
        L = pd.DataFrame(
            {
                "login_id": [f"L{j:08d}" for j in range(N)],
                "account_id": acc,
                "at": t,
                "ip": ip,
                "asn": col(7),
                "asn_kind": kind,
                "geo_country": col(9, object),
                "geo_city": col(10, object),
                "geo_radius_km": g.choice([5, 20, 50, 200], N),
                "user_agent": ua,
                "device_id": did,
                "session_id": [f"s{x:x}" for x in mix(acc, t).tolist()],
                "outcome": out,
            }
        )
        m = pd.notna(did)
        V = (
            pd.DataFrame(
                {"d": did, "t": t, "k": np.where(fp, "browser_fp", np.where(web, "cookie", "install")), "m": model, "e": D(3, bool)}
            )[m]
            .groupby("d", sort=False)
            .agg(k=("k", "first"), m=("m", "first"), a=("t", "min"), z=("t", "max"), e=("e", "max"))
            .reset_index()
        )
        return L, pd.DataFrame(
            {
                "device_id": V.d,
                "kind": V.k,
                "algo_version": np.where(V.a < self.end - 200 * DAY, "2", "3"),
                "platform": [MODELS[x][0] for x in V.m],
                "model": [MODELS[x][1] for x in V.m],
                "first_seen": V.a,
                "last_seen": V.z,
                "emulator": V.e.astype(object),
            }
        )

    def trade(self, T):
        """Requests, leads, hires, money, talk and opinion between customers and pros of one town."""
        g, A = self.rng, self.accounts
        last = T["last"]
        t0 = T["t0"]
        town = T["town"]
        role = T["role"]
        out = []
        for z in np.unique(town):
            pr = np.flatnonzero((town == z) & np.isin(role, ["pro", "both"]))
            cu = np.flatnonzero((town == z) & ((role == "customer") | (role == "both")))
            if not len(pr) or not len(cu):
                continue
            n = g.poisson(np.minimum(12, g.gamma(0.8, 2.2, len(cu))))
            c = np.repeat(cu, n)
            w = g.pareto(1.5, len(pr)) + 0.1
            p = g.choice(pr, len(c), p=w / w.sum())
            req = np.arange(len(c))
            k = g.choice([1, 2, 3], len(c), p=[0.5, 0.3, 0.2])
            c, p, req = np.repeat(c, k), np.repeat(p, k), np.repeat(req, k)
            firstp = np.r_[True, req[1:] != req[:-1]] if len(req) else np.zeros(0, bool)
            p = np.where(firstp, p, g.choice(pr, len(c), p=w / w.sum()))
            a, b = np.maximum(t0[c], t0[p]), np.minimum(last[c], last[p])
            t = a + (g.random(len(c)) * (b - a))
            ok = b > a + 3600
            out.append(pd.DataFrame({"c": c, "p": p, "req": req + 10**7 * z, "t": t, "first": firstp, "x": "", "q": np.zeros(len(c))})[ok])
        for a, t, x in [(*y, "refund") for y in self.refunds]:
            pr = np.flatnonzero((town == town[a]) & (role == "pro") & (np.arange(len(role)) != a))
            if len(pr):
                out.append(
                    pd.DataFrame(
                        {"c": [a], "p": [int(g.choice(pr))], "req": [-1 - len(out)], "t": [float(t)], "first": [True], "x": [x], "q": [0.0]}
                    )
                )
        J = (
            pd.concat(out, ignore_index=True)
            if out
            else pd.DataFrame({"c": [], "p": [], "req": [], "t": [], "first": [], "x": [], "q": []})
        )
        n = len(J)
        tr = T["trade"][J.p.astype(int)] if n else np.zeros(0, object)
        J["t"] = J.t.astype("int64")
        mon = pd.to_datetime(J.t, unit="s").dt.month.to_numpy()
        season = np.array(
            [
                TRADES[x] is None
                or (TRADES[x][0] <= m <= TRADES[x][1] if TRADES[x][0] <= TRADES[x][1] else m >= TRADES[x][0] or m <= TRADES[x][1])
                for x, m in zip(tr, mon, strict=False)
            ],
            bool,
        )
        J = J[season | (g.random(n) < 0.25) | (J.x != "")].sort_values(["t", "c"], ignore_index=True)
        n = len(J)
        c, p = J.c.to_numpy(int), J.p.to_numpy(int)
        hired = J["first"].to_numpy(bool) & (g.random(n) < 0.55) & (J.x == "").to_numpy()
        done = hired & (g.random(n) < 0.8)
        canc = ~done & (g.random(n) < 0.2)
        t = J.t.to_numpy()
        th = t + g.integers(3600, 4 * DAY, n)
        ts = th + g.integers(3600, 20 * DAY, n)
        amt = np.exp(g.normal(5.2, 0.8, n)).astype(int) * 100
        fee = g.integers(800, 9000, n)
        jid = np.array([f"{700000000000000000 + 37 * i}" for i in range(n)], object)
        cur = np.array([LANDS[x].currency for x in T["cc"]], object)

        def cap(x, m):
            return np.where(m & (x < self.end), x, -1)

        cred = (J.x == "refund").to_numpy() | (g.random(n) < 0.02)
        jobs = pd.DataFrame(
            {
                "job_id": jid,
                "request_id": [f"RQ{x % 10**9:09d}" for x in J.req.astype(np.int64)],
                "customer_account_id": c,
                "pro_account_id": p,
                "category": T["trade"][p],
                "created_at": t,
                "hired_at": cap(th, hired),
                "scheduled_for": cap(ts, hired),
                "started_at": cap(ts, done),
                "completed_at": cap(ts + 7200, done),
                "cancelled_at": cap(th, canc),
                "cancelled_by": np.where(canc & (th < self.end), g.choice(["customer", "pro"], n), None),
                "status": np.where(
                    done & (ts < self.end), "completed", np.where(canc, "cancelled", np.where(hired, "in_progress", "open"))
                ),
                "quote_minor": np.where(g.random(n) < 0.7, amt, None),
                "currency": cur[c],
                "lead_fee_minor": fee,
                "lead_credit": cred,
                "address_id": None,
                "tz": T["tz"][c],
            }
        )
        ins = np.array([(x.get("ins") or [None])[0] for x in A], object)
        pay = []

        def P(m, payer, payee, kind, a, at, st="ok", ins=None, code=None):
            return pay.append(
                pd.DataFrame(
                    {
                        "job_id": jid[m],
                        "payer_id": payer[m] if payer is not None else -1,
                        "payee_id": payee[m] if payee is not None else -1,
                        "kind": kind,
                        "amount_minor": a[m],
                        "currency": cur[c[m]],
                        "at": at[m],
                        "status": st,
                        "instrument_id": ins[m] if ins is not None else None,
                        "dispute_code": code,
                    }
                )
            )

        al = np.ones(n, bool)
        on = done & (ts < self.end - DAY) & (g.random(n) < 0.45)
        P(al, p, None, "lead_fee", fee, t, ins=ins[p] if n else None)
        P(on, c, p, "charge", amt, ts + 7300, ins=ins[c])
        P(on, None, p, "payout", (amt * 0.9).astype(int), ts + 2 * DAY)
        P(on & (g.random(n) < 0.04), p, c, "refund", amt // 2, ts + 5 * DAY)
        P(on & (g.random(n) < 0.012), c, p, "chargeback", amt, ts + 30 * DAY, "open", ins[c], "13.1")
        P(cred, None, p, "credit", fee, t + 2 * DAY)
        if self.transfers:
            X = [tuple(y.values()) for y in self.transfers]
            f = np.array([max(x[0], x[1]) for x in X])
            pay.append(
                pd.DataFrame(
                    {
                        "job_id": None,
                        "payer_id": [x[0] for x in X],
                        "payee_id": [x[1] for x in X],
                        "kind": [x[2] for x in X],
                        "amount_minor": [x[3] for x in X],
                        "currency": cur[f],
                        "at": [x[4] for x in X],
                        "status": [x[5] for x in X],
                        "instrument_id": [x[6] for x in X],
                        "dispute_code": [x[7] for x in X],
                    }
                )
            )
        pay = pd.concat([x.astype(object) for x in pay], ignore_index=True)
        pay = pay[pay["at"].astype("int64") < self.end].reset_index(drop=True)
        pay.insert(0, "payment_id", [f"pay_{i:08d}" for i in range(len(pay))])
        pay["parent_payment_id"] = pay["hold_reason"] = None
        pay["dispute_outcome"] = np.where(pay.kind == "chargeback", g.choice(["lost", "won", None], len(pay)), None)
        pay["at"] = pay["at"].astype("int64")
        k = g.poisson(np.where(hired, 3, 0.9))
        i = np.repeat(np.arange(n), k)
        bypro = g.random(len(i)) < 0.5
        snd = np.where(bypro, p[i], c[i])
        lang = np.array([x["p"].locale[:2] for x in A], object)[snd] if len(i) else np.zeros(0, object)
        body = np.array(
            [
                BODY.get(l, BODY["en"])[int(q * len(BODY.get(l, BODY["en"])))].format(d="Tue", t=tr)
                for l, q, tr in zip(lang, g.random(len(i)), T["trade"][p[i]], strict=False)
            ],
            object,
        )
        text = {
            a: f"Hello dear, i am very interested in your service for {ring[-3:]} days, kindly send me your cell and best total price including material"
            for a, ring in self.scripts.items()
        }
        own = np.array([text.get(x) for x in snd], object)
        sub = pd.notna(own) & (g.random(len(i)) < 0.7)
        body[sub] = own[sub]
        body[g.random(len(i)) < 0.3] = None
        msg = pd.DataFrame(
            {
                "message_id": [f"M{x:08d}" for x in range(len(i))],
                "job_id": jid[i],
                "sender_account_id": snd,
                "sent_at": np.minimum(self.end, t[i] + g.integers(60, 4 * DAY, len(i))),
                "channel": g.choice(["in_app", "sms", "call", "email"], len(i), p=[0.75, 0.15, 0.05, 0.05]),
                "body_redacted": body,
                "lang": lang,
                "has_contact": g.random(len(i)) < 0.1,
                "attachments": g.poisson(0.1, len(i)),
                "deleted_at": -1,
            }
        )
        rv = np.flatnonzero(done & (ts < self.end - DAY) & (g.random(n) < 0.35))
        X = [
            x
            for x in [(y["author_account_id"], y["subject_account_id"], 5, y["created_at"], y["body"]) for y in self.praise]
            if x[3] < last[x[1]]
        ]
        talk = np.array(
            ["Great work", "Muy recomendable", "Arrived late but good job", "ok", "Ótimo profissional", "Would hire again", "Overpriced"],
            object,
        )
        rev = pd.DataFrame(
            {
                "job_id": list(jid[rv]) + [None] * len(X),
                "author_account_id": list(np.where(g.random(len(rv)) < 0.05, -1, c[rv])) + [x[0] for x in X],
                "subject_account_id": list(p[rv]) + [x[1] for x in X],
                "rating": list(g.choice([5, 4, 3, 2, 1], len(rv), p=[0.7, 0.14, 0.05, 0.04, 0.07])) + [x[2] for x in X],
                "body": list(np.where(g.random(len(rv)) < 0.5, g.choice(talk, len(rv)), None)) + [x[4] for x in X],
                "created_at": list(np.minimum(self.end, ts[rv] + g.integers(DAY // 2, 9 * DAY, len(rv)))) + [x[3] for x in X],
            }
        )
        rev.insert(0, "review_id", [f"V{x:07d}" for x in range(len(rev))])
        rev["origin"] = np.where(rev.author_account_id < 0, "imported", "platform")
        rev["verified_hire"] = rev.job_id.notna()
        rev["status"] = np.where(g.random(len(rev)) < 0.97, "published", "removed")
        return {"jobs": jobs, "payments": pay, "messages": msg, "reviews": rev}
