"""The official plan as data: its document, clauses, obligations and numbers."""
