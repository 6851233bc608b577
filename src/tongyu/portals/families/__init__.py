"""The families' portal: coming in, the parent's home page, who is reachable."""
