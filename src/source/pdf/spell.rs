//! Spells out what a plain reader of PDFs would have to know by heart: predefined CMaps become tables in the document.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::mend::{add_program, family, family_of};
use super::unicode;

/// The codes of the predefined CMaps for GB, GBK, Big5 and their like: of one byte, and of two. The second reader's parser
/// (adobe-cmap-parser 0.4) takes half the bytes of a range's ends for the width of its codes, hence the zeros.
const MIXED: &str = "<0000> <0080>\n<00008140> <0000FEFE>";

/// Gives every font of `document` with a predefined encoding or table one that stands in the document.
pub(crate) fn spell_out(document: &mut Document) {
    let fonts: Vec<(ObjectId, Spelt)> = document
        .objects
        .iter()
        .filter_map(|(id, object)| Some((*id, spelt(document, object.as_dict().ok()?)?)))
        .collect();
    for (id, spelt) in fonts {
        let table = spelt.to_unicode.map(|program| add_program(document, program));
        let codes = spelt.codes.map(|codes| match codes {
            Codes::TwoBytes => Object::Name(b"Identity-H".to_vec()),
            Codes::Mixed => Object::Reference(document.add_object(mixed())),
        });
        if let Ok(font) = document.get_dictionary_mut(id) {
            if let Some(table) = table {
                font.set("ToUnicode", table);
            }
            if let Some(codes) = codes {
                font.set("Encoding", codes);
            }
        }
        if let Some(bare) = spelt.bare
            && let Ok(descendant) = document.get_dictionary_mut(bare)
        {
            descendant.set("FontDescriptor", dictionary! { "Type" => "FontDescriptor" });
        }
    }
}

/// What a font is given.
struct Spelt {
    /// A table from codes to text.
    to_unicode: Option<String>,
    /// The codes of its encoding, where that is a predefined one.
    codes: Option<Codes>,
    /// The descendant that has no descriptor.
    bare: Option<ObjectId>,
}

/// How many bytes the codes of an encoding have.
#[derive(Clone, Copy)]
enum Codes {
    TwoBytes,
    Mixed,
}

/// What `font` needs; none when it is no composite font.
fn spelt(document: &Document, font: &Dictionary) -> Option<Spelt> {
    if font.get(b"Subtype").and_then(Object::as_name).ok()? != b"Type0" {
        return None;
    }
    let first = font.get_deref(b"DescendantFonts", document).ok()?.as_array().ok()?.first()?;
    let (id, descendant) = document.dereference(first).ok()?;
    let descendant = descendant.as_dict().ok()?;
    let bare = id.filter(|_| !descendant.has(b"FontDescriptor"));
    let name = font.get_deref(b"Encoding", document).and_then(Object::as_name).ok();
    let has_table = font.get_deref(b"ToUnicode", document).is_ok_and(|table| table.as_stream().is_ok());
    let cmap = || unicode::predefined(name?);
    let to_unicode = match name {
        _ if has_table => None,
        Some(name) if name.starts_with(b"Identity") => unicode::to_unicode(&cmap()?, &family(document, descendant)?),
        Some(name) if unicode::is_utf16(name) => Some(unicode::utf16_to_unicode()),
        Some(_) => cmap().and_then(|cmap| unicode::to_unicode(&cmap, &family_of(&cmap)?)),
        None => None,
    };
    let codes = match name {
        Some(name) if name.starts_with(b"Identity") => None,
        Some(name) if unicode::is_utf16(name) => Some(Codes::TwoBytes),
        Some(_) => Some(Codes::Mixed),
        None => None,
    };
    Some(Spelt { to_unicode, codes, bare })
}

/// An encoding whose CIDs are its codes.
fn mixed() -> Stream {
    let program = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n2 begincodespacerange\n{MIXED}\nendcodespacerange\n\
         1 begincidrange\n<0000> <FFFF> 0\nendcidrange\nendcmap end end\n"
    );
    Stream::new(dictionary! { "Type" => "CMap" }, program.into_bytes())
}
