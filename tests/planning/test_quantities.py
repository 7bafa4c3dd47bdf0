"""Numbers that follow from the answers alone."""

from __future__ import annotations

import pytest

from advisor.domain.answers import Source, Value
from advisor.planning.brief import Brief
from advisor.planning.kit import Kit
from advisor.planning.quantities import lifetime_months
from advisor.planning.workload_shape import shape_of


@pytest.mark.parametrize("billions", [6, 13, 175])
def test_a_model_that_nobody_named_shares_keys_and_values(kit: Kit, billions: int) -> None:
    values: dict[str, Value] = {"model_params_b": billions}
    brief = Brief(values, dict.fromkeys(values, Source.GIVEN))
    shape = shape_of(brief, "llm", dict(kit.shapes))
    assert 0 < shape.kv_heads < shape.heads


@pytest.mark.parametrize(
    ("lifetime", "hours", "months"),
    [("one_off", 48.0, 1), ("one_off", 731.0, 2), ("one_off", 1500.0, 3), ("indefinite", 9e3, 60)],
)
def test_what_is_done_once_lasts_as_long_as_its_run(
    kit: Kit, lifetime: str, hours: float, months: int
) -> None:
    values: dict[str, Value] = {"lifetime": lifetime, "train_hours_target": hours}
    brief = Brief(values, dict.fromkeys(values, Source.GIVEN))
    assert lifetime_months(brief, kit.number) == months
