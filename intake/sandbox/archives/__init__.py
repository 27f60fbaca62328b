"""ZIP, tar and 7z, opened within limits, and the files within calendars and contacts."""
