"""Practices and controls of an architecture, against those that its rules ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advisor.analysis.standing import Standing, urgency
from advisor.domain.architecture import Architecture
from advisor.domain.plan import Reason
from advisor.domain.review import ReviewFinding


def beside(stands: Standing, architecture: Architecture) -> Iterator[ReviewFinding]:
    """Yield practices and controls that are missing, and practices that nothing asks for."""
    plan, kit = stands.plan, stands.kit
    if architecture.practices is not None:
        yield from _practices(stands, architecture.practices)
    if architecture.controls is not None:
        for control in plan.controls:
            if control.id not in architecture.controls:
                severity = {"must": "high", "should": "medium"}.get(control.strength, "low")
                text = f"{control.regime}, {control.clause}: {control.text}"
                yield ReviewFinding(
                    f"controls.missing.{control.id}",
                    "controls",
                    "missing",
                    severity,
                    f"Control missing: {kit.library.controls[control.id].name}.",
                    (Reason(text, estimate="control"),),
                )


def _practices(stands: Standing, there: Iterable[str]) -> Iterator[ReviewFinding]:
    known, asked = stands.kit.library.practices, {p.id for p in stands.plan.practices}
    for practice in stands.plan.practices:
        if practice.id not in there:
            severity = urgency(stands.kit.rules[practice.rule])
            yield ReviewFinding(
                f"practices.missing.{practice.id}",
                "practices",
                "missing",
                severity,
                f"Practice missing: {practice.name}.",
                (Reason(practice.because, rule=practice.rule),),
            )
    for id_ in (p for p in there if p not in asked):
        yield ReviewFinding(
            f"practices.needless.{id_}",
            "practices",
            "needless",
            "low",
            f"Practice that nothing asks for: {known[id_].name}.",
            (Reason(f"no rule asks for it here: {known[id_].meaning}", estimate="practice"),),
        )
