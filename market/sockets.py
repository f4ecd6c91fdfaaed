"""The addresses of live messages."""

from django.urls import path

from listings.auctions.consumers import RoomConsumer

urlpatterns = [path("ws/auctions/<slug:key>/", RoomConsumer.as_asgi())]
