"""Make a row hang on exactly one of several things: a submission, a case, a task or a grant.

The database holds the rule, so no writer can forget it.
"""

from sqlalchemy import CheckConstraint


def exactly_one(name: str, *columns: str) -> CheckConstraint:
    """Return the rule that exactly one of some columns has a value; `name` is the constraint's."""
    return CheckConstraint(one_of(*columns), name=name)


def one_of(*columns: str) -> str:
    """Return the rule as SQL that both databases read.

    >>> one_of("a", "b")
    'CASE WHEN a IS NULL THEN 0 ELSE 1 END + CASE WHEN b IS NULL THEN 0 ELSE 1 END = 1'
    """
    counted = (f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return f"{' + '.join(counted)} = 1"
