"""What the bureau reads of the whole market. One module per subject."""
