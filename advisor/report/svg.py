"""Small SVG drawings: elements with escaped text, colours that the page may replace.

Every shape has a colour of its own for readers that know no style sheet, and a class by which the
page's light, dark and print styles replace it. Nothing is told by colour alone.
"""

from __future__ import annotations

from html import escape

from advisor.frozen import dataclass
from advisor.report.text import clean

INK, SOFT, LINE = "#1b2430", "#5b6673", "#c3cad3"
FILL = ("#2f6db3", "#b9cde6", "#26384f", "#8aa4c4", "#e3eaf2", "#6b86a8")
"""Fills of six lightnesses that grey tells apart; neighbours differ most."""

CHAR_PX = 0.6
"""Width of an average character of the sans-serif font, in font sizes."""


def element(name: str, content: str = "", **attributes: str | float) -> str:
    """Return one element; `cls` is the class, `_` in names stands for `-`."""
    words = "".join(
        f' {"class" if key == "cls" else key.replace("_", "-")}="{_shown(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{words}>{content}</{name}>" if content else f"<{name}{words}/>"


def _shown(value: str | float) -> str:
    if isinstance(value, str):
        return escape(value)
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Look:
    """How a line of text looks; `anchor` is start, middle or end."""

    size: float = 13
    soft: bool = False
    anchor: str = "start"
    weight: str = "normal"


PLAIN = Look()


def label(text: str, x: float, y: float, look: Look = PLAIN) -> str:
    """Return a line of text whose baseline starts, ends or is centred at (x, y)."""
    return element(
        "text",
        escape(clean(text)),
        x=x,
        y=y,
        font_size=look.size,
        text_anchor=look.anchor,
        font_weight=look.weight,
        fill=SOFT if look.soft else INK,
        cls="soft" if look.soft else "ink",
    )


def box(x: float, y: float, width: float, height: float, fill: int) -> str:
    """Return a filled rectangle; `fill` counts into FILL."""
    index = fill % len(FILL)
    return element(
        "rect",
        x=x,
        y=y,
        width=max(0.0, width),
        height=height,
        fill=FILL[index],
        cls=f"fill{index}",
    )


def drawing(content: str, width: float, height: float, title: str) -> str:
    """Return the whole picture with its text for readers who do not see it."""
    return element(
        "svg",
        element("title", escape(clean(title))) + content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_shown(width)} {_shown(height)}",
        width=width,
        height=height,
        role="img",
        font_family="system-ui, Segoe UI, Helvetica, Arial, sans-serif",
    )


def fitted(text: str, width: float, size: float = 13) -> str:
    """Return the text, cut with an ellipsis where it would not fit `width` pixels."""
    most = max(1, int(width / (size * CHAR_PX)))
    safe = clean(text)
    return safe if len(safe) <= most else safe[: most - 1].rstrip() + "…"


def wrapped(text: str, width: float, size: float, lines: int) -> list[str]:
    """Return at most `lines` lines of words that fit `width` pixels; the last may be cut."""
    most = max(1, int(width / (size * CHAR_PX)))
    found: list[str] = [""]
    for word in clean(text).split():
        if found[-1] and len(found[-1]) + 1 + len(word) > most:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    if len(found) > lines:
        found = [*found[: lines - 1], " ".join(found[lines - 1 :])]
    return [fitted(line, width, size) for line in found]


def stroke(path: str, look: str = "line", width: float = 1.4, dash: str = "") -> str:
    """Return an unfilled path; `look` is axis, line or soft."""
    colour = {"axis": LINE, "line": INK, "soft": SOFT}[look]
    name = {"axis": "axis", "line": "line", "soft": "zone"}[look]
    dashed = {"stroke_dasharray": dash} if dash else {}
    return element(
        "path", d=path, fill="none", stroke=colour, stroke_width=width, cls=name, **dashed
    )


def dot(x: float, y: float, radius: float, *, filled: bool) -> str:
    """Return a point, solid or hollow."""
    look = {"fill": INK, "cls": "mark"} if filled else {"fill": "#ffffff", "cls": "box"}
    return element("circle", cx=x, cy=y, r=radius, stroke=INK, stroke_width=1.6, **look)
