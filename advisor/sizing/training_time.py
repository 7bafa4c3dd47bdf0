"""Step time of one device: matrix, vector, launch and network time, kept apart.

Only the matrix part gets faster with FP8 or FP4; vector work is bound by memory, launches by the
host, collectives by the links. The constants say what share of each is left after overlap.
"""

from __future__ import annotations

import numpy as np

from advisor.frozen import dataclass
from advisor.sizing import training_network as network
from advisor.sizing.training_constants import TrainingConstants
from advisor.sizing.training_flops import pass_flops, tokens_per_pass
from advisor.sizing.training_job import FAMILIES
from advisor.sizing.training_work import ARCHITECTURES, Array, Work

SMOOTH = 4.0
"""Power of the soft maximum of launch and device time: within 19 % of the larger one."""


@dataclass(frozen=True, slots=True)
class StepTime:
    """Seconds of one optimizer step on the slowest device, by cause."""

    matrix: Array
    attention: Array
    vector: Array
    launch: Array
    communication: Array
    bubble: Array
    optimizer: Array

    def total(self) -> Array:
        """Return the whole step."""
        return (
            self.matrix
            + self.attention
            + self.vector
            + self.launch
            + self.communication
            + self.bubble
            + self.optimizer
        )


def step_time(work: Work, constants: TrainingConstants) -> StepTime:
    """Return the parts of one optimizer step for every entry of `work`, in seconds."""
    matrix, attention = matrix_seconds(work, constants)
    vector = vector_seconds(work, constants)
    device = matrix + attention + vector
    launch = launch_seconds(work, constants)
    waited = (device**SMOOTH + launch**SMOOTH) ** (1.0 / SMOOTH) - device
    inner = inner_communication(work, constants, device)
    waited = waited + expert_wait(work, constants)
    micro = device + waited + inner
    bubble = micro * (work.pp - 1.0) / work.vp
    outer = outer_communication(work, constants, micro)
    optimizer = optimizer_seconds(work, constants)
    drag = 1.0 + constants["scale_out"] * np.log2(np.maximum(work.n_gpus / work.domain, 1.0))
    times = drag * work.accum
    return StepTime(
        matrix * times,
        attention * times,
        vector * times,
        waited * times,
        (inner * work.accum + outer) * drag,
        bubble * drag,
        optimizer * drag,
    )


def matrix_seconds(work: Work, constants: TrainingConstants) -> tuple[Array, Array]:
    """Return the seconds of the matrix products and of attention for one micro-batch.

    GeForce cards print the rate with 32-bit sums, half of what their matrix units issue, and reach
    a larger share of it than cards for servers with the same chip; AMD's 8-bit products reach a
    smaller share of theirs than its 16-bit ones.
    """
    flops = pass_flops(work)
    efficiency = constants.table("matrix_efficiency", ARCHITECTURES)[work.code("architecture")]
    efficiency = efficiency * np.where(work.game_card > 0, constants["game_card"], 1.0)
    dense = efficiency * size_factor(work, work.d_model, constants["small_matrix"])
    expert = efficiency * size_factor(work, work.expert_ffn, constants["small_expert"])
    kinds = ("16bit", "fp8", "fp4")
    low = constants.table("precision_efficiency", kinds)[work.code("low_precision")]
    rocm = (work.code("architecture") == ARCHITECTURES.index("cdna")) & (work.low_precision > 0)
    low = low * np.where(rocm, constants["cdna_low_precision"], 1.0)
    products = (flops.dense / dense + flops.expert / expert) / (work.peak * low)
    kernels = constants.table("attention_efficiency", ARCHITECTURES)[work.code("architecture")]
    software = constants.table("attention_family", FAMILIES)[work.code("family")]
    kernel = np.where(work.flash > 0, kernels * software, 1.0)
    return (
        products + flops.head / (work.peak_16bit * dense),
        flops.attention / (work.peak_16bit * efficiency * kernel),
    )


def size_factor(work: Work, inner: Array, need: float) -> Array:
    """Return the efficiency that small matrices leave: shard width against the device's need.

    The width is the geometric mean of the two sides of a tensor-parallel shard; the need grows
    with the FLOPs that the device makes for each byte it reads.
    """
    width = np.sqrt(work.d_model * inner / work.tp)
    return width / (width + need * work.peak_16bit / work.bandwidth)


