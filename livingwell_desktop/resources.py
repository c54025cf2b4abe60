"""Where the files that come with the program lie: fonts, icons, questionnaires, demo data."""

import sys
from pathlib import Path


def resource(*parts: str) -> Path:
    """The path of a bundled file or folder, in a checkout or in a frozen program.

    Raises FileNotFoundError when nothing of that name was bundled: a broken installation, not a person's mistake.
    """
    frozen_in = getattr(sys, "_MEIPASS", None)
    root = Path(frozen_in) if frozen_in else Path(__file__).resolve().parent.parent
    path = root.joinpath("resources", *parts)
    if not path.exists():
        raise FileNotFoundError(f"the program's own file {'/'.join(parts)} is missing")
    return path
