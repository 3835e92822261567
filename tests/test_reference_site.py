"""The reference site builds with no warning."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_reference_site_builds_without_a_warning(root: Path, tmp_path: Path) -> None:
    completed = subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going"),
            *("-d", str(tmp_path / "doctrees"), str(root / "docs"), str(tmp_path / "html")),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert completed.returncode == 0, completed.stderr
    assert completed.stderr == ""
    assert (tmp_path / "html" / "reference" / "cli.html").is_file()
