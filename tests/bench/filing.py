"""Count what the filing rules do to a month of mail: filed, held, ranked.

Run by `python -m tests.bench.filing`. The figures are of one planned month, whose mix stands in
`tests/samples/mail/month.py`.
"""

import tempfile
from pathlib import Path

from tests.flow.running_month import Run, run_month
from tests.samples.mail.month import NOISE, REPLIES, Letter


def main() -> None:
    """Run the month and print its figures."""
    with tempfile.TemporaryDirectory() as folder:
        show(run_month(Path(folder)))


def show(run: Run) -> None:
    """Print the figures of a run."""
    replies, held = run.replies, run.held
    noise = run.letters(*NOISE)
    print(f"mails {len(run.month.letters)}, cases {len(run.true_cases)}, in {run.seconds:.1f} s")
    print(f"misfiled {len(run.misfiled)}; noise {len(noise)}, of it filed {_filed(run, noise)}")
    print(f"genuine replies {len(replies)}, filed without a hand {run.share_filed:.1%}")
    print(f"held {len(held)}, case among the first three {run.share_ranked:.1%}")
    print(f"accepted by an officer afterwards {run.accepted}")
    for kind in REPLIES:
        letters = run.letters(kind)
        waiting = [each for each in letters if each in held]
        ranks = [run.ranks[each.number] for each in waiting]
        print(f"  {kind.value:44} {len(letters):4}, held {len(waiting):3}, ranks {ranks}")
    for reason, count in run.reasons(held).most_common():
        print(f"  held for {reason}: {count}")


def _filed(run: Run, letters: list[Letter]) -> int:
    return sum(each in run.filed for each in letters)


if __name__ == "__main__":
    main()
