"""The worker: durable steps in their order."""
