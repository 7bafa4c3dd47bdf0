"""A plan in any format, as bytes.

What only one format needs is imported when that is asked for: templates, decision records and
artefacts take as long to import as a small plan takes to make.
"""

from __future__ import annotations

from collections.abc import Callable

from advisor.domain.plan import Plan
from advisor.report.build import report_of
from advisor.report.bundle import answers_json, zipped
from advisor.report.json_report import plan_json
from advisor.report.markdown import render_markdown


def _json(plan: Plan) -> bytes:
    return plan_json(plan).encode()


def _markdown(plan: Plan) -> bytes:
    return render_markdown(report_of(plan)).encode()


def _html(plan: Plan) -> bytes:
    from advisor.report.html import render_html  # noqa: PLC0415  (see above)

    return render_html(report_of(plan)).encode()


def _pdf(plan: Plan) -> bytes:
    from advisor.report.pdf import render_pdf  # noqa: PLC0415  (see above)

    return render_pdf(report_of(plan), plan.as_of)


def _xlsx(plan: Plan) -> bytes:
    from advisor.report.xlsx import render_xlsx  # noqa: PLC0415  (see above)

    return render_xlsx(plan)


def _decisions(plan: Plan) -> dict[str, bytes]:
    from advisor.report.decision_records import records  # noqa: PLC0415  (see above)

    return {name: text.encode() for name, text in records(plan).items()}


def _records(plan: Plan) -> bytes:
    return zipped(_decisions(plan))


def _artefacts(plan: Plan) -> dict[str, bytes]:
    """Return what can be exported, in a folder of its own; nothing where nothing can."""
    from advisor.report.artefacts.folder import folder  # noqa: PLC0415  (see above)
    from advisor.report.artefacts.targets import exported  # noqa: PLC0415  (see above)

    made = exported(plan) if plan.feasible else {}
    files = folder(plan, made) if made else {}
    return {f"artefacts/{name}": data for name, data in files.items()}


def _bundle(plan: Plan) -> bytes:
    """Return what every installation can make: no file in it needs an extra."""
    decisions = {f"decisions/{name}": data for name, data in _decisions(plan).items()}
    return zipped(
        {
            "answers.json": answers_json(plan),
            "plan.json": _json(plan),
            "report.md": _markdown(plan),
            "report.html": _html(plan),
            **decisions,
            **_artefacts(plan),
        }
    )


_RENDERERS: dict[str, Callable[[Plan], bytes]] = {
    "json": _json,
    "md": _markdown,
    "html": _html,
    "pdf": _pdf,
    "xlsx": _xlsx,
    "adr": _records,
    "zip": _bundle,
}

FORMATS = tuple(_RENDERERS)


def render(plan: Plan, format_: str) -> bytes:
    """Return the plan in one of FORMATS; the same plan gives the same bytes.

    `adr` is a zip archive with one Markdown file a decision. Raises LibraryError where the format
    needs an extra that is not installed.
    """
    return _RENDERERS[format_](plan)
