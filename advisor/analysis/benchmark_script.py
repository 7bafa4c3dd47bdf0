"""Short scripts that measure on the user's device what a form asks for."""

from __future__ import annotations

from advisor.domain.evidence import TRAINING, Setup
from advisor.domain.model import ModelShape
from advisor.sizing.speech_inference import BEAM, TEXT_TOKENS, WINDOW_S

SPEECH = "asr"
IMAGES = ("vision", "vision_train", "diffusion", "diffusion_pretrain")
_HEAD = '''"""Measures {what}. Needs {needs}; fills in {form} beside this file.

Runs on the GPU that PyTorch finds, else on the CPU, and writes down which device it was.
"""

import csv
import platform
import time
from pathlib import Path

import torch
from torch import nn

BATCHES = {batches}
FORM = Path(__file__).with_name("{form}")
GPU = torch.cuda.is_available()
DEVICE = "cuda" if GPU else "cpu"
WARM, TIMED = (3, 10) if GPU else (1, 2)
HALF = torch.float16 if GPU else torch.float32


def settled():
    if GPU:
        torch.cuda.synchronize()
    return time.perf_counter()


def timed(work):
    for _ in range(WARM):
        work()
    begun = settled()
    for _ in range(TIMED):
        work()
    return (settled() - begun) / TIMED


def device_cells():
    """Return name and memory of the device that is measured."""
    if not GPU:
        return {{"gpu": processor(), "gpu_mem_gb": ""}} | ON_CPU
    held = torch.cuda.get_device_properties(0).total_memory / 2**30
    return {{"gpu": torch.cuda.get_device_name(0), "gpu_mem_gb": f"{{held:.0f}}"}}


def processor():
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "CPU"


def note(batch, **cells):
    """Write what was measured at a batch into its row of the form."""
    if GPU:
        cells[MEMORY] = torch.cuda.max_memory_allocated() / 2**30
        torch.cuda.reset_peak_memory_stats()
    words = {{name: f"{{value:.4g}}" for name, value in cells.items()}}
    print(f"batch {{batch}}:", words)
    with FORM.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if row[COLUMN] == str(batch):
            row.update(words | device_cells() | MODEL_CELLS)
    with FORM.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\\n")
        writer.writeheader()
        writer.writerows(rows)

'''
_BODY = '''
MODEL_CELLS = {{}}


class Body(nn.Module):
    """{layers} layers of width {width}, {heads} heads."""

    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(
            {width}, {heads}, {ffn}, batch_first=True, norm_first=True, dropout=0.0
        )
        self.layers = nn.TransformerEncoder(layer, {layers}, enable_nested_tensor=False)
        self.head = nn.Linear({width}, {vocab})

    def forward(self, x, mask):
        return self.head(self.layers(x, mask=mask, is_causal=True))

'''
_TRAIN_TEXT = """
COLUMN, MEMORY = "micro_batch", "peak_mem_gib_per_gpu"
ON_CPU = {{}}
model = Body().to(DEVICE, torch.bfloat16)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
causal = nn.Transformer.generate_square_subsequent_mask(
    {length}, device=DEVICE, dtype=torch.bfloat16
)
for batch in BATCHES:
    x = torch.randn(batch, {length}, {width}, device=DEVICE, dtype=torch.bfloat16)

    def step():
        optimizer.zero_grad(set_to_none=True)
        model(x, causal).float().logsumexp(-1).mean().backward()
        optimizer.step()

    note(batch, tokens_per_s_per_gpu=batch * {length} / timed(step))
"""
_NAMED = """
import timm

MODEL = "{model}"  # the model of timm that is measured
model = timm.create_model(MODEL).to(DEVICE)
SIZE = sum(p.numel() for p in model.parameters())
MODEL_CELLS = {{"model": MODEL, "params_b": f"{{SIZE / 1e9:.4g}}"}}
"""
_TRAIN_IMAGE = """COLUMN, MEMORY = "micro_batch", "peak_mem_gib_per_gpu"
ON_CPU = {{}}
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
for batch in BATCHES:
    x = torch.randn(batch, 3, 224, 224, device=DEVICE)

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(DEVICE, torch.bfloat16):
            loss = model(x).float().logsumexp(-1).mean()
        loss.backward()
        optimizer.step()

    note(batch, samples_per_s_total=batch / timed(step))
"""
_SERVE_IMAGE = """COLUMN, MEMORY = "batch_or_concurrency", "mem_gib"
ON_CPU = {{"weight_precision": "fp32"}}
compiled = torch.compile(model.to(HALF).eval())
for batch in BATCHES:
    x = torch.randn(batch, 3, 224, 224, device=DEVICE, dtype=HALF)
    with torch.inference_mode():
        note(batch, items_per_s=batch / timed(lambda: compiled(x)))
"""
_SERVE_ENCODER = """
COLUMN, MEMORY = "batch_or_concurrency", "mem_gib"
ON_CPU = {{"weight_precision": "fp32"}}
model = torch.compile(Body().layers.to(DEVICE, HALF).eval())
for batch in BATCHES:
    x = torch.randn(batch, {length}, {width}, device=DEVICE, dtype=HALF)
    with torch.inference_mode():
        note(batch, items_per_s=batch / timed(lambda: model(x)))
"""
_SERVE_SPEECH = """
import sys

from transformers import AutoModelForSpeechSeq2Seq

# Windows of noise, as long as those of speech; every beam is made to say as much as speech does.
WINDOW_S, TOKENS, BEAMS = {window}, {tokens}, {beams}
MODEL = sys.argv[1] if len(sys.argv) > 1 else "openai/{model}"
COLUMN, MEMORY = "batch_or_concurrency", "mem_gib"
ON_CPU = {{"weight_precision": "fp32"}}
model = AutoModelForSpeechSeq2Seq.from_pretrained(MODEL).to(DEVICE, HALF).eval()
SIZE = sum(p.numel() for p in model.parameters())
MODEL_CELLS = {{"model": MODEL, "params_b": f"{{SIZE / 1e9:.4g}}"}}
SHAPE = model.config.num_mel_bins, 2 * model.config.max_source_positions
ASKED = {{"min_new_tokens": TOKENS, "max_new_tokens": TOKENS, "num_beams": BEAMS}}
for batch in BATCHES:
    x = torch.randn(batch, *SHAPE, device=DEVICE, dtype=HALF)
    with torch.inference_mode():
        seconds = timed(lambda: model.generate(input_features=x, **ASKED))
    note(batch, items_per_s=batch * WINDOW_S / seconds)
"""
_SERVE_TEXT = """#!/bin/sh
# Measures {what} with vLLM; name the checkpoint that is served.
# Batch 1: tpot_ms = (latency of 128 tokens - latency of 1 token) / 127, ttft_ms = latency of 1.
# Larger batches: tokens_per_s_total = batch x 128 / latency of 128 tokens.
MODEL=${{1:?name a checkpoint}}
for batch in {spaced}; do
  for out in 1 128; do
    vllm bench latency --model "$MODEL" --input-len {length} --output-len "$out" \\
      --batch-size "$batch" --num-iters-warmup 3 --num-iters 5
  done
done
"""


