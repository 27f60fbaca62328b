"""Values and frames that both sides of the sandbox agree on."""
