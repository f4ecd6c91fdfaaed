"""Reads about auctions."""
