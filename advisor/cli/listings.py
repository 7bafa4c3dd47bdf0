"""`advisor questions`, `advisor rules` and `advisor knowledge`: what the advisor asks and knows."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from advisor.cli.inputs import packs_option
from advisor.domain.questions import Question
from advisor.domain.rule import Clause, Op, RuleSpec, Var
from advisor.errors import InputError, Place, Problem
from advisor.library.load import Library, load_library
from advisor.library.words import remedy

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
KINDS = (
    "accelerators",
    "models",
    "offers",
    "providers",
    "api_prices",
    "storage",
    "components",
    "orchestrators",
    "clauses",
    "controls",
    "practices",
    "policy",
)


@click.command()
@click.option("--depth", type=click.Choice(["quick", "standard", "expert"]), default=None)
@json_option
@packs_option
def questions(depth: str | None, as_json: bool, packs: tuple[Path, ...]) -> None:
    """List the questions of the interview with what is assumed instead of an answer."""
    found = [q for q in load_library(packs).questions if depth in (None, q.depth)]
    if as_json:
        _print_json([_plain(q) for q in found])
        return
    for question in found:
        click.echo(_question_lines(question))


def _question_lines(question: Question) -> str:
    options = ", ".join(option.id for option in question.options) or question.unit
    asked = "" if not question.ask_when else "  (asked only where it applies)"
    return (
        f"{question.id}  [{question.section}, {question.depth}]{asked}\n"
        f"    {question.text}\n    {question.type}: {options}\n"
        f"    assumed: {question.default}; unknown: {question.unknown.note}\n"
    )


@click.group()
def rules() -> None:
    """Show the rulebook."""


@rules.command("list")
@json_option
@packs_option
def list_rules(as_json: bool, packs: tuple[Path, ...]) -> None:
    """List every rule: id, strength, title."""
    found = load_library(packs).rules
    if as_json:
        _print_json([{"id": r.id, "strength": r.strength, "title": r.title} for r in found])
        return
    for rule in found:
        click.echo(f"{rule.id:<10} {rule.strength:<7} {rule.title}")


@rules.command("show")
@click.argument("rule_id", metavar="RULE")
@json_option
@packs_option
def show_rule(rule_id: str, as_json: bool, packs: tuple[Path, ...]) -> None:
    """Show one rule: what it says, when it fires, why, its sources and examples."""
    known = {rule.id: rule for rule in load_library(packs, cases=True).rules}
    rule = _known(known, rule_id, "rule")
    if as_json:
        _print_json(_plain(rule))
    else:
        click.echo(rule_text(rule))


def rule_text(rule: RuleSpec) -> str:
    """Return a rule in words: conditions, conclusions, reason and sources."""
    lines = [f"{rule.id}  {rule.title}", f"a {rule.strength} of {rule.area}", "", "When"]
    lines += [f"  {_clause(clause)}" for clause in rule.when]
    lines += [f"  and there is no {_clause(clause)}" for clause in rule.none]
    lines += ["Then"]
    for assertion in rule.then:
        fields = ", ".join(f"{k} {_operand(v)}" for k, v in assertion.fields)
        lines.append(f"  {assertion.fact}: {fields}")
    lines += ["", f"Because  {rule.because}", f"Why true  {rule.rationale}", "", "Sources"]
    for ref in rule.references:
        where = " ".join(part for part in (ref.locator, ref.url, f"({ref.as_of})") if part)
        lines.append(f"  {ref.title} {where}: {ref.supports} [{ref.evidence}]")
    lines += ["", "Examples"]
    for case in rule.cases:
        lines.append(f"  {'fires ' if case.fires else 'silent'}  {case.name}")
    lines += ["", f"Reviewed {rule.reviewed}; {rule.place}"]
    return "\n".join(lines)


WORDS = {
    Op.EQ: "is",
    Op.NE: "is not",
    Op.LT: "below",
    Op.LE: "at most",
    Op.GT: "above",
    Op.GE: "at least",
    Op.ONE_OF: "is one of",
}


def _clause(clause: Clause) -> str:
    tests = ", ".join(f"{t.field} {WORDS[t.op]} {_operand(t.operand)}" for t in clause.tests)
    return f"{clause.fact}: {tests}"


def _operand(operand: object) -> str:
    if isinstance(operand, Var):
        return f"${operand.name}"
    if isinstance(operand, tuple):
        return ", ".join(map(str, operand))
    return str(operand)


@click.group()
def knowledge() -> None:
    """Show the catalogue."""


@knowledge.command("list")
@click.argument("kind", type=click.Choice(KINDS))
@json_option
@packs_option
def list_knowledge(kind: str, as_json: bool, packs: tuple[Path, ...]) -> None:
    """List the entries of a KIND."""
    found = _entries(load_library(packs), kind)
    if as_json:
        _print_json({id_: _plain(record) for id_, record in found.items()})
        return
    for id_, record in found.items():
        name = getattr(record, "name", "") or getattr(record, "meaning", "")
        click.echo(f"{id_:<36} {name}")


@knowledge.command("show")
@click.argument("entry", metavar="ID")
@packs_option
def show_knowledge(entry: str, packs: tuple[Path, ...]) -> None:
    """Show every record with this ID, with its sources and dates, as JSON."""
    library = load_library(packs)
    found = {kind: _entries(library, kind) for kind in KINDS}
    hits = {kind: _plain(rows[entry]) for kind, rows in found.items() if entry in rows}
    if not hits:
        _known({id_: None for rows in found.values() for id_ in rows}, entry, "entry")
    _print_json(hits)


def _entries(library: Library, kind: str) -> Mapping[str, Any]:
    if kind == "policy":
        return library.policy.parameters
    found: Mapping[Any, Any] = getattr(library, kind)
    return {key if isinstance(key, str) else key[-1]: record for key, record in found.items()}


def _known(known: Mapping[str, Any], wanted: str, what: str) -> Any:
    if wanted not in known:
        message = f"there is no {what} '{wanted}'; {remedy(wanted, known)}"
        raise InputError([Problem(Place("advisor"), "E306", "", message)])
    return known[wanted]


def _plain(record: object) -> Any:
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        fields = dataclasses.fields(record)
        return {f.name: _plain(getattr(record, f.name)) for f in fields if f.name != "place"}
    if isinstance(record, Mapping):
        return {str(key): _plain(value) for key, value in record.items()}
    if isinstance(record, Iterable) and not isinstance(record, str):
        return [_plain(value) for value in record]
    return record if isinstance(record, str | int | float | bool | None) else str(record)


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, indent=2, ensure_ascii=False))
