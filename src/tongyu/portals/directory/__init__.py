"""The directory's pages: schools and bodies, staff, pupils with their families, and rosters from spreadsheets."""
