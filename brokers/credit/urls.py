"""The addresses of credit."""

from django.urls import path

from brokers.credit.views import ratings, records, reviews

app_name = "credit"

urlpatterns = [
    path("", records.my_credit, name="my_credit"),
    path("rules/", ratings.rules, name="credit_rules"),
    path("decisions/", ratings.decisions, name="appeal_decisions"),
    path("desk/", records.desk, name="credit_desk"),
    path("of/<slug:kind>/<slug:key>/", ratings.rating_page, name="rating_page"),
    path("of/<slug:kind>/<slug:key>/enter/", records.enter, name="enter_by_hand"),
    path("records/<slug:key>/", records.record_page, name="record_page"),
    path("records/<slug:key>/appeal/", records.appeal, name="file_appeal"),
    path("records/<slug:key>/repair/", records.ask_repair, name="ask_for_repair"),
    path("appeals/<slug:key>/withdraw/", records.withdraw, name="withdraw_appeal"),
    path("appeals/<slug:key>/uphold/", records.uphold, name="uphold_appeal"),
    path("appeals/<slug:key>/dismiss/", records.dismiss, name="dismiss_appeal"),
    path("repairs/<slug:key>/grant/", records.grant, name="grant_repair"),
    path("repairs/<slug:key>/decline/", records.decline, name="decline_repair"),
    path("deals/<slug:key>/", reviews.deal_reviews, name="deal_reviews"),
    path("deals/<slug:key>/<slug:kind>/<slug:holder>/", reviews.review, name="give_review"),
    path("reviews/<slug:key>/reply/", reviews.reply, name="reply_to_review"),
]
