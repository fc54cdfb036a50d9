"""Zips that lie, swell, lead elsewhere or are broken, each built beside one good file.

A case is what is wrong, how the zip is made, and what the program says of which file: a part of the
sentence, for the whole export where no file is named.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

HEADER = (
    b"CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,DATE,SUBJECT,CONTENT,FOLDER\n"
)
GOOD = HEADER + b"1,,Ana,,Nadia,2020-05-01 09:00:00 UTC,,hello,INBOX\n"
"""One row; every archive holds it as messages.csv."""
BAD = "messages_2.csv"
MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Case:
    """`member` is the file that is refused, None where the whole export is; `says` how."""

    name: str
    make: Callable[[], bytes]
    says: str
    member: str | None = BAD


def entry(
    name: str, *, mode: int = 0o100644, method: int = zipfile.ZIP_DEFLATED
) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("placeholder", (2026, 3, 1, 0, 0, 0))
    info.filename = name  # as a hostile writer would: the library mends names otherwise
    info.external_attr = mode << 16
    info.compress_type = method
    return info


def packed(*members: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    """A zip of messages.csv and these."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry("messages.csv"), GOOD)
        for info, content in members:
            archive.writestr(info, content, info.compress_type)
    return out.getvalue()


def named(name: str, mode: int = 0o100644) -> Callable[[], bytes]:
    return lambda: packed((entry(name, mode=mode), GOOD))


def changed(offset: int, value: bytes, *, local: int | None = None) -> Callable[[], bytes]:
    """The second entry of the directory with these bytes at that offset, its own header as well."""

    def make() -> bytes:
        raw = bytearray(packed((entry(BAD), GOOD * 20)))
        place = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
        raw[place + offset : place + offset + len(value)] = value
        if local is not None:
            place = raw.index(b"PK\x03\x04", 10)
            raw[place + local : place + local + len(value)] = value
        return bytes(raw)

    return make


def overlapping() -> bytes:
    """Two entries of the directory that unpack the same bytes, as the densest of bombs do."""
    raw = bytearray(packed((entry(BAD), GOOD * 20), (entry("messages_3.csv"), GOOD)))
    first = raw.index(b"PK\x01\x02")
    second = raw.index(b"PK\x01\x02", first + 4)
    third = raw.index(b"PK\x01\x02", second + 4)
    raw[third + 16 : third + 28] = raw[second + 16 : second + 28]  # checksum and both sizes
    raw[third + 42 : third + 46] = raw[second + 42 : second + 46]  # where it begins
    return bytes(raw)


def bomb(size: int, method: int = zipfile.ZIP_DEFLATED) -> Callable[[], bytes]:
    return lambda: packed((entry(BAD, method=method), HEADER + bytes(size)))


def bomb_that_denies() -> bytes:
    """A bomb whose sizes are those of a harmless file."""
    raw = bytearray(bomb(64 * MEGABYTE)())
    place = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[place + 24 : place + 28] = struct.pack("<I", 5000)
    return bytes(raw)


def bomb_that_boasts() -> bytes:
    """A bomb that says it is packed in 256 MB: its ratio is harmless."""
    raw = bytearray(bomb(64 * MEGABYTE)())
    place = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[place + 20 : place + 24] = struct.pack("<I", 256 * MEGABYTE)
    return bytes(raw)


def renamed_inside() -> bytes:
    raw = bytearray(packed((entry(BAD), GOOD)))
    place = raw.index(b"PK\x03\x04", 10) + 30
    raw[place : place + 4] = b"else"
    return bytes(raw)


def undecodable() -> bytes:
    return packed((entry("é.csv"), GOOD)).replace("é.csv".encode(), b"\xff\xff.csv")


def nested(depth: int) -> bytes:
    inner = bomb(32 * MEGABYTE)()
    for level in range(depth):
        inner = packed((entry(f"level{level}.zip", method=zipfile.ZIP_STORED), inner))
    return inner


def zip64_that_lies() -> bytes:
    """It holds 16 EiB, says the extra field."""
    raw = packed((entry(BAD), GOOD * 20))
    first = raw.index(b"PK\x01\x02")
    place = raw.index(b"PK\x01\x02", first + 4)
    extra = struct.pack("<HHQ", 1, 8, 2**64 - 2)
    at_extra = place + 46 + len(BAD)
    new = bytearray(raw[:at_extra] + extra + raw[at_extra:])
    struct.pack_into("<I", new, place + 24, 0xFFFFFFFF)
    struct.pack_into("<H", new, place + 30, len(extra))
    end = new.index(b"PK\x05\x06")
    (size,) = struct.unpack_from("<I", new, end + 12)
    struct.pack_into("<I", new, end + 12, size + len(extra))
    return bytes(new)


