"""What every page needs: the shell's navigation, the site time, what is blind."""

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    return {}
