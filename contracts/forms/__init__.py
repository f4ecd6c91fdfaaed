"""What parties and registrars type about contracts. One module per subject."""
