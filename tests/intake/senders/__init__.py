"""Checks of the register of coordinators and of the verdict on a sender."""
