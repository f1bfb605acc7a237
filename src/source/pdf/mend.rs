//! Mends what a reader would stumble over: fonts without ToUnicode, endless width ranges, streams that unpack to
//! gigabytes. The glyphs and their places stay as they are.

use std::collections::BTreeMap;

use hayro_cmap::{CMap, CidFamily};
use lopdf::{DecompressError, Dictionary, Document, Error, Object, ObjectId, Stream, dictionary};

use super::{fontless, gate, gbk_font, inflate, unicode};
use crate::problem::Problem;
use crate::source::Limits;

/// CIDs have 16 bits (ISO 32000-1, 9.7.4), so a range of widths ends there at the latest.
const LAST_CID: i64 = 0xffff;

/// CIDs that the width ranges of one font may set in all; each is some bytes in memory. Real fonts set each once.
const MOST_WIDTHS: i64 = 4 * 0x1_0000;

/// Deflate makes at most 1032 bytes of one (zlib's technical notes), so what is shorter need not be unpacked to know.
const DEFLATE_RATIO: usize = 1032;

/// What mending came to.
#[derive(Default)]
pub(crate) struct Mended {
    /// Whether anything was changed, so that the document must be written anew.
    pub(crate) changed: bool,
    /// What was left out.
    pub(crate) problems: Vec<Problem>,
}

/// Mends `document` in place.
pub(crate) fn mend(document: &mut Document, limits: &Limits) -> Mended {
    let mut mended = Mended::default();
    empty_bombs(document, limits, &mut mended);
    clamp_widths(document, &mut mended);
    mended.changed |= gbk_font::mend(document, limits);
    let without_program = fontless::let_go(document, limits);
    mended.changed |= without_program.is_some();
    mended.problems.extend(without_program);
    give_unicode(document, limits, &mut mended);
    mended
}

/// Empties streams that unpack to more than the limits allow, pictures silently: of these only their lines are looked at.
fn empty_bombs(document: &mut Document, limits: &Limits, mended: &mut Mended) {
    let (mut left, mut pictures) = (limits.streams, limits.streams);
    let mut bombs: Vec<(ObjectId, bool)> = Vec::new();
    // Whether one stream is too large, and whether all of them are together.
    let (mut one, mut all) = (false, false);
    for (id, object) in &document.objects {
        let Ok(stream) = object.as_stream() else { continue };
        let image = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image");
        let most = match most_unpacked(stream) {
            Some(most) if most <= limits.stream.min(left) => most,
            _ if image => {
                match picture_size(stream, limits.stream.min(pictures)) {
                    Some(size) => pictures = pictures.saturating_sub(size),
                    None => bombs.push((*id, true)),
                }
                continue;
            }
            _ => match stream.decompressed_content_with_limit(limits.stream.min(left)) {
                Ok(content) => content.len(),
                Err(Error::Decompress(
                    DecompressError::MemoryLimitExceeded { .. } | DecompressError::TooManyFilters { .. },
                )) => {
                    bombs.push((*id, false));
                    let of_all = left < limits.stream;
                    (one, all) = (one || !of_all, all || of_all);
                    continue;
                }
                Err(_) => stream.content.len(),
            },
        };
        if !image {
            left = left.saturating_sub(most);
        }
    }
    mended.changed |= !bombs.is_empty();
    if one {
        mended.problems.push(gate::bomb(limits.stream));
    }
    if all {
        mended.problems.push(gate::bombs(limits.streams));
    }
    for (id, _) in bombs {
        if let Ok(stream) = document.get_object_mut(id).and_then(Object::as_stream_mut) {
            for key in [&b"Filter"[..], b"DecodeParms", b"F"] {
                stream.dict.remove(key);
            }
            stream.set_content(Vec::new());
        }
    }
}

/// The bytes that a picture unpacks to; none when more than `most`, or where it is packed otherwise than scans are.
fn picture_size(stream: &Stream, most: usize) -> Option<usize> {
    match stream.filters().ok()?.as_slice() {
        [b"FlateDecode" | b"Fl"] => inflate::size(&stream.content, most),
        _ => None,
    }
}

