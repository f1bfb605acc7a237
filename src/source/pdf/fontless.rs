//! Fonts whose embedded program is missing, and whose own tables tell what their codes stand for: a file that
//! is cut off loses the programs first, since they are the largest part of it.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::damage::is_intact;
use crate::problem::{Code, Problem};

/// The entries of a font descriptor that a program stands under.
const PROGRAMS: [&[u8]; 3] = [b"FontFile", b"FontFile2", b"FontFile3"];

/// Has fonts of `document` go without the programs that they name and that are not there, where a ToUnicode table tells
/// the text; a reader gives the font up otherwise, and all that is shown in it. A problem when there were any.
pub(crate) fn let_go(document: &mut Document) -> Option<Problem> {
    let fonts: Vec<ObjectId> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|font| font.get_deref(b"ToUnicode", document).is_ok_and(|table| table.as_stream().is_ok_and(is_intact)))
        .filter_map(|font| descriptor(document, font))
        .filter(|id| document.get_dictionary(*id).is_ok_and(|found| lacks_program(document, found)))
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
            "PDF 中有内嵌字体的数据缺失（文件可能不完整），用它显示的文字按字体自带的对照表读取。请重新下载或导出文件",
            "the data of an embedded font are missing (the file may be cut off); text shown in it was read by the font's own tables: fetch or export the file again",
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

fn lacks_program(document: &Document, descriptor: &Dictionary) -> bool {
    PROGRAMS.iter().any(|key| match descriptor.get(key) {
        Ok(Object::Reference(id)) => {
            !document.get_object(*id).is_ok_and(|object| object.as_stream().is_ok_and(|data| !data.content.is_empty()))
        }
        _ => false,
    })
}
