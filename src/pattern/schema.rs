//! The JSON Schema of a pattern file, so that editors complete and check it while it is written.
//!
//! It says which keys there are and what each may hold. What no schema can say (a label that is taken twice, a hole
//! that names no field) is found by [`super::load`].

#![allow(dead_code, reason = "the shapes alone are wanted")]

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::CHECKS;

/// A family of forms: what is printed on them, what stands where, and by which rules they are scored.
#[derive(JsonSchema)]
#[schemars(rename = "Pattern", deny_unknown_fields)]
struct File {
    /// Short name: lower-case letters, digits and `-`. A pattern with the id of a built-in one takes its place.
    #[schemars(regex(pattern = r"^[a-z0-9-]+$"))]
    id: String,
    /// Name for people.
    name: Name,
    /// Shared words to take in: `levels`, `marks`, `terms`, `form-rules`, `hubei-rules`, `mof-rules`.
    include: Option<Vec<String>>,
    /// Texts under names of your own: a list of labels takes them in with `@name`.
    terms: Option<BTreeMap<String, Vec<String>>>,
    /// What is written where nothing is meant. Such a value is null.
    blanks: Option<Vec<String>>,
    /// What the name of a source of funds begins with where it may split the source above it.
    splits: Option<Vec<String>>,
    /// Words in the name of an indicator of which less is better: a target without a comparator may then be a ceiling.
    fewer_is_better: Option<Vec<String>>,
    /// Words in the name of an indicator of which more is better: a target without a comparator is then a floor.
    more_is_better: Option<Vec<String>>,
    /// What a row of the indicators is called that adds up those above it: `小计`.
    subtotals: Option<Vec<String>>,
    /// Words by which a sentence takes back, or bends, the rule that it prints: `不采用`, `酌情`.
    exceptions: Option<Vec<String>>,
    /// What may follow any label and belongs to it.
    remarks: Option<Vec<String>>,
    /// Whether forms of this family only look like self-evaluations: they are named, and not read.
    look_alike: Option<bool>,
    /// Whether forms of this family are of all that a unit spends in a year, not of one project.
    overall: Option<bool>,
    /// The parts of the form, from top to bottom.
    #[schemars(length(min = 1))]
    section: Vec<Section>,
    /// Words of merged headings, by the name of their list.
    vocabulary: Option<BTreeMap<String, Vec<Word>>>,
    /// What is printed and is no data.
    furniture: Option<Vec<Furniture>>,
    /// Scoring rules.
    policy: Option<Vec<Rule>>,
}

/// The same words in Chinese and in English.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Name {
    /// In Chinese.
    zh: String,
    /// In English.
    en: String,
}

/// A part of the form: fields, or one table.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Section {
    /// For a table, its name in the record: `budget`, `goals`, `indicators`.
    id: String,
    /// Whether forms of the family may lack the part.
    optional: Option<bool>,
    /// What is printed over or beside the part. Named holes capture fields.
    headings: Option<Vec<String>>,
    /// Its fields.
    field: Option<Vec<Field>>,
    /// Its table.
    table: Option<Table>,
}

/// A label and its value.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Field {
    /// Name in the record. Use the ids that other patterns use for the same thing.
    id: String,
    /// How the value reads.
    #[schemars(rename = "type")]
    kind: TypeWord,
    /// What stands beside, above or, with `{}`, around the value.
    labels: Option<Vec<String>>,
    /// Text that is itself the value, such as a title.
    words: Option<Vec<String>>,
    /// Whether a form without it is incomplete. One field at least is required.
    required: Option<bool>,
    /// Whether nearly every form of the family has it.
    usual: Option<bool>,
    /// Whether a form may begin with it. One field at least opens a form.
    opens: Option<bool>,
    /// The choices of check boxes, for `type = "choices"`.
    choices: Option<Vec<String>>,
    /// The only texts that it can have.
    only: Option<Vec<String>>,
    /// How its values mostly end.
    ends: Option<Vec<String>>,
    /// The field that takes a code glued to the value.
    code: Option<String>,
}

/// How a value reads.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum TypeWord {
    /// A short text.
    Text,
    /// A paragraph.
    Prose,
    /// A whole number.
    Integer,
    /// An exact decimal: amount, weight, score.
    Decimal,
    /// A percentage, with or without its sign.
    Percent,
    /// A date to the year, month or day.
    Date,
    /// A target or an actual: comparator, figure, unit; or a date, or words.
    Quantity,
    /// The ticked ones of `choices`.
    Choices,
}

