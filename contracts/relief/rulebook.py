"""The rule book that this process works by: read once, when the site starts."""

from functools import cache

from contracts.relief.rules.book import Book, load_book


@cache
def book() -> Book:
    """Every rule of the data files. Raises `BadRules` for a file that cannot be used."""
    return load_book()
