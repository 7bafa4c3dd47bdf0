"""The interview as plain prompts: no redraw, no box glyphs, only what changed is said."""

from __future__ import annotations

import contextlib
import re
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from advisor.analysis import sessions
from advisor.analysis.advice_session import AdviceSession
from advisor.analysis.clashes import clashes
from advisor.analysis.headlines import headlines
from advisor.analysis.interview import Record
from advisor.analysis.migration import answer_rows, answers_told, result_rows, result_told
from advisor.analysis.number_text import also
from advisor.analysis.question_order import Standing
from advisor.analysis.scenario_desk import told
from advisor.analysis.wanted import Dropped
from advisor.analysis.ways_out import blamed, ways_out
from advisor.domain.answers import Value
from advisor.domain.plan import Plan
from advisor.domain.questions import Question
from advisor.errors import AdvisorError
from advisor.library.words import nearest
from advisor.report.build import report_of
from advisor.report.files import write_files
from advisor.report.plain import plain_section
from advisor.report.text import clean, counted

COMMANDS = (
    "Answer with the number of an option, several with commas, or a number such as 70k. An empty "
    "line takes what is usual. Commands: d (don't know), later, note TEXT, back, forward, undo, "
    "redo, why, result, how DECISION, review, go QUESTION, expert, load FILE, sessions, "
    "resume NAME, export, ? (this list), quit."
)
MARKS = re.compile(r"^[◆·] ", re.MULTILINE)
"""Marks that begin a line for the eye; read aloud they would only be in the way."""
SHORTEST = 3
"""Letters from which on a word may be meant as another."""
QUIT, DONE = "quit", 0
UNASKED = object()


