from django.urls import URLPattern, URLResolver, path

from tinglan.sources import views

app_name = "sources"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sources", views.sources, name="sources"),
    path("sources/new", views.new_source, name="new_source"),
    path("sources/preview", views.preview, name="preview"),
    path("sources/<int:pk>", views.source, name="source"),
    path("sources/<int:pk>/state", views.state, name="state"),
    path("sources/<int:pk>/edit", views.edit, name="edit"),
    path("sources/<int:pk>/pause", views.pause, name="pause"),
    path("sources/<int:pk>/resumption", views.resumption, name="resumption"),
    path("sources/<int:pk>/polls", views.poll, name="poll"),
    path("sources/<int:pk>/token", views.token, name="token"),
    path("sources/<int:pk>/secret", views.secret, name="secret"),
    path("sources/<int:pk>/keys/revocation", views.key_revocation, name="key_revocation"),
    path("sources/<int:pk>/files", views.files, name="files"),
    path("sources/<int:pk>/runs/<int:run_pk>", views.run, name="run"),
]
