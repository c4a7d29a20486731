"""A demo signs anybody in as anybody: it is reachable from this machine only."""

import os
import subprocess
import sys

SAY = "from tinglan import settings as s; print(s.LISTEN, *s.ALLOWED_HOSTS)"


def test_a_demo_listens_on_loopback_whatever_it_is_told() -> None:
    told = {"TINGLAN_DEMO": "1", "TINGLAN_LISTEN": "0.0.0.0", "TINGLAN_HOSTS": "demo.example"}
    done = subprocess.run(
        [sys.executable, "-c", SAY],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["127.0.0.1", "127.0.0.1", "localhost", "[::1]"]
