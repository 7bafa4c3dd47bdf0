"""The weights on the screen of the options: turned with keys and mouse, and what they answer."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll

from advisor.tui.themes import inks
from advisor.tui.weight_rows import Ranking, WeightRows, as_answer, turned
from advisor.tui.whatif_words import turned_words
from tests.report.plan_example import example


class Alone(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.ranking: Ranking = ()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return inks(self.theme)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="page", can_focus=False):
            yield WeightRows("weights", self.take)

    def on_mount(self) -> None:
        self.query_one(WeightRows).show(())
        self.query_one(WeightRows).focus()

    def take(self, ranking: Ranking) -> None:
        self.ranking = ranking
        self.query_one(WeightRows).show(ranking)


@pytest.mark.parametrize(
    ("ranking", "step", "after"),
    [
        ((), 1, ("cost",)),
        ((), -1, ()),
        (("security",), 1, ("security", "cost")),
        (("security", "cost"), 1, ("cost", "security")),
        (("cost", "security"), 1, ("cost", "security")),
        (("cost", "security"), -1, ("security", "cost")),
        (("security", "cost"), -1, ("security",)),
    ],
)
def test_a_turn_moves_one_place(ranking: Ranking, step: int, after: Ranking) -> None:
    assert turned(ranking, "cost", step) == after


def test_no_ranking_is_the_answer_that_all_weigh_alike() -> None:
    assert as_answer(()) == ("balanced",)
    assert as_answer(("cost",)) == ("cost",)


async def test_weights_are_turned_by_keys_and_by_mouse() -> None:
    app = Alone()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "down", "greater_than_sign")
        assert list(app.ranking) == ["cost"]
        rows = app.query_one(WeightRows)
        assert rows.rows[0] == "cost"
        await pilot.press("j", "greater_than_sign", "greater_than_sign")
        assert list(app.ranking) == ["performance", "cost"]
        arrows = str(rows.render()).splitlines()[2].index("< >")
        await pilot.click(WeightRows, offset=(arrows, 2))
        assert list(app.ranking) == ["performance"]
        await pilot.click(WeightRows, offset=(arrows + 2, 5))
        assert list(app.ranking) == ["performance", rows.at]
        assert "1.28x" in str(rows.render())


def test_a_turn_says_what_it_changed() -> None:
    plan = example()
    assert turned_words(None, plan) == ()
    assert turned_words(plan, plan) == ("nothing turns",)
