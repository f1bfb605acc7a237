//! The pattern language: what loads, and every mistake at its place with its words.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use retally::pattern::{Body, Furniture, Mistake, Overrides, Patterns, Position, Rows, Standing, load, schema};
use retally::record::Severity;
use retally::value::Type;

/// A whole pattern that every broken one is made from by one change.
const WHOLE: &str = r#"# 示例
id = "sample-form"
name = { zh = "示例表", en = "Sample form" }
blanks = ["—", "/"]

[[section]]
id = "head"

[[section.field]]
id = "title"
type = "text"
words = ["示例自评表"]
required = true
opens = true

[[section.field]]
id = "year"
type = "integer"
labels = ["（{}年度）"]

[[section.field]]
id = "attribute"
type = "choices"
labels = ["项目属性"]
choices = ["新增", "延续"]

[[section]]
id = "budget"
headings = ["预算执行（{budget_weight}分）", "预算执行"]

[section.table]
rows = "labelled"
row_label = { column = "source", labels = ["年度资金"] }

[[section.table.column]]
id = "budgeted"
type = "decimal"
labels = ["预算数"]

[[section.table.column]]
id = "score"
type = "decimal"
labels = ["得分（{budget_weight}分）", "得分"]
required = true

[[section]]
id = "indicators"
headings = ["绩效指标"]

[section.table]
rows = "listed"
spare = ["……"]
block_score = "indicators_score"

[[section.table.group]]
column = "level1"
labels = ["一级指标"]
vocabulary = "level1"

[[section.table.group]]
column = "level2"
labels = ["二级指标"]
vocabulary = "level2"

[[section.table.column]]
id = "name"
type = "text"
labels = ["指标内容"]

[[vocabulary.level1]]
value = "产出指标"

[[vocabulary.level2]]
value = "数量指标"
also = ["数量（{weight}分）"]
under = "产出指标"

[[furniture]]
text = "此表一式两份"

[[furniture]]
prefix = "填表说明："

[[furniture]]
line = '第\d{1,3}页'

[[policy]]
id = "sample/rate"
check = "budget.note"
source = "the form's own note"
standing = "seen"
severity = "warning"
threshold = 90.50
adjusted = true
printed = ["低于…说明原因"]
gives_way = ["执行率…说明原因"]

[[policy]]
id = "sample/grades"
check = "grade.band"
source = { zh = "听说", en = "hearsay" }
standing = "believed"

[[policy.tier]]
words = ["优", "优秀"]
from = 90

[[policy.tier]]
words = ["差"]
from = 0
"#;

#[test]
fn a_whole_pattern_loads() {
    let pattern = load("sample.toml", WHOLE).unwrap();
    assert_eq!((pattern.id.as_str(), pattern.name.zh.as_str()), ("sample-form", "示例表"));
    assert_eq!(pattern.blanks, ["—", "/"]);
    assert_eq!(pattern.sections.len(), 3);

    let Body::Fields(fields) = &pattern.sections[0].body else { panic!("head has fields") };
    assert_eq!(fields.iter().map(|field| field.kind).collect::<Vec<_>>(), [Type::Text, Type::Integer, Type::Choices]);
    assert_eq!((fields[0].required, fields[0].opens, fields[1].required, fields[1].opens), (true, true, false, false));
    assert_eq!(fields[0].words[0].text, "示例自评表");
    assert_eq!(fields[1].labels[0].literal().iter().collect::<String>(), "(年度)");
    assert_eq!(fields[2].choices, ["新增", "延续"]);

    let Body::Table(budget) = &pattern.sections[1].body else { panic!("budget is a table") };
    assert!(matches!(&budget.rows, Rows::Labelled { column, labels } if column == "source" && labels.len() == 1));
    assert!(budget.columns[1].required && !budget.columns[0].required);

    let Body::Table(indicators) = &pattern.sections[2].body else { panic!("indicators is a table") };
    assert!(matches!(indicators.rows, Rows::Listed));
    assert_eq!(indicators.groups.iter().map(|group| group.column.as_str()).collect::<Vec<_>>(), ["level1", "level2"]);
    assert_eq!(indicators.block_score.as_deref(), Some("indicators_score"));

    assert_eq!(pattern.vocabularies.keys().collect::<Vec<_>>(), ["level1", "level2"]);
    assert_eq!(pattern.vocabularies["level2"][0].under.as_deref(), Some("产出指标"));
    let [Furniture::Text(_), Furniture::Prefix(prefix), Furniture::Line(line)] = pattern.furniture.as_slice() else {
        panic!("three pieces of furniture");
    };
    assert_eq!(prefix.text, "填表说明：");
    assert!(line.is_match("第12页") && !line.is_match("见第12页"), "a line matches as a whole");

    let [rate, grades] = pattern.policy.as_slice() else { panic!("two rules") };
    assert_eq!(rate.threshold.map(|figure| figure.to_string()).as_deref(), Some("90.50"));
    assert_eq!((rate.adjusted, rate.overrides), (true, false));
    assert_eq!(
        (rate.printed.as_slice(), rate.gives_way.as_slice()),
        (&["低于…说明原因".to_owned()][..], &["执行率…说明原因".to_owned()][..])
    );
    assert_eq!((rate.standing, rate.severity, rate.enabled), (Standing::Seen, Some(Severity::Warning), true));
    assert!(!grades.enabled, "what is only believed is off");
    assert_eq!((grades.source.zh.as_str(), grades.source.en.as_str()), ("听说", "hearsay"));
    assert_eq!((grades.tiers.len(), grades.tiers[0].words.len()), (2, 2));
}

/// One change to [`WHOLE`] and the one mistake that comes of it. `‸` in `to` marks where the mistake is seen.
struct Broken {
    from: &'static str,
    to: &'static str,
    message: &'static str,
    hint: &'static str,
}

const fn broken(from: &'static str, to: &'static str, message: &'static str, hint: &'static str) -> Broken {
    Broken { from, to, message, hint }
}

