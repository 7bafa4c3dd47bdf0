"""All rules and all knowledge, checked: one frozen library, or every problem at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from advisor import __version__
from advisor.domain.catalogue import AcceleratorRecord, ModelRecord
from advisor.domain.components import Component
from advisor.domain.decisions import StageSpec
from advisor.domain.decisions import Words as VocabularyWords
from advisor.domain.facility import DatacentreValue, Source, StorageTier
from advisor.domain.hosted import HostedPrice
from advisor.domain.offers import ApiPrice, Commitment, Offer, Provider, RegionRatios
from advisor.domain.policy import Policy, PracticeRecord
from advisor.domain.questions import Question
from advisor.domain.regulations import ClauseRecord, ControlRecord
from advisor.domain.rule import Case, RuleSpec
from advisor.errors import LibraryError, Problem
from advisor.frozen import dataclass, replace
from advisor.library import (
    cache,
    components,
    decisions,
    facility,
    hardware,
    hardware_references,
    models,
    offers,
    opening,
    policy,
    questions,
    regulations,
)
from advisor.library.contents import Contents, contents_of, digests_of
from advisor.library.files import File, fingerprint
from advisor.library.opening import all_files, fingerprint_of
from advisor.library.packs import Pack, pack_problems, read_pack, without_replaced_rules
from advisor.library.patterns import Words
from advisor.library.rule_lint import repeated_ids
from advisor.library.rulebook import read_rules
from advisor.library.store import Entry, entries, overlaid, with_equal_strings_once
from advisor.library.yamlfile import Document


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that the advisor knows. `fingerprint` changes with any byte of any file."""

    version: str
    fingerprint: str
    packs: tuple[Pack, ...]
    rules: tuple[RuleSpec, ...]
    stages: tuple[StageSpec, ...]
    policy: Policy
    questions: tuple[Question, ...]
    words: VocabularyWords = field(hash=False)
    practices: Mapping[str, PracticeRecord] = field(hash=False)
    components: Mapping[tuple[str, str], Component] = field(hash=False)
    orchestrators: Mapping[tuple[str, str], Component] = field(hash=False)
    clauses: Mapping[str, ClauseRecord] = field(hash=False)
    controls: Mapping[str, ControlRecord] = field(hash=False)
    accelerators: Mapping[str, AcceleratorRecord] = field(hash=False)
    models: Mapping[str, ModelRecord] = field(hash=False)
    offers: Mapping[str, Offer] = field(hash=False)
    providers: Mapping[str, Provider] = field(hash=False)
    region_ratios: Mapping[str, RegionRatios] = field(hash=False)
    commitments: Mapping[str, Commitment] = field(hash=False)
    api_prices: Mapping[str, ApiPrice] = field(hash=False)
    hosted_prices: Mapping[str, HostedPrice] = field(hash=False)
    storage: Mapping[str, StorageTier] = field(hash=False)
    datacentre: Mapping[tuple[str, str], DatacentreValue] = field(hash=False)
    sources: Mapping[str, Source] = field(hash=False)
    contents: Contents = field(hash=False)


def load_library(packs: Iterable[Path] = (), *, cases: bool = False) -> Library:
    """Return the library with packs laid over it in the stated order.

    The rules carry their cases only where `cases` asks for them. Raises LibraryError with every
    problem of every file.
    """
    given = tuple(read_pack(path) for path in packs)
    library = _kept(cache.key_of(fingerprint_of(given)), given, cases=cases)
    if library is None:
        files = all_files(given)
        mark = fingerprint(files)
        found = with_equal_strings_once(compiled(files, given))
        library = assembled(found, mark, given, files)
        _keep(cache.key_of(mark), library)
    return library if cases else _without_cases(library)


def _kept(key: str, packs: tuple[Pack, ...], *, cases: bool) -> Library | None:
    """Return the library kept under a key, None where there is none that can be used."""
    found = cache.read(key, "library")
    own = cache.read(key, "cases") if cases else {}
    if not isinstance(found, Library) or not isinstance(own, dict):
        return None
    library = replace(found, packs=packs)
    return _with_cases(library, own) if cases else library


def _keep(key: str, library: Library) -> None:
    """Keep a library; its packs may lie elsewhere tomorrow, and few ask for its cases."""
    plain = replace(_without_cases(library), packs=())
    first = replace(opening.opening_of(library), library=None)
    cases = {rule.id: rule.cases for rule in library.rules}
    cache.write(key, {"library": plain, "cases": cases, opening.PART: first})


