"""All writing about auctions: their course, and the bids."""
