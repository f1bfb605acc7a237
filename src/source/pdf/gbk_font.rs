//! Old producers write GBK bytes with a one-byte font that names a Chinese typeface and embeds none. Readers then see
//! two Latin letters for each character (`ÎÄ` for 文). Such a font is turned into the two-byte one that was meant.

use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::{GB18030, GBK};
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};

use crate::fold::is_han;
use crate::source::Limits;

/// Width of a Chinese character in thousandths of the size: such faces are monospaced.
const FULL: i64 = 1000;

/// Width of a Latin character beside it.
const HALF: i64 = 500;

/// CIDs of the half-width Latin characters in Adobe-GB1, as GBK-EUC-H selects them.
const HALF_WIDTH_CIDS: [(i64, i64); 2] = [(814, 939), (7712, 7716)];

/// Turns such fonts into two-byte ones; whether there were any.
pub(crate) fn mend(document: &mut Document, limits: &Limits) -> bool {
    let suspects: BTreeSet<ObjectId> = document
        .objects
        .iter()
        .filter(|(_, object)| object.as_dict().is_ok_and(|font| is_suspect(document, font)))
        .map(|(id, _)| *id)
        .collect();
    if suspects.is_empty() {
        return false;
    }
    let mut changed = false;
    for (id, shown) in shown_strings(document, &suspects, limits) {
        if is_gbk(&shown) {
            changed |= turn(document, id).is_some();
        }
    }
    changed
}

/// Whether a font is a one-byte one with a Chinese name, neither embedded nor decoded by a table of its own.
fn is_suspect(document: &Document, font: &Dictionary) -> bool {
    let subtype = font.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
    let one_byte = matches!(subtype, b"TrueType" | b"Type1");
    let embedded = font
        .get_deref(b"FontDescriptor", document)
        .and_then(Object::as_dict)
        .is_ok_and(|descriptor| [&b"FontFile"[..], b"FontFile2", b"FontFile3"].iter().any(|key| descriptor.has(key)));
    let differs = font.get_deref(b"Encoding", document).is_ok_and(|encoding| encoding.as_dict().is_ok());
    one_byte
        && !embedded
        && !differs
        && !font.has(b"ToUnicode")
        && font.get(b"BaseFont").and_then(Object::as_name).is_ok_and(is_chinese_name)
}

/// Whether a font's name is that of a Chinese typeface: in Chinese itself, or one of the common ones.
fn is_chinese_name(name: &[u8]) -> bool {
    const NAMES: &[&str] = &[
        "simsun",
        "nsimsun",
        "simhei",
        "fangsong",
        "kaiti",
        "stsong",
        "stheiti",
        "stkaiti",
        "stfangsong",
        "microsoftyahei",
        "lisu",
        "youyuan",
    ];
    let plain: String = String::from_utf8_lossy(name).chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    let spelled = || {
        let (text, _, errors) = GBK.decode(name);
        !errors && text.chars().any(is_han) || std::str::from_utf8(name).is_ok_and(|text| text.chars().any(is_han))
    };
    NAMES.iter().any(|known| plain.starts_with(known)) || spelled()
}

/// What pages show in the suspect fonts, string by string.
fn shown_strings(
    document: &Document,
    suspects: &BTreeSet<ObjectId>,
    limits: &Limits,
) -> BTreeMap<ObjectId, Vec<Vec<u8>>> {
    let mut shown: BTreeMap<ObjectId, Vec<Vec<u8>>> = BTreeMap::new();
    for page in document.page_iter().take(limits.pages) {
        let fonts = page_fonts(document, page, suspects);
        if fonts.is_empty() {
            continue;
        }
        let Ok(content) = document.get_page_content_with_limit(page, limits.page_content) else { continue };
        let Ok(content) = Content::decode(&content) else { continue };
        let mut current = None;
        for operation in content.operations {
            match operation.operator.as_str() {
                "Tf" => current = operation.operands.first().and_then(|name| fonts.get(name.as_name().ok()?).copied()),
                "Tj" | "TJ" | "'" | "\"" => {
                    if let Some(id) = current {
                        shown.entry(id).or_default().extend(operation.operands.iter().flat_map(strings));
                    }
                }
                _ => {}
            }
        }
    }
    shown
}

