"""The plan as a workbook: numbers as numbers, totals as formulas, texts never as formulas."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable
from typing import Any

from advisor.domain.lifetime import Lifetime
from advisor.domain.plan import Cost, Money, Plan
from advisor.report.extras import missing_extra
from advisor.report.headline import decision_words, title_of
from advisor.report.naming import CONSIDERATIONS, SOURCES, flat, shown_answer, shown_choice
from advisor.report.price_summary import span_of, whole_life
from advisor.report.text import clean
from advisor.report.xlsx_life import life_sheets, month_rows

Cell = str | int | float
Row = tuple[Cell, ...]
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
USD = "#,##0.00"


def render_xlsx(plan: Plan) -> bytes:
    """Return the workbook; its creation date is the day of the plan.

    Raises LibraryError where XlsxWriter is not installed.
    """
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra("xlsx", "XlsxWriter") from None
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        day = datetime.datetime.fromisoformat(plan.as_of)
        book.set_properties({"title": clean(title_of(plan)), "created": day})
        writer = _Writer(book)
        writer.sheet("Summary", ("What", "Value"), _summary(plan))
        _cost_sheet(writer, plan.cost)
        if plan.life and plan.life.components:
            _life_sheet(writer, plan.life)
        for name, head, rows in (*_sheets(plan), *life_sheets(plan)):
            writer.sheet(name, head, rows)
    return stream.getvalue()


class _Writer:
    """Sheets with a head that stays in sight; every text is written as text."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.usd = book.add_format({"num_format": USD, "valign": "top"})
        self.total = book.add_format({"num_format": USD, "bold": True, "top": 1})

    def sheet(self, name: str, head: tuple[str, ...], rows: Iterable[Row]) -> Any:
        """Return a new sheet filled with rows under a head."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        widths = [len(h) for h in head]
        for n, row in enumerate((head, *rows)):
            for column, cell in enumerate(row):
                self._write(sheet, n, column, cell)
                widths[column] = max(widths[column], len(str(cell)))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(60, max(10, width + 2)))
        return sheet

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        if isinstance(cell, str):
            sheet.write_string(row, column, clean(cell), self.text if row else self.head)
        else:
            whole = isinstance(cell, int)
            sheet.write_number(row, column, cell, self.text if whole else self.usd)


def _summary(plan: Plan) -> list[Row]:
    words = "".join(p if isinstance(p, str) else p.text for p in flat(decision_words(plan)))
    failures = [
        ("Not feasible", f"{x.text} {x.margin}. {x.relaxation}") for x in plan.infeasible_because
    ]
    balance = [
        (CONSIDERATIONS.get(c.id, c.id), f"asked: {c.asked}; given: {c.given}; margin: {c.margin}")
        for c in plan.considerations
    ]
    return [
        ("Plan", title_of(plan)),
        ("Day", plan.as_of),
        ("Library", f"{plan.library.version} {plan.library.fingerprint}"),
        ("Decision", words),
        *failures,
        *balance,
        ("Likely a month now (USD)", float(plan.cost.month.likely)),
        (f"Likely {span_of(plan)} (USD)", float(whole_life(plan).likely)),
        (
            "Left out of the cost",
            "; ".join(plan.life.excluded if plan.life else plan.cost.excluded),
        ),
    ]


def _cost_sheet(writer: _Writer, cost: Cost) -> None:
    """Write the bill with formulas, so that another number of months can be tried in B1."""
    sheet = writer.sheet("Cost", ("Months of use",), ())
    sheet.write_number(0, 1, cost.months)
    columns = [
        f"{part} {end} (USD)"
        for part in ("Month", "Once", "Lifetime")
        for end in ("low", "likely", "high")
    ]
    for column, name in enumerate(("Item", *columns, "Rests on", "Price date", "Source")):
        sheet.write_string(2, column, name, writer.head)
    for row, item in enumerate(cost.items, 3):
        for column, text in zip((0, 10, 11, 12), _texts(item), strict=True):
            sheet.write_string(row, column, clean(text), writer.text)
        for column, amount in enumerate((*_ends(item.month), *_ends(item.one_off)), 1):
            sheet.write_number(row, column, amount, writer.usd)
        for n, amount in enumerate(_ends(item.one_off + item.month.times(cost.months))):
            month, once = "BCD"[n], "EFG"[n]
            formula = f"={once}{row + 1}+{month}{row + 1}*$B$1"
            sheet.write_formula(row, 7 + n, formula, writer.usd, amount)
    _totals(writer, sheet, cost)


def _life_sheet(writer: _Writer, life: Lifetime) -> None:
    """Write the likely amount of every month, with totals as formulas."""
    names = tuple(f"{c.name} (USD)" for c in life.components)
    sheet = writer.sheet("Life", ("Month", *names, "All (USD)"), month_rows(life))
    column, last = len(names) + 1, len(life.calendar)
    for row, money in enumerate(life.months, 1):
        cells = f"{_cell(row, 1)}:{_cell(row, column - 1)}"
        sheet.write_formula(row, column, f"=SUM({cells})", writer.usd, float(money.likely))
    sheet.write_string(last + 1, 0, "Total", writer.head)
    amounts = (*(c.total for c in life.components), life.total)
    for n, money in enumerate(amounts, 1):
        cells = f"{_cell(1, n)}:{_cell(last, n)}"
        sheet.write_formula(last + 1, n, f"=SUM({cells})", writer.total, float(money.likely))
    sheet.set_column(1, column, 15)


def _cell(row: int, column: int) -> str:
    """Return the name of a cell counted from 0, `B2`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _texts(item: Any) -> tuple[str, str, str, str]:
    return item.name, item.basis, item.price_date, item.source


