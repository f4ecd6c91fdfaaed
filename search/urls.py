"""The addresses of searching everything; the catalogue and the demands search under their own."""

from django.urls import path

from search import views

app_name = "search"

urlpatterns = [
    path("", views.search_everything, name="search_everything"),
    path("suggestions/", views.suggest, name="suggest"),
    path("saved/", views.saved_searches, name="saved_searches"),
    path("saved/<slug:key>/", views.change_saved, name="change_saved"),
    path("saved/<slug:key>/drop/", views.drop_saved, name="drop_saved"),
    path("feed/", views.feed, name="feed"),
]
