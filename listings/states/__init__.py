"""What may happen next to achievements, listings, objections, intents, deals and demands?"""
