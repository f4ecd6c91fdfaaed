"""All writing about settlements, by subject."""
