"""Seven countries: towns, providers, mail domains, streets, and how people there are called."""

from __future__ import annotations

# metros: city|region|zone|postal prefix|area codes ; isps and mobile: asn, a.b, first 32 bits of IPv6 (0 = none)
CC = {
    "US": {
        "cur": "USD",
        "dial": "1",
        "loc": ["en-US", "en-US", "en-US", "es-US"],
        "metros": [
            "Seattle|WA|America/Los_Angeles|981|206 425",
            "New York|NY|America/New_York|100|917 646 347",
            "Los Angeles|CA|America/Los_Angeles|900|213 323 818",
            "Chicago|IL|America/Chicago|606|312 773",
            "Houston|TX|America/Chicago|770|713 832",
            "Phoenix|AZ|America/Phoenix|850|602 480",
            "Boston|MA|America/New_York|021|617 857",
            "Miami|FL|America/New_York|331|305 786",
        ],
        "isps": [(7922, 73, 16, 0x26010600), (20115, 97, 80, 0x26038000), (7018, 99, 16, 0x26001700), (701, 108, 8, 0)],
        "mob": [(21928, 172, 40, 0x2607FB90), (6167, 174, 200, 0x26001000), (20057, 107, 72, 0x26000380)],
        "dom": "gmail.com gmail.com gmail.com gmail.com yahoo.com hotmail.com outlook.com icloud.com aol.com comcast.net proton.me",
        "street": "Oak|Maple|Cedar|Pine|Lake|Hill|Washington|Jefferson|2nd|5th|12th|Park|Sunset|Martin Luther King Jr|Elm|Walnut|River|Union|Broadway|Mill",
    },
    "BR": {
        "cur": "BRL",
        "dial": "55",
        "loc": ["pt-BR"],
        "metros": [
            "São Paulo|SP|America/Sao_Paulo|013|11",
            "Rio de Janeiro|RJ|America/Sao_Paulo|220|21",
            "Manaus|AM|America/Manaus|690|92",
            "Recife|PE|America/Recife|500|81",
        ],
        "isps": [(28573, 177, 32, 0x2804014C), (18881, 187, 4, 0x280407F0), (7738, 189, 8, 0)],
        "mob": [(26615, 191, 160, 0x28040389), (26599, 179, 96, 0x28040018)],
        "dom": "gmail.com gmail.com gmail.com hotmail.com uol.com.br bol.com.br terra.com.br outlook.com",
        "street": "Sete de Setembro|das Flores|São João|Tiradentes|Quinze de Novembro|da Paz|Santos Dumont|Dom Pedro II|Amazonas|Bela Vista",
    },
    "MX": {
        "cur": "MXN",
        "dial": "52",
        "loc": ["es-MX"],
        "metros": [
            "Ciudad de México|CDMX|America/Mexico_City|06|55 56",
            "Monterrey|NL|America/Monterrey|64|81",
            "Tijuana|BC|America/Tijuana|22|664",
        ],
        "isps": [(8151, 187, 144, 0x28060100), (13999, 189, 208, 0x28060240), (28545, 201, 96, 0)],
        "mob": [(28403, 200, 68, 0x28060290), (28469, 131, 176, 0)],
        "dom": "gmail.com gmail.com hotmail.com outlook.com yahoo.com.mx prodigy.net.mx live.com.mx",
        "street": "Reforma|Benito Juárez|Hidalgo|Morelos|5 de Mayo|Insurgentes|Madero|Zaragoza|Las Palmas|Allende",
    },
    "ES": {
        "cur": "EUR",
        "dial": "34",
        "loc": ["es-ES", "ca-ES"],
        "metros": ["Madrid|MD|Europe/Madrid|280|91", "Barcelona|CT|Europe/Madrid|080|93", "Las Palmas|CN|Atlantic/Canary|350|928"],
        "isps": [(3352, 83, 40, 0x2A029140), (12479, 90, 168, 0), (12430, 77, 224, 0x2A010C50)],
        "mob": [(3352, 176, 80, 0), (12479, 92, 176, 0x2A0C5A80)],
        "dom": "gmail.com gmail.com hotmail.com hotmail.es telefonica.net yahoo.es outlook.es",
        "street": "Mayor|de Alcalá|del Pilar|Gran Vía|de la Constitución|Real|San Juan|de Aragón|Nueva|del Carmen",
    },
    "IN": {
        "cur": "INR",
        "dial": "91",
        "loc": ["en-IN", "hi-IN"],
        "metros": ["Mumbai|MH|Asia/Kolkata|400|22", "Bengaluru|KA|Asia/Kolkata|560|80", "Delhi|DL|Asia/Kolkata|110|11"],
        "isps": [(24560, 122, 160, 0x24014900), (9829, 117, 192, 0), (17488, 103, 48, 0)],
        "mob": [(55836, 49, 36, 0x24094040), (45609, 106, 192, 0x24014901), (38266, 42, 104, 0x24023A80)],
        "dom": "gmail.com gmail.com gmail.com gmail.com yahoo.co.in rediffmail.com outlook.com",
        "street": "MG Road|Station Road|Nehru Nagar|Gandhi Road|Linking Road|Brigade Road|Ring Road|Temple Street|SV Road|Park Street",
    },
    "PT": {
        "cur": "EUR",
        "dial": "351",
        "loc": ["pt-PT"],
        "metros": ["Lisboa|11|Europe/Lisbon|1100|21", "Porto|13|Europe/Lisbon|4000|22", "Ponta Delgada|20|Atlantic/Azores|9500|296"],
        "isps": [(3243, 85, 240, 0x20018A0A), (2860, 89, 152, 0x2A030DD0), (12353, 79, 168, 0)],
        "mob": [(12353, 148, 63, 0x20014C88), (42863, 87, 196, 0)],
        "dom": "gmail.com gmail.com hotmail.com sapo.pt outlook.pt iol.pt",
        "street": "da Liberdade|Augusta|do Carmo|25 de Abril|da República|das Flores|Almirante Reis|do Comércio",
    },
    "DE": {
        "cur": "EUR",
        "dial": "49",
        "loc": ["de-DE"],
        "metros": ["Berlin|BE|Europe/Berlin|101|30", "Dresden|SN|Europe/Berlin|010|351", "Köln|NW|Europe/Berlin|506|221"],
        "isps": [(3320, 84, 136, 0x20030000), (3209, 88, 64, 0x2A028108), (6805, 93, 128, 0)],
        "mob": [(3320, 80, 187, 0x20030080), (6805, 176, 4, 0x2A013000), (3209, 109, 40, 0)],
        "dom": "gmail.com gmx.de web.de web.de t-online.de gmail.com outlook.de googlemail.com",
        "street": "Haupt|Bahnhof|Schiller|Goethe|Garten|Linden|Berg|Kirch|Wald|Ring",
    },
}
HER = {
    "US": "anglo anglo anglo anglo anglo anglo anglo anglo anglo anglo hisp hisp hisp ind viet russ arab chin braz inds",
    "BR": "braz",
    "PT": "braz braz braz braz indg",
    "MX": "hisp",
    "ES": "hisp hisp hisp hisp hisp hisp arab russ",
    "IN": "ind ind inds inds arab",
    "DE": "ger ger ger ger ger ger arab russ",
}
HER = {k: v.replace("indg", "hisp").split() for k, v in HER.items()}
NAMES = {  # male | female | surnames
    "anglo": "James John Robert Michael William David Richard Thomas Daniel Matthew Tony Mark Steven Kevin Brian Tyler Jordan Casey Earl Wayne|Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Ashley Kimberly Emily Megan Katherine Jordan Casey Taylor Latoya Margaret|Smith Johnson Williams Brown Jones Davis Miller Wilson Moore Taylor Jackson White Harris Clark Lewis O'Brien McDonald Fitzgerald Smith-Jones",
    "hisp": "José Juan Luis Carlos Jesús Miguel Francisco Antonio Pedro Jorge Álvaro Raúl Iván Óscar|María Guadalupe Ana Carmen Rosa Lucía Juana Verónica Sofía Elena Pilar Begoña Xóchitl Inés|García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Núñez Muñoz Ibáñez Castillo Vázquez Ortiz Peña Zúñiga Domínguez Salas Rojas Vega Cruz",
    "braz": "João José Antônio Francisco Carlos Paulo Luiz Marcos Rafael Thiago Wesley Washington Diego Caio|Maria Ana Adriana Juliana Márcia Fernanda Patrícia Luciana Camila Conceição Beatriz Larissa Letícia Rosângela|Silva Santos Oliveira Souza Pereira Lima Costa Ferreira Rodrigues Almeida Nascimento Araújo Ribeiro Carvalho Gonçalves Barbosa Rocha Moura Teixeira Cavalcanti",
    "ind": "Rajesh Amit Sunil Vijay Sanjay Rahul Manish Deepak Arjun Imran Gurpreet|Priya Sunita Anita Pooja Neha Kavita Anjali Rekha Meena Gurpreet Fatima|Sharma Singh Kumar Patel Gupta Shah Verma Yadav Mehta Joshi Khan Chauhan Mishra Desai Agarwal Reddy",
    "inds": "Ramesh Suresh Karthik Venkatesh Murugan Srinivas Balaji Prakash|Lakshmi Divya Saraswati Kavitha Meenakshi Revathi Padma Shanthi|Subramanian Krishnan Raman Iyer Nair Rao Venkataraman Pillai Natarajan Murthy",
    "ger": "Thomas Michael Andreas Stefan Jürgen Klaus Günther Lukas Jörg Sven Björn Uwe|Ursula Petra Sabine Monika Jana Käthe Birgit Anna Lena Heike Grit Katrin|Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Köhler Groß Weiß",
    "viet": "Minh Tuan Hung Dung Thanh|Linh Huong Lan Thuy Mai|Nguyen Nguyen Nguyen Tran Le Pham Huynh Vo",
    "russ": "Sergey Dmitry Alexei Mikhail Yuri|Natalia Yulia Ekaterina Olga Tatyana|Ivanov Petrov Kuznetsov Popov Shevchenko Kovalenko",
    "arab": "Mohammed Ahmed Ali Hassan Mustafa Yusuf Mehmet|Fatima Aisha Zeynep Layla Khadija Emine|Hussein Ali Khan Yilmaz Al-Sayed El Amrani Kaya Haddad Abdi Demir",
    "chin": "Wei Jun Ming Hao|Li Fang Xiu Mei|Wang Li Zhang Chen Liu Huang Lin Wu",
}
NAMES = {k: [x.split() for x in v.split("|")] for k, v in NAMES.items()}
NAMES["anglo"][2] += [
    a + b
    for a in "Ash Black Brad Carl Chat Clay Down Elling Fair Gar Hal Har Kings Lang Mar Nor Pres Rad Stan Thorn Wal Whit".split()
    for b in "ford ley ton well wood field man more".split()
]
NAMES["ger"][2] += [
    a + b for a in "Hof Berg Stein Brand Linde Roth Acker Holz Kauf Neu Ober Winkel".split() for b in "mann er meier bauer hauer".split()
]
NAMES["ind"][2] += [
    a + b for a in "Chandra Deva Raj Tri Bhatt Mal Kul Rath Agni Jai".split() for b in "wal kar pathi vedi nath hotra".split()
]
NICK = {
    "James": "Jim",
    "John": "Jack",
    "Robert": "Bob",
    "Michael": "Mike",
    "William": "Bill",
    "David": "Dave",
    "Richard": "Rick",
    "Thomas": "Tom",
    "Daniel": "Dan",
    "Elizabeth": "Liz",
    "Jennifer": "Jen",
    "Katherine": "Kate",
    "Patricia": "Pat",
    "José": "Pepe",
    "Francisco": "Paco",
    "Jesús": "Chuy",
    "Guadalupe": "Lupita",
    "María": "Mari",
    "Antônio": "Toninho",
    "João": "Joãozinho",
    "Luiz": "Lula",
    "Mohammed": "Muhammad",
    "Sergey": "Sergei",
    "Alexei": "Alex",
    "Yulia": "Julia",
    "Dmitry": "Dima",
    "Margaret": "Peggy",
    "Ursula": "Uschi",
    "Venkatesh": "Venky",
    "Fernanda": "Nanda",
    "Rosa": "Rosita",
    "Natalia": "Natasha",
}
