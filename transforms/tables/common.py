"""Columns that several tables share, said once."""

from __future__ import annotations

from transforms.spec import Column

PLATFORM = Column(name="platform", kind="text", values=("linkedin", "x"), doc="Where it happened.")
SCOPE = Column(
    name="scope",
    kind="text",
    values=("all", "linkedin", "x"),
    doc="Which platforms the row is about; all joins them.",
)
IDENTITY = Column(
    name="identity_id", kind="text", doc="A person joined over platforms; see people.identity_id."
)


def count(name: str, doc: str, unit: str = "rows", null_when: str | None = None) -> Column:
    """A whole number from zero up."""
    return Column(name=name, kind="integer", unit=unit, low=0, doc=doc, null_when=null_when)


def interval(
    name: str, what: str, high: float | None, null_when: str | None
) -> tuple[Column, Column]:
    """The two ends of a 90 % interval, as `<name>_low` and `<name>_high`."""
    return tuple(  # type: ignore[return-value]
        Column(
            name=f"{name}_{end}",
            kind="real",
            low=0,
            high=high,
            null_when=null_when,
            doc=f"{'Lower' if end == 'low' else 'Upper'} end of the 90 % interval of {what}.",
        )
        for end in ("low", "high")
    )
