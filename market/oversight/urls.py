from django.urls import path

from market.oversight import views

app_name = "oversight"
urlpatterns = [path("", views.plan_figures, name="plan_figures")]
