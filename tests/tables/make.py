#!/usr/bin/env python3
"""Makes the PDFs of this folder, and truth.json with the tables that are in them. Needs reportlab.

Each document has a trouble of its own: rules above and below only, no rules at all, shaded rows, spans, two tables on a
page, a table over two pages; and prose in columns, lists, a chart or a table of contents beside, which are no tables."""
import json
from pathlib import Path
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (BaseDocTemplate, Frame, FrameBreak, ListFlowable, PageBreak, PageTemplate, Paragraph, Spacer,
                                Table, TableStyle, Flowable)

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
HERE = Path(__file__).parent
EN = ParagraphStyle("en", fontName="Times-Roman", fontSize=10, leading=13, alignment=4, spaceAfter=6)
ZH = ParagraphStyle("zh", fontName="STSong-Light", fontSize=10.5, leading=16, wordWrap="CJK", firstLineIndent=21, spaceAfter=6)
HEAD = ParagraphStyle("head", fontName="Times-Bold", fontSize=14, leading=20, spaceAfter=8)
HEAD_ZH = ParagraphStyle("headzh", parent=HEAD, fontName="STSong-Light")
CAP = ParagraphStyle("cap", parent=EN, alignment=1, fontSize=9)
CAP_ZH = ParagraphStyle("capzh", parent=ZH, alignment=1, firstLineIndent=0)
CELL = ParagraphStyle("cell", fontName="Times-Roman", fontSize=9, leading=11)
CELL_ZH = ParagraphStyle("cellzh", fontName="STSong-Light", fontSize=9, leading=12, wordWrap="CJK")
truth = {}


def prose(style, count=3):
    en = ("The library board met nine times in the year under review and looked at every branch in turn. Loans of printed books went on "
          "falling, while visits to reading rooms rose again for the fourth year. The board thanks all volunteers who kept the evening "
          "desk open through the winter, and the county for the new heating plant at the river branch. ")
    zh = ("本年度全县图书馆系统共接待读者较上年明显增长，其中少儿阅览室周末时段的座位使用率最高。各分馆根据读者意见调整了开放时间，"
          "夜间服务由两个试点扩大到五个。馆藏建设坚持少而精的原则，停订了利用率偏低的期刊，将节省的经费用于地方文献的征集和修复。")
    return [Paragraph((en if style is EN else zh) * (1 + n % 2), style) for n in range(count)]


def table(name, rows, widths=None, spans=(), style=(), font="Times-Roman", wrap=None, repeat=0):
    """A flowable, and its truth. `None` in rows is a place that a span covers."""
    covered = {}
    for (col, row), (last_col, last_row) in spans:
        covered[row, col] = (last_row + 1 - row, last_col + 1 - col)
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text is not None:
                tall, wide = covered.get((r, c), (1, 1))
                cells.append([r, c, tall, wide, text])
    truth.setdefault(name, []).append(cells)
    shown = [[Paragraph(t, wrap) if wrap and t and len(t) > 14 else (t or "") for t in row] for row in rows]
    base = [("FONT", (0, 0), (-1, -1), font, 9), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5)]
    base += [("SPAN", a, b) for a, b in spans]
    return Table(shown, colWidths=widths, repeatRows=repeat, style=TableStyle(base + list(style)))


LINES3 = [("LINEABOVE", (0, 0), (-1, 0), 1.2, colors.black), ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
          ("LINEBELOW", (0, -1), (-1, -1), 1.2, colors.black)]
RIGHT = [("ALIGN", (1, 0), (-1, -1), "RIGHT")]
GRID = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]


class Chart(Flowable):
    def wrap(self, width, height):
        return 380, 175

    def draw(self):
        c = self.canv
        c.setFont("Times-Roman", 8)
        for n, label in enumerate(["0", "50", "100", "150", "200"]):
            y = 20 + n * 34
            c.setStrokeColor(colors.lightgrey)
            c.line(40, y, 380, y)
            c.setFillColor(colors.black)
            c.drawRightString(34, y - 3, label)
        for n, (year, value) in enumerate(zip(range(2016, 2022), [61, 84, 120, 97, 143, 171])):
            c.setFillColor(colors.steelblue)
            c.rect(60 + n * 52, 20, 28, value * 0.68, stroke=0)
            c.setFillColor(colors.black)
            c.drawCentredString(74 + n * 52, 8, str(year))
            c.drawCentredString(74 + n * 52, 24 + value * 0.68, str(value))


