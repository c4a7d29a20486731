from django.urls import URLPattern, URLResolver, path

from tinglan.cases.views import ending, room, statements, work

app_name = "cases"
urlpatterns: list[URLPattern | URLResolver] = [
    path("cases", room.cases, name="cases"),
    path("events/<int:event_pk>/case", room.opening, name="opening"),
    path("cases/<int:pk>", room.case, name="case"),
    path("cases/<int:pk>/parts/<str:name>", room.part, name="part"),
    path("cases/<int:pk>/lead", work.lead, name="lead"),
    path("cases/<int:pk>/tasks", work.new_task, name="new_task"),
    path("tasks/<int:pk>/assignment", work.assignment, name="assignment"),
    path("tasks/<int:pk>/completion", work.completion, name="completion"),
    path("cases/<int:pk>/findings", work.new_finding, name="new_finding"),
    path("findings/<int:pk>/checks", work.new_check, name="new_check"),
    path("cases/<int:pk>/evidence", work.new_evidence, name="new_evidence"),
    path("evidence/<int:pk>", work.evidence, name="evidence"),
    path("evidence/<int:pk>/file", work.evidence_file, name="evidence_file"),
    path("cases/<int:pk>/assessments", work.new_assessment, name="new_assessment"),
    path("cases/<int:pk>/stakeholders", work.new_stakeholder, name="new_stakeholder"),
    path("cases/<int:pk>/statements", statements.new_statement, name="new_statement"),
    path("cases/<int:pk>/statements/remarks", statements.remarks, name="remarks"),
    path("statements/<int:pk>", statements.statement, name="statement"),
    path("statements/<int:pk>/revision", statements.revision, name="revision"),
    path("statements/<int:pk>/request", statements.request_, name="request"),
    path("statements/<int:pk>/withdrawal", statements.withdrawal, name="withdrawal"),
    path("statements/<int:pk>/publications", statements.new_publication, name="new_publication"),
    path("cases/<int:pk>/closure", ending.closure, name="closure"),
    path("cases/<int:pk>/reopening", ending.reopening, name="reopening"),
    path("cases/<int:pk>/review", ending.case_review, name="review"),
    path("cases/<int:pk>/actions", ending.new_action, name="new_action"),
    path("actions/<int:pk>/completion", ending.action_completion, name="action_completion"),
]
