"""The addresses of searching everything, and of what is around an entry; catalogue and demands search under their own."""

from django.urls import path

from search.views import around, matches, searching

app_name = "search"

urlpatterns = [
    path("", searching.search_everything, name="search_everything"),
    path("suggestions/", searching.suggest, name="suggest"),
    path("saved/", searching.saved_searches, name="saved_searches"),
    path("saved/<slug:key>/", searching.change_saved, name="change_saved"),
    path("saved/<slug:key>/drop/", searching.drop_saved, name="drop_saved"),
    path("feed/", searching.feed, name="feed"),
    path("around/listings/<slug:number>/", around.related_to_listing, name="related_to_listing"),
    path("around/achievements/<slug:key>/", around.related_to_achievement, name="related_to_achievement"),
    path("around/demands/<slug:number>/", around.related_to_demand, name="related_to_demand"),
    path("compare/", around.compare, name="compare"),
    path("viewed/", around.viewed, name="viewed"),
    path("viewed/forget/", around.forget, name="forget_viewed"),
    path("matches/", matches.matches, name="matches"),
    path("matches/letter/", matches.wish, name="wish_digest"),
    path("matches/letter/drop/", matches.drop, name="drop_digest"),
]
