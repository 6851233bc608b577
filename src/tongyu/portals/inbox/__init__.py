"""消息: the inbox of everybody, and which channels outside may carry a hint of it."""
