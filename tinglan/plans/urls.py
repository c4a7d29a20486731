from django.urls import URLPattern, URLResolver, path

from tinglan.plans import views

app_name = "plans"
urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/plans", views.plans, name="plans"),
    path("settings/plans/<int:pk>", views.plan, name="plan"),
]
