#!/usr/bin/env python3
"""Makes the samples of two families that no built-in pattern reads: the tutorial in patterns/README.md is followed on them.

Needs what ../families/make.py needs. The results are kept in the repository: run this only to change a form. The records
beside them (*.expected.json) are written by hand.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "families"))
from make import walk, workbook  # noqa: E402


def declaration(year, project, department, unit, boxes, period, money, goal, indicators):
    rows = [
        ["项目名称", (project, 4, 1)],
        ["主管部门", (department, 2, 1), "实施单位", unit],
        ["项目属性", (boxes, 2, 1), "项目期限", period],
        [("项目资金（万元）", 1, 3), ("年度资金总额", 2, 1), (money[0], 2, 1)],
        [("其中：财政拨款", 2, 1), (money[1], 2, 1)],
        [("其他资金", 2, 1), (money[2], 2, 1)],
        ["年度目标", (goal, 4, 1)],
        [("绩效指标", 1, len(indicators) + 1), "一级指标", "二级指标", "三级指标", "指标值"],
    ]
    rows += [list(row) for row in indicators]
    return {
        "above": ["项目支出绩效目标申报表", f"（{year}年度）"],
        "widths": [12, 14, 16, 26, 22],
        "rows": rows,
        "below": ["填报人：高远    联系电话：0712-5550133"],
    }


def vendor(year, name, number, office, day, rows, total, advice, people):
    head = ["Category", "Criterion", "Weight", "Score", "Weighted score", "Remarks"]
    return {
        "above": ["Vendor Evaluation Form", f"Fiscal year {year}"],
        "widths": [14, 30, 10, 8, 14, 26],
        "rows": [
            ["Vendor name", (name, 2, 1), ("Contract no.", 2, 1), number],
            ["Department", (office, 2, 1), ("Evaluated on", 2, 1), day],
            head,
            *[list(row) for row in rows],
            [("Total", 2, 1), total[0], "", total[1], ""],
            ["Recommendation", (advice, 5, 1)],
        ],
        "below": [people],
    }


FORMS = {
    "declaration-1": declaration(
        "2024", "云湖区社区食堂建设", "云湖区民政局", "云湖区养老服务中心", "☑新增 □延续", "2024年1月—2024年12月",
        ("120.00", "100.00", "20.00"), "新建社区食堂三处，让高龄老人就近吃上热饭。",
        [
            [("产出指标", 1, 2), "数量指标", "新建食堂数量", "≥3处"],
            ["时效指标", "完工时间", "2024年10月底前"],
            ["效益指标", "社会效益指标", "日均就餐人次", "≥260人次"],
            ["满意度指标", "服务对象满意度指标", "就餐老人满意度", "≥92%"],
        ],
    ),
    "declaration-2": declaration(
        "2024", "青石镇沟渠清淤", "青石镇人民政府", "青石镇水利站", "□新增 ☑延续", "2024年3月—2024年11月",
        ("45.50", "45.50", "0.00"), "疏通主干沟渠，汛期不积水。",
        [
            [("产出指标", 1, 3), "数量指标", "清淤长度", "12.6公里"],
            ["质量指标", "验收合格率", "100%"],
            ["成本指标", "每公里费用", "≤3.6万元"],
            ["效益指标", "生态效益指标", "水质改善程度", "明显改善"],
        ],
    ),
    "vendor-1": vendor(
        "2024", "Northgate Paving Ltd", "C-2024-118", "Road Maintenance Office", "2024-11-05",
        [
            [("Quality", 1, 2), "Conformity with the specification", "30%", "4", "1.20", ""],
            ["Rework needed", "20%", "3", "0.60", "Two patches were laid again"],
            ["Delivery", "Completion on time", "25%", "5", "1.25", ""],
            ["Service", "Answers to complaints", "25%", "4", "1.00", "Within two days"],
        ],
        ("100%", "4.05"), "Keep on the list of approved vendors", "Evaluated by: R. Malik    Approved by: S. Ortega",
    ),
    "vendor-2": vendor(
        "2025", "Harbour Catering Co.", "C-2025-031", "School Meals Unit", "2025-06-18",
        [
            ["Quality", "Taste and variety of the meals", "40%", "3", "1.20", "Menu repeats weekly"],
            [("Delivery", 1, 2), "Meals at the agreed hour", "30%", "2", "0.60", "Late on nine days"],
            ["Full quantity", "10%", "5", "0.50", ""],
            ["Service", "Answers to complaints", "20%", "4", "0.80", ""],
        ],
        ("100%", "3.10"), "Invite to improve before the next term", "Evaluated by: L. Chen    Approved by: P. Okafor",
    ),
}

for name, form in FORMS.items():
    book = HERE / f"{name}.xlsx"
    workbook([form]).save(book)
    subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", HERE, book], check=True)
    book.unlink()
    text = "\n".join(walk(form, "\t")) + "\n"
    if name.endswith("2"):
        (HERE / f"{name}.tabs.txt").write_text(text, encoding="utf-8")
