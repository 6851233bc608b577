"""The county turns into a new school year: schools prepare, the office looks at it all and runs it."""