/// The most bytes that a stream may unpack to, where that is plain without unpacking it.
fn most_unpacked(stream: &Stream) -> Option<usize> {
    match stream.filters() {
        Err(_) => Some(stream.content.len()),
        Ok(filters) => match filters.as_slice() {
            [] => Some(stream.content.len()),
            [b"FlateDecode" | b"Fl"] => stream.content.len().checked_mul(DEFLATE_RATIO),
            [b"ASCIIHexDecode" | b"AHx" | b"ASCII85Decode" | b"A85"] => stream.content.len().checked_mul(4),
            [b"DCTDecode" | b"JPXDecode" | b"CCITTFaxDecode" | b"JBIG2Decode"] => Some(stream.content.len()),
            _ => None,
        },
    }
}

/// Clamps ranges of CID widths (`c_first c_last w`): a range up to 2³¹ would fill the memory of a reader that writes
/// it out.
fn clamp_widths(document: &mut Document, mended: &mut Mended) {
    let arrays: Vec<(ObjectId, &[u8], usize)> = document
        .objects
        .iter()
        .filter_map(|(id, object)| object.as_dict().ok().map(|font| (*id, font)))
        .flat_map(|(id, font)| [(id, &b"W"[..], 1, font), (id, b"W2", 3, font)])
        .filter(|(_, key, _, font)| font.has(key) && (font.has(b"CIDSystemInfo") || is_cid_font(font)))
        .map(|(id, key, values, _)| (id, key, values))
        .collect();
    for (id, key, values) in arrays {
        let Ok(Ok(widths)) =
            document.get_dictionary(id).map(|font| font.get_deref(key, document).and_then(Object::as_array))
        else {
            continue;
        };
        if let Some(clamped) = clamped(document, widths, values)
            && let Ok(font) = document.get_dictionary_mut(id)
        {
            font.set(key, clamped);
            mended.changed = true;
        }
    }
}

fn is_cid_font(font: &Dictionary) -> bool {
    font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name.starts_with(b"CIDFontType"))
}

/// `widths` with its ranges clamped, `values` numbers for each; none when they are fine as they are.
fn clamped(document: &Document, widths: &[Object], values: usize) -> Option<Vec<Object>> {
    let number = |object: &Object| match document.dereference(object) {
        Ok((_, Object::Integer(number))) => Some(*number),
        Ok((_, Object::Real(number))) => Some(*number as i64),
        _ => None,
    };
    let (mut result, mut changed, mut room, mut next) = (Vec::new(), false, MOST_WIDTHS, 0);
    while let (Some(first), Some(second)) = (widths.get(next), widths.get(next + 1)) {
        if matches!(document.dereference(second), Ok((_, Object::Array(_)))) {
            result.extend([first.clone(), second.clone()]);
            next += 2;
            continue;
        }
        let entry = widths.get(next..next + 2 + values)?;
        let (from, to) = (number(first)?, number(second)?);
        let last = to.min(LAST_CID);
        if last >= from && from >= 0 && last - from < room {
            room -= last - from + 1;
            changed |= last != to;
            result.extend([Object::Integer(from), Object::Integer(last)]);
            result.extend(entry.get(2..)?.iter().cloned());
        } else {
            changed = true;
        }
        next += 2 + values;
    }
    changed.then_some(result)
}

/// Gives fonts without ToUnicode one, where their encoding or their CIDs tell what codes stand for.
fn give_unicode(document: &mut Document, limits: &Limits, mended: &mut Mended) {
    let fonts: Vec<(ObjectId, Source)> = document
        .objects
        .iter()
        .filter_map(|(id, object)| Some((*id, source(document, object.as_dict().ok()?, limits)?)))
        .collect();
    let mut known: BTreeMap<Vec<u8>, Option<Object>> = BTreeMap::new();
    for (id, source) in fonts {
        let table = match source {
            Source::Table(name) => Some(Object::Name(name)),
            Source::Utf16 => known
                .entry(b"UTF-16".to_vec())
                .or_insert_with(|| Some(add_program(document, unicode::utf16_to_unicode())))
                .clone(),
            Source::Predefined(name) => known
                .entry(name.clone())
                .or_insert_with(|| {
                    let encoding = unicode::predefined(&name)?;
                    let family = family_of(&encoding)?;
                    Some(add_program(document, unicode::to_unicode(&encoding, &family)?))
                })
                .clone(),
            Source::Own(encoding, family) => {
                unicode::to_unicode(&encoding, &family).map(|program| add_program(document, program))
            }
        };
        if let (Some(table), Ok(font)) = (table, document.get_dictionary_mut(id)) {
            font.set("ToUnicode", table);
            mended.changed = true;
        }
    }
}

