"""Sensitivity as plain data."""

from __future__ import annotations

from typing import Any

from advisor.domain.sensitivity import Sensitivity, Swing
from advisor.report.json_values import dollars


def sensitivity_data(found: Sensitivity) -> dict[str, Any]:
    """Return the swing and the flip points of every answer that moves the plan."""
    return {
        "lifetime": dollars(found.lifetime_usd),
        "to_check": list(found.to_check),
        "swings": [_swing(swing) for swing in found.swings],
        "still": list(found.still),
    }


def _swing(swing: Swing) -> dict[str, Any]:
    return {
        "question": swing.question,
        "text": swing.text,
        "now": swing.shown,
        "source": swing.source.value,
        "low": dollars(swing.low_usd),
        "high": dollars(swing.high_usd),
        "flips": [
            {"side": f.side, "at": f.shown, "decisions": list(f.decisions)} for f in swing.flips
        ],
    }
