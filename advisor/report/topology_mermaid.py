"""The topology as a Mermaid flowchart, for documents that are kept as text."""

from __future__ import annotations

import re

from advisor.report.text import clean
from advisor.report.topology import Node, Topology

_UNSAFE = re.compile(r"[^\w .,:;()/%+$=-]", re.ASCII)


def mermaid(topology: Topology) -> str:
    """Return the flowchart; texts are quoted and hold no character that Mermaid reads."""
    lines = ["flowchart LR"]
    for zone in topology.zones:
        inside = [n for n in topology.nodes if zone.first <= n.column <= zone.last]
        lines += [f'  subgraph {zone.id}["{_safe(zone.title)}"]']
        lines += [f"    {_node(n)}" for n in inside] + ["  end"]
    bound = {n.id for z in topology.zones for n in topology.nodes if z.first <= n.column <= z.last}
    lines += [f"  {_node(n)}" for n in topology.nodes if n.id not in bound]
    lines += [f'  {e.source} -->|"{_safe(e.what)}"| {e.target}' for e in topology.edges]
    lines += [f"  style {zone.id} stroke-dasharray: 6 4,fill:none" for zone in topology.zones]
    return "\n".join(lines)


def _node(node: Node) -> str:
    return f'{node.id}["{"<br>".join(map(_safe, (node.title, *node.parts)))}"]'


def _safe(text: str) -> str:
    return _UNSAFE.sub(" ", clean(text))