/// Where the ToUnicode of a font comes from.
enum Source {
    /// A table that readers know by name: its CIDs are its codes.
    Table(Vec<u8>),
    /// Its codes are UTF-16.
    Utf16,
    /// A predefined CMap.
    Predefined(Vec<u8>),
    /// A CMap in the document.
    Own(Box<CMap>, CidFamily),
}

/// Where the ToUnicode of `font` is to come from; none when it needs none or nothing tells.
fn source(document: &Document, font: &Dictionary, limits: &Limits) -> Option<Source> {
    let is_type0 = font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Type0");
    if !is_type0 || font.has(b"ToUnicode") {
        return None;
    }
    let descendants = font.get_deref(b"DescendantFonts", document).ok()?.as_array().ok()?;
    let descendant = document.dereference(descendants.first()?).ok()?.1.as_dict().ok()?;
    let descriptor = descendant.get_deref(b"FontDescriptor", document).and_then(Object::as_dict).ok();
    let program = descriptor.and_then(|descriptor| {
        [&b"FontFile2"[..], b"FontFile3", b"FontFile"]
            .iter()
            .find_map(|key| descriptor.get_deref(key, document).ok()?.as_stream().ok())
    });
    match font.get_deref(b"Encoding", document).ok()? {
        Object::Name(name) if name.starts_with(b"Identity") => {
            let table = family(document, descendant)?.ucs2_cmap()?;
            // A font whose glyphs are its CIDs knows them itself, and better than a claim to a collection.
            let mapped = descendant.get_deref(b"CIDToGIDMap", document).is_ok_and(|map| map.as_stream().is_ok());
            let program = program?;
            let tells = !mapped
                && program
                    .decompressed_content_with_limit(limits.stream)
                    .is_ok_and(|data| !super::own_cmap::OwnCmap::new(&data).is_empty());
            (!tells).then(|| Source::Table(table.to_bytes().to_vec()))
        }
        Object::Name(name) if unicode::is_utf16(name) => Some(Source::Utf16),
        // Without an embedded font readers go by the CMap themselves.
        Object::Name(name) => program.map(|_| Source::Predefined(name.clone())),
        Object::Stream(stream) => {
            let _ = program?;
            let data = stream.get_plain_content_with_limit(limits.stream).ok()?;
            let encoding = CMap::parse(&data, hayro_cmap::load_embedded)?;
            let family = family_of(&encoding).or_else(|| family(document, descendant))?;
            Some(Source::Own(Box::new(encoding), family))
        }
        _ => None,
    }
}

/// The collection that a CMap maps to.
pub(super) fn family_of(encoding: &CMap) -> Option<CidFamily> {
    let family = encoding.metadata().character_collection.as_ref()?.family.clone();
    family.ucs2_cmap().map(|_| family)
}

/// The collection that a CID font names.
pub(super) fn family(document: &Document, font: &Dictionary) -> Option<CidFamily> {
    let info = font.get_deref(b"CIDSystemInfo", document).ok()?.as_dict().ok()?;
    let text = |key: &[u8]| info.get_deref(key, document).ok()?.as_str().ok();
    Some(CidFamily::from_registry_ordering(text(b"Registry")?, text(b"Ordering")?))
}

/// Adds a CMap program to the document, and gives the reference to it.
pub(super) fn add_program(document: &mut Document, program: String) -> Object {
    Object::Reference(document.add_object(Stream::new(dictionary! {}, program.into_bytes())))
}