#[rustfmt::skip]
const BROKEN: &[Broken] = &[
    // TOML
    broken("\nblanks = [\"—\", \"/\"]", "\nblanks = ‸“—”", "not valid TOML: string values must be quoted, expected literal string", "`“` is a full-width character; type \" instead"),
    broken("spare = [", "spare ‸＝ [", "not valid TOML: key with no value, expected `=`", "`＝` is a full-width character; type = instead"),
    broken("spare = [", "spare =‸　[", "not valid TOML: string values must be quoted, expected literal string", "a full-width blank or an invisible character; delete it or type a plain space"),
    broken("line = '第\\d{1,3}页'", "line = \"第\\‸d页\"", "not valid TOML: missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\\`, `\"`, `x`, `u`, `U`", "write text with backslashes in single quotes: '\\d+'"),
    broken("blanks =", "‸id = \"again\"\nblanks =", "not valid TOML: duplicate key", "delete one of them"),
    broken("[section.table]\nrows = \"listed\"", "[section.table‸\nrows = \"listed\"", "not valid TOML: unclosed table, expected `]`", "compare with the examples in patterns/README.md"),
    // keys
    broken("blanks =", "‸blank =", "unknown key `blank`", "did you mean `blanks`?"),
    broken("blanks =", "‸colour = 1\nblanks =", "unknown key `colour`", "known here: `id`, `name`, `section`, `include`, `terms`, `blanks`, `splits`, `fewer_is_better`, `more_is_better`, `subtotals`, `exceptions`, `remarks`, `vocabulary`, `furniture`, `policy`, `overall`, `look_alike`"),
    broken("zh = \"示例表\",", "zh = \"示例表\", ‸fr = \"modèle\",", "unknown key `fr`", "known here: `zh`, `en`"),
    broken("headings = [\"绩效指标\"]", "‸heading = [\"绩效指标\"]", "unknown key `heading`", "did you mean `headings`?"),
    broken("opens = true", "opens = true\n‸Label = [\"表\"]", "unknown key `Label`", "did you mean `labels`?"),
    broken("spare =", "‸space =", "unknown key `space`", "did you mean `spare`?"),
    broken("row_label = { column", "row_label = { ‸colum = 1, column", "unknown key `colum`", "did you mean `column`?"),
    broken("labels = [\"预算数\"]", "labels = [\"预算数\"]\n‸opens = true", "unknown key `opens`", "known here: `id`, `type`, `labels`, `words`, `required`, `optional`"),
    broken("vocabulary = \"level2\"", "vocabulary = \"level2\"\n‸words = [\"数\"]", "unknown key `words`", "known here: `column`, `vocabulary`, `labels`, `suffixes`"),
    broken("under = \"产出指标\"", "‸Under = \"产出指标\"", "unknown key `Under`", "did you mean `under`?"),
    broken("prefix = \"填", "‸x = 1\nprefix = \"填", "unknown key `x`", "known here: `text`, `prefix`, `line`"),
    broken("threshold =", "‸treshold =", "unknown key `treshold`", "did you mean `threshold`?"),
    broken("threshold = 90.50", "threshold = 90.50\nwords = ‸[\"总额\"]", "`budget.note` asks nothing of `words`", "delete it; the checks that use it: `form.placeholder`, `budget.total`"),
    broken("source = { zh = \"听说\"", "adjusted = ‸true\nsource = { zh = \"听说\"", "`grade.band` asks nothing of `adjusted`", "delete it; the checks that use it: `budget.note`"),
    broken("source = { zh = \"听说\"", "threshold = ‸90\nsource = { zh = \"听说\"", "`grade.band` asks nothing of `threshold`", "delete it; the checks that use it: `budget.note`, `indicator.excess`, `total.weight`"),
    broken("# 示例\nid = \"sample-form\"", "‸# 示例", "missing key `id`", "add: id = \"…\""),
    broken(", en = \"Sample form\"", "", "missing key `en`", "add: en = \"…\""),
    broken("[[section]]\nid = \"budget\"", "‸[[section]]", "missing key `id`", "add: id = \"…\""),
    broken("[[section.field]]\nid = \"year\"\ntype = \"integer\"", "‸[[section.field]]\nid = \"year\"", "missing key `type`", "add: type = \"text\""),
    broken("[[section.field]]\nid = \"year\"\ntype = \"integer\"\nlabels = [\"（{}年度）\"]", "‸[[section.field]]\nid = \"year\"\ntype = \"integer\"", "one of these keys is missing: `labels`, `words`", "add one: labels = [\"…\"] or words = [\"…\"]"),
    broken("[section.table]\nrows = \"listed\"", "‸[section.table]", "missing key `rows`", "add: rows = \"listed\""),
    broken("[section.table]\nrows = \"labelled\"\nrow_label = { column = \"source\", labels = [\"年度资金\"] }", "‸[section.table]\nrows = \"labelled\"", "missing key `row_label`", "add: row_label = { column = \"…\", labels = [\"…\"] }"),
    broken("row_label = { column = \"source\", labels", "row_label = ‸{ labels", "missing key `column`", "add: column = \"…\""),
    broken("[[section.table.column]]\nid = \"name\"\ntype = \"text\"\nlabels = [\"指标内容\"]", "‸[[section.table.column]]\nid = \"name\"\ntype = \"text\"", "missing key `labels`", "add: labels = [\"…\"]"),
    broken("[[section.table.column]]\nid = \"name\"\ntype = \"text\"\nlabels = [\"指标内容\"]", "", "missing key `column`", "add: [[section.table.column]]"),
    broken("[[vocabulary.level1]]\nvalue = \"产出指标\"", "[[vocabulary.level1]]\nvalue = \"产出指标\"\n‸[[vocabulary.level1]]", "missing key `value`", "add: value = \"…\""),
    broken("[[section.field]]\nid = \"attribute\"\ntype = \"choices\"\nlabels = [\"项目属性\"]\nchoices = [\"新增\", \"延续\"]", "‸[[section.field]]\nid = \"attribute\"\ntype = \"choices\"\nlabels = [\"项目属性\"]", "missing key `choices`", "add: choices = [\"…\"]"),
    broken("[[furniture]]\ntext = \"此表一式两份\"", "‸[[furniture]]", "one of these keys is missing: `text`, `prefix`, `line`", "add one: text = \"…\" or prefix = \"…\" or line = '…'"),
    broken("[[policy]]\nid = \"sample/rate\"\ncheck = \"budget.note\"\nsource = \"the form's own note\"", "‸[[policy]]\nid = \"sample/rate\"\ncheck = \"budget.note\"", "missing key `source`", "add: source = \"…\""),
    broken("prefix = \"填表说明：\"", "prefix = \"填表说明：\"\nline = ‸'说明'", "`prefix` and `line` exclude each other", "delete one of them"),
    broken("[[section]]\nid = \"indicators\"", "‸[[section]]\nid = \"foot\"\n[[section]]\nid = \"indicators\"", "one of these keys is missing: `field`, `table`", "add one: [[section.field]] or [section.table]"),
    broken("[[section.table.column]]\nid = \"name\"", "[[section.field]]\nid = \"notes\"\ntype = \"text\"\nlabels = [\"备注\"]\n[[section.table.column]]\nid = \"name\"", "`field` and `table` exclude each other", "delete one of them"),
    // types of values
    broken("id = \"sample-form\"", "id = ‸12", "`id` takes a text, not a number", "write: id = \"…\""),
    broken("name = { zh = \"示例表\", en = \"Sample form\" }", "name = ‸\"示例表\"", "`name` takes a table, not a text", "write: [name]"),
    broken("blanks = [\"—\", \"/\"]", "blanks = ‸\"—\"", "`blanks` takes a list of texts, not a text", "write: blanks = [\"…\", \"…\"]"),
    broken("blanks = [\"—\", \"/\"]", "blanks = [\"—\", ‸0]", "`blanks` takes a list of texts alone, not a number", "write: blanks = [\"…\", \"…\"]"),
    broken("required = true\nopens", "required = ‸\"true\"\nopens", "`required` takes true or false, not a text", "write: required = true"),
    broken("threshold = 90.50", "threshold = ‸\"90%\"", "`threshold` takes a number, not a text", "write: threshold = 90"),
    broken("threshold = 90.50", "threshold = ‸nan", "`nan` is no usable number for `threshold`", "write a plain number, such as 90.5"),
    broken("threshold = 90.50", "threshold = ‸1e99", "`1e99` is no usable number for `threshold`", "write a plain number, such as 90.5"),
    broken("threshold = 90.50", "threshold = ‸2020-01-01", "`threshold` takes a number, not a date", "write: threshold = 90"),
    broken("[[furniture]]\ntext = \"此表一式两份\"\n\n[[furniture]]\nprefix = \"填表说明：\"\n\n[[furniture]]\nline = '第\\d{1,3}页'", "‸[furniture]\ntext = \"此表一式两份\"", "`furniture` takes one or more tables, not a table", "write: [[furniture]]"),
    broken("[[vocabulary.level1]]\nvalue = \"产出指标\"", "[vocabulary]\nlevel1 = [‸\"产出指标\"]", "`vocabulary.level1` takes a table, not a text", "write: [[vocabulary.level1]]"),
    broken("rows = \"labelled\"\nrow_label = { column = \"source\", labels = [\"年度资金\"] }", "rows = \"labelled\"\nrow_label = ‸[\"年度资金\"]", "`row_label` takes a table, not a list", "write: [section.table.row_label]"),
    // words
    broken("type = \"integer\"", "type = ‸\"interger\"", "`type` cannot be `interger`", "did you mean `integer`?"),
    broken("type = \"text\"\nlabels = [\"指标内容\"]", "type = ‸\"money\"\nlabels = [\"指标内容\"]", "`type` cannot be `money`", "known here: `text`, `prose`, `integer`, `decimal`, `percent`, `date`, `quantity`, `choices`"),
    broken("rows = \"listed\"", "rows = ‸\"list\"", "`rows` cannot be `list`", "did you mean `listed`?"),
    broken("standing = \"seen\"", "standing = ‸\"rumour\"", "`standing` cannot be `rumour`", "known here: `seen`, `reported`, `believed`"),
    broken("severity = \"warning\"", "severity = ‸\"warn\"", "`severity` cannot be `warn`", "known here: `error`, `warning`, `info`"),
    broken("check = \"budget.note\"", "check = ‸\"budget.notes\"", "there is no check `budget.notes`", "did you mean `budget.note`?"),
    broken("id = \"year\"\ntype = \"integer\"", "id = \"year\"\ntype = ‸\"text\"", "`year` is integer in every record, not text", "write type = \"integer\", or give the field another id"),
    // empty, too long
    broken("en = \"Sample form\"", "en = ‸\" \"", "`en` has an empty text", "write what the form prints, or delete the item"),
    broken("labels = [\"预算数\"]", "labels = ‸[]", "`labels` is an empty list", "list at least one; an optional key that is not needed is left out"),
    broken("labels = [\"预算数\"]", "labels = [\"预算数\", ‸\"　\"]", "`labels` has an empty text", "write what the form prints, or delete the item"),
    broken("[[vocabulary.level1]]\nvalue = \"产出指标\"", "[vocabulary]\nlevel1 = ‸[]", "`vocabulary.level1` is an empty list", "list at least one; an optional key that is not needed is left out"),
    broken("choices = [\"新增\", \"延续\"]", "choices = [\"新增\", \"延续\", ‸\"新 增\"]", "`choices` lists `新 增` twice", "full and half width, blanks and look-alike characters make no difference"),
    // ids
    broken("id = \"sample-form\"", "id = ‸\"Sample form\"", "`Sample form` cannot be an id: it must be lower-case letters, digits and -", "for example: library-short-form"),
    broken("id = \"year\"", "id = ‸\"年度\"", "`年度` cannot be an id: it must be lower-case letters, digits and _, a letter first", "for example: filled_on"),
    broken("id = \"sample/rate\"", "id = ‸\"sample//rate\"", "`sample//rate` cannot be an id: it must be lower-case letters, digits, - and /", "for example: library/execution-rate"),
    broken("block_score = \"indicators_score\"", "block_score = ‸\"得分\"", "`得分` cannot be an id: it must be lower-case letters, digits and _, a letter first", "for example: filled_on"),
    broken("blanks = [\"—\", \"/\"]", "include = [\"levels\", ‸\"mark\"]", "there is no shared file `mark`", "did you mean `marks`?"),
    broken("labels = [\"项目属性\"]", "labels = [‸\"@attribute\"]", "there is no term `attribute`", "known here: "),
    broken("spare = [\"……\"]", "total = { labels = [\"总分\"], fields = { ‸nam = \"total_score\" } }", "the table has no column `nam`", "did you mean `name`?"),
    broken("spare = [\"……\"]", "total = ‸{ labels = [\"总分\"] }", "missing key `fields`", "add: fields = { score = \"total_score\" }"),
    broken("id = \"indicators\"", "id = ‸\"budget\"", "the section id `budget` is already used on line 28", "give one of them another id, or delete what is there twice"),
    broken("id = \"year\"\ntype = \"integer\"", "id = ‸\"title\"\ntype = \"text\"", "the field id `title` is already used on line 10", "give one of them another id, or delete what is there twice"),
    broken("id = \"score\"", "id = ‸\"source\"", "the column id `source` is already used on line 33", "give one of them another id, or delete what is there twice"),
    broken("id = \"name\"", "id = ‸\"level2\"", "the column id `level2` is already used on line 61", "give one of them another id, or delete what is there twice"),
    broken("id = \"sample/grades\"", "id = ‸\"sample/rate\"", "the rule id `sample/rate` is already used on line 88", "give one of them another id, or delete what is there twice"),
    // names that nothing answers to
    broken("headings = [\"预算执行（{budget_weight}分）\"", "headings = [\"预算执行（‸{budget_weigth}分）\"", "there is no field `budget_weigth`", "did you mean `budget_weight`?"),
    broken("headings = [\"绩效指标\"]", "headings = [\"绩效指标（‸{quarter}）\"]", "there is no field `quarter`", "use an id that all forms share (see patterns/README.md), or define `quarter` as a [[section.field]]"),
    broken("also = [\"数量（{weight}分）\"]", "also = [\"数量（‸{weigth}分）\"]", "the hole of a merged heading cannot be `weigth`", "did you mean `weight`?"),
    broken("vocabulary = \"level2\"", "vocabulary = \"level2\"\nsuffixes = [\"（‸{points}分）\"]", "the hole of a merged heading cannot be `points`", "known here: `weight`, `score`"),
    broken("row_label = { column = \"source\"", "row_label = { column = ‸\"sorce\"", "`sorce` looks like a slip for an id that all records share", "did you mean `source`? a thing of your own needs an id that is less alike"),
    broken("block_score = \"indicators_score\"", "block_score = ‸\"indicator_score\"", "there is no field `indicator_score`", "did you mean `indicators_score`?"),
    broken("block_score = \"indicators_score\"", "block_score = ‸\"points\"", "there is no field `points`", "use an id that all forms share (see patterns/README.md), or define `points` as a [[section.field]]"),
    broken("id = \"year\"", "id = ‸\"yaer\"", "`yaer` looks like a slip for an id that all records share", "did you mean `year`? a thing of your own needs an id that is less alike"),
    broken("id = \"score\"", "id = ‸\"scroe\"", "`scroe` looks like a slip for an id that all records share", "did you mean `score`? a thing of your own needs an id that is less alike"),
    broken("spare = [\"……\"]", "total = { labels = [\"总分\"], fields = { name = ‸\"totla_score\" } }", "there is no field `totla_score`", "did you mean `total_score`?"),
    broken("labels = [\"（{}年度）\"]", "labels = [\"（{}年度）\"]\ncode = ‸\"project_cod\"", "there is no field `project_cod`", "did you mean `project_code`?"),
    broken("blanks = [\"—\", \"/\"]", "include = [\"marks\", ‸\"marks\"]", "`include` lists `marks` twice", "delete one of them"),
    broken("[[vocabulary.level1]]\nvalue = \"产出指标\"", "[[vocabulary.level1]]\nvalue = \"产出指标\"\n‸weight = 50", "unknown key `weight`", "known here: `value`, `also`, `under`, `ceiling`, `floor`, `signs`"),
    // labels
    broken("labels = [\"项目属性\"]", "labels = [\"项目属性\", ‸\"( {}年 度 )\"]", "the label `( {}年 度 )` already belongs to `year` (line 19)", "full and half width, blanks and look-alike characters make no difference"),
    broken("labels = [\"项目属性\"]", "labels = [\"项目属性\", ‸\"项目属性\"]", "the label `项目属性` already belongs to `attribute` (line 24)", "full and half width, blanks and look-alike characters make no difference"),
    broken("\"得分\"]", "\"得分\", ‸\"预算数\"]", "the column label `预算数` already belongs to `budgeted` (line 38)", "full and half width, blanks and look-alike characters make no difference"),
    broken("headings = [\"绩效指标\"]", "headings = [‸\"预算执行\"]", "the heading `预算执行` already belongs to `budget` (line 29)", "full and half width, blanks and look-alike characters make no difference"),
    broken("labels = [\"二级指标\"]", "labels = [‸\"一级指标\"]", "the column label `一级指标` already belongs to `level1` (line 57)", "full and half width, blanks and look-alike characters make no difference"),
    broken("also = [\"数量（{weight}分）\"]", "also = [‸\"数量指标\"]", "the word `数量指标` already belongs to `数量指标` (line 74)", "full and half width, blanks and look-alike characters make no difference"),
    // holes
    broken("labels = [\"预算数\"]", "labels = [\"预算数‸{\"]", "an opening brace without a closing one", "a hole is written `{}` or `{field_id}`"),
    broken("labels = [\"预算数\"]", "labels = [\"预算‸}数\"]", "a closing brace without an opening one", "a hole is written `{}` or `{field_id}`"),
    broken("labels = [\"预算数\"]", "labels = [‸\"预算数（{}分）\"]", "the hole `{}` in `labels` does not say which field it is", "only the `labels` and `words` of a field may have `{}`; here write `{field_id}`, as in `{budget_weight}`"),
    broken("headings = [\"绩效指标\"]", "headings = [‸\"绩效指标（{}分）\"]", "the hole `{}` in `headings` does not say which field it is", "only the `labels` and `words` of a field may have `{}`; here write `{field_id}`, as in `{budget_weight}`"),
    broken("headings = [\"绩效指标\"]", "headings = [‸\"绩效指标（{权重}分）\"]", "the hole `{权重}` must name a field id: lower-case letters, digits, underscores", "for example: {budget_weight}"),
    broken("labels = [\"（{}年度）\"]", "labels = [‸\"（{}年{}度）\"]", "the hole `{}` stands twice in one text", "delete one of them, or name another field"),
    broken("labels = [\"（{}年度）\"]", "labels = [‸\"（{}{month}年度）\"]", "two holes without text between them: their values can't be told apart", "write what is printed between the two holes"),
    broken("labels = [\"（{}年度）\"]", "labels = [‸\"{}\"]", "`labels` has a text that is nothing but a hole", "write what is printed before or behind the hole"),
    broken("value = \"产出指标\"", "value = ‸\"产出指标（{weight}分）\"", "`value` cannot have holes", "write the text without a hole"),
    broken("text = \"此表一式两份\"", "text = ‸\"此表一式{copies}份\"", "`text` cannot have holes", "write the text without a hole"),
    // regular expressions
    broken("line = '第\\d{1,3}页'", "line = ‸'(第\\d{1,3}页'", "bad regular expression: unclosed group", "use single quotes, and put \\ before ( ) [ ] . * + ? { } that stand for themselves"),
    broken("line = '第\\d{1,3}页'", "line = ‸'第)|(页'", "bad regular expression: unopened group", "use single quotes, and put \\ before ( ) [ ] . * + ? { } that stand for themselves"),
    broken("line = '第\\d{1,3}页'", "line = ‸'(\\w{100}){100}'", "bad regular expression: Compiled regex exceeds size limit of 262144 bytes.", "use single quotes, and put \\ before ( ) [ ] . * + ? { } that stand for themselves"),
    broken("line = '第\\d{1,3}页'", "line = ‸'(第\\d+页)?'", "this regular expression matches even an empty line", "make one character necessary at least, as with + in place of *"),
    broken("line = '第\\d{1,3}页'", "line = ‸'（\\d+'", "`（` never matches: lines are folded first (blanks dropped, full width made half)", "write \\("),
    broken("line = '第\\d{1,3}页'", "line = ‸'第 \\d+页'", "` ` never matches: lines are folded first (blanks dropped, full width made half)", "leave blanks out"),
    // what does not fit together
    broken("choices = [\"新增\", \"延续\"]", "choices = [\"新增\", \"延续\"]\n[[section.field]]\nid = \"unit\"\ntype = \"text\"\nlabels = [\"单位\"]\nchoices = ‸[\"甲\"]", "only a field of type = \"choices\" has `choices`", "write type = \"choices\", or delete `choices`"),
    broken("rows = \"labelled\"\nrow_label = {", "rows = \"single\"\nrow_label = ‸{", "only a table of rows = \"labelled\" or \"across\" has `row_label`", "write rows = \"labelled\", or delete `row_label`"),
    broken("vocabulary = \"level2\"", "vocabulary = ‸\"levels\"", "there is no vocabulary `levels`", "did you mean `level1`?"),
    broken("[[policy]]\nid = \"sample/rate\"", "[[vocabulary.‸level3]]\nvalue = \"甲\"\n[[policy]]\nid = \"sample/rate\"", "no group uses the vocabulary `level3`", "delete it, or write vocabulary = \"level3\" in a group"),
    broken("under = \"产出指标\"", "under = ‸\"产岀指标\"", "`产岀指标` is no word of the outer vocabulary `level1`", "did you mean `产出指标`?"),
    broken("value = \"产出指标\"", "value = \"产出指标\"\nunder = ‸\"投入\"", "`产出指标` has `under`, but the group of vocabulary `level1` is the outermost one", "delete `under`"),
    broken("required = true\nopens", "opens", "no field has required = true", "mark the fields without which a form is incomplete"),
    broken("opens = true\n", "", "no field has opens = true", "mark the fields that a form may begin with, such as its title"),
];

