from django.apps import AppConfig


class DrillsConfig(AppConfig):
    name = "tinglan.drills"
    label = "drills"
