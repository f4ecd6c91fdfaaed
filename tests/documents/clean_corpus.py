"""Two hundred files as honest people send them: of different programs, versions, languages, sizes and names, made here."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product

import openpyxl
import pydyf
from openpyxl.chart import BarChart, LineChart, PieChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from weasyprint import HTML

from tests.documents.corpus import File, clean

_WORDS = {
    "zh": "技术转让合同：甲方将循环流化床稳燃技术许可乙方实施，许可费人民币一百二十万元，分三期支付。",
    "en": "Technology licence: the licensor grants a non-exclusive licence; the fee is CNY 1,200,000 in three instalments.",
    "de": "Lizenzvertrag über ein Verfahren zur Verfestigung von Flugasche; Vergütung 1.200.000 CNY.",
    "ru": "Лицензионный договор на технологию сжигания низкокалорийного угля.",
    "ja": "技術ライセンス契約：対価は百二十万元とする。",
    "signs": "a < b && c > d; \u201c引号\u201d — ①②③ ㎡ ℃ ± ½ 𠮷 😀\tend",
}
_NAMES = [
    "合同",
    "成果鉴定报告（终稿）",
    "附件1 价格表",
    "Contract v2 (signed)",
    "甲方-乙方_2026年3月",
    "专利证书 ZL201710123456.7",
    "Übersicht",
]


@cache
def clean_files() -> dict[str, File]:
    """By what it is: the name and content of each; none may be refused."""
    made: dict[str, File] = dict(clean())
    kinds = {"txt": _texts, "csv": _tables, "docx": _word_files, "xlsx": _workbooks, "pdf": _pdfs}
    for suffix, make in kinds.items():
        for number, (what, content) in enumerate(make()):
            made[f"{suffix}: {what}"] = (f"{_NAMES[number % len(_NAMES)]}_{number}.{suffix}", content)
    for number, (what, suffix, content) in enumerate(_pictures()):
        made[f"{suffix}: {what}"] = (f"现场照片 {number}.{suffix}", content)
    return made


def _texts() -> Iterator[tuple[str, bytes]]:
    for (language, words), (encoding, end) in product(
        _WORDS.items(), (("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("gb18030", "\r\n"))
    ):
        yield f"{language} in {encoding}", end.join([words] * 20).encode(encoding, "replace")
    yield "one line of 300,000 characters", (_WORDS["zh"] * 7000).encode()
    yield "a single character", b"1"


def _tables() -> Iterator[tuple[str, bytes]]:
    for delimiter, quote, encoding in product(",;\t", ("", '"'), ("utf-8-sig", "gb18030")):
        row = delimiter.join(f"{quote}{cell}{quote}" for cell in ("循环流化床", "1200000", "-3.5", "=A1*2", "2026-03-10"))
        yield (
            f"by {delimiter!r} with {quote or 'no'} quotes in {encoding}",
            "\r\n".join(["名称,价,差,式,日", *[row] * 50]).encode(encoding),
        )


def _xml(root: str, space: str, inner: str = "") -> bytes:
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    return f'{declaration}<{root} xmlns:w="{space}" xmlns:r="urn:r" xmlns="{space}">{inner}</{root}>'.encode()


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
# What the programs add to the document itself.
_PROGRAMS = {
    "Microsoft Office Word 12": ("styles", "settings", "fontTable", "webSettings", "theme/theme1"),
    "Microsoft Office Word 16": (
        "styles",
        "settings",
        "fontTable",
        "webSettings",
        "theme/theme1",
        "numbering",
        "footnotes",
        "people",
    ),
    "WPS Office 11.1": ("styles", "settings", "fontTable", "theme/theme1"),
    "LibreOffice 7.4": ("styles", "settings", "fontTable", "numbering"),
    "Google Docs": ("styles", "settings", "fontTable", "numbering", "footer1", "header1"),
    "a phone's editor": (),
}


class _Streamed(io.BytesIO):
    """As programs write that cannot seek: sizes stand behind each entry."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError

    def tell(self) -> int:
        raise OSError


def _word_files() -> Iterator[tuple[str, bytes]]:
    for (program, parts), (language, words) in product(_PROGRAMS.items(), _WORDS.items()):
        yield (
            f"{program}, {language}",
            _word_file(program, parts, words, with_picture=language == "zh", with_link=language == "en"),
        )


