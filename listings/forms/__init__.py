"""What people type about what is offered, sought and dealt. One module per subject."""
