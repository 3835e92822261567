"""What the tests in a browser share: the browser."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def browser(requires_tool):
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
