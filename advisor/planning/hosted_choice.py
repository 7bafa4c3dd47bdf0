"""Which hosted service would answer: judged by rules like any candidate, priced by its task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from advisor.domain.answers import Source
from advisor.domain.hosted import LANGUAGE_MODEL
from advisor.domain.offers import ApiPrice
from advisor.domain.plan import Alternative, Decision, Reason, Rejected
from advisor.domain.rule import Fact
from advisor.frozen import replace
from advisor.planning.api_options import (
    Wanted,
    allowed_vendors,
    api_options,
    like_models,
    resellers,
)
from advisor.planning.brief import Brief
from advisor.planning.candidates import Candidate
from advisor.planning.decide import state
from advisor.planning.hosted_services import Hosted, Terms, reasons_without, service_call_options
from advisor.planning.hosted_task import Task, Volume, task_of, volume_of
from advisor.planning.kit import Kit
from advisor.planning.line import Line
from advisor.planning.options import Option
from advisor.planning.places import area_of
from advisor.planning.select import Offer, Outcome, Standing, alternatives, choose, standings
from advisor.planning.words import dollars
from advisor.planning.workload import Workload

DECISION = "hosted_service"
PATTERN = "model_api"
UNSOLD = "no service with a published price in the catalogue does this"


NOT_SOLD = Hosted(lacking=(Reason(UNSOLD, estimate="serving_price"),))
UNCOUNTED = Hosted(
    lacking=(
        Reason(
            "nobody said how much is asked, so no service can be priced", estimate="serving_price"
        ),
    )
)


def hosted_of(line: Line, workload: Workload) -> Hosted:
    """Return what could be called under the answers and what the rules say so far: the same object
    while nothing that it rests on changes."""
    task = task_of(line.brief, workload, line.kit.number)
    if task is None or workload.serving is None:
        return NOT_SOLD
    volume = volume_of(task, line.brief, workload, line.kit.number)
    if volume is None and task.id != LANGUAGE_MODEL:
        return UNCOUNTED
    terms = _terms(line)
    held = (line.held.first("serving_pattern"), line.held.first(DECISION))
    key = (workload.key, task, volume, terms, line.trace.opinion(DECISION), line.called, *held)

    def work() -> Hosted:
        if volume is None or task.id == LANGUAGE_MODEL:
            return _models(line, workload, task)
        return _services(line, task, volume, terms)

    through = tuple(resellers(line.brief, line.kit.library.providers).items())
    wanted = _wanted(line.kit, line.brief) if task.id == LANGUAGE_MODEL else None
    return line.once("hosted", (*key, line.months, line.worth, wanted, through), work)


def _entries(line: Line, task: str) -> tuple[Candidate, ...]:
    """Return the services that do a task."""
    known = line.called.candidates[DECISION]
    return tuple(c for c in known if task in c.traits.get("tasks", ()))


def _services(line: Line, task: Task, volume: Volume, terms: Terms) -> Hosted:
    """Return the service that costs least after what preferences are worth."""
    entries = _entries(line, task.id)
    prices = line.kit.library.hosted_prices.values()
    found = service_call_options(task, volume, entries, prices, terms)
    offers = {id_: _offer(line, option) for id_, option in found.items()}
    unsold = Offer(failures=(Reason(UNSOLD, estimate="serving_price"),))
    offers |= {c.id: unsold for c in entries if c.id not in offers}
    stands = standings(entries, line.trace.opinion(DECISION), offers, line.worth)
    outcome = choose(stands)
    lacking = reasons_without(found, (r for s in stands for r in s.musts_against[:1]))
    lacking = lacking or (Reason(UNSOLD, estimate="serving_price"),)
    if outcome.chosen:
        option = found[outcome.chosen[0].candidate.id]
        why = f"{option.why}; {1 + len(outcome.others)} services meet every must"
        option = replace(option, why=why) if outcome.others else option
        return Hosted(_standing(line, found) or option, task.id, offers)
    return Hosted(_standing(line, found), task.id, offers, lacking)


def _terms(line: Line) -> Terms:
    brief, number = line.brief, line.kit.number
    return Terms(
        allowed_vendors(brief, line.kit.library.providers),
        _clouds(brief),
        area_of(brief) if brief.has("residency", "country_or_bloc") else "",
        tuple(str(m) for m in brief.many("inference_mode")),
        brief.model,
        number("default_range_pct.price"),
        number("default_range_pct.usage"),
    )


def _clouds(brief: Brief) -> frozenset[str]:
    """Return the clouds on which a service must be sold, none where any will do."""
    policy = frozenset(str(p) for p in brief.many("cloud_policy"))
    return frozenset() if "any" in policy else policy


def _offer(line: Line, option: Option) -> Offer:
    """Return what calls cost a month, and over the life with the people whom keys, limits and
    bills take."""
    number = line.kit.number
    fte = Decimal(str(number("host_effort_fte.vendor_api")))
    people = fte * Decimal(str(number("cost.staff_usd_year"))) / 12
    whole = option.lifetime(line.months) + people * line.months
    return Offer(whole, option.month.likely, option.why, option.failures)


def _standing(line: Line, found: Mapping[str, Option]) -> Option | None:
    """Return the service of an architecture that stands: the one named, else the cheapest; what it
    misses under the answers goes with it."""
    if line.held.first("serving_pattern") != PATTERN:
        return None
    named = found.get(line.held.first(DECISION))
    ranked = sorted(found.values(), key=lambda o: (len(o.failures), o.month.likely, o.instance))
    return named or next(iter(ranked), None)


def _models(line: Line, workload: Workload, task: Task) -> Hosted:
    """Return the hosted language model that is planned with: the one in the middle."""
    entries = _entries(line, task.id)
    allowed = allowed_vendors(line.brief, line.kit.library.providers)
    barred = line.trace.opinion(DECISION).barred
    by_vendor = {str(c.attributes["provider"]): c for c in entries}
    open_ = frozenset(v for v in allowed if v in by_vendor and by_vendor[v].id not in barred)
    calls = _calls(line, workload, open_)
    offers = {c.id: _vendor(line, calls, vendor, open_) for vendor, c in by_vendor.items()}
    planned = calls(open_)
    if planned is not None or line.held.first("serving_pattern") != PATTERN:
        lacking = reasons_without({}, (r for o in offers.values() for r in o.failures))
        return Hosted(planned, task.id, offers, lacking)
    reason = Reason("no vendor that the answers allow sells such a model", estimate="serving_price")
    anyone = calls(frozenset(line.kit.library.providers))
    standing = anyone and replace(anyone, failures=(*anyone.failures, reason))
    return Hosted(standing, task.id, offers)


Calls = Callable[[frozenset[str]], Option | None]
"""The way to call a model of some vendors, None where they sell none that compares."""


def _vendor(line: Line, calls: Calls, vendor: str, open_: frozenset[str]) -> Offer:
    """Return what a month of comparable models of one vendor costs."""
    name = line.called.names.get(vendor, vendor)
    if vendor not in open_:
        text = f"{name} is a vendor that the answers do not allow"
        return Offer(failures=(Reason(text, estimate="serving_price"),))
    found = calls(frozenset((vendor,)))
    if found is None:
        text = f"the catalogue has no model of {name} that compares"
        return Offer(failures=(Reason(text, estimate="serving_price"),))
    return _offer(line, found)


def _calls(line: Line, workload: Workload, open_: frozenset[str]) -> Calls:
    """Return how models of some vendors are priced: where any vendor that is open sells one like
    the model asked for, nothing else stands for it."""
    library, kit = line.kit.library, line.kit
    through, wanted = resellers(line.brief, library.providers), _wanted(kit, line.brief)

    def rows(vendors: frozenset[str]) -> list[ApiPrice]:
        return [p for p in library.api_prices.values() if p.provider in vendors]

    alike = like_models(workload, rows(open_), kit.shapes, wanted.model)
    wanted = replace(wanted, closed=not alike)

    def calls(vendors: frozenset[str]) -> Option | None:
        prices = rows(vendors)
        found = api_options(workload, prices, kit.shapes, wanted, kit.number)
        return _sold(found[0], through) if found else None

    return calls


def _wanted(kit: Kit, brief: Brief) -> Wanted:
    """Return which model is asked for; the budget bears on it where none is named or sized."""
    sized = brief.sources.get("model_params_b") in (Source.GIVEN, Source.FILE)
    named = bool(brief.model or sized)
    limit = Decimal(0) if named else Decimal(str(brief.number("budget_monthly")))
    return Wanted(brief.model, sized, limit, kit.provider)


def _sold(option: Option, through: Mapping[str, str]) -> Option:
    """Return the option with the cloud that sells the vendor's model."""
    seller = through.get(option.provider)
    return replace(option, layout=f"{option.layout}, sold on {seller}") if seller else option


