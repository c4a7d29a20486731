"""Run a command with a throw-away PostgreSQL 15 cluster: python tests/postgresql.py COMMAND…

The cluster lies in a temporary folder, listens on a socket there and is gone afterwards. It gives
up durability for speed, which no test of ours needs: processes are killed, never the server.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

BINARIES = (Path("/usr/lib/postgresql/15/bin"), Path("/usr/local/bin"), Path("/usr/bin"))
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster; yields the URL of an empty database named tinglan."""
    folder = Path(tempfile.mkdtemp(prefix="tinglan-pg-"))
    user = _owner(folder)
    data = folder / "data"
    try:
        _run(user, "initdb", "-D", data, "-U", "tinglan", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"{OPTIONS} -k {folder} -c listen_addresses=''"
        _run(user, "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
        try:
            _run(user, "createdb", "-h", folder, "-U", "tinglan", "tinglan")
            yield f"postgresql://tinglan@{quote(str(folder), safe='')}/tinglan"
        finally:
            _run(user, "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: then it runs as the package's own user."""
    if os.geteuid() != 0:
        return None
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return user.pw_name


def _run(user: str | None, program: str, *arguments: object) -> None:
    path = next((folder / program for folder in BINARIES if (folder / program).exists()), None)
    if path is None:
        sys.exit(f"{program} of PostgreSQL 15 is not installed: apt-get install postgresql-15")
    command = [str(path), *(str(argument) for argument in arguments)]
    if user:
        command = ["runuser", "-u", user, "--", *command]
    # Output to a file: the server inherits it, and a pipe would never close.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdout=output, stderr=output, check=False, cwd="/")
        if done.returncode:
            output.seek(0)
            sys.exit(f"{' '.join(command)}\n{output.read().decode()}")


if __name__ == "__main__":
    with cluster() as url:
        environment = {**os.environ, "TINGLAN_DATABASE": url}
        code = subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    sys.exit(code)
