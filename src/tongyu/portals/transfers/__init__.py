"""Pages of transfers: who leaves, who comes, what waits for an answer."""
