#!/usr/bin/env python3
"""Makes a PDF of each form in forms.py, with the record that a reader of it writes down, beside this script.

Needs openpyxl, LibreOffice and the font Noto Serif CJK SC. The results are kept in the repository: run this only to
change a form; `make.py NAME…` makes some,
`make.py --records` writes the records alone, `make.py --dumps` no PDF. The records are written in forms.py beside the forms, and never taken from the program's output.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from forms import DUMP_SAMPLES, SAMPLES, TEXT_SAMPLES  # noqa: E402

FONT = "Noto Serif CJK SC"
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
CHARS_PER_POINT = 0.19  # width of a column of 1, in Chinese characters of 9 points, by height of a line
LINE = 14  # points
# Kinds of texts: the sign between cells, and the status, where it is not that of the PDF. A cell a line leaves doubts.
TEXTS = {"tabs": ("\t", None), "bars": (" | ", None), "cells": (None, "partial")}
# Dumps of the PDFs by tools.
DUMPS = {"layout": ["pdftotext", "-layout", "{pdf}", "{text}"]}


def lines(text, width):
    """Lines that a text takes in a cell of this width."""
    wide = sum(1 if ord(ch) > 255 else 0.55 for ch in text)
    return max(1, -(-int(wide * 10) // int(width * 4.4))) + text.count("\n")


def put(sheet, row, col, cell, widths, ruled):
    """Writes a cell, `text` or `(text, columns, rows)`; gives its columns and rows."""
    text, cols, rows = cell if isinstance(cell, tuple) else (cell, 1, 1)
    for r in range(row, row + rows):
        for c in range(col, col + cols):
            sheet.cell(r, c).border = BOX if ruled else Border()
    it = sheet.cell(row, col)
    it.value = text
    it.data_type = "s"  # "=100%" is no formula
    it.number_format = "@"
    it.font = Font(name=FONT, size=9 if ruled else 10)
    it.alignment = Alignment(horizontal="center" if len(text) < 30 else "left", vertical="center", wrap_text=True)
    if cols > 1 or rows > 1:
        sheet.merge_cells(start_row=row, start_column=col, end_row=row + rows - 1, end_column=col + cols - 1)
    if rows == 1:
        need = LINE * lines(text, sum(widths[col - 1 : col - 1 + cols])) + 6
        sheet.row_dimensions[row].height = max(sheet.row_dimensions[row].height or 0, need)
    return cols, rows


def workbook(forms):
    book = Workbook()
    book.remove(book.active)
    for number, form in enumerate(forms):
        sheet = book.create_sheet(f"{number + 1}")
        widths = form["widths"]
        for at, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(at)].width = width
        row = 1
        for text in form.get("above", []):
            put(sheet, row, 1, (text, len(widths), 1), widths, False)
            row += 1
        taken = set()
        for cells in form["rows"]:
            col = 1
            for cell in cells:
                while (row, col) in taken:
                    col += 1
                cols, rows = put(sheet, row, col, cell, widths, True)
                taken |= {(r, c) for r in range(row, row + rows) for c in range(col, col + cols)}
                col += cols
            row += 1
        for text in form.get("below", []):
            put(sheet, row, 1, (text, len(widths), 1), widths, False)
            row += 1
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = form.get("orientation", "portrait")
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    return book


def walk(form, sign):
    """The text of a form as a tool gives it that parts cells by a sign, or has each on a line of its own."""
    text = list(form.get("above", []))
    taken = set()
    for row, cells in enumerate(form["rows"]):
        line = [""] * len(form["widths"])
        col = 0
        for cell in cells:
            while (row, col) in taken:
                col += 1
            it, cols, rows = cell if isinstance(cell, tuple) else (cell, 1, 1)
            line[col] = it
            taken |= {(r, c) for r in range(row, row + rows) for c in range(col, col + cols)}
            col += cols
        text += [sign.join(line)] if sign else [it for it in line if it]
    return text + form.get("below", [])


def write_record(name, record):
    text = re.sub(r'"§([\d.]+)§"', r"\1", json.dumps(record, ensure_ascii=False, indent=1))
    (HERE / f"{name}.expected.json").write_text(text + "\n", encoding="utf-8")


def main():
    wanted = [name for name in sys.argv[1:] if not name.startswith("--")]
    for name, sample in SAMPLES.items():
        if wanted and name not in wanted:
            continue
        write_record(name, sample["record"])
        for kind, (sign, status) in TEXTS.items():
            if name in TEXT_SAMPLES[kind]:
                text = "\n".join(line for form in sample["forms"] for line in walk(form, sign)) + "\n"
                (HERE / f"{name}.{kind}.txt").write_text(text, encoding="utf-8")
                write_record(f"{name}.{kind}", {**sample["record"], "status": status or sample["record"]["status"]})
        if not {"--records", "--dumps"} & set(sys.argv[1:]):
            make_pdf(name, sample)
        for kind, command in DUMPS.items():
            status = DUMP_SAMPLES[kind].get(name)
            if status:
                pdf, text = HERE / f"{name}.pdf", HERE / f"{name}.{kind}.txt"
                if "--records" not in sys.argv[1:]:
                    subprocess.run([part.format(pdf=pdf, text=text) for part in command], check=True)
                write_record(f"{name}.{kind}", {**sample["record"], "status": status})


def make_pdf(name, sample):
    xlsx = HERE / f"{name}.xlsx"
    workbook(sample["forms"]).save(xlsx)
    subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", HERE, xlsx], check=True)
    xlsx.unlink()


if __name__ == "__main__":
    main()
