"""Ways to do without a device of one's own: nothing at all, or the database's own engine."""

from __future__ import annotations

from advisor.planning.options import Option


def idle_options(use: str) -> tuple[Option, ...]:
    """Return the options of a use that need no accelerator; rules say when they answer the need."""
    nothing = Option(
        use=use,
        pattern="none",
        accelerator="none",
        devices=0,
        nodes=0,
        provider="",
        instance="",
        layout="nothing runs",
        why=f"no {use} is needed",
    )
    inside = Option(
        use=use,
        pattern="in_database",
        accelerator="none",
        devices=0,
        nodes=0,
        provider="",
        instance="",
        layout="inside the database that holds the data",
        why="runs on the warehouse's own compute, where the data already are",
    )
    return nothing, inside
