from django.urls import URLPattern, URLResolver, path

from tinglan.alerts.views import alerts, bell, channels, health

app_name = "alerts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/audit", health.audit, name="audit"),
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts/<int:pk>", alerts.alert, name="alert"),
    path("alerts/<int:pk>/acknowledgement", alerts.acknowledgement, name="acknowledgement"),
    path("alerts/<int:pk>/acknowledgement/note", alerts.note, name="note"),
    path("notifications", bell.notifications, name="notifications"),
    path("notifications/bell", bell.bell, name="bell"),
    path("notifications/seen", bell.seen, name="seen"),
    path("settings/channels", channels.channels, name="channels"),
    path("settings/channels/new/<str:kind>", channels.new_channel, name="new_channel"),
    path("settings/channels/<int:pk>", channels.channel, name="channel"),
    path("settings/channels/<int:pk>/test", channels.test, name="test"),
    path("settings/channels/rules/new", channels.new_rule, name="new_rule"),
    path("settings/channels/rules/<int:pk>", channels.rule, name="rule"),
    path("settings/channels/rules/<int:pk>/deletion", channels.rule_deletion, name="rule_deletion"),
]
