//! What to write instead of a mistake, both languages side by side.

use crate::message::Message;

/// How a missing key is written.
pub(super) fn write_key(example: &str) -> Message {
    Message::new(format!("请补上：{example}"), format!("add: {example}"))
}

pub(super) fn one_of(examples: &[String]) -> Message {
    let (zh, en) = (examples.join(" 或 "), examples.join(" or "));
    Message::new(format!("请补上其中一个：{zh}"), format!("add one: {en}"))
}

pub(super) fn keep_one() -> Message {
    Message::new("请删去其中一个", "delete one of them")
}

pub(super) fn delete(key: &str) -> Message {
    Message::new(format!("请删去 `{key}`"), format!("delete `{key}`"))
}

pub(super) fn meant(near: &str) -> Message {
    Message::new(
        format!("是不是想写 `{near}`？自己的事项请另起一个差别更大的id"),
        format!("did you mean `{near}`? a thing of your own needs an id that is less alike"),
    )
}

pub(super) fn another_id() -> Message {
    Message::new("请给其中一个换个id，或删去重复的", "give one of them another id, or delete what is there twice")
}

pub(super) fn id_example(example: &str) -> Message {
    Message::new(format!("例如：{example}"), format!("for example: {example}"))
}

pub(super) fn define_field(id: &str) -> Message {
    Message::new(
        format!("请用各表共有的id（见 patterns/README.md），或用 [[section.field]] 定义 `{id}`"),
        format!("use an id that all forms share (see patterns/README.md), or define `{id}` as a [[section.field]]"),
    )
}

pub(super) fn type_by_contract(known: &str) -> Message {
    Message::new(
        format!("请写 type = \"{known}\"，或给字段换个id"),
        format!("write type = \"{known}\", or give the field another id"),
    )
}

pub(super) fn use_vocabulary(name: &str) -> Message {
    Message::new(
        format!("请删去，或在分组里写 vocabulary = \"{name}\""),
        format!("delete it, or write vocabulary = \"{name}\" in a group"),
    )
}

pub(super) fn brace() -> Message {
    Message::new("空位写作 `{}` 或 `{字段id}`", "a hole is written `{}` or `{field_id}`")
}

pub(super) fn hole_once() -> Message {
    Message::new("请删去一个，或写成不同的字段", "delete one of them, or name another field")
}

pub(super) fn between_holes() -> Message {
    Message::new("请写上两个空位之间印的文字", "write what is printed between the two holes")
}

pub(super) fn around_hole() -> Message {
    Message::new("请写上空位前后印的文字", "write what is printed before or behind the hole")
}

pub(super) fn without_hole() -> Message {
    Message::new("请写不带空位的文字；带空位的写在别处", "write the text without a hole")
}

pub(super) fn plain_figure() -> Message {
    Message::new("请写普通的数，例如 90.5", "write a plain number, such as 90.5")
}

pub(super) fn shorten() -> Message {
    Message::new("请只写每张表都相同的开头部分", "write only the part that is the same on every form")
}

pub(super) fn fewer() -> Message {
    Message::new("请删去用不着的，或分成几个表样", "delete what is not needed, or make several patterns of it")
}

pub(super) fn right_file() -> Message {
    Message::new(
        "表样通常不到两万字节；请检查文件是否正确",
        "a pattern has some twenty thousand bytes; check that it is the right file",
    )
}

pub(super) fn printed_text() -> Message {
    Message::new("请写上表上印的文字，或删去这一项", "write what the form prints, or delete the item")
}

pub(super) fn regex() -> Message {
    Message::new(
        "请用单引号；( ) [ ] . * + ? { } 本身前面加 \\",
        "use single quotes, and put \\ before ( ) [ ] . * + ? { } that stand for themselves",
    )
}

pub(super) fn regex_needs_text() -> Message {
    Message::new(
        "至少有一个字符是必有的，例如把 * 换成 +",
        "make one character necessary at least, as with + in place of *",
    )
}

pub(super) fn choices_type() -> Message {
    Message::new("请写 type = \"choices\"，或删去 `choices`", "write type = \"choices\", or delete `choices`")
}

pub(super) fn rows_labelled() -> Message {
    Message::new("请写 rows = \"labelled\"，或删去 `row_label`", "write rows = \"labelled\", or delete `row_label`")
}

pub(super) fn order_of_steps() -> Message {
    Message::new("例如 from = 90、80、60、0", "for example from = 90, 80, 60, 0")
}

pub(super) fn see_examples() -> Message {
    Message::new("请对照 patterns/README.md 里的例子", "compare with the examples in patterns/README.md")
}
