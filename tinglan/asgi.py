"""The web application for an ASGI server."""

import gc
import os
import warnings

from django.core.asgi import get_asgi_application
from django.db import connections
from django.urls import get_resolver

from tinglan.lib.bodies import LimitedBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinglan.settings")
# WhiteNoise hands over files in its own way; they are small, and browsers keep them.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
application = LimitedBodies(get_asgi_application())

# A request runs in a thread of its own that ends with it: a connection kept open would serve nobody
# and wait for the garbage collector, until the server has no more to give.
connections.settings["default"]["CONN_MAX_AGE"] = 0

# All pages are loaded now and stay: the garbage collector need not walk over them again and again,
# which took a fifth of the time of a push.
len(get_resolver().url_patterns)
gc.freeze()
