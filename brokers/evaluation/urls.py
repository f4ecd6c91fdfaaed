"""The addresses of yearly evaluations."""

from django.urls import path

from brokers.evaluation import views

app_name = "evaluation"

urlpatterns = [
    path("", views.evaluations, name="evaluations"),
    path("draft/", views.draft, name="draft_evaluation"),
    path("comments/<slug:key>/answer/", views.answer, name="answer_comment"),
    path("<int:year>/", views.evaluation_page, name="evaluation_page"),
    path("<int:year>/results.csv", views.export_csv, name="export_csv"),
    path("<int:year>/results.xlsx", views.export_workbook, name="export_workbook"),
    path("<int:year>/count/", views.count, name="count_evaluation"),
    path("<int:year>/open/", views.open_comments_now, name="open_for_comments"),
    path("<int:year>/publish/", views.publish, name="publish_evaluation"),
    path("<int:year>/<slug:key>/", views.result_page, name="result_page"),
    path("<int:year>/<slug:key>/enter/", views.enter, name="enter_figure"),
    path("<int:year>/<slug:key>/comment/", views.comment, name="comment_on_result"),
    path("<int:year>/<slug:key>/certificate/", views.certificate, name="result_certificate"),
]
