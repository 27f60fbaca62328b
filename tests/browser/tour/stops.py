"""List the stops of the tour: every page in every state, by who opens it."""

from dataclasses import dataclass

from tests.browser.support.pages import OFFICER
from tests.browser.tour.acts import (
    Act,
    adds_files,
    answers_without_a_verdict,
    asks_too_much,
    clicks,
    comes_from_elsewhere,
    comes_late,
    gives_a_password,
    gives_a_wrong_code,
    is_refused,
    looks_once_more,
    presses,
    searches,
    sends,
    sends_it,
    sends_papers,
    sets_a_factor,
    takes_a_file,
    takes_back,
    ticks_what_is_taken,
)
from tests.browser.tour.rows import (
    ADMINISTRATOR,
    AUDITOR,
    CASEWORKER,
    CASH,
    HEALTH,
    MANAGER,
    NEWCOMER,
    PROTECTOR,
    Rows,
)
from tests.portal.cases.seen_case import ADDRESS

STRANGER = ""
GIVEN = {
    "recipient": "iom_finland",
    "purpose": "referral",
    "answer": "given",
    "given_on": "2026-11-20",
}


@dataclass(frozen=True)
class Stop:
    """One page in one state: its name, where it is, and what is done there first."""

    name: str
    path: str
    act: Act | None = None


def of_strangers(rows: Rows) -> list[Stop]:
    """Return the pages that anybody may open."""
    invitation = rows.public["invitation"]
    return [
        *(Stop(name, path) for name, path in rows.public.items()),
        Stop("sign-in refused", "/sign-in", sends("/sign-in", email="a@b.example", password="x")),
        Stop("form without its token", "/sign-in", sends("/sign-in", csrf_token="")),
        Stop("led on from elsewhere", "/", comes_from_elsewhere),
        Stop("code", "/sign-in", gives_a_password),
        Stop("code refused", "/sign-in", gives_a_wrong_code),
        Stop("invitation refused", invitation, sends("", password="short", password_again="short")),
        Stop("helpline", "/helpline"),
        Stop("helpline, Swedish", "/helpline?lang=sv"),
        Stop("about", "/about"),
        Stop("about, Swedish", "/about?lang=sv"),
        Stop("verify", "/verify"),
        Stop("verify refused", "/verify", sends("/verify", digest="no")),
        Stop("verify unknown", "/verify", sends("/verify", digest="ab" * 32)),
        Stop("papers refused", rows.asked.link, sends(rows.asked.link, "send", address="no")),
        Stop("papers sent", rows.asked.link, sends_papers),
    ]


