"""`tinglan web`: the web server."""

from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand

from tinglan.lib import supervise


class Command(BaseCommand):
    help = "Serve the pages and the API."

    def handle(self, *args: Any, **options: Any) -> None:
        supervise.ignore_interrupts()
        uvicorn.run(
            "tinglan.asgi:application",
            host=settings.LISTEN,
            port=settings.PORT,
            log_level="warning",
            timeout_graceful_shutdown=3,  # live pages hold their streams open
            proxy_headers=False,
        )
