"""The addresses of a broker's board."""

from django.urls import path

from brokers.board import views

app_name = "board"

urlpatterns = [
    path("", views.board, name="board"),
    path("add/", views.add, name="add_lead"),
    path("<slug:key>/move/", views.move, name="move_lead"),
    path("<slug:key>/note/", views.note, name="write_note"),
]
