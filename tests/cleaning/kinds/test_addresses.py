import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.markets import market
from tnskit.cleaning.kinds.addresses import Address
from tnskit.cleaning.kinds.places import country_code, postal_code, us_state

ADDRESS = Address()


def cells(*values, **named):
    names = ("line1", "unit", "city", "region", "postal", "country", "agent")
    row = dict(zip(names, values, strict=False)) | named
    return "\x1f".join(row.get(name, "") for name in names)


ONE = [
    # several ways to write one address, and its one form
    ("12 main|4b|02139|", [
        cells("12 Main Street, Apt 4B", city="Boston", region="MA", postal="2139"), cells("12 MAIN ST.", "#4b", "Boston", "MA", "02139-1234"), cells("12 Main St 4B", postal="02139"),
        cells("Apt 4B, 12 Main St", postal="02139.0"), cells("12 Main St, Apt4B, Boston, MA 02139"), cells("12 Main Street", "Apt. #004-B", postal="21391234"),
        cells("12 Main St, Unit 4B, Boston, Massachusetts 02139, USA"), cells("12 main street apt 4b Boston MA 02139-0001"),
    ]),
    ("123 main|4|62701|", [cells("123 Main St Apt 4, Springfield, IL 62701"), cells("123 Main St Apt 4 Springfield IL 62701-1234"), cells("123 Main", "Unit 4", postal="62701")]),
    ("123 main||62701|", [cells("123 Main Street, Springfield, IL 62701"), cells("123 Main Street", "N/A", postal="62701"), cells("123 MAIN ST", "", "Springfield", "Illinois", "62701", "United States")]),
    ("221 e 51||60615|", [cells("221 East 51st Street", postal="60615"), cells("221 E. 51st", postal="60615"), cells("221 e 51 st", postal="60615")]),
    ("12 w washington||60602|", [cells("12 W. Washington", postal="60602"), cells("12 West Washington St", postal="60602")]),
    ("po box 123||78701|mail", [cells("PO Box 123", "", "Austin", "TX", "78701"), cells("P.O. Box 123", postal="78701"), cells("POB 123", postal="78701"), cells("Post Office Box 123", postal="78701")]),
    ("100 oak|12|78701|mail", [cells("100 Oak Ave PMB 12", postal="78701"), cells("100 Oak Ave", "PMB 12", postal="78701"), cells("100 Oak Ave", "12", postal="78701", agent="true")]),
    ("100 oak|210|33101|", [cells("100 Oak Ave, Suite 210, Miami, FL 33101"), cells("100 Oak Ave", "Ste 210", "Miami", "FL", "33101")]),
    ("4321 ave 12||93637|", [cells("4321 Avenue 12", postal="93637"), cells("4321 Ave 12", postal="93637")]),
    ("12 roma||00901|", [cells("12 Calle Roma", postal="00901"), cells("Calle Roma 12", postal="901", country="PR"), cells("Calle Roma #12", postal="00901")]),
    # Mexico
    ("calle roma 12|3|72000|", [
        cells("Calle Roma 12 Int 3", city="Puebla", postal="72000", country="MX"), cells("C. Roma #12, Int. 3", postal="72000", country="México"), cells("Roma No. 12 Interior 3, Col. Centro, C.P. 72000", country="MX"),
        cells("Calle Roma núm. 12-3, Colonia Centro", postal="72000", country="MX"), cells("CALLE ROMA 12", "INT 3", postal="72000", country="MX"),
    ]),
    ("avenida juarez 1234|5b|01000|", [cells("Av. Juárez 1234, Depto. 5B", postal="1000", country="MX"), cells("Avenida Juarez #1234", "Departamento 5-B", postal="01000", country="MX")]),
    ("calle 5 mayo 12||72000|", [cells("Calle 5 de Mayo 12", postal="72000", country="MX"), cells("5 de Mayo No. 12", postal="72000", country="MX")]),
    ("calle 10 25||97000|", [cells("Calle 10, 25", postal="97000", country="MX"), cells("Calle 10 #25", postal="97000", country="MX")]),
    ("calle ceiba sn|4-12|55000|", [cells("Mz 4 Lt 12, Calle Ceiba s/n", postal="55000", country="MX"), cells("Calle Ceiba S/N Mza. 4 Lote 12", postal="55000", country="MX")]),
    # Brazil
    ("rua flores 123|45|01310100|", [
        cells("Rua das Flores, 123, Apto 45, Centro", city="São Paulo", region="SP", postal="01310-100", country="BR"), cells("R. das Flores 123 ap. 45", postal="1310100", country="Brasil"),
        cells("Rua Flores, nº 123 - Apto 45 - Centro", postal="01310100", country="BR"), cells("RUA DAS FLORES, 123 - ap 45, CEP 01310-100", country="BR"),
    ]),
    ("avenida paulista 1578|b12|01310200|", [cells("Av. Paulista, 1578 - Bloco B Apto 12", postal="01310-200", country="BR"), cells("Avenida Paulista 1578", "Bl. B ap 12", postal="01310200", country="BR")]),
    ("rua dr joao silva 10||13010000|", [cells("Rua Dr. João Silva, 10", postal="13010000", country="BR"), cells("R Doutor Joao da Silva nº 10", postal="13010-000", country="BR")]),
    ("rua principal sn||13010000|", [cells("Rua Principal, s/n", postal="13010000", country="BR"), cells("Rua Principal sem número", postal="13010000", country="BR")]),
    # Spain, Portugal, Canada, United Kingdom
    ("calle mayor 12|3b|28013|", [cells("Calle Mayor, 12, 3º B", city="Madrid", postal="28013", country="ES"), cells("C/ Mayor 12 3B", postal="28013", country="ES"), cells("C. Mayor nº 12 piso 3 puerta B", postal="28013", country="ES")]),
    ("rua augusta 12|2dto|1100048|", [cells("Rua Augusta, 12, 2.º Dto", postal="1100-048", country="PT"), cells("R. Augusta nº 12 2 dto", postal="1100048", country="PT")]),
    ("55 water|1204|m5v1a1|", [cells("1204-55 Water St", postal="M5V 1A1", country="CA"), cells("55 Water Street Unit 1204", postal="m5v1a1", country="Canada")]),
    ("10 high|2|sw1a1aa|", [cells("Flat 2, 10 High Street", postal="SW1A 1AA", country="GB"), cells("10 High St", "Flat 2", postal="sw1a1aa", country="UK")]),
]  # fmt: skip


