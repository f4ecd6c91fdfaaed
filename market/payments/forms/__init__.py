"""Parsing what is typed about money, by subject."""
