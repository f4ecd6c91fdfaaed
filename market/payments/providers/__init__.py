"""The ways by which money comes in and goes back."""
