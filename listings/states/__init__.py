"""What may happen next to achievements, listings, objections, intents and deals?"""
