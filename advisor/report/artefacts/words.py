"""The line on top of every file, and names that tools accept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from advisor.domain.plan import Plan
from advisor.report.artefacts.model import Variable
from advisor.report.bundle import answers_json
from advisor.report.text import clean

MOST = 100
"""Characters of a comment line."""


def answers_mark(plan: Plan) -> str:
    """Return what identifies the answers: the beginning of their hash."""
    return f"sha256:{hashlib.sha256(answers_json(plan)).hexdigest()[:16]}"


def heading(plan: Plan, what: str, *notes: str) -> tuple[str, ...]:
    """Return the lines that say what a file is and which answers and library produced it."""
    library = plan.library
    packs = f", packs {', '.join(library.packs)}" if library.packs else ""
    lines = (
        f"{what}. Made by the ML architecture advisor; edit freely.",
        (
            f"Answers {answers_mark(plan)}, library {library.version} "
            f"(fingerprint {library.fingerprint}{packs}), day of the plan {plan.as_of}."
        ),
        *notes,
        "What to set stands in README.md beside this folder. No secret belongs in this file.",
    )
    return tuple(part for line in lines for part in _folded(clean(line)))


def _folded(line: str) -> list[str]:
    """Return the line in pieces of at most MOST characters, broken at spaces where there are."""
    pieces: list[str] = []
    while len(line) > MOST:
        cut = line.rfind(" ", 1, MOST + 1)
        cut = cut if cut > 0 else MOST
        pieces.append(line[:cut].rstrip())
        line = line[cut:].lstrip()
    return [*pieces, line] if line else pieces


def comment(lines: tuple[str, ...], mark: str = "#") -> str:
    """Return the lines as comments."""
    return "".join(f"{mark} {line}".rstrip() + "\n" for line in lines)


def env_lines(variables: Iterable[Variable], unset: str) -> str:
    """Return the variables as an environment file; `unset` stands where a value must be set."""
    return "".join(f"# {clean(v.meaning)}\n{v.name}={v.default or unset}\n" for v in variables)
