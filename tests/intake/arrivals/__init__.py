"""Checks of every way in: mail, portal draft, single-use link, phone note."""
