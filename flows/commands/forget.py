"""`mememeter forget`: take one person out of everything, and keep them out."""

from __future__ import annotations

import sys

import click

from dashboards.safe_text import for_terminal
from flows.commands.output import print_json
from flows.home import private_files
from flows.progress import Progress
from flows.published import find_person
from flows.settings import find_home
from transforms.errors import UsageError


def forget_command(
    *, person: str, is_sure: bool, home: str | None, quiet: bool, as_json: bool
) -> None:
    from flows.forget import forget, prepare  # noqa: PLC0415  Polars, and every step of a run

    chosen = find_home(home)
    found = find_person(chosen.database, person)
    with private_files():
        forgetting = prepare(chosen, found)
        if not is_sure:
            _ask(found.name, forgetting.messages)
        result = forget(chosen, forgetting, Progress(quiet=quiet or as_json))
    if as_json:
        print_json(
            {
                "forgotten": found.key,
                "messages": forgetting.messages,
                "names_of_others_too": list(forgetting.shared),
                "exports_that_still_hold_them": list(result.exports),
                "settings_that_still_name_them": list(result.settings),
            }
        )
        return
    if quiet:
        return
    _say(
        f"Forgotten, with {forgetting.messages:,} messages and posts; database and report are new."
    )
    for name in forgetting.shared:
        _say(f"Others are called {name} too: that name alone keeps nobody out.")
    if result.exports:
        _say("These exports still hold them; delete or keep them, they will not come in again:")
        for path in result.exports:
            _say(f"  {path}")
    for place in result.settings:
        _say(f"Your own settings still name them: {place}")


def _ask(name: str, messages: int) -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            "forgetting cannot be taken back, and nobody is here to be asked",
            hint="say --yes if you are sure",
        )
    click.confirm(
        for_terminal(
            f"Forget {name} and {messages:,} messages and posts? It cannot be taken back, and "
            "every earlier report goes with them."
        ),
        abort=True,
    )


def _say(text: str) -> None:
    click.echo(for_terminal(text))
