"""The pages of what is offered, sought and dealt. One module per subject."""
