from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "tinglan.reports"
    label = "reports"
