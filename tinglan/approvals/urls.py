from django.urls import URLPattern, URLResolver, path

from tinglan.approvals import views

app_name = "approvals"
urlpatterns: list[URLPattern | URLResolver] = [
    path("approvals", views.approvals, name="approvals"),
    path("approvals/<int:pk>", views.approval, name="approval"),
    path("approvals/<int:pk>/decision", views.decision, name="decision"),
]