def _word_file(program: str, parts: tuple[str, ...], words: str, *, with_picture: bool, with_link: bool) -> bytes:
    text = words.replace("&", "&amp;").replace("<", "&lt;")
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="a1"/></w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    entries = {"word/document.xml": _xml("w:document", _W, f"<w:body>{paragraph * 40}<w:sectPr/></w:body>")}
    entries |= {f"word/{part}.xml": _xml(f"w:{part.partition('/')[0]}", _W, paragraph) for part in parts}
    links = [f'<Relationship Id="rId{n}" Type="{_OFFICE}/{part}" Target="{part}.xml"/>' for n, part in enumerate(parts)]
    if with_picture:
        entries["word/media/image1.jpeg"] = _photograph((320, 240), 5)
        entries["word/media/image2.emf"] = b"\x01\x00\x00\x00\x6c\x00\x00\x00" + bytes(200)
        links.append(f'<Relationship Id="rId90" Type="{_OFFICE}/image" Target="media/image1.jpeg"/>')
    if with_link:
        target = "https://www.example.org/?a=1&amp;b=2"
        links.append(f'<Relationship Id="rId91" Type="{_OFFICE}/hyperlink" Target="{target}" TargetMode="External"/>')
    entries["word/_rels/document.xml.rels"] = _xml("Relationships", _R, "".join(links))
    entries["_rels/.rels"] = _xml(
        "Relationships", _R, f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    )
    entries["docProps/app.xml"] = _xml("Properties", "urn:app", f"<Application>{program}</Application>")
    types = _xml("Types", _TYPES, '<Default Extension="xml" ContentType="application/xml"/>')
    is_streamed, is_last = program == "Google Docs", program.startswith("LibreOffice")
    target_file = _Streamed() if is_streamed else io.BytesIO()
    method = zipfile.ZIP_STORED if program == "a phone's editor" else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(target_file, "w", method) as package:
        ordered = {**entries, "[Content_Types].xml": types} if is_last else {"[Content_Types].xml": types, **entries}
        for name, content in ordered.items():
            package.writestr(name, content)
        if program.startswith("WPS"):
            package.writestr("word/media/", b"")
    return target_file.getvalue()


def _workbooks() -> Iterator[tuple[str, bytes]]:
    for rows, language in product((1, 30, 1000), _WORDS):
        yield f"{rows} rows, {language}", _saved(_workbook(rows, _WORDS[language]))
    for name, chart in (("bars", BarChart()), ("lines", LineChart()), ("a pie", PieChart())):
        book = _workbook(12, "数量")
        chart.add_data(Reference(book.worksheets[0], min_col=2, min_row=1, max_row=12))
        book.worksheets[0].add_chart(chart, "H2")
        yield f"with {name}", _saved(book)
    book = _workbook(5, "批注")
    sheet = book.worksheets[0]
    sheet["A1"].comment = Comment("请核对价格", "财务")
    sheet["A2"].hyperlink = "https://www.example.org/price"
    sheet["A3"] = "=SUM(B1:B5)"
    yield "with a comment, a link and a sum", _saved(book)
    book = _workbook(5, "格式")
    sheet = book.worksheets[0]
    check = DataValidation(type="list", formula1='"是,否"')
    sheet.add_data_validation(check)
    check.add("C1:C5")
    sheet["A1"].font, sheet["A1"].fill = Font(name="宋体", bold=True), PatternFill("solid", fgColor="FFEE00")
    sheet.freeze_panes, sheet.auto_filter.ref = "A2", "A1:C5"
    sheet.merge_cells("D1:E2")
    yield "with choices, colours and a filter", _saved(book)
    book = _workbook(3, "图")
    picture = openpyxl.drawing.image.Image(io.BytesIO(_photograph((200, 150), 1)))
    book.worksheets[0].add_image(picture, "E5")
    yield "with a picture", _saved(book)
    book = _workbook(3, "多表")
    for number in range(20):
        book.create_sheet(f"第{number}期")
    yield "with twenty sheets", _saved(book)


def _workbook(rows: int, words: str) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in range(rows):
        book.worksheets[0].append([f"{words[:30]}{row}", row * 37 % 101, row / 7, date(2026, 1, 1 + row % 28)])
    return book


