"""Bulletins (通知): to the families of a class, grade, school, township or county; to read, to confirm, to sign."""

from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    """The room of bulletins."""

    name = "tongyu.workbenches.families.bulletins"
    label = "bulletins"
