"""The web: pages for staff and coordinators, and the operator's commands.

Views read the request, call one function of `intake` and answer. Imports Flask and
`intake`; never `mailbox`, never SQLAlchemy.
"""
