"""Pages for staff and coordinators, and the operator's commands."""
