"""The topology as a chapter: drawing, the same in Mermaid, and what crosses a boundary."""

from __future__ import annotations

from advisor.domain.plan import Plan
from advisor.report.model import Listing, Paragraph, Picture, Section, Strong
from advisor.report.text import listed
from advisor.report.topology import Topology, topology_of
from advisor.report.topology_mermaid import mermaid
from advisor.report.topology_svg import draw


def topology_chapter(plan: Plan) -> Section:
    """Return the drawing with its text."""
    found = topology_of(plan)
    words = _words(found)
    held = any(n.personal for n in found.nodes)
    people = " A filled foot marks parts that hold data of people." if held else ""
    picture = Picture(
        "drawing-topology",
        draw(found, words),
        words,
        f"From sources to consumers. Dashed frames are trust boundaries; a dot marks what crosses "
        f"one and needs identity, encryption and a record.{people}",
    )
    data = Paragraph((Strong("Data classification: "), f"personal data: {found.data_class}."))
    blocks = (data, picture, Listing("mermaid", mermaid(found)))
    return Section("topology", "Topology", blocks)


def _words(found: Topology) -> str:
    titles = {n.id: n.title for n in found.nodes}
    over = {True: ", across a boundary", False: ""}
    flows = [
        f"{titles[e.source]} to {titles[e.target]} ({e.what}{over[e.crosses]})" for e in found.edges
    ]
    held = [n.title for n in found.nodes if n.personal]
    people = f" Data of people are held by: {listed(held)}." if held else ""
    return f"{listed(flows)}. {'; '.join(z.title for z in found.zones)}.{people}"
