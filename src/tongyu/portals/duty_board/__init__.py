"""责任清单: who owes what under which clause, how it stands, and down to the names and the records."""
