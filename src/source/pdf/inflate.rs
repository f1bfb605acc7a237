//! Deflated data measured: how much it makes, and whether it is whole.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, ZlibDecoder};

/// Bytes of the Adler-32 checksum after deflated data (RFC 1950).
const CHECKSUM: usize = 4;

/// Layers of deflate within deflate that are looked into.
const LAYERS: usize = 3;

/// LZW makes at most some 2600 bytes of one: a code of 12 bits stands for up to 3840.
const LZW_RATIO: usize = 2600;

/// Whether `data` is a whole zlib stream. One that lacks only its checksum is: wrong lengths cut it off, and nothing
/// of the content is lost.
pub(crate) fn is_whole(data: &[u8]) -> bool {
    if io::copy(&mut ZlibDecoder::new(data), &mut io::sink()).is_ok() {
        return true;
    }
    let mut decoder = DeflateDecoder::new(data.get(2..).unwrap_or_default());
    let ended = io::copy(&mut decoder, &mut io::sink()).is_ok();
    let used = usize::try_from(decoder.total_in()).unwrap_or(usize::MAX);
    ended && data.len().saturating_sub(used.saturating_add(2)) < CHECKSUM
}

/// Whether the streams of a PDF that nothing has parsed yet unpack to more than `each`, or to more than `all` together.
pub(crate) fn explodes(pdf: &[u8], each: usize, all: usize) -> bool {
    const MARK: &[u8] = b"stream";
    let has_lzw = pdf.windows(3).any(|window| window == b"LZW");
    if has_lzw && pdf.len().saturating_mul(LZW_RATIO) > all {
        return true;
    }
    let mut left = all;
    let mut rest = pdf;
    while let Some(at) = rest.windows(MARK.len()).position(|window| window == MARK) {
        rest = rest.get(at + MARK.len()..).unwrap_or_default();
        let data = rest.trim_ascii_start();
        if !begins_zlib(data) {
            continue;
        }
        for layers in 1..=LAYERS {
            match made(unpacked(data, layers), each.min(left)) {
                // Data that are deflated once make nothing when they are inflated twice.
                Some(0) => break,
                Some(bytes) => left = left.saturating_sub(bytes),
                None => return true,
            }
        }
    }
    false
}

/// How many bytes `data` make when they are inflated once; none when more than `most`.
pub(crate) fn size(data: &[u8], most: usize) -> Option<usize> {
    made(unpacked(data, 1), most)
}

/// `data` inflated as often as said.
fn unpacked<'a>(data: &'a [u8], layers: usize) -> Box<dyn Read + 'a> {
    (0..layers).fold(Box::new(data), |inner: Box<dyn Read + 'a>, _| Box::new(ZlibDecoder::new(inner)))
}

/// How many bytes `reader` gives; none when more than `most`.
fn made(reader: impl Read, most: usize) -> Option<usize> {
    let mut limited = reader.take((most as u64).saturating_add(1));
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0usize;
    // An error ends what the data make, as it does for any reader.
    while let Ok(read @ 1..) = limited.read(&mut buffer) {
        bytes += read;
    }
    (bytes <= most).then_some(bytes)
}

/// Whether `data` begins as zlib streams do (RFC 1950, 2.2).
pub(crate) fn begins_zlib(data: &[u8]) -> bool {
    match data {
        [method, flags, ..] => method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]) % 31 == 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn deflated(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn damage_is_told_from_a_missing_checksum() {
        let text: Vec<u8> = (0..2000u32).flat_map(|n| n.to_string().into_bytes()).collect();
        let whole = deflated(&text);
        assert!(is_whole(&whole));
        assert!(is_whole(&whole[..whole.len() - CHECKSUM]));
        assert!(is_whole(&[&whole[..], b"\r\n"].concat()));
        assert!(!is_whole(&whole[..whole.len() / 2]));
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 0x10;
        assert!(!is_whole(&flipped));
        assert!(!is_whole(b"no zlib data"));
    }

    #[test]
    fn bombs_are_seen_in_any_layer() {
        let bomb = deflated(&vec![b' '; 1 << 20]);
        let stream = |data: &[u8]| [b"1 0 obj << >> stream\r\n", data, b"\nendstream"].concat();
        assert!(explodes(&stream(&bomb), 1 << 19, 1 << 30));
        assert!(!explodes(&stream(&bomb), 1 << 21, 1 << 30));
        assert!(explodes(&[stream(&bomb), stream(&bomb)].concat(), 1 << 21, 3 << 19));
        assert!(explodes(&stream(&deflated(&bomb)), 1 << 19, 1 << 30));
        assert!(!explodes(b"a text about streams and more streams", 10, 10));
    }
}
