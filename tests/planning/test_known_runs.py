"""What is remembered of a training job is what the estimate of the job says."""

from __future__ import annotations

from dataclasses import replace

from advisor.planning.known_runs import MOST_KNOWN, KnownRuns
from advisor.sizing.training_estimate import estimate_training
from advisor.sizing.training_job import TrainingJob
from tests.sizing.training_cases import A100, CONSTANTS, H100, LLAMA_8B

JOB = TrainingJob(LLAMA_8B, A100, n_gpus=8, tokens_total=1e9)


def test_a_known_job_says_what_its_estimate_says_at_any_amount_of_data() -> None:
    runs = KnownRuns(CONSTANTS)
    runs.prepare([JOB, replace(JOB, device=H100)])
    for tokens in (1e9, 3e11, None):
        job = replace(JOB, tokens_total=tokens)
        assert runs.of(job) == estimate_training(job, CONSTANTS)


def test_only_the_latest_jobs_are_remembered() -> None:
    runs = KnownRuns(CONSTANTS)
    runs.prepare(replace(JOB, seq_len=8 * n) for n in range(1, MOST_KNOWN + 20))
    assert len(runs._known) == MOST_KNOWN
    assert runs.of(replace(JOB, seq_len=8)) == estimate_training(replace(JOB, seq_len=8), CONSTANTS)
