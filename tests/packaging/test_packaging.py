"""What is shipped: every rule and fact, in the wheel and in the source distribution."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from advisor.errors import LibraryError
from advisor.library.examples import EXAMPLES
from advisor.library.files import fingerprint
from advisor.library.locate import library_root
from advisor.library.opening import all_files

ROOT = Path(__file__).resolve().parents[2]
DATA = ("rules", "knowledge")


def shipped() -> set[str]:
    """Return the files of the checkout that must be shipped, relative to it."""
    return {
        path.relative_to(ROOT).as_posix()
        for folder in DATA
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with a wheel and a source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist"]
    subprocess.run([*command, "-d", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


def test_the_wheel_holds_the_package_with_all_rules_and_facts_and_nothing_else(
    built: Path,
) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"advisor/_data/{path}" for path in shipped()} <= names
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"advisor"}
    assert {f"advisor/_data/examples/{name}.yaml" for name in EXAMPLES} <= names
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "advisor").rglob("*.py")}
    assert modules <= names
    assert any(name.endswith("entry_points.txt") for name in names)


def test_the_source_distribution_holds_everything_that_builds_and_tests(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert shipped() <= names
    assert {"pyproject.toml", "README.md", "tests/check.py", "advisor/__init__.py"} <= names


WHERE = "from advisor.library.locate import library_root; print(library_root())"
LOAD = "from advisor.library.load import load_library; print(load_library().fingerprint)"


def test_the_installed_wheel_finds_its_own_library(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    assert _run(WHERE, site, tmp_path) == str(site / "advisor" / "_data")
    assert _run(LOAD, site, tmp_path) == fingerprint(all_files(()))


def _run(code: str, path: Path, cwd: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(path), "XDG_CACHE_HOME": str(cwd / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_a_checkout_and_an_editable_install_use_the_files_that_are_edited(tmp_path: Path) -> None:
    package = tmp_path / "advisor"
    (tmp_path / "rules").mkdir()
    package.mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert library_root(package) == tmp_path
    (package / "_data" / "rules").mkdir(parents=True)
    assert library_root(package) == package / "_data"


def test_an_installation_without_its_data_says_so(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="are missing from this installation"):
        library_root(tmp_path / "advisor")


def test_the_ci_command_is_the_test_command_of_the_readme() -> None:
    command = "python3 -m venv .venv-test && .venv-test/bin/pip install -q -e '.[test]'"
    (line,) = [
        line
        for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("python3 -m venv .venv-test ")
    ]
    assert line == f"{command} && .venv-test/bin/python tests/check.py"
