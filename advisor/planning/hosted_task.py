"""The task of a workload as hosted services sell it, and how many units of it a month takes."""

from __future__ import annotations

from advisor.domain.hosted import LANGUAGE_MODEL
from advisor.frozen import dataclass
from advisor.planning.brief import Brief
from advisor.planning.requests import request_of
from advisor.planning.words import figure
from advisor.planning.workload import Number, Workload
from advisor.planning.workload_shape import makes_pictures, reads_pages

ONE = {
    "minutes of sound": "minute of sound",
    "characters": "character",
    "pages": "page",
    "pictures": "picture",
    "predictions": "prediction",
    "tokens": "token",
}
"""One of the units that services bill by."""
TABLES = {"recsys_ranking": "recommendation", "forecasting": "forecasting"}
"""Tasks over rows that services were made for."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of a service: `each` item of the workload is so many units of it, `once` are
    units that the first release takes; `named` are the units in words, `items` the items."""

    id: str
    named: str
    items: str
    each: float
    once: float = 0.0


@dataclass(frozen=True, slots=True)
class Volume:
    """Units of a month, how they were counted, and whether the load was stated."""

    units: float
    words: str
    stated: bool


def task_of(brief: Brief, workload: Workload, number: Number) -> Task | None:
    """Return the task, None where no kind of service does it."""
    problem = str(brief.one("problem_type"))
    if workload.family == "llm":
        return Task(LANGUAGE_MODEL, "tokens", "requests", 0.0)
    if problem in TABLES:
        return Task(TABLES[problem], "predictions", "predictions", 1.0)
    if workload.family == "speech":
        return _speech(brief, number)
    if workload.family == "vision" and problem in ("vision", "embedding_search"):
        return _pictures(brief, searched=problem == "embedding_search")
    if workload.family == "encoder" and problem == "embedding_search":
        corpus = brief.number("corpus_chunks") * number("hosted.chunk_tokens")
        return Task("embedding", "tokens", "texts", number("item.encoder_tokens"), corpus)
    return None


def _speech(brief: Brief, number: Number) -> Task:
    """Return speech to text, unless the data are texts alone, which are to be spoken."""
    if brief.has("data_modality", "text") and not brief.has("data_modality", "audio"):
        each = number("hosted.characters_per_half_minute")
        return Task("text_to_speech", "characters", "half minutes of speech", each)
    return Task("speech_to_text", "minutes of sound", "half minutes of sound", 0.5)


def _pictures(brief: Brief, *, searched: bool) -> Task:
    if searched:
        once = brief.number("corpus_chunks")
        return Task("image_embedding", "pictures", "searches", 1.0, once)
    if makes_pictures(brief):
        return Task("image_generation", "pictures", "pictures", 1.0)
    if reads_pages(brief):
        return Task("documents", "pages", "pages", 1.0)
    return Task("images", "pictures", "pictures", 1.0)


def volume_of(task: Task, brief: Brief, workload: Workload, number: Number) -> Volume | None:
    """Return the units of a month: of the stated rate, else of the items of scoring rounds; None
    where nothing is asked."""
    load, request = workload.serving, request_of(workload, number)
    if load is None:
        return None
    items = load.requests_a_month or (request.scored if request else 0.0)
    if not items:
        return None
    words = "as counted" if brief.stated("batch_items") else "from the rate of requests"
    if task.each != 1.0:
        words = f"{figure(items)} {task.items} x {figure(task.each)}"
    return Volume(items * task.each, words, brief.stated("peak_rps") or brief.stated("batch_items"))


def tariff(usd: float, units: str) -> str:
    """Return a price of one unit in words, by the thousand or the million where it is small."""
    per, many = next((p, w) for p, w in SCALES if usd * p >= LEAST_USD or p == SCALES[-1][0])
    amount = f"${figure(usd * per)}"
    return f"{amount} a {ONE[units]}" if per == 1 else f"{amount} {many} {units}"


SCALES = ((1, ""), (1_000, "for 1,000"), (1_000_000, "for 1,000,000"))
LEAST_USD = 0.001
