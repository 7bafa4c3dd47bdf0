"""Serving engines by how they launch work and reserve memory."""

from __future__ import annotations

from advisor.frozen import dataclass

SERVER, LOCAL, EAGER = "server", "local", "eager"
"""Engine kinds: batching servers with captured graphs; single-user runtimes; Python loops."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine family.

    `pool_share` is the share of device memory that it reserves at start, whatever the need
    (0 = allocates on demand). `token_budget` is the most tokens of one step (prompt chunks and
    new tokens together) by its default settings; `max_batch` the default cap on running requests.
    """

    name: str
    kind: str
    pool_share: float = 0.0
    token_budget: int = 8192
    max_batch: int = 256


_ENGINES = (
    Engine("vllm", SERVER, 0.90, 8192, 256),
    Engine("vllm-v1", SERVER, 0.90, 8192, 256),
    Engine("sglang", SERVER, 0.88, 8192, 1024),
    Engine("tensorrt-llm", SERVER, 0.90, 8192, 2048),
    Engine("tgi", SERVER, 0.90, 8192, 256),
    Engine("lmdeploy", SERVER, 0.92, 8192, 256),
    Engine("deepspeed", SERVER, 0.90, 8192, 256),
    Engine("fastertransformer", SERVER, 0.0, 65536, 256),
    Engine("gpt-fast", SERVER, 0.0, 65536, 16),
    Engine("neuron", SERVER, 0.0, 8192, 64),
    Engine("llama.cpp", LOCAL, 0.0, 512, 16),
    Engine("exllama", LOCAL, 0.0, 2048, 16),
    Engine("mlc", LOCAL, 0.85, 2048, 80),
    Engine("mlx", LOCAL, 0.0, 2048, 16),
    Engine("autoawq", LOCAL, 0.0, 65536, 64),
    Engine("tinychat", LOCAL, 0.0, 65536, 16),
    Engine("transformers", EAGER, 0.0, 65536, 64),
    Engine("litgpt", EAGER, 0.0, 65536, 16),
    Engine("accelerate", EAGER, 0.0, 65536, 16),
    Engine("flexgen", EAGER, 0.0, 65536, 256),
    Engine("ctranslate2", LOCAL, 0.0, 65536, 64),
)
ENGINES = {engine.name: engine for engine in _ENGINES}
"""Every engine family by name; `vllm` is that of releases before 0.8 and of labels without one."""
CURRENT = "vllm-v1"
"""The engine that deployments to come are sized with."""
