"""Short scripts that measure on the user's device what a form asks for."""

from __future__ import annotations

from advisor.domain.evidence import TRAINING, Setup
from advisor.domain.model import ModelShape

_HEAD = '''"""Measures {what}. Needs PyTorch; prints one line a row of the form."""

import time

import torch
from torch import nn

BATCHES = {batches}
WARM, TIMED = 3, 10


def timed(work):
    for _ in range(WARM):
        work()
    torch.cuda.synchronize()
    begun = time.perf_counter()
    for _ in range(TIMED):
        work()
    torch.cuda.synchronize()
    return (time.perf_counter() - begun) / TIMED


def show(batch, **figures):
    gib = torch.cuda.max_memory_allocated() / 2**30
    words = [f"{{name}}={{value:.4g}}" for name, value in figures.items()]
    print(f"batch {{batch}}:", *words, f"peak memory={{gib:.2f}} GiB")
    torch.cuda.reset_peak_memory_stats()

'''
_BODY = '''
class Body(nn.Module):
    """{layers} layers of width {width}, {heads} heads."""

    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(
            {width}, {heads}, {ffn}, batch_first=True, norm_first=True, dropout=0.0
        )
        self.layers = nn.TransformerEncoder(layer, {layers}, enable_nested_tensor=False)
        self.head = nn.Linear({width}, {vocab})

    def forward(self, x):
        return self.head(self.layers(x))

'''
_TRAIN_TEXT = """
model = Body().cuda().to(torch.bfloat16)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
for batch in BATCHES:
    x = torch.randn(batch, {length}, {width}, device="cuda", dtype=torch.bfloat16)

    def step():
        optimizer.zero_grad(set_to_none=True)
        model(x).float().logsumexp(-1).mean().backward()
        optimizer.step()

    show(batch, tokens_per_s_per_gpu=batch * {length} / timed(step))
"""
_TRAIN_IMAGE = """
import timm

# Name the model that is trained, here and in the form.
model = timm.create_model("{model}").cuda()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
for batch in BATCHES:
    x = torch.randn(batch, 3, 224, 224, device="cuda")

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", torch.bfloat16):
            loss = model(x).float().logsumexp(-1).mean()
        loss.backward()
        optimizer.step()

    show(batch, samples_per_s_total=batch / timed(step))
"""
_SERVE_IMAGE = """
import timm

# Name the model that is served, here and in the form.
model = timm.create_model("{model}").cuda().half().eval()
compiled = torch.compile(model)
for batch in BATCHES:
    x = torch.randn(batch, 3, 224, 224, device="cuda", dtype=torch.float16)
    with torch.inference_mode():
        show(batch, items_per_s=batch / timed(lambda: compiled(x)))
"""
_SERVE_ENCODER = """
model = torch.compile(Body().layers.cuda().half().eval())
for batch in BATCHES:
    x = torch.randn(batch, {length}, {width}, device="cuda", dtype=torch.float16)
    with torch.inference_mode():
        show(batch, items_per_s=batch / timed(lambda: model(x)))
"""
_SERVE_TEXT = """#!/bin/sh
# Measures {what} with vLLM; name the checkpoint that is served.
# Batch 1: tpot_ms = (latency of 128 tokens - latency of 1 token) / 127, ttft_ms = latency of 1.
# Larger batches: tokens_per_s_total = batch x 128 / latency of 128 tokens.
MODEL=${{1:?name a checkpoint}}
for batch in {spaced}; do
  for out in 1 128; do
    vllm bench latency --model "$MODEL" --input-len {length} --output-len "$out" \\
      --batch-size "$batch" --num-iters 5
  done
done
"""


def script_of(use: str, run: Setup, shape: ModelShape, batches: tuple[int, ...]) -> str:
    """Return a script for a use: Python, or shell for language models that are served."""
    what = f"{use} of {run.model or shape.id} on {run.device}"
    filled = {
        "what": what,
        "batches": batches,
        "spaced": " ".join(map(str, batches)),
        "length": int(run.length or 197),
        "model": "resnet50",
        "width": shape.d_model,
        "layers": shape.layers,
        "heads": max(1, shape.heads),
        "ffn": shape.ffn or 4 * shape.d_model,
        "vocab": max(2, shape.vocab),
    }
    if use != TRAINING and run.task.startswith("llm"):
        return _SERVE_TEXT.format(**filled)
    return "".join(part.format(**filled) for part in (_HEAD, *_parts(use, run)))


def _parts(use: str, run: Setup) -> tuple[str, ...]:
    images = run.task in ("vision", "vision_train", "diffusion", "diffusion_pretrain")
    if use == TRAINING:
        return (_TRAIN_IMAGE,) if images else (_BODY, _TRAIN_TEXT)
    return (_SERVE_IMAGE,) if images else (_BODY, _SERVE_ENCODER)