def build(name, story, columns=1):
    width, height = A4
    gap, margin = 18, 60
    wide = (width - 2 * margin - gap * (columns - 1)) / columns
    frames = [Frame(margin + n * (wide + gap), 60, wide, height - 120, leftPadding=0, rightPadding=0) for n in range(columns)]

    def foot(canvas, doc):
        canvas.setFont("Times-Roman", 9)
        canvas.drawCentredString(width / 2, 36, str(doc.page))
    doc = BaseDocTemplate(str(HERE / name), pagesize=A4, invariant=1)
    doc.addPageTemplates(PageTemplate(frames=frames, onPage=foot))
    doc.build(story)
    truth.setdefault(name, [])


def accounts(name):
    rows = [["Thousands of crowns", "Note", "2021", "2020"], ["Grants from the county", "3", "4,210", "4,035"],
            ["Gifts and legacies", "4", "388", "512"], ["Fines and fees", "", "41", "97"], ["Total income", "", "4,639", "4,644"],
            ["Staff", "5", "(2,904)", "(2,871)"], ["Books and journals", "", "(802)", "(815)"], ["Buildings", "6", "(655)", "(640)"],
            ["Total expenses", "", "(4,361)", "(4,326)"], ["Result of the year", "", "278", "318"]]
    return table(name, rows, [200, 50, 80, 80], style=LINES3 + RIGHT)


n = "accounts.pdf"
build(n, [Paragraph("Report of the board", HEAD), *prose(EN), Paragraph("Statement of income and expenses", CAP), accounts(n), Spacer(1, 10), *prose(EN, 2)])

n = "yearbook.pdf"
rows = [["地区", "图书馆数", "总藏量", "总流通人次", "书刊外借"], ["", "（个）", "（万册）", "（万人次）", "（万册次）"],
        ["全市", "14", "1286.4", "905.2", "731.8"], ["东湖区", "3", "402.1", "310.7", "255.0"], ["南岸区", "2", "188.5", "142.9", "120.3"],
        ["北塘区", "2", "175.0", "96.4", "81.2"], ["柳林县", "3", "214.8", "133.5", "98.7"], ["云岫县", "2", "160.3", "118.0", "91.4"],
        ["望潮县", "2", "145.7", "103.7", "85.2"]]
build(n, [Paragraph("5-3 公共图书馆基本情况", CAP_ZH), table(n, rows, [90, 80, 80, 90, 90], style=LINES3[:1] + [("LINEBELOW", (0, 1), (-1, 1), 0.5, colors.black)] + LINES3[2:] + RIGHT, font="STSong-Light"),
          Spacer(1, 12), *prose(ZH, 2)])

n = "bare.pdf"
rows = [["Branch", "Opening hours a week", "Seats", "Loans", "Visits"], ["River branch with the local history room", "48", "112", "40,118", "61,904"],
        ["Market square", "56", "90", "52,377", "88,130"], ["School and community library of the northern quarter", "30", "44", "12,940", "19,377"],
        ["Mobile library", "22", "", "9,051", "7,420"], ["Hospital", "12", "8", "1,203", "2,066"]]
build(n, [Paragraph("Branches", HEAD), *prose(EN, 2), table(n, rows, [150, 90, 60, 70, 70], style=RIGHT, wrap=CELL), Spacer(1, 10), *prose(EN, 2)])

n = "ruled.pdf"
rows = [["项目", "预算（万元）", None, "执行（万元）"], [None, "年初", "调整后", None], ["图书购置", "120.00", "131.50", "131.02"],
        ["设备更新", "45.00", "45.00", "38.66"], ["活动经费", "18.00", "22.00", "21.95"]]
build(n, [Paragraph("一、经费情况", HEAD_ZH), *prose(ZH, 2),
          table(n, rows, [120, 90, 90, 90], [((0, 0), (0, 1)), ((1, 0), (2, 0)), ((3, 0), (3, 1))], GRID, font="STSong-Light"), Spacer(1, 8),
          ListFlowable([Paragraph(t, ZH) for t in ("图书购置含电子资源。", "设备更新中有一批自助借还机跨年到货。", "活动经费含送书下乡。")], bulletType="1"), *prose(ZH, 1)])

