"""Checks of the jail's walls, the pool and confined system programs."""
