"""Models that make pictures: the work of one picture by size, and tuning them."""

from __future__ import annotations

from collections.abc import Iterable
from math import log

from advisor.domain.catalogue import ModelRecord
from advisor.frozen import replace
from advisor.planning.item_work import Samples, named_item, steps_of
from advisor.planning.workload import Workload
from advisor.planning.workload_shape import GENERATORS
from advisor.sizing.item import ItemWork
from advisor.sizing.network_inference import DIFFUSION

LATENT_TOKENS = 4096
"""Tokens of a picture of 1,024 pixels a side: an eighth of it from the autoencoder, in patches of
two (Esser et al. 2024, arXiv 2403.03206)."""


def picture_item(params: float, models: Iterable[ModelRecord], samples: Samples) -> ItemWork | None:
    """Return the item of a generator of `params` parameters that nobody names: that of the nearest
    in the catalogue, its work in proportion to size; None where the catalogue has none."""
    found = ((m, named_item(m, samples)) for m in models if m.shape.kind in GENERATORS)
    known = [(m.shape, item) for m, item in found if item is not None]
    if not known:
        return None
    like, item = min(known, key=lambda pair: (abs(log(pair[0].params / params)), pair[0].id))
    ratio = params / like.params
    step = item.work.flops * ratio
    sized = f"{step / 1e12:,.3g} TFLOP a step as {like.id} for its size"
    text = f"{sized}{steps_of(like.id)}"
    work = replace(item.work, flops=step, activations=item.work.activations * ratio)
    return replace(item, work=work, params=params, arithmetic=text)


def of_generator(workload: Workload) -> Workload:
    """Return the workload with a picture as long as a generator sees it, and the operations of one
    step for its parameters; others as they are."""
    item, training = workload.item, workload.training
    if item is None or item.kind != DIFFUSION or training is None:
        return workload
    active = item.work.flops / (2 * LATENT_TOKENS)
    seen = replace(training, seq_len=LATENT_TOKENS, tokens=training.units * LATENT_TOKENS)
    return replace(workload, shape=replace(workload.shape, active_params=active), training=seen)
