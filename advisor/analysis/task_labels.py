"""The task that a word in a table means: the estimators know a few, people write many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from advisor.analysis.model_labels import nearest_model
from advisor.sizing.training_samples import SampleWork, named_work

Row = Mapping[str, str]
Works = Sequence[tuple[str, SampleWork]]

TRAINING_TASKS = [
    "pretrain",
    "full_ft",
    "lora",
    "qlora",
    "adapter",
    "rlhf",
    "vision_train",
    "seq2seq_train",
    "legacy_lm_train",
    "diffusion_pretrain",
    "gbdt_train",
]
INFERENCE_TASKS = [
    "llm_decode",
    "llm_serving_offline",
    "llm_serving_online",
    "vision",
    "embedding",
    "diffusion",
    "asr",
]
TRAINED_ITEMS = (
    (r"diffus|text.?to.?image", "diffusion_pretrain"),
    (r"gbdt|tree|boost|tabular", "gbdt_train"),
    (r"seq2seq|translat|speech|asr|tts", "seq2seq_train"),
    (r"vision|image|classif|detect|segment|pose|ocr|video", "vision_train"),
)
TRAINED_TOKENS = (
    (r"qlora", "qlora"),
    (r"lora|dora|peft", "lora"),
    (r"rlhf|ppo", "rlhf"),
    (r"sft|tun|dpo|grpo|orpo|instruct|reward|distil|embed|rerank|align", "full_ft"),
)
SERVED = (
    (r"online|chat|concurren|interactive", "llm_serving_online"),
    (r"offline|batch|throughput", "llm_serving_offline"),
    (r"decode|generat|llm|single", "llm_decode"),
    (r"embed|rerank|encod", "embedding"),
    (r"diffus|text.?to.?image", "diffusion"),
    (r"asr|speech|stt|transcri", "asr"),
    (r"vision|image|classif|detect|segment|pose|ocr|video", "vision"),
)
DIFFUSERS = r"diffusion|sd-?xl|sd-?[123]|flux|dit-?xl|pixart"


def training_task(row: Row, works: Works, models: Iterable[str]) -> tuple[Row, str]:
    """Return the row with a task that the estimators know, and what was assumed ("" if nothing).

    A model that is known by the work of one item is counted in items, one that is known by its
    layers in tokens, whatever the task is called.
    """
    label = row.get("task", "").strip().lower()
    if label in TRAINING_TASKS:
        return row, ""
    items = not row.get("n_layers") and named_work(row.get("model", ""), works) is not None
    usual = _of_items(row, "diffusion_pretrain", "vision_train") if items else "pretrain"
    near = nearest_model(row.get("model", ""), models)
    layered = near is not None and not near[1]
    tokens = () if items else TRAINED_TOKENS
    words = (*tokens, *(() if layered and not items else TRAINED_ITEMS))
    return _taken(row, label, words, usual)


def inference_task(row: Row, works: Works) -> tuple[Row, str]:
    """Return the row with a task that the estimators know, and what was assumed ("" if nothing)."""
    label = row.get("task", "").strip().lower()
    if label in INFERENCE_TASKS:
        return row, ""
    items = not row.get("n_layers") and named_work(row.get("model", ""), works) is not None
    return _taken(row, label, SERVED, _of_items(row, "diffusion", "vision") if items else "")


def _of_items(row: Row, drawn: str, seen: str) -> str:
    return drawn if re.search(DIFFUSERS, row.get("model", "").lower()) else seen


def _taken(row: Row, label: str, words: Sequence[tuple[str, str]], usual: str) -> tuple[Row, str]:
    found = next((task for pattern, task in words if re.search(pattern, label)), usual)
    if not found:
        return row, ""
    return {**row, "task": found}, f"task {label!r} taken as {found}" if label else ""
