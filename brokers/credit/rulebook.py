"""The rules of credit that this process works by: read once, when the site starts."""

from functools import cache

from brokers.credit.rules.book import Book, load_book


@cache
def book() -> Book:
    """Every version of the data files. Raises `BadRules` for a file that cannot be used."""
    return load_book()
