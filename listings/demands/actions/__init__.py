"""All writing of demands and of what answers them. One module per subject; import the subject."""
