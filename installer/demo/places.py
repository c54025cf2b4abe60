"""Streets and postcodes that sound like Lambeth. House numbers and the second half of each postcode are made up."""

from random import Random

STREETS = (
    ("Ferndale Road", "SW9"), ("Barrington Road", "SW9"), ("Stockwell Park Walk", "SW9"), ("Loughborough Road", "SW9"),
    ("Coldharbour Lane", "SW9"), ("Akerman Road", "SW9"), ("Railton Road", "SE24"), ("Milkwood Road", "SE24"),
    ("Shakespeare Road", "SE24"), ("Effra Road", "SW2"), ("Brixton Water Lane", "SW2"), ("Josephine Avenue", "SW2"),
    ("Tulse Hill", "SW2"), ("Christchurch Road", "SW2"), ("Leigham Vale", "SW16"), ("Streatham High Road", "SW16"),
    ("Valley Road", "SW16"), ("Gleneagle Road", "SW16"), ("Knights Hill", "SE27"), ("Gipsy Road", "SE27"),
    ("Norwood High Street", "SE27"), ("Chestnut Road", "SE27"), ("Kennington Park Road", "SE11"),
    ("Black Prince Road", "SE11"), ("Lambeth Walk", "SE11"), ("Wandsworth Road", "SW8"), ("South Lambeth Road", "SW8"),
    ("Lansdowne Way", "SW8"), ("Clapham Road", "SW4"), ("Bedford Road", "SW4"), ("Kings Avenue", "SW4"),
    ("Abbeville Road", "SW4"), ("Lower Marsh", "SE1"), ("Baylis Road", "SE1"),
)  # fmt: skip
_SECOND_HALF = "ABDEFGHJLNPQRSTUWXYZ"
GP_PRACTICES = (
    "Brockwell Lane Surgery", "Effra Medical Practice", "Angell Street Practice", "Herne Hill Road Surgery",
    "Kennington Green Practice", "Leigham Court Surgery", "Stockwell Green Surgery", "Vauxhall Bridge Practice",
)  # fmt: skip


def draw_address(chance: Random) -> tuple[str, str]:
    """An address without its postcode, and the postcode."""
    street, outward = chance.choice(STREETS)
    flat = f"Flat {chance.randint(1, 24)}, " if chance.random() < 0.6 else ""
    letters = chance.choice(_SECOND_HALF) + chance.choice(_SECOND_HALF)
    return f"{flat}{chance.randint(1, 180)} {street}", f"{outward} {chance.randint(1, 9)}{letters}"
