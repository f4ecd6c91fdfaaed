from django.urls import path

from market.oversight import views

app_name = "oversight"
urlpatterns = [
    path("plan-figures/", views.plan_figures, name="plan_figures"),
    path("attention/", views.attention, name="attention"),
]