@pytest.mark.parametrize(("clean", "raw"), [(clean, raw) for clean, ways in ONE for raw in ways])
def test_every_way_to_write_an_address_is_one_address(clean, raw):
    assert ADDRESS.clean(raw) == clean
    assert ADDRESS.clean(clean) == clean


TWO = [
    (cells("12 Oak St", postal="78701"), cells("12 Oak St", postal="78702")), (cells("12 Oak St", "4", postal="78701"), cells("12 Oak St", "5", postal="78701")),
    (cells("12 Oak St", "", "Springfield", "IL"), cells("12 Oak St", "", "Springfield", "MA")), (cells("12 N Oak St", postal="78701"), cells("12 S Oak St", postal="78701")),
    (cells("12 Oak St", "2-301", postal="78701"), cells("12 Oak St", "23-01", postal="78701", country="MX")), (cells("Calle Juárez 12", postal="72000", country="MX"), cells("Av. Juárez 12", postal="72000", country="MX")),
    (cells("Torre 2 Depto 301, Calle Roma 12", postal="72000", country="MX"), cells("Torre 23 Depto 01, Calle Roma 12", postal="72000", country="MX")), (cells("12 County Road 4", postal="78701"), cells("12 County Road 5", postal="78701")),
    (cells("12 Oak St", "4", postal="78701"), cells("12 Oak St", "", postal="78701")),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), TWO)
