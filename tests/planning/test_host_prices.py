"""What a decision on hardware says that it costs is what the bill then holds."""

from __future__ import annotations

from dataclasses import replace

from advisor.advise import advise
from advisor.analysis.random_answers import random_answers
from advisor.planning.hardware_stage import OWN_PLACE
from advisor.planning.host_prices import amounts_of
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.planning.shared_machines import shared
from tests.planning.lifetime_cases import DAY, planned


def test_both_prices_stand_where_the_host_asks_for_more(kit: Kit) -> None:
    line, plan = planned(kit, "hiring-screen")
    before = amounts_of(line.lessons["choices of hardware"].uses["serving"])
    after = amounts_of(line.uses["serving"])
    assert before != after
    for id_ in ("serving_pattern", "serving_accelerator"):
        said = [reason.text for reason in plan.decisions[id_].because if reason.cost == "month"]
        assert said == [
            f"Likely {before}, the least of what meets every must; "
            f"{after} on its host (managed ML platform)."
        ]


def test_the_price_of_the_bill_is_named(kit: Kit) -> None:
    """Machines of one's own are named whole, and may be paid for by the other use."""
    line, named = Line(kit), 0
    for seed in range(14_000, 14_025):
        plan = advise(random_answers(seed, kit.questions, kit.shapes), line, DAY)
        rented = [(u, o) for u, o in line.uses.items() if o.provider != OWN_PLACE]
        for use, option in rented:
            if option.month.likely + option.one_off.likely < 1:  # cents were none before
                continue
            because = plan.decisions[f"{use}_accelerator"].because
            texts = [reason.text for reason in because if reason.cost == "month"]
            assert len(texts) == 1, seed
            assert amounts_of(option) in texts[0], seed
            named += 1
    assert named > 10


def test_machines_without_accelerators_take_none_of_those_that_have_them(kit: Kit) -> None:
    line, _ = planned(kit, "hospital-imaging")
    training, serving = line.uses["training"], line.uses["serving"]
    server = replace(serving, accelerator="cpu", instance="own dual-socket server", devices=1)
    alone = replace(training, accelerator="a10", instance="own server with 4 x A10")
    assert shared(line, {"training": alone, "serving": server})["training"] is alone
