"""List the regions whose coordinators refer people."""

# Host regions of the anti-trafficking coordinators (requirement 101).
REGIONS = ("NORD", "MITT", "BERG", "STHLM", "OST", "VAST", "SYD")
