"""A page an area with every rule in words, made from the rules alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from advisor.domain.rule import RuleSpec
from advisor.report.rule_text import rule_section

INTRODUCTION = """\
# Rules: {area}

{count} rules in {files} files, made by `advisor rules pages` from the rules beside this page:
what each says, when, why, with an example and its sources. `$name` stands for what is bound.

"""


def rule_pages(rules: Iterable[RuleSpec]) -> dict[str, str]:
    """Return the text of each area's page by its path; the rules carry their cases."""
    areas: dict[str, dict[str, list[RuleSpec]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        areas[rule.area][rule.place.file].append(rule)
    return {f"rules/{area}/README.md": _page(area, files) for area, files in sorted(areas.items())}


def stale_pages(root: Path, pages: Mapping[str, str]) -> list[str]:
    """Return the paths of pages that differ from what the rules say now."""
    return [path for path, text in pages.items() if _present(root / path) != text]


def _present(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _page(area: str, files: Mapping[str, list[RuleSpec]]) -> str:
    count = sum(map(len, files.values()))
    parts = [INTRODUCTION.format(area=area, count=count, files=len(files))]
    for file, rules in sorted(files.items()):
        name = PurePosixPath(file).stem.replace("_", " ").capitalize()
        parts.append(f"## {name}\n\n")
        parts += [f"{rule_section(rule)}\n" for rule in rules]
    return "".join(parts).rstrip("\n") + "\n"
