"""Text cleaning before any count (evidence.md §1): what the sender wrote here and now, and only that.

`cut` takes away what is not theirs (quoted and forwarded text) or not said (signature, HTML);
`clean` then puts typed placeholders for everything that is not a word. Every pattern is linear
in the text (Rust's regex engine has no backtracking).
"""

from __future__ import annotations

import polars as pl

from transforms.text.columns import change_where

# --- what is not the sender's own text ---------------------------------------------------------

_HTML = r"<(?:/?[a-zA-Z][^<>]{0,500}|!--)/?>|&(?:[a-zA-Z]{2,6}|#\d{1,5});"
_HTML_BREAK = r"(?i)<(?:br|/p|/div|/li|/tr|/h\d)\s*/?>"
_HTML_SILENT = r"(?is)<(?:style|script|head)\b.*?</(?:style|script|head)>"
# Only tags that HTML has: "<3", "<name>" and e-mail addresses in angle brackets are text.
_HTML_TAG = (
    r"(?i)</?(?:a|abbr|b|big|blockquote|body|br|center|div|em|font|footer|h\d|head|header|hr|html|i|img|li"
    r"|meta|ol|p|section|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]{0,2000})?/?>"
)
_ENTITIES = {
    "&nbsp;": " ",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&#x27;": "'",
    "&apos;": "'",
    "&amp;": "&",
}

# From here on the text is somebody else's. Each alternative starts a line.
_QUOTED_TAIL = (
    r"(?ims)(?:^|\n)[ \t]*(?:"
    r"-{2,}\s?(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|mensaje original"
    r"|mensaje reenviado|message d'origine|message transféré|mensagem original|mensagem encaminhada)\s?-{0,}"
    r"|begin forwarded message:"
    r"|on [^\n]{5,90}\bwrote:\s*$"
    r"|am [^\n]{5,90}\bschrieb[^\n]{0,60}:\s*$"
    r"|el [^\n]{5,90}\bescribió:\s*$"
    r"|le [^\n]{5,90}\ba écrit\s?:\s*$"
    r"|em [^\n]{5,90}\bescreveu:\s*$"
    r"|(?:from|von|de): [^\n]{1,120}\n\s*(?:sent|date|to|gesendet|datum|enviado|fecha|envoyé|enviada)\s?: "
    r").*"
)
_QUOTED_LINE = r"(?m)^[ \t]*>[^\n]*\n?"
_QUOTED_HINT = r"(?im)^[ \t]*(?:>|-{2,}|begin forwarded|(?:on|am|el|le|em) [^\n]{5,150}:\s*$|(?:from|von|de): )"

# --- what is not said --------------------------------------------------------------------------

_DEVICE_LINE = (
    r"(?im)^[ \t]*(?:sent from my |sent via |sent from outlook|get outlook for |gesendet von meinem |von meinem \w+ gesendet"
    r"|enviado desde mi |enviado do meu |enviado de mi |envoyé de mon |envoyé depuis )[^\n]{0,60}$"
)
_SIGNATURE_MARK = r"(?s)\n-- ?\n.*"
# A sign-off on a line of its own, the last one of the text.
_SIGN_OFF = (
    r"(?i)\n[ \t]*(?:(?:best|kind|kindest|warm|warmest|with best|with kind|all the)? ?(?:regards|wishes|best)|cheers|thanks"
    r"|thank you|many thanks|thanks again|sincerely|yours sincerely|yours truly|yours|br|rgds|talk soon|take care"
    r"|mit freundlichen grüßen|mit besten grüßen|freundliche grüße|(?:viele|beste|liebe|schöne|herzliche) grüße|lg|vg|mfg|gruß"
    r"|saludos|un saludo|saludos cordiales|un cordial saludo|atentamente|un abrazo"
    r"|cordialement|bien cordialement|bien à vous|bonne journée|merci d'avance|amicalement"
    r"|atenciosamente|cumprimentos|abraços|um abraço|obrigad[oa])[ \t]*[,.!\-–]*[ \t]*\n"
)
_SIGN_OFF_TAIL = rf"(?s)^(?:.*)({_SIGN_OFF}.*)$"
_SIGNATURE_LINES = 8
_SIGNATURE_LINE_LETTERS = 80
# A postscript or an opt-out line below the name is part of the message after all.
_SAID_BELOW = r"(?i)\?|\n[ \t]*(?:p\.? ?s|n\.? ?b)(?-u:\b)|unsubscrib|opt[ -]out|abmelden|désabonn|darse de baja|descadastr"

# --- placeholders ------------------------------------------------------------------------------