/// The suspect fonts of a page by the names that it gives them.
fn page_fonts(document: &Document, page: ObjectId, suspects: &BTreeSet<ObjectId>) -> BTreeMap<Vec<u8>, ObjectId> {
    let Ok((own, inherited)) = document.get_page_resources(page) else { return BTreeMap::new() };
    let inherited = inherited.iter().rev().filter_map(|id| document.get_dictionary(*id).ok());
    let mut fonts = BTreeMap::new();
    for resources in inherited.chain(own) {
        let Ok(named) = resources.get_deref(b"Font", document).and_then(Object::as_dict) else { continue };
        for (name, font) in named {
            if let Some(id) = font.as_reference().ok().filter(|id| suspects.contains(id)) {
                fonts.insert(name.clone(), id);
            }
        }
    }
    fonts
}

/// The strings of an operand.
fn strings(operand: &Object) -> Vec<Vec<u8>> {
    match operand {
        Object::String(text, _) => vec![text.clone()],
        Object::Array(parts) => parts.iter().filter_map(|part| part.as_str().ok().map(<[u8]>::to_vec)).collect(),
        _ => Vec::new(),
    }
}

/// Whether every string is GBK, and some are not ASCII: each high byte must be the first of a pair in the region of
/// GB 2312, which one Latin letter with an accent among others is not.
fn is_gbk(shown: &[Vec<u8>]) -> bool {
    let mut pairs = 0;
    for text in shown {
        let mut rest = text.as_slice();
        while let Some((first, tail)) = rest.split_first() {
            rest = match (first, tail.split_first()) {
                (0x00..=0x7f, _) => tail,
                (0xa1..=0xf7, Some((0xa1..=0xfe, tail))) => {
                    pairs += 1;
                    tail
                }
                _ => return false,
            };
        }
        if GB18030.decode_without_bom_handling_and_without_replacement(text).is_none() {
            return false;
        }
    }
    pairs > 0
}

/// Turns a font into a two-byte one.
fn turn(document: &mut Document, id: ObjectId) -> Option<()> {
    let font = document.get_dictionary(id).ok()?;
    let name = font.get(b"BaseFont").ok()?.clone();
    let descriptor = font.get(b"FontDescriptor").ok().cloned();
    let widths: Vec<Object> =
        HALF_WIDTH_CIDS.iter().flat_map(|(first, last)| [(*first).into(), (*last).into(), HALF.into()]).collect();
    let text = |text: &str| Object::String(text.into(), StringFormat::Literal);
    let mut descendant = dictionary! {
        "Type" => "Font",
        "Subtype" => "CIDFontType2",
        "BaseFont" => name.clone(),
        "CIDSystemInfo" => dictionary! { "Registry" => text("Adobe"), "Ordering" => text("GB1"), "Supplement" => 2 },
        "DW" => FULL,
        "W" => widths,
    };
    if let Some(descriptor) = descriptor {
        descendant.set("FontDescriptor", descriptor);
    }
    let descendant = document.add_object(descendant);
    let font = document.get_dictionary_mut(id).ok()?;
    *font = dictionary! {
        "Type" => "Font",
        "Subtype" => "Type0",
        "BaseFont" => name,
        "Encoding" => "GBK-EUC-H",
        "DescendantFonts" => vec![Object::Reference(descendant)],
    };
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gbk_is_told_from_accented_latin() {
        let table: &[(&[&[u8]], bool)] = &[
            (&[b"\xc9\xf3\xbc\xc6 95%", b"plain"], true),
            (&[b"plain"], false),
            (&[b"25\xb0C"], false),
            (&[b"3\xd75"], false),
            (&[b"\xc9\xf3", b"caf\xe9"], false),
        ];
        for (shown, gbk) in table {
            let shown: Vec<Vec<u8>> = shown.iter().map(|text| text.to_vec()).collect();
            assert_eq!(is_gbk(&shown), *gbk, "{shown:?}");
        }
    }

    #[test]
    fn chinese_typefaces_are_known_by_name() {
        let table: &[(&[u8], bool)] = &[
            (b"\xcb\xce\xcc\xe5", true),
            ("黑体".as_bytes(), true),
            (b"SimSun,Bold", true),
            (b"FangSong_GB2312", true),
            (b"Helvetica", false),
            (b"ABCDEF+Calibri", false),
        ];
        for (name, chinese) in table {
            assert_eq!(is_chinese_name(name), *chinese, "{}", String::from_utf8_lossy(name));
        }
    }
}
