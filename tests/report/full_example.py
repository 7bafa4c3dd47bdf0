"""The example plan with everything that is worked out for reports alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from advisor.domain.answers import Source
from advisor.domain.interval import Interval
from advisor.domain.lifetime import (
    Component,
    Energy,
    Failure,
    Investment,
    Lifetime,
    Outlook,
    Point,
    Run,
    Step,
    Way,
)
from advisor.domain.plan import Plan
from advisor.domain.sensitivity import FlipPoint, Sensitivity, Swing
from tests.report.plan_example import example, money

MONTHS = ("2026-11", "2026-12", "2027-01", "2027-02")


def full_example(text: str = "") -> Plan:
    """Return the example laid out over its life; `text` stands in for every name where given."""

    def said(usual: str) -> str:
        return text or usual

    life = Lifetime(
        MONTHS,
        (
            Component(
                "serving",
                said("Serving"),
                tuple(money(20, 27 + n, 40 + n) for n in range(4)),
                said("8 x h100-sxm at Azure"),
                "2026-10-01",
                said("azure-price-list"),
            ),
            Component(
                "build", said("Building"), (money(5, 9, 12),) * 4, said("policy"), group="people"
            ),
        ),
        "2026-06",
        (said("taxes"),),
        (said("the load doubles"),),
        lead=1,
    )
    outlook = Outlook(
        ways=(
            Way(
                "on_demand",
                "serving",
                said("On demand"),
                money(1, 2, 3),
                said("none"),
                Decimal(7),
                said("sold out"),
                "2026-06",
                cash=(Decimal(1),) * 3,
            ),
        ),
        api=said("never pays"),
        frontier=(
            Point("serving", said("8 x H100"), Decimal(600_000), 1250.0, "ms", True, False),
            Point("serving", said("4 x H200"), Decimal(601_000), 1100.0, "ms", False, True),
            Point("serving", said("16 x H200"), Decimal(900_000), 300.0, "ms", False, False),
        ),
        investments=(Investment("underinvest", "serving", said("no replica stands by"), None),),
        steps=(
            Step("2026-12", 1.0, 4, 8, Decimal(27_300), 1.1),
            Step("2027-01", 1.3, 6, 12, Decimal(40_000), 1.4),
        ),
        load=(Interval(1, 1, 1), Interval(1, 1.3, 1.5), Interval(1.1, 1.4, 2)),
        scaling=(said("add a replica at 70 %"),),
        runs=(Run("2026-12", 1, 20.0, Decimal(300)), Run("2027-02", 2, 22.0, Decimal(330))),
        cycle=(said("gate: no worse than the version in use"),),
        leaving=(said("switch off after 2027-02"),),
        failures=(Failure("Serving", said("one replica"), said("carried"), said("start anew")),),
        energy=Energy((("serving", 12.0),), said("Germany"), 4.0, "", 0.0, said("board power")),
    )
    swings = (
        Swing(
            "peak_rps",
            said("Peak requests per second"),
            said("40 requests/s"),
            Source.GIVEN,
            Decimal(45_000),
            Decimal(2_200_000),
            (
                FlipPoint("below", said("18 requests/s"), (said("Serving accelerator"),)),
                FlipPoint("above", said("66 requests/s"), (said("Serving pattern"), "Hosts")),
            ),
        ),
        Swing(
            "k8s_skill",
            said("Who runs Kubernetes?"),
            said("a managed service"),
            Source.UNKNOWN,
            Decimal(590_000),
            Decimal(640_000),
            (FlipPoint("other", said("nobody"), (said("Serving host"),)),),
        ),
    )
    told = Sensitivity(Decimal(599_526), swings, ("sector",), ("k8s_skill",))
    return replace(example(), life=life, outlook=outlook, sensitivity=told)
