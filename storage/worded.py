"""Mark the sentences of ours that pages say in the reader's language.

The text itself stays English, so that logs, tests and staff pages read it as it is; a page looks up
the sentence, or the pattern that it was made from, in its catalogue.
"""

Figure = str | int | tuple[str, ...]


class Worded(str):
    """An English sentence that keeps the pattern and the figures it was made from."""

    __slots__ = ("figures", "pattern")

    pattern: str
    figures: dict[str, Figure]

    def __new__(cls, pattern: str, figures: dict[str, Figure]) -> "Worded":
        """Make a sentence; `pattern` names its figures as `%(name)s`."""
        made = super().__new__(cls, pattern % {name: _text(each) for name, each in figures.items()})
        made.pattern, made.figures = pattern, figures
        return made


def worded(pattern: str, **figures: Figure) -> str:
    """Return an English sentence for a page; a catalogue finds it by its pattern.

    A figure that is a tuple lists words that are looked up one by one.

    >>> worded("Please keep it below %(most)s characters.", most=40)
    'Please keep it below 40 characters.'
    """
    return Worded(pattern, figures) if figures else pattern


def _text(figure: Figure) -> str:
    return ", ".join(figure) if isinstance(figure, tuple) else str(figure)
