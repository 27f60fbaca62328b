"""Nobody opens a person's thing but the gate: no use case takes a user and an id (threat P11).

Every public function and method of intake is read, so a new one is held without a change here. A
text counts as an id by its name, or when it is looked up. One of the office's own things, which are
no person's papers, may take a user and an id; it is named with what the id is of.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
ACCESS = ROOT / "intake" / "access"
GATE = ACCESS / "gate.py"
HOLDERS = ROOT / "intake" / "arrivals" / "link_holders.py"
OPENED = ("OpenedToRead", "OpenedToChange", "OpenedOwn")
# What proves that somebody may have something: {its name: (the module of it, who alone makes it)}.
MADE = dict.fromkeys(OPENED, ("intake.access.opened", GATE)) | {
    "LinkHolder": ("intake.access.authors", HOLDERS),
    "Held": ("intake.arrivals.link_holders", HOLDERS),
}
# The functions of these makers that may make one, because they ask first.
ASKING = {
    "_to_read": {"OpenedToRead"},
    "_to_change": {"OpenedToChange"},
    "draft_to_change": {"OpenedOwn"},
    "upload_to_change": {"OpenedOwn"},
    "_held": {"LinkHolder", "Held"},
}
USERS = {"SignedInUser", "Author", "Actor", "LinkHolder"}
ID_WORDS = {"id", "ids", "reference", "references"}
# What looks a thing up by a text that it is given.
LOOKING_UP = {
    "normalise",
    "code_of",
    "by_id",
    "by_ids",
    "by_reference",
    "belongings",
    "get",
    "get_one",
    "locked",
}
ACCOUNT = "an account, administered by who may see people"
EDITION = "an edition of the office's own data"
EXPORT = "a request for a list without a person"
GRANT = "an opening with a reason, which only who opened it, or their second, may end or answer"
OVERRIDE = "a request to act without a consent, which the roles that answer it read in a list"
PLACE = "a place in a list that the user has before them"
ROLE = "a role that was asked for"
SENDER = "an entry of the register of senders, administered by who may see it"
# {function: what its id is of}
ADMINISTERED = {
    "accounts.administration.change_role": ACCOUNT,
    "accounts.administration.disable_account": ACCOUNT,
    "accounts.administration.end_sessions": ACCOUNT,
    "accounts.administration.read_account": ACCOUNT,
    "accounts.administration.remove_second_factor": ACCOUNT,
    "accounts.administration.renew_account": ACCOUNT,
    "accounts.people.absence_views.read_absences": ACCOUNT,
    "accounts.people.absences.choose_deputy": ACCOUNT,
    "accounts.people.absences.end_absence": "an absence of an account that the user may set",
    "accounts.people.absences.set_absence": ACCOUNT,
    "accounts.people.names.change_names": ACCOUNT,
    "accounts.second_factor.remove_factor": ACCOUNT,
    "access.safeguards.break_glass.close_access": GRANT,
    "access.safeguards.role_requests.approve_role": ROLE,
    "access.safeguards.role_requests.refuse_role": ROLE,
    "access.safeguards.unusual_access.answer_access": GRANT,
    "arrivals.phone_note.store_phone_note": "the form, so that one sent twice is one note",
    "cases.consent.override.decide": OVERRIDE,
    "cases.consent.override.withdraw": OVERRIDE,
    "cases.near_dates.near_dates": "the rows of a list; it asks `derived` of each day",
    "cases.ownership.own_cases.list_own": PLACE,
    "cases.ownership.without_owner.page_unowned": PLACE,
    "oversight.exports.approve_export": EXPORT,
    "oversight.exports.read_export": EXPORT,
    "oversight.exports.refuse_export": EXPORT,
    "oversight.exports.take_export": EXPORT,
    "oversight.who_read.acts_on_reference": "the audit's codes, for who may read all of the audit",
    "queues.covered.take_over": "an item of somebody for whom the user acts; it asks that itself",
    "queues.saved_views.remove_view": "one's own view",
    "queues.work_list.next_reference": PLACE,
    "queues.work_list.reference_after_task": PLACE,
    "reference_data.edition_views.read_edition": EDITION,
    "reference_data.editions.approve_edition": EDITION,
    "reference_data.editions.refuse_edition": EDITION,
    "senders.linking.join_account": ACCOUNT,
    "senders.linking.link_entry": SENDER,
    "senders.register_administration.end_entry": SENDER,
    "senders.register_administration.read_entry": SENDER,
    "senders.register_administration.renew_entry": SENDER,
    "triage.endings.do_task.reopen_locked": "the report about an item that the caller opened",
}
# What the room of access asks itself may be asked from outside too, when nothing is opened by it.
ASKED = {
    "access.coordinator_reach.is_own_message": "yes or no",
    "access.coordinator_reach.may_add_to": "yes or no",
    "access.find.may_undo_filing": "yes or no",
    "access.presence.end_presence": "who else looks; it asks for sight itself",
    "access.presence.note_presence": "who else looks; it asks for sight itself",
    "access.safeguards.break_glass.find_sealed": "that a code exists which a reason would open",
    "access.safeguards.break_glass.open_with_reason": "the opening itself, with its reason",
    "access.safeguards.four_eyes.not_second_among": "accounts",
    "access.safeguards.four_eyes.require_second": "accounts",
}


@dataclass(frozen=True)
class UseCase:
    """A public function or method: its name, its parameters with their annotations, its answer."""

    name: str
    path: Path
    parameters: dict[str, str]
    answer: str
    looked_up: frozenset[str]

    @property
    def takes_user_and_id(self) -> bool:
        """Tell whether it takes somebody and the name of a thing."""
        users = [name for name, words in self.parameters.items() if USERS & set(_words(words))]
        ids = [
            name
            for name, words in self.parameters.items()
            if ID_WORDS & set(name.split("_"))
            or (name in self.looked_up and "str" in _words(words))
        ]
        return bool(users and ids)

    @property
    def opens(self) -> bool:
        """Tell whether its answer is an opened value."""
        return bool(set(OPENED) & set(_words(self.answer)))


def use_cases(folder: Path) -> Iterator[UseCase]:
    """Give every public function of a folder, and every public method of a public class."""
    for path in sorted(folder.rglob("*.py")):
        module = ".".join(path.relative_to(ROOT / "intake").with_suffix("").parts)
        for node in _public(ast.parse(path.read_text(encoding="utf-8")).body):
            if isinstance(node, ast.FunctionDef):
                yield _use_case(module, path, node)
            elif isinstance(node, ast.ClassDef):
                for method in _public(node.body):
                    if isinstance(method, ast.FunctionDef):
                        yield _use_case(f"{module}.{node.name}", path, method)


def _public(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    named = (each for each in body if isinstance(each, ast.FunctionDef | ast.ClassDef))
    return (each for each in named if not each.name.startswith("_"))


def _use_case(place: str, path: Path, node: ast.FunctionDef) -> UseCase:
    arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    parameters = {
        each.arg: ast.unparse(each.annotation) if each.annotation else "" for each in arguments
    }
    answer = ast.unparse(node.returns) if node.returns else ""
    return UseCase(f"{place}.{node.name}", path, parameters, answer, frozenset(_looked_up(node)))


def _looked_up(function: ast.FunctionDef) -> Iterator[str]:
    """Give the names that a function hands to something that looks a thing up."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _is_look_up(node.func):
            for given in (*node.args, *(each.value for each in node.keywords)):
                yield from (each.id for each in ast.walk(given) if isinstance(each, ast.Name))


