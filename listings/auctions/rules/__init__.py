"""What may be bid, and what wins: pure decisions, one module for each mode of bidding."""
