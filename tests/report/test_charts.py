"""Charts and drawings: no label over another, none outside, told in words, safe in grey."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from advisor.domain.plan import Limit, Plan
from advisor.planning.kit import Kit
from advisor.planning.lifetime_outlook import with_lifetime
from advisor.report.build import report_of
from advisor.report.chart_parts import Scale, apart, usd_short, usd_ticks
from advisor.report.charts import limit_chart
from advisor.report.model import Picture, Section
from advisor.report.svg import FILL
from tests.planning.lifetime_cases import planned
from tests.report.full_example import full_example
from tests.report.hostile import HOSTILE, hostile_plan

SVG = "{http://www.w3.org/2000/svg}"
CHAR = 0.5
"""Width of an average character of the fonts that show the charts, in font sizes."""
KINDS = ("chart-tornado", "chart-cost", "chart-spend", "chart-load")


def pictures(plan: Plan) -> dict[str, Picture]:
    def inside(section: Section) -> Iterator[Picture]:
        yield from (block for block in section.blocks if isinstance(block, Picture))
        for inner in section.sections:
            yield from inside(inner)

    report = report_of(plan)
    return {p.id: p for section in report.chapters for p in inside(section)}


Box = tuple[float, float, float, float]


def boxes(picture: Picture) -> list[tuple[str, Box]]:
    """Return every label with the rectangle that its text takes."""
    found = []
    for label in ElementTree.fromstring(picture.svg).iter(f"{SVG}text"):
        size, text = float(label.attrib["font-size"]), label.text or ""
        width = CHAR * size * len(text)
        shift = {"start": 0.0, "middle": 0.5, "end": 1.0}[label.attrib["text-anchor"]]
        left, base = float(label.attrib["x"]) - shift * width, float(label.attrib["y"])
        found.append((text, (left, base - 0.72 * size, left + width, base + 0.15 * size)))
    return found


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def check(picture: Picture) -> None:
    root = ElementTree.fromstring(picture.svg)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    found = boxes(picture)
    assert picture.alt
    assert root.find(f"{SVG}title") is not None
    for text, (left, top, right, bottom) in found:
        assert min(left, top) >= -2, (picture.id, text)
        assert max(right - width, bottom - height) <= 2, (picture.id, text)
    for (text, box), (other, beside) in combinations(found, 2):
        assert not meet(box, beside), (picture.id, text, other)


def test_every_chart_is_drawn_where_the_plan_has_the_data() -> None:
    found = pictures(full_example())
    assert set(KINDS) | {"chart-memory-serving", "chart-frontier-serving"} <= set(found)
    for picture in found.values():
        check(picture)


@pytest.mark.parametrize(
    "scenario", ["chat-70b-eu", "lora-startup", "edge-defects", "pretrain-30b", "impossible-budget"]
)
def test_no_label_of_a_scenario_lies_over_another(scenario: str, kit: Kit) -> None:
    line, plan = planned(kit, scenario)
    for picture in pictures(with_lifetime(plan, line)).values():
        check(picture)


@pytest.mark.parametrize("text", HOSTILE)
def test_labels_of_hostile_length_stay_inside(text: str) -> None:
    for picture in pictures(hostile_plan(text)).values():
        check(picture)


def test_fills_differ_in_grey_and_neighbours_most() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    grey = [lightness(colour) for colour in FILL]
    assert all(abs(one - other) > 60 for one, other in pairwise(grey))
    assert all(abs(one - other) > 25 for one, other in combinations(grey, 2))


def test_labels_move_apart_in_order_and_inside() -> None:
    assert apart([10, 11, 12], 15, 0, 100) == [10, 25, 40]
    assert apart([90, 95, 99], 15, 0, 100) == [70, 85, 100]


def test_ticks_are_round_and_told_apart() -> None:
    assert Scale(0, 230_000, 0, 1).ticks() == (0, 50_000, 100_000, 150_000, 200_000)
    assert Scale(900, 2e6, 0, 1, log=True).ticks() == (1e3, 1e4, 1e5, 1e6)
    assert usd_ticks(Scale(66_280, 66_720, 0, 1))[:2] == ["$66.3k", "$66.4k"]
    assert usd_short(float(Decimal("1620940"))) == "$1.62M"
    assert (usd_short(0), usd_short(999.7), usd_short(4)) == ("$0", "$1k", "$4")


def test_a_limit_missed_by_far_leaves_the_others_visible() -> None:
    limits = (
        Limit("budget_monthly", "budget", "over", True, used=199.0),
        Limit("latency_p99_ms", "latency", "to spare", False, used=0.9),
    )
    found = next(limit_chart(limits))
    bars = [float(r.attrib["width"]) for r in ElementTree.fromstring(found.svg).iter(f"{SVG}rect")]
    assert sorted(bars)[-2] > 100
    assert "199 times the limit" in found.svg
    check(found)
