#!/usr/bin/env python3
"""Makes wuhan-2021.xlsx and from it wuhan-2021-form1.pdf, beside this script.

Needs openpyxl, LibreOffice and the font Noto Serif CJK SC. The results are kept in the repository:
run this only to change the form.
"""

import subprocess
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

HERE = Path(__file__).resolve().parent
FONT = "Noto Serif CJK SC"
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
WIDTHS = {"A": 6, "B": 5, "C": 11, "D": 22, "E": 12, "F": 12, "G": 18, "H": 7, "I": 6}  # characters
HEIGHTS = {2: 26, 10: 18, 11: 92, 12: 30, 25: 30, 26: 30}  # points
ROW_HEIGHT = 22

PLANNED = (
    "以“书香云湖”为主线开展全年阅读推广；补充文学、科普和少儿类馆藏，改善街道分馆和24小时自助书屋的借阅条件；"
    "让居民在步行可达的范围内借到想读的书。"
)
ACTUAL = (
    "全年举办讲座、展览、亲子共读等活动41场，新书上架及时；线上平台开通听书栏目，分馆流通量较上年有所增长，"
    "居民的阅读习惯进一步养成。"
)
DEVIATION = "原定的户外图书市集因场地改造取消，相应支出未发生，资金结余。"
IMPROVEMENT = "活动方案提前与场地单位对接，按季度核对支出进度。"

# Level 2, name, target, actual, note, score; the level-1 cells are merged beside them.
OUTPUTS = [
    ("数量指标", "举办阅读推广活动", "≥36场", "41场", "", 10),
    ("数量指标", "新增馆藏图书", "8000册", "8215册", "已完成", 10),
    ("质量指标", "图书编目差错率", "≤2%", "1.3%", "", 10),
    ("时效指标", "新书上架时限", "≤15个工作日", "15个工作日", "", 5),
    ("成本指标", "", "", "", "", ""),
    ("……", "", "", "", "", ""),
]
BENEFITS = [
    ("经济效益指标", "", "", "", "", ""),
    ("社会效益指标", "线上服务人次", "≥3万人次", "3.2万人次", "", 10),
    ("生态效益指标", "", "", "", "", ""),
    ("可持续影响指标", "24小时自助书屋设备完好率", "≥97%", "95%", "", 10),
    ("满意度指标", "读者满意度", "≥90%", "93.5%", "", 5),
    ("……", "", "", "", "", ""),
]


def put(sheet, place, value, *, align="center", vertical="center", ruled=True, size=9, bold=False):
    """Writes `value` into `place`, merged where it is a range."""
    if ":" in place:
        sheet.merge_cells(place)
    cells = sheet[place]
    cells = [cell for row in cells for cell in row] if isinstance(cells, tuple) else [cells]
    for cell in cells:
        cell.border = BOX if ruled else Border()
    cells[0].value = value
    cells[0].font = Font(name=FONT, size=size, bold=bold)
    cells[0].alignment = Alignment(horizontal=align, vertical=vertical, indent=int(align == "left"), wrap_text=True)


def head(sheet):
    put(sheet, "A1:B1", "附件2", align="left", ruled=False)
    put(sheet, "A2:I2", "绩效自评表", ruled=False, size=16, bold=True)
    put(sheet, "A3:I3", "（2021年度）", ruled=False, size=10)
    put(sheet, "A4:D4", "单位名称：青禾市云湖区图书馆", align="left", ruled=False)
    put(sheet, "E4:F4", "填报日期：2022年3月", align="left", ruled=False)
    put(sheet, "G4:I4", "自评得分：97", align="left", ruled=False)
    lines = [("项目名称", "全民阅读活动经费"), ("主管部门", "青禾市云湖区文化和旅游局"), ("项目实施单位", "青禾市云湖区图书馆")]
    for row, (label, value) in enumerate(lines, start=5):
        put(sheet, f"A{row}:C{row}", label)
        put(sheet, f"D{row}:I{row}", value)


def budget(sheet):
    put(sheet, "A8:C9", "预算执行情况\n（20分）")
    for place, value in [("D8", ""), ("E8", "预算数（A）"), ("F8", "执行数（B）"), ("G8", "执行率（B/A)"), ("H8:I8", "得分")]:
        put(sheet, place, value)
    for place, value in [("D9", "年度财政资金总额："), ("E9", 48.6), ("F9", 39.85), ("G9", "82.00%"), ("H9:I9", 17)]:
        put(sheet, place, value)


def goals(sheet):
    put(sheet, "A10:A11", "项目\n绩效\n总目\n标\n（20\n分）")
    put(sheet, "B10:E10", "年初设定目标")
    put(sheet, "F10:G10", "全年实际完成情况")
    put(sheet, "H10:I10", "得分")
    put(sheet, "B11:E11", PLANNED, align="left", vertical="top")
    put(sheet, "F11:G11", ACTUAL, align="left", vertical="top")
    put(sheet, "H11:I11", 20)


def indicators(sheet):
    titles = ["一级\n指标", "二级指标", "指标内容", "年度目标值", "全年完成值", "未完成原因和改进措施", "自评分"]
    for column, title in zip("BCDEFGH", titles):
        put(sheet, f"{column}12", title)
    first = 13
    for level1, rows in [("产\n出\n指\n标", OUTPUTS), ("效\n益\n指\n标", BENEFITS)]:
        put(sheet, f"B{first}:B{first + len(rows) - 1}", level1)
        for at, cells in enumerate(rows, start=first):
            for column, value in zip("CDEFGH", cells):
                put(sheet, f"{column}{at}", value)
        merge_level2(sheet, first, rows)
        first += len(rows)
    put(sheet, f"A12:A{first - 1}", "绩\n效\n指\n标\n（60\n分）")
    put(sheet, f"I12:I{first - 1}", 60)
    return first


def merge_level2(sheet, first, rows):
    """Merges the cells of a level 2 that several indicators stand under."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at][0] != rows[start][0]:
            if at - start > 1:
                put(sheet, f"C{first + start}:C{first + at - 1}", rows[start][0])
            start = at


def foot(sheet, row):
    for at, (label, value) in enumerate([("偏差大或目标未完成原因分析", DEVIATION), ("改进措施及结果应用方案", IMPROVEMENT)], start=row):
        put(sheet, f"A{at}:C{at}", label)
        put(sheet, f"D{at}:I{at}", value, align="left")


def workbook():
    book = Workbook()
    sheet = book.active
    sheet.title = "绩效自评表"
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    head(sheet)
    budget(sheet)
    goals(sheet)
    last = indicators(sheet)
    foot(sheet, last)
    for row in range(1, last + 2):
        sheet.row_dimensions[row].height = HEIGHTS.get(row, ROW_HEIGHT)
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    return book


def main():
    xlsx, pdf = HERE / "wuhan-2021.xlsx", HERE / "wuhan-2021-form1.pdf"
    workbook().save(xlsx)
    subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", HERE, xlsx], check=True)
    xlsx.with_suffix(".pdf").rename(pdf)


if __name__ == "__main__":
    main()
