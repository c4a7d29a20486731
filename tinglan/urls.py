"""Every address of the product: each app brings its own."""

from django.urls import include, path

APPS = (
    "pages",
    "accounts",
    "audit",
    "approvals",
    "clocks",
    "sources",
    "monitors",
    "events",
    "alerts",
    "plans",
    "replies",
    "cases",
    "reports",
    "drills",
    "api",
)

urlpatterns = [path("", include(f"tinglan.{app}.urls")) for app in APPS]
handler400 = "tinglan.pages.views.refused.bad_request"
