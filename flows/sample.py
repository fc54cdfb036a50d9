"""Writes the synthetic exports: `python -m flows.sample --out DIR [--messages N] [--seed S]`."""

from __future__ import annotations

import zipfile
from pathlib import Path

import click

from transforms.sample import SEED, generate

_STAMP = (2026, 11, 17, 0, 0, 0)  # the same bytes on every day


def write_sample(
    out: Path, *, messages: int = 0, seed: int = SEED, repeats: bool = False
) -> list[Path]:
    """Writes one zip per export into `out` (made if missing); returns their paths, sorted."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, members in generate(seed, messages, repeats=repeats).items():
        path = out / name
        with zipfile.ZipFile(path, "w") as archive:
            for member, content in members.items():
                info = zipfile.ZipInfo(member, _STAMP)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                streamed = not isinstance(content, bytes)
                with archive.open(info, "w", force_zip64=streamed) as file:
                    for chunk in (content,) if isinstance(content, bytes) else content:
                        file.write(chunk)
        written.append(path)
    return sorted(written)


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--messages", default=0, show_default=True, help="Filler messages to add.")
@click.option("--seed", default=SEED, show_default=True)
@click.option("--repeats", is_flag=True, help="Let half of the filler repeat itself.")
def main(out: Path, messages: int, seed: int, repeats: bool) -> None:  # noqa: FBT001
    """Write the synthetic LinkedIn and X exports to a folder."""
    for path in write_sample(out, messages=messages, seed=seed, repeats=repeats):
        click.echo(f"{path} ({path.stat().st_size:,} bytes)")


if __name__ == "__main__":
    main()
