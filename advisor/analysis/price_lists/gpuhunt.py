"""The gpuhunt catalogue (`<provider>.csv`): one row an instance type, location and terms."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.analysis.price_lists.listed import Left, Listed, Row, amount, rows_of


def read(text: str) -> Iterator[Row]:
    """Yield the prices; `spot` is True or False, so that one instance gives two rows."""
    for row in rows_of(text):
        usd = amount(row["price"])
        if usd is None:
            yield Left("rows without a price")
            continue
        terms = "spot" if row["spot"].lower() == "true" else "on_demand"
        yield Listed(row["instance_name"], row["location"], terms, usd)
