"""Named reads of the parent school; each starts from the asker."""
