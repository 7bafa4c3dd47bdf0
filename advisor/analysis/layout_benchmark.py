"""How long the search over training layouts takes."""

from __future__ import annotations

import time
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from advisor.frozen import dataclass
from advisor.planning.kit import Kit
from advisor.planning.training_layouts import DevicePool, search_layouts
from advisor.sizing.training_job import TrainingJob

MODEL, DEVICE = "llama-3.1-70b", "h100-sxm5-80gb"
POOL = DevicePool(tuple(range(64, 8_193, 64)), Decimal("2.50"), ("bf16", "fp8"))
WANTED = 100_000


@dataclass(frozen=True, slots=True)
class SearchTime:
    """Layouts of one search and the CPU seconds that it took."""

    layouts: int
    fitting: int
    kept: int
    cpu_seconds: float

    def plain(self) -> dict[str, Any]:
        """Return the figures with what 100,000 layouts take."""
        each = self.cpu_seconds / self.layouts * WANTED
        return asdict(self) | {"cpu_seconds_of_100000": round(each, 3)}


def timed_search(kit: Kit) -> SearchTime:
    """Return the time of a search for a 70-billion-parameter pre-training run."""
    job = TrainingJob(
        kit.shapes[MODEL],
        kit.devices[DEVICE],
        seq_len=8192,
        global_batch=2048,
        tokens_total=1e12,
        gpus_per_node=8,
        family="fused",
    )
    constants = kit.training_constants
    begun = time.process_time()
    found = search_layouts(job, POOL, constants)
    spent = time.process_time() - begun
    return SearchTime(found.tried, found.fitting, len(found.pareto), round(spent, 3))
