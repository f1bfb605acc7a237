//! Character codes of Chinese, Japanese and Korean fonts to Unicode, by Adobe's tables.
//!
//! Adobe's predefined CMaps say which character of a collection (CID) a code selects, and its `…-UCS2` CMaps which
//! Unicode a CID stands for. Where a document gives a font no ToUnicode, the two are joined to one.

use std::fmt::Write;
use std::sync::{Arc, OnceLock};

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_interpret::CMapResolverFn;

/// Where hayro finds the CMaps that a document names.
pub(crate) fn resolver() -> CMapResolverFn {
    static RESOLVER: OnceLock<CMapResolverFn> = OnceLock::new();
    RESOLVER.get_or_init(|| Arc::new(load_embedded)).clone()
}

/// An embedded CMap by its name.
pub(crate) fn predefined(name: &[u8]) -> Option<CMap> {
    match CMapName::from_bytes(name) {
        CMapName::IdentityH => Some(CMap::identity_h()),
        CMapName::IdentityV => Some(CMap::identity_v()),
        name => CMap::parse(load_embedded(name)?, load_embedded),
    }
}

/// Whether codes of this CMap are UTF-16 themselves.
pub(crate) fn is_utf16(name: &[u8]) -> bool {
    name.starts_with(b"Uni")
        && [&b"-UCS2-"[..], b"-UTF16-"].iter().any(|kind| name.windows(kind.len()).any(|w| w == *kind))
}

/// A ToUnicode CMap for codes that are UTF-16 themselves.
pub(crate) fn utf16_to_unicode() -> String {
    let mut ranges = vec![(0x0000, 0xd7ff, "0000".to_owned()), (0xe000, 0xffff, "E000".to_owned())];
    // A range may count up in its last unit only: one for each high surrogate.
    ranges
        .extend((0xd800u32..0xdc00).map(|high| (high << 16 | 0xdc00, high << 16 | 0xdfff, format!("{high:04X}DC00"))));
    cmap(&ranges)
}

/// A ToUnicode CMap for a font whose codes select CIDs of `family` by `encoding`. None for families without a table.
pub(crate) fn to_unicode(encoding: &CMap, family: &CidFamily) -> Option<String> {
    let name = family.ucs2_cmap()?;
    let ucs2 = CMap::parse(load_embedded(name)?, load_embedded)?;
    let mut ranges: Vec<(u32, u32, String)> = Vec::new();
    for (length, codes) in [(1u8, 0..0x100u32), (2, 0x100..0x1_0000)] {
        for code in codes {
            let Some(cid) = encoding.lookup_cid_code(code, length) else { continue };
            let hex = match ucs2.lookup_bf_string(cid) {
                Some(BfString::Char(ch)) => utf16_hex(ch.encode_utf16(&mut [0; 2])),
                Some(BfString::String(text)) => utf16_hex(&text.encode_utf16().collect::<Vec<_>>()),
                None => continue,
            };
            ranges.push((code, code, hex));
        }
    }
    (!ranges.is_empty()).then(|| cmap(&ranges))
}

fn utf16_hex(units: &[u16]) -> String {
    units.iter().fold(String::new(), |mut hex, unit| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{unit:04X}");
        hex
    })
}

/// A CMap program of ranges: first code, last code, UTF-16 of the first in hexadecimal.
fn cmap(ranges: &[(u32, u32, String)]) -> String {
    let mut program = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n\
         1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
    );
    // A section may have 100 entries (Adobe Technical Note 5014).
    for section in ranges.chunks(100) {
        let _ = writeln!(program, "{} beginbfrange", section.len());
        for (first, last, unicode) in section {
            let digits = if *first > 0xffff { 8 } else { 4 };
            let _ = writeln!(program, "<{first:0digits$X}> <{last:0digits$X}> <{unicode}>");
        }
        program.push_str("endbfrange\n");
    }
    program.push_str("endcmap end end\n");
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unicode(program: &str, code: u32) -> Option<String> {
        let cmap = CMap::parse(program.as_bytes(), load_embedded).unwrap();
        cmap.lookup_bf_string(code).map(|text| match text {
            BfString::Char(ch) => ch.to_string(),
            BfString::String(text) => text,
        })
    }

    #[test]
    fn gbk_codes_get_their_characters() {
        let program = to_unicode(&predefined(b"GBK-EUC-H").unwrap(), &CidFamily::AdobeGB1).unwrap();
        for (code, text) in [(0x41, "A"), (0xbcc6, "计"), (0xd0a7, "效"), (0xa1b6, "《"), (0x8140, "丂")] {
            assert_eq!(unicode(&program, code).as_deref(), Some(text), "{code:X}");
        }
    }

    #[test]
    fn utf16_codes_are_their_characters() {
        let program = utf16_to_unicode();
        for (code, text) in [(0x7ee9, "绩"), (0x25, "%"), (0xd840_dc0b, "𠀋"), (0xff05, "％")] {
            assert_eq!(unicode(&program, code).as_deref(), Some(text), "{code:X}");
        }
        assert!(is_utf16(b"UniGB-UCS2-H") && is_utf16(b"UniGB-UTF16-V") && !is_utf16(b"GBK-EUC-H"));
    }
}
