import ipaddress
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tnskit.cleaning.kinds.networks import NETWORK_KINDS, IpAddress, NetworkTable, built_in

IP = IpAddress()
OWN = "an address inside somebody's own network, logged behind a proxy"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("11.20.30.40", "11.20.30.40"), (" 8.8.8.8\n", "8.8.8.8"), ("192.5.6.7", "192.5.6.7"), ("8.8.8.8:443", "8.8.8.8"), ("8.8.8.8/32", "8.8.8.8"), ("008.008.008.008", "8.8.8.8"),
        ("732758368", "43.173.1.96"), ("732758368.79972", "43.173.1.96"), ("7.32758368E8", "43.173.1.96"), ("-1140850688", "188.0.0.0"), ("0x08080808", "8.8.8.8"), ("８.８.８.８", "8.8.8.8"),
        ("2d00:1:2:3:4::1", "2d00:1:2:3::/64"), ("2D00:1:2:3:4:0:0:1", "2d00:1:2:3::/64"), ("[2d00::1]:443", "2d00::/64"), ("2d00::1%eth0", "2d00::/64"), ("2d00:1:2:3::/64", "2d00:1:2:3::/64"),
        ("42541956123769884636017138956568135816", "2001:4860:4860::/64"),
        # an IPv4 address inside an IPv6 address: mapped, NAT64, 6to4, Teredo, compatible
        ("::ffff:8.8.8.8", "8.8.8.8"), ("::FFFF:0808:0808", "8.8.8.8"), ("64:ff9b::8.8.8.8", "8.8.8.8"), ("2002:808:808::1", "8.8.8.8"), ("2001:0:4136:e378:8000:63bf:f7f7:f7f7", "8.8.8.8"), ("::8.8.8.8", "8.8.8.8"),
        # lists, as proxies write them
        ("10.1.1.1, 11.2.3.4", "11.2.3.4"), ("8.8.8.8,10.0.0.1", "8.8.8.8"), ("unknown, 8.8.8.8:1234", "8.8.8.8"), ('for="[2d00::1]:4711";proto=https;by=8.8.4.4', "2d00::/64"), ("for=8.8.8.8, for=9.9.9.9", "8.8.8.8"),
    ],
)  # fmt: skip
def test_written_so_means_this(raw, clean):
    assert IP.clean(raw) == clean
    assert IP.clean(clean) == clean


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        *((raw, OWN) for raw in ("10.0.0.1", "100.64.3.2", "100.127.255.254", "127.0.0.1", "169.254.1.1", "172.16.0.1", "172.31.9.9", "192.168.1.1", "203.0.113.9", "198.51.100.1", "192.0.2.1", "198.18.0.1",
                                 "0.0.0.0", "255.255.255.255", "224.0.0.1", "fe80::1", "fe80::1%en0", "fc00::1", "fd12::1", "::1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::1", "2001:db8::1", "3fff::1",
                                 "ff02::1", "10.0.0.1, 192.168.1.1", "-1062731519", "2001:0:4136:e378:8000:63bf:f5ff:fffe")),
        ("9999999999", "not an IP address"), ("localhost", "not an IP address"), ("8.8.8", "not an IP address"), ("8.8.8.8.8", "not an IP address"), ("256.1.1.1", "not an IP address"), ("8.8.8.0/24", "not an IP address"),
        ("2d00:1:2::/48", "not an IP address"), ("8.8.8.x", "not an IP address"), ("", "not an IP address"), ("7.3E+08", "rounded figure"), ("10:30", "not an IP address"), ("08.8.8.8", "not an IP address"),
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_visitor_says_why(raw, why):
    assert IP.clean(raw) is None
    assert why in IP.fault(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.1.1",
        "198.17.1.1",
        "198.20.0.1",
        "203.0.114.1",
        "223.255.255.1",
        "2001:4860::1",
    ],
)
def test_the_innocent_neighbours_of_private_networks_are_public(raw):
    assert IP.clean(raw) is not None


@given(number=st.integers(0, 2**32 - 1))
def test_every_way_to_write_an_ipv4_address_is_one_address(number):
    text = str(ipaddress.IPv4Address(number))
    ways = [
        text,
        f"::ffff:{text}",
        f"{text}:80",
        f"{text}/32",
        f"10.0.0.1, {text}",
        f"64:ff9b::{text}",
        f"0x{number:08x}",
        f"2002:{number >> 16:x}:{number & 65535:x}::9",
    ]
    ways += [str(number), f"{number}.0"] if number > 9_999_999 else []
    clean = {IP.clean(way) for way in ways}
    assert clean in ({text}, {None})
    if clean == {None}:
        assert (
            not ipaddress.ip_address(text).is_global
            or ipaddress.ip_address(text).is_multicast
            or text.startswith(("192.88.99.", "192.0.0.", "192.31.196.", "192.52.193.", "192.175.48."))
        )
    else:
        assert ipaddress.ip_address(text).is_global


