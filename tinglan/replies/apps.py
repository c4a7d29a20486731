from django.apps import AppConfig


class RepliesConfig(AppConfig):
    name = "tinglan.replies"
    label = "replies"
