"""The pages of settlements, by subject."""