_BOOKING_HOSTS = (
    r"calendly\.com|cal\.com|meetings\.hubspot\.com|meetings-eu1\.hubspot\.com|savvycal\.com|tidycal\.com|youcanbook\.me|zcal\.co"
    r"|outlook\.office(?:365)?\.com/(?:book|owa/calendar)|calendar\.app\.google|calendar\.google\.com/calendar/(?:u/\d/)?appointments"
    r"|doodle\.com|acuityscheduling\.com|oncehub\.com|koalendar\.com|chilipiper\.com|appointlet\.com|setmore\.com"
    r"|picktime\.com|simplybook\.me|vyte\.in|harmonizely\.com|fantastical\.app|meetergo\.com|zeeg\.me|bookings\.cloud\.microsoft"
)
_BOOKING = rf"(?i)(?:https?://)?(?:[a-z0-9-]+\.)*(?:{_BOOKING_HOSTS})(?:[/?#][^\s<>\"]*)?"
_EMAIL = (
    r"(?i)(?:mailto:)?[a-z0-9._%+\-]+(?:@|\s?[\(\[]\s?at\s?[\)\]]\s?)[a-z0-9\-]+(?:\.[a-z0-9\-]+)*"
    r"(?:\.|\s?[\(\[]\s?dot\s?[\)\]]\s?)[a-z]{2,15}"
)
_TLD = (
    "com|org|net|edu|gov|info|biz|io|ai|app|dev|tv|xyz|shop|store|online|site|club|live|agency|digital|studio|media|news|blog|tech"
    "|cloud|email|academy|coach|consulting|solutions|services|marketing|eu|de|fr|es|pt|ch|nl|ca|uk|us|br|gg|ly|gl|ee|fm|cc|fun|money|finance|games|wtf|world|example"
)
# A bare domain needs a known ending; a short one that is also a word ("me", "so") needs a path.
_URL = (
    r"(?i)(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,!?;:)'\]]"
    rf"|[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:(?:co|com|org|net)\.[a-z]{{2}}|{_TLD})(?:/(?:[^\s<>\"]*[^\s<>\".,!?;:)'\]])?|(?-u:\b))"
    r"|[a-z0-9][a-z0-9-]+\.[a-z]{2,12}/[^\s<>\"]+"
    rf"|[a-z0-9][a-z0-9-]+\s?(?:\s\.\s{{0,2}}|[\(\[]dot[\)\]]|\sdot\s)\s?(?:com|net|org|tv|info)(?-u:\b)"
    r"|(?-u:\b)watch\?v=[\w-]+"
)
_PHONE = (
    r"(?:\+|(?-u:\b)00)[1-9]\d{0,2}(?:[ .\-/]{0,2}\(?\d{1,5}\)?){2,6}"
    r"|\(\d{2,5}\)[ .\-]?\d{3,5}[ .\-]?\d{3,5}"
    r"|(?-u:\b)0\d{2,5}[ .\-/]{0,2}\d{2,5}(?:[ .\-/]?\d{2,5}){1,3}(?-u:\b)"
    r"|(?-u:\b)\d{3}[ .\-]\d{3}[ .\-]\d{4}(?-u:\b)"
    r"|(?-u:\b)\d{10,13}(?-u:\b)"
)
_UNIT = r"(?:k|m|mn|bn|mio|million|millionen|millones|millions|milhões)?"
_PRICE = (
    rf"(?i)(?:[$€£¥₹]|(?-u:\b)(?:usd|eur|gbp|chf|inr|rs\.?|r\$))\s?\d[\d.,]*\s?{_UNIT}(?:/\w+)?(?-u:\b)"
    r"|(?-u:\b)\d[\d.,]*k?(?:\s?€|\$|£|\s?(?:usd|eur|gbp|chf|euros?|dollars?|dólares|pounds?|bucks|quid|reais|francs?|pence)(?-u:\b))"
    r"|(?-u:\b)\d{1,3}(?:\.\d\d)?p(?:pm|\s?/|\s?per(?-u:\b)|\s?min(?-u:\b)|\s?a\s)"
)
_NUMBER = r"(?i)(?-u:\b)\d+(?:[.,:]\d+)*k?(?-u:\b)"
_COUNTED = r"(?-u:\b)\d{1,6}(?-u:\b)"
_MENTION = r"(?-u:\B)@[A-Za-z0-9_]{2,30}"

# What each placeholder stands for, to find it again in the original text.
PLACEHOLDER_PATTERNS = {
    "<url>": _URL,
    "<booking>": _BOOKING,
    "<email>": _EMAIL,
    "<phone>": _PHONE,
    "<price>": _PRICE,
    "<number>": _NUMBER,
    "<mention>": _MENTION,
}

# --- characters --------------------------------------------------------------------------------

