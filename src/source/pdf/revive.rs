//! A tree of pages for a document that has lost its own: many programs write it last, so that a file that is cut off
//! has its pages and nothing that leads to them.

use lopdf::{Document, Object, ObjectId, dictionary};

/// The document gets the catalog that it lacks under this number, and the tree of pages under the next: far above what
/// is in use. lopdf takes no number above a million where it has to look for objects itself.
const CATALOG: u32 = 999_998;

/// `pdf` with the end of a stream, and of the object that it is.
pub(crate) fn closed(pdf: &[u8]) -> Vec<u8> {
    [pdf, b"\nendstream\nendobj\n"].concat()
}

/// `pdf` with an end: a catalog, a tree without pages, and a trailer that leads to them.
pub(crate) fn ended(pdf: &[u8]) -> Vec<u8> {
    let tree = CATALOG + 1;
    let end = format!(
        "{CATALOG} 0 obj\n<< /Type /Catalog /Pages {tree} 0 R >>\nendobj\n\
         {tree} 0 obj\n<< /Type /Pages /Kids [ ] /Count 0 >>\nendobj\n\
         trailer\n<< /Size {} /Root {CATALOG} 0 R >>\nstartxref\n0\n%%EOF\n",
        tree + 1
    );
    [closed(pdf), end.into_bytes()].concat()
}

/// Hangs the pages of a document of which no tree leads to any into a tree, in the order of their numbers; whether
/// there are any.
pub(crate) fn gather_pages(document: &mut Document) -> bool {
    let is_page = |object: &Object| object.as_dict().is_ok_and(|dict| dict.has_type(b"Page"));
    let pages: Vec<ObjectId> =
        document.objects.iter().filter(|(_, object)| is_page(object)).map(|(id, _)| *id).collect();
    if pages.is_empty() {
        return false;
    }
    let kids: Vec<Object> = pages.iter().map(|id| Object::Reference(*id)).collect();
    let count = i64::try_from(kids.len()).unwrap_or(i64::MAX);
    let tree = document.add_object(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count });
    for page in pages {
        if let Ok(page) = document.get_dictionary_mut(page) {
            page.set("Parent", Object::Reference(tree));
        }
    }
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => Object::Reference(tree) });
    document.trailer.set("Root", Object::Reference(catalog));
    true
}