def _without_cases(library: Library) -> Library:
    return _with_cases(library, {}) if any(rule.cases for rule in library.rules) else library


def _with_cases(library: Library, cases: Mapping[str, tuple[Case, ...]]) -> Library:
    rules = tuple(replace(rule, cases=cases.get(rule.id, ())) for rule in library.rules)
    return replace(library, rules=rules)


def compiled(files: Iterable[File], packs: Iterable[Pack]) -> tuple[Entry, ...]:
    """Return the checked documents; raises LibraryError with every problem found."""
    found, problems = entries(files)
    problems += pack_problems(found, packs)
    if not problems:
        problems += reference_problems(overlaid(found))
    if problems:
        raise LibraryError(problems)
    return tuple(replace(entry, digests=digests_of(entry)) for entry in overlaid(found))


def reference_problems(found: Iterable[Entry]) -> list[Problem]:
    """Return the words of rules and entries that name nothing; the documents pass their schemas."""
    given = tuple(found)
    return [
        *_rule_problems(given),
        *hardware_references.reference_problems(given),
        *components.reference_problems(
            _documents(given, "components") + _documents(given, "orchestrators"),
            decisions.parse(_documents(given, "decisions")),
            decisions.parse_words(_documents(given, "vocabulary")),
            questions.parse(_documents(given, "questions")),
        ),
        *regulations.reference_problems(
            _documents(given, "regulations"),
            regulations.parse_controls(_documents(given, "controls")),
            decisions.parse_words(_documents(given, "vocabulary")).duties,
        ),
    ]


def _rule_problems(found: Iterable[Entry]) -> Iterator[Problem]:
    from advisor.library.wordlist import vocabulary  # noqa: PLC0415  (only when compiling)

    words = Words(policy.parse(_documents(found, "policy")).values(), vocabulary(found))
    rules: list[RuleSpec] = []
    for document in _documents(found, "rules"):
        read, problems = read_rules(document, words)
        rules += read
        yield from problems
    yield from repeated_ids(rules)


def assembled(
    found: Iterable[Entry], mark: str, packs: tuple[Pack, ...], files: Iterable[File] = ()
) -> Library:
    """Return the records of checked documents; `files` are those that they were read from."""
    found = tuple(found)
    kinds: dict[str, list[Document]] = defaultdict(list)
    for entry in found:
        kinds[entry.kind].append(entry.document)
    values = policy.parse(kinds["policy"])
    accelerators = hardware.parse(kinds["accelerators"])
    own = tuple(f"{pack.id}-" for pack in packs)
    brought = (record.accelerator for id_, record in accelerators.items() if id_.startswith(own))
    asked = questions.with_own_devices(questions.parse(kinds["questions"]), brought)
    return Library(
        version=__version__,
        fingerprint=mark,
        packs=packs,
        rules=_rules(kinds["rules"], values),
        stages=decisions.parse(kinds["decisions"]),
        policy=values,
        questions=asked,
        words=decisions.parse_words(kinds["vocabulary"]),
        practices=policy.parse_practices(kinds["practices"]),
        components=components.parse(kinds["components"]),
        orchestrators=components.parse(kinds["orchestrators"]),
        clauses=regulations.parse(kinds["regulations"]),
        controls=regulations.parse_controls(kinds["controls"]),
        accelerators=accelerators,
        models=models.parse(kinds["models"]),
        offers=offers.parse_offers(kinds["instances"]),
        providers=offers.parse_providers(kinds["providers"]),
        region_ratios=offers.parse_region_ratios(kinds["region-ratios"]),
        commitments=offers.parse_commitments(kinds["commitments"]),
        api_prices=offers.parse_api_prices(kinds["api-prices"]),
        hosted_prices=offers.parse_hosted_prices(kinds["hosted-prices"]),
        storage=facility.parse_storage(kinds["storage"]),
        datacentre=facility.parse_datacentre(kinds["datacentre"]),
        sources=facility.parse_sources(kinds["sources"]),
        contents=contents_of(found, files),
    )


def _rules(documents: Iterable[Document], values: Policy) -> tuple[RuleSpec, ...]:
    words = Words(values.values())
    return without_replaced_rules(
        [rule for document in documents for rule in read_rules(document, words)[0]]
    )


def _documents(found: Iterable[Entry], kind: str) -> list[Document]:
    return [entry.document for entry in found if entry.kind == kind]
