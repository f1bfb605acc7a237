//! Fonts whose embedded program is missing or cut off, and whose own tables tell what their codes stand for: a file that
//! is cut off loses the programs first, since they are the largest part of it.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::damage::is_intact;
use crate::problem::{Code, Problem};
use crate::source::Limits;

/// The entries of a font descriptor that a program stands under.
const PROGRAMS: [&[u8]; 3] = [b"FontFile", b"FontFile2", b"FontFile3"];

/// Has fonts of `document` go without the programs that they name and that are not there or cut off, where a ToUnicode table tells
/// the text; a reader gives the font up otherwise, and all that is shown in it. A problem when there were any.
pub(crate) fn let_go(document: &mut Document, limits: &Limits) -> Option<Problem> {
    let fonts: Vec<ObjectId> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|font| font.get_deref(b"ToUnicode", document).is_ok_and(|table| table.as_stream().is_ok_and(is_intact)))
        .filter_map(|font| descriptor(document, font))
        .filter(|id| document.get_dictionary(*id).is_ok_and(|found| lacks_program(document, found, limits.stream)))
        .collect();
    for id in &fonts {
        if let Ok(descriptor) = document.get_dictionary_mut(*id) {
            for key in PROGRAMS {
                descriptor.remove(key);
            }
        }
    }
    (!fonts.is_empty()).then(|| {
        Problem::new(
            Code::DamagedPdf,
            "PDF 中有内嵌字体的数据缺失或不全（文件可能不完整），用它显示的文字按字体自带的对照表读取。请重新下载或导出文件",
            "the data of an embedded font are missing or cut off (the file may be cut off); text shown in it was read by the font's own tables: fetch or export the file again",
        )
    })
}

/// The descriptor of a font, or of the one that a composite font is made of.
fn descriptor(document: &Document, font: &Dictionary) -> Option<ObjectId> {
    let of = |font: &Dictionary| font.get(b"FontDescriptor").and_then(Object::as_reference).ok();
    of(font).or_else(|| {
        let fonts = font.get_deref(b"DescendantFonts", document).ok()?.as_array().ok()?;
        of(document.dereference(fonts.first()?).ok()?.1.as_dict().ok()?)
    })
}

/// Whether a descriptor names a program that is not there, or not whole: `Length1` is how long it is (ISO 32000-1, table
/// 127).
fn lacks_program(document: &Document, descriptor: &Dictionary, most: usize) -> bool {
    PROGRAMS.iter().any(|key| match descriptor.get(key) {
        Ok(Object::Reference(id)) => match document.get_object(*id).and_then(Object::as_stream) {
            Ok(program) => {
                let length = program.dict.get_deref(b"Length1", document).and_then(Object::as_i64).unwrap_or(1);
                let content = program.get_plain_content_with_limit(most).ok();
                content.is_some_and(|content| usize::try_from(length).is_ok_and(|length| content.len() < length))
            }
            Err(_) => true,
        },
        _ => false,
    })
}
