"""The whole recommendation: one tab for the decisions, one for every chapter of the report."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from advisor.domain.plan import Plan
from advisor.report.build import report_of
from advisor.report.model import Section
from advisor.report.plain import plain_section
from advisor.report.text import clean

WAITING = "The recommendation is being worked out."
DECISIONS = "decisions"
"""The chapter that is shown as a list, each line with its explanation."""
TITLES = {
    "summary": "Summary",
    "hardware": "Sizing",
    DECISIONS: "Why",
    "findings": "Risks",
    "limits": "Targets",
    "lifetime": "Life",
    "scaling": "Scaling",
    "retraining": "Retraining",
    "exit": "Exit",
}
"""Shorter titles for tabs; other chapters keep their own."""


class ResultView(Vertical):
    """The plan in tabs; what the plan does not have has no tab."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "tab before"),
        Binding("right,tab", "turn(1)", "next tab"),
        *(Binding(str(n), f"tab({n})", f"tab {n}") for n in range(1, 10)),
    ]

    class Explain(Message):
        """A decision that is to be explained."""

        def __init__(self, decision: str) -> None:
            super().__init__()
            self.decision = decision

    def __init__(self, id: str) -> None:  # noqa: A002  (Textual's name)
        super().__init__(id=id)
        self.plan: Plan | None = None
        self.sections: tuple[Section, ...] = ()
        self.at = 0

    def compose(self) -> ComposeResult:
        """Lay the tabs over the page."""
        yield Static(id="tabs", markup=False)
        with VerticalScroll(id="page"):
            yield Static(WAITING, id="page-text", markup=False)
        yield OptionList(id="decisions", markup=False, compact=True)

    def show(self, plan: Plan | None) -> None:
        """Show a plan; the tab stays where it was."""
        if plan is None or plan is not self.plan:
            self.plan = plan
            self.sections = _sections(plan) if plan else ()
            self.at = min(self.at, max(0, len(self.sections) - 1))
            self._fill(plan)
        self._show_tab()

    def _fill(self, plan: Plan | None) -> None:
        listed = self.query_one("#decisions", OptionList)
        at = listed.highlighted or 0
        decisions = list(plan.decisions.values()) if plan else []
        listed.set_options(Option(clean(f"{d.name}: {d.chosen_name}"), id=d.id) for d in decisions)
        listed.highlighted = min(at, len(decisions) - 1) if decisions else None

    def _show_tab(self) -> None:
        page, listed = self.query_one("#page"), self.query_one("#decisions")
        is_list = bool(self.sections) and self.sections[self.at].id == DECISIONS
        page.display, listed.display = not is_list, is_list
        (listed if is_list else page).focus()
        self.query_one("#tabs", Static).update(self._tab_line())
        if not is_list:
            self.query_one("#page-text", Static).update(self._page())
            page.scroll_home(animate=False)

    def _tab_line(self) -> str:
        names = [TITLES.get(s.id, s.title) for s in self.sections]
        return "  ".join(
            f"[{n} {name}]" if n - 1 == self.at else f" {n} {name} "
            for n, name in enumerate(names, 1)
        )

    def _page(self) -> str:
        if not self.sections:
            return WAITING
        return plain_section(self.sections[self.at], max(0, self.size.width - 3))

    def action_turn(self, step: int) -> None:
        """Turn to a tab beside."""
        if self.sections:
            self.at = (self.at + step) % len(self.sections)
            self._show_tab()

    def action_tab(self, number: int) -> None:
        """Turn to the tab of that number."""
        if number <= len(self.sections):
            self.at = number - 1
            self._show_tab()

    def explain(self) -> None:
        """Ask for the explanation of the decision under the cursor, or show the list of them."""
        listed = self.query_one("#decisions", OptionList)
        if listed.display and listed.highlighted is not None:
            self.post_message(self.Explain(str(listed.get_option_at_index(listed.highlighted).id)))
        elif self.sections:
            self.at = [s.id for s in self.sections].index(DECISIONS)
            self._show_tab()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Explain the decision picked."""
        event.stop()
        self.post_message(self.Explain(str(event.option.id)))


def _sections(plan: Plan) -> tuple[Section, ...]:
    """Return the parts of the report that say something, the decisions second."""
    report = report_of(plan)
    chapters = [c for c in report.chapters if c.blocks or c.sections]
    first = [c for c in chapters if c.id == DECISIONS]
    return (report.page_one, *first, *(c for c in chapters if c.id != DECISIONS))
