"""Documents drawn as pages: their pixels and their text."""
