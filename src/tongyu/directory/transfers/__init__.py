"""Transfers: a pupil moves between classes and schools, out of the county, or into it."""
