"""Estimates of training jobs, remembered: neither prices, targets nor amounts of data change what
a step takes."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.frozen import replace
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_estimate import TrainingEstimate, estimate_each, run_hours
from advisor.sizing.training_job import TrainingJob

MOST_KNOWN = 128
"""Jobs that are remembered: about five tasks on every accelerator."""


class KnownRuns:
    """Estimates by job; the jobs of one task are best prepared together, in one pass."""

    def __init__(self, constants: TrainingConstants) -> None:
        self.constants = constants
        self._known: dict[TrainingJob, TrainingEstimate] = {}

    def prepare(self, jobs: Iterable[TrainingJob]) -> None:
        """Estimate the jobs that are not known, the amount of data left aside."""
        wanted = dict.fromkeys(replace(job, tokens_total=None) for job in jobs)
        new = [job for job in wanted if job not in self._known]
        if new:
            self._known.update(zip(new, estimate_each(new, self.constants), strict=True))
        for oldest in list(self._known)[: max(0, len(self._known) - MOST_KNOWN)]:
            del self._known[oldest]

    def of(self, job: TrainingJob) -> TrainingEstimate:
        """Return the estimate of a job with the device-hours of its amount of data."""
        plain = replace(job, tokens_total=None)
        if plain not in self._known:
            self.prepare((plain,))
        found = self._known[plain]
        whole = replace(found.job, tokens_total=job.tokens_total)
        hours = run_hours(whole, found.tokens_per_s_per_gpu.likely, self.constants)
        return replace(found, job=whole, gpu_hours=hours)
