"""Memory of a deployment: weights of all parameters, key-value cache, working space."""

from __future__ import annotations

from advisor.domain.hardware import GIB
from advisor.domain.model import ModelShape
from advisor.frozen import dataclass
from advisor.sizing.serving_engine import ENGINES
from advisor.sizing.serving_format import WeightFormat
from advisor.sizing.serving_job import ServingJob

CONTEXT_GIB = 0.6
"""Driver context and libraries of one device (CUDA context with cuBLAS workspaces)."""
USABLE_SHARE = 0.95
"""Share of device memory that a process can allocate before it fails."""
FRAGMENTATION = 1.03
"""Allocator rounding on the parts that are allocated piecewise."""


@dataclass(frozen=True, slots=True)
class MemoryParts:
    """GiB on the fullest device, and the whole deployment's `total_gib`."""

    weights_gib: float
    kv_gib: float
    working_gib: float
    context_gib: float
    total_gib: float

    @property
    def device_gib(self) -> float:
        """Return what the fullest device must hold."""
        return self.weights_gib + self.kv_gib + self.working_gib + self.context_gib


def embedding_params(shape: ModelShape) -> float:
    """Return parameters of the token embedding and, where untied, of the output matrix."""
    return shape.vocab * shape.d_model * (1.0 if shape.tied_embeddings else 2.0)


def routed_share(shape: ModelShape) -> float:
    """Return the share of the experts that one token visits (1 for a dense model)."""
    if shape.active_params >= shape.params:
        return 1.0
    if shape.experts and shape.experts_per_token:
        return shape.experts_per_token / shape.experts
    return min(0.9, 0.8 * shape.active_params / shape.params)


def routed_params(shape: ModelShape) -> float:
    """Return parameters that sit in routed experts.

    Total = shared + routed and active = shared + share * routed give
    routed = (total - active) / (1 - share).
    """
    share = routed_share(shape)
    if share >= 1.0:
        return 0.0
    return min(shape.params, (shape.params - shape.active_params) / (1.0 - share))


def weight_bytes(shape: ModelShape, fmt: WeightFormat) -> float:
    """Return bytes of all parameters, experts that are not visited included."""
    head = min(embedding_params(shape), 0.9 * shape.params)
    body = (shape.params - head) * body_bits(shape, fmt)
    return (body + head * fmt.head_bits) / 8.0


def body_bits(shape: ModelShape, fmt: WeightFormat) -> float:
    """Return mean bits of the parameters outside the embeddings.

    MXFP4 releases quantise the routed experts alone; the rest stays at 16 bits.
    """
    if fmt.name != "mxfp4" or shape.active_params >= shape.params:
        return fmt.bits
    body = shape.params - min(embedding_params(shape), 0.9 * shape.params)
    routed = min(1.0, routed_params(shape) / body)
    return routed * fmt.bits + (1.0 - routed) * 16.0


def kv_elements(shape: ModelShape) -> float:
    """Return cached elements a token over all layers: grouped or latent heads as they are."""
    if shape.kv_elements_per_token:
        return shape.kv_elements_per_token
    head_dim = shape.head_dim or (shape.d_model / shape.heads if shape.heads else 0.0)
    return 2.0 * shape.layers * (shape.kv_heads or shape.heads) * head_dim


def kv_bytes_per_token(job: ServingJob) -> float:
    """Return cache bytes of one token over the whole model."""
    return kv_elements(job.shape) * job.kv_bytes


def kv_split(job: ServingJob) -> float:
    """Return over how many devices one token's cache is spread.

    Beyond the number of key-value heads tensor parallelism copies the cache; a latent cache is
    copied to every tensor rank.
    """
    heads = 1 if job.shape.latent_attention else (job.shape.kv_heads or job.shape.heads or job.tp)
    return min(job.tp, heads) * job.pp


def working_bytes(job: ServingJob, batch: float) -> float:
    """Return bytes of activations and logits of the largest step on one device.

    A fused step keeps about two residual copies and the widest inner activation at 2 bytes;
    logits are 4 bytes for the sequences that end in the step.
    """
    budget = ENGINES[job.engine].token_budget
    tokens = min(batch * job.input_len, budget)
    width = 4.0 * job.shape.d_model + 2.0 * (job.shape.ffn or 4.0 * job.shape.d_model) / job.tp
    return tokens * width * 2.0 + batch * job.shape.vocab * 4.0


def memory_parts(job: ServingJob, batch: float) -> MemoryParts:
    """Return the memory that `job` needs with `batch` running requests a replica."""
    split = job.tp * job.pp
    weights = weight_bytes(job.shape, job.format) / split / GIB * FRAGMENTATION
    cache = batch * job.context * kv_bytes_per_token(job) / kv_split(job) / GIB
    working = working_bytes(job, batch) / GIB
    device = weights + cache + working + CONTEXT_GIB
    return MemoryParts(weights, cache, working, CONTEXT_GIB, device * split * job.replicas)


def largest_batch(job: ServingJob) -> int:
    """Return how many requests of mean length fit beside the weights (0 = weights do not fit)."""
    room = job.device.memory_bytes * (ENGINES[job.engine].pool_share or USABLE_SHARE)
    room -= CONTEXT_GIB * GIB
    room -= weight_bytes(job.shape, job.format) * FRAGMENTATION / (job.tp * job.pp)
    room -= working_bytes(job, 1)
    per_request = (job.input_len + job.output_len / 2.0) * kv_bytes_per_token(job) / kv_split(job)
    if room <= 0:
        return 0
    return int(min(room / max(per_request, 1.0), 1e6))


def fits(job: ServingJob, batch: float) -> bool:
    """Return whether every device holds its share; memory of cards is never added up."""
    return memory_parts(job, batch).device_gib * GIB <= job.device.memory_bytes * USABLE_SHARE
