"""Who may open the pages that all records share; which records, the kind's own rules say."""

from tongyu.core.access import Anywhere, Rule
from tongyu.directory.roles import SIGNING_IN

ANY_RECORD = Rule("records.any", SIGNING_IN, Anywhere())
"""The role check of a page whose kind is in its address; the view asks the kind's `see` and `change` for the row."""
