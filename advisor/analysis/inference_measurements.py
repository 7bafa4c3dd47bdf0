"""Measured rows as equations: a measured time is a weighted sum of modelled steps."""

from __future__ import annotations

from collections.abc import Iterable

from advisor.analysis.inference_rows import (
    InferenceCatalogue,
    Row,
    UnidentifiedError,
    job_of_row,
    number,
)
from advisor.frozen import dataclass
from advisor.sizing.serving_constants import device_class
from advisor.sizing.serving_decode import decode_load
from advisor.sizing.serving_engine import ENGINES, LOCAL
from advisor.sizing.serving_job import OFFLINE, ONLINE, ServingJob
from advisor.sizing.serving_memory import largest_batch
from advisor.sizing.serving_prefill import prefill_load
from advisor.sizing.serving_throughput import mixed_load, running_requests
from advisor.sizing.serving_work import StepLoad

ODD = "ODD:"
"""Mark in the notes of a row that its source or its neighbours contradict."""


@dataclass(frozen=True, slots=True)
class Term:
    """`times` steps of `job` under `load`."""

    job: ServingJob
    load: StepLoad
    times: float


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured time in seconds and the steps that the model says it is made of."""

    case_id: str
    source: str
    regime: str
    seconds: float
    terms: tuple[Term, ...]


def _decode(job: ServingJob, batch: float, times: float = 1.0) -> Term:
    return Term(job, decode_load(job.input_len + job.output_len / 2.0, batch), times)


def _prefill(job: ServingJob, batch: float) -> Term:
    return Term(job, prefill_load(job.input_len, batch), 1.0)


def _static(row: Row, job: ServingJob, stem: str) -> Iterable[Measurement]:
    batch = float(job.batch or 1) / job.replicas
    case, source = row["case_id"], row["source"]
    tpot, ttft, rate = (number(row, c) for c in ("tpot_ms", "ttft_ms", "tokens_per_s_total"))
    if tpot:
        yield Measurement(case, source, f"tpot.{stem}", tpot / 1e3, (_decode(job, batch),))
    if ttft and batch == 1.0:
        yield Measurement(case, source, f"ttft.{stem}", ttft / 1e3, (_prefill(job, batch),))
    if not rate or (tpot and ENGINES[job.engine].kind == LOCAL):
        return
    whole = batch * job.replicas * job.output_len / rate
    steps = _decode(job, batch, max(job.output_len - 1.0, 0.0))
    yield Measurement(case, source, f"tokens.{stem}", whole, (_prefill(job, batch), steps))


def _mixed(row: Row, job: ServingJob, stem: str) -> Iterable[Measurement]:
    offered = float(job.batch or 0) / job.replicas or float(max(largest_batch(job), 1))
    running = running_requests(job, offered)
    stages = min(job.pp, running)
    step = (Term(job, mixed_load(job, running / stages), 1.0),)
    if job.disaggregated:
        step = (_decode(job, running_requests(job, 2.0 * offered)),)
    tpot, rate = number(row, "tpot_ms"), number(row, "tokens_per_s_total")
    case, source = row["case_id"], row["source"]
    if tpot and job.mode == ONLINE and job.batch:
        yield Measurement(case, source, f"tpot.{stem}", tpot / 1e3, step)
    if rate and job.mode == OFFLINE:
        seconds = running * job.replicas / rate
        yield Measurement(case, source, f"tokens.{stem}", seconds, step)


def measurements(rows: Iterable[Row], catalogue: InferenceCatalogue) -> list[Measurement]:
    """Return the equations of all language-model rows that are not marked odd."""
    found: list[Measurement] = []
    for row in rows:
        if not row["task"].startswith("llm_") or ODD in row.get("notes", ""):
            continue
        try:
            job = job_of_row(row, catalogue).job
        except UnidentifiedError:
            continue
        stem = f"{job.mode}.{ENGINES[job.engine].kind}.{device_class(job.device)}"
        queue = job.mode == ONLINE or (job.mode == OFFLINE and job.batch is None)
        found.extend(_mixed(row, job, stem) if queue else _static(row, job, stem))
    return found
