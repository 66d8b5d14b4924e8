"""How people are called, by the heritage their names tell."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple


class Names(NamedTuple):
    """Names of one heritage, the more frequent surnames first."""

    male: list[str]
    female: list[str]
    surnames: list[str]


HERITAGES = {
    "US": ["anglo"] * 10 + ["hisp", "hisp", "hisp", "ind", "viet", "russ", "arab", "chin", "braz", "inds"],
    "BR": ["braz"],
    "PT": ["braz", "braz", "braz", "braz", "hisp"],
    "MX": ["hisp"],
    "ES": ["hisp"] * 6 + ["arab", "russ"],
    "IN": ["ind", "ind", "inds", "inds", "arab"],
    "DE": ["ger"] * 6 + ["arab", "russ"],
}
"""Heritages of a country, each as often as it stands here."""


def _names(male: str, female: str, surnames: str, *, first: str = "", second: str = "") -> Names:
    """Words to names; each of `first` with each of `second` is one more surname."""
    joined = [start + end for start in first.split() for end in second.split()]
    return Names(male.split(), female.split(), surnames.split() + joined)


NAMES = {
    "anglo": _names(
        "James John Robert Michael William David Richard Thomas Daniel Matthew Tony Mark Steven Kevin Brian Tyler Jordan Casey Earl Wayne",
        "Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Ashley Kimberly Emily Megan "
        "Katherine Jordan Casey Taylor Latoya Margaret",
        "Smith Johnson Williams Brown Jones Davis Miller Wilson Moore Taylor Jackson White Harris Clark Lewis "
        "O'Brien McDonald Fitzgerald Smith-Jones",
        first="Ash Black Brad Carl Chat Clay Down Elling Fair Gar Hal Har Kings Lang Mar Nor Pres Rad Stan Thorn Wal Whit",
        second="ford ley ton well wood field man more",
    ),
    "hisp": _names(
        "José Juan Luis Carlos Jesús Miguel Francisco Antonio Pedro Jorge Álvaro Raúl Iván Óscar",
        "María Guadalupe Ana Carmen Rosa Lucía Juana Verónica Sofía Elena Pilar Begoña Xóchitl Inés",
        "García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Núñez Muñoz "
        "Ibáñez Castillo Vázquez Ortiz Peña Zúñiga Domínguez Salas Rojas Vega Cruz",
    ),
    "braz": _names(
        "João José Antônio Francisco Carlos Paulo Luiz Marcos Rafael Thiago Wesley Washington Diego Caio",
        "Maria Ana Adriana Juliana Márcia Fernanda Patrícia Luciana Camila Conceição Beatriz Larissa Letícia Rosângela",
        "Silva Santos Oliveira Souza Pereira Lima Costa Ferreira Rodrigues Almeida Nascimento Araújo Ribeiro "
        "Carvalho Gonçalves Barbosa Rocha Moura Teixeira Cavalcanti",
    ),
    "ind": _names(
        "Rajesh Amit Sunil Vijay Sanjay Rahul Manish Deepak Arjun Imran Gurpreet",
        "Priya Sunita Anita Pooja Neha Kavita Anjali Rekha Meena Gurpreet Fatima",
        "Sharma Singh Kumar Patel Gupta Shah Verma Yadav Mehta Joshi Khan Chauhan Mishra Desai Agarwal Reddy",
        first="Chandra Deva Raj Tri Bhatt Mal Kul Rath Agni Jai",
        second="wal kar pathi vedi nath hotra",
    ),
    "inds": _names(
        "Ramesh Suresh Karthik Venkatesh Murugan Srinivas Balaji Prakash",
        "Lakshmi Divya Saraswati Kavitha Meenakshi Revathi Padma Shanthi",
        "Subramanian Krishnan Raman Iyer Nair Rao Venkataraman Pillai Natarajan Murthy",
    ),
    "ger": _names(
        "Thomas Michael Andreas Stefan Jürgen Klaus Günther Lukas Jörg Sven Björn Uwe",
        "Ursula Petra Sabine Monika Jana Käthe Birgit Anna Lena Heike Grit Katrin",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Köhler Groß Weiß",
        first="Hof Berg Stein Brand Linde Roth Acker Holz Kauf Neu Ober Winkel",
        second="mann er meier bauer hauer",
    ),
    "viet": _names(
        "Minh Tuan Hung Dung Thanh",
        "Linh Huong Lan Thuy Mai",
        "Nguyen Nguyen Nguyen Tran Le Pham Huynh Vo",
    ),
    "russ": _names(
        "Sergey Dmitry Alexei Mikhail Yuri",
        "Natalia Yulia Ekaterina Olga Tatyana",
        "Ivanov Petrov Kuznetsov Popov Shevchenko Kovalenko",
    ),
    "arab": _names(
        "Mohammed Ahmed Ali Hassan Mustafa Yusuf Mehmet",
        "Fatima Aisha Zeynep Layla Khadija Emine",
        "Hussein Ali Khan Yilmaz Al-Sayed El Amrani Kaya Haddad Abdi Demir",
    ),
    "chin": _names(
        "Wei Jun Ming Hao",
        "Li Fang Xiu Mei",
        "Wang Li Zhang Chen Liu Huang Lin Wu",
    ),
}

NICKNAMES = {
    "James": "Jim", "John": "Jack", "Robert": "Bob", "Michael": "Mike", "William": "Bill",
    "David": "Dave", "Richard": "Rick", "Thomas": "Tom", "Daniel": "Dan", "Elizabeth": "Liz",
    "Jennifer": "Jen", "Katherine": "Kate", "Patricia": "Pat", "José": "Pepe", "Francisco": "Paco",
    "Jesús": "Chuy", "Guadalupe": "Lupita", "María": "Mari", "Antônio": "Toninho", "João": "Joãozinho",
    "Luiz": "Lula", "Mohammed": "Muhammad", "Sergey": "Sergei", "Alexei": "Alex", "Yulia": "Julia",
    "Dmitry": "Dima", "Margaret": "Peggy", "Ursula": "Uschi", "Venkatesh": "Venky", "Fernanda": "Nanda",
    "Rosa": "Rosita", "Natalia": "Natasha",
}  # fmt: skip
"""What people with these names are called for short."""


def plain(text: str) -> str:
    """Letters without marks, small."""
    letters = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()