# Pictographs, flags, skin tones, variation selectors, keycaps, joiners; and marks nobody sees.
_EMOJI = r"[\p{Extended_Pictographic}\x{1F1E6}-\x{1F1FF}\x{1F3FB}-\x{1F3FF}\x{FE0E}\x{FE0F}\x{20E3}\x{E0020}-\x{E007F}]"
_INVISIBLE = r"[\x{200B}-\x{200F}\x{2060}\x{FEFF}\x{00AD}\x{202A}-\x{202E}]"
_APOSTROPHE = r"[\x{2019}\x{2018}\x{02BC}\x{00B4}`]"
_EMOTICON = r"(?:^|[\s.,!?])(?:[:;=]['\-]?[)(DPpOo3/\\|*\]\[]+|<3+|[xX]D+|\^_*\^)(?:$|[\s.,!?])"
_SPACE = r"[^\S\n]{2,}|[^\S\n ]"


def _strip_html(texts: pl.Series) -> pl.Series:
    texts = (
        texts.str.replace_all(_HTML_SILENT, " ")
        .str.replace_all(_HTML_BREAK, "\n")
        .str.replace_all(_HTML_TAG, " ")
    )
    for entity, character in _ENTITIES.items():
        texts = texts.str.replace_all(entity, character, literal=True)
    return texts


def _drop_quotes(texts: pl.Series) -> pl.Series:
    return texts.str.replace(_QUOTED_TAIL, "").str.replace_all(_QUOTED_LINE, "")


def _drop_sign_off(texts: pl.Series) -> pl.Series:
    tail = texts.str.extract(_SIGN_OFF_TAIL)
    kept = texts.str.head(texts.str.len_chars() - tail.str.len_chars())
    lines = tail.str.count_matches("\n") - 1
    is_signature = (
        lines.is_between(1, _SIGNATURE_LINES)
        & (tail.str.len_chars() <= lines * _SIGNATURE_LINE_LETTERS)
        & ~tail.str.contains(_SAID_BELOW)
    )
    return kept.zip_with(is_signature.fill_null(value=False), texts)


def cut(texts: pl.Series) -> pl.Series:
    """The text without HTML, quoted and forwarded text, and signature; characters unaltered."""
    texts = change_where(texts, r"\r", lambda t: t.str.replace_all("\r\n?", "\n"))
    texts = change_where(texts, _HTML, _strip_html)
    texts = change_where(texts, _QUOTED_HINT, _drop_quotes)
    texts = change_where(texts, r"\n-- ?\n", lambda t: t.str.replace(_SIGNATURE_MARK, ""))
    texts = change_where(texts, _DEVICE_LINE, lambda t: t.str.replace_all(_DEVICE_LINE, ""))
    return change_where(texts, _SIGN_OFF, _drop_sign_off)


def _plain_characters(texts: pl.Series) -> pl.Series:
    texts = (
        texts.str.replace_all(_APOSTROPHE, "'")
        .str.replace_all(_INVISIBLE, "")
        .str.replace_all(_EMOJI, " ")
    )
    return change_where(texts, r"\p{M}", lambda t: t.str.normalize("NFC"))


def _without_addresses(texts: pl.Series) -> pl.Series:
    texts = change_where(cut(texts), r"[^\x00-\x7F]|`", _plain_characters)
    texts = change_where(
        texts, r"@|(?i)[\(\[]\s?at\s?[\)\]]", lambda t: t.str.replace_all(_EMAIL, " <email> ")
    )
    texts = change_where(texts, _BOOKING, lambda t: t.str.replace_all(_BOOKING, " <booking> "))
    texts = change_where(
        texts, r"[./=]|(?i)\sdot\s|dot[\)\]]", lambda t: t.str.replace_all(_URL, " <url> ")
    )
    texts = change_where(texts, "@", lambda t: t.str.replace_all(_MENTION, " <mention> "))
    return change_where(texts, _EMOTICON, lambda t: t.str.replace_all(_EMOTICON, " "))


def _finished(texts: pl.Series) -> pl.Series:
    texts = change_where(texts, r"\d", _numbers)
    texts = change_where(texts, _SPACE, lambda t: t.str.replace_all(_SPACE, " "))
    texts = change_where(texts, r"\n", lambda t: t.str.replace_all(r" ?\n[ \n]*", "\n"))
    texts = texts.str.strip_chars(" \n")
    return texts.set(texts == "", None)


def clean(texts: pl.Series) -> pl.Series:
    """Cleaned text of each text: one line per line, single spaces, typed placeholders.

    Null where the text is null or nothing is left of it.
    """
    return _finished(_without_addresses(texts))


def clean_with_numbers(texts: pl.Series) -> pl.DataFrame:
    """`clean` and `numbers`: the cleaned texts, and the numbers that their placeholders hide."""
    kept = _without_addresses(texts)
    return pl.DataFrame({"clean": _finished(kept), "numbers": kept.str.extract_all(_COUNTED)})


def _numbers(texts: pl.Series) -> pl.Series:
    return (
        texts.str.replace_all(_PHONE, " <phone> ")
        .str.replace_all(_PRICE, " <price> ")
        .str.replace_all(_NUMBER, "<number>")
    )
