"""A period is closed: its standings freeze, chained by hash, and what changes afterwards is told before it counts."""
