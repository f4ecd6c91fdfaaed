"""The addresses of auctions and their rooms."""

from django.urls import path

from listings.auctions.views import rooms

app_name = "auctions"

urlpatterns = [
    path("", rooms.show_auctions, name="auctions"),
    path("announce/<slug:number>/", rooms.announce, name="announce_auction"),
    path("<slug:key>/", rooms.room, name="room"),
    path("<slug:key>/bid/", rooms.bid, name="place_bid"),
    path("<slug:key>/order/", rooms.order, name="set_proxy"),
    path("<slug:key>/since/", rooms.since, name="since"),
    path("<slug:key>/pause/", rooms.pause, name="pause_auction"),
    path("<slug:key>/resume/", rooms.resume, name="resume_auction"),
    path("<slug:key>/annul/", rooms.annul, name="annul_auction"),
]
