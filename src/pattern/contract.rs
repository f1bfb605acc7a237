//! The ids that the record's contract knows. A form may have fields beyond them; a check may not.

use super::name::{shuffled, slip};
use crate::value::Type;

/// The fields that mean the same in every family, and how their values read.
pub(super) const FIELDS: &[(&str, Type)] = &[
    ("title", Type::Text),
    ("year", Type::Integer),
    ("unit", Type::Text),
    ("filled_on", Type::Date),
    ("self_score", Type::Decimal),
    ("project", Type::Text),
    ("project_code", Type::Text),
    ("department", Type::Text),
    ("implementer", Type::Text),
    ("category", Type::Choices),
    ("attribute", Type::Choices),
    ("duration", Type::Choices),
    ("total_weight", Type::Decimal),
    ("total_score", Type::Decimal),
    ("indicators_weight", Type::Decimal),
    ("budget_weight", Type::Decimal),
    ("goals_weight", Type::Decimal),
    ("indicators_score", Type::Decimal),
    ("deviation", Type::Text),
    ("improvement", Type::Text),
    ("conclusion", Type::Text),
    ("issues", Type::Text),
    ("contact", Type::Text),
    ("phone", Type::Text),
    ("reviewer", Type::Text),
    ("notes", Type::Text),
    ("grade", Type::Text),
    ("money_unit", Type::Text),
    ("form_code", Type::Text),
    ("overview", Type::Text),
    ("other", Type::Text),
    ("fund_user", Type::Text),
    ("superior", Type::Text),
    ("owner", Type::Text),
    ("finance_owner", Type::Text),
    ("approval", Type::Text),
];

/// The columns of the tables that mean the same in every family. A table may have others besides.
const COLUMNS: &[(&str, &[&str])] = &[
    ("budget", &["source", "initial", "budgeted", "executed", "weight", "rate", "score", "note"]),
    ("goals", &["planned", "actual", "score"]),
    (
        "indicators",
        &[
            "level1",
            "level2",
            "name",
            "nature",
            "target",
            "unit",
            "actual",
            "weight",
            "score",
            "note",
            "review_score",
            "method",
        ],
    ),
    ("tasks", &["task", "content", "done"]),
    ("management", &["aspect", "situation", "problems"]),
    ("blocks", &["weight", "score"]),
];

/// The columns of `table` that every record knows; none for a table of the form's own.
pub(super) fn columns(table: &str) -> &'static [&'static str] {
    COLUMNS.iter().find(|(known, _)| *known == table).map_or(&[], |(_, columns)| columns)
}

/// The checks that a rule may govern.
pub const CHECKS: &[&str] = &[
    "budget.rate",
    "budget.score",
    "budget.total",
    "budget.note",
    "budget.over",
    "goals.score",
    "indicator.score",
    "indicator.target",
    "indicator.note",
    "indicator.excess",
    "indicator.tier",
    "indicator.parts",
    "indicator.kind",
    "indicators.score",
    "indicators.weight",
    "weights.level1",
    "scores.level1",
    "total.score",
    "total.weight",
    "grade.band",
    "form.complete",
    "form.placeholder",
    "form.period",
    "archive.twice",
    "archive.years",
    "archive.department",
    "archive.copied",
];

/// How the values of field `id` read in every record; `None` for a form's own field.
pub(crate) fn field_type(id: &str) -> Option<Type> {
    FIELDS.iter().find(|(known, _)| *known == id).map(|(_, kind)| *kind)
}

/// Whether `id` reads like a slip for an id of a field or column that all records share, and so is no id of one's own.
pub(crate) fn slip_of_shared(id: &str) -> bool {
    let fields: Vec<&str> = FIELDS.iter().map(|(id, _)| *id).collect();
    shuffled(id, &fields).is_some() || COLUMNS.iter().any(|(_, columns)| slip(id, columns).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::load::TYPES;

    #[test]
    fn the_manual_names_every_check_and_type() {
        let manual = include_str!("../../patterns/README.md");
        for name in CHECKS {
            assert!(manual.contains(&format!("`{name}`")), "{name}");
        }
        for (name, _) in TYPES {
            assert!(manual.contains(&format!("| `\"{name}\"` |")), "{name}");
        }
    }
}
