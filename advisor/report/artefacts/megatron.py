"""Options of Megatron-LM for the layout of the plan."""

from __future__ import annotations

from advisor.report.artefacts.argv import option
from advisor.report.artefacts.needs import Training

STRATEGIES = {"zero2": "optim_grads", "zero3": "optim_grads_params"}
"""Sharding beyond the optimizer state -> strategy of Megatron-FSDP."""


def fully_sharded(training: Training) -> bool:
    """Return whether Megatron-FSDP splits gradients or weights, not the optimizer state alone."""
    return training.setting.sharded and training.setting.sharding in STRATEGIES


def _steps_between_checkpoints(training: Training) -> int:
    """Return the optimizer steps in the interval that loses least, 0 where it was not sized."""
    step_s = next((f.value.likely for f in training.use.figures if f.id == "step"), 0.0)
    return max(1, round(training.minutes_between_checkpoints * 60 / step_s)) if step_s else 0


def megatron_options(training: Training) -> tuple[str, ...]:
    """Return the parallel degrees, batches and precision; nothing for other frameworks."""
    if training.framework != "megatron":
        return ()
    setting = training.setting
    found: tuple[str, ...] = (
        *option("--tensor-model-parallel-size", setting.tensor),
        *option("--pipeline-model-parallel-size", setting.pipeline),
        *option("--context-parallel-size", setting.context),
        *option("--micro-batch-size", setting.micro_batch),
        *option("--global-batch-size", setting.global_batch),
        *option("--seq-length", setting.sequence),
        "--bf16",
    )
    if steps := _steps_between_checkpoints(training):
        found += option("--save-interval", steps)
    if setting.expert > 1:
        found += option("--expert-model-parallel-size", setting.expert)
    if setting.precision == "fp8":
        found += option("--fp8-format", "hybrid")
    if setting.tensor > 1:
        found += ("--sequence-parallel",)
    if setting.sharded:
        found += ("--use-distributed-optimizer",)
    if fully_sharded(training):
        strategy = option("--data-parallel-sharding-strategy", STRATEGIES[setting.sharding])
        found += ("--use-megatron-fsdp", *strategy, "--no-gradient-accumulation-fusion")
        found += option("--ckpt-format", "fsdp_dtensor")
    if setting.recompute != "none":
        found += option("--recompute-granularity", setting.recompute)
    if setting.recompute == "full":
        found += (*option("--recompute-method", "uniform"), *option("--recompute-num-layers", 1))
    return found
