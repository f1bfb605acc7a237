//! How large a picture is when it is unpacked, told before that is done: what its dictionary says may have nothing to
//! do with what its data make.

use hayro_interpret::hayro_syntax::Filter;
use hayro_interpret::hayro_syntax::object::dict::keys::{
    COLORSPACE, COLUMNS, CS, DECODE_PARMS, DP, HEIGHT, JBIG2_GLOBALS, MASK, SMASK, WIDTH,
};
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::inflate;

/// Bytes that a pixel of deflated data takes at most: four colours. Each row may have one more.
const PIXEL: u64 = 4;

/// Columns of a fax that does not say how many it has (ISO 32000-1, table 11).
const FAX_COLUMNS: u32 = 1728;

/// Colour spaces whose pixels have at most four parts. `DeviceN` has as many as it likes.
const COLOURS: [&[u8]; 14] = [
    b"DeviceGray",
    b"G",
    b"DeviceRGB",
    b"RGB",
    b"DeviceCMYK",
    b"CMYK",
    b"CalGray",
    b"CalRGB",
    b"Lab",
    b"ICCBased",
    b"Indexed",
    b"I",
    b"Separation",
    b"CalCMYK",
];

/// The most pixels that a picture and its masks have when they are unpacked; none where only unpacking would tell, or
/// where it is more than `most`.
pub(crate) fn pixels(picture: &Stream<'_>, most: u64) -> Option<u64> {
    let masks = [SMASK, MASK].into_iter().filter_map(|key| picture.dict().get::<Stream<'_>>(key));
    let mut sum = of_one(picture, most)?;
    for mask in masks {
        sum = sum.checked_add(of_one(&mask, most)?)?;
    }
    (sum <= most).then_some(sum)
}

fn of_one(picture: &Stream<'_>, most: u64) -> Option<u64> {
    let dict = picture.dict();
    let number = |long, short: &[u8]| dict.get::<u32>(short).or_else(|| dict.get::<u32>(long));
    let (width, height) = (number(WIDTH, b"W")?, number(HEIGHT, b"H")?);
    let shown = area(width, height);
    if shown > most || !has_few_colours(dict) {
        return None;
    }
    match picture.filters().as_slice() {
        // A reader of photographs goes by the dictionary where the photograph claims more.
        [] | [Filter::DctDecode] => Some(shown),
        [Filter::FlateDecode] => {
            let most = shown.saturating_mul(PIXEL).saturating_add(u64::from(height));
            inflate::size(&picture.raw_data(), usize::try_from(most).ok()?).map(|_| shown)
        }
        [Filter::CcittFaxDecode] => {
            let columns = params(dict).and_then(|params| params.get::<u32>(COLUMNS)).unwrap_or(FAX_COLUMNS);
            Some(shown.max(area(columns, height)))
        }
        [Filter::Jbig2Decode] if params(dict).is_none_or(|params| !params.contains_key(JBIG2_GLOBALS)) => {
            Some(shown.max(jbig2(&picture.raw_data())?))
        }
        // The size of JPEG 2000, and what other filters make, is known when they are through.
        _ => None,
    }
}

fn area(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

/// The parameters of a picture's only filter.
fn params<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    let of = |key: &[u8]| {
        dict.get::<Dict<'a>>(key).or_else(|| {
            let list: Array<'a> = dict.get::<Array<'a>>(key)?;
            list.iter::<Object<'a>>().next().and_then(Object::into_dict)
        })
    };
    of(DP).or_else(|| of(DECODE_PARMS))
}

fn has_few_colours(dict: &Dict<'_>) -> bool {
    let space = dict.get::<Object<'_>>(CS).or_else(|| dict.get::<Object<'_>>(COLORSPACE));
    let known = |name: &Name<'_>| COLOURS.contains(&name.as_ref());
    match space {
        None => true,
        Some(Object::Name(name)) => known(&name),
        Some(Object::Array(list)) => {
            list.iter::<Object<'_>>().next().and_then(Object::into_name).is_some_and(|name| known(&name))
        }
        Some(_) => false,
    }
}

/// The pixels of embedded JBIG2 data (ITU-T T.88, 7.2 and 7.4): of the page, or of its regions where they have more.
/// None where the data have symbols, whose size only unpacking tells, or are not in order.
fn jbig2(data: &[u8]) -> Option<u64> {
    let mut rest = data;
    let (mut page, mut regions) = (0_u64, 0_u64);
    while !rest.is_empty() {
        let number = u32::from_be_bytes(take(&mut rest)?);
        let [flags, referred] = take(&mut rest)?;
        // A long list of segments that this one refers to is for symbols.
        let count = usize::from(referred >> 5);
        if count > 4 {
            return None;
        }
        let width = if number <= 0x100 {
            1
        } else if number <= 0x1_0000 {
            2
        } else {
            4
        };
        let association = if flags & 0x40 == 0 { 1 } else { 4 };
        rest = rest.get(count * width + association..)?;
        let length = usize::try_from(u32::from_be_bytes(take(&mut rest)?)).ok()?;
        let mut body = rest.get(..length)?;
        rest = rest.get(length..)?;
        let mut size = || Some(area(u32::from_be_bytes(take(&mut body)?), u32::from_be_bytes(take(&mut body)?)));
        match flags & 0x3f {
            // Generic regions.
            38 | 39 => regions = regions.checked_add(size()?)?,
            48 => page = page.max(size()?),
            // Ends of page, stripe and file, profiles, remarks.
            49..=52 | 62 => {}
            _ => return None,
        }
    }
    Some(page.max(regions))
}

fn take<const N: usize>(data: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = data.split_first_chunk()?;
    *data = rest;
    Some(*first)
}
