//! For people: why a form came out as it did.

use std::fmt::{self, Write};

use crate::message::{Lang, Message};
use crate::recognise::Placement;
use crate::recognise::explain::{Choice, FormExplained, LabelExplained, PieceExplained, ReadBy, ValueExplained};
use crate::record::{Extent, Where};
use crate::report::safe;

/// Characters of a text that are shown.
const SHOWN: usize = 60;

/// Why the `form` of the document at `path` came out as it did, in words: the pattern, then each value, then the text
/// that nothing has. Without `whole` the values alone, for when only some of them were asked for.
pub fn form(path: &str, form: &FormExplained, whole: bool, lang: Lang) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(path, form, whole, lang, &mut out);
    safe::block(&out).into_owned()
}

fn write(path: &str, form: &FormExplained, whole: bool, lang: Lang, out: &mut String) -> fmt::Result {
    let (number, pattern, name) = (form.form, &form.pattern, form.name.get(lang));
    let extent = extent(form.extent, lang);
    match lang {
        Lang::Zh => writeln!(out, "{path} 第 {number} 张表（{extent}）：按表样 {pattern}“{name}”读取")?,
        Lang::En => writeln!(out, "{path} form {number} ({extent}): read by the pattern {pattern}, “{name}”")?,
    }
    if whole {
        writeln!(out, "  {}", choice(&form.choice).get(lang))?;
        writeln!(out, "  {}", read_by(form.read).get(lang))?;
    }
    for value in &form.values {
        write_value(value, lang, out)?;
    }
    if whole && !form.unmatched.is_empty() {
        writeln!(out, "\n{}", pick(lang, "没有归属的文字：", "text that nothing has:"))?;
        for piece in &form.unmatched {
            write_piece(piece, lang, out)?;
        }
    }
    Ok(())
}

fn choice(choice: &Choice) -> Message {
    let (evidence, share) = (choice.evidence, percent(choice.coverage));
    let (mut zh, mut en) = (
        format!("依据：标签 {evidence} 字；这类表必有的标签找到 {share}"),
        format!(
            "evidence: {evidence} characters of labels; found {share} of the labels that every form of the family has"
        ),
    );
    match (&choice.runner_up, choice.margin) {
        (Some(next), Some(margin)) => {
            let (id, evidence, share) = (&next.pattern, next.evidence, percent(next.coverage));
            zh.push_str(&format!("；其次是 {id}：{evidence} 字，{share}，相差 {margin}"));
            en.push_str(&format!("; next came {id} with {evidence} and {share}: a margin of {margin}"));
        }
        _ => {
            zh.push_str("；没有其他表样接近");
            en.push_str("; no other pattern came near");
        }
    }
    Message::new(zh, en)
}

fn read_by(read: ReadBy) -> Message {
    match read {
        ReadBy::Cells => Message::new("按单元格读取", "read by its cells"),
        ReadBy::Order => {
            Message::new("没有单元格，按文字的先后次序读取", "read in the order of its text, for it has no cells")
        }
    }
}

fn write_value(value: &ValueExplained, lang: Lang, out: &mut String) -> fmt::Result {
    let blank = pick(lang, "（空）", "(blank)");
    let raw = if value.raw.trim().is_empty() { blank.to_owned() } else { shown(&value.raw) };
    let sure = percent(value.confidence);
    writeln!(
        out,
        "\n{} = {raw}  {}{}{sure}",
        value.path,
        place(&value.place, lang),
        pick(lang, "；把握 ", "; confidence ")
    )?;
    if let Some(label) = &value.label {
        writeln!(out, "  {}", claimed(label, lang))?;
    }
    writeln!(out, "  {}", placed(value.placed).get(lang))?;
    for lost in &value.lost {
        let dearer = match lost.dearer {
            Some(doubts) if doubts > 0.0 => match lang {
                Lang::Zh => format!("（代价高 {doubts}）"),
                Lang::En => format!(" (dearer by {doubts})"),
            },
            _ => String::new(),
        };
        let colon = pick(lang, "：", ": ");
        let not = pick(lang, "没有归入 ", "not ");
        writeln!(out, "  {not}{}{dearer}{colon}{}", lost.path, lost.why.get(lang))?;
    }
    Ok(())
}

