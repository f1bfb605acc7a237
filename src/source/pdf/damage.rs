//! What a PDF that opened has nevertheless lost: broken contents, missing objects, missing pages.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::inflate;
use crate::problem::{Code, Problem};

/// The damage that shows in the objects of `document`.
pub(crate) fn of(document: &Document) -> Vec<Problem> {
    let mut verdicts: BTreeMap<ObjectId, bool> = BTreeMap::new();
    let mut problems = Vec::new();
    for (number, id) in document.get_pages() {
        let Ok(page) = document.get_dictionary(id) else {
            problems.push(page_lost().on_page(number));
            continue;
        };
        let ids = contents(document, page);
        let broken = |id: &ObjectId| !*verdicts.entry(*id).or_insert_with(|| is_sound(document, *id));
        if ids.iter().any(broken) || lacks_content(document, page) {
            problems.push(content_broken().on_page(number));
        } else if lacks_resources(document, id) {
            problems.push(resource_lost().on_page(number));
        }
    }
    let broken = |object: &Object| object.as_stream().is_ok_and(|stream| draws(stream) && !is_intact(stream));
    if document.objects.values().any(broken) {
        problems.push(form_broken());
    }
    problems
}

/// The problem of fewer pages than the document says it has.
pub(crate) fn missing_pages(document: &Document, found: usize) -> Option<Problem> {
    let root = document.catalog().ok()?.get_deref(b"Pages", document).ok()?.as_dict().ok()?;
    let said = usize::try_from(root.get_deref(b"Count", document).ok()?.as_i64().ok()?).ok()?;
    (said > found).then(|| {
        Problem::new(
            Code::DamagedPdf,
            format!("PDF 自称有 {said} 页，只找到 {found} 页。请重新下载或导出文件"),
            format!("the PDF says that it has {said} pages, and {found} were found; fetch or export the file again"),
        )
    })
}

/// The objects that a page's content is in.
fn contents(document: &Document, page: &Dictionary) -> Vec<ObjectId> {
    let references = |objects: &[Object]| objects.iter().filter_map(|object| object.as_reference().ok()).collect();
    match page.get(b"Contents") {
        Ok(Object::Reference(id)) => match document.get_object(*id) {
            Ok(Object::Array(parts)) => references(parts),
            _ => vec![*id],
        },
        Ok(Object::Array(parts)) => references(parts),
        _ => Vec::new(),
    }
}

/// Whether a page has no content though it names fonts of its own to show it in.
fn lacks_content(document: &Document, page: &Dictionary) -> bool {
    let fonts = || page.get_deref(b"Resources", document)?.as_dict()?.get_deref(b"Font", document)?.as_dict();
    !page.has(b"Contents") && fonts().is_ok_and(|fonts| !fonts.is_empty())
}

/// Whether a page names fonts or forms that are not in the document.
fn lacks_resources(document: &Document, page: ObjectId) -> bool {
    let Ok((own, inherited)) = document.get_page_resources(page) else { return true };
    let inherited = inherited.iter().filter_map(|id| document.get_dictionary(*id).ok());
    own.into_iter().chain(inherited).any(|resources| {
        [&b"Font"[..], b"XObject"].iter().any(|kind| {
            let named = resources.get(kind).and_then(|named| document.dereference(named));
            match named {
                Ok((_, Object::Dictionary(named))) => named.iter().any(|(_, object)| !is_resource(document, object)),
                Ok(_) | Err(lopdf::Error::DictKey(_)) => false,
                Err(_) => true,
            }
        })
    })
}

/// Whether a named resource is there: a font is a dictionary with its kind, a form or an image is a stream.
fn is_resource(document: &Document, object: &Object) -> bool {
    match document.dereference(object) {
        Ok((_, Object::Dictionary(font))) => font.has(b"Subtype"),
        Ok((_, Object::Stream(_))) => true,
        _ => false,
    }
}

/// Whether a content stream is there and whole. A null is no damage: it is content that was left empty.
fn is_sound(document: &Document, id: ObjectId) -> bool {
    match document.get_object(id) {
        Ok(Object::Stream(stream)) => is_intact(stream),
        Ok(Object::Null) => true,
        _ => false,
    }
}

/// Whether a stream's data are whole, as far as they can tell.
pub(super) fn is_intact(stream: &Stream) -> bool {
    match stream.filters().as_deref() {
        Ok([b"FlateDecode" | b"Fl"]) if !stream.content.is_empty() => inflate::is_whole(&stream.content),
        _ => true,
    }
}

/// Whether a stream is drawn on pages.
fn draws(stream: &Stream) -> bool {
    stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form")
}

fn page_lost() -> Problem {
    Problem::new(
        Code::DamagedPdf,
        "本页的对象缺失或损坏，没有读到内容。请重新下载或导出文件",
        "the page's object is missing or broken, and nothing of it was read; fetch or export the file again",
    )
}

fn resource_lost() -> Problem {
    Problem::new(
        Code::DamagedPdf,
        "本页引用的字体或对象缺失，用到它们的文字可能没有读出。请重新下载或导出文件",
        "a font or an object that this page names is missing; text that needs it may not have been read: fetch or export the file again",
    )
}

fn content_broken() -> Problem {
    Problem::new(
        Code::DamagedPdf,
        "本页的内容数据缺失或损坏，读出的文字可能不全或有误。请重新下载或导出文件",
        "the content of this page is missing or broken; the text read from it may be incomplete or wrong: fetch or export the file again",
    )
}

fn form_broken() -> Problem {
    Problem::new(
        Code::DamagedPdf,
        "PDF 中有一段重复使用的内容（表单对象）已损坏，使用它的页面可能缺字。请重新下载或导出文件",
        "a piece of content that pages share (a form XObject) is broken; pages that draw it may lack text: fetch or export the file again",
    )
}
