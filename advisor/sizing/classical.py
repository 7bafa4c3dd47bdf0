"""Trees, statistics and small networks on CPUs: time, rate and machines.

A vCPU is one hardware thread, half a physical core. Constants are single measured points, named
with their source; the interval that callers put round them is wide for that reason.
"""

from __future__ import annotations

from math import ceil

TREE_VALUE_S = 42.0 * 32 / (1e7 * 100 * 10)
"""vCPU-seconds a row, tree and column: LightGBM, 100 trees of depth 10 on ten million rows of about
ten columns, 42 s on the 16 physical cores of an r4.8xlarge (GBM-perf README, 2019-04-29)."""
TREE_ROW_BYTES = 36.0
"""Memory of a row beside one byte for each of its binned values: LightGBM holds 1.7 billion rows of
67 columns in 176 GB on one machine, and half of that on each of twice as many (LightGBM docs,
Experiments, parallel experiment on Criteo's click logs)."""
WEIGHT_BYTES, STATE_BYTES, TABLE_BYTES = 4.0, 16.0, 8.0
"""Bytes of a parameter: in use; in training with gradient and two moments; in training as part of
a table of embeddings, of which each step reads some rows, with the sum that Adagrad keeps."""
NODE_VISIT_S = 4e-9
"""Seconds to pass one node of a tree where many rows are scored together, about a cache hit of the
second level (measured: XGBoost 3, 500 trees of depth 8, 50 columns, 20,000 rows, one thread: 14 us
a row)."""
ONE_ROW_VISIT_S = 18e-9
"""The same for a row that comes alone: caches and branches are cold (measured: LightGBM 4, the same
model, one row through the C interface, one thread: 70 us at the median)."""
TAIL = 1.5
"""99th percentile of the time of one request over its usual time, without a queue."""
SERIES_FIT_S = 1.0
"""vCPU-seconds to choose and fit a seasonal model to one daily series of two or three years
(order of magnitude of the StatsForecast experiments)."""
VCPU_FLOPS = 37e9
"""FLOP/s of a vCPU on transformer inference: BERT-base, 128 tokens, 22.4 GFLOP in 75 ms on eight
threads of a Xeon W-2123 with fused ONNX Runtime 1.2 (NN optimisation notes, BERT). Others:
29 of bge-small on 16 vCPUs of Cascade Lake with ONNX Runtime, 14 in PyTorch (infinity), 20 of CLIP
ViT-B/16 on sixteen threads of a desktop (omni_search)."""
MEASURED_FLOP, MEASURED_THREADS, FEW_THREADS = 2e10, 8, 4
"""Threads over which a request that large was measured to spread; smaller ones gain from fewer."""
BUSY = 0.6
"""Share of a machine's rate that is planned for: above it, waiting grows without bound."""


def tree_training_hours(rows: float, columns: float, trees: float, vcpus: float) -> float:
    """Return hours to boost `trees` trees on a table: time grows with rows x columns x trees."""
    return rows * columns * trees * TREE_VALUE_S / vcpus / 3600.0


def tree_training_gb(rows: float, columns: float) -> float:
    """Return GB of memory that a table takes while trees are boosted on it."""
    return rows * (columns + TREE_ROW_BYTES) / 1e9


def tree_scoring_rows_s(trees: float, depth: float, vcpus: float) -> float:
    """Return rows scored a second: one visit for each level of each tree."""
    return vcpus / (trees * depth * NODE_VISIT_S)


def series_fit_hours(series: float, vcpus: float) -> float:
    """Return hours to fit one model to each of `series` time series, side by side."""
    return series * SERIES_FIT_S / vcpus / 3600.0


def network_threads(flop: float) -> int:
    """Return the threads that share one request of a network."""
    return MEASURED_THREADS if flop >= MEASURED_FLOP else FEW_THREADS


def network_rate(flop: float, vcpus: float) -> float:
    """Return requests a second of a network that takes `flop` a request."""
    return vcpus * VCPU_FLOPS / flop


def network_training_hours(params: float, units: float, vcpus: float) -> float:
    """Return hours to train a network on CPUs: six FLOP a parameter and unit (token)."""
    return 6.0 * params * units / (vcpus * VCPU_FLOPS) / 3600.0


def network_training_gb(params: float, active: float) -> float:
    """Return GB of memory that a network takes while it is trained, tables beside what every
    example passes through."""
    return (active * STATE_BYTES + (params - active) * TABLE_BYTES) / 1e9


def network_serving_gb(params: float) -> float:
    """Return GB of memory that the weights of a network take in use."""
    return params * WEIGHT_BYTES / 1e9


def vcpus_for(requests_per_s: float, rate_of_one: float) -> int:
    """Return vCPUs that carry a load at a share `BUSY` of their rate, at least one."""
    return max(1, ceil(requests_per_s / (rate_of_one * BUSY)))
