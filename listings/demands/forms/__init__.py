"""What people type about demands and what answers them. One module per subject."""
