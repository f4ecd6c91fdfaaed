"""The addresses of brokers, engagements and commissions."""

from django.urls import path

from brokers import views

app_name = "brokers"

urlpatterns = [
    path("", views.show_directory, name="directory"),
    path("apply/", views.apply, name="apply_as_broker"),
    path("desk/", views.desk, name="broker_desk"),
    path("engagements/", views.my_engagements, name="my_engagements"),
    path("engagements/for/<slug:number>/", views.propose, name="propose_engagement"),
    path("engagements/<slug:key>/", views.engagement_page, name="engagement_page"),
    path("engagements/<slug:key>/sign/", views.sign, name="sign_engagement"),
    path("engagements/<slug:key>/consent/", views.consent, name="consent_to_both_sides"),
    path("engagements/<slug:key>/decline/", views.decline, name="decline_engagement"),
    path("engagements/<slug:key>/end/", views.end, name="end_engagement"),
    path("commissions/", views.my_commissions, name="my_commissions"),
    path("<slug:key>/", views.broker_page, name="broker_page"),
    path("<slug:key>/verify/", views.verify, name="verify_broker"),
    path("<slug:key>/reject/", views.reject, name="reject_broker"),
]
