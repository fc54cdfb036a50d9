"""`mememeter sender`, `actions` and `verdict`: people in the terminal."""

from __future__ import annotations

import click
import polars as pl

from dashboards.safe_text import for_terminal, to_csv
from flows.commands.output import (
    cell_text,
    print_json,
    print_rows,
    safe_cell,
    warn_about_last_run,
)
from flows.home import private_files
from flows.published import ask, find_person
from flows.settings import find_home
from flows.word import set_verdict


def sender_command(*, name: str, most: int, home: str | None, quiet: bool, as_json: bool) -> None:
    database = find_home(home).database
    if not quiet:
        warn_about_last_run(find_home(home))
    person = find_person(database, name)
    asked = {"identity_id": person.identity_id}
    head = ask(database, "sender", **asked)
    parts = {
        "flags": ask(database, "sender_flags", **asked),
        "blocks": ask(database, "sender_blocks", **asked),
        "messages": ask(database, "sender_messages", **asked, most=most),
    }
    facts = head.row(0, named=True) if head.height else {}
    if as_json:
        listed = {key: frame.to_dicts() for key, frame in parts.items()}
        print_json({"identity_id": person.identity_id, "name": person.name, **facts, **listed})
        return
    for line in _heading(person.name, facts):
        click.echo(line)
    for row in parts["flags"].iter_rows(named=True):
        click.echo(f"\n* {safe_cell(row['statement'])}")
        click.echo(f"  It could be harmless: {safe_cell(row['innocent_explanation'])}")
    if parts["blocks"].height:
        click.echo("\nHow the points add up:")
        print_rows(parts["blocks"].with_columns(pl.col("points").round(1)))
    click.echo(f"\nNewest messages and posts (at most {most}):")
    for row in parts["messages"].iter_rows(named=True):
        rests = f"  [{safe_cell(row['evidence'])}]" if row["evidence"] else ""
        click.echo(f"\n{cell_text(row['sent_at'])} UTC, {row['kind']}{rests}")
        for line in (row["text"] or "(no text)").splitlines():
            click.echo(f"  {for_terminal(line)}")


def _heading(name: str, facts: dict[str, object]) -> list[str]:
    if not facts:
        return [f"{for_terminal(name)}: never wrote in the exports."]
    score = (
        f"score {facts['me_score']:.0f} (90 % interval {facts['me_score_low']:.0f} to "
        f"{facts['me_score_high']:.0f})"
        if facts["me_score"] is not None
        else f"{facts['state']}: {facts['state_reason']}"
    )
    return [
        f"{for_terminal(name)}: {facts['messages']} messages, {facts['posts']} posts, {score}",
        f"Advice: {facts['advice']}. {safe_cell(facts['advice_reason'])}",
    ]


def actions_command(*, home: str | None, as_csv: bool, quiet: bool, as_json: bool) -> None:
    chosen = find_home(home)
    if not quiet:
        warn_about_last_run(chosen)
    rows = ask(chosen.database, "actions")
    if as_json:
        print_json(rows.to_dicts())
    elif as_csv:
        click.echo(to_csv(rows), nl=False)
    elif rows.is_empty():
        click.echo("Nothing to do: nobody stands out.")
    else:
        print_rows(rows.drop("identity_id", "flags"))


def verdict_command(
    *, person: str, verdict: str, home: str | None, quiet: bool, as_json: bool
) -> None:
    chosen = find_home(home)
    found = find_person(chosen.database, person)
    with private_files():
        set_verdict(chosen, found.key, found.name, None if verdict == "unset" else verdict)
    if as_json:
        print_json({"person": found.key, "name": found.name, "verdict": verdict})
    elif not quiet:
        click.echo(f"{for_terminal(found.name)}: {verdict}. It counts from the next run on.")
