"""Names as people carry them: customs by origin, nicknames, spellings, married names."""

import unicodedata

GIVEN = {
    "us": "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica Thomas "
    "Sarah Christopher Karen Charles Lisa Daniel Nancy Matthew Betty Anthony Sandra Mark Ashley Donald Emily Steven Kimberly Andrew Donna "
    "Joshua Michelle Kevin Amanda Tyrone Latoya Jamal Keisha Brian Megan Tyler Brittany Ryan Heather",
    "es": "José María Juan Guadalupe Luis Rosa Carlos Ana Jesús Francisco Miguel Verónica Alejandro Patricia Jorge Leticia Manuel Adriana "
    "Ricardo Gabriela Eduardo Silvia Fernando Claudia Roberto Martha Sergio Elena Javier Yolanda Raúl Norma Héctor Araceli Óscar Lucía",
    "pt": "Maria José Ana João Francisca Antônio Adriana Carlos Juliana Paulo Márcia Pedro Fernanda Lucas Patrícia Luiz Aline Marcos "
    "Camila Gabriel Amanda Rafael Letícia Thiago Vanessa Bruno Luciana Felipe Simone Wellington Tatiane Anderson Débora",
    "asia": "Wei Li Min Jing Hao Yan Minh Linh Anh Thanh Ji-hoon Soo-jin Raj Priya Amit Sunita Arjun Anjali Kevin Grace Jose Maricel",
    "arab": "Mohamed Fatima Ahmed Aisha Youssef Mariam Omar Layla Khalid Noor Hassan Zahra Ali Samira",
    "slav": "Aleksandr Olga Dmitri Natalia Sergei Elena Yuri Svetlana Andriy Oksana Piotr Katarzyna",
}
FAMILY = {
    "us": "Smith Johnson Williams Brown Jones Davis Miller Wilson Moore Taylor Anderson Thomas Jackson White Harris Martin Thompson "
    "Robinson Clark Lewis Lee Walker Hall Allen Young King Wright Scott Green Baker Adams Nelson Hill Campbell Mitchell Roberts Carter "
    "Phillips O'Brien Murphy Kowalski Rossi Schmidt Washington Jefferson Freeman Cohen Sullivan",
    "es": "Hernández García Martínez López González Rodríguez Pérez Sánchez Ramírez Cruz Flores Gómez Morales Vázquez Jiménez Reyes Díaz "
    "Torres Gutiérrez Ruiz Mendoza Aguilar Ortiz Castillo Moreno Romero Álvarez Muñoz Peña Ibáñez Zúñiga Nuñez",
    "pt": "Silva Santos Oliveira Souza Lima Pereira Ferreira Costa Rodrigues Almeida Nascimento Alves Carvalho Araújo Ribeiro Gonçalves "
    "Barbosa Rocha Dias Moreira Nunes Mendes Conceição Assunção",
    "asia": "Nguyen Tran Le Pham Wang Li Zhang Liu Chen Kim Park Lee Patel Singh Kumar Sharma Reyes Santos Cruz",
    "arab": "Mohamed Hussein Ali Hassan Ibrahim Abdi Khan Ahmed Haddad Mansour",
    "slav": "Ivanov Petrov Kuznetsov Shevchenko Kovalenko Nowak Bondarenko Volkov",
}
COUNTRY_MIX = {
    "US": {"us": 0.56, "es": 0.22, "asia": 0.12, "arab": 0.04, "slav": 0.03, "pt": 0.03},
    "MX": {"es": 1.0},
    "BR": {"pt": 1.0},
    "PT": {"pt": 1.0},
}
GIVEN = {k: v.split() for k, v in GIVEN.items()}
FAMILY = {k: v.split() for k, v in FAMILY.items()}
NICK = {
    "James": "Jim",
    "Robert": "Bob",
    "William": "Bill",
    "Elizabeth": "Liz",
    "Richard": "Rick",
    "Michael": "Mike",
    "Jennifer": "Jen",
    "Patricia": "Pat",
    "Thomas": "Tom",
    "Christopher": "Chris",
    "Daniel": "Dan",
    "Anthony": "Tony",
    "Steven": "Steve",
    "Andrew": "Andy",
    "Joshua": "Josh",
    "José": "Pepe",
    "Guadalupe": "Lupita",
    "Francisco": "Paco",
    "Jesús": "Chuy",
    "Ignacio": "Nacho",
    "Eduardo": "Lalo",
    "Alejandro": "Alex",
    "Luiz": "Lu",
    "Antônio": "Toninho",
    "Francisca": "Chica",
    "Fernanda": "Nanda",
    "Gabriel": "Biel",
    "Aleksandr": "Sasha",
    "Natalia": "Natasha",
}
SPELL = {
    "Mohamed": ["Muhammad", "Mohammed", "Mohamad"],
    "Youssef": ["Yusuf", "Yousef"],
    "Aleksandr": ["Alexander", "Oleksandr"],
    "Sergei": ["Sergey", "Serhii"],
    "Nguyen": ["Nguyễn"],
    "Hussein": ["Husain", "Hussain"],
    "Fatima": ["Fatma"],
    "Dmitri": ["Dmitry"],
    "Souza": ["Sousa"],
    "Luiz": ["Luis"],
    "Kovalenko": ["Kowalenko"],
    "Jing": ["Ching"],
    "Zhang": ["Chang"],
}


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def zipf(rng, items):
    """Common names are common: rank-weighted choice."""
    n = len(items)
    return items[min(int(n * rng.random() ** 1.7), n - 1)]


