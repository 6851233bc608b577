"""Spreadsheets in and out: neutral sheets, header matching, cell values, safe files."""
