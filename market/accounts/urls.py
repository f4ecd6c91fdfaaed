"""Addresses of the workbench and of organisations."""

from django.urls import path

from market.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.workbench, name="workbench"),
    path("act-for/", views.act_for, name="act_for"),
    path("register/", views.register, name="register_organisation"),
    path("desk/", views.desk, name="organisation_desk"),
    path("<slug:key>/", views.show_organisation, name="organisation_page"),
    path("<slug:key>/change/", views.change, name="change_organisation"),
    path("<slug:key>/apply/", views.apply, name="submit_verification"),
    path("<slug:key>/verify/", views.verify, name="verify_organisation"),
    path("<slug:key>/return/", views.return_, name="return_organisation"),
    path("<slug:key>/suspend/", views.suspend, name="suspend_organisation"),
    path("<slug:key>/reinstate/", views.reinstate, name="reinstate_organisation"),
    path("<slug:key>/members/", views.members, name="members"),
    path("<slug:key>/members/<int:pk>/remove/", views.remove, name="remove_member"),
]
