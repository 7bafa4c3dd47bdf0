"""The review of an architecture as a report: the verdict first, then findings and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from advisor.domain.plan import Money, Reason
from advisor.domain.review import KINDS, SEVERITIES, Review, ReviewFinding, Step
from advisor.report.model import (
    Alert,
    Block,
    Bullets,
    Cite,
    Paragraph,
    Piece,
    Report,
    Section,
    Strong,
    Table,
    Tile,
    Tiles,
    Words,
)
from advisor.report.text import counted, listed, number, sentence, usd, usd_range

TITLES = {"high": "Severe", "medium": "Worth changing", "low": "Minor"}
FIRST = 5
"""Steps on page one."""
ALERTED = 8
"""Severe findings on page one."""


def review_report(review: Review) -> Report:
    """Return the report of a review; the same review gives the same report."""
    chapters = (
        _findings(review),
        _plan_chapter(review),
        _sizes(review),
        _sound(review),
        *_controls(review),
        *_accepted(review),
        _basis(review),
    )
    plan = review.plan
    marks = (
        ("Architecture", review.name),
        ("Day of the review", plan.as_of),
        ("Library", f"{plan.library.version}, fingerprint {plan.library.fingerprint}"),
        ("Packs", ", then ".join(plan.library.packs) or "none"),
        ("Repeat it", f"advisor review {review.name} --as-of {plan.as_of}"),
    )
    return Report("Review of an ML architecture", marks, _page_one(review), chapters)


# --- page one ------------------------------------------------------------------------------


def _page_one(review: Review) -> Section:
    blocks: list[Block] = [*_alert(review), Paragraph(_verdict(review)), _tiles(review)]
    steps = [s for s in review.steps if s.worth][:FIRST]
    sections = (
        [
            Section(
                "first-steps", "What to do first", (_brief_steps(steps, review.plan.cost.months),)
            )
        ]
        if steps
        else []
    )
    return Section("verdict", "Verdict", tuple(blocks), tuple(sections))


def _alert(review: Review) -> Iterator[Alert]:
    severe = [f for f in review.standing if f.severity == "high"]
    if severe:
        items = [_line(f) for f in severe[:ALERTED]]
        if len(severe) > ALERTED:
            items.append(f"and {len(severe) - ALERTED} more, below")
        many = counted(len(severe), "severe finding")
        yield Alert(f"{many} {'stands' if len(severe) == 1 else 'stand'}", (Bullets(tuple(items)),))


def _verdict(review: Review) -> str:
    """Return in two sentences how the architecture stands, and what changing it would bring."""
    good, judged = len(review.sound), len(review.sound) + len(_subjects(review))
    first = f"{good} of {judged} choices are as they should be under these answers"
    counts = [(review.count(s), TITLES[s].lower()) for s in SEVERITIES]
    said = listed(f"{n} {words}" for n, words in counts if n)
    first += f"; findings: {said}." if said else "; nothing was found."
    target = review.target
    if target is None:
        worth = "No change is worth its effort." if review.steps else "Nothing is to be changed."
        return f"{first} {worth}"
    return f"{first} {_target_words(review)}"


def _subjects(review: Review) -> set[str]:
    there = {s.decision for s in review.sound}
    return {f.subject for f in review.findings if f.subject in review.plan.decisions} - there


def _target_words(review: Review) -> str:
    target = review.target
    if target is None:
        return ""
    count = sum(s.worth for s in review.steps)
    text = (
        f"{counted(count, 'step')} {'is' if count == 1 else 'are'} worth taking: together "
        f"{_bill_change(target.saving_month, target.saving_lifetime, review.plan.cost.months)}, "
        f"for a change of about {usd(target.migration.likely)}."
    )
    if review.unpriced:
        what = listed(review.unpriced)
        text += f" What stands for {what} cannot be sized and is left out, so that is too low."
    return text


def _bill_change(month: Money, life: Money, months: int) -> str:
    """Return what a change makes of the bill, with the range over the life."""
    if abs(month.likely) < 1 and abs(life.likely) < 10:
        return "the bill stays as it is"
    word, sign = ("saves", 1) if life.likely >= 0 else ("adds", -1)
    ends = sorted((sign * life.low, sign * life.high))
    monthly = f"{_signed(sign * month.likely)} a month and " if abs(month.likely) >= 1 else ""
    return (
        f"that {word} likely {monthly}{usd(sign * life.likely)} over {months} months "
        f"({_signed(ends[0])} to {_signed(ends[1])})"
    )


def _ends(money: Money) -> str:
    return f"{_signed(money.low)} to {_signed(money.high)}"


def _signed(amount: Decimal) -> str:
    return f"-{usd(-amount)}" if amount < 0 else usd(amount)


def _tiles(review: Review) -> Tiles:
    tiles = [
        Tile("Findings", _counted(review), "severe: law, contract, fit, staff or budget"),
        Tile("As it stands", usd(review.plan.cost.month.likely), "a month, at list prices"),
    ]
    if review.target:
        note = "a month, after the steps that are worth it"
        tiles.append(Tile("Improved", usd(review.target.month.likely), note))
    best = usd(review.best.cost.month.likely)
    tiles.append(Tile("Planned from nothing", best, "a month, without anything to keep"))
    return Tiles(tuple(tiles))


def _counted(review: Review) -> str:
    others = review.count("medium") + review.count("low")
    return f"{review.count('high')} severe, {counted(others, 'other')}"


def _brief_steps(steps: Iterable[Step], months: int) -> Bullets:
    items = (
        (Strong(f"{_changes(step)}. "), f"{_gain(step, months)}; {_effort(step)}.")
        for step in steps
    )
    return Bullets(tuple(items), numbered=True)


# --- findings ------------------------------------------------------------------------------


def _findings(review: Review) -> Section:
    standing = review.standing
    sections = tuple(
        Section(f"findings-{severity}", TITLES[severity], tuple(_of(standing, severity)))
        for severity in SEVERITIES
        if any(f.severity == severity for f in standing)
    )
    none = () if sections else (Paragraph("Nothing was found."),)
    return Section("findings", "Findings", none, sections)


def _of(findings: Iterable[ReviewFinding], severity: str) -> Iterator[Block]:
    mine = [f for f in findings if f.severity == severity]
    for kind, title in KINDS.items():
        found = [f for f in mine if f.kind == kind]
        if found:
            yield Paragraph((Strong(f"{title}:"),))
            yield Bullets(tuple(tuple(_finding(f)) for f in found))


def _line(finding: ReviewFinding) -> Words:
    pieces: list[Piece] = [Strong(f"{finding.text} ")]
    for reason in finding.reasons[:1]:
        if sentence(reason.text) != sentence(finding.text):
            pieces += _cited(reason)
    return tuple(pieces)


def _finding(finding: ReviewFinding) -> Iterator[Piece]:
    yield Strong(f"{finding.text} ")
    for reason in finding.reasons:
        if sentence(reason.text) == sentence(finding.text):
            yield Cite(reason.rule)
        else:
            yield from _cited(reason)
        yield " "
    if finding.instead:
        yield f"Instead: {finding.instead}. "
        for reason in finding.why[:1]:
            yield from _cited(reason)
            yield " "
    yield f"Id: {finding.id}."
    if finding.lapsed:
        yield f" It was accepted until {finding.lapsed.until}: {finding.lapsed.reason}."


def _cited(reason: Reason) -> tuple[Piece, ...]:
    """Return a reason as a sentence, with the rule that says it."""
    return (
        (sentence(reason.text), " ", Cite(reason.rule)) if reason.rule else (sentence(reason.text),)
    )


# --- what to do ----------------------------------------------------------------------------


def _plan_chapter(review: Review) -> Section:
    worth = [s for s in review.steps if s.worth]
    later = [s for s in review.steps if not s.worth]
    sections = []
    if worth:
        sections.append(Section("steps", "Worth doing, in this order", (_steps(worth),)))
    if later:
        text = "Better in themselves, but the change costs more than it brings:"
        sections.append(
            Section("later", "Not now", (Paragraph(text), _steps(later), _notes(later)))
        )
    if not sections:
        return Section("plan", "Improvement plan", (Paragraph("No step is called for."),))
    basis = (
        "Savings are the difference of two bills at today's load, the one of what stands and the "
        "one with the step taken and everything else kept; the range is the difference of their "
        "ends. Effort is a planning value of person-days for the kind of change, half to two and a "
        "half times that."
    )
    return Section("plan", "Improvement plan", (Paragraph(basis),), tuple(sections))


def _steps(steps: Iterable[Step]) -> Table:
    head = (
        "Step",
        "Solves",
        "Saves a month",
        "Over the life",
        "Effort",
        "Change costs",
        "Paid after",
    )
    return Table(head, tuple(_row(step) for step in steps), frozenset({2, 3}))


def _row(step: Step) -> tuple[Words, ...]:
    back = step.payback_months
    saving = ("not comparable", "not comparable")
    if step.priced:
        saving = (_range(step.month), _range(step.lifetime))
    return (
        (Strong(_changes(step)),),
        f"{step.severity}: {', '.join(step.solves)}",
        *saving,
        f"{number(step.days.likely)} days ({number(step.days.low)} to {number(step.days.high)})",
        usd_range(step.migration),
        f"{number(float(back))} months" if back is not None else "not in money",
    )


def _notes(steps: Iterable[Step]) -> Bullets:
    return Bullets(tuple((Strong(f"{_changes(s)}: "), f"{s.why}.") for s in steps))


def _changes(step: Step) -> str:
    return "; ".join(f"{c.name}: {c.before} -> {c.after}" for c in step.changes)


def _gain(step: Step, months: int) -> str:
    if not step.priced:
        return "What stands cannot be sized, so no saving is stated"
    return sentence(_bill_change(step.month, step.lifetime, months)).removesuffix(".")


def _effort(step: Step) -> str:
    return f"about {number(step.days.likely)} person-day{'' if step.days.likely == 1 else 's'}"


def _range(money: Money) -> str:
    if money.low == money.high:
        return _signed(money.likely)
    return f"{_signed(money.likely)} ({_ends(money)})"


# --- the rest ------------------------------------------------------------------------------


def _sizes(review: Review) -> Section:
    """Return hardware and bill of what stands beside those of the plan from nothing."""
    rows: list[tuple[Words, ...]] = []
    both = {u.use: u for u in review.best.hardware}
    for use in review.plan.hardware:
        best = both.get(use.use)
        planned = _machines(best.count, best.accelerator_name) if best else "nothing"
        rows.append((use.use.capitalize(), _machines(use.count, use.accelerator_name), planned))
    rows += [(f"{use.capitalize()}", "cannot be sized", "") for use in review.unpriced]
    rows += [
        ("A month", usd_range(review.plan.cost.month), usd_range(review.best.cost.month)),
        ("Once", usd_range(review.plan.cost.one_off), usd_range(review.best.cost.one_off)),
        (
            f"Over {review.plan.cost.months} months",
            usd_range(review.plan.cost.lifetime),
            usd_range(review.best.cost.lifetime),
        ),
    ]
    head = ("", "As it stands", "Planned from nothing")
    excluded = f"Neither holds {listed(review.plan.cost.excluded)}."
    why = tuple((Strong(f"{u.use.capitalize()}: "), sentence(u.why)) for u in review.plan.hardware)
    blocks = (Table(head, tuple(rows)), Bullets(why), Paragraph(excluded))
    return Section("sizes", "Size and cost", blocks)


def _machines(count: int, name: str) -> str:
    return f"{count:,} x {name}" if count else name


def _sound(review: Review) -> Section:
    rows = tuple((Strong(f"{s.name}: {s.chosen}. "), sentence(s.because)) for s in review.sound)
    blocks: list[Block] = []
    if rows:
        blocks.append(Bullets(rows))
    else:
        blocks.append(Paragraph("No choice that was stated is without a finding."))
    if review.open_decisions:
        names = listed(
            f"{review.plan.decisions[id_].name.lower()} ({chosen})"
            for id_, chosen in review.open_decisions.items()
        )
        blocks.append(Paragraph(f"Not stated, and taken as the plan would have it: {names}."))
    return Section("sound", "What holds", tuple(blocks))


def _controls(review: Review) -> Iterator[Section]:
    if review.controls:
        rows = tuple(
            (c.id, c.name, f"{c.regime}, {c.clause}", sentence(c.text)) for c in review.controls
        )
        note = "The file does not list controls. The law and contracts that apply ask for these:"
        table = Table(("Id", "Control", "Clause", "What it asks"), rows)
        yield Section("controls", "Controls to confirm", (Paragraph(note), table))


def _accepted(review: Review) -> Iterator[Section]:
    accepted = [f for f in review.findings if f.accepted]
    if not accepted and not review.idle:
        return
    rows = tuple(
        (f.id, sentence(f.text), f.severity, f.accepted.reason, f.accepted.until)
        for f in accepted
        if f.accepted
    )
    blocks: list[Block] = []
    if rows:
        head = ("Finding", "What", "Severity", "Accepted because", "Until")
        blocks.append(Table(head, rows))
    blocks += [
        Paragraph(f"The suppression of {s.about} (until {s.until}) matches nothing; remove it.")
        for s in review.idle
    ]
    yield Section("accepted", "Accepted findings", tuple(blocks))


def _basis(review: Review) -> Section:
    """Return the answers under which it was judged."""
    rows = tuple(
        (words.question, words.shown, review.plan.answers[id_][1].value)
        for id_, words in review.plan.answer_words.items()
    )
    text = (
        "Each choice is judged by the rules of the plan with every other choice as it stands, and "
        "then again with what the plan would choose instead."
    )
    return Section(
        "basis",
        "Judged under these answers",
        (Paragraph(text), Table(("Question", "Answer", "Source"), rows)),
    )
