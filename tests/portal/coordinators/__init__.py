"""Checks of the pages of coordinators and of people who hold a link."""
