"""What may be sought and answered, and how is it judged? Pure decisions."""
