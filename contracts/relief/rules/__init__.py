"""What the law of relief says, as data and arithmetic: nothing here knows a database, a page or the time of day."""
