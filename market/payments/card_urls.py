"""Addresses of payments by card and wallet."""

from django.urls import path

from market.payments.views import cards

app_name = "cards"
urlpatterns = [
    path("", cards.desk, name="desk"),
    path("payments/<slug:key>/begin/", cards.begin, name="begin"),
    path("balance/<slug:number>/book/", cards.book_line, name="book_line"),
    path("refunds/<slug:key>/again/", cards.ask_again, name="ask_again"),
    path("refunds/<slug:key>/by-bank/", cards.returned_by_bank, name="returned_by_bank"),
    path("disputes/<slug:key>/", cards.show_dispute, name="dispute"),
    path("disputes/<slug:key>/answer/", cards.answer, name="answer_dispute"),
    path("disputes/<slug:key>/concede/", cards.concede, name="concede_dispute"),
    path("<slug:key>/", cards.show_checkout, name="checkout"),
]
