"""The verbs: accept, open, inspect, file, route, confirm.

Knows what a submission is and what happens to it; knows nothing of IMAP, SMTP or
the web. Imports `storage`; untrusted bytes are parsed in `intake.sandbox` only.
"""