def of_the_officer(rows: Rows) -> list[Stop]:
    """Return the pages of those who decide about submissions."""
    case, known = f"/cases/{rows.case}", f"/submissions/{rows.known}/known"
    confirm = f"/submissions/{rows.to_confirm}/confirmation"
    answer = f"/submissions/{rows.known}/answer"
    answerable = f"/submissions/{rows.answerable}/answer"
    call_us = "?code=call_us&answer_language=sv"
    clean = rows.officer["triage-clean"]
    propose = "/admin/editions/countries/propose"
    return [
        *(Stop(name, path) for name, path in rows.officer.items()),
        Stop("queue, its keys", "/queues/Q2", presses("?")),
        Stop("queue, narrowed to nothing", "/queues/Q2?priority=emergency&language=ti"),
        Stop("submission, its keys", clean, presses("?")),
        Stop("submission, why it waits", clean, presses("h")),
        Stop("submission, what is not known", clean, presses("i")),
        Stop("submission, an answer refused", clean, sends("/told", country="Atlantis")),
        Stop("submission, an attempt refused", clean, sends("/merge", into="K7M-4QX-9T")),
        Stop("viewer, its keys", rows.officer["viewer"], presses("?")),
        Stop("viewer, found", rows.officer["viewer"], searches),
        Stop("document refused", f"/documents/{rows.held_document}", sends("/reject", reason="x")),
        Stop("known", known),
        Stop("known refused", known, sends("/dates", day="1999-99-99")),
        Stop("answer that cannot be sent", answer),
        Stop("answer", answerable),
        Stop("answer chosen", f"{answerable}{call_us}"),
        Stop("answer taken back", f"{answerable}{call_us}", takes_back("/answer", "send")),
        Stop("stopped addresses", "/stopped-addresses"),
        Stop("confirmation", confirm),
        Stop("confirmation looked at", confirm, sends("/confirmation", "look", next_step="Hej.")),
        Stop(
            "confirmation refused", confirm, sends("/confirmation", "look", remark="19870501-1234")
        ),
        Stop("confirmation taken back", confirm, takes_back("/confirmation", "sign")),
        *_of_cases(case),
        Stop("phone note", "/phone-note"),
        Stop("phone note refused", "/phone-note", sends("/phone-note", text="", case="?")),
        Stop("office data", "/admin/editions"),
        Stop("office data of a kind", "/admin/editions/checklist"),
        Stop("office data of no kind yet", "/admin/editions/clocks"),
        Stop("office data shown", f"/admin/editions/shown/{rows.edition}"),
        Stop("office data proposed", propose),
        Stop("office data refused", propose, sends("/rows#edited", valid_from="", source="")),
        *_of_the_office_data(propose.removesuffix("/countries/propose")),
        Stop("numbers", "/numbers"),
        *_of_the_desk(rows),
        *_of_the_account(),
        *_of_absences(),
    ]


def _of_cases(case: str) -> list[Stop]:
    """Return the page of a case, and the lists of cases."""
    return [
        Stop("case", case),
        Stop("my cases", "/cases/mine"),
        Stop("cases without an owner", "/cases/without-owner"),
        Stop("case, message refused", case, sends("/message", message="Ring 070-123 45 67.")),
        Stop("case, message written", case, sends("/message", message="Is it the second page?")),
        Stop("case, note refused", case, sends("/note", note="")),
    ]


def _of_the_account() -> list[Stop]:
    """Return the pages of somebody's own account."""
    name = "/account/name"
    return [
        Stop("own account", "/account"),
        Stop("own name", name),
        Stop("own name refused", name, sends(name, name="7", direct_line="x")),
        Stop("password", "/account/password"),
        Stop("password refused", "/account/password", sends("/password", password="x")),
    ]


def _of_absences() -> list[Stop]:
    """Return the pages of who is away, and who acts for them."""
    page, day = "/absences", "2099-01-01"
    return [
        Stop("absences", page),
        Stop("absence refused", page, sends(page, first_on="2020-01-02", last_on="2020-01-01")),
        Stop("absence too far away", page, sends(page, first_on=day, last_on=day)),
        Stop("deputy taken back", page, sends("/absences/deputy", deputy="")),
    ]


def _of_the_desk(rows: Rows) -> list[Stop]:
    """Return the pages on which an officer asks, searches and saves views."""
    case, links = f"/cases/{rows.case}", rows.officer["links"]
    question = f"/submissions/{rows.asked.question}/question"
    bare = f"/cases/{links.rpartition('/')[2]}"
    return [
        Stop("searched", "/search", sends("/search", text="remiss")),
        Stop("searched in vain", "/search", sends("/search", text="zzzz")),
        Stop("search refused", "/search", sends("/search", text=" ")),
        Stop("queue, view refused", "/queues/Q2?region=VAST", sends("/views", name=" ")),
        Stop("queue, view kept", "/queues/Q2?region=VAST", sends("/views", name="My region")),
        Stop("queue, nothing ticked", "/queues/Q2", sends("/several", "assign")),
        Stop("queue, left alone", "/queues/Q2", ticks_what_is_taken),
        Stop("links refused", links, sends(links, note="", address="no")),
        Stop("link made", links, sends(links, note="The sister of the person")),
        Stop("question to answer", question),
        Stop("question answer refused", question, sends("/question", message="Born 1 May 1987")),
        Stop("consent refused", case, sends("/consents", given_on="never")),
        Stop("withholding refused", case, sends("/withheld", withheld="")),
        Stop(
            "both versions",
            case,
            sends("/withheld", version="0", from_whom="partner", withheld="Her telephone"),
        ),
        Stop("consent noted", bare, sends("/consents", **GIVEN)),
        Stop("nothing leaves any more", bare, sends("/stop")),
        Stop("end of a stop", f"{bare}/go-on"),
        Stop("end of a stop refused", f"{bare}/go-on", sends("/go-on", shown="x")),
        Stop("links of a stopped case", links),
        Stop("without consent", f"{case}/without-consent"),
        Stop("without consent refused", f"{case}/without-consent", sends("/without-consent")),
        Stop("lists", "/numbers/lists"),
        Stop("list refused", "/numbers/lists", sends("/lists", reason="x")),
    ]


