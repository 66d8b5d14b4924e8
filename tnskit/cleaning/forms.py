"""The forms by which raw identifiers are known in running text, one finder a kind.

Each finder gives places in a text that `disguise` has read. A form is only as wide as it can be without taking dates,
prices, versions and order numbers for identifiers; the innocent twin of each stands beside it in the tests.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator

import phonenumbers

from tnskit.cleaning.cards import is_iban
from tnskit.cleaning.kinds.networks import IpAddress
from tnskit.cleaning.kinds.phones import Phone

Span = tuple[int, int]

_NOT_BEFORE = r"(?<![0-9A-Za-z•…])(?<!\d[-.])"
_NOT_AFTER = r"(?![0-9A-Za-z•])(?![-.]\d)"
_EXTENSION = r"(?:\s?(?:x|ext\.?|extension)\s?\d{1,6})?"
_FAR = r"[ \-/]{1,3}"

_SET_OFF = re.compile(
    rf"{_NOT_BEFORE}(?:\+?1{_FAR}?)?(?:"
    rf"\([2-9]\d\d\) ?[2-9]\d\d{_FAR}?\d{{4}}|[2-9]\d\d{_FAR}[2-9]\d\d{_FAR}\d{{4}}"  # (312) 555-2368
    r"|[2-9]\d\d\.[2-9]\d\d\.\d{4}"  # 312.555.2368
    rf"){_EXTENSION}{_NOT_AFTER}"
)
"""How the US and Canada write a number."""
_IN_PAIRS = re.compile(
    rf"{_NOT_BEFORE}(?:(?:0|01 ?|044 ?|045 ?)?\(?\d\d\)?[ -]?9?\d{{4}}[ -]\d{{4}}"
    rf"|(?:01 ?|044 ?|045 ?)?\(?\d{{3}}\)?[ -]\d{{3}}[ -]\d{{2}}[ -]?\d{{2}}){_NOT_AFTER}"
)
"""How Mexico and Brazil write one: (55) 1234-5678, 11 98765-4321, 222 123 45 67."""
_TRUNK = re.compile(r"^(?:044|045|01|0)(?= ?\(?\d)")
_ABROAD = re.compile(r"(?<![0-9A-Za-z+])(?<!\d[ -])(?:\+|00(?=[1-9]))\(?[1-9](?:[ ().\-/]{0,3}\d){6,16}(?![0-9A-Za-z])")
_TEN = re.compile(rf"(?<![\w.•…-])1?[2-9]\d\d[2-9]\d{{6}}{_EXTENSION}(?![\w•-])(?!\.\d)")
_SPOKEN = re.compile(
    r"\b(?:tel|phone|cell|mobile|call|text|sms|whatsapp|dial|fone|telefone|tel[eé]fono|celular|m[oó]vil|ligue|ll[aá]m[ae]\w*)\b"
    r"[^\d\n•…]{0,20}(\+?\(?\d[\d ().\-]{5,16}\d)(?![\w•])(?!\.\d)",
    re.IGNORECASE,
)
_FICTION = re.compile(r"(?<!\d)555\D{0,3}01\d\d(?!\d)|\d555\D?01\d\d(?!\d)")
_COUNTED = re.compile(
    r"(?:\b(?:order|pedido|orden|case|caso|ticket|invoice|factura|fatura|ref|reference|job|lead|id|account|acct|cuenta|conta|message|msg"
    r"|tracking|request|quote|row|seed|step|line|event|session|user|epoch|timestamp|bytes|rows)s?\b|#|\bno\.|\bnr\.?|\bn[ºo°]|[_-]id)\W{0,4}$",
    re.IGNORECASE,
)
"""Words before a figure that say what it counts or names."""
_NUMBERS_BESIDE = (re.compile(r"\d[ ,;]$"), re.compile(r"[ ,;]{1,2}\d"))

_EMAIL = re.compile(r"(?<![\w.+%-])[\w][\w.+%'-]*@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,24}(?![\w@-])")
_SPELLED = re.compile(
    r"\b[\w.+-]+(?: ?[\[({] ?at ?[\])}] ?[\w-]+(?: ?(?:\.|[\[({] ?dot ?[\])}]| dot ) ?[\w-]+)* ?(?:\.|[\[({] ?dot ?[\])}]| dot )"
    r" ?[A-Za-z]{2,24}"
    r"| at [\w-]+(?: dot [\w-]+)* dot [A-Za-z]{2,24})\b",
    re.IGNORECASE,
)
_FILES = ("png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "py", "ipynb", "md", "whl", "git", "html")

_DOT = r"(?:\.|\[\.\]|\(\.\))"
_FOUR = re.compile(rf"(?<![\w.])\d{{1,3}}(?:{_DOT}\d{{1,3}}){{3}}(?!\w)(?!\.\d)(?!/(?:[1-9]|[12]\d|3[01])\b)")
_SIX = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]{2,38}(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:•])(?!/\d)")
_VERSION = re.compile(
    r"(?:\bv|\bver(?:sion|s[aã]o|si[oó]n)?s?\.?|\brelease|\bbuild|\bsection|\bchapter|\bclause|\barticle|\bstep|\bfigure|\btable|§|[=<>~]=)\s*$",
    re.IGNORECASE,
)
_GLOBAL = ipaddress.ip_network("2000::/3")

_SUFFIX = (
    "St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane|Dr|Drive|Ct|Court|Pl|Place|Ter|Terrace|Pkwy|Parkway"
    "|Cir|Circle|Hwy|Highway|Trl|Trail"
)
_STREET = re.compile(
    r"(?<![\w.,-])\d{1,6}[A-Z]? (?:(?:[NSEW]{1,2}|North|South|East|West)\.? )?(?:(?:[A-Z][a-z]+\.?|\d{1,3}(?:st|nd|rd|th)) ){1,3}"
    rf"(?:{_SUFFIX}|Way)\b(?!['’])|(?<![\w.,-])\d{{1,6}} (?:[a-z]{{3,}} ){{1,2}}(?:st|ave|rd|blvd)\b(?!['’])"
)
_NAME = r"[A-ZÁÉÍÓÚÂÊÔÑÃÕÇ][\w.]*"
_CALLE = re.compile(
    r"\b(?:Calle|Av\.?|Avda\.?|Avenida|Boulevard|Blvd\.?|Rua|R\.|Travessa|Alameda|Carrera|Calzada|Calz\.?|Privada|Andador|Praça"
    r"|Estrada) "
    rf"(?:(?:de|da|do|das|dos|del|la|las|los) )*(?:{_NAME}|\d{{1,2}})(?: (?:{_NAME}|de|da|do|das|dos|del|la|las|los|y|e)){{0,5}}"
    r",? (?:n[ºo°.]*\s?|núm\.? |#\s?)?\d{1,5}\b(?![:%])"
)

_SSN = re.compile(rf"{_NOT_BEFORE}(?!000|666)\d{{3}}-(?!00)\d\d-(?!0000)\d{{4}}{_NOT_AFTER}")
_CPF = re.compile(rf"{_NOT_BEFORE}\d{{3}}\.\d{{3}}\.\d{{3}}-\d\d{_NOT_AFTER}")
_CNPJ = re.compile(rf"{_NOT_BEFORE}\d\d\.\d{{3}}\.\d{{3}}/\d{{4}}-\d\d{_NOT_AFTER}")
_EIN = re.compile(r"\b(?:EIN|TIN|tax (?:id|number|no\.?))\W{1,4}(?:is )?(\d\d-?\d{7}|\d{9})\b", re.IGNORECASE)
_RFC = re.compile(r"\b[A-ZÑ&]{4}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[A-Z0-9]{3}|[HM][A-Z]{5}[A-Z0-9]\d)\b")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b")
_CLABE = re.compile(r"\bclabe\b\D{0,20}(\d{3} ?\d{3} ?\d{11} ?\d)\b", re.IGNORECASE)
_PAGE = re.compile(
    r"\b(?:(?:instagram|facebook|fb|tiktok|snapchat|linkedin|threads)\.(?:com|net)/(?:in/|add/|profile\.php\?id=)?|t\.me/)"
    r"@?(?!(?:help|business|policies|legal|about|privacy|settings|login|pages|groups|p|reel|share|sharer|company|ads|watch|explore)\b)"
    r"[\w.-]{3,}",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\b(?:fp|tok|pm|ba|btok|src|card)_(?=(?:[A-Za-z]*\d){2})(?=(?:\d*[A-Za-z]){2})[A-Za-z0-9]{8,64}\b")

_DATE = re.compile(
    r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?"
    r"|(?<![\d/])\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?![\d/])|(?<!\d)\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\d)"
)


def undated(text: str) -> str:
    """Give a text of the same length whose dates are crossed out."""
    return _DATE.sub(lambda match: "x" * len(match[0]), text)


def phones(text: str) -> Iterator[Span]:
    """Find phone numbers; those that are kept free for fiction (555-0100 to 555-0199) are nobody's."""
    yield from (span for span in _phones(text) if not _FICTION.search(text, *span))


