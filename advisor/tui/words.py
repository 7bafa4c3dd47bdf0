"""What the screens say about interview and plan, as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from advisor.analysis.headlines import KNOWN, Headline, close_behind, headlines
from advisor.analysis.interview import Interview
from advisor.analysis.question_order import Standing
from advisor.analysis.ways_out import clashes
from advisor.domain.answers import UNKNOWN, Source
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.report.text import clean

CHANGED = "◆"
WORKING = "working the recommendation out ..."
BAR = 10
PANEL = 30
"""Columns of text in the panel; its width stands in the style sheet."""
SIDEBAR = 19
"""Columns of text in the list of questions."""
SOURCES = {Source.GIVEN: "you", Source.FILE: "file"}


def clean_lines(text: str) -> str:
    """Return a text of several lines without anything that acts on a terminal."""
    return "\n".join(
        " " * (len(line) - len(line.lstrip(" "))) + clean(line) for line in text.splitlines()
    )


def title_line(
    interview: Interview, name: str, saved: str, standing: Standing | None, width: int
) -> str:
    """Return where the interview stands, in one line; what matters least goes first."""
    progress = interview.progress
    done = BAR * progress.answered // max(1, progress.total)
    bar = "▰" * done + "▱" * (BAR - done)
    more = f" · {standing}" if standing and str(standing) else ""
    for left in (
        f"advisor · {name}  {bar} {progress}{more}",
        f"{name}  {bar} {progress}{more}",
        f"{progress}{more}",
        f"{bar} {progress}",
        str(progress),
    ):
        if len(left) + len(saved) + 2 <= width:
            return f"{left}{' ' * (width - len(left) - len(saved))}{saved}"
    return str(progress)


def section_line(interview: Interview, width: int) -> str:
    """Return the sections with how many of their questions are answered, cut to a width."""
    line = " · ".join(
        f"{section} {sum(q.id in interview.record.values for q in asked)}/{len(asked)}"
        for section, asked in _sections(interview)
    )
    return _cut(line, width)


def outline(interview: Interview) -> tuple[tuple[str, str], ...]:
    """Return rows of question id and line: the sections, the present one with its questions."""
    here = interview.current
    rows = []
    for section, asked in _sections(interview):
        answered = sum(q.id in interview.record.values for q in asked)
        rows.append((asked[0].id, f"{section.upper()} {answered}/{len(asked)}"))
        if here is not None and here.section == section:
            rows += [
                (q.id, f"{'▸' if q is here else mark(interview, q)} {q.id.replace('_', ' ')}")
                for q in asked
            ]
    return tuple((id_, _cut(line, SIDEBAR)) for id_, line in rows)


def _sections(interview: Interview) -> list[tuple[str, list[Question]]]:
    found: dict[str, list[Question]] = {}
    for question in interview.applicable:
        found.setdefault(question.section, []).append(question)
    return list(found.items())


def mark(interview: Interview, question: Question) -> str:
    """Return the mark of a question: answered, not known, put off, open."""
    value = interview.record.values.get(question.id)
    if value is None:
        return "…" if question.id in interview.record.later else "·"
    return "?" if value == UNKNOWN else "✓"


def question_rows(interview: Interview) -> tuple[tuple[str, str], ...]:
    """Return the questions that apply, each with its mark and section."""
    return tuple(
        (q.id, f"{mark(interview, q)} {q.section}: {q.text}") for q in interview.applicable
    )


def review_rows(interview: Interview) -> tuple[tuple[str, str], ...]:
    """Return every answer with its source: you, file, default, unknown; hidden branches last."""
    asked = {q.id for q in interview.applicable}
    said = interview.record.values
    hidden = [q for q in interview.questions if q.id in said and q.id not in asked]
    return (
        *((q.id, _reviewed(interview, q)) for q in interview.applicable),
        *((q.id, f"- {q.text} kept, does not apply now") for q in hidden),
    )


def _reviewed(interview: Interview, question: Question) -> str:
    said = interview.record.values.get(question.id)
    value = interview.brief.values.get(question.id)
    shown = "nothing assumed" if value is None else clean(interview.shown(question, value))
    if said is None:
        source = "default"
    elif said == UNKNOWN:
        source = "unknown"
    else:
        source = SOURCES[interview.record.sources[question.id]]
    return f"{mark(interview, question)} {question.text}  {shown}  ({source})"


def strip(plan: Plan | None, before: Plan | None, width: int = 0) -> str:
    """Return the recommendation in two lines, cut to a width; what is new is marked."""
    if plan is None:
        return WORKING
    lines = headlines(plan, before)
    second = [h for h in lines if h.id in ("month", KNOWN)]
    first = [h for h in lines if h not in second and h.id != "lifetime"]
    return "\n".join(_cut(" · ".join(map(_short, part)), width) for part in (first, second) if part)


def _cut(text: str, width: int) -> str:
    return text if not width or len(text) <= width else f"{text[: width - 1]}…"


def _short(line: Headline) -> str:
    return f"{f'{CHANGED} ' if line.changed else ''}{clean(line.label).lower()}: {clean(line.text)}"


def panel(plan: Plan | None, before: Plan | None) -> str:
    """Return the recommendation for the column beside the question."""
    return "\n".join(
        textwrap.fill(line, PANEL, subsequent_indent="  ") for line in _panel(plan, before)
    )


def _panel(plan: Plan | None, before: Plan | None) -> Iterator[str]:
    yield from ("RECOMMENDATION", "")
    if plan is None:
        yield WORKING
        return
    if clashes(plan):
        yield from ("! answers clash: o ways out", "")
    for line in headlines(plan, before):
        yield f"{CHANGED if line.changed else ' '} {clean(line.label)}"
        yield f"  {clean(line.text)}"
    if near := close_behind(plan):
        yield from ("", "CLOSE BEHIND", *(f"  {clean(text)}" for text in near))
    yield from ("", "r shows all of it")
