"""The database backend that carries the asker's scope."""
