//! What messages call the fields and columns of a record. In Chinese the form's own word goes first.

use crate::message::Message;

/// Field or column with its words in Chinese and English. Ids that are not here are shown with blanks for strokes.
const NAMES: [(&str, &str, &str); 32] = [
    ("actual", "完成值", "actual"),
    ("budget_weight", "预算执行分值", "weight of the budget"),
    ("budgeted", "预算数", "budgeted amount"),
    ("conclusion", "评价结论", "conclusion"),
    ("department", "主管部门", "department in charge"),
    ("deviation", "偏差原因", "reason for deviations"),
    ("executed", "执行数", "executed amount"),
    ("filled_on", "填报日期", "date of filling in"),
    ("goals_weight", "总体目标分值", "weight of the overall goal"),
    ("grade", "等级", "grade"),
    ("implementer", "实施单位", "implementing unit"),
    ("indicators_score", "指标得分", "score of the indicators"),
    ("indicators_weight", "指标分值", "weight of the indicators"),
    ("initial", "年初预算数", "initial budget"),
    ("level1", "一级指标", "level 1"),
    ("level2", "二级指标", "level 2"),
    ("name", "指标名称", "name"),
    ("nature", "指标性质", "comparator"),
    ("note", "原因", "reason"),
    ("planned", "年初目标", "planned goal"),
    ("project", "项目名称", "project"),
    ("rate", "执行率", "execution rate"),
    ("score", "得分", "score"),
    ("self_score", "自评得分", "self-assessed score"),
    ("source", "资金来源", "source of funds"),
    ("target", "目标值", "target"),
    ("title", "标题", "title"),
    ("total_score", "总分", "total score"),
    ("total_weight", "总分值", "total weight"),
    ("unit", "单位", "unit"),
    ("weight", "分值", "weight"),
    ("year", "年度", "year"),
];

/// The name of a field or column; `own` is the form's word for it.
pub(super) fn name(id: &str, own: Option<String>) -> Message {
    let known = NAMES.iter().find(|(known, ..)| *known == id);
    let plain = || id.replace('_', " ");
    Message {
        zh: own.or_else(|| known.map(|(_, zh, _)| (*zh).to_owned())).unwrap_or_else(plain),
        en: known.map_or_else(plain, |(.., en)| (*en).to_owned()),
    }
}