n = "chart.pdf"
rows = [["Year", "Events", "Children", "Adults"], ["2019", "97", "1,820", "944"], ["2020", "143", "2,377", "1,208"], ["2021", "171", "2,901", "1,555"]]
build(n, [Paragraph("Events", HEAD), *prose(EN, 1), Chart(), Paragraph("Figure 2. Events a year", CAP), *prose(EN, 1),
          table(n, rows, [80, 80, 80, 80], style=LINES3 + RIGHT), Spacer(1, 10), *prose(EN, 1)])

n = "shaded.pdf"
rows = [["Indicator", "Unit", "Plan", "Actual", "Change"], ["New readers", "persons", "5,000", "5,342", "+6.8%"], ["Loans a head", "items", "4.2", "4.0", "-4.8%"],
        ["E-books", "titles", "12,000", "15,870", "+32.3%"], ["Complaints", "cases", "20", "17", "-15.0%"], ["Seats", "pieces", "640", "640", "0.0%"],
        ["Volunteers", "persons", "75", "81", "+8.0%"]]
build(n, [Paragraph("Indicators", HEAD), *prose(EN, 1),
          table(n, rows, [120, 70, 70, 70, 70], style=RIGHT + [("ROWBACKGROUNDS", (0, 0), (-1, -1), [colors.lightgrey, colors.white])]), Spacer(1, 10), *prose(EN, 2)])

n = "two.pdf"
first = [["月份", "到馆人次", "外借册次"], ["一月", "8,120", "6,905"], ["二月", "6,377", "5,210"], ["三月", "9,402", "8,118"], ["四月", "9,880", "8,340"]]
second = [["活动", "场次", "参加人次", "满意度"], ["读书会", "24", "610", "98.1%"], ["讲座", "12", "1,045", "96.4%"], ["展览", "6", "4,300", "97.0%"], ["故事会", "48", "1,920", "99.2%"]]
build(n, [*prose(ZH, 1), Paragraph("表1 到馆与外借", CAP_ZH), table(n, first, [110, 110, 110], style=LINES3, font="STSong-Light"), Spacer(1, 14),
          *prose(ZH, 1), Paragraph("表2 活动", CAP_ZH), table(n, second, [140, 70, 90, 80], style=LINES3 + RIGHT, font="STSong-Light"), Spacer(1, 14), *prose(ZH, 1)])

n = "columns.pdf"
rows = [["Hall", "Size", "Rent"], ["Reading room", "210 m2", "free"], ["Lecture hall", "340 m2", "1,200"], ["Studio", "56 m2", "300"], ["Court", "400 m2", "900"]]
build(n, [Paragraph("News of the houses", HEAD), *prose(EN, 5), table(n, rows, [90, 60, 50], style=LINES3), Spacer(1, 8), *prose(EN, 8)], columns=2)

n = "long.pdf"
rows = [["序号", "书名", "著者", "册数", "定价"]] + [[str(k), f"地方志丛书第{k}辑", ["周望", "陈岚", "许川", "沈湄"][k % 4], str(2 + k % 5), f"{38 + k * 3 % 50}.00"] for k in range(1, 56)]
build(n, [Paragraph("附件 新书目录", HEAD_ZH), *prose(ZH, 1), table(n, rows, [40, 170, 80, 60, 60], style=GRID, font="STSong-Light")])

n = "contents.pdf"
lines = [f"{a} {t} {'.' * (70 - len(t))} {p}" for a, t, p in [("1", "Report of the board", 3), ("2", "Branches", 7), ("2.1", "River branch", 8), ("2.2", "Market square", 11),
                                                              ("3", "Accounts", 15), ("4", "Indicators", 19), ("5", "Staff", 23), ("6", "Outlook", 26)]]
rows = [["Grade", "Women", "Men", "Total"], ["Librarians", "14", "6", "20"], ["Assistants", "9", "5", "14"], ["Caretakers", "2", "4", "6"], ["All", "25", "15", "40"]]
build(n, [Paragraph("Contents", HEAD), *[Paragraph(t, EN) for t in lines], PageBreak(), *prose(EN, 1),
          ListFlowable([Paragraph(t, EN) for t in ("Longer hours at the market square.", "A new roof for the river branch.", "Half the mobile stops on Saturdays.", "One catalogue for all houses.")]),
          Paragraph("Staff by grade", CAP), table(n, rows, [110, 70, 70, 70], style=[("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black), ("LINEABOVE", (0, -1), (-1, -1), 0.5, colors.black)] + RIGHT), Spacer(1, 9), *prose(EN, 1)])

(HERE / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=None, separators=(",", ":")) + "\n", encoding="utf-8")
