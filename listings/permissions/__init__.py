"""Who sees what is offered, sought and dealt, and who may act on it? One module per subject."""
