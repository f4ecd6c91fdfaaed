"""All writing of what is offered, sought and dealt. One module per subject; import the subject."""
