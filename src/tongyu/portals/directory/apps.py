"""The directory's pages."""

from django.apps import AppConfig


class DirectoryPagesConfig(AppConfig):
    """Lists of bodies, staff and pupils; import of rosters."""

    name = "tongyu.portals.directory"
    label = "directory_pages"
