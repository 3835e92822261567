"""What several test modules share: folders, outside tools, settings of hypothesis."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

ROOT: Final = Path(__file__).resolve().parent.parent
ON_CI: Final = os.environ.get("CI") == "true"

# No deadline: a test on a busy machine is slow, not wrong. On CI the same examples each time.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if ON_CI else "local")
set_hypothesis_home_dir(ROOT / "build" / "cache" / "hypothesis")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture
def undisturbed() -> Iterator[None]:
    """No search for garbage while time is measured: other tests' objects make it slow."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(scope="session")
def requires_tool() -> Callable[[str], Path]:
    """A function from a command's name to its path, for tools that pip cannot install.

    Where the tool is missing the test is skipped; with ``CI=true`` it fails, as `.ci/run`
    installs them all.
    """

    def find(name: str) -> Path:
        path = shutil.which(name)
        if path is not None:
            return Path(path)
        reason = f"{name} is not installed"
        if ON_CI:
            pytest.fail(f"{reason}, and .ci/run should have installed it")
        pytest.skip(reason)

    return find


@pytest.fixture(scope="session")
def browser(requires_tool: Callable[[str], Path]) -> Iterator[Any]:
    """A headless Chromium, driven by Playwright."""
    chromium = requires_tool("chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only where there is a browser

    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start for root; what it is shown is our own pages.
        launched = playwright.chromium.launch(
            executable_path=str(chromium),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real posts: ``$DUIZHAO_CORPUS``, else ``../shared/corpus/posts``.

    The posts are other people's texts, so they do not come with the project: where they are
    missing the test is skipped, on CI too.
    """
    named = os.environ.get("DUIZHAO_CORPUS")
    posts = Path(named) if named else ROOT.parent / "shared" / "corpus" / "posts"
    if not posts.is_dir():
        pytest.skip(f"no corpus at {posts}; DUIZHAO_CORPUS names another folder")
    return posts


@pytest.fixture
def make_environment() -> dict[str, str]:
    """The environment for a `make` of its own, when the tests were started by `make` as well."""
    inherited = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "OUT", "POSTS", "PYTHON", "VENV"}
    return {name: value for name, value in os.environ.items() if name not in inherited}
