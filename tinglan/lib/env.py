"""Settings from the environment: typed readers that refuse to start on a wrong value."""

import os
from collections.abc import Mapping
from pathlib import Path

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


class SettingError(ValueError):
    """An environment variable holds a value that the program cannot use."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value!r}: {wanted} expected")
        self.name = name


def text(name: str, default: str = "", *, source: Mapping[str, str] = os.environ) -> str:
    return source.get(name, default)


def boolean(name: str, *, default: bool, source: Mapping[str, str] = os.environ) -> bool:
    value = source.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise SettingError(name, value, "1 or 0")


def integer(name: str, default: int, *, source: Mapping[str, str] = os.environ) -> int:
    value = source.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise SettingError(name, value, "a whole number") from error


def words(name: str, default: str = "", *, source: Mapping[str, str] = os.environ) -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [word.strip() for word in source.get(name, default).split(",") if word.strip()]


def secret(name: str, default: str = "", *, source: Mapping[str, str] = os.environ) -> str:
    """NAME, or the content of the file that NAME_FILE points to (container secrets)."""
    path = source.get(f"{name}_FILE")
    if path is None:
        return source.get(name, default)
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE", path, "a readable file") from error
