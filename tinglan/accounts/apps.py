from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tinglan.accounts"
    label = "accounts"
