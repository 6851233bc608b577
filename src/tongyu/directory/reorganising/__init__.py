"""Schools merge, split, or change township; what was before stays as it was."""