def _totals(writer: _Writer, sheet: Any, cost: Cost) -> None:
    last = 3 + len(cost.items)
    sheet.write_string(last, 0, "Total", writer.head)
    sums = (*_ends(cost.month), *_ends(cost.one_off), *_ends(cost.lifetime))
    for column, amount in enumerate(sums, 1):
        letter = "ABCDEFGHIJ"[column]
        sheet.write_formula(last, column, f"=SUM({letter}4:{letter}{last})", writer.total, amount)
    sheet.set_column(1, 9, 15)
    sheet.set_column(10, 12, 30)


def _ends(money: Money) -> tuple[float, float, float]:
    return float(money.low), float(money.likely), float(money.high)


def _sheets(plan: Plan) -> Iterable[tuple[str, tuple[str, ...], list[Row]]]:
    yield (
        "Decisions",
        ("Decision", "Chosen", "Because", "Rests on"),
        [
            (d.name, shown_choice(d), r.text, r.rule or r.estimate or r.cost)
            for d in plan.decisions.values()
            for r in d.because
        ],
    )
    yield (
        "Options",
        ("Decision", "Option", "Why not first", "Likely a month (USD)"),
        [
            (d.name, a.name, a.why_not_first, "" if a.month_usd is None else float(a.month_usd))
            for d in plan.decisions.values()
            for a in d.alternatives
        ],
    )
    yield (
        "Answers",
        ("Id", "Answer", "Source"),
        [
            (id_, shown_answer(plan, id_), SOURCES[source.value])
            for id_, (_, source) in plan.answers.items()
        ],
    )
    yield (
        "Controls",
        ("Regime", "Clause", "Control", "What it asks", "Strength", "To confirm"),
        [(c.regime, c.clause, c.name, c.text, c.strength, c.confirm) for c in plan.controls],
    )
    yield "Trace", ("Rule", "What it says", "Times fired", "Documents"), _fired(plan)


def _fired(plan: Plan) -> list[Row]:
    counts: dict[str, int] = {}
    for firing in plan.trace:
        counts[firing.rule] = counts.get(firing.rule, 0) + 1
    return [
        (rule, plan.rule_titles.get(rule, ""), counts[rule], _documents(plan, rule))
        for rule in sorted(counts)
    ]


def _documents(plan: Plan, rule: str) -> str:
    found = plan.references.get(rule, ())
    return "; ".join(f"{ref.title}, {ref.locator} ({ref.as_of})" for ref in found)
