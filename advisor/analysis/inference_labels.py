"""Turns the labels of published measurements into the words of the catalogue.

Every function returns the word it found and whether it had to guess: a guess widens the interval.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from advisor.sizing.serving_format import FORMATS

Guess = tuple[str, bool]

_ENGINE_WORDS = (
    ("neuron", "neuron"),
    ("tensorrt-llm", "tensorrt-llm"),
    ("trt-llm", "tensorrt-llm"),
    ("trtllm", "tensorrt-llm"),
    ("nim", "tensorrt-llm"),
    ("mlx", "mlx"),
    ("vllm", "vllm"),
    ("aphrodite", "vllm"),
    ("jetstream", "vllm"),
    ("lightllm", "vllm"),
    ("triton", "tensorrt-llm"),
    ("mii", "deepspeed"),
    ("openvino", "llama.cpp"),
    ("ktransformers", "llama.cpp"),
    ("mistral.rs", "llama.cpp"),
    ("mistralrs", "llama.cpp"),
    ("powerinfer", "llama.cpp"),
    ("gpt4all", "llama.cpp"),
    ("candle", "llama.cpp"),
    ("whisperx", "ctranslate2"),
    ("insanely-fast", "transformers"),
    ("ipex", "transformers"),
    ("gaudi", "vllm"),
    ("habana", "vllm"),
    ("optimum", "transformers"),
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
    ("lm-studio", "llama.cpp"),
    ("lmstudio", "llama.cpp"),
    ("gguf", "llama.cpp"),
    ("gptqmodel", "transformers"),
    ("bitsandbytes", "transformers"),
    ("unsloth", "transformers"),
    ("ray serve", "vllm"),
    ("ray-serve", "vllm"),
    ("dynamo", "vllm"),
    ("koboldcpp", "llama.cpp"),
    ("mlc", "mlc"),
    ("tinychat", "tinychat"),
    ("autoawq", "autoawq"),
    ("ctranslate2", "ctranslate2"),
    ("faster-whisper", "ctranslate2"),
    ("whisper.cpp", "llama.cpp"),
    ("openai/whisper", "transformers"),
    ("marian", "ctranslate2"),
    ("litgpt", "litgpt"),
    ("lit-gpt", "litgpt"),
    ("gpt-fast", "gpt-fast"),
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
            return _release(family, low), False
    return "vllm", bool(low)


_V1 = (0, 8)
"""The release of vLLM from which on its second engine (V1) serves unasked (release notes, 2025)."""


def _release(family: str, label: str) -> str:
    """Return the family, or that of its current engine where the label names such a release."""
    found = re.search(r"vllm v?(\d+)\.(\d+)", label) if family == "vllm" else None
    current = found is not None and (int(found[1]), int(found[2])) >= _V1
    return "vllm-v1" if current else family


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
    "3bit": "q3_k_m",
    "3-bit": "q3_k_m",
    "bnb-4bit": "bnb-nf4",
    "bnb-8bit": "bnb-int8",
    "hqq": "int4",
    "marlin": "int4-gptq",
    "exl2": "int4",
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


def _nearest_bits(bits: float, names: Iterable[str]) -> str:
    """Return the known format of local runtimes that stores a parameter in about as many bits."""
    stored = {name: FORMATS[name].bits for name in names if FORMATS[name].kernel == "gguf"}
    return min(stored, key=lambda name: abs(stored[name] - bits))


def precision_of(label: str, known: Iterable[str], usual: str) -> Guess:
    """Return the known format nearest to a label; a blank label means `usual`."""
    low = label.strip().lower().removeprefix("ud-")
    names = sorted(known)
    if not low:
        return usual, False
    low = _PRECISION_ALIASES.get(low, low)
    if low in names:
        return low, False
    if bits := re.search(r"(\d+(?:\.\d+)?) ?bpw", low):
        return _nearest_bits(float(bits[1]), names), False
    for word, name in _PRECISION_WORDS:
        if word in low and name in names:
            return name, False
    near = get_close_matches(low, names, 1, 0.6)
    return (near[0], True) if near else (usual, True)