@given(net=st.integers(2**61, 2**61 + 2**60), host=st.integers(1, 2**64 - 1))
def test_two_hosts_of_one_64_are_one_network_and_of_two_are_two(net, host):
    one, other = (str(ipaddress.IPv6Address((net << 64) + h)) for h in (host, host ^ 1 or 2))
    assert IP.clean(one) == IP.clean(other)
    following = str(ipaddress.IPv6Address((net + 1 << 64) + host))
    assert IP.clean(one) is None or IP.clean(one) != IP.clean(following)


@pytest.mark.parametrize(("clean", "shown"), [("11.20.30.40", "IP 11.20.30.•"), ("2d00:1:2:3::/64", "IPv6 2d00:1:2::•/48")])
def test_a_mask_shows_the_24_or_the_48(clean, shown):
    assert IP.shown(clean) == shown


@pytest.mark.parametrize(
    ("clean", "klass"),
    [
        ("104.28.1.1", "relay_vpn"),
        ("172.225.7.7", "relay_vpn"),
        ("2a02:26f7:1::/64", "relay_vpn"),
        ("104.27.1.1", "hosting"),
        ("2606:4700:1::/64", "hosting"),
        ("11.1.1.1", ""),
        ("172.240.1.1", ""),
        ("2d00::/64", ""),
    ],
)
def test_a_few_published_networks_tell_their_class(clean, klass):
    assert IP.klass(clean) == klass


def test_the_longest_prefix_wins_and_what_is_no_network_is_told():
    table = NetworkTable(
        [
            ("11.0.0.0/8", "business"),
            ("11.1.0.0/16", "mobile"),
            ("?", "x"),
            ("11.1.2.3", "hosting"),
            ("2d00::/16", "education"),
            ("2d00:1::/32", "mobile"),
            ("2d00::1/128", "x"),
            ("11.9.0.0/33", "x"),
        ]
    )
    asked = [
        "11.2.2.2",
        "11.1.9.9",
        "11.1.2.3",
        "11.1.2.4",
        "12.0.0.0",
        "10.255.255.255",
        "2d00:2::/64",
        "2d00:1:5::/64",
        "2d00::/64",
        "2d01::/64",
    ]
    told = ["business", "mobile", "hosting", "mobile", "", "", "education", "mobile", "education", ""]
    assert [table.kind(one) for one in asked] == told
    assert table.kinds(asked) == told
    assert table.faults == [2, 7]
    assert NetworkTable([]).kinds(asked) == [""] * len(asked)


def test_many_addresses_at_once_are_told_as_one_by_one_would_be():
    draw = random.Random(5)
    rows = [
        (
            f"{draw.randrange(1, 9)}.{draw.randrange(256)}.{draw.randrange(256)}.0/{draw.choice((4, 8, 12, 16, 20, 24, 32))}",
            draw.choice(NETWORK_KINDS),
        )
        for _ in range(500)
    ]
    rows += [("2000::/3", "unknown"), ("2d00::/20", "mobile"), ("::/0", "business"), ("0.0.0.0/0", "residential")]
    asked = [f"{draw.randrange(1, 9)}.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(256)}" for _ in range(3_000)] + [
        f"2d0{n % 9}:{n:x}::/64" for n in range(1, 500)
    ]
    nets = [(ipaddress.ip_network(prefix, strict=False), kind) for prefix, kind in rows]

    def slowly(one):
        address = ipaddress.ip_network(one)[0]
        held = [(net.prefixlen, place, kind) for place, (net, kind) in enumerate(nets) if net.version == address.version and address in net]
        return max(held)[2] if held else ""

    table = NetworkTable(rows)
    found = table.kinds(asked)
    assert found == [table.kind(one) for one in asked]
    assert found[::30] == [slowly(one) for one in asked[::30]]


def test_the_built_in_networks_are_networks_of_known_kinds():
    assert built_in().faults == []
    assert set(built_in().kinds(["104.28.0.1", "104.16.0.1", "9.9.9.9"])) <= {*NETWORK_KINDS, ""}
