"""Checks of the queries of users, sessions and second factors."""
