"""Artefacts as one folder: their files, and a README that lists what to set and how to run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.domain.plan import Plan
from advisor.report.artefacts.model import Artefact, Target, Variable
from advisor.report.artefacts.targets import BY_ID, TARGETS, why_not
from advisor.report.artefacts.words import answers_mark
from advisor.report.text import markdown, spaced


def folder(plan: Plan, artefacts: Mapping[str, Artefact]) -> dict[str, bytes]:
    """Return the files by path; the same plan and targets give the same bytes."""
    files = {f.path: f.text.encode() for a in artefacts.values() for f in a.files}
    return {"README.md": readme(plan, artefacts).encode(), **files}


def readme(plan: Plan, artefacts: Mapping[str, Artefact]) -> str:
    """Return what the folder is, what to set, how to run each part, and what is not in it."""
    return "\n".join(_lines(plan, artefacts)) + "\n"


def _lines(plan: Plan, artefacts: Mapping[str, Artefact]) -> Iterator[str]:
    library = plan.library
    yield from ("# Artefacts of the plan", "")
    yield (
        f"Made from answers {answers_mark(plan)} with library {markdown(library.version)} "
        f"(fingerprint {markdown(library.fingerprint)}) for {plan.as_of}. Nothing here was applied "
        "to any system. Files are yours to edit; export again after the plan has changed."
    )
    yield from ("", "## What to set", "")
    yield from _variables(artefacts)
    yield from ("", "Secrets are never in these files: they come from the environment of whoever")
    yield "runs them, or from the secret store of the cluster."
    if any("HF_TOKEN" in file.text for a in artefacts.values() for file in a.files):
        yield "`HF_TOKEN` opens models behind a licence; it may stay empty where models are public."
    for id_, artefact in artefacts.items():
        yield from _artefact(id_, artefact)
    left = [t for t in TARGETS if t.id not in artefacts]
    if left:
        yield from ("", "## Not here", "")
        yield from (f"- `{t.id}` ({t.name}): {_absent(plan, t)}." for t in left)


def _absent(plan: Plan, target: Target) -> str:
    """Return why a target was left out, and that some are written when asked for."""
    if why := why_not(plan, target):
        return markdown(why)
    if why := target.reservation(plan):
        return f"{markdown(why)}; `--target {target.id}` writes it all the same"
    return "it was not asked for"


def _variables(artefacts: Mapping[str, Artefact]) -> Iterator[str]:
    """Yield a row for each variable, with every part that reads it."""
    found: dict[str, Variable] = {}
    readers: dict[str, list[str]] = {}
    for id_, artefact in artefacts.items():
        for variable in artefact.variables:
            found.setdefault(variable.name, variable)
            if id_ not in readers.setdefault(variable.name, []):
                readers[variable.name].append(id_)
    if not found:
        yield "Nothing."
        return
    yield from ("| variable | meaning | default | read by |", "|---|---|---|---|")
    for name, variable in sorted(found.items()):
        default = f"`{variable.default}`" if variable.default else "to set"
        read_by = ", ".join(readers[name])
        yield f"| `{name}` | {markdown(variable.meaning)} | {default} | {read_by} |"


def _artefact(id_: str, artefact: Artefact) -> Iterator[str]:
    yield from ("", f"## {id_}: {BY_ID[id_].name}", "")
    yield from (f"- `{file.path}`" for file in artefact.files)
    yield from ("", "```sh", *artefact.commands, "```")
    if artefact.notes:
        yield ""
        yield from (f"- {_noted(note)}" for note in artefact.notes)


def _noted(note: str) -> str:
    """Return the note with code left as code and everything else made harmless."""
    pieces = enumerate(note.split("`"))
    return "".join(f"`{p}`" if n % 2 else spaced(p, markdown(p)) for n, p in pieces)
