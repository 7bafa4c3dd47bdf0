"""How the chosen hardware is set up: the numbers that launchers and configuration files need."""

from __future__ import annotations

from advisor.frozen import dataclass


@dataclass(frozen=True, slots=True)
class TrainingSetting:
    """Layout of one training run as it was sized.

    `unit` is what a sample is counted in (token, image, row, audio_hour) and `units` how many a
    run reads, epochs included. `micro_batch` counts sequences or samples of one data-parallel rank
    and pass. `sharding` is none, ddp, zero1, zero2 or zero3; `checkpoint_min` the minutes between
    checkpoints that lose least. Zero means "does not apply".
    """

    unit: str
    units: float
    method: str = "full"
    precision: str = "bf16"
    micro_batch: int = 0
    grad_accum: int = 1
    sequence: int = 0
    tensor: int = 1
    pipeline: int = 1
    context: int = 1
    expert: int = 1
    data: int = 1
    sharding: str = "none"
    recompute: str = "none"
    lora_rank: int = 0
    checkpoint_min: float = 0.0
    hours: float = 0.0
    hours_allowed: float = 0.0

    @property
    def global_batch(self) -> int:
        """Return sequences or samples of one optimizer step."""
        return self.micro_batch * self.grad_accum * self.data

    @property
    def sharded(self) -> bool:
        """Return whether states are split over data-parallel ranks."""
        return self.sharding in ("zero1", "zero2", "zero3") and self.data > 1


@dataclass(frozen=True, slots=True)
class ServingSetting:
    """Replicas and limits of a service as it was sized.

    `replicas` are those of all `regions` at the peak, `standing` those of a region that always
    run. `in_flight` is the number of requests that one replica works on at once, or the largest
    batch that it gathers. `longest` is the longest request, prompt and answer, that leaves room for
    the others in flight. `memory_share` is the part of device memory that the engine takes.
    Zero means "does not apply".
    """

    replicas: int
    standing: int
    regions: int = 1
    in_flight: int = 0
    peak_rps: float = 0.0
    replica_rps: float = 0.0
    tensor: int = 1
    pipeline: int = 1
    weights: str = ""
    cache: str = ""
    tokens_in: float = 0.0
    tokens_out: float = 0.0
    longest: int = 0
    memory_share: float = 0.0

    @property
    def devices(self) -> int:
        """Return the devices of one replica."""
        return max(1, self.tensor) * max(1, self.pipeline)

    @property
    def replicas_a_region(self) -> int:
        """Return the replicas of one region at the peak."""
        return -(-self.replicas // max(1, self.regions))


Setting = TrainingSetting | ServingSetting
