//! The words of every mistake, both languages side by side.

use super::syntax::DUPLICATE;
use crate::message::Message;

/// Names that a hint lists at most: the keys of the largest table, and the checks.
const MAX_NAMES: usize = 30;

/// A list of names for a hint: `a`, `b`, `c`.
fn listed(names: &[&str]) -> String {
    let mut list: Vec<String> = names.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    if names.len() > MAX_NAMES {
        list.push("…".to_owned());
    }
    list.join(", ")
}

// ---- the file ----------------------------------------------------------------------------------------------------

pub(super) fn syntax(reason: &str) -> Message {
    let zh = match reason {
        DUPLICATE => "同一个键写了两次".to_owned(),
        _ => format!("不是合法的TOML：{reason}"),
    };
    Message::new(zh, format!("not valid TOML: {reason}"))
}

pub(super) fn full_width(found: char, plain: &str) -> Message {
    Message::new(
        format!("“{found}”是全角符号；请换成英文输入法的 {plain}"),
        format!("`{found}` is a full-width character; type {plain} instead"),
    )
}

pub(super) fn odd_blank() -> Message {
    Message::new(
        "这里是全角空格或看不见的字符；请删掉或换成普通空格",
        "a full-width blank or an invisible character; delete it or type a plain space",
    )
}

pub(super) fn escape_hint() -> Message {
    Message::new("反斜杠请写在单引号里：'\\d+'", "write text with backslashes in single quotes: '\\d+'")
}

pub(super) fn file_too_large(limit: usize) -> Message {
    Message::new(format!("文件超过{limit}字节的上限"), format!("the file is larger than the limit of {limit} bytes"))
}

pub(super) fn not_utf8() -> Message {
    Message::new("文件不是UTF-8编码", "the file is not UTF-8 text")
}

pub(super) fn save_as_utf8() -> Message {
    Message::new("请在编辑器中另存为UTF-8编码", "save it as UTF-8 in your editor")
}

pub(super) fn unreadable(what: &str, error: &std::io::Error) -> Message {
    Message::new(format!("无法读取{what}：{error}"), format!("cannot read {what}: {error}"))
}

pub(super) fn no_patterns() -> Message {
    Message::new("这个文件夹里没有 *.toml 文件", "there is no *.toml file in this folder")
}

pub(super) fn same_pattern(id: &str, other: &str) -> Message {
    Message::new(
        format!("同一文件夹中 {other} 已经使用了id `{id}`"),
        format!("the id `{id}` is already used by {other} in the same folder"),
    )
}

pub(super) fn more_mistakes(listed: usize) -> Message {
    Message::new(
        format!("错误太多，只列出前{listed}处"),
        format!("too many mistakes: only the first {listed} are listed"),
    )
}

// ---- keys and values ---------------------------------------------------------------------------------------------

pub(super) fn unknown_key(key: &str) -> Message {
    Message::new(format!("不认识的键 `{key}`"), format!("unknown key `{key}`"))
}

pub(super) fn missing_key(key: &str) -> Message {
    Message::new(format!("缺少键 `{key}`"), format!("missing key `{key}`"))
}

pub(super) fn did_you_mean(name: &str) -> Message {
    Message::new(format!("是不是想写 `{name}`？"), format!("did you mean `{name}`?"))
}

pub(super) fn known_here(names: &[&str]) -> Message {
    let names = listed(names);
    Message::new(format!("这里可以写：{names}"), format!("known here: {names}"))
}

pub(super) fn wrong_type(key: &str, expected: Message, found: Message) -> Message {
    Message::new(
        format!("`{key}` 应是{}，却写成了{}", expected.zh, found.zh),
        format!("`{key}` takes {}, not {}", expected.en, found.en),
    )
}

pub(super) fn write_so(example: &str) -> Message {
    Message::new(format!("请写成：{example}"), format!("write: {example}"))
}

pub(super) fn unknown_value(key: &str, value: &str) -> Message {
    Message::new(format!("`{key}` 不能是 `{value}`"), format!("`{key}` cannot be `{value}`"))
}

pub(super) fn not_a_figure(key: &str, value: &str) -> Message {
    Message::new(format!("`{key}` 的 `{value}` 不是可用的数"), format!("`{value}` is no usable number for `{key}`"))
}

pub(super) fn empty_text(key: &str) -> Message {
    Message::new(format!("`{key}` 是空的"), format!("`{key}` has an empty text"))
}

pub(super) fn empty_list(key: &str) -> Message {
    Message::new(format!("`{key}` 是空列表"), format!("`{key}` is an empty list"))
}

