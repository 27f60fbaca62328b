"""Pages for staff and coordinators, and the operator's commands.

A view reads the request, calls one function of `intake` and answers; it makes no query and
decides nothing by itself.
"""
