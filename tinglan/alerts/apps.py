from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "tinglan.alerts"
    label = "alerts"
