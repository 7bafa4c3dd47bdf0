"""Ways to do without a device of one's own: nothing at all, or the database's own engine."""

from __future__ import annotations

from advisor.domain.policy import Policy
from advisor.planning.database_options import in_database
from advisor.planning.options import Option
from advisor.planning.workload import Workload


def idle_options(use: str, workload: Workload, policy: Policy) -> tuple[Option, ...]:
    """Return the options of a use that need no machine; rules say when they answer the need."""
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
    return nothing, in_database(inside, workload, policy)
