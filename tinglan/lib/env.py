"""Settings from the environment: typed readers that refuse to start on a wrong value."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tinglan.lib.addresses import AllowList

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


def integer(
    name: str, default: int, *, least: int, most: int, source: Mapping[str, str] = os.environ
) -> int:
    value = source.get(name)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise SettingError(name, value, f"a whole number from {least} to {most}")
    return number


def choice(
    name: str, default: str, *, allowed: Collection[str], source: Mapping[str, str] = os.environ
) -> str:
    value = source.get(name, default)
    if value not in allowed:
        raise SettingError(name, value, f"one of {', '.join(allowed)}")
    return value


def zone(name: str, default: str, *, source: Mapping[str, str] = os.environ) -> str:
    value = source.get(name, default)
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingError(name, value, "a time zone such as Asia/Shanghai") from error
    return value


def address(name: str, default: str = "", *, source: Mapping[str, str] = os.environ) -> str:
    """A web address; empty where none is set."""
    value = source.get(name, default)
    if value and not _is_web(value):
        raise SettingError(name, value, "an address such as https://tinglan.example")
    return value


def addresses(name: str, *, source: Mapping[str, str] = os.environ) -> list[str]:
    found = words(name, source=source)
    if not all(map(_is_web, found)):
        raise SettingError(name, source[name], "addresses such as https://tinglan.example")
    return found


def _is_web(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a port that is none
        return False


def networks(name: str, *, source: Mapping[str, str] = os.environ) -> list[str]:
    found = words(name, source=source)
    try:
        AllowList.parse(found)
    except ValueError as error:
        raise SettingError(name, source[name], "hosts and networks such as 10.1.0.0/16") from error
    return found


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
