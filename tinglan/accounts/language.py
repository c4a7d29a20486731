"""A member's language: kept with them, so that mail and the next browser speak it too."""

from tinglan.accounts.models import Member


def speak(member: Member, language: str) -> None:
    """A preference of their own: no right is needed and no trail is kept."""
    member.language = language
    member.save(update_fields=["language"])
