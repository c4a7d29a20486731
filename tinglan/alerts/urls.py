from django.urls import URLPattern, URLResolver, path

from tinglan.alerts.views import alerts, bell, channels, duty, health, silences

app_name = "alerts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/audit", health.audit, name="audit"),
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts/<int:pk>", alerts.alert, name="alert"),
    path("alerts/<int:pk>/acknowledgement", alerts.acknowledgement, name="acknowledgement"),
    path("alerts/<int:pk>/acknowledgement/note", alerts.note, name="note"),
    path("alerts/<int:pk>/hand-back", alerts.handing_back, name="hand_back"),
    path("alerts/silences", silences.silences, name="silences"),
    path("alerts/silences/<int:pk>/end", silences.silence_end, name="silence_end"),
    path("notifications", bell.notifications, name="notifications"),
    path("notifications/bell", bell.bell, name="bell"),
    path("notifications/seen", bell.seen, name="seen"),
    path("settings/duty/quiet-hours", duty.quiet_hours, name="quiet_hours"),
    path("settings/duty/quiet-hours/all", duty.quiet_hours_of_all, name="quiet_hours_of_all"),
    path(
        "settings/duty/quiet-hours/<int:pk>/deletion",
        duty.quiet_hours_deletion,
        name="quiet_hours_deletion",
    ),
    path("settings/duty/rotations", duty.rotations, name="rotations"),
    path("settings/duty/rotations/new", duty.new_rotation, name="new_rotation"),
    path("settings/duty/rotations/<int:pk>", duty.rotation, name="rotation"),
    path(
        "settings/duty/rotations/<int:pk>/deletion",
        duty.rotation_deletion,
        name="rotation_deletion",
    ),
    path("settings/channels", channels.channels, name="channels"),
    path("settings/channels/new/<str:kind>", channels.new_channel, name="new_channel"),
    path("settings/channels/<int:pk>", channels.channel, name="channel"),
    path("settings/channels/<int:pk>/test", channels.test, name="test"),
    path("settings/channels/rules/new", channels.new_rule, name="new_rule"),
    path("settings/channels/rules/<int:pk>", channels.rule, name="rule"),
    path("settings/channels/rules/<int:pk>/deletion", channels.rule_deletion, name="rule_deletion"),
]
