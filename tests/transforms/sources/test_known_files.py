"""The files that exports are known to hold: read or ignored for a reason, never unknown."""

from __future__ import annotations

import pytest

from tests.transforms.sources.reading import SOURCES

LINKEDIN = SOURCES["linkedin_archive"]
X = SOURCES["x_archive"]

LINKEDIN_READ = {
    "messages.csv": "messages",
    "messages_123.csv": "messages",
    "messages (1).csv": "messages",
    "MESSAGES.CSV": "messages",
    "some/folder/messages.csv": "messages",
    "Connections.csv": "connections",
    "Invitations.csv": "invitations",
    "Profile.csv": "profile",
    "Positions.csv": "positions",
    "Shares.csv": "shares",
    "Shares_17529409.csv": "shares",
    "Comments_17529409.csv": "comments",
    "Reactions_17529409.csv": "reactions",
    "Recommendations_Received.csv": "recommendations_received",
    "Recommendations Given.csv": "recommendations_given",
    "Endorsement_Received_Info.csv": "endorsements_received",
    "Endorsement_Given_Info.csv": "endorsements_given",
    "Company Follows.csv": "company_follows",
    "Notes.csv": "notes",
    "Articles/Articles/2024-02-24 00_09_00.0-bees.html": "articles",
}
LINKEDIN_IGNORED = """
Account Status History.csv|Ad_Targeting.csv|Ads Clicked.csv
Causes You Care About.csv|Certifications.csv|coach_messages.csv|Contacts.csv
Courses.csv|Education.csv|Email Addresses.csv|Events.csv|guide_messages.csv|Hashtag_Follows.csv
Hashtag_Follows_12.csv|Honors.csv|ImportedContacts.csv|Inferences_about_you.csv
Inferred Credibility Scores.csv|InstantReposts_12.csv|Job Applicant Saved Answers.csv
Job Applicant Saved Screening Question Responses.csv|Job Seeker Preferences.csv
Jobs/Job Applications.csv|Jobs/Saved Jobs.csv|Job Applications_1.csv|LAN Ads Engagement.csv
Languages.csv|Learning.csv|LearningCoachMessages.csv|learning_coach_messages.csv
learning_role_play_messages.csv|Logins.csv|Member_Follows.csv|Member_Follows_12.csv
Organizations.csv|Patents.csv|PhoneNumbers.csv|Private_identity_asset.csv|Profile Summary.csv
Projects.csv|Publications.csv|Receipts.csv|Receipts_v2.csv|Registration.csv|Rich Media.csv
Rich_Media.csv|SavedJobAlerts.csv|Saved_Items_12.csv|SearchQueries.csv|Security Challenges.csv
Skills.csv|Test Scores.csv|VerifiedExternalCapability.csv|Verifications/Verifications.csv
Videos.csv|Volunteering.csv|Votes.csv|Whatsapp Phone Numbers.csv|README.txt
""".replace("\n", "|").strip("|").split("|")  # fmt: skip
X_READ = {
    "data/tweets.js": "tweets",
    "data/tweets-part12.js": "tweets",
    "tweet.js": "tweets",
    "data/tweet-part1.js": "tweets",
    "data/like-part1.js": "likes",
    "data/direct-messages-part3.js": "direct_messages",
    "direct-message.js": "direct_messages",
    "data/direct-messages-group-part1.js": "group_messages",
    "direct-message-group.js": "group_messages",
    "data/deleted-tweets.js": "deleted_tweets",
    "data/deleted-tweet.js": "deleted_tweets",
    "data/community_tweet.js": "community_tweets",
}
X_UNKNOWN = ("data/tweets-archive.js", "data/brand-new.js", "elsewhere/tweets.js", "tweets.json")


@pytest.mark.parametrize(("path", "name"), LINKEDIN_READ.items())
def test_linkedin_files_that_are_read(path: str, name: str) -> None:
    member = LINKEDIN.member_for(path)
    assert member is not None
    assert member.name == name


@pytest.mark.parametrize("path", LINKEDIN_IGNORED)
def test_linkedin_files_that_are_ignored_for_a_reason(path: str) -> None:
    assert LINKEDIN.member_for(path) is None
    assert LINKEDIN.reason_to_ignore(path)


@pytest.mark.parametrize(("path", "name"), X_READ.items())
def test_x_files_that_are_read(path: str, name: str) -> None:
    member = X.member_for(path)
    assert member is not None
    assert member.name == name


@pytest.mark.parametrize("path", X_UNKNOWN)
def test_files_nobody_knows_are_unknown_and_never_guessed(path: str) -> None:
    for source in SOURCES.values():
        assert source.member_for(path) is None
        assert source.reason_to_ignore(path) is None


def test_files_with_logins_are_never_opened() -> None:
    for path in ("data/ip-audit.js", "data/phone-number.js", "data/email-address-change.js"):
        assert X.member_for(path) is None
        assert X.reason_to_ignore(path) == "contact, address or device data is never read"
