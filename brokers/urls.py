"""The addresses of brokers, engagements and commissions."""

from django.urls import path

from brokers.views import brokers, commissions, engagements, introductions

app_name = "brokers"

urlpatterns = [
    path("", brokers.show_directory, name="directory"),
    path("apply/", brokers.apply, name="apply_as_broker"),
    path("desk/", brokers.desk, name="broker_desk"),
    path("engagements/", engagements.my_engagements, name="my_engagements"),
    path("engagements/for/<slug:number>/", engagements.propose, name="propose_engagement"),
    path("engagements/for-demand/<slug:number>/", engagements.propose_for_demand, name="propose_engagement_for_demand"),
    path("engagements/<slug:key>/", engagements.engagement_page, name="engagement_page"),
    path("engagements/<slug:key>/terms/", engagements.counter, name="counter_engagement"),
    path("engagements/<slug:key>/dispute/", engagements.dispute, name="dispute_engagement"),
    path("engagements/<slug:key>/dispute/withdraw/", engagements.withdraw, name="withdraw_dispute"),
    path("engagements/<slug:key>/dispute/decide/", engagements.decide, name="decide_dispute"),
    path("engagements/<slug:key>/sign/", engagements.sign, name="sign_engagement"),
    path("engagements/<slug:key>/consent/", engagements.consent, name="consent_to_both_sides"),
    path("engagements/<slug:key>/decline/", engagements.decline, name="decline_engagement"),
    path("engagements/<slug:key>/end/", engagements.end, name="end_engagement"),
    path("engagements/<slug:key>/introduce/", introductions.state, name="state_introduction"),
    path("introductions/", introductions.my_introductions, name="my_introductions"),
    path("introductions/<slug:key>/", introductions.introduction_page, name="introduction_page"),
    path("introductions/<slug:key>/confirm/", introductions.confirm, name="confirm_introduction"),
    path("introductions/<slug:key>/bear/", introductions.bear, name="agree_to_bear"),
    path("introductions/<slug:key>/object/", introductions.object_to, name="object_to_introduction"),
    path("introductions/<slug:key>/decide/", introductions.decide, name="decide_introduction"),
    path("services/", brokers.show_services, name="services"),
    path("services/entry/", brokers.write_service, name="write_service_profile"),
    path("services/<slug:key>/", brokers.service_page, name="service_page"),
    path("commissions/", commissions.my_commissions, name="my_commissions"),
    path("commissions/statement/", commissions.show_statement, name="commission_statement"),
    path("commissions/statement.pdf", commissions.download_pdf, name="commission_statement_pdf"),
    path("commissions/statement.csv", commissions.download_csv, name="commission_statement_csv"),
    path("<slug:key>/", brokers.broker_page, name="broker_page"),
    path("<slug:key>/verify/", brokers.verify, name="verify_broker"),
    path("<slug:key>/reject/", brokers.reject, name="reject_broker"),
]
