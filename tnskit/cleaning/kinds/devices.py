"""Devices: app installs, browser cookies and computed fingerprints."""

from __future__ import annotations

import re

from tnskit.cleaning.kinds.tokens import Token, is_default, trimmed

_UUID = re.compile(r"\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?", re.I)
_HARDWARE = re.compile(r"[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}", re.I)

MADE_ALIKE = frozenset(
    {
        "9774d56d682e549c",  # ANDROID_ID of emulators and of some devices with Android 2.2
        "02:00:00:00:00:00",  # what Android since 6 and iOS since 7 give instead of the network card's address
        "004999010640000",  # IMEI of handsets whose own was lost
        "358673013795895",  # IMEI that many copies of one handset carry
        "012345678912345",  # IMEI of boards without one
    }
)
"""Ids that many devices were given alike. Sources: Android's documentation of hardware identifiers and issue 10603 of its tracker; the
IMEIs are those that public device libraries refuse."""


class Device(Token):
    """A device: an app install, a browser cookie, or a fingerprint computed by one version of an algorithm.

    A UUID or a hardware address is the same in capitals and in braces. Two fingerprints can only be compared where one
    version of the algorithm made both, so where an export tells the version it is part of the value: `version:fingerprint`.
    """

    kind = "device"

    def clean(self, raw: str, region: str = "US") -> str | None:
        """Give the id, or `version:fingerprint` from `version` and `fingerprint` around a unit separator; None for a default."""
        version, _, mark = raw.rpartition("\x1f")
        text = super().clean(mark, region)
        if text is None:
            return None
        if "-" in text or ":" in text:
            uuid = _UUID.fullmatch(text)
            told = uuid[1].lower() if uuid else text.replace("-", ":").lower() if _HARDWARE.fullmatch(text) else text
            if told != text and is_default(told):
                return None
            text = told
        if text.lower() in MADE_ALIKE:
            return None
        if not version:
            return text
        version = re.sub(r"[:\x1f]", ".", trimmed(version))
        return f"{version}:{text}" if version else text
