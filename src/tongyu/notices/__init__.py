"""How words reach people: one `send()`, an inbox, and the channels that carry a hint of it outside."""
