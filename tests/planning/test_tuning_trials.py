"""Trials that nobody asked for tune the first release; those that somebody stated tune each."""

from __future__ import annotations

from advisor.advise import advise
from advisor.domain.answers import Answers, Source, Value
from advisor.planning.kit import Kit
from advisor.planning.line import Line

DAILY: dict[str, Value] = {"problem_type": "tabular_prediction", "retrain_cadence": "daily"}


def _later(kit: Kit, **more: Value) -> tuple[float, float]:
    """Return the runs of a later release, and the share of a month in the first release."""
    values = {**DAILY, **more}
    line = Line(kit)
    advise(Answers(values, dict.fromkeys(values, Source.GIVEN)), line, "2026-11-22")
    work = line.workload.training
    assert work is not None
    assert work.runs == 11.0  # the run and twenty trials of half its data
    return work.later_runs, work.firsts_a_month / work.releases_a_month


def test_what_is_assumed_is_not_repeated_with_every_release(kit: Kit) -> None:
    assert _later(kit) == (1.0, 1 / 11)


def test_what_is_stated_holds_for_each_release(kit: Kit) -> None:
    assert _later(kit, hpo_trials=20) == (11.0, 1.0)
