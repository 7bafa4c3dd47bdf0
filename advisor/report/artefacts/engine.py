"""The command that starts the serving engine, with the numbers that the plan was sized by."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.artefacts.argv import Argv, Env, option, shell
from advisor.report.artefacts.model import Artefact, File, Variable
from advisor.report.artefacts.needs import (
    Serving,
    chosen,
    finetunes,
    named,
    practised,
    serving_of,
)
from advisor.report.artefacts.pins import SGLANG, VLLM
from advisor.report.artefacts.words import comment, heading
from advisor.report.text import counted

WRITTEN = ("vllm", "sglang", "triton")
"""Engines whose command is written."""
PORTS = {"vllm": 8000, "sglang": 8000, "triton": 8000}
HEALTH = {"vllm": "/health", "sglang": "/health", "triton": "/v2/health/ready"}
LOAD_SECONDS = 1800
"""Seconds that weights may take to load before a replica counts as failed."""
FP8_NOTE = (
    "`--quantization fp8` turns 16-bit weights into 8-bit ones; leave it out where "
    "the checkpoint is in 8 bits already. Check quality before release."
)
STATED_RANK = 16
"""Rank of adapters where the plan trains none itself; the default of vLLM and of PEFT recipes."""


def refusal(plan: Plan) -> str:
    """Return why there is no command to write, "" where there is one."""
    serving = serving_of(plan)
    if serving is None:
        return "the plan serves nothing on machines of its own"
    if serving.engine not in WRITTEN:
        engine = named(plan, "serving_engine")
        return f"the plan serves with {engine}; commands are written for vLLM, SGLang and Triton"
    return ""


def engine(plan: Plan) -> Artefact:
    """Return the script that starts one machine's share of the service, or scores a file."""
    serving = serving_of(plan)
    if serving is None:
        raise ValueError("the plan serves nothing")
    copies = serving.copies_a_machine
    argv = command(plan, serving, copies)
    text = (
        "#!/usr/bin/env bash\n"
        + comment(heading(plan, f"Serving with {named(plan, 'serving_engine')}", *sized(serving)))
        + "set -euo pipefail\n\n"
        + (': "${VLLM_API_KEY:?set VLLM_API_KEY}"\n\n' if keyed(serving) else "")
        + f"exec {shell(argv)}\n"
    )
    files = [File("engine/serve.sh", text)]
    if serving.engine == "triton":
        files.append(File("engine/config.pbtxt", triton_config(plan, serving)))
    return Artefact(
        tuple(files),
        ("bash engine/serve.sh",),
        tuple(variables(plan, serving)),
        (*pins(serving), *notes(serving)),
    )


def command(plan: Plan, serving: Serving, copies: int) -> Argv:
    """Return the engine's command for `copies` replicas in one machine."""
    if serving.engine == "triton":
        return "tritonserver", "--model-repository", Env("MODEL_REPOSITORY")
    if serving.engine == "sglang":
        return _sglang(plan, serving, copies)
    if serving.engine == "vllm":
        return _vllm(plan, serving, copies)
    return ()


def _model(plan: Plan) -> Env:
    """Return the published model, unless the plan trains the one that is served."""
    own = finetunes(plan) and not practised(plan, "multi_lora")
    return Env(
        "MODEL", "" if own or chosen(plan, "adaptation") == "pretraining" else plan.model_repo
    )


def _vllm(plan: Plan, serving: Serving, copies: int) -> Argv:
    setting = serving.setting
    parallel = option("--tensor-parallel-size", setting.tensor)
    if setting.pipeline > 1:
        parallel += option("--pipeline-parallel-size", setting.pipeline)
    if copies > 1:
        parallel += option("--data-parallel-size", copies)
    sizes = (
        *option("--max-model-len", setting.longest),
        *(option("--max-num-seqs", setting.in_flight) if serving.standing else ()),
        *option("--gpu-memory-utilization", f"{setting.memory_share:g}"),
        *_formats(setting.weights, setting.cache, "fp8"),
    )
    if not serving.standing:
        where = ("-i", Env("INPUT_FILE"), "-o", Env("OUTPUT_FILE"))
        return "vllm", "run-batch", *where, "--model", _model(plan), *parallel, *sizes
    adapters: Argv = ()
    if practised(plan, "multi_lora"):
        adapters = ("--enable-lora", *option("--max-lora-rank", _rank(plan)))
    address = (*option("--host", "0.0.0.0"), *option("--port", PORTS["vllm"]))  # noqa: S104
    return "vllm", "serve", _model(plan), *parallel, *sizes, *adapters, *address


def _rank(plan: Plan) -> int:
    trained = next((u.setting for u in plan.hardware if u.use == "training"), None)
    return getattr(trained, "lora_rank", 0) or STATED_RANK


