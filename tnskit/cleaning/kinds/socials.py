"""Handles and pages on social networks."""

from __future__ import annotations

import re
from typing import ClassVar

from tnskit.cleaning.kinds.tokens import NOTHING, NULL_DIGESTS, Token, bare, trimmed
from tnskit.cleaning.names import forms

PLATFORMS = forms(
    """
    facebook.com: facebook.com, fb.com, fb.me
    instagram.com: instagram.com, instagr.am
    x.com: twitter.com, x.com
    tiktok.com: tiktok.com
    youtube.com: youtube.com
    linkedin.com: linkedin.com
    t.me: t.me, telegram.me, telegram.org
    wa.me: wa.me, whatsapp.com
    yelp.com: yelp.com
    nextdoor.com: nextdoor.com
    pinterest.com: pinterest.com
    snapchat.com: snapchat.com
    threads.net: threads.net, threads.com
    linktr.ee: linktr.ee
    houzz.com: houzz.com
    vk.com: vk.com
    """
)
"""Domains of platforms, and the one name for each; what stands before such a domain (`m.`, `es-la.`) is a language or a device."""

_WORDS = forms(
    """
    instagram.com: instagram, insta, ig
    facebook.com: facebook, fb
    x.com: twitter
    tiktok.com: tiktok
    youtube.com: youtube
    linkedin.com: linkedin
    t.me: telegram
    wa.me: whatsapp
    """
)
_ROOMS = frozenset({"in", "biz", "user", "c", "u", "add", "profile", "pub", "pg", "pro"})
"""Parts of a path before the handle that say nothing."""
_KEPT = frozenset({"company", "channel", "pages", "people"})
"""Parts of a path that have handles of their own."""
_PAGES = frozenset(
    "home login share sharer p reel reels stories explore watch hashtag search photo posts settings about help app groups send"
    " profile.php home.php index.html admin user".split()
)
_NO_HANDLE = _ROOMS | _KEPT | _PAGES
_URL = re.compile(r"^(?:https?:)?//", re.I)
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}")
_ID = re.compile(r"[?&](?:id|phone)=\+?(\d{5,20})")


class Social(Token):
    """A handle or page on a social network: `platform/handle`, or the bare handle where no platform is told.

    Handles are compared in lower case; on Facebook without dots too (its help page on user names). The page of a
    platform itself (`facebook.com`) is nobody's. A web site of one's own counts as a page.
    """

    kind: ClassVar[str] = "social"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give `platform/handle`, a domain with its path, or a bare handle; None where nobody is named."""
        text = trimmed(raw[:2_000])
        named = re.fullmatch(r"([A-Za-z]+)(?:\s*:\s*|\s+)@?([\w.-]+)", text)
        if named and named[1].lower() in _WORDS:
            text = f"{_WORDS[named[1].lower()]}/{named[2]}"
        elif any(c.isspace() for c in text):
            return None
        host, _, path = _URL.sub("", text).partition("/")
        host = re.sub(r"^(?:www|m|mobile)\.", "", host.lower())
        if not _DOMAIN.fullmatch(host) or (text.startswith("@") and "/" not in text):
            return self._handle(text) if "/" not in text and any(c.isalpha() for c in text) else None
        known = next((name for end, name in PLATFORMS.items() if host == end or host.endswith("." + end)), "")
        if known:
            return self._on_platform(known, path)
        page = re.sub(r"[?#].*$", "", path).strip("/").lower()
        return f"{host}/{page}" if page else host

    def _handle(self, text: str) -> str | None:
        found = text.strip("@").lower()
        fits = re.fullmatch(r"[\w.-]{3,64}", found) and len(set(bare(found))) > 1
        nobody = bare(found) in NOTHING or found in NULL_DIGESTS or found in _NO_HANDLE
        return found if fits and not nobody else None

    def _on_platform(self, platform: str, path: str) -> str | None:
        if number := _ID.search(path):
            return f"{platform}/{number[1]}"
        parts = [part for part in re.sub(r"[?#].*$", "", path).split("/") if part]
        room = parts[0].lower() if len(parts) > 1 else ""
        if room == "channel":
            return f"{platform}/channel/{parts[1]}"  # the only name in which capital letters count
        handle = parts[-1] if room in {"pages", "people"} else parts[1] if room in _ROOMS | _KEPT else parts[0] if parts else ""
        found = self._handle(handle)
        if found and platform == "facebook.com":
            found = found.replace(".", "")
        return f"{platform}/{room + '/' if room == 'company' else ''}{found}" if found else None

    def fault(self, raw: str, region: str = "US") -> str:
        """Say why `clean` gave None."""
        return "no handle and no page of somebody's own"
