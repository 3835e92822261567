"""Read the Docs: the commands of .readthedocs.yaml leave every edition where it looks for them."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml


@pytest.fixture(scope="module")
def configuration(root: Path) -> dict[str, object]:
    loaded: dict[str, object] = yaml.safe_load(
        (root / ".readthedocs.yaml").read_text(encoding="utf-8")
    )
    return loaded


def test_configuration_is_complete(configuration) -> None:
    """`build.commands` replaces every step of Read the Docs, and wants `os` and `tools`."""
    assert configuration["version"] == 2
    assert configuration["build"].keys() == {"os", "tools", "commands"}
    assert configuration["build"]["tools"].keys() == {"python"}


def test_commands_write_each_edition(
    configuration, root: Path, tmp_path: Path, make_environment: dict[str, str]
) -> None:
    output = tmp_path / "read the docs"
    make_environment |= {"READTHEDOCS_OUTPUT": str(output), "OUT": str(tmp_path / "a site")}
    for command in configuration["build"]["commands"]:
        completed = subprocess.run(
            ["bash", "-c", command],
            cwd=root,
            env=make_environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert completed.returncode == 0, completed.stdout + completed.stderr

    assert (output / "html" / "index.html").is_file()
    assert (output / "html" / "manifest.json").is_file()
    assert (output / "html" / "reference" / "index.html").is_file()
    (epub,) = (output / "epub").iterdir()
    with zipfile.ZipFile(epub) as archive:
        assert archive.read("mimetype") == b"application/epub+zip"
    # Read the Docs takes exactly one file from each of these folders, or fails the build.
    (pdf,) = (output / "pdf").iterdir()
    assert pdf.read_bytes().startswith(b"%PDF-")
