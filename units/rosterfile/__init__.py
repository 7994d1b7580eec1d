"""Rosters that come as files: read safely, understood cell by cell, compared, applied and undone as sets."""
