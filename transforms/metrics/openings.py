"""How a person opens, and what they do in a thread that counts against the openings."""

from __future__ import annotations

import polars as pl

from transforms.spec import Metric


def _count(name: str, label: str, doc: str, source: str) -> Metric:
    return Metric(
        name=name,
        label=label,
        unit="count",
        kind="integer",
        low=0,
        grain="conversation",
        expr=pl.col(name),
        doc=doc,
        source=source,
    )


OPENINGS = (
    _count(
        "openings",
        "Openings",
        "Utterances that open: the person's first in the thread, or the first after 180 silent days.",
        "metrics.md, sender grain",
    ),
    _count(
        "pitched_openings",
        "Pitched openings",
        "Openings with an unprompted pitch in their first two utterances.",
        "evidence.md §5 D3",
    ),
    _count(
        "compared_openings",
        "Openings that can be compared",
        "Openings of twelve masked words or more, or with a failed mail merge.",
        "evidence.md §4 C1",
    ),
    _count(
        "same_openings",
        "Openings that went to others too",
        "Openings whose text, slots masked, the person also sent to two others or more; courtesies left out.",
        "evidence.md §4 C1",
    ),
    _count(
        "copied_openings",
        "Openings with a failed merge or a twin",
        "Openings with an unfilled or wrong mail-merge field, or with a text that somebody else sent too.",
        "evidence.md §4 C4",
    ),
    _count(
        "unprompted_pitches",
        "Unprompted pitches",
        "Utterances with an unprompted pitch.",
        "evidence.md §5 D1",
    ),
    _count(
        "newsletters",
        "Newsletters",
        "Utterances that are newsletters and were not asked for in the thread; a sign-up elsewhere cannot be seen.",
        "evidence.md §6 E2",
    ),
    _count(
        "promotional_utterances",
        "Promotional utterances",
        "Utterances with an unprompted pitch or a newsletter nobody asked for.",
        "evidence.md §6 E2",
    ),
    _count(
        "contacts",
        "Contact details thrown in",
        "Utterances with a phone, e-mail or booking link, or a link beside an offer, that nobody asked for.",
        "evidence.md §5 D2",
    ),
)