pub(super) fn leave_out() -> Message {
    Message::new(
        "至少列一项；可有可无的键不用时整行删掉",
        "list at least one; an optional key that is not needed is left out",
    )
}

pub(super) fn twice_in_list(key: &str, text: &str) -> Message {
    Message::new(format!("`{key}` 里“{text}”列了两次"), format!("`{key}` lists `{text}` twice"))
}

pub(super) fn folding() -> Message {
    Message::new(
        "全角半角、空白和同形字不作区分",
        "full and half width, blanks and look-alike characters make no difference",
    )
}

pub(super) fn bad_id(id: &str, form: Message) -> Message {
    Message::new(
        format!("`{id}` 不能作id：只能是{}", form.zh),
        format!("`{id}` cannot be an id: it must be {}", form.en),
    )
}

pub(super) fn too_long(key: &str, chars: usize, limit: usize) -> Message {
    Message::new(
        format!("`{key}` 有{chars}个字符，超过上限{limit}"),
        format!("`{key}` has {chars} characters, more than the limit of {limit}"),
    )
}

pub(super) fn too_many(what: Message, limit: usize) -> Message {
    Message::new(format!("{}超过{limit}个", what.zh), format!("more than {limit} {}", what.en))
}

// ---- templates and regular expressions -----------------------------------------------------------------------------

pub(super) fn brace(open: bool) -> Message {
    match open {
        true => Message::new("花括号只有开头没有结尾", "an opening brace without a closing one"),
        false => Message::new("花括号只有结尾没有开头", "a closing brace without an opening one"),
    }
}

pub(super) fn hole_name(name: &str) -> Message {
    Message::new(
        format!("空位 `{{{name}}}` 应写字段的id：小写字母、数字、下划线"),
        format!("the hole `{{{name}}}` must name a field id: lower-case letters, digits, underscores"),
    )
}

pub(super) fn nameless_hole(key: &str) -> Message {
    Message::new(
        format!("`{key}` 里的空位 `{{}}` 没有说是哪个字段"),
        format!("the hole `{{}}` in `{key}` does not say which field it is"),
    )
}

pub(super) fn name_the_hole() -> Message {
    Message::new(
        "只有字段的 `labels` 和 `words` 可以写 `{}`；这里请写 `{字段id}`，如 `{budget_weight}`",
        "only the `labels` and `words` of a field may have `{}`; here write `{field_id}`, as in `{budget_weight}`",
    )
}

pub(super) fn hole_not_allowed(key: &str) -> Message {
    Message::new(format!("`{key}` 里不能有空位"), format!("`{key}` cannot have holes"))
}

pub(super) fn hole_twice(name: &str) -> Message {
    Message::new(
        format!("空位 `{{{name}}}` 在同一文本中出现两次"),
        format!("the hole `{{{name}}}` stands twice in one text"),
    )
}

pub(super) fn holes_touch() -> Message {
    Message::new(
        "两个空位之间没有文字，分不清各自的值",
        "two holes without text between them: their values can't be told apart",
    )
}

pub(super) fn only_holes(key: &str) -> Message {
    Message::new(format!("`{key}` 除空位外没有文字"), format!("`{key}` has a text that is nothing but a hole"))
}

pub(super) fn bad_regex(reason: &str) -> Message {
    Message::new(format!("正则表达式有误：{reason}"), format!("bad regular expression: {reason}"))
}

pub(super) fn regex_matches_nothing() -> Message {
    Message::new("这个正则表达式连空行也匹配", "this regular expression matches even an empty line")
}

pub(super) fn regex_unfolded(found: char) -> Message {
    Message::new(
        format!("“{found}”永远匹配不上：整行先折叠（去空白、全角变半角）再匹配"),
        format!("`{found}` never matches: lines are folded first (blanks dropped, full width made half)"),
    )
}

pub(super) fn regex_folded(plain: &str) -> Message {
    match plain {
        "" => Message::new("请删去空白", "leave blanks out"),
        _ => Message::new(format!("请写 {plain}"), format!("write {plain}")),
    }
}

// ---- what does not fit together ------------------------------------------------------------------------------------

pub(super) fn both_keys(one: &str, other: &str) -> Message {
    Message::new(format!("`{one}` 和 `{other}` 只能写一个"), format!("`{one}` and `{other}` exclude each other"))
}

pub(super) fn one_of_keys(keys: &[&str]) -> Message {
    let keys = listed(keys);
    Message::new(format!("缺少其中一个键：{keys}"), format!("one of these keys is missing: {keys}"))
}

pub(super) fn choices_need_type() -> Message {
    Message::new("只有 type = \"choices\" 的字段才有 `choices`", "only a field of type = \"choices\" has `choices`")
}

