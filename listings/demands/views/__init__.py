"""The pages of demands and of what answers them. One module per subject."""