def _phones(text: str) -> Iterator[Span]:
    for match in _ABROAD.finditer(text):
        if end := _abroad(match[0]):
            yield match.start(), match.start() + end
    for match in _SET_OFF.finditer(text):
        if _alone(text, match):
            yield match.span()
    for match in _IN_PAIRS.finditer(text):
        if _alone(text, match) and any(_valid(_TRUNK.sub("", match[0]), region) for region in ("MX", "BR")):
            yield match.span()
    for match in _TEN.finditer(text):
        if _valid(match[0], "US") and not _COUNTED.search(text, max(0, match.start() - 24), match.start()):
            yield match.span()
    for match in _SPOKEN.finditer(text):
        if 7 <= sum(mark.isdigit() for mark in match[1]) <= 13:
            yield match.span(1)


def _abroad(text: str) -> int:
    """Give the length of the phone number that a text with a country code begins with, or 0."""
    far, whole = (1, "+" + text[2:]) if text.startswith("00") else (0, text)
    while sum(mark.isdigit() for mark in whole) >= 8:
        if Phone().clean(whole) is not None:
            return len(whole) + far
        whole = re.sub(r"[ ().\-/]*\d+$", "", whole)
    return 0


def _valid(text: str, region: str) -> bool:
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text, region)))
    except phonenumbers.NumberParseException:
        return False


