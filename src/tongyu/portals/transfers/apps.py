"""The pages of transfers."""

from django.apps import AppConfig


class TransferPagesConfig(AppConfig):
    """Begin a transfer, answer one, take in a pupil from outside."""

    name = "tongyu.portals.transfers"
    label = "transfer_pages"
