"""A living market to try out: organisations, people, achievements, listings and demands, made through the actions."""
