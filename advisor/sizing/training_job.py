"""One training or fine-tuning job: what is trained, on what, in which layout."""

from __future__ import annotations

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.frozen import dataclass

SHARDINGS = ("none", "ddp", "zero1", "zero2", "zero3")
RECOMPUTES = ("none", "selective", "full")
METHODS = ("full", "lora", "qlora", "adapter")
FAMILIES = ("fused", "compiled", "torch", "huggingface", "legacy", "tuned")
"""Framework families, by what decides their time:

fused: Megatron-Core, NeMo, InternEvo, llm.c and like (fused kernels, flash attention, overlap);
compiled: XLA (MaxText); torch: plain PyTorch, FSDP, Composer, DeepSpeed, lit-gpt;
huggingface: HF Trainer, PEFT; legacy: before flash attention (Megatron 2020-22, DLE scripts);
tuned: HF Trainer with fused kernels (Unsloth, Liger, foak)."""

MEGATRON = ("fused", "legacy")
"""Families that split layers and stages, and whose selective recomputation is Megatron's."""

STATE_BYTES = {
    "mixed": (2.0, 2.0, 12.0, 0.0),
    "mixed_fp32_gradients": (2.0, 4.0, 12.0, 0.0),
    "deepspeed": (2.0, 4.0, 16.0, 2.0),
    "master": (4.0, 4.0, 8.0, 4.0),
    "autocast": (6.0, 4.0, 8.0, 4.0),
    "pure": (2.0, 2.0, 4.0, 2.0),
    "eight_bit": (2.0, 2.0, 2.0, 2.0),
    "eight_bit_in_backward": (2.0, 0.0, 2.0, 0.0),
}
"""Bytes a trained parameter of weight, gradient, optimizer state and the update's temporary copy.

mixed: 16-bit weights and gradients, 32-bit master and two Adam moments (arXiv 1910.02054);
mixed_fp32_gradients: Megatron's 32-bit gradient buffer (arXiv 2104.04473); deepspeed: a second
32-bit copy of the gradient partition; master: FSDP with 32-bit parameters; autocast: the same on
one device, where the 16-bit copies that the forward pass casts stay until the backward pass; pure:
a bf16 model whose states stay in bf16 (HF Trainer on one device); eight_bit: the same with
bitsandbytes moments (arXiv 2110.02861), in_backward where each gradient is used up and freed at
once (torchtune: `optimizer_in_bwd`). The last figure is torch's parameter-sized copy."""


SELECTIVE_SHARE = 0.5
"""Share of the forward pass that PyTorch repeats under selective checkpointing: every second
matrix product or every second layer (torchtitan). Megatron repeats the attention core alone."""


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """Configuration of one job. None means "not stated": the usual value is assumed.

    `precision` is the matrix data type (fp32 tf32 fp16 bf16 fp8 fp4), `base_bits` the storage of
    frozen weights. `network_gb_s` is the node-to-node rate per accelerator in one direction.
    Batches count sequences: `micro_batch` per data-parallel rank and pass, `global_batch` per
    optimizer step over the job. `recompute_share` is the share of layers that full
    recomputation covers. `offload` keeps the optimizer in the host's memory, `offload_weights`
    weights and gradients as well, but for what a layer needs, `offload_activations` what is kept
    for the backward pass, `paged_optimizer` what of its states finds no room. `compiled` says that
    torch.compile fuses what lies between the matrix products. `optimizer_bytes` a parameter replace
    the recipe's, for optimizers other than Adam in 32 bits. `prudent` fills blanks of the layout
    so that the upper end of the memory's interval fits, too; published runs were tuned until they
    just did.
    """

    shape: ModelShape
    device: Accelerator
    task: str = "pretrain"
    seq_len: int = 2048
    precision: str = "bf16"
    method: str = "full"
    lora_rank: int = 16
    base_bits: float = 16.0
    base_format: str = ""
    n_gpus: int | None = None
    gpus_per_node: int | None = None
    network_gb_s: float | None = None
    tp: int | None = None
    pp: int | None = None
    vp: int | None = None
    dp: int | None = None
    cp: int | None = None
    ep: int | None = None
    sharding: str | None = None
    recompute: str | None = None
    recompute_share: float = 1.0
    offload: bool = False
    offload_weights: bool = False
    offload_activations: bool = False
    paged_optimizer: bool = False
    recipe: str | None = None
    optimizer_bytes: float | None = None
    micro_batch: int | None = None
    grad_accum: int | None = None
    global_batch: int | None = None
    tokens_total: float | None = None
    family: str = "torch"
    compiled: bool = False
    fused_loss: bool = False
    flash_attention: bool = True
    prudent: bool = False
    notes: tuple[str, ...] = ()


def recomputed_share(job: TrainingJob) -> float:
    """Return the share of layers whose whole forward pass is repeated in the backward pass."""
    if job.recompute == "full":
        return job.recompute_share
    if job.recompute == "selective" and job.family not in MEGATRON:
        return SELECTIVE_SHARE
    return 0.0