class PlainInterview:
    """Leads an advice session over standard input and output."""

    def __init__(self, advice: AdviceSession) -> None:
        self.advice = advice
        self.interview = advice.interview
        self.plan: Plan | None = None
        self.leaving = False
        self._settled = False
        self._asked: Question | object | None = UNASKED
        self._commands: dict[str, Callable[[str], None]] = {
            "d": self._unknown,
            "later": self._later,
            "note": self._note,
            "back": self._back,
            "forward": self._forward,
            "undo": self._undo,
            "redo": self._redo,
            "why": self._why,
            "result": self._result,
            "how": self._how,
            "review": self._review,
            "go": self._go,
            "expert": self._expert,
            "load": self._load,
            "sessions": self._sessions,
            "resume": self._resume,
            "export": self._export,
            "?": self._help,
            "help": self._help,
            QUIT: self._quit,
        }

    def run(self) -> int:
        """Ask until every question is answered, or the user leaves; return the exit code."""
        self._help("")
        self._recommend()
        while not self.leaving:
            self.advice.put_next()
            question = self.interview.current
            if question is not self._asked:
                self._ask(question)
            try:
                line = input("> ").strip()
            except EOFError:
                break
            self._take(question, line)
        return DONE

    # --- asking ---------------------------------------------------------------------------

    def _ask(self, question: Question | None) -> None:
        """Put a question once; where none is left, say what comes of the answers."""
        self._asked = question
        if question is None:
            self._result("")
            say("Nothing is left to ask. Type back, review, how DECISION, export or quit.")
            return
        progress = self.interview.progress
        say("")
        given = self.interview.record.values.get(question.id)
        at = "Question" if given is None else "Answered already; next is question"
        say(f"{at} {progress.answered + 1} of about {progress.total}, {question.section}.")
        self._say_settled()
        say(question.text)
        say(question.help)
        for number, option in enumerate(question.options, 1):
            say(f"  {number} {option.label}")
        taken = self.interview.usual(question) if given is None else given
        if taken is None:
            say(f"No value is usual. If you don't know: {question.unknown.note}.")
        else:
            shown = self.interview.shown(question, taken)
            say(f"{'Usual' if given is None else 'Answered'}: {shown}")

    def _say_settled(self) -> None:
        """Say once when no likely answer would change the result; else look ahead meanwhile."""
        record = self.interview.record
        before = self.advice.ranked(self.interview.basis)
        if before is not None and not Standing.of(before).telling:
            standing = Standing.of(self.advice.ranking(record))
            if not standing.telling and not self._settled:
                left = counted(standing.left, "optional question")
                say(f"The result is settled; {left} left. Go on, or type result, export or quit.")
            self._settled = not standing.telling
            return
        self._settled = False
        ahead = threading.Thread(target=self._look_ahead, args=(record,), daemon=True)
        ahead.start()

    def _look_ahead(self, record: Record) -> None:
        """Rank the open questions while the present one is read and answered."""
        with contextlib.suppress(Dropped):
            self.advice.ranking(record, lambda: not self.leaving)

    def _take(self, question: Question | None, line: str) -> None:
        word, _, rest = line.partition(" ")
        command = self._commands.get(word.lower())
        if command is not None:
            command(rest.strip())
        elif question is None:
            say("There is no open question. Type back, review, result, export or quit.")
        else:
            self._answer(question, line)

    def _answer(self, question: Question, line: str) -> None:
        given = self.interview.record.values.get(question.id)
        empty = self.interview.usual(question) if given is None else given
        try:
            said: str | Value | None = _picked(question, line) if line else empty
            if said is None:
                say("Nothing is usual here. Type an answer, d or later.")
                return
            note = self.interview.answer(question, said)
        except ValueError as error:
            say(f"Not taken: {error}")
            return
        self._taken(question, note)

    def _taken(self, question: Question, note: str) -> None:
        value = self.interview.record.values[question.id]
        unit = question.unit_for(self.interview.brief.values)
        second = also(unit, value) if isinstance(value, int | float) else ""
        shown = " = ".join(filter(None, (self.interview.shown(question, value), second)))
        say(f"Taken: {shown}.{f' Note: {note}.' if note else ''}")
        self._changed()

    def _changed(self) -> None:
        try:
            self.advice.save()
            self._recommend()
            self.advice.save(dict(told(self.plan)) if self.plan else None)
        except OSError as error:
            say(f"Not saved: {error.strerror}.")
            self._recommend()

    def _recommend(self) -> None:
        """Work the plan out and say what is new in it."""
        before = self.plan
        self.plan = self.advice.plan(self.interview.answers, lambda: True)
        if self.plan is None:
            return
        lines = [h for h in headlines(self.plan, before) if before is None or h.changed]
        for line in lines:
            say(f"{'Now' if before else 'Without any answer'}: {line.label}: {line.text}")

    # --- commands -------------------------------------------------------------------------

    def _unknown(self, _: str) -> None:
        if question := self.interview.current:
            self._taken(question, self.interview.unknown(question) or question.unknown.note)

    def _later(self, _: str) -> None:
        if question := self.interview.current:
            self.interview.later(question)
            self._changed()

    def _note(self, text: str) -> None:
        if question := self.interview.current:
            self.interview.note(question, text)
            say("Noted; it stands in the report." if text else "The note is taken away.")
            self._changed()

    def _back(self, _: str) -> None:
        self.interview.back()

    def _forward(self, _: str) -> None:
        self.interview.forward()

    def _undo(self, _: str) -> None:
        say("Undone." if self.interview.undo() else "Nothing to undo.")
        self._changed()

    def _redo(self, _: str) -> None:
        say("Redone." if self.interview.redo() else "Nothing to redo.")
        self._changed()

    def _why(self, _: str) -> None:
        if question := self.interview.current:
            say_lines(MARKS.sub("", self.advice.why_asked(question, self.plan)))

    def _result(self, _: str) -> None:
        if self.plan is not None:
            whole = self.advice.whole(self.interview.answers, lambda: True)
            say_lines(plain_section(report_of(whole).page_one))
            for way in self._clashes():
                say(way)

    def _clashes(self) -> Iterator[str]:
        """Yield what cannot hold, the answers and rules that clash, and the ways out."""
        if self.plan is None or not clashes(self.plan):
            return
        study = self.advice.study(self.interview.record)
        ways = ways_out(study)
        yield from ("", "These cannot all hold:", *clashes(self.plan))
        yield from ("Answers that clash:", *blamed(study, ways, self.plan))
        if ways:
            yield from ("Ways out, the cheapest first:", *(f"{w.text} ({w.cost})" for w in ways))

    def _how(self, decision: str) -> None:
        if self.plan is None:
            return
        settled = self.plan.decisions.values()
        named = {said.lower(): d.id for d in settled for said in (d.name, d.id)}
        if decision.lower() in named:
            say_lines(self.advice.how(named[decision.lower()]))
        else:
            say(f"Type how and one of: {', '.join(d.name for d in settled)}.")

    def _review(self, _: str) -> None:
        for question in self.interview.applicable:
            value = self.interview.record.values.get(question.id)
            usual = self.interview.usual(question)
            if value is not None:
                shown = self.interview.shown(question, value)
            elif usual is not None:
                shown = f"open, assumed is {self.interview.shown(question, usual)}"
            else:
                shown = "open, no value is assumed"
            say(f"{question.title}: {shown}")

    def _go(self, name: str) -> None:
        names = {said.lower(): q.id for q in self.interview.questions for said in (q.title, q.id)}
        if name.lower() in names:
            self.interview.go_to(names[name.lower()])
        else:
            near = nearest(name, names)
            meant = f" Did you mean {near}?" if near else ""
            say(f"No question is called so; review lists their names.{meant}")

    def _expert(self, _: str) -> None:
        say(f"{counted(self.interview.deepen(), 'expert question')} added.")

    def _load(self, path: str) -> None:
        try:
            say(self.advice.load(Path(path).expanduser()))
        except AdvisorError as error:
            say_lines(str(error))
            return
        self._changed()

    def _sessions(self, _: str) -> None:
        for session in sessions.saved():
            say(f"{session.name}: {counted(session.answered, 'answer')}")
        say(f"This one is {self.advice.name}. Type resume and a name to take one up.")

    def _resume(self, name: str) -> None:
        session = next((s for s in sessions.saved() if s.name == name), None)
        if session is None:
            say("No such interview; sessions lists them.")
            return
        say(self.advice.open(session) or f"{name} is taken up.")
        self._recommend()
        found, self.advice.migration = self.advice.migration, None
        if found is not None and self.plan is not None:
            now = dict(told(self.plan))
            say(f"{answers_told(found)}.")
            for row in answer_rows(found):
                say("  " + ", ".join(row))
            say(result_told(found, now))
            for line, before, after in result_rows(found, now) if found.before else ():
                say(f"  {line}: {before}, now {after}")

    def _export(self, _: str) -> None:
        plan = self.advice.whole(self.interview.answers, lambda: True)
        try:
            for file in write_files(plan, Path.cwd(), self.advice.name):
                say(f"Written: {Path.cwd() / file}")
        except AdvisorError as error:
            say(str(error))

    def _help(self, _: str) -> None:
        say(COMMANDS)
        self._asked = UNASKED

    def _quit(self, _: str) -> None:
        say(f"Saved as {self.advice.name}." if self.interview.record.values else "Nothing to save.")
        self.leaving = True


