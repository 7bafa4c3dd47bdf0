"""What the screens say about the interview, as plain text."""

from __future__ import annotations

from textual.content import Content

from advisor.analysis.interview import Interview
from advisor.analysis.question_order import Standing
from advisor.domain.answers import UNKNOWN, Source
from advisor.domain.questions import Question
from advisor.report.text import clean
from advisor.tui import ink

WORKING = "working the recommendation out ..."
BAR = 10
TITLE = 17
"""Columns of the name of a question in lists."""
SIDEBAR = 19
"""Columns of text in the list of questions."""
SOURCES = {Source.GIVEN: "you", Source.FILE: "file"}


def clean_lines(text: str) -> str:
    """Return a text of several lines, blanks kept, without anything that acts on a terminal."""
    return "\n".join(" ".join(map(clean, line.split(" "))) for line in text.splitlines())


def headed(*lines: Content) -> Content:
    """Return what stands in the panel under its head."""
    return ink.lines((Content.styled("RECOMMENDATION", ink.HEAD), Content(), *lines))


def title_line(
    interview: Interview, name: str, saved: str, standing: Standing | None, width: int
) -> Content:
    """Return where the interview stands, in one line; what matters least goes first."""
    progress = interview.progress
    done = BAR * progress.answered // max(1, progress.total)
    bar = (("▰" * done, ink.KEY), ("▱" * (BAR - done), ink.MUTED), " ")
    more = f" · {standing}" if standing and str(standing) else ""
    for left in (
        Content.assemble(f"advisor · {name}  ", *bar, f"{progress}{more}"),
        Content.assemble(f"{name}  ", *bar, f"{progress}{more}"),
        Content(f"{progress}{more}"),
        Content.assemble(*bar, str(progress)),
        Content(str(progress)),
    ):
        room = width - left.cell_length - len(saved)
        if room >= 2:
            return Content.assemble(left, " " * room, (saved, _saved(saved)))
    return Content(str(progress))


def _saved(said: str) -> str:
    return ink.WARN if said.startswith("NOT") else ink.GOOD


def section_line(interview: Interview, width: int) -> Content:
    """Return the sections with how many of their questions are answered, in a width.

    Where there is no room for all counts, only the section that is asked has one.
    """
    here = interview.current.section if interview.current else ""
    found = [
        (section, f"{sum(q.id in interview.record.values for q in asked)}/{len(asked)}")
        for section, asked in _sections(interview)
    ]
    full = [(f"{section} {count}", section == here) for section, count in found]
    short = [(f"{s} {c}" if s == here else s, s == here) for s, c in found]
    fits = sum(len(text) + 3 for text, _ in full) - 3 <= width
    shown = full if fits else short
    return Content(" · ").join(
        Content.styled(text, ink.KEY if now else ink.MUTED) for text, now in shown
    )


def outline(interview: Interview, width: int) -> tuple[tuple[str, Content], ...]:
    """Return rows of question id and line: the sections, the present one with its questions."""
    here = interview.current
    rows: list[tuple[str, Content]] = []
    for section, asked in _sections(interview):
        answered = sum(q.id in interview.record.values for q in asked)
        head = _cut(f"{section.upper()} {answered}/{len(asked)}", width)
        rows.append((asked[0].id, Content.styled(head, ink.STRONG)))
        if here is not None and here.section == section:
            rows += [(q.id, _outlined(interview, q, width)) for q in asked]
    return tuple(rows)


def _outlined(interview: Interview, question: Question, width: int) -> Content:
    """Return the line of a question, with its answer where there is room."""
    here = question is interview.current
    lead = "▸" if here else mark(interview, question)
    value = interview.record.values.get(question.id)
    said = "" if value is None else clean(interview.shown(question, value))
    name = f"{lead} {question.title}"
    full = f"{name:<20} {said}".rstrip() if said and width > SIDEBAR else name
    return Content.styled(_cut(full, width), ink.KEY if here else "")


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
        (q.id, f"{mark(interview, q)} {q.title:<{TITLE}} {q.text}") for q in interview.applicable
    )


def review_rows(interview: Interview) -> tuple[tuple[str, str], ...]:
    """Return every answer with its source: you, file, default, unknown; hidden branches last."""
    asked = {q.id for q in interview.applicable}
    said = interview.record.values
    hidden = [q for q in interview.questions if q.id in said and q.id not in asked]
    return (
        *((q.id, _reviewed(interview, q)) for q in interview.applicable),
        *((q.id, f"- {q.title:<{TITLE}} kept, does not apply now") for q in hidden),
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
    noted = interview.record.notes.get(question.id, "")
    note = f"  note: {clean(noted)}" if noted else ""
    return f"{mark(interview, question)} {question.title:<{TITLE}} {shown}  ({source}){note}"


def _cut(text: str, width: int) -> str:
    return text if not width or len(text) <= width else f"{text[: width - 1]}…"