def _is_look_up(called: ast.expr) -> bool:
    *before, name = ast.unparse(called).split(".")
    # A dictionary has a `get` too.
    return name in LOOKING_UP and (name not in {"get", "get_one"} or before == ["session"])


def _words(annotation: str) -> list[str]:
    return "".join(each if each.isalnum() else " " for each in annotation).split()


def test_no_use_case_takes_a_user_and_an_id() -> None:
    found = {
        each.name
        for each in use_cases(ROOT / "intake")
        if each.takes_user_and_id and ACCESS not in each.path.parents
    }

    outside = {name for name in ADMINISTERED if not name.startswith("access.")} | {
        # It opens the paper, and notes who asked for one that is not theirs.
        "confirmations.signed_papers.paper_to_read",
        # It asks the gate for the code that was typed.
        "queues.search.exactly",
    }
    assert found == outside


def test_what_is_found_by_an_id_stays_in_the_room_of_access() -> None:
    inside = [
        each
        for each in use_cases(ACCESS)
        if each.takes_user_and_id and not each.opens and each.name not in ADMINISTERED | ASKED
    ]
    short = {".".join(each.name.split(".")[-2:]) for each in inside}
    named = {each.name.split(".")[-1] for each in inside}

    used = [
        f"{path.relative_to(ROOT)}: {ast.unparse(node)}"
        for package in ("intake", "portal", "mailbox")
        for path in sorted((ROOT / package).rglob("*.py"))
        if ACCESS not in path.parents
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in short)
        or (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("intake.access.")
            and named & {each.name for each in node.names}
        )
    ]
    assert len(inside) >= 15
    assert used == []


