"""Reads about settlements, by subject."""
