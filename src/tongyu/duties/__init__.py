"""The duty engine: who owes what, for each what, until when, and how it stands. Always derived, never typed in."""
