"""The addresses of live messages."""

from django.urls import path

from listings.auctions.consumers import RoomConsumer
from market.letters.consumers import NoticeConsumer

urlpatterns = [
    path("ws/auctions/<slug:key>/", RoomConsumer.as_asgi()),
    path("ws/notices/", NoticeConsumer.as_asgi()),
]