pub(super) fn row_label_needs_labelled() -> Message {
    Message::new(
        "只有 rows = \"labelled\" 或 \"across\" 的表才有 `row_label`",
        "only a table of rows = \"labelled\" or \"across\" has `row_label`",
    )
}

pub(super) fn type_by_contract(id: &str, known: &str, written: &str) -> Message {
    Message::new(
        format!("`{id}` 在所有记录里都是 {known}，不能是 {written}"),
        format!("`{id}` is {known} in every record, not {written}"),
    )
}

pub(super) fn id_twice(what: Message, id: &str, line: usize) -> Message {
    Message::new(
        format!("{} `{id}` 已在第{line}行用过", what.zh),
        format!("the {} `{id}` is already used on line {line}", what.en),
    )
}

pub(super) fn text_twice(what: Message, text: &str, owner: &str, line: usize) -> Message {
    Message::new(
        format!("{}“{text}”已属于 `{owner}`（第{line}行）", what.zh),
        format!("the {} `{text}` already belongs to `{owner}` (line {line})", what.en),
    )
}

pub(super) fn unknown_vocabulary(name: &str) -> Message {
    Message::new(format!("没有名为 `{name}` 的词表"), format!("there is no vocabulary `{name}`"))
}

pub(super) fn define_vocabulary(name: &str) -> Message {
    Message::new(
        format!("请用 [[vocabulary.{name}]] 列出它的词"),
        format!("list its words under [[vocabulary.{name}]]"),
    )
}

pub(super) fn unknown_term(name: &str) -> Message {
    Message::new(format!("没有名为 `{name}` 的用语"), format!("there is no term `{name}`"))
}

pub(super) fn unknown_shared(name: &str) -> Message {
    Message::new(format!("没有名为 `{name}` 的共用词表"), format!("there is no shared file `{name}`"))
}

pub(super) fn unknown_column(name: &str) -> Message {
    Message::new(format!("这个表格没有列 `{name}`"), format!("the table has no column `{name}`"))
}

pub(super) fn unknown_field(id: &str) -> Message {
    Message::new(format!("没有字段 `{id}`"), format!("there is no field `{id}`"))
}

pub(super) fn unknown_block(name: &str) -> Message {
    Message::new(format!("合并标题的空位不能是 `{name}`"), format!("the hole of a merged heading cannot be `{name}`"))
}

pub(super) fn slip(id: &str) -> Message {
    Message::new(
        format!("`{id}` 很像是把各表共有的id写错了"),
        format!("`{id}` looks like a slip for an id that all records share"),
    )
}

pub(super) fn unused_vocabulary(name: &str) -> Message {
    Message::new(format!("词表 `{name}` 没有任何分组使用"), format!("no group uses the vocabulary `{name}`"))
}

pub(super) fn under_without_outer(word: &str, vocabulary: &str) -> Message {
    Message::new(
        format!("“{word}”有 `under`，但词表 `{vocabulary}` 的分组已是最外层"),
        format!("`{word}` has `under`, but the group of vocabulary `{vocabulary}` is the outermost one"),
    )
}

pub(super) fn under_unknown(under: &str, outer: &str) -> Message {
    Message::new(
        format!("外层词表 `{outer}` 里没有“{under}”"),
        format!("`{under}` is no word of the outer vocabulary `{outer}`"),
    )
}

pub(super) fn unknown_check(check: &str) -> Message {
    Message::new(format!("没有名为 `{check}` 的检查"), format!("there is no check `{check}`"))
}

pub(super) fn idle_key(key: &str, check: &str) -> Message {
    Message::new(format!("`{check}` 不用 `{key}`"), format!("`{check}` asks nothing of `{key}`"))
}

pub(super) fn used_by(checks: &[&str]) -> Message {
    let checks = listed(checks);
    Message::new(format!("请删去；用到它的检查：{checks}"), format!("delete it; the checks that use it: {checks}"))
}

pub(super) fn tiers_fall() -> Message {
    Message::new(
        "各档应从高到低写，`from` 逐档变小",
        "steps go from the highest down: each `from` is below the one before",
    )
}

pub(super) fn no_required_field() -> Message {
    Message::new("没有任何字段写了 required = true", "no field has required = true")
}

pub(super) fn why_required() -> Message {
    Message::new("请标出表格不可缺少的字段", "mark the fields without which a form is incomplete")
}

pub(super) fn no_opening_field() -> Message {
    Message::new("没有任何字段写了 opens = true", "no field has opens = true")
}

pub(super) fn why_opens() -> Message {
    Message::new("请标出表格开头的字段，例如标题", "mark the fields that a form may begin with, such as its title")
}