/// A table.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Table {
    /// How its rows are told.
    rows: RowsWord,
    /// The labels of its rows, for `labelled` and `across`.
    row_label: Option<RowLabel>,
    /// The columns, in their usual order.
    #[schemars(length(min = 1))]
    column: Vec<Column>,
    /// Merged headings at the left, the outermost first.
    group: Option<Vec<Group>>,
    /// Marks of a spare row: `……`.
    spare: Option<Vec<String>>,
    /// What the name of a row begins with that splits the row above it.
    parts: Option<Vec<String>>,
    /// The row that adds up.
    total: Option<Total>,
    /// The field that takes a score which stands once for the whole table.
    block_score: Option<String>,
}

/// How the rows of a table are told.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum RowsWord {
    /// Any number of rows, each with a name of its own.
    Listed,
    /// One row.
    Single,
    /// Each row begins with a printed label.
    Labelled,
    /// Printed labels stand side by side as heads, and each makes a row.
    Across,
}

/// Printed labels of rows.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct RowLabel {
    /// The column that the label itself fills.
    column: String,
    /// The labels.
    labels: Vec<String>,
    /// With `across`: the column that takes what stands under the label.
    value: Option<String>,
}

/// A column.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Column {
    /// Name in the record's rows.
    id: String,
    /// How its values read.
    #[schemars(rename = "type")]
    kind: TypeWord,
    /// What its head says.
    labels: Vec<String>,
    /// Words that stand in its cells and in no other's.
    words: Option<Vec<String>>,
    /// Whether every row has a value in it.
    required: Option<bool>,
    /// Whether forms of the family may well lack it.
    optional: Option<bool>,
}

/// A merged heading.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Group {
    /// The column that it fills in every row under it.
    column: String,
    /// What the head of its column says.
    labels: Option<Vec<String>>,
    /// Name of the list of its words.
    vocabulary: String,
    /// What may follow a word in its cell: `（{weight}分）`.
    suffixes: Option<Vec<String>>,
}

/// The row of a table that adds up.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Total {
    /// What it begins with.
    labels: Vec<String>,
    /// For a column the field that takes what stands under it.
    fields: BTreeMap<String, String>,
}

/// A word of merged headings.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Word {
    /// The word as the record gives it.
    value: String,
    /// Other ways to print it.
    also: Option<Vec<String>>,
    /// The word of the group outside that it usually stands under.
    under: Option<String>,
    /// Whether a bare figure under this heading is a ceiling, as with costs.
    ceiling: Option<bool>,
    /// Whether a bare figure under this heading is a floor, as with quantities.
    floor: Option<bool>,
    /// Parts of names that usually stand under it.
    signs: Option<Vec<String>>,
}

/// What is printed and is no data: one of the three.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Furniture {
    /// This text, wherever it stands.
    text: Option<String>,
    /// A whole line that begins with this text.
    prefix: Option<String>,
    /// A regular expression for a whole line.
    line: Option<String>,
}

/// A scoring rule.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Rule {
    /// For reports and for switching it off: `hubei/execution-rate`.
    id: String,
    /// The check that it governs.
    #[schemars(schema_with = "check")]
    check: String,
    /// Document number, or the form's own words.
    source: Words,
    /// How sure the source is.
    standing: StandingWord,
    /// Where it is not as the check has it.
    severity: Option<SeverityWord>,
    /// Whether it is applied.
    enabled: Option<bool>,
    /// The number that the rule turns on, in percent.
    threshold: Option<f64>,
    /// Words that the rule turns on.
    words: Option<Vec<String>>,
    /// Texts by which a form prints the rule itself; `…` stands for anything within a sentence.
    printed: Option<Vec<String>>,
    /// Texts by which a form prints a rule of its own for the same check: where it does, the check is not verifiable.
    gives_way: Option<Vec<String>>,
    /// For `budget.note`: whether a budget that was changed needs a reason, too.
    adjusted: Option<bool>,
    /// Steps of a scale, from the highest down.
    tier: Option<Vec<Tier>>,
}

/// One text, or one in each language.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Words {
    /// One text for both languages.
    One(String),
    /// One in each.
    Each(Name),
}

/// How sure a source is.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum StandingWord {
    /// The wording was read.
    Seen,
    /// Somebody who read it says so.
    Reported,
    /// Commonly believed.
    Believed,
}

/// How much breaking a rule matters.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum SeverityWord {
    /// Wrong.
    Error,
    /// Worth a look.
    Warning,
    /// Worth knowing.
    Info,
}

/// A step of a scale.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Tier {
    /// The words that say it.
    words: Vec<String>,
    /// Its lower end in percent of the points, included.
    from: f64,
}

fn check(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({ "type": "string", "enum": CHECKS })
}

/// The JSON Schema of a pattern file.
pub fn schema() -> Schema {
    schemars::schema_for!(File)
}
