"""The whole recommendation in tabs: pages, a list of decisions, a live study."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from advisor.report.text import clean
from advisor.tui import ink
from advisor.tui.popup import Rows
from advisor.tui.tab import OPTIONS, SENSITIVITY, WHY, Tab
from advisor.tui.weight_rows import WeightRows

if TYPE_CHECKING:
    from advisor.domain.plan import Plan

MOST_ROWS = 2
LEAD = 12
"""Columns for the signs that there are more tabs on either side."""
WAITING = "The recommendation is being worked out."


class ResultView(Vertical):
    """The plan in tabs; what the plan does not have has no tab."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "tab before"),
        Binding("right,tab", "turn(1)", "next tab"),
        Binding("0", "list", "all tabs"),
        *(Binding(str(n), f"tab({n})", f"tab {n}") for n in range(1, 10)),
    ]

    class Explain(Message):
        """A decision that is to be explained."""

        def __init__(self, decision: str) -> None:
            super().__init__()
            self.decision = decision

    class ListWanted(Message):
        """A tab is to be picked from all of them."""

        def __init__(self, rows: Rows) -> None:
            super().__init__()
            self.rows = rows

    class Turned(Message):
        """Another tab is on the screen."""

    class Ranked(Message):
        """The considerations are ranked otherwise."""

        def __init__(self, ranking: tuple[str, ...]) -> None:
            super().__init__()
            self.ranking = ranking

    class StudyWanted(Message):
        """The tab of sensitivity is on the screen."""

    def __init__(self, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.plan: Plan | None = None
        self.tabs: tuple[Tab, ...] = ()
        self.at = 0
        self.studied = ""
        self._weighed = False
        self._study_of: Plan | None = None

    def compose(self) -> ComposeResult:
        """Lay the tabs over the page."""
        yield Static(id="tabs", markup=False)
        yield Static(id="repeat", markup=False)
        with VerticalScroll(id="page"):
            yield WeightRows("weights", self._rank)
            yield Static(WAITING, id="page-text", markup=False)
        yield OptionList(id="decisions", markup=False, compact=True)

    def show(self, plan: Plan | None, *, anew: bool = True) -> None:
        """Show a plan; the tab stays where it was. `anew` drops what was studied of the last."""
        if plan is None or plan is not self.plan:
            here = self.tab.id if self.tab else ""
            if anew:
                self.studied, self._study_of = "", None
            self.plan = plan
            self.tabs = _tabs_of(plan) if plan else ()
            ids = [tab.id for tab in self.tabs]
            self.at = ids.index(here) if here in ids else 0
            self._fill(plan)
        self._show_tab()

    @property
    def tab(self) -> Tab | None:
        """Return the tab on the screen."""
        return self.tabs[self.at] if self.tabs else None

    @property
    def weighing(self) -> bool:
        """Return whether the weights can be turned here."""
        return self._weighed and self.tab is not None and self.tab.id == OPTIONS

    def _rank(self, ranking: tuple[str, ...]) -> None:
        self.post_message(self.Ranked(ranking))

    def weigh(self, ranking: tuple[str, ...] | None, told: tuple[str, ...]) -> None:
        """Take up how the considerations are ranked, and what that changed; None: not asked."""
        self._weighed = ranking is not None
        self.query_one(WeightRows).show(ranking or (), told)

    def repeat(self, command: str) -> None:
        """Say which command line comes to the same plan."""
        self.query_one("#repeat", Static).update(command)

    def study(self, text: str) -> None:
        """Show what a study found so far."""
        self.studied = text
        if self.tab is not None and self.tab.id == SENSITIVITY:
            self.query_one("#page-text", Static).update(self.page)

    def _fill(self, plan: Plan | None) -> None:
        listed = self.query_one("#decisions", OptionList)
        at = listed.highlighted or 0
        decisions = list(plan.decisions.values()) if plan else []
        listed.set_options(
            Option(ink.labelled(clean(f"{d.name}: {d.chosen_name}")), id=d.id) for d in decisions
        )
        listed.highlighted = min(at, len(decisions) - 1) if decisions else None

    def _show_tab(self) -> None:
        text, listed = self.query_one("#page"), self.query_one("#decisions")
        tab = self.tab
        is_list = tab is not None and tab.id == WHY
        text.display, listed.display = not is_list, is_list
        weights = self.query_one(WeightRows)
        weights.display = self.weighing
        (listed if is_list else weights if weights.display else text).focus()
        self.query_one("#tabs", Static).update(self._tab_line())
        self.post_message(self.Turned())
        if not is_list:
            self.query_one("#page-text", Static).update(self.page)
            text.scroll_home(animate=False)
        if tab is not None and tab.id == SENSITIVITY and self._study_of is None:
            self._study_of = self.plan
            self.post_message(self.StudyWanted())

    def _tab_rows(self) -> list[list[tuple[int, str]]]:
        """Return the tabs with their numbers in two lines at most; else those beside this one."""
        width = max(20, self.size.width)
        names = [
            (n, f"[{n + 1} {tab.title}]" if n == self.at else f" {n + 1} {tab.title} ")
            for n, tab in enumerate(self.tabs)
        ]
        rows = _rows(names, width)
        if len(rows) <= MOST_ROWS:
            return rows
        first = last = self.at
        longer = True
        while longer:
            longer = False
            for a, b in ((first, last + 1), (first - 1, last)):
                if a >= 0 and b < len(names) and _long(names[a : b + 1]) <= width - LEAD:
                    first, last, longer = a, b, True
        before = [(first - 1, "<")] if first else []
        after = [(last + 1, f"> of {len(names)}")] if last < len(names) - 1 else []
        return [[*before, *names[first : last + 1], *after]]

    def _tab_line(self) -> Content:
        return ink.lines(
            Content(" ").join(
                Content.styled(text, ink.HEAD if n == self.at else ink.MUTED) for n, text in row
            )
            for row in self._tab_rows()
        )

    def on_click(self, event: Click) -> None:
        """Turn to the tab clicked."""
        bar = self.query_one("#tabs")
        if event.widget is not bar:
            return
        at, rows = event.get_content_offset_capture(bar), self._tab_rows()
        end = 0
        for number, text in rows[at.y] if at.y < len(rows) else ():
            end += len(text) + 1
            if at.x < end:
                self.action_tab(number + 1)
                return

    @property
    def page(self) -> Content:
        """Return the text of the tab on the screen."""
        if self.plan is None or self.tab is None:
            return Content(WAITING)
        if self.tab.id == SENSITIVITY:
            return ink.wrapped(self.studied, max(20, self.size.width - 3))
        from advisor.tui import later  # noqa: PLC0415  (see there)

        return later.page(self.tab, self.plan, max(0, self.size.width - 3))

    def action_turn(self, step: int) -> None:
        """Turn to a tab beside."""
        if self.tabs:
            self.at = (self.at + step) % len(self.tabs)
            self._show_tab()

    def action_list(self) -> None:
        """Ask which tab is wanted."""
        rows = tuple((str(n), f"{n:>2} {tab.title}") for n, tab in enumerate(self.tabs, 1))
        self.post_message(self.ListWanted(rows))

    def action_tab(self, number: int) -> None:
        """Turn to the tab of that number."""
        if number <= len(self.tabs):
            self.at = number - 1
            self._show_tab()

    def on_resize(self) -> None:
        """Fit tabs and page to the width, which is known only once it is laid out."""
        self.query_one("#tabs", Static).update(self._tab_line())
        if self.display and self.plan is not None and self.tab is not None:
            self.query_one("#page-text", Static).update(self.page)

    def chosen(self) -> str:
        """Return the line under the cursor, or the page."""
        listed = self.query_one("#decisions", OptionList)
        if listed.display and listed.highlighted is not None:
            return str(listed.get_option_at_index(listed.highlighted).prompt)
        return self.page.plain

    def explain(self) -> None:
        """Ask for the explanation of the decision under the cursor, or show the list of them."""
        listed = self.query_one("#decisions", OptionList)
        if listed.display and listed.highlighted is not None:
            self.post_message(self.Explain(str(listed.get_option_at_index(listed.highlighted).id)))
        elif self.tabs:
            self.at = [tab.id for tab in self.tabs].index(WHY)
            self._show_tab()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Explain the decision picked."""
        event.stop()
        self.post_message(self.Explain(str(event.option.id)))


def _tabs_of(plan: Plan) -> tuple[Tab, ...]:
    from advisor.tui import later  # noqa: PLC0415  (see there)

    return later.tabs_of(plan)


def _long(names: list[tuple[int, str]]) -> int:
    return sum(len(text) + 1 for _, text in names)


def _rows(names: list[tuple[int, str]], width: int) -> list[list[tuple[int, str]]]:
    """Return names in rows of a width."""
    rows: list[list[tuple[int, str]]] = [[]]
    for name in names:
        if rows[-1] and _long([*rows[-1], name]) > width:
            rows.append([])
        rows[-1].append(name)
    return rows
