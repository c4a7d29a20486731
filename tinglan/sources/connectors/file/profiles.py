"""The file formats there are, one line each: a name, the columns that tell it, and its reader."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from tinglan.sources.connectors import postline
from tinglan.sources.connectors.contract import ConnectorError
from tinglan.sources.connectors.file import mediacrawler
from tinglan.sources.connectors.items import ReadRecord


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    columns: frozenset[str]  # without all of these a record is not of this format
    read: ReadRecord

    def fits(self, columns: Collection[str]) -> bool:
        return self.columns <= set(columns)


PROFILES: Final = (
    Profile("tinglan", postline.COLUMNS, postline.read),
    Profile(
        "mediacrawler_weibo",
        frozenset({"note_id", "content", "create_time"}),
        mediacrawler.read_weibo,
    ),
)


def named(name: str) -> Profile:
    for profile in PROFILES:
        if profile.name == name:
            return profile
    names = ", ".join(profile.name for profile in PROFILES)
    message = f"There is no file format {name!r}; there are {names}."
    raise ConnectorError(message, code="unknown_profile", permanent=True)


def recognised(columns: Collection[str]) -> Profile:
    """The first format whose columns are all there."""
    for profile in PROFILES:
        if profile.fits(columns):
            return profile
    shown = ", ".join(list(columns)[:20])[:300]
    raise ConnectorError(
        f"No file format known here has these columns: {shown}. Name the format, or rename the"
        " columns: the post line of Tinglan needs id and text.",
        code="unknown_profile",
        permanent=True,
    )
