from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "tinglan.cases"
    label = "cases"
