"""Seven countries: towns, carriers, mail domains, streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Town(NamedTuple):
    """A town: its time zone, how its postal codes begin, its telephone area codes."""

    city: str
    region: str
    zone: str
    postal: str
    area_codes: str


class Carrier(NamedTuple):
    """Who runs lines: number of its network, first two parts of its addresses, first 32 bits of its IPv6 addresses (0: has none)."""

    asn: int
    first: int
    second: int
    ipv6: int


@dataclass(frozen=True)
class Land:
    """A country; what is more frequent there is listed more than once."""

    currency: str
    dial: str
    locales: list[str]
    towns: list[Town]
    home_carriers: list[Carrier]
    mobile_carriers: list[Carrier]
    mail_domains: list[str]
    streets: list[str]


def _towns(*lines: str) -> list[Town]:
    return [Town(*line.split("|")) for line in lines]


LANDS = {
    "US": Land(
        currency="USD",
        dial="1",
        locales=["en-US", "en-US", "en-US", "es-US"],
        towns=_towns(
            "Seattle|WA|America/Los_Angeles|981|206 425",
            "New York|NY|America/New_York|100|917 646 347",
            "Los Angeles|CA|America/Los_Angeles|900|213 323 818",
            "Chicago|IL|America/Chicago|606|312 773",
            "Houston|TX|America/Chicago|770|713 832",
            "Phoenix|AZ|America/Phoenix|850|602 480",
            "Boston|MA|America/New_York|021|617 857",
            "Miami|FL|America/New_York|331|305 786",
        ),
        home_carriers=[
            Carrier(7922, 73, 16, 0x26010600),
            Carrier(20115, 97, 80, 0x26038000),
            Carrier(7018, 99, 16, 0x26001700),
            Carrier(701, 108, 8, 0),
        ],
        mobile_carriers=[Carrier(21928, 172, 40, 0x2607FB90), Carrier(6167, 174, 200, 0x26001000), Carrier(20057, 107, 72, 0x26000380)],
        mail_domains=(
            "gmail.com gmail.com gmail.com gmail.com yahoo.com hotmail.com outlook.com icloud.com aol.com comcast.net proton.me"
        ).split(),
        streets=(
            "Oak|Maple|Cedar|Pine|Lake|Hill|Washington|Jefferson|2nd|5th|12th|Park|Sunset|Martin Luther King Jr|Elm|"
            "Walnut|River|Union|Broadway|Mill"
        ).split("|"),
    ),
    "BR": Land(
        currency="BRL",
        dial="55",
        locales=["pt-BR"],
        towns=_towns(
            "São Paulo|SP|America/Sao_Paulo|013|11",
            "Rio de Janeiro|RJ|America/Sao_Paulo|220|21",
            "Manaus|AM|America/Manaus|690|92",
            "Recife|PE|America/Recife|500|81",
        ),
        home_carriers=[Carrier(28573, 177, 32, 0x2804014C), Carrier(18881, 187, 4, 0x280407F0), Carrier(7738, 189, 8, 0)],
        mobile_carriers=[Carrier(26615, 191, 160, 0x28040389), Carrier(26599, 179, 96, 0x28040018)],
        mail_domains="gmail.com gmail.com gmail.com hotmail.com uol.com.br bol.com.br terra.com.br outlook.com".split(),
        streets=(
            "Sete de Setembro|das Flores|São João|Tiradentes|Quinze de Novembro|da Paz|Santos Dumont|Dom Pedro II|Amazonas|Bela Vista"
        ).split("|"),
    ),
    "MX": Land(
        currency="MXN",
        dial="52",
        locales=["es-MX"],
        towns=_towns(
            "Ciudad de México|CDMX|America/Mexico_City|06|55 56",
            "Monterrey|NL|America/Monterrey|64|81",
            "Tijuana|BC|America/Tijuana|22|664",
        ),
        home_carriers=[Carrier(8151, 187, 144, 0x28060100), Carrier(13999, 189, 208, 0x28060240), Carrier(28545, 201, 96, 0)],
        mobile_carriers=[Carrier(28403, 200, 68, 0x28060290), Carrier(28469, 131, 176, 0)],
        mail_domains="gmail.com gmail.com hotmail.com outlook.com yahoo.com.mx prodigy.net.mx live.com.mx".split(),
        streets="Reforma|Benito Juárez|Hidalgo|Morelos|5 de Mayo|Insurgentes|Madero|Zaragoza|Las Palmas|Allende".split("|"),
    ),
    "ES": Land(
        currency="EUR",
        dial="34",
        locales=["es-ES", "ca-ES"],
        towns=_towns(
            "Madrid|MD|Europe/Madrid|280|91",
            "Barcelona|CT|Europe/Madrid|080|93",
            "Las Palmas|CN|Atlantic/Canary|350|928",
        ),
        home_carriers=[Carrier(3352, 83, 40, 0x2A029140), Carrier(12479, 90, 168, 0), Carrier(12430, 77, 224, 0x2A010C50)],
        mobile_carriers=[Carrier(3352, 176, 80, 0), Carrier(12479, 92, 176, 0x2A0C5A80)],
        mail_domains="gmail.com gmail.com hotmail.com hotmail.es telefonica.net yahoo.es outlook.es".split(),
        streets="Mayor|de Alcalá|del Pilar|Gran Vía|de la Constitución|Real|San Juan|de Aragón|Nueva|del Carmen".split("|"),
    ),
    "IN": Land(
        currency="INR",
        dial="91",
        locales=["en-IN", "hi-IN"],
        towns=_towns(
            "Mumbai|MH|Asia/Kolkata|400|22",
            "Bengaluru|KA|Asia/Kolkata|560|80",
            "Delhi|DL|Asia/Kolkata|110|11",
        ),
        home_carriers=[Carrier(24560, 122, 160, 0x24014900), Carrier(9829, 117, 192, 0), Carrier(17488, 103, 48, 0)],
        mobile_carriers=[Carrier(55836, 49, 36, 0x24094040), Carrier(45609, 106, 192, 0x24014901), Carrier(38266, 42, 104, 0x24023A80)],
        mail_domains="gmail.com gmail.com gmail.com gmail.com yahoo.co.in rediffmail.com outlook.com".split(),
        streets=(
            "MG Road|Station Road|Nehru Nagar|Gandhi Road|Linking Road|Brigade Road|Ring Road|Temple Street|SV Road|Park Street"
        ).split("|"),
    ),
    "PT": Land(
        currency="EUR",
        dial="351",
        locales=["pt-PT"],
        towns=_towns(
            "Lisboa|11|Europe/Lisbon|1100|21",
            "Porto|13|Europe/Lisbon|4000|22",
            "Ponta Delgada|20|Atlantic/Azores|9500|296",
        ),
        home_carriers=[Carrier(3243, 85, 240, 0x20018A0A), Carrier(2860, 89, 152, 0x2A030DD0), Carrier(12353, 79, 168, 0)],
        mobile_carriers=[Carrier(12353, 148, 63, 0x20014C88), Carrier(42863, 87, 196, 0)],
        mail_domains="gmail.com gmail.com hotmail.com sapo.pt outlook.pt iol.pt".split(),
        streets="da Liberdade|Augusta|do Carmo|25 de Abril|da República|das Flores|Almirante Reis|do Comércio".split("|"),
    ),
    "DE": Land(
        currency="EUR",
        dial="49",
        locales=["de-DE"],
        towns=_towns(
            "Berlin|BE|Europe/Berlin|101|30",
            "Dresden|SN|Europe/Berlin|010|351",
            "Köln|NW|Europe/Berlin|506|221",
        ),
        home_carriers=[Carrier(3320, 84, 136, 0x20030000), Carrier(3209, 88, 64, 0x2A028108), Carrier(6805, 93, 128, 0)],
        mobile_carriers=[Carrier(3320, 80, 187, 0x20030080), Carrier(6805, 176, 4, 0x2A013000), Carrier(3209, 109, 40, 0)],
        mail_domains="gmail.com gmx.de web.de web.de t-online.de gmail.com outlook.de googlemail.com".split(),
        streets="Haupt|Bahnhof|Schiller|Goethe|Garten|Linden|Berg|Kirch|Wald|Ring".split("|"),
    ),
}
