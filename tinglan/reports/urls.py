from django.urls import URLPattern, URLResolver, path

from tinglan.reports import views

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("reports", views.reports, name="reports"),
    path("reports/daily", views.new_daily, name="new_daily"),
    path("reports/review", views.new_review, name="new_review"),
    path("reports/schedules/<int:pk>", views.schedule, name="schedule"),
    path("reports/<int:pk>", views.edition, name="edition"),
    path("reports/<int:pk>/pdf", views.edition_pdf, name="pdf"),
]
