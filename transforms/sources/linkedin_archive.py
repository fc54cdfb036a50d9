"""LinkedIn's "Get a copy of your data": a zip of CSV files, Basic or Complete.

How to get it: see HOW_TO_GET. The Basic file comes within minutes, the Complete one within a
day; the link works for 72 hours. Only Complete holds comments, reactions and shares.

Eras seen (exports of 2020 to 2026; columns are mapped by name, headers found by content):

- messages.csv: the oldest ended `CONTENT,DIRECTION,FOLDER`; 9 columns until mid-2023; `RECIPIENT PROFILE URLS` since; draft columns since
  December 2024; `ATTACHMENTS` since 2025; since 2026 every field is quoted, header included,
  and CONTENT holds real line breaks (before, they were flattened to blanks).
- Connections.csv: a `Notes:` preamble since mid-2021, `URL` since mid-2023.
- Invitations.csv: profile addresses since late 2023.
- Articles/*.html: the owner's long articles, a page each; drafts have no date of publication.
- Complete exports may number their files (`Comments_17529409.csv`).

Known defects, each with a fixture: drafts among the messages; sponsored messages as HTML with
an unfilled %FIRSTNAME%; connections that are a date and nothing else; quotes left around line
breaks in Shares; backslash-escaped quotes in Comments, where the date may be empty; times
without a zone (taken as UTC) in all but messages and endorsements. Saved again by a
spreadsheet: BOM, CRLF in the header only, `4-Apr-21`, UTF-16, windows-1252, mojibake.

What is emitted: a person's key comes from a profile address (`/in/<slug>`); company pages and
"LinkedIn Member" have none. A row of messages.csv without a CONVERSATION ID gets the key
`participants:<keys or names, sorted>`. Times of rows are those of the file; a day without a time
of day is its midnight. Posts are keyed by the URN in their link (`urn:li:share:<id>`), comments by
theirs or else by post and second. Positions that have ended are left out.

There are no message ids, and the owner's profile address is in none of the files: Profile.csv
gives a name only, and who the owner is, is told in `owners.py`. E-mail addresses and phone
numbers are read past, never stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transforms.sources import _linkedin_activity as activity
from transforms.sources import _linkedin_network as network
from transforms.sources._linkedin_articles import parse_article
from transforms.sources._linkedin_messages import MESSAGES
from transforms.sources._linkedin_rows import Layout
from transforms.spec import Head, Member, Source

HOW_TO_GET = (
    "On linkedin.com: Me → Settings & Privacy → Data privacy → Get a copy of your data → "
    "'Download larger data archive' → Request archive. A mail with the download link follows "
    "within a day; put the zip as it is into the inbox."
)


def _file(stem: str) -> str:
    """Pattern of a file wherever it lies, numbered or not: `messages.csv`, `messages_12.csv`."""
    return rf"(?:.*/)?{stem}(?:_\d+)?(?: ?\(\d+\))?\.csv"


def _member(name: str, stem: str, layout: Layout, feeds: Sequence[str], doc: str) -> Member:
    example = f"{stem.replace('[ _]?', '_')}.csv"
    return Member(
        name=name,
        pattern=_file(stem),
        feeds=tuple(feeds),
        parse=layout.parse,
        doc=doc,
        example=example,
    )


_MEMBERS = (
    _member("messages", "messages", MESSAGES, ["message_records"],
            "Direct, group and sponsored messages, sent and received."),
    _member("connections", "Connections", network.CONNECTIONS,
            ["connection_records", "person_records"],
            "The owner's connections with company, position and date."),
    _member("invitations", "Invitations", network.INVITATIONS,
            ["connection_records", "message_records"],
            "Invitations sent and received; one with a note is a message too."),
    _member("profile", "Profile", network.PROFILE, ["person_records"],
            "The owner's name, headline, industry and links."),
    _member("positions", "Positions", network.POSITIONS, ["person_records"],
            "The owner's present company and position."),
    _member("shares", "Shares", activity.SHARES, ["post_records"],
            "The owner's posts."),
    _member("comments", "Comments", activity.COMMENTS, ["post_records"],
            "The owner's comments."),
    _member("reactions", "Reactions", activity.REACTIONS, ["interaction_records"],
            "The owner's reactions."),
    _member("recommendations_received", "Recommendations[ _]?Received",
            activity.RECOMMENDATIONS_RECEIVED, ["interaction_records"],
            "Recommendations others wrote for the owner."),
    _member("recommendations_given", "Recommendations[ _]?Given",
            activity.RECOMMENDATIONS_GIVEN, ["interaction_records"],
            "Recommendations the owner wrote."),
    _member("endorsements_received", "Endorsement[ _]?Received[ _]?Info",
            activity.ENDORSEMENTS_RECEIVED, ["interaction_records"],
            "Skills others endorsed."),
    _member("endorsements_given", "Endorsement[ _]?Given[ _]?Info",
            activity.ENDORSEMENTS_GIVEN, ["interaction_records"],
            "Skills the owner endorsed."),
    _member("company_follows", "Company[ _]?Follows", activity.COMPANY_FOLLOWS,
            ["interaction_records"], "Companies the owner follows."),
    _member("notes", "Notes", network.NOTES, ["person_records"],
            "Names and addresses of people the owner took notes on; the notes are read past."),
    Member(name="articles", pattern=r"(?:.*/)?Articles?/.*\.html?", feeds=("post_records",),
           parse=parse_article, doc="The owner's long articles.",
           example="Articles/Articles/one.html"),
)  # fmt: skip

_CONTACT_DATA = "contact data is never read"
_ACCOUNT_DATA = "account and device data, nothing about messages or posts"
_ADVERTISING = "what advertisers are told or what LinkedIn guesses, nothing people wrote"
_CURRICULUM = "the owner's curriculum, nothing about messages or posts"
_INTERESTS = "what the owner follows or saves, nobody's words"
_JOBS = "job search, nothing about messages or posts"
_LEARNING = "courses, not people"
_ASSISTANT = "a guide file: conversations with LinkedIn's assistants, not with people"
_PAYMENTS = "payments and licences"

_IGNORED_STEMS = {
    "(?:guide|coach|learning[ _]?coach|learning[ _]?role[ _]?play)[ _]?messages": _ASSISTANT,
    "LearningCoachMessages": _ASSISTANT,
    "(?:Email[ _]Addresses|Phone[ _]?Numbers|Whatsapp[ _]Phone[ _]?Numbers)": _CONTACT_DATA,
    "(?:Imported[ _])?Contacts|ImportedContacts": "an uploaded address book is never read",
    "(?:Registration|Logins|Security[ _]Challenges|Account[ _]Status[ _]History)": _ACCOUNT_DATA,
    "Private[ _]identity[ _]asset": _ACCOUNT_DATA,
    "(?:Verifications?|VerifiedExternalCapability|Identity[ _]Verifications?)": _ACCOUNT_DATA,
    "(?:Ad[ _]Targeting|Ads[ _]Clicked|LAN[ _]Ads[ _]Engagement)": _ADVERTISING,
    "(?:Inferences[ _]about[ _]you|Inferred[ _]Credibility[ _]Scores)": _ADVERTISING,
    "Profile[ _]Summary": "repeats the summary of Profile.csv",
    "(?:Education|Skills|Languages|Certifications|Courses|Honors|Patents|Projects)": _CURRICULUM,
    "(?:Publications|Organizations|Test[ _]?Scores|Volunteering|Causes You Care About)": _CURRICULUM,
    "(?:Endorsements?|Recommendations)": "an old summary of files that are read on their own",
    "(?:Hashtag[ _]Follows|Saved[ _]Items|Group[s_ ]*Follows?|Groups)": _INTERESTS,
    "Member[ _]Follows": "names only, without an address: nobody can be told by it",
    "Events": "events attended, nobody's words",
    "Votes": "polls answered, nobody's words",
    "(?:Instant[ _]?Reposts?)": "reposts without a word of the owner's",
    "(?:Rich[ _]Media|Media|Videos?)": "links to pictures and films, no text",
    "(?:Search[ _]?Queries)": "searches, nothing people wrote to each other",
    "(?:Job|Saved|Online|Recruiter|Applicant)[ _]?.*(?:Jobs?|Job).*": _JOBS,
    "Job[ _].*|Jobs[ _].*|Saved[ _]?Job.*|Online[ _]Job.*": _JOBS,
    "(?:Services[ _]Marketplace.*|Marketplace.*|Providers|Opportunities|Engagements)": _JOBS,
    "(?:Learning|Learning[ _].*|LearningPath.*)": _LEARNING,
    "(?:Receipts(?:[ _]v2)?|Receipts[ _].*|Licenses.*|Purchases.*)": _PAYMENTS,
    "(?:Reviews|Talent[ _]Questions.*|Feedback.*|Surveys?.*)": "ratings, not messages or posts",
    "(?:Profile[ _]Views?|Publishing.*|Article[ _].*)": "statistics, nobody's words",
}

_IGNORED = {_file(f"(?:{stem})"): why for stem, why in _IGNORED_STEMS.items()} | {
    r"(?:.*/)?(?:Jobs|Verifications|SERVICES_MARKETPLACE|Learning)/.*": "job search, "
    "verification or marketplace files, nothing about messages or posts",
    r".*\.(?:jpe?g|png|gif|webp|mp4|mov|pdf|docx?|pptx?|vcf)": "a media or document file",
    r"(?:.*/)?(?:README|Read ?me).*": "an explanation, not data",
}


def _recognises(paths: Sequence[str], head: Head) -> bool:
    """Whether a file named like one of LinkedIn's also begins like it; X calls none of its so."""
    tell = {
        "messages": b"CONTENT",
        "connections": b"First Name",
        "invitations": b"Sent At",
        "profile": b"First Name",
        "shares": b"ShareCommentary",
        "comments": b"Message",
        "reactions": b"Date,Type",
        "positions": b"Company Name",
    }
    for path in paths:
        member = next((m for m in _MEMBERS if m.matches(path)), None)
        sign = tell.get(member.name) if member is not None else None
        if sign is not None and sign.lower() in _plain(head(path)):
            return True
    return False


def _advise(rows: Mapping[str, int]) -> tuple[str, ...]:
    """What to ask for, by what is not in an export."""
    advice = []
    if not rows.keys() & {"comments", "reactions", "shares"}:
        advice.append(
            "this is the Basic export, without your own posts, comments and reactions: ask for the "
            "'larger data archive' as well; the two are put together"
        )
    if "messages" not in rows:
        advice.append(
            "without messages.csv it says nothing about who wrote to you: ask for an export "
            "that includes messages"
        )
    elif not rows.keys() & {"connections", "invitations"}:
        advice.append(
            "without Connections.csv and Invitations.csv nobody can be seen to pitch on connecting: "
            "put them beside messages.csv"
        )
    if "profile" not in rows:
        advice.append("without Profile.csv whose export it is has to be inferred from messages")
    return tuple(advice)


def _plain(head: bytes) -> bytes:
    return head.replace(b"\x00", b"").replace(b'"', b"").lower()


SOURCE = Source(
    name="linkedin_archive",
    platform="linkedin",
    label="LinkedIn data export",
    how_to_get=HOW_TO_GET,
    recognises=_recognises,
    members=_MEMBERS,
    ignored=_IGNORED,
    advise=_advise,
    version=2,
)
