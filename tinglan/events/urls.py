from django.urls import URLPattern, URLResolver, path

from tinglan.events.views import deciding, foretelling, parting, reading, risks, spreading

app_name = "events"
urlpatterns: list[URLPattern | URLResolver] = [
    path("events", reading.events, name="events"),
    path("events/rows", reading.rows, name="rows"),
    path("forecasts", foretelling.forecasts, name="forecasts"),
    path("settings/levels", reading.formula, name="formula"),
    path("events/<int:pk>", reading.event, name="event"),
    path("events/<int:pk>/parts/<str:name>", reading.part, name="part"),
    path("events/<int:pk>/posts", reading.posts, name="posts"),
    path("events/<int:pk>/spread", spreading.spread, name="spread"),
    path("events/<int:pk>/spread/path", spreading.path, name="spread_path"),
    path("events/<int:pk>/spread/summary", spreading.summary, name="spread_summary"),
    path("risks", risks.risks, name="risks"),
    path("brands/<int:pk>/risk", risks.risk, name="risk"),
    path("events/<int:pk>/confirmation", deciding.confirmation, name="confirmation"),
    path("events/<int:pk>/override", deciding.override, name="override"),
    path("events/<int:pk>/lift", deciding.lift, name="lift"),
    path("events/<int:pk>/lowering", deciding.lowering, name="lowering"),
    path("events/<int:pk>/merge", deciding.merging, name="merging"),
    path("events/<int:pk>/split", parting.splitting, name="splitting"),
    path("merges/<int:pk>/undoing", parting.unmerging, name="unmerging"),
]
