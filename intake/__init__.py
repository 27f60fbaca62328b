"""Accept, open, inspect, file, route and confirm what people send."""