def _alone(text: str, match: re.Match[str]) -> bool:
    """Tell that a number written with spaces only does not stand in a row of numbers."""
    if re.search(r"[^\d ]", match[0]):
        return True
    before, after = _NUMBERS_BESIDE
    return not before.search(text, max(0, match.start() - 2), match.start()) and not after.match(text, match.end())


def emails(text: str) -> Iterator[Span]:
    """Find e-mail addresses, `jo (at) mail.example` too."""
    for match in _EMAIL.finditer(text):
        if not match[0].lower().endswith(tuple(f".{ending}" for ending in _FILES)) and not match[0].startswith("git@"):
            yield match.span()
    yield from (match.span() for match in _SPELLED.finditer(text))


def addresses_of_networks(text: str) -> Iterator[Span]:
    """Find public IP addresses; versions, sections and whole networks are none."""
    clean = IpAddress().clean
    for match in _FOUR.finditer(text):
        bare = re.sub(r"[\[\]()]", "", match[0])
        if clean(bare) and not _VERSION.search(text, max(0, match.start() - 12), match.start()):
            yield match.span()
    for match in _SIX.finditer(text):
        found = match[0].rstrip(":") if not match[0].endswith("::") else match[0]
        if _is_global(found):
            yield match.start(), match.start() + len(found)


def _is_global(text: str) -> bool:
    try:
        one = ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return (one in _GLOBAL and one.is_global) or (one.ipv4_mapped is not None and one.ipv4_mapped.is_global)


def streets(text: str) -> Iterator[Span]:
    """Find street addresses as the US, Mexico and Brazil write them."""
    for pattern in (_STREET, _CALLE):
        yield from (match.span() for match in pattern.finditer(text))


def tax_numbers(text: str) -> Iterator[Span]:
    """Find social security, taxpayer, CPF, CNPJ, RFC and CURP numbers."""
    yield from (match.span() for match in _SSN.finditer(text))
    for pattern in (_CPF, _CNPJ):
        yield from (match.span() for match in pattern.finditer(text) if _is_brazilian(re.sub(r"\D", "", match[0])))
    yield from (match.span(1) for match in _EIN.finditer(text))
    yield from (match.span() for match in _RFC.finditer(text))


def _is_brazilian(digits: str) -> bool:
    """Tell whether a CPF (11 digits) or CNPJ (14) has the check digits that Receita Federal's rule gives it."""
    if len(set(digits)) == 1:
        return False
    size, most = (9, 11) if len(digits) == 11 else (12, 9)
    for length in (size, size + 1):
        weights = [2 + place % (most - 1) for place in range(length)]
        rest = sum(int(mark) * weight for mark, weight in zip(reversed(digits[:length]), weights, strict=True)) % 11
        if int(digits[length]) != (0 if rest < 2 else 11 - rest):
            return False
    return True


def bank_accounts(text: str) -> Iterator[Span]:
    """Find IBANs and, where the word stands before them, Mexican CLABEs, with right check digits."""
    yield from (match.span() for match in _IBAN.finditer(text) if is_iban(match[0]))
    yield from (match.span(1) for match in _CLABE.finditer(text) if _is_clabe(match[1].replace(" ", "")))


def _is_clabe(digits: str) -> bool:
    """Tell whether 18 digits have the check digit of Banco de México's rule (weights 3, 7, 1)."""
    total = sum(int(mark) * (3, 7, 1)[place % 3] % 10 for place, mark in enumerate(digits[:17]))
    return (10 - total % 10) % 10 == int(digits[17])


def pages(text: str) -> Iterator[Span]:
    """Find pages of persons on social networks."""
    yield from (match.span() for match in _PAGE.finditer(text))


def tokens(text: str) -> Iterator[Span]:
    """Find the tokens of payment processors that tell themselves by a prefix."""
    yield from (match.span() for match in _TOKEN.finditer(text))


FORMS: dict[str, Callable[[str], Iterator[Span]]] = {
    "payout": bank_accounts,
    "tax_id": tax_numbers,
    "email": emails,
    "ip": addresses_of_networks,
    "token": tokens,
    "social": pages,
    "address": streets,
    "phone": phones,
}
"""The finder of each kind, the surest first: what one has found the next ones leave alone."""
