from django.urls import URLPattern, URLResolver, path

from tinglan.accounts.views import entry, people, roster

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("first-run", entry.first_run, name="first_run"),
    path("sign-in", entry.sign_in, name="sign_in"),
    path("sign-in/demo", entry.demo_sign_in, name="demo_sign_in"),
    path("sign-in/password/<str:uid>/<str:token>", entry.new_password, name="new_password"),
    path("sign-out", entry.sign_out, name="sign_out"),
    path("language", entry.language, name="language"),
    path("me", people.me, name="me"),
    path("me/password", people.my_password, name="my_password"),
    path("settings/members", people.members, name="members"),
    path("settings/members/new", people.new_member, name="new_member"),
    path("settings/members/<int:pk>", people.member, name="member"),
    path("settings/members/<int:pk>/roles", people.roles, name="roles"),
    path("settings/members/<int:pk>/activity", people.activity, name="activity"),
    path("settings/members/<int:pk>/invitation", people.invitation, name="invitation"),
    path("settings/teams", people.teams, name="teams"),
    path("settings/teams/new", people.new_team, name="new_team"),
    path("settings/teams/<int:pk>", people.team, name="team"),
    path("settings/teams/<int:pk>/dissolution", people.dissolution, name="dissolution"),
    path("settings/duty", roster.duty, name="duty"),
    path("settings/duty/<int:pk>/end", roster.duty_end, name="duty_end"),
    path("settings/duty/<int:pk>/stand-in", roster.duty_stand_in, name="duty_stand_in"),
    path("settings/duty/<int:pk>/swap", roster.duty_swap, name="duty_swap"),
    path("settings/company", roster.company_profile, name="company"),
]
