"""Names of people who do not exist, mixed as they are in Lambeth, drawn from a given source of chance."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Background:
    """Names that go together, how often they are drawn, and the language some of these people prefer to speak."""

    weight: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """What somebody is called. `family` is empty for people with one name only."""

    given: str
    family: str
    pronouns: str
    language: str = ""
    other_names: str = ""


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BACKGROUNDS = (
    Background(
        26,
        _names("Sarah Emma Joanne Helen Karen Louise Rebecca Claire Holly Megan Alice Ruth Wendy Gillian Naomi Sian"),
        _names("David Peter Mark Andrew Stephen Ian Craig Liam Callum Oliver Harry Gareth Neil Simon Alan Dominic"),
        _names(
            "Ashdown Barlow Cartwright Dawlish Eastwood Farrant Goodall Hargrave Ingleby Jessop Kettering Lockwood"
            " Marlow Northcote Oakes Pembury Quick Rowntree Sedgwick Thackray Underhill Vickers Whitcombe Yarrow"
        ),
    ),
    Background(
        16,
        _names("Marcia Beverley Sonia Yvonne Claudette Shanice Keisha Paulette Jacinta Hyacinth Althea Monique"),
        _names("Winston Delroy Leroy Desmond Trevor Errol Devon Jermaine Neville Clive Everton Lloyd"),
        _names("Pinnock Grant Blackwood Samuels Bogle Facey Gayle Lindo Marriott Palmer Reid Swaby Whyte Dacosta"),
    ),
    Background(
        14,
        _names("Folasade Abimbola Titilayo Yetunde Adeola Omolara Bukola Morenike Ṣadé Temitope Ayọ̀mídé Funmilayo"),
        _names("Adewale Babatunde Olumide Ayodele Kọ́ládé Segun Gbenga Oluwaseun Femi Tunde Rotimi Dapo"),
        _names("Adeyemi Afolabi Bankole Fashola Ogunleye Olatunji Ọ̀ṣúnlékè Sowande Akinwande Oyelaran Balogun Alabi"),
    ),
    Background(
        9,
        _names("Ngozi Chioma Ifeoma Adaeze Nkechi Uchenna Obiageli Chinwe Amara Ebele Nneka Ogechi"),
        _names("Chidi Emeka Obinna Ikenna Kelechi Uche Chukwuma Nnamdi Ifeanyi Okechukwu Chinedu Azubuike"),
        _names("Okafor Eze Nwosu Obi Onyekachi Ikwuemesi Anyanwu Umeh Chukwu Mbanefo Okoye Nwachukwu"),
    ),
    Background(
        8,
        _names("Abena Akosua Efua Esi Ama Adwoa Afia Yaa Akua Maame"),
        _names("Kwame Kofi Yaw Kojo Kwabena Ebo Fiifi Nana Kwaku Kwesi"),
        _names("Boateng Mensah Owusu Asante Osei-Bonsu Adomako Agyeman Quartey Ofori Amankwah Tetteh Darko"),
    ),
    Background(
        10,
        _names("Ana Mariana Inês Catarina Fátima Lúcia Sónia Conceição Graça Beatriz Leonor Rosário"),
        _names("João Paulo Tiago Rui Nuno Simão Gonçalo Luís Fábio António Sérgio Estêvão"),
        _names("Carvalho Ferreira Gonçalves Guimarães Magalhães Nascimento Pereira Simões Conceição Leitão Brandão"),
        "Portuguese",
    ),
    Background(
        7,
        _names("Hodan Ayaan Fadumo Sahra Ifrah Hibaq Deqa Nimco Ubax Ladan"),
        _names("Yusuf Abdirahman Liban Mahad Guled Warsame Cabdi Jama Bashir Farah"),
        _names("Warsame Abdi Hassan Jama Farah Nur Osman Cilmi Guled Xaashi Duale Ismail"),
        "Somali",
    ),
    Background(
        7,
        _names("Halina Agnieszka Małgorzata Katarzyna Zofia Grażyna Elżbieta Jadwiga Bożena Łucja"),
        _names("Krzysztof Paweł Łukasz Wojciech Grzegorz Zbigniew Mirosław Stanisław Jakub Bogdan"),
        _names("Wójcik Kowalczyk Zieliński Dąbrowski Wiśniewski Szymański Źródłowski Król Pawłowicz Święcicki"),
        "Polish",
    ),
    Background(
        6,
        _names("Amira Layla Samira Rania Huda Nadia Salma Zainab Mariam Yasmin"),
        _names("Omar Khalid Tariq Hassan Samir Ziad Bilal Idris Karim Faris"),
        _names("Haddad Nasser El-Amin Khoury Mansour Saleh Al-Rashid Benali Darwish Farouk"),
        "Arabic",
    ),
    Background(
        6,
        _names("Luz Marisol Pilar Ximena Paola Gloria Yolanda Estefanía Rocío Lucía"),
        _names("Andrés Hernán Iván Jesús Rubén Álvaro Julián Óscar Néstor Raúl"),
        _names("Cárdenas Muñoz Peña Quiñones Restrepo Salazar Tobón Vélez Zúñiga Ibáñez"),
        "Spanish",
    ),
    Background(
        5,
        _names("Priya Meena Farzana Shabnam Kavita Rukhsana Anjali Nasreen Jaspreet Shirin"),
        _names("Arjun Imran Rajesh Kamal Harpreet Naveed Sanjay Mizanur Vikram Asif"),
        _names("Nair Chowdhury Begum Patel Malik Rahman Sandhu Iyer Qureshi Mistry"),
    ),
    Background(
        3,
        _names("Mai Linh Thuy Mei-Ling Xiu Hoa Siobhán Niamh Orla Gráinne"),
        _names("Minh Quang Wei Jun Duc Huy Eoin Ciarán Pádraig Declan"),
        _names("Nguyen Tran Pham Chen Lam Wong O'Brien Ó'Súilleabháin McGrath Ní-Dhomhnaill"),
    ),
)

ARABIC_SCRIPT = {
    "Amira": "أميرة", "Layla": "ليلى", "Samira": "سميرة", "Rania": "رانيا", "Huda": "هدى",
    "Nadia": "نادية", "Salma": "سلمى", "Zainab": "زينب", "Mariam": "مريم", "Yasmin": "ياسمين",
    "Omar": "عمر", "Khalid": "خالد", "Tariq": "طارق", "Hassan": "حسن", "Samir": "سمير",
    "Ziad": "زياد", "Bilal": "بلال", "Idris": "إدريس", "Karim": "كريم", "Faris": "فارس",
}  # fmt: skip
"""The same given names as their owners write them."""

SINGLE_NAMES = ("Sukarno", "Nyah", "Tenzin", "Suharti", "Mahalia", "Zephaniah", "Kalyan", "Ishmael")
"""People who have one name only, given or family: nobody asks them for another."""

LONG_DOUBLE_FAMILIES = (
    "Featherstonehaugh-Cholmondeley",
    "Fitzgerald-Abernathy-Montgomery",
    "Oluwatobiloba-Akinwunmi-Williams",
    "Rodrigues dos Santos e Vasconcelos",
    "Wołkowińska-Brzęczyszczykiewicz",
)
"""Long names, to see that a row and a page have room for them."""

_WEIGHTS = tuple(each.weight for each in BACKGROUNDS)


def draw_name(chance: Random) -> Called:
    """Somebody's name. One in a hundred has a single name, one in fifty two family names."""
    if chance.random() < 0.01:
        return Called(chance.choice(SINGLE_NAMES), "", "")
    background = chance.choices(BACKGROUNDS, _WEIGHTS)[0]
    is_woman = chance.random() < 0.5
    given = chance.choice(background.women if is_woman else background.men)
    family = chance.choice(background.families)
    if chance.random() < 0.02:
        family = f"{family}-{chance.choice(BACKGROUNDS[0].families)}"
    pronouns = chance.choices(("", "she/her" if is_woman else "he/him", "they/them"), (6, 3, 1))[0]
    language = background.language if chance.random() < 0.35 else ""
    other = ARABIC_SCRIPT.get(given, "") if background.language == "Arabic" else ""
    return Called(given, family, pronouns, language, other)
