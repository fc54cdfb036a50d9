"""Names and texts that try to become something else where they are shown.

Each would leave a trace: a property of `window` named `owned`, a dialogue, a request, a template
evaluated to 49, a cell that a spreadsheet computes.
"""

from __future__ import annotations

HOSTILE: tuple[str, ...] = (
    "<script>window.owned = 1</script>",
    "</script><script>window.owned = 2</script>",
    "<!--<script>window.owned = 3</script>",
    "<img src=x onerror='window.owned = 4'>",
    "\"><svg onload='window.owned = 5'>",
    "' onmouseover='window.owned = 6' x='",
    "<a href=\"javascript:window.owned = 7\">click</a>",
    "javascript:window.owned = 8",
    "data:text/html,<script>window.owned = 9</script>",
    "</style><style>body{display:none}</style>",
    "</title><h1>title</h1>",
    "]]><![CDATA[",
    "{{ 7 * 7 }}",
    "{% raw %}${7 * 7}<%= 7 * 7 %>#{7 * 7}",
    "%{customdata}<b>bold</b><br><extra>trace</extra>",
    "&lt;b&gt; &amp;amp; &#x3c;",
    "var(--ink)",
    "__proto__",
    "constructor",
    "=HYPERLINK(\"http://evil.example/\", \"click\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "＝1+1",
    "\u202egnirts desrever\u202c",
    "\u2067isolate without an end",
    "zero\u200bwidth\u200djoiner\ufeff",
    "a\u2028b\u2029c",
    "control \x00\x07\x1b[31m red",
    "'; DROP TABLE people; --",
    "$(touch /tmp/owned) `id` && echo \"$HOME\"",
    "../../../../etc/passwd",
    "👩🏽‍🚀 e\u0301\u0323 ｆｕｌｌ",
    "نص من اليمين إلى اليسار <b>",
    "x" * 5_000,
    " ",
)


def hostile_rows(rows: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """The inbox with a hostile string in every place a stranger can write to, all of them used."""
    people = [row for row in rows["people"] if not row["is_owner"]]
    for index, row in enumerate(people):
        text = HOSTILE[index % len(HOSTILE)]
        row |= {
            "display_name": text,
            "headline": HOSTILE[(index + 5) % len(HOSTILE)],
            "company": text,
            "handle": text,
            "profile_url": HOSTILE[(index + 7) % len(HOSTILE)],
        }
    for index, row in enumerate(rows["messages"]):
        row["subject"] = HOSTILE[(index + 1) % len(HOSTILE)]
        if row["text"] is not None:
            row["text"] = HOSTILE[index % len(HOSTILE)] + "\n" + HOSTILE[(index + 3) % len(HOSTILE)]
    for index, row in enumerate(rows["conversations"]):
        row["title"] = HOSTILE[index % len(HOSTILE)]
    for index, row in enumerate(rows["flags"]):
        row["statement"] = HOSTILE[index % len(HOSTILE)]
        row["innocent_explanation"] = HOSTILE[(index + 2) % len(HOSTILE)]
    for index, row in enumerate(rows["sender_metrics"]):
        row["advice_reason"] = HOSTILE[index % len(HOSTILE)]
    for index, row in enumerate(rows["sender_blocks"]):
        row["explanation"] = HOSTILE[index % len(HOSTILE)]
    for table, columns in (
        ("templates", ("masked_text",)),
        ("exports", ("file_name",)),
        ("export_members", ("reason", "unknown_fields", "repairs")),
        ("rejects", ("reason", "excerpt", "member")),
        ("clusters", ("industry", "location")),
    ):
        for index, row in enumerate(rows[table]):
            for place, column in enumerate(columns):
                row[column] = HOSTILE[(index * 5 + place) % len(HOSTILE)]
    for row in rows["clusters"]:
        row["industry"] = "all"
    return rows
