"""What is served, on what, and how: the input of the serving estimator."""

from __future__ import annotations

from advisor.domain.hardware import Accelerator
from advisor.domain.model import ModelShape
from advisor.frozen import dataclass
from advisor.sizing.serving_format import FORMATS, KV_BYTES, WeightFormat

SINGLE, OFFLINE, ONLINE = "single", "offline", "online"
"""Serving modes: one request at a time; a queue that never empties; requests that arrive."""


@dataclass(frozen=True, slots=True)
class ServingJob:
    """One deployment of a language model and the work it gets.

    `engine` is a family of `advisor.sizing.serving_engine`. `batch` is the static batch or the
    number of concurrent requests; None lets the estimator take the largest that fits (`offline`)
    or one (`single`, `online`). `n_gpus` above `tp * pp` means equal replicas that share the
    batch. Lengths are mean tokens a request. `disaggregated` gives half of the replicas to prompts
    and half to generation.
    """

    shape: ModelShape
    device: Accelerator
    n_gpus: int = 1
    tp: int = 1
    pp: int = 1
    weight_precision: str = "bf16"
    kv_precision: str = "bf16"
    engine: str = "vllm"
    mode: str = SINGLE
    batch: int | None = None
    input_len: float = 512.0
    output_len: float = 128.0
    disaggregated: bool = False

    @property
    def format(self) -> WeightFormat:
        """Return the weight format. Raises KeyError for an unknown label."""
        return FORMATS[self.weight_precision]

    @property
    def kv_bytes(self) -> float:
        """Return bytes of one cached element. Raises KeyError for an unknown label."""
        return KV_BYTES[self.kv_precision]

    @property
    def replicas(self) -> int:
        """Return how many equal copies the devices hold, at least one."""
        return max(1, self.n_gpus // (self.tp * self.pp))

    @property
    def context(self) -> float:
        """Return tokens of a finished request."""
        return self.input_len + self.output_len
