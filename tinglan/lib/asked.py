"""What an address or a form asks for by itself, where no form object reads it."""

from typing import Final

LONGEST: Final = 18  # digits: every such number fits a column of each store


def number(text: str | None) -> int | None:
    """A whole number, a row's as a rule; None for anything else, so that nothing is found.

    >>> number("7"), number("seven"), number("²"), number("9" * 25), number(None)
    (7, None, None, None, None)
    """
    if text and len(text) <= LONGEST and text.isascii() and text.isdecimal():
        return int(text)
    return None


def words(text: str | None, *, limit: int = 100) -> str:
    """Words to look for, as any store takes them.

    >>> words("  \\x00水壶 ")
    '水壶'
    """
    return (text or "").replace("\0", "").strip()[:limit]
