"""Plain values that every trade shares: money, dates, refusals, actors, state machines, codes."""
