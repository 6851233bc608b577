"""Rosters from spreadsheets: students with their guardians, staff, bodies. Preview first, then all or nothing."""
