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
    '<a href="javascript:window.owned = 7">click</a>',
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
    '=HYPERLINK("http://evil.example/", "click")',
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
    '$(touch /tmp/owned) `id` && echo "$HOME"',
    "../../../../etc/passwd",
    "👩🏽‍🚀 e\u0301\u0323 ｆｕｌｌ",
    "نص من اليمين إلى اليسار <b>",
    "x" * 5_000,
    " ",
)


# Table → columns a stranger can write to (or that quote one).
_OPEN = {
    "people": ("display_name", "headline", "company", "handle", "profile_url"),
    "messages": ("subject", "text"),
    "conversations": ("title",),
    "flags": ("statement", "innocent_explanation"),
    "sender_metrics": ("advice_reason", "state_reason"),
    "sender_blocks": ("explanation",),
    "templates": ("masked_text",),
    "exports": ("file_name",),
    "export_members": ("reason", "unknown_fields", "repairs"),
    "rejects": ("reason", "excerpt"),
    "clusters": ("location",),
}


def hostile_rows(rows: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """The inbox with a hostile string in every place a stranger can write to, all of them used."""
    for table, columns in _OPEN.items():
        open_rows = [row for row in rows[table] if not row.get("is_owner")]
        for index, row in enumerate(open_rows):
            for place, column in enumerate(columns):
                row[column] = HOSTILE[(index + 5 * place) % len(HOSTILE)]
    return rows