def wrong_end(offset: int, value: bytes) -> Callable[[], bytes]:
    def make() -> bytes:
        raw = bytearray(packed())
        place = raw.index(b"PK\x05\x06")
        raw[place + offset : place + offset + len(value)] = value
        return bytes(raw)

    return make


def many(files: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry("messages.csv"), GOOD)
        for number in range(files):
            archive.writestr(f"m/{number}", b"")
    return out.getvalue()


def repeated() -> bytes:
    return packed((entry(BAD), GOOD), (entry(BAD), GOOD + GOOD))


def huge_cell() -> bytes:
    """One cell of 70 MB that hardly repeats itself."""
    words = b" ".join(b"%d" % (n * 7919 % 1_000_003) for n in range(1_000_000))
    row = b'2,,Ana,,Nadia,2020-05-01 09:00:00 UTC,,"' + (words + b" ") * 11
    return packed((entry(BAD), HEADER + row))


CASES: tuple[Case, ...] = (
    Case("flat bomb", bomb(256 * MEGABYTE), "inflates to more than 200 times its packed size"),
    Case("bomb that denies its size", bomb_that_denies, "the zip is damaged here"),
    Case("bomb that says it is large", bomb_that_boasts, "it shares its bytes with another file"),
    Case("bzip2 bomb", bomb(64 * MEGABYTE, zipfile.ZIP_BZIP2), "packed by method 12"),
    Case("LZMA", bomb(MEGABYTE, zipfile.ZIP_LZMA), "packed by method 14"),
    Case("nested zips", lambda: nested(5), "no reader", "level4.zip"),
    Case("cell without an end", huge_cell, "a quoted cell is opened and never closed"),
    Case("up and out", named("../m.csv"), "leads out of the export", "../m.csv"),
    Case("down, up and out", named("a/../../m.csv"), "leads out of the export", "a/../../m.csv"),
    Case("absolute", named("/etc/m.csv"), "is absolute", "/etc/m.csv"),
    Case("a drive", named("C:/m.csv"), "is absolute", "C:/m.csv"),
    Case("backslashes", named("..\\m.csv"), "holds a backslash", "..\\m.csv"),
    Case("a share", named("\\\\host\\m.csv"), "holds a backslash", "\\\\host\\m.csv"),
    Case("a name of escapes", named("\x1b]0;owned\x07.csv"), "no reader", "\x1b]0;owned\x07.csv"),
    Case("symbolic link", named(BAD, 0o120777), "it is a symbolic link"),
    Case("encrypted", changed(8, b"\x01\x00", local=6), "it is encrypted"),
    Case("strongly encrypted", changed(8, b"\x41\x00", local=6), "it is encrypted"),
    Case("one name twice", repeated, "2 files of this name"),
    Case("16 EiB by zip64", zip64_that_lies, "more than the limit"),
    Case(
        "4 GiB where there is 1 KB", changed(24, struct.pack("<I", 2**32 - 2)), "inflates to more"
    ),
    Case("packed beyond the end", changed(20, struct.pack("<I", 2**31)), "shares its bytes"),
    Case("wrong checksum", changed(16, bytes(4), local=14), "the zip is damaged here: Bad CRC-32"),
    Case("wrong size", changed(24, struct.pack("<I", 300)), "the zip is damaged here: Bad CRC-32"),
    Case(
        "begins elsewhere", changed(42, struct.pack("<I", 7)), "the zip is damaged here: Bad magic"
    ),
    Case("begins beyond the end", changed(42, struct.pack("<I", 2**31)), "the zip is damaged here"),
    Case("another name inside", renamed_inside, "the zip is damaged here: File name in directory"),
    Case("no such method", changed(10, struct.pack("<H", 99), local=8), "packed by method 99"),
    Case("a method of 1989", changed(10, struct.pack("<H", 1), local=8), "packed by method 1,"),
    Case("overlapping entries", overlapping, "shares its bytes with another", "messages_3.csv"),
    Case("a name that is no UTF-8", undecodable, "its table of contents cannot be read", None),
    Case("too many files", lambda: many(70_000), "more than the limit of 60,000 files", None),
    Case("a directory too large", wrong_end(12, b"\xff\xff\xff\x7f"), "cannot be read", None),
    Case("a directory elsewhere", wrong_end(16, b"\xff\xff\xff\x7f"), "no reader knows it", None),
    Case("no directory", lambda: packed()[:-40], "its table of contents cannot be read", None),
    Case("a directory of nothing", lambda: b"PK\x05\x06" + bytes(18), "it holds no files", None),
)
