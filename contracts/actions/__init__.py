"""All writing of technology contracts and their recognition. One module per subject."""
