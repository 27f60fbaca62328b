"""Sample mail and files made by code: ordinary, automatic and hostile."""
