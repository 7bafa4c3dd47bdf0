"""Everything that can be checked without running a rule: the library's own conscience."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from advisor.domain.rule import RuleSpec, Scalar
from advisor.errors import LibraryError, Place, Problem
from advisor.frozen import dataclass
from advisor.library import policy
from advisor.library.load import assembled, reference_problems
from advisor.library.opening import all_files
from advisor.library.packs import pack_problems, read_pack
from advisor.library.patterns import Words
from advisor.library.rule_lint import asserted_ids, lint_rules, read_ids
from advisor.library.rulebook import read_rules
from advisor.library.stale import Stale, dated_entries, stale
from advisor.library.store import Entry, entries, overlaid
from advisor.library.wordlist import Rows


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check: problems sorted by place, and the rules that could be read."""

    problems: tuple[Problem, ...]
    rules: tuple[RuleSpec, ...]


def check_library(as_of: datetime.date, packs: Iterable[Path] = ()) -> Checked:
    """Return every problem of the library and of packs; ids with W are warnings.

    Reads the files anew, past the cache. Where a file breaks its schema the checks across files
    wait until that is mended, since they would only report its consequences.
    """
    given = tuple(read_pack(path) for path in packs)
    found, problems = entries(all_files(given))
    problems += pack_problems(found, given)
    if problems:
        return Checked(tuple(sorted(problems)), ())
    whole = overlaid(found)
    problems += _loose(whole)
    rules = _rules(whole)
    problems += lint_rules(rules)
    problems += _idle_words(whole, rules)
    problems += _stale_files(_stale(whole, as_of))
    return Checked(tuple(sorted(set(problems))), rules)


@dataclass(frozen=True, slots=True)
class Shelves:
    """What has outlived its shelf life, and how many dated entries each kind has."""

    stale: tuple[Stale, ...]
    dated: Mapping[str, int]


def shelves(as_of: datetime.date, packs: Iterable[Path] = ()) -> Shelves:
    """Return what has outlived its shelf life on a day; raises LibraryError for broken files."""
    found, problems = entries(all_files(tuple(read_pack(path) for path in packs)))
    if problems:
        raise LibraryError(problems)
    whole = overlaid(found)
    return Shelves(_stale(whole, as_of), dated_entries(whole))


def _loose(found: Sequence[Entry]) -> list[Problem]:
    """Return words that name nothing, ids that stand twice, and what else no record can hold."""
    try:
        problems = reference_problems(found)
        if not problems:
            assembled(found, "", ())
    except LibraryError as error:
        return list(error.problems)
    return problems


def _rules(found: Sequence[Entry]) -> tuple[RuleSpec, ...]:
    """Return the rules; the cases of built-in ones were written for the built-in values."""
    policies = [e for e in found if e.kind == "policy"]
    every = Words(policy.parse(e.document for e in policies).values())
    own = Words(policy.parse(e.document for e in policies if not e.pack).values())
    return tuple(
        rule
        for entry in found
        if entry.kind == "rules"
        for rule in read_rules(entry.document, every if entry.pack else own)[0]
    )


def _idle_words(found: Sequence[Entry], rules: Sequence[RuleSpec]) -> Iterator[Problem]:
    """Yield words of the vocabulary that no rule asserts, or that nobody reads."""
    made, used = asserted_ids(rules), _used(found, rules)
    for document in (e.document for e in found if e.kind == "vocabulary"):
        for key, fact in (("classes", "class"), ("needs", "need"), ("duties", "duty")):
            for word in document.data.get(key, ()):
                place, path = document.place((key, word)), f"{key}.{word}"
                if word not in made[fact] and None not in made[fact]:
                    message = f"no rule asserts this {fact}; write the rule or drop the word"
                    yield Problem(place, "W154", path, message)
                if word not in used[fact]:
                    message = f"no rule and no entry reads this {fact}; use it or drop it"
                    yield Problem(place, "W155", path, message)


def _used(found: Sequence[Entry], rules: Sequence[RuleSpec]) -> Mapping[str, set[Scalar]]:
    used = read_ids(rules)
    rows = Rows(found)
    for row in rows.entries():
        used["class"].update(row.get("choose_when", ()), row.get("avoid_when", ()))
        used["need"].update(row.get("provides", ()))
    for decision in rows.decisions():
        used["need"].update(s["need"] for s in decision.get("slots", ()) if "need" in s)
    used["duty"].update(row["duty"] for row in rows.rows("regulations", "clauses"))
    return used


def _stale(found: Sequence[Entry], as_of: datetime.date) -> tuple[Stale, ...]:
    values = policy.parse(e.document for e in found if e.kind == "policy").values()
    return stale(found, values, as_of)


def _stale_files(found: Iterable[Stale]) -> Iterator[Problem]:
    """Yield one warning a file; `advisor knowledge stale` lists every entry."""
    by_file: dict[str, list[Stale]] = defaultdict(list)
    for item in found:
        by_file[item.place.file].append(item)
    for file, items in sorted(by_file.items()):
        oldest = max(items, key=lambda i: (i.age_days - i.shelf_life_days, i.id))
        message = (
            f"{len(items)} past their shelf life, the furthest '{oldest.id}' ({oldest.as_of}, "
            f"{oldest.age_days} days old, shelf life {oldest.shelf_life_days}); check them again"
        )
        yield Problem(Place(file), "W401", "", message)
