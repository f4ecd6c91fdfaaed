"""Reading contracts, applications and the register. One module per subject."""