def decide_hosted(
    line: Line, hosted: Hosted, pattern: Decision, own: Option | None
) -> tuple[Decision, tuple[Fact, ...]]:
    """Return which service is called, or that none is and why, with every other service."""
    spec, opinion = line.kit.decisions[DECISION], line.trace.opinion(DECISION)
    stands = standings(_entries(line, hosted.task), opinion, hosted.offers, line.worth)
    if pattern.chosen == PATTERN and own is not None:
        return _called(line, stands, own)
    without = [c for c in line.called.candidates[DECISION] if c.id == "none"]
    lost = {r.id: r.reasons for r in pattern.rejected}.get(PATTERN, ())
    open_ = sorted((s for s in stands if not s.musts_against and not lost), key=lambda s: s.key)
    shut = [s for s in stands if s not in open_]
    rejected = [Rejected(s.candidate.id, s.candidate.name, s.musts_against or lost) for s in shut]
    outcome = Outcome(
        standings(without, opinion, {}, line.worth),
        rejected=tuple(sorted(rejected, key=lambda r: r.id)),
    )
    decision, facts = state(spec, outcome, _why_none(pattern, hosted))
    return replace(decision, alternatives=tuple(_beaten(pattern, hosted, open_))), facts


def _beaten(pattern: Decision, hosted: Hosted, open_: list[Standing]) -> Iterator[Alternative]:
    """Yield the services that could be called: why calls lost, then how the others compare."""
    for first in open_[:1]:
        own = next((a for a in pattern.alternatives if a.id == PATTERN), None)
        text = own.why_not_first if own else f"{pattern.chosen_name} was taken"
        if own and hosted.task == LANGUAGE_MODEL:  # which is priced at the middle of all vendors
            text = f"At the middle of what vendors ask: {text[:1].lower()}{text[1:]}"
        yield Alternative(
            first.candidate.id,
            first.candidate.name,
            text,
            float(first.support_pct),
            first.offer.month_usd,
        )
        yield from alternatives(first, open_[1:])