def _sglang(plan: Plan, serving: Serving, copies: int) -> Argv:
    setting = serving.setting
    parallel = option("--tp-size", setting.tensor)
    if setting.pipeline > 1:
        parallel += option("--pp-size", setting.pipeline)
    if copies > 1:
        parallel += option("--dp-size", copies)
    return (
        *("python3", "-m", "sglang.launch_server", "--model-path", _model(plan)),
        *parallel,
        *option("--context-length", setting.longest),
        *option("--max-running-requests", setting.in_flight),
        *_formats(setting.weights, setting.cache, "fp8_e4m3"),
        "--enable-metrics",
        *option("--host", "0.0.0.0"),  # noqa: S104  (inside a container or a private network)
        *option("--port", PORTS["sglang"]),
    )


def _formats(weights: str, cache: str, fp8_cache: str) -> tuple[str, ...]:
    """Return the options of 8-bit weights and cache; 16 bits are what engines take anyway."""
    found: tuple[str, ...] = ()
    if weights == "fp8":
        found += option("--quantization", "fp8")
    if cache == "fp8":
        found += option("--kv-cache-dtype", fp8_cache)
    return found


def keyed(serving: Serving) -> bool:
    """Return whether callers must present a key, which the engine reads from VLLM_API_KEY."""
    return serving.engine == "vllm" and serving.standing


def triton_config(plan: Plan, serving: Serving) -> str:
    """Return the model configuration: the batch that was sized, one instance a device."""
    kind = "KIND_CPU" if serving.on_cpu else "KIND_GPU"
    return (
        comment(heading(plan, "Triton model configuration; put it beside the model's versions"))
        + f"max_batch_size: {max(1, serving.setting.in_flight)}\n"
        + "dynamic_batching { }\n"
        + f"instance_group [ {{ count: 1 kind: {kind} }} ]\n"
    )


def sized(serving: Serving) -> tuple[str, ...]:
    """Return in words what the numbers of the command mean."""
    setting = serving.setting
    copies = serving.copies_a_machine
    each = counted(setting.replicas, "replica")
    shared = f"{copies if copies > 1 else 'one'} a machine"
    where = f"{each} in all, {'one a pod' if serving.host == 'kubernetes' else shared}"
    if serving.pattern == "batch":
        return (f"Plan: {where}, working off what has arrived.",)
    if serving.on_cpu:
        return (f"Plan: {where}, {counted(setting.in_flight, 'request')} at once.",)
    if not serving.language_model:
        return (f"Plan: {where}, batches up to {setting.in_flight}.",)
    return (
        (
            f"Plan: {where}; {setting.in_flight} requests in flight a replica; requests of "
            f"{setting.tokens_in:,.0f} tokens in and {setting.tokens_out:,.0f} out, the longest "
            f"{setting.longest:,} in all."
        ),
    )


def variables(plan: Plan, serving: Serving) -> list[Variable]:
    """Return what a person sets for the engine."""
    if serving.engine == "triton":
        meaning = "folder or URI that holds the model and its config.pbtxt"
        return [Variable("MODEL_REPOSITORY", meaning)]
    if serving.engine not in WRITTEN:
        return _own_program(serving)
    default = _model(plan).inert
    meaning = "the model that is served: a repository of the hub, or a folder"
    if not default:
        meaning = "the model that is served: the folder or repository that training wrote"
    found = [Variable("MODEL", meaning, default)]
    if serving.standing:
        found.append(Variable("VLLM_API_KEY", "secret that callers present; from a secret store"))
    else:
        found.append(Variable("INPUT_FILE", "requests to score, JSON lines in the batch format"))
        found.append(Variable("OUTPUT_FILE", "where the answers are written"))
    return found if serving.engine == "vllm" else found[:1]


def _own_program(serving: Serving) -> list[Variable]:
    """Return what a program of one's own reads from its environment."""
    if serving.engine == "tei":
        return [Variable("MODEL_ID", "the model that embeds: a repository of the hub, or a folder")]
    found = [Variable("MODEL_URI", "where the program reads the model that training wrote")]
    if not serving.standing:
        found.append(Variable("INPUT_URI", "where the data to score are"))
        found.append(Variable("SCORES_URI", "where the scores are written"))
    return found


TRITON_NOTE = "Triton: options of its documentation; take the image of your driver's release"


def pins(serving: Serving) -> tuple[str, ...]:
    """Return which version the command was written for; nothing for programs of one's own."""
    known = {"vllm": VLLM.said, "sglang": SGLANG.said, "triton": TRITON_NOTE}
    return (known[serving.engine],) if serving.engine in known else ()


def image_meaning(plan: Plan, serving: Serving) -> str:
    """Return what the image of the service holds."""
    own = serving.engine == "none"
    what = "your program that scores" if own else named(plan, "serving_engine")
    return f"image with {what}, pinned by digest"


def notes(serving: Serving) -> tuple[str, ...]:
    """Return what must be known before the command is run."""
    if serving.engine == "vllm" and serving.setting.weights == "fp8":
        return (FP8_NOTE,)
    return ()