fn claimed(label: &LabelExplained, lang: Lang) -> String {
    let (text, at) = (shown(&label.text), place(&label.place, lang));
    let alike = percent(label.similarity);
    match (lang, label.similarity >= 1.0) {
        (Lang::Zh, true) => format!("标签 {text}，{at}，与表样完全一致"),
        (Lang::Zh, false) => format!("标签 {text}，{at}，与表样相似 {alike}"),
        (Lang::En, true) => format!("label {text}, {at}, exactly as in the pattern"),
        (Lang::En, false) => format!("label {text}, {at}, {alike} like the pattern's"),
    }
}

/// How a text came to its place, in a sentence.
fn placed(placement: Placement) -> Message {
    let (zh, en) = match placement {
        Placement::Blank => ("标签旁没有内容", "nothing stands where its label says"),
        Placement::Words => ("印刷的文字本身就是值", "the printed words are themselves the value"),
        Placement::Hole => ("值在标签的空位里", "it stands in a hole of the label"),
        Placement::StandIn => (
            "自身没有内容，取自另一处文字的空位",
            "the field has no text of its own; it stands in a hole of another text",
        ),
        Placement::Code => ("是另一个值前面以横线相连的编码", "it stands in front of another value, joined by a dash"),
        Placement::SameCell => ("与标签同在一个单元格，在标签之后", "it stands behind its label in the same cell"),
        Placement::RightOfLabel => ("在标签右边的单元格", "it stands in the cell right of its label"),
        Placement::UnderHead => ("在列标题下面", "it stands under the head of its column"),
        Placement::RowLabel => ("是这一行印好的标签", "it is the printed label of its row"),
        Placement::Heading => ("是这一行所属的合并标题", "it is the merged heading that the row stands under"),
        Placement::TotalRow => ("在合计行", "it stands in the row that adds up the table"),
        Placement::BlockScore => ("整个表格只有这一个得分", "it stands once for the whole table"),
        Placement::AfterLabel => ("按文字次序在标签之后", "it comes behind its label in the order of the text"),
        Placement::BeforeLabel => ("按文字次序在标签之前", "it comes before its label in the order of the text"),
        Placement::InRow => (
            "按文字次序逐行填入，整张表代价最小",
            "it comes there as the text goes over the rows, in the cheapest reading of the whole form",
        ),
        Placement::Shared => {
            ("与上面的单元格合并，值在那一行", "its cell is merged with one above, where the value stands")
        }
    };
    Message::new(zh, en)
}

fn write_piece(piece: &PieceExplained, lang: Lang, out: &mut String) -> fmt::Result {
    let (text, at) = (shown(&piece.text), place(&piece.place, lang));
    match (&piece.nearest, lang) {
        (Some(near), Lang::Zh) => {
            writeln!(
                out,
                "  {text}，{at}：最近的标签是“{}”（{}），相似 {}",
                near.label,
                near.path,
                percent(near.similarity)
            )
        }
        (Some(near), Lang::En) => writeln!(
            out,
            "  {text}, {at}: the nearest label is “{}” ({}), {} alike",
            near.label,
            near.path,
            percent(near.similarity)
        ),
        (None, Lang::Zh) => writeln!(out, "  {text}，{at}：与任何标签都不像"),
        (None, Lang::En) => writeln!(out, "  {text}, {at}: like no label at all"),
    }
}

/// A text in quotation marks on one line, cut to what a line has room for.
fn shown(text: &str) -> String {
    let line: String = text.chars().map(|ch| if ch == '\n' { '⏎' } else { ch }).collect();
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("“{}…”", line.get(..end).unwrap_or_default()),
        None => format!("“{line}”"),
    }
}

fn place(place: &Where, lang: Lang) -> String {
    match (place, lang) {
        (Where::Page { page, bbox: [x0, y0, ..] }, Lang::Zh) => format!("第 {page} 页（左 {x0}，上 {y0} 磅）"),
        (Where::Page { page, bbox: [x0, y0, ..] }, Lang::En) => {
            format!("page {page} ({x0} pt from the left, {y0} from the top)")
        }
        (Where::Text { line, columns: [from, to], .. }, Lang::Zh) => format!("第 {line} 行第 {from}–{to} 列"),
        (Where::Text { line, columns: [from, to], .. }, Lang::En) => format!("line {line}, columns {from}–{to}"),
    }
}

fn extent(extent: Extent, lang: Lang) -> String {
    match (extent, lang) {
        (Extent::Pages([first, last]), Lang::Zh) => format!("第 {first}–{last} 页"),
        (Extent::Pages([first, last]), Lang::En) => format!("pages {first}–{last}"),
        (Extent::Lines([first, last]), Lang::Zh) => format!("第 {first}–{last} 行"),
        (Extent::Lines([first, last]), Lang::En) => format!("lines {first}–{last}"),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
