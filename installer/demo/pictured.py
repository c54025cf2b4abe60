"""The people of the design's pictures, and two who are easily taken for each other."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from installer.demo.numbers import mobile
from livingwell_desktop.domain.contact_details import NO_FIXED_ABODE, parse_phone
from livingwell_desktop.domain.people import ContactBy, NeedArranged, Person, PrintFormat

MAYA, TUNDE, JO, PRIYA, LEO = "Maya Lindqvist", "Tunde Bakare", "Jo Castell", "Priya Nair", "Dr Leo Hartmann"
Need = tuple[str, str, str, NeedArranged]
_NOTHING = NeedArranged.NOTHING_TO_ARRANGE
_STEP_FREE: Need = ("reasonable_adjustment", "Step-free", "wheelchair", _NOTHING)


@dataclass(frozen=True, slots=True)
class Pictured:
    """Somebody of the pictures. `key` names them where two have the same name."""

    person: Person
    key_worker: str = ""
    needs: tuple[Need, ...] = ()
    key: str = ""


def _language(words: str, arranged: NeedArranged) -> tuple[Need, ...]:
    return (("communication_professional", words, "chat", arranged),)


def _person(
    given: str, family: str, born: date, address: str, postcode: str, phone: str, nhs: str, **more: Any
) -> Person:
    fields: dict[str, Any] = {
        "given_name": given,
        "family_name": family,
        "born": born,
        "address": address,
        "postcode": postcode,
        "safe_to_write": True,
        "phone": phone,
        "phone_e164": parse_phone(phone).e164 if phone else "",
        "nhs_number": nhs,
        "nhs_number_status": "02" if nhs else "",
    }
    return Person(**(fields | more))


PICTURED = (
    Pictured(
        _person(
            "Ngozi", "Okafor", date(1986, 3, 14), "Flat 4, 12 Ferndale Road", "SW9 8BN", mobile(118), "9990040109",
            pronouns="she/her", email="ngozi.o@example.org", contact_by=ContactBy.TEXT_ONLY, safe_time="After 5pm",
            may_leave_message=False, print_format=PrintFormat.LARGE_PRINT, gp_practice="Brockwell Lane Surgery",
        ),
        MAYA,
        (
            ("information_format", "Large print", "letter-size", _NOTHING),
            ("reasonable_adjustment", "Quiet room", "speaker-off", _NOTHING),
        ),
    ),
    Pictured(
        _person(
            "Yusuf", "Abdi Warsame", date(1979, 5, 2), "Flat 9, 41 Akerman Road", "SW9 6SN", mobile(601), "9996028100",
            language="Somali", interpreter_needed=True,
        ),
        TUNDE,
        _language("Somali", NeedArranged.NONE_BOOKED),
    ),
    Pictured(
        _person(
            "Ines", "Carvalho", date(1991, 9, 30), "16 South Lambeth Road", "SW8 1RT", mobile(602), "9994482459",
            language="Portuguese", interpreter_needed=True,
        ),
        "",
        _language("Portuguese", NeedArranged.BY_PHONE),
    ),
    Pictured(
        _person("Delroy", "Pinnock", date(1958, 1, 19), "88 Railton Road", "SE24 0LP", mobile(603), "9995345986"),
        MAYA,
        (_STEP_FREE,),
    ),
    Pictured(
        _person(
            "Kit", "Farrow", date(2001, 7, 25), "Flat 2, 5 Effra Road", "SW2 1BZ", mobile(604), "",
            pronouns="they/them",
        )
    ),
    Pictured(
        _person(
            "Amira", "Haddad", date(1995, 12, 8), "Flat 11, 70 Clapham Road", "SW4 9RN", mobile(605), "9995020327",
            other_names="أميرة حداد", contact_by=ContactBy.TEXT_ONLY,
        ),
        JO,
        (("communication_professional", "BSL", "hand", NeedArranged.BOOKED),),
    ),
    Pictured(
        _person("Samuel", "Osei-Bonsu", date(1983, 6, 11), "23 Milkwood Road", "SE24 0HX", mobile(606), "9995585561"),
        PRIYA,
    ),
    Pictured(
        _person(
            "Halina", "Wójcik", date(1970, 2, 3), "Flat 6, 140 Tulse Hill", "SW2 2QD", mobile(607), "9999070965",
            language="Polish", interpreter_needed=True,
        ),
        MAYA,
        _language("Polish", NeedArranged.HERE),
    ),
    Pictured(
        _person(
            "Marcus", "Teale", date(1988, 10, 22), "Flat 3, 9 Gipsy Road", "SE27 9TG", mobile(608), "9996090655",
            contact_by=ContactBy.TEXT_ONLY,
        ),
        JO,
        (("contact_method", "Text only", "phone", _NOTHING),),
    ),
    Pictured(
        _person("Grace", "Adomako", date(1964, 8, 17), "51 Valley Road", "SW16 2XL", mobile(609), "9990325138"),
        LEO,
        (_STEP_FREE,),
    ),
    Pictured(
        _person("Theo", "Marchetti", date(1974, 4, 28), "7 Lansdowne Way", "SW8 2HL", mobile(610), "9994628194"), PRIYA
    ),
    Pictured(
        _person("Bisi", "Akande", date(1992, 11, 4), "Flat 1, 33 Kings Avenue", "SW4 8BQ", mobile(611), "9994817027"),
        MAYA,
    ),
    Pictured(
        _person("Colin", "Draycott", date(1967, 3, 9), "64 Knights Hill", "SE27 0HU", mobile(612), "9998967759"), TUNDE
    ),
    Pictured(
        _person("Leila", "Farahani", date(1999, 1, 30), "Flat 8, 20 Lower Marsh", "SE1 7RJ", mobile(613), "9993719781")
    ),
    Pictured(
        _person("Wesley", "Bogle", date(1981, 12, 19), "115 Coldharbour Lane", "SW9 8RT", mobile(614), "9994140353"), JO
    ),
    Pictured(
        _person("Amara", "Okeke", date(1990, 6, 12), "31 Barrington Road", "SW9 7JE", mobile(562), "9999256635"),
        MAYA,
        key="Amara Okeke 1",
    ),
    Pictured(
        _person("Amara", "Okeke", date(1990, 6, 21), "62 Leigham Vale", "SW16 2JQ", mobile(87), "9993681954"),
        PRIYA,
        key="Amara Okeke 2",
    ),
    Pictured(
        _person(
            "Amarachi", "Okoro", date(1986, 3, 2), "", NO_FIXED_ABODE, "", "9991734384",
            no_fixed_abode=True, safe_to_write=None,
        ),
        JO,
    ),
    Pictured(_person("Grace", "Adomakoh", date(1964, 8, 17), "15 Valley Road", "SW16 2XA", mobile(615), "9993405663")),
    Pictured(
        _person("Hassan", "Nur", date(1977, 11, 5), "Flat 7, 18 Lambeth Walk", "SE11 6DU", mobile(616), "9996746062"),
        key="Hassan Nur 1",
    ),
    Pictured(
        _person("Hasan", "Nuur", date(1977, 5, 11), "Flat 2, 18 Lambeth Walk", "SE11 6DT", mobile(617), "9996904024"),
        key="Hasan Nuur",
    ),
)  # fmt: skip
