"""Whether what somebody wrote says that it cannot wait."""
