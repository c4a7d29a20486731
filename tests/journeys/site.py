"""The running program of a journey: where it is and what it has said."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Site:
    url: str
    log: Path
    environment: Mapping[str, str] = field(repr=False)

    def push(self, token: str, posts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """POST /api/v1/posts as NDJSON; the result per line."""
        body = "\n".join(json.dumps(post, ensure_ascii=False) for post in posts).encode()
        request = urllib.request.Request(
            f"{self.url}/api/v1/posts",
            data=body,
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            results: list[dict[str, Any]] = json.load(answer)
            return results

    def push_unsigned(self, source: str, post: Mapping[str, Any]) -> int:
        """Post to a source without any key; the status of the answer."""
        body = json.dumps(post, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        address = f"{self.url}/api/v1/posts?source={source}"
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body, headers)) as answer:
                status: int = answer.status
        except urllib.error.HTTPError as refusal:
            with refusal:
                status = refusal.code
        return status

    def run(self, *arguments: str) -> dict[str, Any]:
        """A command of the program on the same store, as an administrator runs it on the server."""
        done = subprocess.run(
            [sys.executable, "-m", "tinglan", *arguments],
            env=dict(self.environment),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        result: dict[str, Any] = json.loads(done.stdout)
        return result

    def said(self) -> str:
        """What the processes have logged."""
        return self.log.read_text(errors="replace")


def wait_for(happened: Callable[[], bool], *, what: str, seconds: float = 60) -> None:
    """Wait for something the workers do; the bound is against hanging, not a measure."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"did not happen in {seconds:.0f} s: {what}")
        time.sleep(0.2)