def _saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _photograph(size: tuple[int, int], seed: int, kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """A picture with the noise of a camera, so that its packed bytes are as good as random."""
    noise = Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))
    ImageDraw.Draw(noise).rectangle((4, 4, size[0] // 2, size[1] // 2), fill=(30, 90, 160))
    content = io.BytesIO()
    noise.convert(mode).save(content, kind, **options)  # type: ignore[arg-type]
    return content.getvalue()


def _pictures() -> Iterator[tuple[str, str, bytes]]:
    small = (160, 120)
    for mode in ("RGB", "L", "CMYK", "1"):
        yield f"a JPEG in {mode}", "jpg", _photograph(small, 2, "JPEG", "L" if mode == "1" else mode)
    for number, options in enumerate(
        ({"quality": 30}, {"progressive": True}, {"optimize": True}, {"dpi": (300, 300)}, {"subsampling": 0})
    ):
        yield f"a JPEG as saved with {options}", "jpeg", _photograph(small, number, **options)
    for mode in ("RGB", "RGBA", "L", "LA", "P", "1"):
        yield f"a PNG in {mode}", "png", _photograph(small, 3, "PNG", mode)
    deep = io.BytesIO()
    Image.frombytes("I;16", small, random.Random(6).randbytes(small[0] * small[1] * 2)).save(deep, "PNG")
    yield "a PNG with sixteen bits of grey", "png", deep.getvalue()
    for (kind, suffix), size in product(
        (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")), ((9, 900), (64, 64), (900, 9), (1200, 900))
    ):
        yield f"a {kind} of {size}", suffix, _photograph(size, size[0], kind)
    for options in ({"lossless": True}, {"quality": 40}, {"method": 0}):
        yield f"a WebP as saved with {options}", "webp", _photograph(small, 4, "WEBP", "RGBA", **options)
    two = io.BytesIO()
    first, second = (Image.new("RGB", small, colour) for colour in ("navy", "teal"))
    first.save(two, "MPO", save_all=True, append_images=[second])
    yield "a telephone's JPEG with a second view", "jpg", two.getvalue()
    for orientation in (3, 6, 8):
        notes = Image.Exif()
        notes[0x0112], notes[0x010F] = orientation, "一部手机"
        yield f"a JPEG that lies as {orientation}", "jpg", _photograph(small, orientation, exif=notes.tobytes())


def _pdfs() -> Iterator[tuple[str, bytes]]:
    printed = {
        "plain": HTML(string=f"<h1>Contract</h1><p>{_WORDS['en']}</p><a href='https://www.example.org/'>link</a>").write_pdf(),
        "Chinese": HTML(string=f"<h1>技术合同</h1><p>{_WORDS['zh']}</p>").write_pdf(),
        "for archives": HTML(string="<html lang=en><title>Report</title><p>Archived.").write_pdf(pdf_variant="pdf/a-2b"),
        "for readers aloud": HTML(string="<html lang=en><title>Report</title><p>Tagged.").write_pdf(pdf_variant="pdf/ua-1"),
        "unpacked": HTML(string="<p>Not compressed.").write_pdf(uncompressed_pdf=True),
        "with a form to fill in": HTML(string="<form><input name=a value=b><textarea></textarea></form>").write_pdf(
            pdf_forms=True
        ),
    }
    yield from printed.items()
    for resolution, pages in product((72, 150, 300), (1, 4)):
        yield f"{pages} pages scanned at {resolution}", _scanned(resolution, pages)
    yield "a scan of three megabytes", _heavy(random.Random(7).randbytes(3_000_000))
    # As any three letters do somewhere in a scan that is large enough.
    yield "a scan whose packed bytes spell a short word", _heavy(b"\x8a\xff/JS\x9f\x01/JSq" * 9)
    for (what, content), number in product(printed.items(), range(4)):
        yield f"{what}, worked over {number}", _worked_over(content, number)
    for version in (b"1.4", b"1.5", b"1.7", b"2.0"):
        page = pydyf.PDF()
        page.add_page(
            pydyf.Dictionary({"Type": "/Page", "Parent": page.pages.reference, "MediaBox": pydyf.Array([0, 0, 200, 200])})
        )
        content = io.BytesIO()
        page.write(content, version=version, compress=version > b"1.4")
        yield f"an empty page of version {version.decode()}", content.getvalue()


def _scanned(resolution: int, pages: int) -> bytes:
    content = io.BytesIO()
    sheets = [Image.open(io.BytesIO(_photograph((resolution * 2, resolution * 3), page))) for page in range(pages)]
    sheets[0].save(content, "PDF", save_all=True, append_images=sheets[1:], resolution=resolution, title="扫描件")
    return content.getvalue()


def _heavy(packed: bytes) -> bytes:
    scan = pydyf.Stream([packed], extra={"Type": "/XObject", "Subtype": "/Image", "Width": 1000})
    document = pydyf.PDF()
    document.add_object(scan)
    content = io.BytesIO()
    document.write(content)
    return content.getvalue()


def _worked_over(content: bytes, number: int) -> bytes:
    """As an office's tools leave it: joined, turned, renamed, with an outline, its pages packed anew."""
    writer = PdfWriter()
    for _ in range(number + 1):
        for page in PdfReader(io.BytesIO(content)).pages:
            writer.add_page(page).rotate(90 * number)
    writer.add_metadata({"/Title": "技术合同（盖章）", "/Author": "办公室", "/Producer": f"Office tool {number}"})
    writer.add_outline_item(title="正文", page_number=0)
    if number == 2:
        for page in writer.pages:
            page.compress_content_streams()
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
