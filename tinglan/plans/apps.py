from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "tinglan.plans"
    label = "plans"
