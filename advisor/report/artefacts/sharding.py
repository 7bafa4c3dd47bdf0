"""How the states of a model are split over devices, for DeepSpeed, accelerate and PyTorch."""

from __future__ import annotations

import json
from typing import Any

from advisor.domain.plan import Plan
from advisor.library.yaml_text import yaml_text
from advisor.report.artefacts.launch import TORCH, sized
from advisor.report.artefacts.model import Artefact, File
from advisor.report.artefacts.needs import Training, named, training_of
from advisor.report.artefacts.words import comment, heading

STAGES = {"zero1": 1, "zero2": 2, "zero3": 3}
HUGGING_FACE = ("transformers", "trl", "sentence-transformers", "axolotl", "llamafactory")
"""Frameworks that are started by accelerate."""
PLAIN = ("pytorch", "torchtitan")
"""Frameworks whose programs call the sharding of PyTorch themselves."""
DTYPES = {"bf16": "bfloat16", "fp16": "float16", "fp8": "bfloat16"}
"""Precision of the plan -> data type of the parameters; FP8 holds for matrix products alone."""


def refusal(plan: Plan) -> str:
    """Return why no configuration of data parallelism says the layout, "" where one does."""
    training = training_of(plan)
    if training is None or training.on_cpu:
        return "the plan trains nothing on accelerators of its own"
    if training.framework not in TORCH or training.framework == "megatron":
        return f"the plan trains with {named(plan, 'training_framework')}, which takes options"
    setting = training.setting
    if max(setting.tensor, setting.pipeline, setting.context, setting.expert) > 1:
        return "the layout splits layers over devices, which data parallelism does not say"
    return "" if setting.data > 1 else "one device needs no sharding"


def unsharded(plan: Plan) -> str:
    """Return why DeepSpeed and FSDP have nothing to split, "" where they have."""
    why = refusal(plan)
    training = training_of(plan)
    if why or (training and training.setting.sharded):
        return why
    return "each device holds the whole model, so that nothing is split"


def _reserved(plan: Plan, frameworks: tuple[str, ...]) -> str:
    training = training_of(plan)
    if training and training.framework in frameworks:
        return ""
    return f"the plan trains with {named(plan, 'training_framework')}"


def deepspeed_reservation(plan: Plan) -> str:
    """Return why DeepSpeed is configured on demand only."""
    return _reserved(plan, ("deepspeed",))


def accelerate_reservation(plan: Plan) -> str:
    """Return why accelerate is configured on demand only."""
    return _reserved(plan, HUGGING_FACE)


def fsdp_reservation(plan: Plan) -> str:
    """Return why the sharding of PyTorch is written on demand only."""
    return _reserved(plan, PLAIN)


def _training(plan: Plan) -> Training:
    training = training_of(plan)
    if training is None:
        raise ValueError("the plan trains nothing")
    return training


def deepspeed(plan: Plan) -> Artefact:
    """Return the configuration file; JSON knows no comments, so its heading is an entry."""
    training = _training(plan)
    setting = training.setting
    config: dict[str, Any] = {
        "_about": list(heading(plan, "DeepSpeed configuration", *sized(training))),
        "train_batch_size": setting.global_batch,
        "train_micro_batch_size_per_gpu": setting.micro_batch,
        "gradient_accumulation_steps": setting.grad_accum,
        "fp16" if setting.precision == "fp16" else "bf16": {"enabled": True},
        "zero_optimization": {
            "stage": STAGES[setting.sharding],
            "overlap_comm": True,
            "contiguous_gradients": True,
        },
    }
    notes = () if setting.recompute == "none" else (RECOMPUTED,)
    text = json.dumps(config, indent=2) + "\n"
    return Artefact(
        (File("deepspeed/ds_config.json", text),),
        ("torchrun … TRAINING_SCRIPT --deepspeed deepspeed/ds_config.json",),
        (),
        notes,
    )


