"""Contracts registered in earlier years, brought into the register as a list."""
