from django.urls import path

from tinglan.drills import views

app_name = "drills"
urlpatterns = [path("drills", views.drills, name="drills")]
