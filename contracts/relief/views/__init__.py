"""Pages on which relief is worked out, and on which it is claimed, filed and granted."""
