"""What if: what is said to differ differs, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.advise import advise
from advisor.analysis.sweep_flips import MOST_SIZES, Swept, flip_line, swept
from advisor.analysis.sweep_values import axis_of, between, number_axis, question_of
from advisor.analysis.whatif import WhatIf, changed, difference
from advisor.analysis.whatif_outcome import outcome_of
from advisor.domain.answers import Answers, Value
from advisor.library.answers import read_answers
from advisor.planning.kit import Kit
from advisor.planning.line import Line

AS_OF = "2026-11-22"
SCENARIOS = Path(__file__).parents[1] / "scenarios"


def _answers(kit: Kit, scenario: str) -> Answers:
    return read_answers(SCENARIOS / f"{scenario}.yaml", kit.questions, kit.shapes.keys())


def _ask(kit: Kit, scenario: str) -> WhatIf:
    return WhatIf(Line(kit), _answers(kit, scenario), AS_OF)


def test_a_plan_does_not_differ_from_itself(kit: Kit) -> None:
    ask = _ask(kit, "churn")
    found = difference(ask.plan({}), ask.plan({}))
    assert found.empty
    assert found.same_decisions == len(kit.decisions)


def test_what_differs_is_what_two_lines_say_apart_from_each_other(kit: Kit) -> None:
    changes: dict[str, Value] = {"isolation": "operator_must_not_see_data", "peak_rps": 80}
    ask = _ask(kit, "chat-70b-eu")
    found = difference(ask.plan({}), ask.plan(changes))
    before = advise(ask.answers, Line(kit), AS_OF)
    after = advise(changed(ask.answers, changes), Line(kit), AS_OF)
    differing = {d for d in after.decisions if before.decisions[d].ids != after.decisions[d].ids}
    assert {change.id for change in found.parts["decisions"]} == differing
    one, two = ({f.rule for f in plan.trace} for plan in (before, after))
    assert {c.id for c in found.parts["rules"] if c.after} == two - one
    assert {c.id for c in found.parts["rules"] if not c.after} == one - two
    assert {c.id for c in found.parts["answers"]} >= set(changes)


def test_outcomes_are_those_of_the_plan(kit: Kit) -> None:
    ask = _ask(kit, "rag-bank")
    plan = advise(changed(ask.answers, {"peak_rps": 9}), Line(kit), AS_OF)
    found = ask.outcome({"peak_rps": 9})
    assert found == outcome_of(plan)
    assert found.lifetime_usd == plan.cost.lifetime.likely


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1:1000:log:4", (1, 10, 100, 1000)),
        ("1:3:lin:3", (1, 2, 3)),
        ("0:10:lin:3", (0, 5, 10)),
        ("5,7.5", (5, 7.5)),
    ],
)
def test_values_to_try_are_read_from_text(kit: Kit, text: str, values: tuple[float, ...]) -> None:
    assert axis_of(question_of(kit.questions, "peak_rps"), text).values == values


def test_all_options_and_joined_options_can_be_tried(kit: Kit) -> None:
    cloud = question_of(kit.questions, "cloud_policy")
    assert axis_of(cloud, "aws+gcp,azure").values == (("aws", "gcp"), ("azure",))
    assert len(axis_of(cloud, "all").values) == len(cloud.options)


@pytest.mark.parametrize("text", ["5:1", "0:5:log", "1:9:cubic", "a:b", "1:9:log:1", "1:2:3:4:5"])
def test_a_range_that_is_none_is_refused(kit: Kit, text: str) -> None:
    with pytest.raises(ValueError, match=r"write|empty"):
        axis_of(question_of(kit.questions, "peak_rps"), text)


def test_whole_numbers_are_tried_where_things_are_counted(kit: Kit) -> None:
    models = question_of(kit.questions, "n_models")
    assert models.integer
    assert number_axis(models, 1, 4).values == (1, 2, 3, 4)
    assert between(models, 2, 3, 0.0) is None
    assert between(models, 2, 4, 0.0) == 3


def _follow(kit: Kit, scenario: str, sweep: str) -> tuple[WhatIf, Swept]:
    name, _, values = sweep.partition("=")
    ask = _ask(kit, scenario)
    return ask, swept(ask, axis_of(question_of(kit.questions, name), values), {})


@pytest.mark.parametrize(
    ("scenario", "sweep"),
    [("chat-70b-eu", "peak_rps=1:20:log:4"), ("churn", "feature_reuse=1:20")],
)
def test_flip_points_are_exact(kit: Kit, scenario: str, sweep: str) -> None:
    ask, found = _follow(kit, scenario, sweep)
    other = Line(kit)
    decisions = [track for track in found.tracks if track.id in kit.decisions]
    assert decisions
    for track in decisions:
        for one, two in zip(track.stretches, track.stretches[1:], strict=False):
            assert isinstance(one.last, int | float)
            assert isinstance(two.first, int | float)
            if found.axis.question.integer:
                assert two.first == one.last + 1
            else:
                assert two.first - one.last <= 1e-3 * one.last
            for value, label in ((one.last, one.label), (two.first, two.label)):
                anew = advise(changed(ask.answers, {found.axis.question.id: value}), other, AS_OF)
                assert anew.decisions[track.id].chosen_name == label


def test_a_flip_is_said_in_one_line(kit: Kit) -> None:
    _, found = _follow(kit, "chat-70b-eu", "peak_rps=1:20:log:4")
    track = next(t for t in found.tracks if t.id == "serving")
    line = flip_line(track, found.unit)
    first, last = track.stretches[0], track.stretches[-1]
    assert line.startswith(f"Serving hardware: {first.label} up to {first.last:g} requests/s")
    assert line.endswith(f"then {last.label}")


def test_the_same_range_gives_the_same_rows_and_flips(kit: Kit) -> None:
    one = _follow(kit, "churn", "feature_reuse=1:20")[1]
    two = _follow(kit, "churn", "feature_reuse=1:20")[1]
    assert (one.rows, one.tracks) == (two.rows, two.tracks)


def test_a_count_that_grows_with_every_step_is_no_list_of_flips(kit: Kit) -> None:
    """One device a site: followed exactly, it would be four hundred stretches."""
    _, found = _follow(kit, "edge-defects", "edge_sites=5:5000:log:5")
    assert all(len(track.stretches) <= MOST_SIZES + 1 for track in found.tracks)
