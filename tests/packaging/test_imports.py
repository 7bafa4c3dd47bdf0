"""Imports that a static reader cannot see: experta is imported by name, behind one gate."""

from __future__ import annotations

import re
from pathlib import Path

import advisor

IMPORTS = re.compile(r"import_module\(\s*[\"']experta|^\s*(?:import|from) experta", re.MULTILINE)


def test_only_the_gate_imports_experta() -> None:
    package = Path(advisor.__file__).parent
    found = [
        path.relative_to(package).as_posix()
        for path in sorted(package.rglob("*.py"))
        if IMPORTS.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["engine/_experta.py"]
