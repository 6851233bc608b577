"""The `tongyu` command: Django management behind one name, and what a county's technician types."""