def _picked(question: Question, line: str) -> str | tuple[str, ...]:
    """Return the options whose numbers, words or ids were typed, or the text itself.

    Raises ValueError with what to type where one of them is no answer to the question.
    """
    if not question.options:
        return line
    known = {o.id: o.id for o in question.options} | {
        said.lower(): option.id
        for n, option in enumerate(question.options, 1)
        for said in (str(n), option.label, option.id)
    }
    several = question.type in ("multi", "ranking")
    whole = known.get(line.lower())  # words may hold a comma
    if whole is not None:
        return (whole,) if several else whole
    items = [item.strip() for item in line.split(",") if item.strip()] if several else [line]
    if wrong := next((item for item in items if item.lower() not in known), None):
        near = nearest(wrong, known) if len(wrong) >= SHORTEST else None  # no number means words
        label = next((o.label for o in question.options if near and o.id == known[near]), "")
        meant = f"did you mean '{label}'? Type" if label else "type"
        raise ValueError(
            f"'{wrong}' is none of the answers; {meant} a number from 1 to {len(question.options)}"
        )
    return tuple(known[item.lower()] for item in items)


def say(text: str) -> None:
    """Print a text, wrapped, without anything that acts on a terminal."""
    lead = " " * (len(text) - len(text.lstrip(" ")))
    wrapped = textwrap.wrap(clean(text), 78, initial_indent=lead, subsequent_indent=lead)
    click.echo("\n".join(wrapped))


def say_lines(text: str) -> None:
    """Print a text of several lines."""
    for line in text.splitlines():
        say(line)