def test_only_who_asks_first_makes_what_opens_things() -> None:
    made = {
        (path.relative_to(ROOT).as_posix(), *found)
        for package in ("intake", "portal", "mailbox", "storage", "tests")
        for path in sorted((ROOT / package).rglob("*.py"))
        for found in makings(
            path.read_text(encoding="utf-8"),
            ".".join(path.relative_to(ROOT).with_suffix("").parts),
        )
    }

    assert made == {
        (MADE[name][1].relative_to(ROOT).as_posix(), function, name)
        for function, names in ASKING.items()
        for name in names
    }


def makings(source: str, module: str) -> Iterator[tuple[str, str]]:
    """Give (function, name) of all that a module makes of `MADE`, or makes a kind of."""
    if not any(name in source for name in MADE):
        return
    tree = ast.parse(source)
    known = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if MADE.get(alias.name, ("",))[0] == node.module
    }
    # Its own module has it by its bare name.
    known |= {name: name for name, (home, _) in MADE.items() if home == module}
    yield from _makings(tree, known, "")


def _makings(node: ast.AST, known: dict[str, str], function: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.FunctionDef):
        function = node.name
    used = [node.func] if isinstance(node, ast.Call) else []
    used += node.bases if isinstance(node, ast.ClassDef) else []
    for each in used:
        name = _made(each, known)
        # In their own module, one kind of an opened value is a kind of another.
        if name and not (isinstance(node, ast.ClassDef) and node.name in known):
            yield function, name
    for child in ast.iter_child_nodes(node):
        yield from _makings(child, known, function)


def _made(node: ast.expr, known: dict[str, str]) -> str:
    """Return which of `MADE` an expression names: by what was imported, or through its module."""
    written = ast.unparse(node.value if isinstance(node, ast.Subscript) else node)
    *before, name = written.split(".")
    if not before:
        return known.get(name, "")
    is_through = name in MADE and MADE[name][0].endswith(f".{before[-1]}")
    return name if is_through else ""


def test_what_is_named_here_is_there() -> None:
    taking = {each.name for each in use_cases(ROOT / "intake") if each.takes_user_and_id}

    assert set(ADMINISTERED) | set(ASKED) <= taking


def test_planted_use_cases_are_found() -> None:
    plants = {
        "def f(services, user: SignedInUser, case_id: str) -> None: ...": True,
        "def f(services, author: 'Author', *, reference: str) -> None: ...": True,
        "def f(services, opened: 'OpenedToChange[Case]', value_id: str) -> None: ...": False,
        "def f(services, actor: str, submission_id: str) -> None: ...": False,
        "def f(viewer: 'Actor | str', claimed: str) -> None: normalise(claimed)": True,
        "def f(user: SignedInUser, which: str) -> None: session.get(Case, which)": True,
        "def f(user: SignedInUser, which: str) -> None: names.get(which)": False,
        "def f(user: SignedInUser, opened: Case) -> None: cases.by_id(opened.id)": False,
    }
    for source, is_refused in plants.items():
        (node,) = ast.parse(source).body
        assert isinstance(node, ast.FunctionDef)
        assert _use_case("planted", GATE, node).takes_user_and_id is is_refused


def test_planted_makers_are_found() -> None:
    opened, authors = "from intake.access.opened import OpenedToRead", "from intake.access import"
    plants = {
        f"{opened}\ndef f(): OpenedToRead(user, now, ask)": [("f", "OpenedToRead")],
        f"{opened} as Mine\nclass Other(Mine[Case]): ...": [("", "OpenedToRead")],
        f"{authors} authors\ndef f(): authors.LinkHolder('0')": [("f", "LinkHolder")],
        f"{authors} authors\ndef f(holder: authors.LinkHolder): ...": [],
        "from intake.arrivals.link_holders import Held\nHeld(a, b, c)": [("", "Held")],
        "from tests.intake.documents.held import Held\nHeld(services, '0')": [],
    }

    assert {source: list(makings(source, "planted")) for source in plants} == plants
