"""The pages of auctions: announcing, the rooms of each mode, the keys and their opening."""