RECOMPUTED = "The plan recomputes activations: switch gradient checkpointing on in the program."


def accelerate(plan: Plan) -> Artefact:
    """Return the launcher's configuration: replicas of the model, or states split by FSDP."""
    training = _training(plan)
    setting = training.setting
    config: dict[str, Any] = {
        "compute_environment": "LOCAL_MACHINE",
        "distributed_type": _distributed(training),
        "mixed_precision": setting.precision,
        "num_machines": training.nodes,
        "num_processes": training.use.count,
        "machine_rank": 0,
        "main_training_function": "main",
        "rdzv_backend": "static",
        "same_network": True,
        "use_cpu": False,
        "debug": False,
    }
    if config["distributed_type"] == "FSDP":
        config["fsdp_config"] = _fsdp(training)
    if config["distributed_type"] == "DEEPSPEED":
        stage = STAGES[setting.sharding]
        steps = setting.grad_accum
        config["deepspeed_config"] = {"zero_stage": stage, "gradient_accumulation_steps": steps}
    command = "accelerate launch --config_file accelerate/config.yaml"
    if training.nodes > 1:
        command += ' --machine_rank "$RANK_OF_MACHINE" --main_process_ip "$FIRST_MACHINE"'
        command += " --main_process_port 29500"
    top = comment(heading(plan, "accelerate configuration", *sized(training)))
    file = File("accelerate/config.yaml", top + yaml_text([config]))
    return Artefact((file,), (f"{command} TRAINING_SCRIPT",))


def _distributed(training: Training) -> str:
    """Return how accelerate calls the layout; FSDP knows no split of the optimizer alone."""
    if not training.setting.sharded:
        return "MULTI_GPU"
    return "DEEPSPEED" if training.setting.sharding == "zero1" else "FSDP"


def _fsdp(training: Training) -> dict[str, Any]:
    return {
        "fsdp_version": 2,
        "fsdp_reshard_after_forward": training.setting.sharding == "zero3",
        "fsdp_auto_wrap_policy": "TRANSFORMER_BASED_WRAP",
        "fsdp_state_dict_type": "SHARDED_STATE_DICT",
        "fsdp_cpu_ram_efficient_loading": True,
        "fsdp_activation_checkpointing": training.setting.recompute != "none",
        "fsdp_offload_params": False,
    }


FSDP = '''from __future__ import annotations

from collections.abc import Iterable

import torch
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard

DATA_PARALLEL = {data}
MICRO_BATCH = {micro}
GRADIENT_ACCUMULATION = {accum}


def shard(model: torch.nn.Module, layers: Iterable[torch.nn.Module]) -> torch.nn.Module:
    """Split the states of `model` layer by layer; call it before the optimizer is made."""
    mesh = init_device_mesh("cuda", (DATA_PARALLEL,), mesh_dim_names=("data",))
    policy = MixedPrecisionPolicy(param_dtype=torch.{dtype}, reduce_dtype=torch.float32)
    for layer in layers:
        fully_shard(layer, mesh=mesh, mp_policy=policy, reshard_after_forward={reshard})
    return fully_shard(model, mesh=mesh, mp_policy=policy, reshard_after_forward={reshard})
'''


def fsdp(plan: Plan) -> Artefact:
    """Return a module that splits a model as the plan says; the program calls it."""
    training = _training(plan)
    setting = training.setting
    text = FSDP.format(
        data=setting.data,
        micro=setting.micro_batch,
        accum=setting.grad_accum,
        dtype=DTYPES.get(setting.precision, "bfloat16"),
        reshard=setting.sharding == "zero3",
    )
    top = comment(heading(plan, "Sharding with PyTorch FSDP2", *sized(training)))
    notes = () if setting.recompute == "none" else (RECOMPUTED,)
    command = "cp fsdp/sharding.py YOUR_PACKAGE/  # then call shard(model, model.layers)"
    return Artefact((File("fsdp/sharding.py", top + text),), (command,), (), notes)
