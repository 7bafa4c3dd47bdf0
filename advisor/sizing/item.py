"""What one item of a workload takes: an image, a text to encode, a window of speech, a request."""

from __future__ import annotations

from advisor.frozen import dataclass
from advisor.sizing.training_samples import SampleWork


@dataclass(frozen=True, slots=True)
class ItemWork:
    """One item: `work` is one pass over it, `passes` how often it runs, `kernels` launched a pass
    (0: follows from the activations), `abreast` passes run in one launch; `arithmetic` says how the
    operations were worked out, `size` which item was taken where nobody said."""

    kind: str
    work: SampleWork
    params: float
    arithmetic: str
    passes: float = 1.0
    kernels: float = 0.0
    abreast: float = 1.0
    size: str = ""

    @property
    def flop(self) -> float:
        """Return the operations of one item."""
        return self.work.flops * self.passes
