"""`advisor replay`: a plan made again from the answers that it holds."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from advisor import __version__
from advisor.analysis.plan_again import MOST_PATHS, again, differing_paths, kept
from advisor.analysis.whatif import LIBRARY, Difference, difference
from advisor.analysis.whole_plan import whole_plan
from advisor.cli.difference_text import difference_data, difference_text
from advisor.cli.inputs import kit_of, packs_option
from advisor.domain.plan import LibraryMark, Plan
from advisor.library.plan_file import read_plan
from advisor.planning.line import Line
from advisor.report.formats import render
from advisor.report.text import clean


@click.command()
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@packs_option
def replay(plan: Path, as_json: bool, packs: tuple[Path, ...]) -> int:
    """Make the plan in PLAN again, a file of `advisor recommend --format json`.

    The answers and the day are those that the file holds; packs are given as they were then.
    Exits with 0 where every byte is the same, with 1 where not: then it says which rules, prices
    and other entries of the library changed, and what that changes in the plan.
    """
    before, raw = read_plan(plan), plan.read_bytes()
    kit = kit_of(packs)
    found, line = kept(before, str(plan), kit), Line(kit)
    planned = again(found, line, before.as_of)
    now = whole_plan(planned, line, found.answers, sensitivity=before.sensitivity is not None)
    written = render(now, "json")
    same = written == raw
    changed = difference(found.plan, now)
    elsewhere = () if same else _elsewhere(changed, raw, written)
    if as_json:
        click.echo(json.dumps(_data(same, changed, elsewhere), indent=1))
    elif same:
        click.echo(f"{plan}: reproduced, {len(raw):,} bytes, the same to the last.")
    else:
        click.echo("\n".join(_lines(plan, before.library, now, changed, elsewhere)))
    return 0 if same else 1


def _elsewhere(changed: Difference, raw: bytes, written: bytes) -> tuple[str, ...]:
    """Return where the texts differ, where neither library nor recommendation says it."""
    if changed.parts[LIBRARY] or not changed.empty:
        return ()
    paths = differing_paths(json.loads(raw), json.loads(written))
    return tuple(itertools.islice(paths, MOST_PATHS)) or ("spaces or the order of fields",)


def _lines(
    path: Path, before: LibraryMark, now: Plan, changed: Difference, elsewhere: tuple[str, ...]
) -> Iterator[str]:
    yield f"{path}: not reproduced."
    yield from library_lines(before, now.library, changed)
    if elsewhere:
        yield "It recommends the same; the file differs at:"
        yield from (f"  {clean(place)}" for place in elsewhere)
    elif changed.empty:
        yield "It recommends the same."
    else:
        yield ""
        yield difference_text(changed, without=("rules", LIBRARY))


def library_lines(before: LibraryMark, now: LibraryMark, changed: Difference) -> Iterator[str]:
    """Yield what changed in the library between two plans, by kind and id."""
    if before.fingerprint == now.fingerprint:
        yield f"The library is the same ({now.fingerprint})."
        if before.version != now.version:
            yield f"The program is another: {before.version} then, {__version__} now."
        return
    yield f"The library changed: {before.fingerprint} then, {now.fingerprint} now."
    if before.packs != now.packs:
        then, given = (", ".join(mark.packs) or "none" for mark in (before, now))
        yield f"Packs: {then} then, {given} now."
    if not before.contents:
        yield "The file is of a version that did not note entries, so they cannot be named."
    yield from entry_lines(changed)


def entry_lines(changed: Difference) -> Iterator[str]:
    """Yield the entries that are new, gone or changed, one line a kind."""
    by_kind: dict[tuple[str, str], list[str]] = {}
    for change in changed.parts[LIBRARY]:
        if change.id != "packs":
            what = "changed" if change.before and change.after else "new"
            what = what if change.after else "gone"
            by_kind.setdefault((change.name, what), []).append(change.after or change.before)
    for (kind, what), ids in by_kind.items():
        more = f" and {len(ids) - MOST_PATHS} more" if len(ids) > MOST_PATHS else ""
        yield f"  {kind}, {what}: {', '.join(ids[:MOST_PATHS])}{more}"


def _data(same: bool, changed: Difference, elsewhere: tuple[str, ...]) -> dict[str, Any]:
    return {
        "reproduced": same,
        "library": [asdict(change) for change in changed.parts[LIBRARY]],
        "differs_at": list(elsewhere),
        "plan": difference_data(changed),
    }
