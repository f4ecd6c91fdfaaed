"""The portal's own pages are Wagtail's; beside them stand the pages of oversight."""

from django.urls import include, path

urlpatterns = [path("", include("market.oversight.urls"))]
