"""Seventh floor: judging what the duties show. Apps are found on disk, as rooms and portals are."""
