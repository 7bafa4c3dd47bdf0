"""Finds the model that a printed name means, and the size that a name tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

_SUFFIX = re.compile(
    r"[-_.](ud|gguf|i?q\d(-[a-z0-9]{1,2})*|bf16|fp16|fp8|nvfp4|fp4|int4|int8|awq|gptq|mxfp4|"
    r"w\d+a\d+|it|hf|chat|instruct|v0\.\d|v1(\.\d)?|2512|2507|2506|2411|uncased|cased|"
    r"finetuned-\w+|\d+k|preview|sft|dpo|en)(?=[-_.]|$)"
)
ALIASES = (
    (r"^meta-llama-", "llama-"),
    (r"^(llama|qwen|gemma|phi|opt|bloom|falcon|mpt|baichuan|yi)(?=\d)", r"\1-"),
    (r"^(code)?-?llama-(?=\d+(\.\d+)?b$)", r"\1llama-"),
    (r"^(?:alpaca|koala|guanaco|wizardlm|orca-2|xwin-lm|vicuna|longchat)-(?=\d+b)", "llama-2-"),
    (r"^llama-1-", "llama-"),
    (r"^llama-30b", "llama-33b"),
    (r"^bloomz", "bloom"),
    (r"^bloom$", "bloom-176b"),
    (r"^(?:flan|mt5|byt5)-?t?5?-", "t5-"),
    (r"^t5-xxl", "t5-11b"),
    (r"^t5-xl", "t5-3b"),
    (r"^gpt-?2-", "gpt2-"),
    (r"^gpt-2$", "gpt2"),
    (r"^gpt-?3-", "gpt-"),
    (r"^gpt-?3$", "gpt-175b"),
    (r"^gpt-j$", "gpt-j-6b"),
    (r"^gpt-neox$", "gpt-neox-20b"),
    (r"^(starcoder|dbrx|grok)(?:base|-base|-1)$", r"\1"),
    (r"^qwq-", "qwen2.5-"),
    (r"^(?:mt-nlg|megatron-turing)", "megatron"),
    (r"^mistral-small-24b|^mistral-small-3$", "mistral-small-3.1-24b"),
    (r"^mistral-large.*", "mistral-large-2411"),
    (r"^mistral-nemo$", "mistral-nemo-12b"),
    (r"^mistral(-small)?$", "mistral-7b"),
    (r"^mixtral$", "mixtral-8x7b"),
    (r"^(?:distil-whisper-|distil-)(?=large|medium|small)", "distil-"),
    (r"^whisper-large$", "whisper-large-v2"),
    (r"^(?:whisper-)?turbo$|^whisper-large-v3-turbo$", "whisper-large-v3-turbo"),
    (r"^whisper-turbo$", "whisper-large-v3-turbo"),
    (r"^(parakeet|canary|conformer|hubert-large|rnn-?t|quartznet|jasper)-.*", r"\1"),
    (r"^bge-(small|base|large)|^gte-(small|base|large)|^e5-(small|base|large)", "bge-\\1\\2\\3"),
)
"""Names of releases of one architecture, on the key of a name, applied in turn."""
ENCODERS = (
    (r"^bge-reranker-base", "xlm-roberta-base"),
    (r"^(bge-reranker-|jina-reranker|mxbai-rerank-large).*", "xlm-roberta-large"),
    (
        r"^(cross-encoder-)?(ms-marco|multi-qa|paraphrase|msmarco)-minilm-l-?(6|12)",
        r"all-minilm-l\3",
    ),
    (r"^all-minilm-l6$", "all-minilm-l6-v2"),
    (r"^snowflake-arctic-embed-l-v2.*", "snowflake-arctic-embed-l-v2"),
    (r"^(snowflake-arctic-embed-l(?!-v2)|mxbai-embed-large).*", "bge-large"),
    (r"^(snowflake-arctic-embed-m|colbert|splade|electra-base|legal-bert).*", "bge-base"),
    (r"^(multi-qa|paraphrase)-mpnet", "all-mpnet"),
    (r"^(codebert|camembert|bertweet)-?base", "roberta-base"),
    (r"^(all-)?distilroberta", "distilbert-base"),
    (r"^(gtr-t5|instructor)-", "sentence-t5-"),
    (r"^(nv-embed|e5-mistral|sfr-embedding|linq-embed).*", "mistral-7b-v0.3"),
    (r"^gte-qwen2-(\d)", r"qwen2-\1"),
    (r"^stella-1.5b", "qwen2-1.5b"),
    (r"^qwen3-(embedding|reranker)-", "qwen3-"),
    (r"^gte-modernbert", "modernbert"),
    (r"^(xls-r|wav2vec2-xls-r)-300m", "wav2vec2-large"),
)
"""Encoders that share the shape of one that is known (their model cards)."""
DISTILLED = (
    (r"^llama-8b", "llama-3.1-8b"),
    (r"^llama-70b", "llama-3.3-70b"),
    (r"^qwen-", "qwen2.5-"),
)
"""Models that DeepSeek-R1 taught, whose names leave out the release."""
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([bm]|(?<![a-z]\d)t)(\d)?(?![a-z\d])")
_ACTIVE = re.compile(r"a(\d+(?:\.\d+)?)b")
_EXPERTS = re.compile(r"(\d+)x(\d+(?:\.\d+)?)b")
_UNITS = {"m": 1e6, "b": 1e9, "t": 1e12}


def model_key(label: str) -> str:
    """Return a model name without owner, tuning, date and quantisation words."""
    low = label.strip().lower().split("/")[-1].replace("_", "-").replace(" ", "-")
    distilled, _, student = low.rpartition("distill-")
    low = student
    while (shorter := _SUFFIX.sub("", low)) != low:
        low = shorter
    low = low.strip("-")
    for pattern, name in (*ALIASES, *ENCODERS, *(DISTILLED if distilled else ())):
        low = re.sub(pattern, name, low)
    return low.strip("-")


def nearest_model(label: str, known: Iterable[str]) -> tuple[str, bool] | None:
    """Return the id of the same model, else of the closest relative (True), else None."""
    key = model_key(label)
    names = _keys(tuple(sorted(known)))
    if not key:
        return None
    same = _same(key, names)
    return (same, False) if same else _relative(key, names)


def _same(key: str, names: Mapping[str, str]) -> str:
    """Return the id of the model that a key spells, with or without words after it, else ""."""
    plain = {_plain(name): id_ for name, id_ in names.items()}
    begins = [name for name in names if key.startswith(f"{name}-") and _sized_alike(key, name)]
    return plain.get(_plain(key)) or (names[max(begins, key=len)] if begins else "")


def _relative(key: str, names: Mapping[str, str]) -> tuple[str, bool] | None:
    """Return a model whose key holds this one, is spelt alike or begins with the same word."""
    plain = {_plain(name): id_ for name, id_ in names.items()}
    word = _plain(key)
    longer = [name for name in plain if name.startswith(word) or (len(word) > 9 and word in name)]
    if len(word) > 5 and longer:
        return plain[min(longer)], len(longer) > 1
    near = get_close_matches(key, sorted(names), 1, 0.75)
    if near:
        return names[near[0]], True
    family = re.split(r"[-.]\d+(\.\d+)?b", key)[0]
    same = [name for name in sorted(names) if len(family) > 2 and name.startswith(family[:8])]
    return (names[same[0]], True) if same else None


@lru_cache(maxsize=16)
def _keys(known: tuple[str, ...]) -> dict[str, str]:
    return {model_key(name): name for name in known}


def _plain(key: str) -> str:
    return re.sub(r"[^a-z0-9]", "", key)


def _sized_alike(key: str, name: str) -> bool:
    """Return whether a longer name tells no other size than the shorter one."""
    return size_from_name(key) == size_from_name(name)


def size_from_name(label: str) -> tuple[float, float] | None:
    """Return total and active parameters that a name tells (`30B-A3B`, `8x7B`, `7b1`), or None.

    Experts share attention and embeddings: eight of 7B hold 46.7B, two of them 12.9B (Mixtral).
    """
    low = label.lower()
    mixture = _EXPERTS.search(low)
    if mixture:
        count, each = float(mixture[1]), float(mixture[2]) * 1e9
        return count * each * 0.83, each * 1.85
    active = _ACTIVE.search(low)
    sizes = [
        float(f"{number}.{tenth}" if tenth else number) * _UNITS[unit]
        for number, unit, tenth in _SIZE.findall(_ACTIVE.sub("", low))
    ]
    if not sizes:
        return None
    return max(sizes), float(active[1]) * 1e9 if active else max(sizes)
