"""What one item of a workload takes: an image, a text to encode, a window of speech, a request."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from advisor.domain.catalogue import ModelRecord
from advisor.planning.words import figure
from advisor.planning.workload import Number, Workload
from advisor.planning.workload_shape import GENERATORS, NETWORK
from advisor.sizing.item import ItemWork
from advisor.sizing.network_inference import (
    CONV,
    DETECTOR,
    DIFFUSION,
    ENCODER,
    KERNELS_A_LAYER,
    TRANSFORMER,
    denoising,
    encoder_work,
)
from advisor.sizing.training_samples import SampleWork, named_work

WHISPER_WINDOW = 1500
"""Encoder frames of a 30-second window (Radford et al. 2022)."""
WINDOW_MS, STREAMED_MS = 30_000.0, 500.0
"""Length of that window, and the time below which sound is worked on as it arrives: who filters
or cuts speech must answer within a few frames (Krisp: 15 ms)."""
VISION_TOKENS = 197
PICTURE = "a picture of 224 x 224 points"
"""Tokens of one image (Dosovitskiy et al. 2020, ViT-B/16 at 224 pixels)."""
SPEECH, RANKER, POLICY = "speech", "ranker", "policy"
WRITTEN = 1e-3
"""Elements written for each FLOP of a small dense network: one for each column of about 500."""
Samples = Sequence[tuple[str, SampleWork]]


def item_work(
    workload: Workload,
    model: ModelRecord | None,
    samples: Callable[[], Samples],
    number: Number,
) -> ItemWork | None:
    """Return the item of a network; None for language models, trees and statistics.

    A model named in the brief is looked up in the measured work of models (`samples`, which are
    read when they are needed) and in its record; without one the transformer of the stated size
    stands for it.
    """
    if workload.family == "llm" or workload.classical:
        return None
    if workload.family == "recommender":
        return _dense(
            RANKER, workload, number("item.recommender_gflop"), "500 candidates x 2 MFLOP"
        )
    if workload.family == NETWORK:
        gflop = 2.0 * workload.shape.active_params / 1e9
        return _dense(RANKER, workload, gflop, "2 operations a parameter and row")
    if workload.family == "simulation":
        return _dense(POLICY, workload, number("item.simulation_gflop"), "a small policy network")
    if workload.family == "vision" and model is not None:
        named = named_item(model, samples())
        if named is not None:
            return named
    return _transformer(workload, number, named=model is not None)


def page_item(workload: Workload, number: Number) -> ItemWork:
    """Return the item of a model that reads a page: the tokens that it sees and those it writes."""
    return _through(workload, number("item.page_tokens"), TRANSFORMER)


def _dense(kind: str, workload: Workload, gflop: float, arithmetic: str) -> ItemWork:
    flop = gflop * 1e9
    shape = workload.shape
    kernels = KERNELS_A_LAYER * max(1, shape.layers)
    work = SampleWork(flop, flop * WRITTEN)
    return ItemWork(kind, work, shape.params, arithmetic, kernels=kernels)


def _frames(workload: Workload, *, named: bool) -> float:
    """Return the frames of sound that one answer hears: a window, or as many as arrive in the
    time allowed where a model of one's own answers while it listens."""
    load = workload.serving
    if named or load is None or not 0 < load.latency_ms < STREAMED_MS:
        return float(WHISPER_WINDOW)
    return max(1.0, WHISPER_WINDOW * load.latency_ms / WINDOW_MS)


def _transformer(workload: Workload, number: Number, *, named: bool) -> ItemWork:
    tokens = {
        "vision": float(VISION_TOKENS),
        "encoder": number("item.encoder_tokens"),
        "speech": _frames(workload, named=named),
    }[workload.family]
    kind = {"vision": TRANSFORMER, "encoder": ENCODER, "speech": SPEECH}[workload.family]
    return _through(workload, tokens, kind)


def _through(workload: Workload, tokens: float, kind: str) -> ItemWork:
    """Return the item of which so many tokens pass through the network."""
    shape = workload.shape
    work = encoder_work(shape, tokens)
    size = {
        "vision": PICTURE,
        "speech": f"{figure(tokens / WHISPER_WINDOW * WINDOW_MS / 1e3, 2)} s of sound",
    }.get(workload.family, "")
    arithmetic = (
        f"{figure(work.flops / 1e9)} GFLOP{f' for {size}' if size else ''}: "
        f"2 x {figure(shape.active_params)} parameters x {tokens:,.0f} tokens and attention"
    )
    kernels = KERNELS_A_LAYER * shape.layers
    return ItemWork(kind, work, shape.params, arithmetic, kernels=kernels, size=size)


def named_item(model: ModelRecord, samples: Samples) -> ItemWork | None:
    """Return the item of a named image model, None where nothing says its work."""
    found = named_work(model.id, samples)
    if found is None and not model.flop_per_item:
        return None
    guess = SampleWork(model.flop_per_item, model.flop_per_item * WRITTEN)
    work = found or guess
    if model.shape.kind in GENERATORS:
        steps, abreast = denoising(model.id)
        text = f"{work.flops / 1e12:,.3g} TFLOP a step{steps_of(model.id)}"
        return ItemWork(DIFFUSION, work, model.shape.params, text, steps * abreast, abreast=abreast)
    text = f"{figure(work.flops / 1e9)} GFLOP an image"
    return ItemWork(_kind(model), work, model.shape.params, text)


def steps_of(name: str) -> str:
    """Return the factors that make a picture of a step, in words."""
    steps, abreast = denoising(name)
    guided = f" x {abreast:.0f} (guidance)" if abreast > 1 else ""
    return f" x {steps:.0f} step{'s' if steps > 1 else ''}{guided}"


def _kind(model: ModelRecord) -> str:
    if model.shape.kind == "vision_transformer":
        return TRANSFORMER
    return DETECTOR if re.search("rcnn|detr|ssd", model.id) else CONV
