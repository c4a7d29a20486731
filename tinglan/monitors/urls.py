from django.urls import URLPattern, URLResolver

app_name = "monitors"
urlpatterns: list[URLPattern | URLResolver] = []
