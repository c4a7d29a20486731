from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "tinglan.clocks"
    label = "clocks"
