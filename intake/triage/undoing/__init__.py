"""Take back, step by step, what an officer did to a submission."""
