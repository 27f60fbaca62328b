"""The tour: a served portal in which every page has something to show."""
