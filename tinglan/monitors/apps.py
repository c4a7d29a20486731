from django.apps import AppConfig


class MonitorsConfig(AppConfig):
    name = "tinglan.monitors"
    label = "monitors"
