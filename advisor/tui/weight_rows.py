"""The five considerations with their weights, which are turned on the screen of the options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.widgets import Static

from advisor.domain.considerations import ALIKE, AREAS, weights_of
from advisor.report.text import clean
from advisor.tui import ink

Ranking = tuple[str, ...]
NAME, TRACK = 14, 24
FULL = 2.5
"""The weight at which a track is full; the first of five weighs 2.28."""
TURN, AMOUNT, PLACE = "< >", " 1.00x  ", "  1"
"""What stands right of a track."""


class WeightRows(Static, can_focus=True):
    """Draws the considerations in their order; `<` and `>` move one down or up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "consideration above"),
        Binding("down,j", "move(1)", "consideration below"),
        Binding("less_than_sign", "turn(-1)", "weighs less"),
        Binding("greater_than_sign", "turn(1)", "weighs more"),
    ]

    def __init__(self, id: str, turned: Callable[[Ranking], None]) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self.ranking: Ranking = ()
        self.at = next(iter(AREAS))
        self.told: tuple[str, ...] = ()
        self._turned = turned

    def show(self, ranking: Ranking, told: Iterable[str] = ()) -> None:
        """Show a ranking, and what the last turn changed."""
        self.ranking = tuple(id_ for id_ in ranking if id_ in AREAS)
        self.told = tuple(told)
        self._draw()

    @property
    def rows(self) -> tuple[str, ...]:
        """Return the considerations as they are listed: the heaviest first."""
        return (*self.ranking, *(id_ for id_ in AREAS if id_ not in self.ranking))

    @property
    def _room(self) -> int:
        return max(20, self.content_size.width or 80)

    @property
    def _track(self) -> int:
        """Return the columns of a track: as many as there is room for."""
        beside = 2 + NAME + len(AMOUNT) + len(TURN) + len(PLACE)
        return max(4, min(TRACK, self._room - beside))

    def on_resize(self) -> None:
        """Wrap anew."""
        self._draw()

    def _draw(self) -> None:
        self.update(ink.lines(self._lines()))

    def _lines(self) -> Iterator[Content]:
        yield Content.styled("WHAT WEIGHS", ink.HEAD)
        weights = weights_of(self.ranking)
        for id_ in self.rows:
            here = id_ == self.at
            full = min(self._track, round(float(weights[id_]) / FULL * self._track))
            track = ("━" * full + "─" * (self._track - full), ink.KEY if here else ink.MUTED)
            name = f"{'▸' if here else ' '} {id_:<{NAME}}"
            amount = f" {weights[id_]:.2f}x  "  # as wide as AMOUNT
            place = f"  {self.ranking.index(id_) + 1}" if id_ in self.ranking else "   "
            turn = (TURN, ink.KEY if here else ink.MUTED)
            yield Content.assemble((name, ink.KEY if here else ""), track, amount, turn, place)
        for line in self.told:
            yield from ink.hung(Content.styled(clean(line), ink.NEW), self._room, "◆ ")
        yield Content()

    def action_move(self, step: int) -> None:
        """Move to another consideration; past the last, scroll the page below."""
        rows = self.rows
        to = rows.index(self.at) + step
        if 0 <= to < len(rows):
            self.at = rows[to]
            self._draw()
        elif self.parent is not None:
            self.screen.query_one("#page").scroll_relative(y=3 * step, animate=False)

    def action_turn(self, step: int) -> None:
        """Let the consideration weigh more or less than before."""
        found = turned(self.ranking, self.at, step)
        if found != self.ranking:
            self._turned(found)

    def on_click(self, event: Click) -> None:
        """Move to the row clicked; on its arrows, turn it."""
        at = event.get_content_offset_capture(self)
        if not 1 <= at.y <= len(self.rows):
            return
        self.at = self.rows[at.y - 1]
        into = at.x - (2 + NAME + self._track + len(AMOUNT))
        if into in (0, len(TURN) - 1):
            self.action_turn(1 if into else -1)
        self._draw()


def turned(ranking: Ranking, id_: str, step: int) -> Ranking:
    """Return a ranking with one consideration a place further up or down; out at the lower end."""
    order = list(ranking)
    if id_ not in order:
        return (*order, id_) if step > 0 else ranking
    at = order.index(id_)
    if step > 0 and at > 0:
        order[at - 1], order[at] = order[at], order[at - 1]
    elif step < 0 and at + 1 < len(order):
        order[at + 1], order[at] = order[at], order[at + 1]
    elif step < 0:
        order.remove(id_)
    return tuple(order)


def as_answer(ranking: Ranking) -> Ranking:
    """Return a ranking as the answer to its question."""
    return ranking or (ALIKE,)
