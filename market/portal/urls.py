"""The portal's own pages are Wagtail's; beside them stand the plan's figures."""

from django.urls import include, path

urlpatterns = [path("plan-figures/", include("market.oversight.urls"))]