#[test]
fn each_mistake_is_told_at_its_place() {
    let mut failures = Vec::new();
    for Broken { from, to, message, hint } in BROKEN {
        assert!(WHOLE.contains(from), "no such text in the whole pattern: {from}");
        let marked = WHOLE.replacen(from, to, 1);
        let text = marked.replace('‸', "");
        let expected = marked.find('‸').map(|mark| place(&marked[..mark]));
        let found: Vec<Mistake> = load("broken.toml", &text).err().unwrap_or_default();
        let first = found.first();
        let told = first.map(|first| {
            let Position { line, column } = first.position(&text);
            let hint = first.hint.as_ref().map(|hint| hint.en.as_str()).unwrap_or_default();
            ((line, column), first.message.en.as_str(), hint)
        });
        let right = told.is_some_and(|(place, words, advice)| {
            expected.is_none_or(|expected| expected == place) && words == *message && advice == *hint
        });
        if !right || found.len() != 1 {
            let all: Vec<_> = found.iter().map(|mistake| mistake.in_words(&text).en).collect();
            failures.push(format!(
                "{to}\n  expected {expected:?} {message} / {hint}\n  found    {}",
                all.join("\n           ")
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(BROKEN.len() >= 100, "only {} broken patterns", BROKEN.len());
    assert!(BROKEN.iter().all(|broken| !broken.hint.is_empty()), "every mistake has a hint");
}

#[test]
fn a_pattern_made_to_be_slow_is_refused() {
    let many = |count: usize, text: &dyn Fn(usize) -> String| (0..count).map(text).collect::<Vec<_>>().join(", ");
    let terms = format!("[terms]\nt = [{}]\n", many(1000, &|number| format!("\"标签{number}\"")));
    let uses = many(3000, &|_| "\"@t\"".to_owned());
    let by_terms = WHOLE.replace("blanks =", &format!("terms.t = [{}]\nblanks =", &terms[13..terms.len() - 2]));
    let by_terms = by_terms.replace("labels = [\"项目属性\"]", &format!("labels = [{uses}]"));
    let words: String = (0..900).map(|number| format!("[[vocabulary.level2]]\nvalue = \"词{number}\"\n")).collect();
    let suffixes = many(900, &|number| format!("\"甲{number}乙\""));
    let by_suffixes = WHOLE.replace("[[furniture]]\ntext", &format!("{words}\n[[furniture]]\ntext"));
    let by_suffixes =
        by_suffixes.replace("vocabulary = \"level2\"", &format!("vocabulary = \"level2\"\nsuffixes = [{suffixes}]"));
    let regexes: String = (0..60).map(|number| format!("[[furniture]]\nline = '({number}|a)+b'\n")).collect();
    let by_regexes =
        WHOLE.replace("[[policy]]\nid = \"sample/rate\"", &format!("{regexes}[[policy]]\nid = \"sample/rate\""));
    for (text, expected) in [
        (by_terms, "more than 2000 texts"),
        (by_suffixes, "more than 2000 texts"),
        (by_regexes, "more than 50 regular expressions"),
        (WHOLE.replace("[\"——\"]", "").replacen("# 示例", &"[".repeat(20_000), 1), "not valid TOML"),
    ] {
        let mistakes = load("slow.toml", &text).unwrap_err();
        let told: Vec<&str> = mistakes.iter().map(|mistake| mistake.message.en.as_str()).collect();
        assert!(told.iter().any(|message| message.starts_with(expected)), "{expected}: {told:?}");
    }
}

/// Line and column right after `before`.
fn place(before: &str) -> (usize, usize) {
    let column = before.chars().rev().take_while(|ch| *ch != '\n').count() + 1;
    (before.matches('\n').count() + 1, column)
}

#[test]
fn every_mistake_is_collected_in_the_order_of_the_file() {
    let text = WHOLE
        .replace("id = \"sample-form\"", "id = \"Sample\"")
        .replace("type = \"integer\"", "type = \"number\"")
        .replace("[\"预算数\"]", "[]")
        .replace("threshold = 90.50", "threshold = true");
    let mistakes = load("sample.toml", &text).unwrap_err();
    let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.position(&text).line).collect();
    assert_eq!(lines, [2, 18, 38, 93]);
    for mistake in &mistakes {
        assert_eq!(mistake.source, "sample.toml");
        assert!(mistake.in_words(&text).zh.starts_with("sample.toml:"));
        assert!(mistake.message.zh.chars().any(|ch| ('一'..='龥').contains(&ch)), "{}", mistake.message.zh);
        assert!(!text[mistake.span.clone()].is_empty());
    }
}

#[test]
fn every_broken_line_of_toml_is_told() {
    let text = WHOLE.replace("blanks = [", "blanks ＝ ［").replace("spare = ", "spare ");
    let mistakes = load("sample.toml", &text).unwrap_err();
    assert_eq!(mistakes.iter().map(|mistake| mistake.position(&text).line).collect::<Vec<_>>(), [4, 52]);
}

#[test]
fn an_empty_file_lacks_everything() {
    for text in ["", "# nothing\n", "\u{feff}"] {
        let mistakes = load("-", text).unwrap_err();
        let words: Vec<_> = mistakes.iter().map(|mistake| mistake.message.en.as_str()).collect();
        assert_eq!(words, ["missing key `id`", "missing key `name`", "missing key `section`"]);
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let text = format!("\u{feff}{}", WHOLE.replace('\n', "\r\n"));
    assert_eq!(load("-", &text).unwrap().id, "sample-form");
    let text = text.replace("blanks", "blank");
    let mistakes = load("-", &text).unwrap_err();
    assert_eq!(mistakes[0].position(&text), Position { line: 4, column: 1 });
}

#[test]
fn a_note_may_be_written_in_several_lines() {
    let text = WHOLE.replace("\"填表说明：\"", "'''\n填表说明：\n一、'''");
    let pattern = load("-", &text).unwrap();
    assert!(matches!(&pattern.furniture[1], Furniture::Prefix(prefix) if prefix.literal().len() == 7));
    let text = WHOLE.replace("\"填表说明：\"", "\"\"\"\n填表}说明：\"\"\"");
    let mistakes = load("-", &text).unwrap_err();
    assert_eq!(&text[mistakes[0].span.clone()], "}");
}

#[test]
fn what_is_made_to_be_slow_is_turned_away() {
    let head = WHOLE.find("[[section]]").unwrap();
    let with = |extra: &str| format!("{}{extra}{}", &WHOLE[..head], &WHOLE[head..]);
    let many = |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let said =
        |text: &str| load("-", text).unwrap_err().into_iter().map(|mistake| mistake.message.en).collect::<Vec<_>>();

    assert_eq!(said(&"#".repeat(300_000)), ["the file is larger than the limit of 262144 bytes"]);
    let label = "甲".repeat(201);
    assert_eq!(said(&WHOLE.replace("预算数", &label)), ["`labels` has 201 characters, more than the limit of 200"]);
    let spare = many(2000, &|number| format!("\"{number}\","));
    assert_eq!(said(&WHOLE.replace("\"……\"", &spare)), ["more than 2000 texts"]);
    let lines = many(51, &|number| format!("[[furniture]]\nline = '{number}'\n"));
    assert_eq!(said(&with(&lines)), ["more than 50 regular expressions"]);

    let words = said(&with(&many(5000, &|number| format!("key{number} = 1\n"))));
    assert_eq!((words.len(), words[100].as_str()), (101, "too many mistakes: only the first 100 are listed"));
    for deep in [
        "x = ".to_owned() + &"[".repeat(50_000),
        "a.".repeat(50_000) + "a = 1",
        "x = {a=".repeat(9_000),
        "a=1\n".repeat(60_000),
    ] {
        assert!(said(&with(&deep))[0].starts_with("not valid TOML"));
    }
    // Every `under` against every group: the product of two long lists.
    let groups = many(1500, &|number| format!("[[section.table.group]]\ncolumn = \"c{number}\"\nvocabulary = \"v\"\n"));
    let words = many(900, &|number| format!("[[vocabulary.v]]\nvalue = \"{number}\"\nunder = \"甲{number}\"\n"));
    let words = said(&WHOLE.replace("[[vocabulary.level1]]", &format!("{groups}{words}[[vocabulary.level1]]")));
    assert_eq!(words.len(), 101, "{words:?}");
}

#[test]
fn a_folder_adds_and_replaces_by_id() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("b.toml"), WHOLE).unwrap();
    fs::write(dir.path().join("a.toml"), WHOLE.replace("sample-form", "another-form")).unwrap();
    fs::write(dir.path().join("notes.md"), "not a pattern").unwrap();
    fs::write(dir.path().join(".hidden.toml"), "not a pattern").unwrap();
    fs::create_dir(dir.path().join("folder.toml")).unwrap();

    let mut patterns = Patterns::builtin();
    let before = patterns.list.len();
    patterns.add_dir(dir.path()).unwrap();
    assert_eq!(patterns.list.len(), before + 2);
    assert!(patterns.list.is_sorted_by(|one, other| one.id < other.id));

    fs::write(dir.path().join("b.toml"), WHOLE.replace("示例表", "新示例表")).unwrap();
    patterns.add_dir(dir.path()).unwrap();
    assert_eq!(patterns.list.len(), before + 2);
    assert_eq!(patterns.get("sample-form").unwrap().name.zh, "新示例表");
}

#[test]
fn a_folder_with_mistakes_adds_nothing_and_lists_them_by_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.toml"), WHOLE).unwrap();
    fs::write(dir.path().join("b.toml"), WHOLE.replace("opens", "open")).unwrap();
    fs::write(dir.path().join("c.toml"), WHOLE).unwrap();
    fs::write(dir.path().join("d.toml"), b"id = \"\xb1\xed\"").unwrap();
    fs::write(dir.path().join("e.toml"), "表".repeat(100_000)).unwrap();

    let mut patterns = Patterns::default();
    let error = patterns.add_dir(dir.path()).unwrap_err();
    assert!(patterns.list.is_empty());
    let folder = format!("{}/", dir.path().display());
    let told: Vec<String> = error.messages().map(|message| message.en.replace(&folder, "")).collect();
    assert_eq!(
        told,
        [
            "b.toml:6:1: no field has opens = true (mark the fields that a form may begin with, such as its title)",
            "b.toml:14:1: unknown key `open` (did you mean `opens`?)",
            "c.toml:1:1: the id `sample-form` is already used by a.toml in the same folder",
            "d.toml:1:7: the file is not UTF-8 text (save it as UTF-8 in your editor)",
            "e.toml:1:1: the file is larger than the limit of 262144 bytes",
        ]
    );
    assert_eq!(error.to_string().lines().count(), told.len());
}

#[test]
fn a_folder_without_patterns_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let mut patterns = Patterns::default();
    let empty = patterns.add_dir(dir.path()).unwrap_err().to_string();
    assert!(empty.ends_with("there is no *.toml file in this folder"), "{empty}");
    let missing = patterns.add_dir(&dir.path().join("nowhere")).unwrap_err().to_string();
    assert!(missing.contains("cannot read"), "{missing}");
}

