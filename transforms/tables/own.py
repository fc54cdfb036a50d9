"""What the user's config changes about the measuring: words of their own, and thresholds."""

from __future__ import annotations

from transforms.spec import Column, Table

OWN_WORDS = Table(
    name="own_words",
    grain="language × category × phrase of the user's own",
    doc="The user's own words (mememeter.toml, [words]) as rules; spans name them as they do others.",
    key=("language", "category", "phrase"),
    columns=(
        Column(name="language", kind="text", doc="Language of the texts it is looked for in."),
        Column(name="category", kind="text", doc="What it counts as, as the user said."),
        Column(name="phrase", kind="text", doc="The phrase as the user wrote it."),
        Column(name="rule", kind="text", doc="Name of its rule in the spans: own.<category>."),
        Column(
            name="weight",
            kind="real",
            unit="points",
            doc="Points of one match, in log-odds where the category bears on pitches.",
        ),
        Column(name="cap", kind="real", unit="points", doc="The most points of one message."),
    ),
)

THRESHOLDS = Table(
    name="thresholds",
    grain="threshold of flags and advice",
    doc="From when on flags are set and advice is given, with what the user changed.",
    key=("name",),
    columns=(
        Column(name="name", kind="text", doc="Its key in mememeter.toml, [thresholds]."),
        Column(name="value", kind="real", doc="What this database was built with."),
        Column(name="default_value", kind="real", doc="What it is unless the user changes it."),
    ),
)