def vector_seconds(work: Work, constants: TrainingConstants) -> Array:
    """Return the memory-bound seconds of one micro-batch: norms, activations, scores, logits."""
    tokens = tokens_per_pass(work)
    rounds = 3.0 + work.recompute
    moved = tokens * work.layers / work.pp * layer_elements(work) * rounds * 2.0
    scores = np.where(work.flash > 0, 0.0, 10.0 * work.heads * work.seq / work.tp)
    moved = moved + tokens * work.layers / work.pp * scores * rounds
    logits = tokens * work.logits * np.where(work.fused_loss > 0, 6.0, 16.0) / (work.tp * work.pp)
    traffic = constants.table("vector_traffic", FAMILIES)[work.code("family")]
    traffic = traffic * np.where(work.compiled > 0, constants["compiled_traffic"], 1.0)
    adapters = 1.0 + work.frozen * constants["adapter_traffic"]
    held = weight_bytes(work) + unpacked_bytes(work, constants)
    return (moved * traffic * adapters + logits + held) / (0.85 * work.bandwidth)


def layer_elements(work: Work) -> Array:
    """Return the elements that one token reads and writes in the forward pass of one layer."""
    full = 4.0 * work.d_model
    split = 12.0 * work.d_model + 4.0 * work.q_dim + 4.0 * work.kv_dim
    hidden = 2.0 * work.ffn_matrices * work.ffn_active
    routed = 6.0 * work.moe_share * work.topk * work.d_model
    return full + (split + hidden + routed) / work.tp


def weight_bytes(work: Work) -> Array:
    """Return the weight and gradient bytes of one micro-batch on one device."""
    local = network.local_parameters(work)
    reads = (2.0 + work.recompute) * np.minimum(work.base_bytes * 2.0, 2.0)
    return local * (reads + np.where(work.frozen > 0, 0.0, 6.0))


def unpacked_bytes(work: Work, constants: TrainingConstants) -> Array:
    """Return the bytes that unpacking 4-bit weights costs in each pass, as bytes of memory time."""
    cost = np.array([0.0, constants["unpack_bytes.nf4"], constants["unpack_bytes.gptq"]])
    rounds = 2.0 + work.recompute
    return cost[work.code("quantised")] * network.local_parameters(work) * rounds


def launch_seconds(work: Work, constants: TrainingConstants) -> Array:
    """Return the host seconds that it takes to launch the kernels of one micro-batch."""
    layer = constants.table("launch_seconds", FAMILIES)[work.code("family")]
    rounds = (3.0 + work.recompute) / 3.0
    adapters = 1.0 + work.frozen * constants["adapter_launches"]
    return work.layers / work.pp * layer * rounds * adapters


def expert_wait(work: Work, constants: TrainingConstants) -> Array:
    """Return the seconds in which routing waits for the host to learn the token counts."""
    return work.layers / work.pp * work.moe_share * constants["expert_wait_s"]


def inner_communication(work: Work, constants: TrainingConstants, device: Array) -> Array:
    """Return the seconds of collectives inside one micro-batch that compute does not hide."""
    tensor = network.tensor_seconds(work) * constants["exposed.tensor"]
    expert = network.expert_seconds(work) * constants["exposed.expert"]
    context = network.context_seconds(work) * constants["exposed.context"]
    gather = network.gather_seconds(work) / constants["network_efficiency"]
    late = np.maximum(gather - constants["overlap"] * device, 0.0)
    return tensor + expert + context + late + constants["exposed.data"] * gather


def outer_communication(work: Work, constants: TrainingConstants, micro: Array) -> Array:
    """Return the seconds of the gradient reduction at the end of a step that stay visible."""
    reduction = network.gradient_seconds(work) / constants["network_efficiency"]
    late = np.maximum(reduction - constants["overlap"] * micro, 0.0)
    return late + constants["exposed.data"] * reduction


def optimizer_seconds(work: Work, constants: TrainingConstants) -> Array:
    """Return the seconds of the optimizer update: about 30 bytes a parameter, or over PCIe."""
    trained = network.local_parameters(work) * work.trained / work.params
    owned = trained / np.where(work.sharding >= 2, network.shards(work), 1.0)
    rate = np.where(work.offload > 0, work.host, 0.7 * work.bandwidth)
    return 30.0 * owned / rate + constants["step_overhead_s"]
