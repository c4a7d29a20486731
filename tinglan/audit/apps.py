from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "tinglan.audit"
    label = "audit"