def _why_none(pattern: Decision, hosted: Hosted) -> tuple[Reason, ...]:
    """Return why nothing is called: what speaks against calls at all, else what lost them."""
    lost = next((r.reasons for r in pattern.rejected if r.id == PATTERN), ())
    if lost:
        return lost[:2]
    if not any(a.id == PATTERN for a in pattern.alternatives):
        return hosted.lacking[:1] or (Reason(UNSOLD, estimate="serving_price"),)
    text = f"No service is called, as {pattern.chosen_name} was taken instead."
    return (Reason(text, cost="month"),)


def _called(
    line: Line, stands: Iterable[Standing], own: Option
) -> tuple[Decision, tuple[Fact, ...]]:
    """Return the service of the option as chosen; of language models an evaluation decides among
    the others, of other services the costs do."""
    spec, by_id = line.kit.decisions[DECISION], {s.candidate.id: s for s in stands}
    model = own.instance not in by_id
    taken = by_id[f"{own.provider}-models" if model else own.instance]
    open_ = (s for s in by_id.values() if s is not taken and not s.musts_against)
    others = tuple(sorted(open_, key=lambda s: s.key))
    shut = (s for s in by_id.values() if s is not taken and s.musts_against)
    rejected = [Rejected(s.candidate.id, s.candidate.name, s.musts_against) for s in shut]
    outcome = Outcome((taken,), others, tuple(sorted(rejected, key=lambda r: r.id)))
    sentence = own.why[:1].upper() + own.why[1:] + ("" if own.why.endswith(".") else ".")
    decision, facts = state(spec, outcome, (Reason(sentence, estimate="serving_model_api"),))
    if model:
        decision = replace(decision, alternatives=tuple(map(_to_evaluate, others)))
    return decision, facts


def _to_evaluate(other: Standing) -> Alternative:
    month = other.offer.month_usd
    usd = f"comparable models take about {dollars(month or 0)} a month"
    text = f"{usd}; an evaluation on your own cases decides"
    own = other.candidate
    return Alternative(own.id, own.name, text, float(other.support_pct), month)
