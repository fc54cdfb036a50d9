"""What the newest run changed, against what was published before it."""

from __future__ import annotations

from transforms.spec import Column, Table
from transforms.tables.common import IDENTITY
from transforms.tables.measured import ADVICE

CAUSES = ("new messages", "method", "comparison", "your word")

_UNSCORED = "they were not scored"

ADVICE_CHANGES = Table(
    name="advice_changes",
    grain="identity whose advice the newest run changed",
    doc="Who came onto the list or left it with the newest run, and why; people new to it included.",
    key=("identity_id",),
    columns=(
        IDENTITY,
        Column(
            name="advice_before",
            kind="text",
            values=ADVICE,
            null_when="they had not written before",
            doc="The advice that was published before.",
        ),
        Column(name="advice", kind="text", values=ADVICE, doc="The advice now."),
        Column(
            name="me_score_before",
            kind="real",
            unit="score",
            low=0,
            high=100,
            null_when=_UNSCORED,
            doc="The score that was published before.",
        ),
        Column(
            name="me_score",
            kind="real",
            unit="score",
            low=0,
            high=100,
            null_when=_UNSCORED,
            doc="The score now.",
        ),
        Column(
            name="cause",
            kind="text",
            values=CAUSES,
            doc="New messages or posts of theirs; else a new method; else own words or thresholds "
            "of the user's; else others they are compared with; else a verdict of the user's.",
        ),
        Column(name="was_on_list", kind="boolean", doc="Whether the advice before was to act."),
        Column(name="is_on_list", kind="boolean", doc="Whether the advice now is to act."),
    ),
)