def draw(rng, country, mix=None):
    mix = mix or COUNTRY_MIX[country]
    origin = list(mix)[int(rng.choice(len(mix), p=[v / sum(mix.values()) for v in mix.values()]))]
    given, family = [zipf(rng, GIVEN[origin])], [zipf(rng, FAMILY[origin])]
    if origin in ("es", "pt"):
        if rng.random() < 0.45:
            given.append(zipf(rng, GIVEN[origin]))
        family.append(zipf(rng, FAMILY[origin]))
    return {"origin": origin, "given": given, "family": family}


def relative(rng, name):
    """A spouse, child or sibling: shares a surname by the custom of the origin."""
    other = {"origin": name["origin"], "given": [zipf(rng, GIVEN[name["origin"]])], "family": list(name["family"])}
    if name["origin"] in ("es", "pt") and rng.random() < 0.5:
        other["family"] = [zipf(rng, FAMILY[name["origin"]]), name["family"][0]]
    elif rng.random() < 0.15:
        other["family"] = [zipf(rng, FAMILY[name["origin"]])]
    return other


def married(rng, name):
    new = zipf(rng, FAMILY[name["origin"]])
    family = [name["family"][0], "de", new] if name["origin"] == "es" and rng.random() < 0.4 else [new]
    return {**name, "family": family}


def legal(name):
    family = name["family"]
    if name["origin"] == "pt" and len(family) == 2 and hash_text(family[0]) % 3 == 0:
        family = ["da", *family]
    return " ".join([*name["given"], *family])


def hash_text(text):
    return sum(ord(c) * (i + 3) for i, c in enumerate(text))


def shown(rng, name):
    """What the person typed on the site: initials, nicknames, one of two surnames, no accents, other spellings."""
    given = name["given"][0]
    roll = rng.random()
    if roll < 0.15 and given in NICK:
        given = NICK[given]
    elif roll < 0.25 and given in SPELL:
        given = SPELL[given][int(rng.integers(len(SPELL[given])))]
    family = name["family"][-1 if name["origin"] == "pt" else 0]
    form = rng.random()
    text = f"{given} {family[0]}." if form < 0.45 else f"{given} {family}" if form < 0.8 else given if form < 0.88 else legal(name)
    roll = rng.random()
    return plain(text) if roll < 0.35 else text.upper() if roll < 0.38 else text.lower() if roll < 0.42 else text
