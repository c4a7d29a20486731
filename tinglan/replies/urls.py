from django.urls import URLPattern, URLResolver, path

from tinglan.replies import views

app_name = "replies"
urlpatterns: list[URLPattern | URLResolver] = [
    path("mentions/<int:pk>/replies", views.talk, name="talk"),
    path("mentions/<int:pk>/replies/remarks", views.remarks, name="remarks"),
    path("mentions/<int:pk>/handoff", views.handoff, name="handoff"),
    path("mentions/<int:pk>/resolution", views.resolution, name="resolution"),
    path("replies/<int:pk>/sending", views.sending, name="sending"),
]
