"""Where rules and knowledge are: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import platformdirs

from advisor.errors import LibraryError

PACKAGE = Path(__file__).resolve().parent.parent
APP = "ml-architecture-advisor"


def library_root(package: Path = PACKAGE) -> Path:
    """Return the folder that holds `rules/` and `knowledge/`.

    Raises LibraryError where neither the installed package nor the checkout has them.
    """
    installed, checkout = package / "_data", package.parent
    if (installed / "rules").is_dir():
        return installed
    if (checkout / "pyproject.toml").is_file() and (checkout / "rules").is_dir():
        return checkout
    raise LibraryError(
        f"{installed}: the rules and the knowledge are missing from this installation; "
        f"install {APP} again"
    )


def cache_folder() -> Path:
    """Return the folder for compiled libraries; it may not exist yet."""
    return Path(platformdirs.user_cache_dir(APP))


def packs_in_force(stated: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Return the packs of the user's configuration folder, then those stated, each once."""
    every = (*user_packs(), *stated)
    return tuple({path.resolve(): path for path in every}.values())


def user_packs() -> tuple[Path, ...]:
    """Return the packs in the user's configuration folder, sorted by name.

    None where `ADVISOR_NO_USER_PACKS` is set to anything but 0.
    """
    if os.environ.get("ADVISOR_NO_USER_PACKS", "0") not in ("", "0"):
        return ()
    folder = Path(platformdirs.user_config_dir(APP)) / "packs"
    return tuple(sorted(path.parent for path in folder.glob("*/pack.yaml")))