/// What holds for any text: a pattern, or mistakes in order, each at a place within the text and in both languages.
fn holds_for(text: &str) {
    let Err(mistakes) = load("any.toml", text) else { return };
    assert!(!mistakes.is_empty());
    assert!(mistakes.is_sorted_by_key(|mistake| mistake.span.start));
    for mistake in &mistakes {
        assert!(text.get(mistake.span.clone()).is_some(), "{mistake:?}");
        assert!(!mistake.message.zh.is_empty() && !mistake.message.en.is_empty());
        let Position { line, column } = mistake.position(text);
        let shown = text.split('\n').nth(line - 1).map(|line| line.chars().count());
        assert!(shown.is_some_and(|length| column <= length + 1), "{mistake:?}");
    }
}

/// A piece of the language or a thing that does not belong there.
fn piece() -> impl Strategy<Value = String> {
    let fixed = [
        "\n",
        "\"",
        "'",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "=",
        ",",
        ".",
        "#",
        "\\",
        "\u{feff}",
        "　",
        "“",
        "＝",
        "1",
        "-1.5e9",
        "true",
        "id",
        "labels",
        "[[section]]\n",
        "[section.table]\n",
        "[[section.field]]\n",
        "[[vocabulary.x]]\n",
        "{}",
        "{year}",
        "\"\"\"",
        "'''",
        "under = \"产出指标\"\n",
        "line = '(a|b)*c'\n",
        "type = \"choices\"\n",
        "1979-05-27",
        "\r\n",
    ];
    prop_oneof![4 => prop::sample::select(fixed.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,6}"]
}

proptest! {
    #[test]
    fn any_text_gives_a_pattern_or_mistakes(text in "(?s).{0,200}") {
        holds_for(&text);
    }

    #[test]
    fn any_pieces_give_a_pattern_or_mistakes(pieces in prop::collection::vec(piece(), 0..60)) {
        holds_for(&pieces.concat());
    }

    #[test]
    fn any_mutation_gives_a_pattern_or_mistakes(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..30, piece()), 1..6),
    ) {
        let mut chars: Vec<char> = WHOLE.chars().collect();
        for (at, length, piece) in edits {
            let at = at.index(chars.len());
            let end = (at + length).min(chars.len());
            chars.splice(at..end, piece.chars());
            chars.push('\n');
        }
        holds_for(&chars.iter().collect::<String>());
    }

    #[test]
    fn any_order_of_lines_gives_a_pattern_or_mistakes(order in Just(WHOLE.lines().collect::<Vec<_>>()).prop_shuffle()) {
        holds_for(&order.join("\n"));
    }
}

