"""The report as a tagged PDF (PDF/UA-1), set by typst from data, so that no text can be markup."""

from __future__ import annotations

import datetime
import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from advisor.report.extras import missing_extra
from advisor.report.model import Report, Table
from advisor.report.page_size import column_weights
from advisor.report.text import clean, spaced

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


def render_pdf(report: Report, as_of: str) -> bytes:
    """Return the report as PDF; its creation date is the day of the plan.

    Raises LibraryError where typst is not installed.
    """
    try:
        import typst  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra("pdf", "typst") from None
    day = datetime.datetime.fromisoformat(as_of).replace(tzinfo=datetime.UTC)
    data = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs=template_inputs(report),
        pdf_standards="ua-1",
        timestamp=int(day.timestamp()),
    )
    return bytes(data)


def template_inputs(report: Report) -> dict[str, str]:
    """Return what the template reads: the report as data, so that no text of it is markup."""
    return {"report": json.dumps(_data(report))}


def _data(value: Any) -> Any:
    """Return dataclasses as mappings with their `kind`, and every text made harmless."""
    if is_dataclass(value):
        kind = type(value).__name__
        own = {f.name: _field(kind, f.name, getattr(value, f.name)) for f in fields(value)}
        widths = {"widths": column_weights(value)} if isinstance(value, Table) else {}
        return {"kind": kind, **own, **widths}
    if isinstance(value, tuple | list):
        return [_data(v) for v in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return spaced(value, clean(value)) if isinstance(value, str) else value


def _field(kind: str, name: str, value: Any) -> Any:
    """Return a field; drawings and listings are not lines of text and stay as they are."""
    if (kind, name) in (("Picture", "svg"), ("Listing", "text")):
        return value
    return _data(value)
