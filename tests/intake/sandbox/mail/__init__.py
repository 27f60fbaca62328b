"""Checks of how messages, delivery reports and signatures are parsed."""
