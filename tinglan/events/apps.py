from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "tinglan.events"
    label = "events"
