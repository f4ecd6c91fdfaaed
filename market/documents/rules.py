"""What may be uploaded? Decided by what is in the file, never by what its name or sender says."""

from __future__ import annotations

import codecs
import contextlib
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype
from PIL import Image, ImageOps, UnidentifiedImageError

from market.values.refusal import Refusal

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_RATIO = 100
LARGEST_OBJECT_STREAM = 10 * 1024 * 1024
MOST_ENTRIES = 1000
MOST_PIXELS = 60_000_000
LONGEST_NAME = 120

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "text/plain"
CSV = "text/csv"
IMAGES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
TYPE_BY_SUFFIX = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".xlsx": XLSX,
    ".txt": TEXT,
    ".csv": CSV,
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
# The test string of all virus scanners, split so that no scanner takes this file for it.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
# /JS counts only with what may follow it: in some megabytes of packed pictures three letters stand somewhere by chance.
_PDF_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|XFA|SubmitForm|ImportData|GoToE|GoToR)\b"
    rb"|/JS\s*(?:[(<]|\d+\s+\d+\s+R\b)"
)
_PDF_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^<]*?>>\s*stream\r?\n|/Type\s*/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_PDF_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_MARKUP = re.compile(rb"<\s*(!doctype\s+html|html|script|svg|iframe|body|\?xml|!ENTITY)", re.IGNORECASE)
_OFFICE_MAIN = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External", re.IGNORECASE)
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_DDE_FIELD = re.compile(rb"instrText[^>]*>\s*DDE")
_PROGRAMS = (b"PK\x03\x04", b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"#!")
_DANGEROUS_PARTS = ("vbaproject.bin", "activex", "/embeddings/", "oleobject", "externallinks")


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be stored: its clean name, the type found, and its content (images are written anew, without metadata)."""

    name: str
    content_type: str
    content: bytes


def inspect(name: str, content: bytes) -> Inspected | list[Refusal]:
    """The file as it may be stored, or why it may not.

    Refused are empty, large or badly named files, contents that are not what the name says, and whatever could run:
    scripts in PDF or markup, macros and embedded objects in Office files, bombs and paths in archives.
    Source: OWASP ASVS 5.0, chapter V5, on files (high); the figures are the market's own.
    """
    if refusal := _name_refusal(name) or _size_refusal(content):
        return [refusal]
    expected = TYPE_BY_SUFFIX.get(PurePosixPath(name.lower()).suffix)
    if expected is None:
        return [_refusal("type_not_allowed", name)]
    if _EICAR in content:
        return [_refusal("threat_found", name)]
    if expected in IMAGES:
        return _inspect_image(name, content, expected)
    checks = {PDF: _pdf_refusal, DOCX: _office_refusal, XLSX: _office_refusal, TEXT: _text_refusal, CSV: _text_refusal}
    if refusal := checks[expected](name, content):
        return [refusal]
    return Inspected(name, expected, content)


def _refusal(code: str, name: str, **data: object) -> Refusal:
    return Refusal(f"documents.{code}", data={"name": name[:60], **data})


def _name_refusal(name: str) -> Refusal | None:
    has_odd_characters = any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} for character in name)
    if not name or has_odd_characters or "/" in name or "\\" in name or name.startswith("."):
        return Refusal("documents.name_not_allowed", data={"name": "".join(c for c in name if c.isprintable())[:60]})
    if len(name) > LONGEST_NAME or len(name.encode()) > 240:
        return _refusal("name_too_long", name, longest=LONGEST_NAME)
    return None


def _size_refusal(content: bytes) -> Refusal | None:
    if not content:
        return Refusal("documents.empty")
    if len(content) > LARGEST_FILE:
        return Refusal("documents.too_large", data={"largest": LARGEST_FILE // 1024 // 1024})
    return None


def _pdf_refusal(name: str, content: bytes) -> Refusal | None:
    if not content.startswith(b"%PDF-"):
        return _refusal("not_what_it_says", name)
    if b"%%EOF" not in content[-2048:]:
        return _refusal("damaged", name)
    if b"/Encrypt" in content:
        # What is locked cannot be looked into.
        return _refusal("locked", name)
    plain = content + b"".join(_pdf_object_streams(content))
    # Names in a PDF may be written with escapes: /J#61vaScript.
    plain = _PDF_NAME_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), plain)
    if _PDF_ACTIVE.search(plain) or _MARKUP.search(content[:1024]) or zipfile.is_zipfile(io.BytesIO(content)):
        return _refusal("active_content", name)
    return None


def _pdf_object_streams(content: bytes) -> Iterator[bytes]:
    """The packed objects of a PDF, where scripts hide from whoever reads the bytes as they stand."""
    for match in _PDF_OBJECT_STREAM.finditer(content):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj().decompress(content[match.end() :], LARGEST_OBJECT_STREAM)


def _text_refusal(name: str, content: bytes) -> Refusal | None:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _refusal("encoding_unknown", name)
    if b"\0" in content or filetype.guess(content) is not None or zipfile.is_zipfile(io.BytesIO(content)):
        return _refusal("not_what_it_says", name)
    if _MARKUP.search(content):
        return _refusal("active_content", name)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = sum(unicodedata.category(character) == "Cc" and character not in "\r\n\t\ufeff" for character in text)
        return _refusal("not_what_it_says", name) if controls else None
    return _refusal("encoding_unknown", name)


def _office_refusal(name: str, content: bytes) -> Refusal | None:
    if not content.startswith(b"PK\x03\x04"):
        return _refusal("not_what_it_says", name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _archive_refusal(name, archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        return _refusal("damaged", name)


def _archive_refusal(name: str, archive: zipfile.ZipFile) -> Refusal | None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * max(packed, 1):
        return _refusal("bomb", name)
    names = [entry.filename for entry in entries]
    expected = TYPE_BY_SUFFIX[PurePosixPath(name.lower()).suffix]
    if "[Content_Types].xml" not in names or _OFFICE_MAIN[expected] not in names or len(set(names)) != len(names):
        return _refusal("not_what_it_says", name)
    if any(_is_bad_entry(entry) for entry in entries):
        return _refusal("active_content", name)
    for entry in entries:
        # Read by the stated size and one byte more: a false header must not unpack a bomb.
        with archive.open(entry) as part:
            data = part.read(entry.file_size + 1)
        if len(data) > entry.file_size:
            return _refusal("bomb", name)
        if _EICAR in data:
            return _refusal("threat_found", name)
        if _is_active_part(entry.filename, data):
            return _refusal("active_content", name)
    return None


def _is_bad_entry(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    is_encrypted = bool(entry.flag_bits & 0x1)
    is_outside = path.is_absolute() or ".." in path.parts or ":" in entry.filename
    return is_link or is_encrypted or is_outside or any(part in f"/{path}".lower() for part in _DANGEROUS_PARTS)


def _is_active_part(filename: str, data: bytes) -> bool:
    """Programs and archives inside, definitions that XML readers would follow, links that are fetched by themselves, macros."""
    # Without zero bytes, so that UTF-16 hides nothing.
    plain = data.replace(b"\0", b"")
    if data.startswith(_PROGRAMS):
        return True
    if not filename.lower().endswith((".xml", ".rels", ".vml")):
        return False
    links = [link for link in _RELATIONSHIP.findall(plain) if _EXTERNAL.search(link)]
    return (
        b"<!ENTITY" in plain
        or b"<!DOCTYPE" in plain
        or b"macroEnabled" in plain
        or _DDE_FIELD.search(plain) is not None
        or not all(_HYPERLINK.search(link) for link in links)
    )


def _inspect_image(name: str, content: bytes, expected: str) -> Inspected | list[Refusal]:
    guess = filetype.guess(content)
    if guess is None or guess.mime != expected:
        return [_refusal("not_what_it_says", name)]
    try:
        with Image.open(io.BytesIO(content), formats=[IMAGES[expected]]) as image:
            if image.width * image.height > MOST_PIXELS:
                return [_refusal("image_too_large", name)]
            # Telephones put a second view or a small copy behind the picture; the first one is kept. Nothing else may move.
            if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
                return [_refusal("type_not_allowed", name)]
            image.load()
            # The turn that the camera noted is taken before its notes are dropped.
            upright = ImageOps.exif_transpose(image)
            clean = io.BytesIO()
            # A new picture has the pixels only: no place of taking, no comments, nothing hung on behind.
            fresh = upright.convert("RGBA" if upright.has_transparency_data and expected != "image/jpeg" else "RGB")
            fresh.info.clear()
            fresh.save(clean, IMAGES[expected], **({"quality": 92} if expected != "image/png" else {}))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return [_refusal("damaged", name)]
    return Inspected(name, expected, clean.getvalue())
