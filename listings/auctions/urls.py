"""The addresses of auctions and their rooms."""

from django.urls import path

from listings.auctions import views

app_name = "auctions"

urlpatterns = [
    path("", views.show_auctions, name="auctions"),
    path("announce/<slug:number>/", views.announce, name="announce_auction"),
    path("<slug:key>/", views.room, name="room"),
    path("<slug:key>/bid/", views.bid, name="place_bid"),
    path("<slug:key>/order/", views.order, name="set_proxy"),
    path("<slug:key>/since/", views.since, name="since"),
    path("<slug:key>/pause/", views.pause, name="pause_auction"),
    path("<slug:key>/resume/", views.resume, name="resume_auction"),
    path("<slug:key>/annul/", views.annul, name="annul_auction"),
]
