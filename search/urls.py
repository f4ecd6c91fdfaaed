"""The address of searching everything; the catalogue and the demands search under their own."""

from django.urls import path

from search import views

app_name = "search"

urlpatterns = [path("", views.search_everything, name="search_everything")]
