"""Pages leave compressed: they are read on a phone, outside, in a crisis.

Streams stay as they are: the events of the live stream must leave one by one, and of the static
files the heavy ones lie compressed on disk already (scripts/build_static.py).
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)
