"""Reading demands and what answers them. One module per subject."""
