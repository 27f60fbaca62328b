"""Checks that nothing is lost or doubled when processes die and servers go away."""
