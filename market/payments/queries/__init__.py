"""Reads about money, by subject."""
