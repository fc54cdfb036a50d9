"""The world as LinkedIn exports: the 2026 dialect, and an earlier one that overlaps it."""

from __future__ import annotations

from transforms.sample.linkedin_edition import Edition, View, write_rows
from transforms.sample.linkedin_messages import COLUMNS, messages_csv
from transforms.sample.linkedin_network import connections_csv, invitations_csv
from transforms.sample.linkedin_public import public_files
from transforms.sample.model import World

_HEADER_ONLY = (
    "guide_messages.csv",
    "learning_coach_messages.csv",
    "learning_role_play_messages.csv",
)


def linkedin_members(world: World, edition: Edition) -> dict[str, bytes]:
    """Every member of the export but the filler, by name."""
    view = View(world, edition)
    header = write_rows([COLUMNS], quoted=edition.modern)
    texts = {
        "messages.csv": messages_csv(view),
        "Connections.csv": connections_csv(view),
        "Invitations.csv": invitations_csv(view),
        **dict(public_files(view)),
        **dict.fromkeys(_HEADER_ONLY, header),
        "LearningCoachMessages.csv": "No conversations found\n",
    }
    return {name: text.encode() for name, text in texts.items()}
