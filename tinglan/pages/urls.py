from django.urls import URLPattern, URLResolver, path

from tinglan.pages.views import frame

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", frame.healthz, name="healthz"),
    path("settings", frame.settings_start, name="settings"),
    path("live", frame.live, name="live"),
]
