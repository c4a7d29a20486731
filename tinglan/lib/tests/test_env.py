"""A wrong setting refuses to start, in one line that says which and what is wanted."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tinglan.lib import env

PORT = "TINGLAN_PORT"
READERS: dict[str, Callable[[dict[str, str]], object]] = {
    "integer": lambda source: env.integer(PORT, 8000, least=1, most=65535, source=source),
    "choice": lambda source: env.choice(PORT, "INFO", allowed=("INFO", "ERROR"), source=source),
    "boolean": lambda source: env.boolean(PORT, default=False, source=source),
    "zone": lambda source: env.zone(PORT, "Asia/Shanghai", source=source),
    "address": lambda source: env.address(PORT, source=source),
    "addresses": lambda source: env.addresses(PORT, source=source),
    "networks": lambda source: env.networks(PORT, source=source),
}
WRONG = {
    "integer": ("kettle", "0", "65536", "-1", ""),
    "choice": ("LOUD",),
    "boolean": ("perhaps",),
    "zone": ("Mars/Olympus", "", "../etc/passwd"),
    "address": ("tinglan.example", "ftp://tinglan.example", "http://tinglan.example:port"),
    "addresses": ("tinglan.example", "https://tinglan.example, other.example"),
    "networks": ("10.0.0.0/99", "10.1.2.3/8"),
}
RIGHT = {
    "integer": ("443", 443),
    "choice": ("ERROR", "ERROR"),
    "boolean": ("yes", True),
    "zone": ("Europe/Berlin", "Europe/Berlin"),
    "address": ("https://tinglan.example", "https://tinglan.example"),
    "addresses": (
        "https://a.example, https://b.example",
        ["https://a.example", "https://b.example"],
    ),
    "networks": ("10.1.0.0/16, rss.intra.example", ["10.1.0.0/16", "rss.intra.example"]),
}


@pytest.mark.parametrize(
    ("reader", "value"), [(reader, value) for reader, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_refused_by_its_name(reader: str, value: str) -> None:
    with pytest.raises(env.SettingError, match=PORT):
        READERS[reader]({PORT: value})


@pytest.mark.parametrize("reader", RIGHT)
def test_a_right_value_is_taken(reader: str) -> None:
    value, read = RIGHT[reader]
    assert READERS[reader]({PORT: str(value)}) == read


def started(home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TINGLAN_")}
    return subprocess.run(
        [sys.executable, "-m", "tinglan", "check"],
        env={**kept, "TINGLAN_HOME": str(home), **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def refusal(home: Path, **settings: str) -> str:
    """What the program says when it does not start."""
    done = started(home, **settings)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_the_program_says_in_one_line_why_it_does_not_start(tmp_path: Path) -> None:
    assert "TINGLAN_PORT='kettle'" in refusal(tmp_path, TINGLAN_PORT="kettle")


def test_a_home_that_is_no_folder_is_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.touch()
    assert "TINGLAN_HOME" in refusal(home)


def test_a_home_is_made_for_its_owner_alone_also_where_the_keys_come_from_elsewhere(
    tmp_path: Path,
) -> None:
    home = tmp_path / "var" / "demo"
    done = started(home, TINGLAN_SECRET_KEY="s" * 50, TINGLAN_FIELD_KEY="f" * 50)
    assert done.returncode == 0, done.stderr
    assert [folder.stat().st_mode & 0o077 for folder in (home, home.parent)] == [0, 0]


def test_a_lost_key_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "field_key.txt").touch()
    assert "field_key.txt" in refusal(tmp_path)


def test_the_password_of_a_wrong_database_address_is_not_shown(tmp_path: Path) -> None:
    said = refusal(tmp_path, TINGLAN_DATABASE="mysql://root:s3cret@db/tinglan")
    assert "TINGLAN_DATABASE" in said
    assert "s3cret" not in said