def of_the_caseworker(rows: Rows) -> list[Stop]:
    """Return the pages that open with a reason what is not the caseworker's own."""
    closed = f"/break-glass/{rows.asked.closed}"
    why = "The coordinator calls: the person is at the airport now."
    return [
        Stop("closed", closed),
        Stop("closed, reason refused", closed, sends(closed, reason="x")),
        Stop("opened with a reason", closed, sends(closed, reason=why)),
        Stop("open already", closed),
        Stop("task done, not theirs any more", f"/submissions/{rows.done_with}"),
    ]


def of_the_protector(rows: Rows) -> list[Stop]:
    """Return the pages of those who answer for what was opened with a reason, and their tasks."""
    return [
        Stop("sign of danger", rows.officer["triage-tasks"]),
        Stop("without consent, to answer", "/without-consent"),
        Stop("unusual access", "/unusual-access"),
        Stop("unusual access refused", "/unusual-access", answers_without_a_verdict),
    ]


def of_the_cash_officer(rows: Rows) -> list[Stop]:
    """Return the pages of the other programme."""
    return [Stop("submission, of cash support", f"/submissions/{rows.cash}")]


def _of_the_office_data(start: str) -> list[Stop]:
    """Return the forms of the kinds, with rows that are open, and what a file brings."""
    checklist, file = f"{start}/checklist/propose?code=referrals", f"{start}/countries/import"
    opens = clicks('[value="open:items.3"]', "#edited.opened")
    holes = '{"code": "iom_payable", "content": {"countries": ["XXX"], "colour": "red"}}'
    return [
        Stop("office data by rows", checklist),
        Stop("office data, a row open", checklist, opens),
        Stop("office data of clocks", f"{start}/clocks/propose"),
        Stop("office data of regions", f"{start}/regions/propose"),
        Stop("office data of amounts", f"{start}/amounts/propose"),
        Stop("office data of answers", f"{start}/answer"),
        Stop("office data in Sorani", f"{start}/answer/propose?code=call_us&language=ckb"),
        Stop("office data of one", f"{start}/countries?code=iom_payable"),
        Stop("office data from a file", file),
        Stop("office data from no file", file, takes_a_file("[")),
        Stop("office data from a file with holes", file, takes_a_file(holes)),
    ]


def of_the_health_focal_point(_rows: Rows) -> list[Stop]:
    """Return the pages of those who read health documents only."""
    return [Stop("health papers", "/health-papers")]


def of_the_manager(rows: Rows) -> list[Stop]:
    """Return the pages of those who approve, and see statistics and the audit."""
    asked = f"/numbers/lists/{rows.asked.list_id}"
    return [
        Stop("office data to decide", f"/admin/editions/shown/{rows.edition}"),
        Stop("numbers of the manager", "/numbers"),
        Stop("style guide", "/admin/styleguide"),
        Stop("style guide from the right", "/admin/styleguide?dir=rtl"),
        Stop("asked roles", "/admin/roles"),
        Stop("absences of all", "/absences"),
        Stop("senders", "/admin/senders"),
        Stop("entry to end", f"/admin/senders/{rows.entry}/end"),
        Stop("senders refused", "/admin/senders", sends("/admin/senders", address="no")),
        Stop("list to decide", asked),
        Stop("proof asked for", asked, comes_late("/approve")),
    ]