def script_of(use: str, run: Setup, shape: ModelShape, batches: tuple[int, ...]) -> str:
    """Return a script for a use: Python, or shell for language models that are served."""
    what = f"{use} of {run.model or shape.id} on {run.device}"
    filled = {
        "what": what,
        "needs": _needs(run),
        "form": f"{use}.csv",
        "batches": batches,
        "spaced": " ".join(map(str, batches)),
        "length": int(run.length or 197),
        "model": shape.id if run.task == SPEECH else "resnet50",
        "window": int(WINDOW_S),
        "tokens": int(TEXT_TOKENS),
        "beams": BEAM,
        "width": shape.d_model,
        "layers": shape.layers,
        "heads": max(1, shape.heads),
        "ffn": shape.ffn or 4 * shape.d_model,
        "vocab": max(2, shape.vocab),
    }
    if use != TRAINING and run.task.startswith("llm"):
        return _SERVE_TEXT.format(**filled)
    return "".join(part.format(**filled) for part in (_HEAD, *_parts(use, run)))


def _needs(run: Setup) -> str:
    beside = {SPEECH: " and Transformers"} | dict.fromkeys(IMAGES, " and timm")
    return "PyTorch" + beside.get(run.task, "")


def _parts(use: str, run: Setup) -> tuple[str, ...]:
    images = run.task in IMAGES
    if use == TRAINING:
        return (_NAMED, _TRAIN_IMAGE) if images else (_BODY, _TRAIN_TEXT)
    if run.task == SPEECH:
        return (_SERVE_SPEECH,)
    return (_NAMED, _SERVE_IMAGE) if images else (_BODY, _SERVE_ENCODER)
