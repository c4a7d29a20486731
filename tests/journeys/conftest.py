"""Journeys: the real program in processes of its own, a real browser, and nothing else.

A journey touches no table: it starts `tinglan up` on an empty store, and then sees and does what a
person sees and does. `--store` chooses the store, as for the other tests.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.people import PATIENCE, open_window
from tests.journeys.site import ROOT, Site

# No screen is there: drawing by a graphics card would be imitated at the cost of a whole core.
QUIETLY = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
START_WITHIN = 300  # seconds; a bound against hanging, not a measure


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The demo plays for minutes by the clock: begun first, the others are walked meanwhile."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next((path for path in CHROMIUM if Path(path).exists()), None)
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIETLY])
        yield browser
        browser.close()


@pytest.fixture
def site(store_url: str, tmp_path: Path) -> Iterator[Site]:
    """Tinglan, running and empty."""
    with running(store_url, tmp_path) as started:
        yield started


@pytest.fixture
def demo_site(store_url: str, tmp_path: Path) -> Iterator[Site]:
    """Tinglan with the demo."""
    with running(store_url, tmp_path, "--demo") as started:
        yield started


@contextmanager
def running(store_url: str, home: Path, *arguments: str) -> Iterator[Site]:
    port = _free_port()
    environment = {
        **os.environ,
        "TINGLAN_HOME": str(home),
        "TINGLAN_DATABASE": store_url,
        "TINGLAN_PORT": str(port),
        "TINGLAN_FETCH_ALLOW": "127.0.0.1",
        "PYTHONUNBUFFERED": "1",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    log = home / "tinglan.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tinglan", "up", *arguments],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            start_new_session=True,
        )
        try:
            _wait_until_served(port, process, log)
            yield Site(url=f"http://127.0.0.1:{port}", log=log, environment=environment)
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until_served(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_WITHIN
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"Tinglan did not start:\n{log.read_text(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A desktop window in English, on the empty site."""
    page = open_window(browser, site.url)
    yield page
    page.context.close()
