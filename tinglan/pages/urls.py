from django.urls import URLPattern, URLResolver, path

from tinglan.pages.views import board, frame, trail

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", board.board, name="board"),
    path("board/<str:name>", board.board_part, name="board_part"),
    path("first-steps", board.steps, name="first_steps"),
    path("settings", frame.settings_start, name="settings"),
    path("audit", trail.trail, name="trail"),
    path("audit/verification", trail.verification, name="verification"),
    path("counts/<str:name>", frame.count, name="count"),
    path("banners", frame.banners, name="banners"),
    path("live", frame.live, name="live"),
    path("healthz", frame.healthz, name="healthz"),
]
