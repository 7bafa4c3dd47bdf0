"""Turns the labels of published measurements into the words of the catalogue.

Every function returns the word it found and whether it had to guess: a guess widens the interval.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from advisor.domain.hardware import Accelerator

Guess = tuple[str, bool]

_ENGINE_WORDS = (
    ("neuron", "neuron"),
    ("tensorrt-llm", "tensorrt-llm"),
    ("trt-llm", "tensorrt-llm"),
    ("trtllm", "tensorrt-llm"),
    ("nim", "tensorrt-llm"),
    ("vllm", "vllm"),
    ("sglang", "sglang"),
    ("text-generation-inference", "tgi"),
    ("tgi", "tgi"),
    ("lmdeploy", "lmdeploy"),
    ("turbomind", "lmdeploy"),
    ("fastertransformer", "fastertransformer"),
    ("zero-inference", "flexgen"),
    ("flexgen", "flexgen"),
    ("deepspeed", "deepspeed"),
    ("exllama", "exllama"),
    ("llama.cpp", "llama.cpp"),
    ("llamacpp", "llama.cpp"),
    ("llama-bench", "llama.cpp"),
    ("llamafile", "llama.cpp"),
    ("ollama", "llama.cpp"),
    ("lm studio", "llama.cpp"),
    ("koboldcpp", "llama.cpp"),
    ("mlc", "mlc"),
    ("mlx", "mlx"),
    ("tinychat", "tinychat"),
    ("autoawq", "autoawq"),
    ("ctranslate2", "ctranslate2"),
    ("faster-whisper", "ctranslate2"),
    ("whisper.cpp", "llama.cpp"),
    ("openai/whisper", "transformers"),
    ("marian", "ctranslate2"),
    ("litgpt", "litgpt"),
    ("lit-gpt", "litgpt"),
    ("gpt-fast", "tinychat"),
    ("accelerate", "accelerate"),
    ("onnx", "transformers"),
    ("openllm", "transformers"),
    ("opennmt", "transformers"),
    ("transformers", "transformers"),
    ("huggingface", "transformers"),
    ("hugging face", "transformers"),
    ("hf", "transformers"),
    ("pytorch", "transformers"),
    ("eager", "transformers"),
)


def engine_of(label: str) -> Guess:
    """Return the engine family of a label; an unknown one is taken for a batching server."""
    low = label.lower()
    for word, family in _ENGINE_WORDS:
        if word in low:
            return family, False
    return "vllm", bool(low)


_PRECISION_ALIASES = {
    "half": "fp16",
    "float16": "fp16",
    "f16": "fp16",
    "amp-fp16": "fp16",
    "bfloat16": "bf16",
    "amp-bf16": "bf16",
    "float32": "fp32",
    "f32": "fp32",
    "float8": "fp8",
    "w8a8": "int8-w8a8",
    "int8-smoothquant": "int8-w8a8",
    "smoothquant": "int8-w8a8",
    "w8a16": "int8",
    "w4a8": "int4",
    "nvfp4": "fp4",
    "nf4": "bnb-nf4",
    "awq": "int4-awq",
    "gptq": "int4-gptq",
    "w4a16": "int4-awq",
    "mxfp8": "fp8",
    "4bit": "int4",
    "4-bit": "int4",
    "8bit": "int8",
    "8-bit": "int8",
    "6-bit": "int8",
    "q4": "q4_0",
    "q8": "q8_0",
    "q4_1": "q4_k_m",
    "q5_1": "q5_k_m",
    "q6": "q6_k",
    "q6_k_xl": "q6_k",
    "q5_k_xl": "q5_k_m",
    "q3_k_xl": "q3_k_m",
    "q2_k_xl": "q2_k",
}
_PRECISION_WORDS = (
    ("nf4-dq", "bnb-nf4-dq"),
    ("fp4-dq", "bnb-fp4-dq"),
    ("nf4", "bnb-nf4"),
    ("bnb-int8", "bnb-int8"),
    ("mxfp4", "mxfp4"),
    ("nvfp4", "fp4"),
    ("awq", "int4-awq"),
    ("int8-gptq", "int8-gptq"),
    ("gptq-int8", "int8-gptq"),
    ("gptq", "int4-gptq"),
    ("w8a8", "int8-w8a8"),
    ("iq1", "iq2_xs"),
    ("iq2", "iq2_xs"),
    ("iq3", "iq3_xs"),
    ("iq4", "iq4_xs"),
    ("fp8", "fp8"),
    ("int8", "int8"),
    ("int4", "int4"),
    ("fp4", "fp4"),
    ("bf16", "bf16"),
    ("fp16", "fp16"),
    ("fp32", "fp32"),
    ("tf32", "tf32"),
)


def precision_of(label: str, known: Iterable[str], usual: str) -> Guess:
    """Return the known format nearest to a label; a blank label means `usual`."""
    low = label.strip().lower()
    names = sorted(known)
    if not low:
        return usual, False
    low = _PRECISION_ALIASES.get(low, low)
    if low in names:
        return low, False
    for word, name in _PRECISION_WORDS:
        if word in low and name in names:
            return name, False
    near = get_close_matches(low, names, 1, 0.6)
    return (near[0], True) if near else (usual, True)


_QUANT_SUFFIX = re.compile(
    r"[-_.](ud|gguf|i?q\d(-[a-z0-9]{1,2})*|bf16|fp16|fp8|nvfp4|fp4|int4|int8|awq|gptq|mxfp4|w\d+a\d+|it|hf|"
    r"chat|instruct|base|v\d(\.\d)?|2512|2507|2506|2411)(?=[-_.]|$)"
)


def model_key(label: str) -> str:
    """Return a model name without owner, tuning, date and quantisation words."""
    low = label.strip().lower().split("/")[-1].replace("_", "-").replace(" ", "-")
    low = (
        low.replace("meta-llama-", "llama-")
        .replace("llama2", "llama-2")
        .replace("llama3", "llama-3")
    )
    low = low.split("distill-")[-1]
    while (shorter := _QUANT_SUFFIX.sub("", low)) != low:
        low = shorter
    return low.strip("-")


def nearest_model(label: str, known: Iterable[str]) -> Guess | None:
    """Return the id of the same model, else of the closest relative, else None."""
    key = model_key(label)
    names = {model_key(name): name for name in sorted(known)}
    if not key:
        return None
    if key in names:
        return names[key], False
    near = get_close_matches(key, sorted(names), 1, 0.75)
    if near:
        return names[near[0]], True
    family = re.split(r"[-.]\d+(\.\d+)?b", key)[0]
    same = [name for name in sorted(names) if len(family) > 2 and name.startswith(family[:8])]
    return (names[same[0]], True) if same else None


_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([bm])(?![a-z])")
_ACTIVE = re.compile(r"a(\d+(?:\.\d+)?)b")
_EXPERTS = re.compile(r"(\d+)x(\d+(?:\.\d+)?)b")


def size_from_name(label: str) -> tuple[float, float] | None:
    """Return total and active parameters that a name tells (`30B-A3B`, `8x7B`), or None."""
    low = label.lower()
    mixture = _EXPERTS.search(low)
    if mixture:
        count, each = float(mixture[1]), float(mixture[2]) * 1e9
        return count * each * 0.83, each * 1.85
    active = _ACTIVE.search(low)
    sizes = [float(n) * (1e9 if u == "b" else 1e6) for n, u in _SIZE.findall(_ACTIVE.sub("", low))]
    if not sizes:
        return None
    return max(sizes), float(active[1]) * 1e9 if active else max(sizes)


_NOISE = {"nvidia", "amd", "intel", "geforce", "tesla", "instinct", "gpu", "radeon", "quadro"}
_ALIASES = {"se": "server", "generation": "", "rx": "", "nvl": "nvl"}
_FORMS = {"sxm", "sxm2", "sxm3", "sxm4", "sxm5", "sxm6", "pcie", "oam", "nvl"}


@lru_cache(maxsize=4096)
def _words(label: str) -> tuple[frozenset[str], str, str]:
    """Return the words of a device name, its form factor word and its memory in GB ('' = none)."""
    low = re.sub(r"\(.*?\)", " ", label.lower())
    memory = re.search(r"(\d+)\s*gi?b\b", low)
    low = re.sub(r"\d+\s*gi?b\b", " ", low)
    low = re.sub(r"gaudi\s*(\d)", r"gaudi \1", low)
    low = re.sub(r"rtx\s*(pro)?\s*(a?\d{4})", r"rtx \1 \2", low)
    words = {_ALIASES.get(w, w) for w in re.split(r"[^a-z0-9]+", low)} - _NOISE - {""}
    forms = sorted(w[:3] if w.startswith("sxm") else w for w in words & _FORMS)
    return frozenset(words - _FORMS), forms[0] if forms else "", memory[1] if memory else ""


def _device_score(label: str, memory_gb: str, device: Accelerator) -> float:
    wanted, form, memory = _words(label)
    words, own_form, _ = _words(device.name)
    shared = len(wanted & words)
    score = shared / max(len(wanted | words), 1)
    if not any(any(c.isdigit() for c in word) for word in wanted & words):
        return score * 0.4
    own_form = own_form or device.form_factor[:3]
    if form:
        score += 0.1 if own_form.startswith(form[:3]) else -0.1
    elif device.form_factor.startswith(("sxm", "oam")):
        score += 0.02
    size = memory or memory_gb.split(".", maxsplit=1)[0]
    if size:
        score += 0.1 - min(0.1, abs(float(size) - device.memory_gb) / device.memory_gb)
    return score


KNOWN = 0.15
"""Least likeness of a label to a product's name."""


def _by_memory(
    label: str, memory_gb: str, devices: Mapping[str, Accelerator]
) -> Accelerator | None:
    """Return the PCIe card nearest in memory, the newest of equals; None without a size."""
    size = _words(label)[2] or memory_gb
    if not size:
        return None
    cards = [device for device in devices.values() if device.form_factor.startswith("pcie")]
    wanted = float(size)
    return min(cards, key=lambda d: (abs(d.memory_gb - wanted), -d.launch_year, d.id), default=None)


def device_of(
    label: str, memory_gb: str, devices: Mapping[str, Accelerator]
) -> tuple[Accelerator, bool] | None:
    """Return the catalogue's device for a label and whether it is a near one only, or None."""
    if not label.strip():
        return None
    scored = (
        (_device_score(label, memory_gb, device), device.memory_gb, id_)
        for id_, device in devices.items()
    )
    score, _, id_ = max(scored)
    if score < KNOWN:
        found = _by_memory(label, memory_gb, devices)
        return (found, True) if found else None
    return devices[id_], score < 0.6
