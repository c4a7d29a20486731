from django.urls import URLPattern, URLResolver, path

from tinglan.api.v1 import api

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [path("api/v1/", api.urls)]
