"""The portal's own pages are Wagtail's; beside them stand the pages of oversight."""

from django.urls import include, path, re_path

from market.portal.views import serve

urlpatterns = [
    path("", include("market.oversight.urls")),
    # Before Wagtail's own route of this name, leaving the pages for protected parts of the tree to Wagtail.
    re_path(r"^(?!_util/)((?:[\w\-]+/)*)$", serve, name="wagtail_serve"),
]