def test_two_addresses_stay_two(a, b):
    assert ADDRESS.clean(a) is not None
    assert ADDRESS.clean(a) != ADDRESS.clean(b)


@pytest.mark.parametrize(
    "raw",
    [
        "unknown",
        "11/30/14",
        "PO Box",
        "N/A",
        "Main St",
        "",
        "0",
        "test 1",
        "123 test",
        "same as above",
        "s/n",
        "12",
        "[card number removed]",
        "Calle Roma\x1f\x1f\x1f\x1f72000\x1fMX",
        "x" * 9_000,
    ],
)
def test_what_names_no_house_is_refused(raw):
    assert ADDRESS.clean(raw) is None
    assert ADDRESS.fault(raw) == "no house number and street"


@pytest.mark.parametrize(("clean", "klass", "shown"), [
    ("12 main|4b|02139|", "unit", "address ••• in 021•• with unit"), ("12 main||02139|", "building", "address ••• in 021••"), ("12 oak||boston ma|", "building", "address ••• in •••"),
    ("po box 9||78701|mail", "mail_agent", "address ••• in 787••"), ("100 oak|12|78701|mail", "mail_agent", "address ••• in 787•• with unit"),
])  # fmt: skip
def test_class_and_mask(clean, klass, shown):
    assert (ADDRESS.klass(clean), ADDRESS.shown(clean)) == (klass, shown)


@pytest.mark.parametrize(
    ("text", "country", "means"),
    [
        ("2139", "US", "02139"), ("02139-1234", "US", "02139"), ("021391234", "US", "02139"), ("21391234", "US", "02139"), ("2139.0", "US", "02139"), ("501", "US", "00501"), ("00000", "US", ""), ("99999", "US", ""), ("12", "US", ""),
        ("1000", "MX", "01000"), ("1310100", "BR", "01310100"), ("01310-100", "BR", "01310100"), ("8001", "ES", "08001"), ("1100-048", "PT", "1100048"), ("1100", "PT", "1100"), ("M5V 1A1", "CA", "m5v1a1"), ("SW1A 1AA", "GB", "sw1a1aa"), ("n/a", "US", ""),
    ],
)  # fmt: skip
def test_postal_codes_get_their_zeros_back(text, country, means):
    assert postal_code(text, country) == means


def test_states_and_countries_by_name_and_by_code():
    assert [us_state(text) for text in ("Illinois", "il", "New York", "D.C.", "Ontario", "")] == ["IL", "IL", "NY", "", "", ""]
    assert [country_code(text) for text in ("México", "BRASIL", "usa", "", "GB", "France")] == ["MX", "BR", "US", "US", "GB", "FR"]


@given(number=st.integers(1, 99_999), word=st.sampled_from(["Oak", "Martin Luther King", "Washington", "Ohio", "St Paul"]), unit=st.integers(1, 999), suffix=st.sampled_from(["St", "Street", "ST.", "Ave", ""]),
       form=st.sampled_from(["{n} {w} {s}, Apt {u}", "{n} {w} {s} #{u}", "{n} {w} {s} apt. {u}", "{n} {w} {s} Unit {u}"]))  # fmt: skip
def test_suffix_and_way_to_write_the_unit_make_no_other_address(number, word, unit, suffix, form):
    raw = cells(form.format(n=number, w=word, s=suffix, u=unit), postal="78701")
    assert ADDRESS.clean(raw) == ADDRESS.clean(cells(f"{number} {word}", str(unit), postal="78701"))


def test_a_mail_agent_told_in_the_unit_or_by_the_export_is_one():
    m = market(
        "A B",
        addresses=[
            {"account_id": "A", "line1": "100 Oak Ave", "unit": "PMB 7", "postal": "78701"},
            {"account_id": "B", "line1": "9 Elm St", "unit": "7", "postal": "78701", "is_mail_agent": "yes"},
        ],
    )
    assert m.db.execute("SELECT class FROM identifier").fetchall() == [("mail_agent",), ("mail_agent",)]
