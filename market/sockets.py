"""The addresses of live messages."""

from django.urls import path

from brokers.rooms.consumers import CircleConsumer
from listings.auctions.consumers import RoomConsumer
from market.letters.consumers import NoticeConsumer

urlpatterns = [
    path("ws/auctions/<slug:key>/", RoomConsumer.as_asgi()),
    path("ws/rooms/<slug:key>/", CircleConsumer.as_asgi()),
    path("ws/notices/", NoticeConsumer.as_asgi()),
]
