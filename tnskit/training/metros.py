"""Where the people of the made-up market live: cities, zones, area codes, streets.

Cities, area codes and zones are real; streets are invented words, so that no line is somebody's door.
Telephone numbers all lie in exchange 555, whose numbers ring at nobody's home (practice of films and manuals;
NANPA keeps 555 for information services), and never in 555-0100 to 555-0199, which tools rightly take for a
placeholder.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from tnskit.training.text import NONE, Ints, Texts, blanked, chance, counted, objects, one_of, picked, spread
from tnskit.training.world import World, name_lists

_METROS = """
New York|NY|America/New_York|100|6|212 332 347 646 718 917 929 516 631 934 914 845 716 518 838 585 315 680 607
Newark|NJ|America/New_York|071|3|201 551 732 848 862 908 973 609 640 856
Philadelphia|PA|America/New_York|191|4|215 267 445 484 610 835 717 223 570 272 814 582
Pittsburgh|PA|America/New_York|152|2|412 878 724
Boston|MA|America/New_York|021|3|617 857 781 339 508 774 978 351 413 401 603 207 802
Hartford|CT|America/New_York|061|1|203 475 860 959
Washington|DC|America/New_York|200|3|202 771 703 571 804 686 757 948 540 826 276 434
Baltimore|MD|America/New_York|212|2|301 240 227 410 443 667 302
Charlotte|NC|America/New_York|282|3|704 980 919 984 336 743 910 472 828 252
Columbia|SC|America/New_York|292|1|803 839 843 854 864
Atlanta|GA|America/New_York|303|4|404 470 678 770 943 706 762 912 229 478
Miami|FL|America/New_York|331|4|305 786 645 954 754 561 728
Orlando|FL|America/New_York|328|3|407 689 321 904 324 352 386 850 448
Tampa|FL|America/New_York|336|2|813 656 727 941 863 239 772
Houston|TX|America/Chicago|770|4|713 281 346 832 621 409 936 979
Dallas|TX|America/Chicago|752|4|214 469 972 945 817 682 903 430 940 806
Austin|TX|America/Chicago|787|2|512 737 254
San Antonio|TX|America/Chicago|782|2|210 726 361 830 956
El Paso|TX|America/Denver|799|1|915 432 325 505 575
Los Angeles|CA|America/Los_Angeles|900|6|213 323 310 424 818 747 626 562 738 805 820 661
Anaheim|CA|America/Los_Angeles|928|3|714 657 949 909 840 951
San Diego|CA|America/Los_Angeles|921|2|619 858 760 442
San Francisco|CA|America/Los_Angeles|941|4|415 628 650 510 341 925 707 369
San Jose|CA|America/Los_Angeles|951|2|408 669 831
Sacramento|CA|America/Los_Angeles|958|2|916 279 530 837 209 350 559
Seattle|WA|America/Los_Angeles|981|3|206 253 425 360 564 509
Portland|OR|America/Los_Angeles|972|2|503 971 541 458
Las Vegas|NV|America/Los_Angeles|891|2|702 725 775
Boise|ID|America/Denver|837|1|208 986 406 307
Phoenix|AZ|America/Phoenix|850|4|602 480 623 520 928
Salt Lake City|UT|America/Denver|841|1|801 385 435
Denver|CO|America/Denver|802|3|303 720 983 719 970 748
Chicago|IL|America/Chicago|606|5|312 872 773 464 708 847 224 630 331 815 779 217 447 309 861 618 730
Milwaukee|WI|America/Chicago|532|1|414 262 608 353 920 274 715 534
Minneapolis|MN|America/Chicago|554|2|612 651 952 763 507 218 320 701 605
Detroit|MI|America/Detroit|482|3|313 679 248 947 586 734 616 517 989 810 231 269 906
Columbus|OH|America/New_York|432|4|216 440 614 380 513 283 937 326 419 567 330 234 740 220
Indianapolis|IN|America/Indiana/Indianapolis|462|2|317 463 219 260 574 765 812 930
St. Louis|MO|America/Chicago|631|2|314 557 816 975 417 573 235 636 660 913 316 785 620
Omaha|NE|America/Chicago|681|1|402 531 308 515 319 563 641 712
Oklahoma City|OK|America/Chicago|731|1|405 572 918 539 580 501 479 327 870
Nashville|TN|America/Chicago|372|2|615 629 901 865 423 931 731 502 859 606 364 270
New Orleans|LA|America/Chicago|701|2|504 985 225 318 337 205 659 256 938 334 251 601 769 662 228
Honolulu|HI|Pacific/Honolulu|968|1|808
"""

LINES = 9_800
"""Line numbers of one area code: 0200 to 9999."""


@dataclass(frozen=True)
class Metro:
    """One city and what hangs on it."""

    city: str
    region: str
    tz: str
    zip3: str
    weight: float
    codes: tuple[str, ...]


@cache
def metros() -> tuple[Metro, ...]:
    """Read the cities."""
    rows = [line.split("|") for line in _METROS.strip().splitlines()]
    return tuple(Metro(r[0], r[1], r[2], r[3], float(r[4]), tuple(r[5].split())) for r in rows)


def most_accounts() -> int:
    """Tell how many accounts the numbers that belong to nobody are enough for."""
    return sum(len(metro.codes) for metro in metros()) * LINES // 2


def numbers_of(metro: Ints, salt: int) -> Ints:
    """Give every line a ten-digit number of its own, of its own city while that has any left.

    Args:
        metro: The city of each line.
        salt: What the order of the numbers depends on.
    """
    room = np.array([len(place.codes) * LINES for place in metros()], dtype=np.int64)
    taken = np.minimum(np.bincount(metro, minlength=len(room)), room)
    rank = counted(metro)
    away = np.flatnonzero(rank >= room[metro])
    city = metro.copy()
    edges = np.cumsum(room - taken)
    turn = np.arange(len(away), dtype=np.int64)
    city[away] = np.searchsorted(edges, turn, side="right")
    rank[away] = turn - (edges - (room - taken))[city[away]] + taken[city[away]]
    # A prime factor runs through all numbers of a city and never meets one twice.
    start = (spread(np.arange(len(room), dtype=np.int64), salt) >> np.uint64(20)).astype(np.int64) % room
    slot = (rank * 1_000_003 + start[city]) % room[city]
    codes = np.array([int(code) for place in metros() for code in place.codes], dtype=np.int64)
    first = np.cumsum(room // LINES) - room // LINES
    result: Ints = codes[first[city] + slot // LINES] * 10_000_000 + 5_550_200 + slot % LINES
    return result


def doors(world: World, things: Ints, metro: Ints, unit_of: Ints) -> dict[str, Texts]:
    """Write the addresses: line, unit, city, region and ZIP.

    Args:
        world: The market.
        things: The address of each row.
        metro: Its city.
        unit_of: The building, or `NONE` for a house of its own.
    """
    names = name_lists()["streets"]
    flat = unit_of >= 0
    door = np.where(flat, -2 - unit_of, things)
    salt = world.salt("door")
    number = (100 + one_of(door, salt, 9_800)).astype("U5").astype(object)
    street = picked(names["name"], one_of(door, salt + 1, len(names["name"])))
    end = picked(names["end"], one_of(door, salt + 2, len(names["end"])))
    words = objects(["Apt ", "#", "Unit "])[one_of(things, salt + 3, 3)]
    unit = words + (1 + one_of(things, salt + 4, 60)).astype("U3").astype(object)
    zip3 = picked([place.zip3 for place in metros()], metro)
    tail = np.char.zfill(one_of(door, salt + 5, 100).astype("U2"), 2).astype(object)
    return {
        "line1": number + " " + street + " " + end,
        "unit": blanked(unit, flat),
        "city": picked([place.city for place in metros()], metro),
        "region": picked([place.region for place in metros()], metro),
        "postal": zip3 + tail,
    }


def buildings(things: Ints, metro: Ints, salt: int) -> Ints:
    """Put a third of the addresses into buildings of a few doors each; `NONE` for a house of its own."""
    flats = np.flatnonzero(chance(things, salt) < 0.35)
    result = np.full(len(things), NONE, dtype=np.int64)
    result[flats] = metro[flats] * 1_000_000 + counted(metro[flats]) // 6
    return result
