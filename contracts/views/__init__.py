"""The pages of technology contracts and their recognition. One module per subject."""
