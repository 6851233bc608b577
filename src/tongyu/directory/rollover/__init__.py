"""The county turns into a new school year: prepared by schools, previewed and run by the office, reversible."""
