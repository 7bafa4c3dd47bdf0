"""An interview together with its recommendation, its file and its explanations.

The interview alone opens at once; rules, prices and formulas are imported and read by `prepare`,
or when they are first asked for.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from advisor.analysis import sessions
from advisor.analysis.interview import Interview, Record
from advisor.analysis.question_order import Ranking, choose, needs_ranking
from advisor.domain.answers import Answers, Source
from advisor.domain.questions import DEPTHS, Question
from advisor.library.opening import Opening, opening, opening_of

if TYPE_CHECKING:
    from advisor.analysis.migration import Migration
    from advisor.analysis.planner import Planner
    from advisor.analysis.study import Study
    from advisor.analysis.wanted import Wanted
    from advisor.analysis.whatif_outcome import Outcome
    from advisor.domain.plan import Plan
    from advisor.planning.kit import Kit
    from advisor.planning.line import Line

T = TypeVar("T")
MOST_KEPT = 6
"""Rankings that are kept: enough to step back and forth without waiting."""
MOST_STUDIED = 3
"""Records whose outcomes are kept: the present one, the one before, and a what-if."""


class AdviceSession:
    """What screens and prompts work on; the plan follows the answers."""

    def __init__(
        self, opened: Opening, read: Callable[[], Planner], as_of: str, depth: str = DEPTHS[-1]
    ) -> None:
        self.as_of = as_of
        self.migration: Migration | None = None
        self.interview = Interview(opened.questions, depth, opened.shapes)
        self._fingerprint = opened.fingerprint
        self._claim = sessions.claim_fresh()
        self._read = read
        self._reading = threading.Lock()
        self._planner: Planner | None = None
        self._ranking = threading.Lock()
        self._rankings: dict[Hashable, Ranking] = {}
        self._known: dict[Hashable, dict[Hashable, Outcome]] = {}

    @classmethod
    def start(
        cls,
        depth: str,
        packs: tuple[Path, ...] = (),
        compiling: Callable[[], None] = lambda: None,
    ) -> AdviceSession:
        """Return a session under the library in force today; raises LibraryError.

        `compiling` is called where the library has changed and is compiled first.
        """
        as_of = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        opened = opening(packs, compiling)

        def read() -> Planner:
            from advisor.analysis.planner import read_planner  # noqa: PLC0415  (after the screen)

            return read_planner(opened, packs, as_of)

        return cls(opened, read, as_of, depth)

    @classmethod
    def on(cls, kit: Kit, as_of: str, depth: str = DEPTHS[-1]) -> AdviceSession:
        """Return a session on a library that is read."""
        from advisor.analysis.planner import Planner  # noqa: PLC0415  (as above)

        return cls(opening_of(kit.library), lambda: Planner(kit, as_of), as_of, depth)

    @property
    def ready(self) -> bool:
        """Return whether plans can be made without reading anything first."""
        return self._planner is not None

    def prepare(self) -> Planner:
        """Import and read what plans are made of; raises LibraryError."""
        with self._reading:
            if self._planner is None:
                self._planner = self._read()
            return self._planner

    @property
    def name(self) -> str:
        """Return the name under which the answers are saved."""
        return self._claim.name

    @property
    def fingerprint(self) -> str:
        """Return what identifies the library."""
        return self._fingerprint

    def open(self, session: sessions.Saved) -> str:
        """Take a saved session up; return what the user must know about it, or "".

        A session that another program has open is taken up as a copy under a fresh name.
        """
        held = sessions.claim(session.name)
        if held is not None:
            self._claim.release()
            self._claim = held
        notes = [] if held else [f"{session.name} is open elsewhere; this is a copy"]
        from advisor.analysis.resuming import resume  # noqa: PLC0415  (most begin anew)

        migration = resume(self.interview, session)
        if session.fingerprint != self.fingerprint:
            self.migration = migration
            notes.append("rules or prices have changed since; the plan is worked out anew")
        return "; ".join(notes)

    def load(self, path: Path) -> str:
        """Take answers, a model's config.json or a list of machines in; return what was taken.

        Raises InputError with every problem.
        """
        return self.prepare().take_in(self.interview, path)

    def save(self, result: Mapping[str, str] | None = None) -> Path:
        """Write the answers, and what came of them; raises OSError where the disk refuses."""
        return sessions.save(self.interview, self.name, self.fingerprint, result)

    def close(self) -> None:
        """Let other programs have the session."""
        self._claim.release()

    @property
    def line(self) -> Line:
        """Return the line that every plan of the session is made on."""
        return self.prepare().line

    def plan(self, answers: Answers, wanted: Wanted) -> Plan | None:
        """Return the plan for answers; calls from several threads take turns.

        None where the plan is no longer wanted when the turn comes.
        """
        return self.prepare().plan(answers, wanted)

    def studied(self, answers: Answers, wanted: Wanted) -> Plan:
        """Return a plan on the way to something else; raises Dropped where it is not wanted."""
        return self.prepare().studied(answers, wanted)

    def settled(
        self, answers: Answers, nearby: frozenset[str], wanted: Wanted, read: Callable[[Line], T]
    ) -> T:
        """Return what a study reads of the line where all is settled; raises Dropped."""
        return self.prepare().settled(answers, nearby, wanted, read)

    def whole(self, answers: Answers, wanted: Wanted) -> Plan:
        """Return the plan with the cost of its life, as reports have it; raises Dropped."""
        return self.prepare().whole(answers, wanted)

    def study(self, record: Record, wanted: Wanted = lambda: True) -> Study:
        """Return what-if questions about a record; what was found out for it is remembered."""
        key = _key(record)
        known = self._known.setdefault(key, {})
        _trim(self._known, MOST_STUDIED)
        return self.prepare().study(self, record, known, wanted)

    def ranking(self, record: Record, wanted: Wanted = lambda: True) -> Ranking:
        """Return what each open question of the chosen depth is worth; raises Dropped."""
        with self._ranking:
            found = self.ranked(record)
            if found is None:
                found = self.study(record, wanted).ranking(self._depths)
                self._rankings[_key(record), self._depths] = found
                _trim(self._rankings, MOST_KEPT)
        return found

    def ranked(self, record: Record) -> Ranking | None:
        """Return a ranking that is there already."""
        return self._rankings.get((_key(record), self._depths))

    @property
    def _depths(self) -> tuple[str, ...]:
        return DEPTHS[: DEPTHS.index(self.interview.depth) + 1]

    def put_next(self, wanted: Wanted = lambda: True) -> None:
        """Choose the next question where the interview moves on; raises Dropped."""
        ranking = needs_ranking(self.interview) and self.ranking(self.interview.basis, wanted)
        choose(self.interview, ranking or ())

    def why_asked(self, question: Question, plan: Plan | None) -> str:
        """Return why a question is asked and which rules read its answer."""
        return self.prepare().why_asked(question, plan)

    def how(self, decision: str) -> str:
        """Return how a decision on the present answers was reached, and what lost."""
        return self.prepare().how(self.interview.answers, decision)


def _key(record: Record) -> Hashable:
    """Return what tells records apart for a plan, whatever the order of their answers."""
    files = frozenset(id_ for id_, source in record.sources.items() if source is Source.FILE)
    return tuple(sorted(record.values.items())), files, record.model, record.shape


def _trim(kept: dict[Any, Any], most: int) -> None:
    """Forget the oldest beyond so many."""
    while len(kept) > most:
        del kept[next(iter(kept))]
