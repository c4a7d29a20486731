from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "tinglan.approvals"
    label = "approvals"
