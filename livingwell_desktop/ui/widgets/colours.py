"""The colour tokens, light and dark, as plain values.

Every pair that carries words reaches 4.5 : 1 and every line a person must see reaches 3 : 1 by the WCAG 2 formula;
`tests/ui/widgets/test_contrast.py` computes them all again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Tone = Literal["neutral", "calm", "warning", "error", "action", "success"]
"""What a badge or a notice says by its colour; the words beside it always say it too."""

TONES: tuple[Tone, ...] = get_args(Tone)

ColourName = Literal[
    "page", "surface", "sunken", "chip", "text", "secondary", "action", "action_tint", "action_hover", "on_action",
    "success", "success_tint", "error", "error_tint", "error_line", "on_error_line", "warning", "warning_tint",
    "warning_soft", "warning_line", "calm", "calm_tint", "on_calm", "outline", "border", "track", "selected",
    "focus", "focus_line", "shade",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colours:
    """One value for every token, as `#rrggbb`."""

    page: str
    surface: str
    sunken: str
    chip: str
    text: str
    secondary: str
    action: str
    action_tint: str
    action_hover: str
    on_action: str
    success: str
    success_tint: str
    error: str
    error_tint: str
    error_line: str
    on_error_line: str
    warning: str
    warning_tint: str
    warning_soft: str
    warning_line: str
    calm: str
    calm_tint: str
    on_calm: str
    outline: str
    border: str
    track: str
    selected: str
    focus: str
    focus_line: str
    shade: str


LIGHT = Colours(
    page="#f0f4f5",
    surface="#ffffff",
    sunken="#f6f8f9",
    chip="#eef2f4",
    text="#212b32",
    secondary="#4c6272",
    action="#005eb8",
    action_tint="#e6f0f8",
    action_hover="#004b93",
    on_action="#ffffff",
    success="#007f3b",
    success_tint="#e9f6ef",
    error="#b81f14",
    error_tint="#fcebe9",
    error_line="#d5281b",
    on_error_line="#ffffff",
    warning="#7a4a00",
    warning_tint="#fff3d1",
    warning_soft="#fffaf0",
    warning_line="#b07800",
    calm="#00646b",
    calm_tint="#e0f1f1",
    on_calm="#ffffff",
    outline="#768692",
    border="#d8dde0",
    track="#dfe6e9",
    selected="#e6f0f8",
    focus="#ffeb3b",
    focus_line="#212b32",
    shade="#212b32",
)

DARK = Colours(
    page="#11181d",
    surface="#19232a",
    sunken="#151e24",
    chip="#26343f",
    text="#e9eff2",
    secondary="#a8bac6",
    action="#7db9f5",
    action_tint="#1b3247",
    action_hover="#a3cef9",
    on_action="#0b1a28",
    success="#6fd49a",
    success_tint="#16332a",
    error="#ff9a90",
    error_tint="#40221f",
    error_line="#ff7d70",
    on_error_line="#2a0b08",
    warning="#ffcf70",
    warning_tint="#3a2f17",
    warning_soft="#221d13",
    warning_line="#e0a93a",
    calm="#7fd0d2",
    calm_tint="#17343a",
    on_calm="#0b2427",
    outline="#7f929f",
    border="#2f3d47",
    track="#2c3a44",
    selected="#1b3247",
    focus="#ffeb3b",
    focus_line="#000000",
    shade="#000000",
)


@dataclass(frozen=True, slots=True)
class OrganisationColours:
    """How an organisation is told apart: letters first, a colour as well, in light and dark."""

    letters: str
    light: str
    dark: str


ORGANISATIONS: dict[str, OrganisationColours] = {
    "slam": OrganisationColours("SL", "#3f4fb5", "#aab4ff"),
    "council": OrganisationColours("LC", "#566100", "#cdd873"),
    "certitude": OrganisationColours("Ce", "#9c2f72", "#f0a3cf"),
    "thames_reach": OrganisationColours("TR", "#a84a00", "#ffb877"),
}

OTHER_ORGANISATION = OrganisationColours("", "#4c6272", "#a8bac6")
"""For any organisation without a colour of its own: neutral, told apart by its letters."""

ON_ORGANISATION_LIGHT = "#ffffff"
ON_ORGANISATION_DARK = "#141b20"

TONE_COLOURS: dict[Tone, tuple[ColourName, ColourName]] = {
    "neutral": ("chip", "secondary"),
    "calm": ("calm_tint", "calm"),
    "warning": ("warning_tint", "warning"),
    "error": ("error_tint", "error"),
    "action": ("action_tint", "action"),
    "success": ("success_tint", "success"),
}
"""Tone → (fill, words)."""


def relative_luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, success criterion 1.4.3)."""
    lighter, darker = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
