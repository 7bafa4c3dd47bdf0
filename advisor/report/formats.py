"""A plan in any format, as bytes."""

from __future__ import annotations

from collections.abc import Callable

from advisor.domain.plan import Plan
from advisor.report.build import report_of
from advisor.report.html import render_html
from advisor.report.json_report import plan_json
from advisor.report.markdown import render_markdown


def _markdown(plan: Plan) -> bytes:
    return render_markdown(report_of(plan)).encode()


def _html(plan: Plan) -> bytes:
    return render_html(report_of(plan)).encode()


def _json(plan: Plan) -> bytes:
    return plan_json(plan).encode()


_RENDERERS: dict[str, Callable[[Plan], bytes]] = {
    "md": _markdown, "html": _html, "json": _json,
}

FORMATS = tuple(_RENDERERS)


def render(plan: Plan, format_: str) -> bytes:
    """Return the plan in one of FORMATS; the same plan gives the same bytes.

    Raises LibraryError where the format needs an extra that is not installed.
    """
    return _RENDERERS[format_](plan)