def of_the_administrator(rows: Rows) -> list[Stop]:
    """Return the pages of those who keep accounts."""
    invite, account = "/admin/people/invite", f"/admin/people/{rows.account}"
    return [
        Stop("home of the administrator", "/"),
        Stop("people", "/admin/people"),
        Stop("people of a role", "/admin/people?role=PROT"),
        Stop("account", account),
        Stop("account renewed", account, sends("/renew")),
        Stop("account's role", f"{account}/role"),
        Stop("account's name", f"{account}/name"),
        Stop("account's name refused", f"{account}/name", sends("/name", name="<b>")),
        Stop("account to disable", f"{account}/disable"),
        Stop("account without factor", f"{account}/factor"),
        Stop("invite", invite),
        Stop("invite refused", invite, sends("/invite", email="no")),
        Stop("invited", invite, sends("/invite", email="another@iom.example", role="CASH")),
    ]


def of_the_auditor(rows: Rows) -> list[Stop]:
    """Return the pages of those who read the audit."""
    return [
        Stop("home of the auditor", "/"),
        Stop("audit", "/admin/audit"),
        Stop("audit found", "/admin/audit", sends("/admin/audit")),
        Stop("audit refused", "/admin/audit", sends("/admin/audit", from_day="never")),
        Stop("who read", "/admin/audit/who-read"),
        Stop("who read found", f"/admin/audit/who-read?acts=all&reference={rows.case}"),
        Stop("who read refused", "/admin/audit/who-read?reference=none"),
    ]


def of_the_coordinator(rows: Rows) -> list[Stop]:
    """Return the pages of those who refer people."""
    own_page = f"/referrals/{rows.theirs}"
    return [
        Stop("home of the coordinator", "/"),
        Stop("second factor set up", "/second-factor"),
        Stop("new referral", "/referrals/new"),
        Stop("draft", "/referrals/new", sends("/referrals/new")),
        Stop("draft with files", "/referrals/new", adds_files),
        Stop("draft refused", "/referrals/new", is_refused),
        Stop("draft looked at", "/referrals/new", looks_once_more),
        Stop("sent", "/referrals/new", sends_it),
        Stop("question", "/referrals/consultation"),
        Stop("question refused", "/referrals/consultation", asks_too_much),
        Stop("my referrals", "/referrals"),
        Stop("one referral", own_page),
        Stop("one referral, message refused", own_page, sends("/messages", message="")),
        Stop("not found", "/referrals/none"),
        Stop("password, with a code", "/account/password"),
    ]


def of_the_newcomer(_rows: Rows) -> list[Stop]:
    """Return the pages of somebody who has no second factor yet."""
    begins, page = sends("/begin"), "/second-factor"
    return [
        Stop("second factor", page),
        Stop("second factor begun", page, begins),
        Stop("second factor refused", page, sends("/second-factor", code="000000")),
        Stop("recovery codes", page, sets_a_factor),
        Stop("signed out", "/", sends("/sign-out")),
    ]


def stops_of(rows: Rows) -> dict[str, list[Stop]]:
    """Return {address of who opens them: the stops}; strangers have none."""
    return {
        STRANGER: of_strangers(rows),
        OFFICER: of_the_officer(rows),
        MANAGER: of_the_manager(rows),
        CASEWORKER: of_the_caseworker(rows),
        PROTECTOR: of_the_protector(rows),
        CASH: of_the_cash_officer(rows),
        HEALTH: of_the_health_focal_point(rows),
        ADMINISTRATOR: of_the_administrator(rows),
        AUDITOR: of_the_auditor(rows),
        ADDRESS: of_the_coordinator(rows),
        NEWCOMER: of_the_newcomer(rows),
    }
