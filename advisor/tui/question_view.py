"""The question in the middle of the screen: text, help, field or options, and what they mean."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.widgets import Static

from advisor.analysis.interview import Interview
from advisor.analysis.number_text import also
from advisor.domain.answers import Value
from advisor.domain.questions import Question
from advisor.report.text import clean
from advisor.tui import ink
from advisor.tui.answer_field import AnswerField
from advisor.tui.choices import Choices

CHOOSING = "Choosing the next question ..."


class QuestionView(VerticalScroll, can_focus=False):
    """Shows one question of an interview; both ways of answering stay mounted."""

    def __init__(
        self,
        id: str,  # noqa: A002  (Textual's name)
        answer: Callable[[str | tuple[str, ...]], None],
    ) -> None:
        super().__init__(id=id)
        self._answer = answer
        self._asked: tuple[Interview, Question] | None = None
        self._effects: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay the parts below each other."""
        yield Static("Reading rules, prices and law ...", id="text", markup=False)
        yield Static(id="help", markup=False)
        yield Choices("choices", self._answer)
        yield AnswerField("field", self._answer, self._typed)
        yield Static(id="echo", markup=False)
        yield Static(id="otherwise", markup=False)
        yield Static(id="effects", markup=False)

    def on_mount(self) -> None:
        """Hide what has nothing to show yet."""
        self.query_one(Choices).display = False
        self.query_one(AnswerField).display = False

    def show(self, interview: Interview, question: Question, note: str) -> None:
        """Show a question and a note about the last step."""
        self._asked = interview, question
        self.query_one("#text", Static).update(question.text)
        self.query_one("#help", Static).update(question.help)
        choices, field = self.query_one(Choices), self.query_one(AnswerField)
        choices.display, field.display = bool(question.options), not question.options
        given, usual = interview.record.values.get(question.id), interview.usual(question)
        if question.options:
            choices.show(question, given, usual)
            self.screen.set_focus(choices, scroll_visible=False)
        else:
            field.show(given, usual)
            self.screen.set_focus(field, scroll_visible=False)
        self._foot()
        self.foresee(())
        self.say(note)
        self.scroll_home(animate=False)

    def wait(self, note: str) -> None:
        """Say that the next question is being chosen."""
        self._asked, self._effects = None, ()
        self.query_one("#text", Static).update(CHOOSING)
        for part in ("#help", "#otherwise", "#effects"):
            self.query_one(part, Static).update("")
        self.query_one(Choices).display = self.query_one(AnswerField).display = False
        self.say(note)

    def foresee(self, lines: tuple[str, ...]) -> None:
        """Show what the answer would change."""
        self._effects = lines
        told = (ink.labelled(clean(line), ink.STRONG) for line in lines)
        hung = (row for line in told for row in ink.hung(line, self._room, "  ", "    "))
        head = Content.styled("Changes with this answer:", ink.MUTED)
        self.query_one("#effects", Static).update(ink.lines([head, *hung]) if lines else "")

    @property
    def _room(self) -> int:
        return max(20, self.scrollable_content_region.width)

    def on_resize(self) -> None:
        """Wrap anew what is wrapped here."""
        self._foot()
        self.foresee(self._effects)

    def _foot(self) -> None:
        """Say what happens without an answer."""
        if self._asked is not None:
            lines = (Content(line) for line in _otherwise(*self._asked))
            hung = (row for line in lines for row in ink.hung(line, self._room, "", "   "))
            self.query_one("#otherwise", Static).update(ink.lines(hung))

    def say(self, text: str) -> None:
        """Show a line below the answer; there is room for it while a number is typed.

        Below more options than fit, it stands at the foot of the view.
        """
        echo = self.query_one("#echo", Static)
        typing = self.query_one(AnswerField).display
        echo.display = bool(text) or typing
        echo.set_class(not typing and self.show_vertical_scrollbar, "-foot")
        echo.update(ink.led(clean(text)))

    def take_key(self, event: Key) -> bool:
        """Hand a key to what is shown; return whether it took it."""
        choices, field = self.query_one(Choices), self.query_one(AnswerField)
        if not choices.display:
            return field.take_key(event)
        self.say("")  # what was said of the last key would hide options
        return choices.take_key(event)

    def turn_page(self, step: int) -> None:
        """Show what stands below, or above again."""
        self.scroll_relative(y=step * (self.size.height - 1), animate=False)

    def _typed(self, text: str) -> None:
        """Say what the text in the field means so far."""
        if self._asked is not None:
            self.say(meaning(*self._asked, text) if text.strip() else "")


def meaning(interview: Interview, question: Question, text: str) -> str:
    """Return what a text means: "= 70 billion parameters", or what is wrong with it."""
    try:
        value, warning = interview.read(question, text)
    except ValueError as error:
        return f"! {error}"
    unit = question.unit_for(interview.brief.values)
    second = also(unit, value) if isinstance(value, int | float) else ""
    parts = [interview.shown(question, value), second]
    return f"= {' = '.join(p for p in parts if p)}  {f'! {warning}' if warning else '✓'}"


def _otherwise(interview: Interview, question: Question) -> tuple[str, ...]:
    """Return what happens without an answer, and the range of a number."""
    lines = []
    usual = interview.usual(question)
    if not question.options:
        lines.append(_range(interview, question, usual))
    cautious = interview.cautious(question)
    note = question.unknown.note
    if cautious is not None:
        note = f"{interview.shown(question, cautious)} is assumed ({note})"
    lines.append(f"d  don't know: {note}")
    if said := interview.record.notes.get(question.id):
        lines.append(f"n  note: {said}")
    return tuple(map(clean, lines))


def _range(interview: Interview, question: Question, usual: Value | None) -> str:
    said = "no usual value" if usual is None else f"usual: {interview.shown(question, usual)}"
    likely = question.likely_range(interview.brief.values)
    if likely is None:
        return said
    low, high = likely
    return f"{said} · most lie between {low:,.10g} and {interview.shown(question, high)}"