#[test]
fn the_manuals_example_loads() {
    let manual = include_str!("../patterns/README.md");
    let example = manual.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let pattern = load("README.md", example).unwrap();
    assert_eq!((pattern.id.as_str(), pattern.sections.len()), ("library-short-form", 3));
}

#[test]
fn the_manual_and_the_schema_name_every_key() {
    let manual = include_str!("../patterns/README.md");
    let headers = [
        ("\nblanks", "\nqqqqqqqq = 1\nblanks", ""),
        ("[[section]]", "[[section]]\nqqqqqqqq = 1", "Section"),
        ("[[section.field]]", "[[section.field]]\nqqqqqqqq = 1", "Field"),
        ("[section.table]", "[section.table]\nqqqqqqqq = 1", "Table"),
        ("[[section.table.column]]", "[[section.table.column]]\nqqqqqqqq = 1", "Column"),
        ("[[section.table.group]]", "[[section.table.group]]\nqqqqqqqq = 1", "Group"),
        ("[[vocabulary.level1]]", "[[vocabulary.level1]]\nqqqqqqqq = 1", "Word"),
        ("[[furniture]]", "[[furniture]]\nqqqqqqqq = 1", "Furniture"),
        ("[[policy]]", "[[policy]]\nqqqqqqqq = 1", "Rule"),
        ("[[policy.tier]]", "[[policy.tier]]\nqqqqqqqq = 1", "Tier"),
    ];
    let schema = serde_json::to_value(schema()).unwrap();
    for (from, to, shape) in headers {
        let shape = if shape.is_empty() { &schema } else { &schema["$defs"][shape] };
        let in_schema: BTreeSet<&str> = shape["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let mistakes = load("-", &WHOLE.replacen(from, to, 1)).unwrap_err();
        let hint = mistakes[0].hint.as_ref().unwrap().en.strip_prefix("known here: ").unwrap();
        let known: BTreeSet<&str> = hint.split(", ").map(|key| key.trim_matches('`')).collect();
        assert_eq!(known, in_schema, "the schema of {from} and the loader know the same keys");
        for key in hint.split(", ") {
            let name = key.trim_matches('`');
            let forms = [
                key.to_owned(),
                format!("`[[{name}]]`"),
                format!("`[[{name}.NAME]]`"),
                format!("section.{name}]"),
                format!("table.{name}]"),
                format!("policy.{name}]]"),
            ];
            assert!(forms.iter().any(|form| manual.contains(form.as_str())), "the manual lacks {key} ({from})");
        }
    }
}

#[test]
fn the_schema_takes_every_shipped_pattern_and_no_unknown_key() {
    let schema = serde_json::to_value(schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let json = |text: &str| serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap();
    for (name, text) in Patterns::builtin_files() {
        let json = json(text);
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {}", errors.join("; "));
    }
    assert!(validator.is_valid(&json(WHOLE)));
    for (from, to) in [
        ("blanks =", "blank ="),
        ("type = \"integer\"", "type = \"number\""),
        ("rows = \"listed\"", "rows = \"list\""),
        ("check = \"budget.note\"", "check = \"budget.notes\""),
        ("required = true\nopens", "required = \"true\"\nopens"),
        ("id = \"sample-form\"", "id = \"Sample form\""),
    ] {
        assert!(!validator.is_valid(&json(&WHOLE.replacen(from, to, 1))), "{to}");
    }
}

#[test]
fn a_policy_file_overrides_every_pattern() {
    let mut patterns = Patterns { list: vec![load("sample.toml", WHOLE).unwrap()] };
    let text = r#"
on = ["sample/grades", "nowhere/none"]
off = ["sample/rate"]

[[policy]]
id = "office/over"
check = "budget.over"
source = "our own handbook"
standing = "seen"
"#;
    let overrides = Overrides::load(Path::new("policy.toml"), text.into()).unwrap();
    assert_eq!(overrides.apply(&mut patterns), ["nowhere/none"]);
    let rules: Vec<(&str, bool)> =
        patterns.list[0].policy.iter().map(|rule| (rule.id.as_str(), rule.enabled)).collect();
    assert_eq!(rules, [("office/over", true), ("sample/rate", false), ("sample/grades", true)]);
    let replaced = text.replace("office/over", "sample/rate").replace("off = [\"sample/rate\"]", "");
    let mut patterns = Patterns { list: vec![load("sample.toml", WHOLE).unwrap()] };
    Overrides::load(Path::new("policy.toml"), replaced.into()).unwrap().apply(&mut patterns);
    let rules: Vec<(&str, &str)> =
        patterns.list[0].policy.iter().map(|rule| (rule.id.as_str(), rule.check.as_str())).collect();
    assert_eq!(rules, [("sample/rate", "budget.over"), ("sample/grades", "grade.band")]);
}

#[test]
fn mistakes_of_a_policy_file_are_told() {
    for (text, expected) in [
        ("onn = [\"a\"]", "unknown key `onn`"),
        ("on = []", "`on` is an empty list"),
        (
            "[[policy]]\nid = \"a\"\ncheck = \"budget.rat\"\nsource = \"s\"\nstanding = \"seen\"",
            "no check `budget.rat`",
        ),
        ("[[policy]]\nid = \"a\"\ncheck = \"grade.band\"\nsource = \"s\"\nstanding = \"seen\"", "missing key `tier`"),
        (
            "[[policy]]\nid = \"a\"\ncheck = \"form.placeholder\"\nsource = \"s\"\nstanding = \"seen\"",
            "missing key `words`",
        ),
        (
            "[[policy]]\nid = \"a\"\ncheck = \"grade.band\"\nsource = \"s\"\nstanding = \"seen\"\n\
             [[policy.tier]]\nwords = [\"差\"]\nfrom = 0\n[[policy.tier]]\nwords = [\"优\"]\nfrom = 90",
            "steps go from the highest down",
        ),
        ("[[policy]", ""),
    ] {
        let broken = Overrides::load(Path::new("policy.toml"), text.into()).unwrap_err();
        let told: Vec<&str> = broken.mistakes.iter().map(|mistake| mistake.message.en.as_str()).collect();
        assert!(told.iter().any(|message| message.contains(expected)), "{text}: {told:?}");
    }
    assert!(Overrides::load(Path::new("policy.toml"), vec![b'#', 0xff]).is_err());
}
