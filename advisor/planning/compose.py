"""The last step of the line: everything that was settled and said, put together as a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.domain.answers import Source
from advisor.domain.considerations import QUESTION as RANKED
from advisor.domain.evidence import Setup
from advisor.domain.plan import (
    Assumption,
    Control,
    Decision,
    Finding,
    HardwareUse,
    LibraryMark,
    Plan,
    Practice,
)
from advisor.library.load import Library
from advisor.planning.answer_words import answer_words
from advisor.planning.balance import considerations
from advisor.planning.bill import bill_of
from advisor.planning.limits import failures_of, limits_of
from advisor.planning.line import Line
from advisor.planning.measured_here import figures_here
from advisor.planning.options import Option
from advisor.planning.resting import decisions_by_question
from advisor.sizing.nearest import likeness

SEVERITY = {"high": 0, "medium": 1, "low": 2}


def compose(line: Line) -> Plan:
    """Return the plan of a line that has run to its end."""
    decisions = {id_: line.decisions[id_] for id_ in line.kit.decisions}
    cost = bill_of(line)
    failures = failures_of(line, cost, decisions)
    library = line.kit.library
    trace = line.session.firings()
    fired = sorted({firing.rule for firing in trace})
    model = library.models.get(line.brief.model)
    return Plan(
        as_of=line.as_of,
        library=_mark(library),
        feasible=not failures,
        answers={q: (v, line.brief.sources[q]) for q, v in line.brief.values.items()},
        decisions=decisions,
        hardware=tuple(_hardware(line, use, o) for use, o in sorted(line.uses.items())),
        cost=cost,
        considerations=considerations(line, cost, decisions),
        controls=tuple(_controls(line)),
        practices=tuple(_practices(line)),
        findings=tuple(_findings(line)),
        assumptions=tuple(_assumptions(line, decisions)),
        limits=limits_of(line, cost),
        infeasible_because=failures,
        trace=trace,
        references={rule: line.kit.rules[rule].references for rule in fired},
        model=line.brief.model,
        shape=None if line.brief.model else line.brief.shape,
        model_repo=model.hf_repo if model else "",
        answer_words=answer_words(line.kit.questions, line.brief.values),
        rule_titles={rule: line.kit.rules[rule].title for rule in fired},
        notes=line.notes,
    )


def _mark(library: Library) -> LibraryMark:
    replaced = tuple((rule.id, rule.replaces) for rule in library.rules if rule.replaces)
    packs = tuple(f"{pack.id} {pack.version}" for pack in library.packs)
    return LibraryMark(library.version, library.fingerprint, packs, replaced, library.contents)


def _hardware(line: Line, use: str, option: Option) -> HardwareUse:
    device = line.kit.devices.get(option.accelerator)
    return HardwareUse(
        use,
        option.accelerator,
        line.called.names.get(option.accelerator, option.accelerator),
        option.accelerators,
        option.nodes,
        option.provider,
        option.instance,
        option.bare_metal,
        option.layout,
        option.why,
        figures_here(option, line.kit.own),
        device.memory_gb if device else 0.0,
        like=_like(line, option.run) if option.run else (),
        vendor=device.vendor if device else "",
        per_node=option.per_node if device else 0,
        vcpus=option.vcpus,
        setting=option.setting,
        provider_name=line.kit.provider(option.provider),
    )


def _like(line: Line, run: Setup) -> tuple[str, ...]:
    return line.once("likeness", run, lambda: likeness(run, line.kit.evidence))


def _controls(line: Line) -> Iterator[Control]:
    library = line.kit.library
    for fact in line.session.facts("control"):
        clause = library.clauses[str(fact.get("clause"))]
        yield Control(
            clause.control,
            library.controls[clause.control].name,
            clause.regime,
            clause.clause,
            clause.text,
            clause.strength,
            clause.period(line.as_of),
            clause.confirm,
            clause.provenance.evidence,
        )


def _practices(line: Line) -> Iterator[Practice]:
    reasons = line.trace.reasons("practice")
    for id_ in sorted(reasons):
        record = line.kit.library.practices[id_]
        yield Practice(id_, record.name, reasons[id_].text, reasons[id_].rule)


def _findings(line: Line) -> Iterator[Finding]:
    found: dict[tuple[str, str], Finding] = {}
    for fact, said in line.trace.asserted("finding"):
        finding = Finding(
            str(fact.get("id")),
            str(fact.get("kind")),
            str(fact.get("severity")),
            said.reason.text,
            said.reason.rule,
            str(fact.get("subject") or ""),
        )
        key = finding.id, finding.text
        found[key] = min(found.get(key, finding), finding, key=_gravity)
    yield from sorted(found.values(), key=lambda f: (SEVERITY[f.severity], f.kind, f.id, f.text))


def _gravity(finding: Finding) -> int:
    return SEVERITY[finding.severity]


CLOSE_CALLS = "Preferences weigh otherwise: choices that lie close together may turn."
"""What another ranking of the considerations does."""


def _assumptions(line: Line, decisions: Mapping[str, Decision]) -> Iterator[Assumption]:
    texts = {q.id: q for q in line.kit.questions}
    resting = decisions_by_question(line, decisions)
    for id_, source in line.brief.sources.items():
        if source in (Source.DEFAULT, Source.UNKNOWN):
            question = texts[id_]
            value = line.brief.values[id_]
            mine = () if id_ in OF_TRAINING and not _trains(line) else resting.get(id_, ())
            names = [decisions[d].name for d in mine]
            if_wrong = CLOSE_CALLS if id_ == RANKED else _if_wrong(names)
            yield Assumption(id_, question.text, value, source, if_wrong, mine)


OF_TRAINING = ("retrain_cadence", "retrain_trigger")
"""Questions that settle nothing where nothing is trained, whatever rules read them."""


def _trains(line: Line) -> bool:
    return line.chosen("training_pattern") not in ("", "none")


def _if_wrong(names: list[str]) -> str:
    if not names:
        return "No rule behind a choice reads it; sizes and costs may move."
    shown = ", ".join(name.lower() for name in names[:4])
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"Settle anew: {shown}{more}."
