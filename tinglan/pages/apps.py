from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "tinglan.pages"
    label = "pages"
