"""Runs, exports and what became of every row in them."""

from __future__ import annotations

from transforms.spec import Column, Table
from transforms.tables.common import count

RUNS = Table(
    name="runs",
    grain="run that published",
    doc="When the database was built and by what.",
    key=("run_id",),
    columns=(
        Column(name="run_id", kind="text", doc="Identifier of the run."),
        Column(name="started_at", kind="timestamp", doc="When the run began."),
        Column(
            name="finished_at",
            kind="timestamp",
            null_when="the run did not finish",
            doc="When its result was ready to be published.",
        ),
        Column(
            name="status",
            kind="text",
            values=("published", "failed", "interrupted"),
            doc="How the run ended.",
        ),
        count("messages_new", "Messages this run added."),
        count("posts_new", "Posts this run added."),
        Column(name="metrics_version", kind="text", doc="Version of the metric declarations used."),
        Column(
            name="own_version",
            kind="text",
            null_when="the user has none",
            doc="Version of the user's own words and thresholds; they are in own_words and thresholds.",
        ),
        Column(
            name="message",
            kind="text",
            null_when="the run went well",
            doc="What went wrong, in words.",
        ),
    ),
)

EXPORTS = Table(
    name="exports",
    grain="export file or folder",
    doc="Everything that was ever ingested.",
    key=("export_id",),
    columns=(
        Column(name="export_id", kind="text", doc="Identifier: from the content's SHA-256."),
        Column(name="file_name", kind="text", doc="Name of the file or folder, without its path."),
        Column(name="sha256", kind="text", doc="SHA-256 of the content."),
        Column(name="source", kind="text", doc="Which reader read it."),
        Column(name="platform", kind="text", values=("linkedin", "x"), doc="Whose export it is."),
        Column(name="first_seen_at", kind="timestamp", doc="When it was ingested."),
        Column(
            name="as_of",
            kind="timestamp",
            null_when="nothing in it carries a time",
            doc="Newest event in it: how old the export is.",
        ),
        count("rows_read", "Rows read in all members."),
        count("rows_stored", "Rows that added a record."),
        count("rows_duplicate", "Rows that were already known from this or another export."),
        count("rows_rejected", "Rows refused; see rejects."),
        count("rows_ignored", "Rows left out by a named rule; see export_members.ignored_why."),
        Column(
            name="owner_id",
            kind="text",
            null_when="the owner could not be told",
            doc="person_id of whose export this is.",
        ),
    ),
)

EXPORT_MEMBERS = Table(
    name="export_members",
    grain="file in an export",
    doc="What became of every file in every export.",
    key=("export_id", "member"),
    columns=(
        Column(name="export_id", kind="text", doc="The export it lies in."),
        Column(name="member", kind="text", doc="Path inside the export."),
        Column(
            name="handling",
            kind="text",
            values=("read", "ignored", "unknown", "failed"),
            doc="Read, ignored by a named rule, unknown to this version, or not readable.",
        ),
        Column(
            name="reason",
            kind="text",
            null_when="it was read to its end",
            doc="Why it was ignored, or what is wrong with it.",
        ),
        count("rows_read", "Rows read."),
        count(
            "rows_declared",
            "Rows the export's own manifest declares.",
            null_when="the export has no manifest or it does not list this file",
        ),
        count("rows_stored", "Rows that added a record."),
        count("rows_duplicate", "Rows that were already known."),
        count(
            "rows_before",
            "Rows of the same kind in the owner's previous export, of which this one holds less "
            "than half; nothing is deleted for that.",
            null_when="it holds at least half as many, or the previous one had under 20",
        ),
        count("rows_rejected", "Rows refused; see rejects."),
        count("rows_ignored", "Rows left out by a named rule."),
        Column(
            name="ignored_why",
            kind="text",
            null_when="no row was ignored",
            doc="Each rule with the number of rows it left out.",
        ),
        Column(
            name="repairs",
            kind="text",
            null_when="nothing was repaired",
            doc="Each repair of damaged text or dates with the number of rows.",
        ),
        Column(
            name="unknown_fields",
            kind="text",
            null_when="every field is known",
            doc="Fields in the file that this version does not know.",
        ),
    ),
)

REJECTS = Table(
    name="rejects",
    grain="refused row",
    doc="Every row that could not be read, and why.",
    key=("export_id", "member", "row_number"),
    columns=(
        Column(name="export_id", kind="text", doc="The export it lies in."),
        Column(name="member", kind="text", doc="The file it lies in."),
        Column(name="row_number", kind="integer", low=1, doc="Row within the file, from 1."),
        Column(name="reason", kind="text", doc="Why the row was refused."),
        Column(name="excerpt", kind="text", doc="How the row begins, at most 200 characters."),
    ),
)
