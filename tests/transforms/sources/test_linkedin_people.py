"""Profile addresses as exports write them → keys."""

from __future__ import annotations

import polars as pl
import pytest

from transforms.sources._linkedin_people import person_keys, recipients


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://www.linkedin.com/in/ada", "linkedin:in/ada"),
        ("https://www.linkedin.com/in/Ada/", "linkedin:in/ada"),
        ("http://de.linkedin.com/in/ada?trk=x", "linkedin:in/ada"),
        ("linkedin.com/in/ada/en", "linkedin:in/ada"),
        ("www.linkedin.com/in/ada#top", "linkedin:in/ada"),
        ("https://www.linkedin.com/in/jos%C3%A9", "linkedin:in/josé"),
        ("https://www.linkedin.com/in/josé", "linkedin:in/josé"),
        ("https://www.linkedin.com/in/jose%CC%81", "linkedin:in/josé"),
        ("https://www.linkedin.com/in/a%zz", "linkedin:in/a%zz"),
        ("https://www.linkedin.com/in/", None),
        ("https://www.linkedin.com/company/acme", None),
        ("https://evil.example/linkedin.com/in/ada", None),
        ("<NA>", None),
        ("NULL", None),
        (None, None),
    ],
)
def test_person_keys(address: str | None, key: str | None) -> None:
    usual = "https://www.linkedin.com/in/bo"
    addresses = pl.Series([usual, address, usual], dtype=pl.String)
    assert person_keys(addresses).to_list() == ["linkedin:in/bo", key, "linkedin:in/bo"]


def test_recipients_are_counted_by_address() -> None:
    a, b = "https://www.linkedin.com/in/a", "https://www.linkedin.com/in/b"
    cells = [a, f"{a},{b}", f"{a},{a}", f"{a},https://www.linkedin.com/company/c", ",", None]
    frame = recipients(pl.Series(cells, dtype=pl.String))
    assert frame.rows() == [
        (["linkedin:in/a"], 1),
        (["linkedin:in/a", "linkedin:in/b"], 2),
        (["linkedin:in/a"], 1),
        (["linkedin:in/a"], 2),
        (None, 0),
        (None, 0),
    ]
    assert recipients(pl.Series([None, a], dtype=pl.String)).rows() == [
        (None, 0),
        (["linkedin:in/a"], 1),
    ]
