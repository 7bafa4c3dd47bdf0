"""The topology as a Mermaid flowchart, for documents that are kept as text."""

from __future__ import annotations

import re

from advisor.report.text import clean
from advisor.report.topology import Edge, Node, Topology

_UNSAFE = re.compile(r"[^\w .,:;()/%+$='-]", re.ASCII)


def mermaid(topology: Topology) -> str:
    """Return the flowchart; texts are quoted and hold no character that Mermaid reads."""
    lines = ["flowchart LR"]
    for zone in topology.zones:
        inside = [n for n in topology.nodes if zone.first <= n.column <= zone.last]
        lines += [f'  subgraph {zone.id}["{_safe(zone.title)}"]']
        lines += [f"    {_node(n)}" for n in inside] + ["  end"]
    bound = {n.id for z in topology.zones for n in topology.nodes if z.first <= n.column <= z.last}
    lines += [f"  {_node(n)}" for n in topology.nodes if n.id not in bound]
    lines += [_edge(e) for e in topology.edges]
    lines += [f"  style {zone.id} stroke-dasharray: 6 4,fill:none" for zone in topology.zones]
    personal = ",".join(n.id for n in topology.nodes if n.personal)
    if personal:
        lines += ["  classDef personal stroke-width:4px", f"  class {personal} personal"]
    return "\n".join(lines)


def _edge(edge: Edge) -> str:
    over = ", across the boundary" if edge.crosses else ""
    return f'  {edge.source} -->|"{_safe(edge.what)}{over}"| {edge.target}'


def _node(node: Node) -> str:
    return f'{node.id}["{"<br>".join(map(_safe, _texts(node)))}"]'


def _texts(node: Node) -> tuple[str, ...]:
    return (node.title, *node.parts, *(("holds personal data",) if node.personal else ()))


def _safe(text: str) -> str:
    return _UNSAFE.sub(" ", clean(text))
