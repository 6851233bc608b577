"""How families come in: invitation, phone, consent, guardianship, blocks; and who can be reached."""
