"""Users, sessions and second factors."""
