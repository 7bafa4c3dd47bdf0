"""The review as JSON: the contract of `schema/review.schema.json`; money is decimal text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from advisor.domain.architecture import Suppression
from advisor.domain.plan import Cost, Reason
from advisor.domain.review import SEVERITIES, Review, ReviewFinding, Step, Target
from advisor.report.json_values import money_data, rounded

SCHEMA_VERSION = "1.0"


def review_json(review: Review) -> str:
    """Return the review as indented JSON that ends with a line break."""
    return json.dumps(review_data(review), indent=1, allow_nan=False) + "\n"


def review_data(review: Review) -> dict[str, Any]:
    """Return the review as plain data."""
    plan = review.plan
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": plan.as_of,
        "library": {
            "version": plan.library.version,
            "fingerprint": plan.library.fingerprint,
            "packs": list(plan.library.packs),
        },
        "standing": {severity: review.count(severity) for severity in SEVERITIES},
        "findings": [_finding(f) for f in review.findings],
        "steps": [_step(s) for s in review.steps],
        "target": _target(review.target) if review.target else None,
        "sound": [asdict(s) for s in review.sound],
        "not_stated": dict(review.open_decisions),
        "unpriced": list(review.unpriced),
        "cost": {"as_it_stands": _cost(plan.cost), "planned_from_nothing": _cost(review.best.cost)},
        "controls_to_confirm": [c.id for c in review.controls],
        "idle_suppressions": [_suppression(s) for s in review.idle],
    }


def _finding(finding: ReviewFinding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "subject": finding.subject,
        "kind": finding.kind,
        "severity": finding.severity,
        "text": finding.text,
        "reasons": [_reason(r) for r in finding.reasons],
        "instead": finding.instead,
        "why_instead": [_reason(r) for r in finding.why],
        "accepted": _suppression(finding.accepted) if finding.accepted else None,
        "lapsed": _suppression(finding.lapsed) if finding.lapsed else None,
    }


def _reason(reason: Reason) -> dict[str, str]:
    return {k: v for k, v in asdict(reason).items() if v}


def _suppression(suppression: Suppression) -> dict[str, str]:
    return {
        "about": suppression.about,
        "reason": suppression.reason,
        "until": suppression.until,
    }


def _step(step: Step) -> dict[str, Any]:
    back = step.payback_months
    return {
        "changes": [asdict(c) for c in step.changes],
        "solves": list(step.solves),
        "severity": step.severity,
        "worth": step.worth,
        "why": step.why,
        "saving_month": money_data(step.month) if step.priced else None,
        "saving_lifetime": money_data(step.lifetime) if step.priced else None,
        "days": {k: rounded(v) for k, v in asdict(step.days).items()},
        "migration": money_data(step.migration),
        "payback_months": None if back is None else float(back),
    }


def _target(target: Target) -> dict[str, Any]:
    money = ("month", "lifetime", "saving_month", "saving_lifetime", "migration")
    amounts = {name: money_data(getattr(target, name)) for name in money}
    return {**amounts, "left": list(target.left)}


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "months": cost.months,
        "month": money_data(cost.month),
        "one_off": money_data(cost.one_off),
        "lifetime": money_data(cost.lifetime),
    }
