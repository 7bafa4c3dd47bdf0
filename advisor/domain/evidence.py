"""Published measurements: what was run on what, the figure that was printed, and where."""

from __future__ import annotations

from advisor.frozen import dataclass

TRAINING, SERVING = "training", "serving"


@dataclass(frozen=True, slots=True)
class Setup:
    """What tells how alike two runs are.

    `task` is that of the evidence tables; `params` counts single parameters, `count` devices,
    `length` tokens of a sequence or a prompt, `batch` items or requests in flight (0: does not
    apply, or is not said). `precision` is that of the weights.
    """

    use: str
    task: str
    params: float
    device: str
    architecture: str
    count: int = 1
    precision: str = ""
    length: float = 0.0
    model: str = ""
    batch: float = 0.0


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One measured figure with what the estimators say of the same run.

    `metric` is the column of the evidence table, which names the unit; `predicted` is 0 where
    the estimators refuse the row. `device_name` is as the source prints it.
    """

    setup: Setup
    device_name: str
    metric: str
    measured: float
    predicted: float
    source: str
    locator: str
    date: str
