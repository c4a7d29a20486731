from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "tinglan.sources"
    label = "sources"
