"""Several files as one: decision records, and the bundle of everything about a plan."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping

from advisor.domain.answers import UNKNOWN, Source
from advisor.domain.plan import Plan

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file inside, so that the same plan gives the same bytes."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a zip archive, sorted by name."""
    import zipfile  # noqa: PLC0415  (most plans are never bundled)

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()


def answers_json(plan: Plan) -> bytes:
    """Return the answers that were given, as a file from which the plan can be made again."""
    given = {
        id_: UNKNOWN if source is Source.UNKNOWN else value
        for id_, (value, source) in plan.answers.items()
        if source is not Source.DEFAULT
    }
    model = {"model": plan.model} if plan.model else {}
    data = {**model, "answers": given, **({"notes": dict(plan.notes)} if plan.notes else {})}
    return (json.dumps(data, indent=1) + "\n").encode()
