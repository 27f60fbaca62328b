"""Mail made by code: ordinary, automatic and hostile."""
