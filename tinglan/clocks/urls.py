from django.urls import URLPattern, URLResolver, path

from tinglan.clocks import views

app_name = "clocks"
urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/clocks", views.clocks, name="clocks"),
]
