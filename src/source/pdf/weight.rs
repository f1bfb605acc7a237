//! What opening a PDF would take, in objects, before it is opened.
//!
//! A number of two bytes is an object of a hundred in memory, a stream of objects unpacks to a thousand times its size,
//! and its index may name the same object ten thousand times. So the objects are counted as a parser would make them,
//! without making them.

use std::io::Read;

use flate2::read::ZlibDecoder;
use lopdf::{Document, Object};

use super::inflate::begins_zlib;
use super::lexis::{Name, blanks, names, number_after, regular, string};
use crate::source::Limits;

/// Arrays and dictionaries within each other are followed this deep; lopdf gives up at the same depth.
const DEPTH: usize = 100;

/// The bytes of a file may be gone over so often. Objects that do not overlap are gone over once.
const PASSES: usize = 4;

/// Filters that make more of data than there is.
const PACKED: [&[u8]; 6] = [b"FlateDecode", b"Fl", b"LZWDecode", b"LZW", b"RunLengthDecode", b"RL"];

/// What ends the data of a stream.
const END: &[u8] = b"endstream";

/// Why a file is not to be opened.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TooHeavy {
    /// It holds more objects than the bound, or hides how many. A reader that takes one at a time may do without.
    Objects,
    /// Its cross-reference stream lists more, which any reader takes in at once.
    Table,
}

/// What is left of the bounds.
pub(crate) struct Scale {
    objects: usize,
    /// Bytes that may still be gone over.
    work: usize,
    /// Bytes that one stream may unpack to, and all together.
    stream: usize,
    streams: usize,
}

impl Scale {
    /// A scale for a file of so many bytes.
    pub(crate) fn new(bytes: usize, limits: &Limits) -> Scale {
        Scale {
            objects: limits.objects,
            work: bytes.saturating_mul(PASSES),
            stream: limits.stream,
            streams: limits.streams,
        }
    }

    /// Weighs all objects of `pdf`, and those in its object streams where these are not encrypted.
    pub(crate) fn weigh(&mut self, pdf: &[u8]) -> Result<(), TooHeavy> {
        const MARK: &[u8] = b"obj";
        let sealed = is_encrypted(pdf);
        let mut at = 0;
        while let Some(found) = pdf.get(at..).and_then(|rest| rest.windows(MARK.len()).position(|part| part == MARK)) {
            at += found + MARK.len();
            if pdf.get(..at - MARK.len()).is_some_and(|before| before.ends_with(b"end")) {
                continue;
            }
            let body = pdf.get(at..).unwrap_or_default();
            let end = self.object(body)?;
            let (object, after) = body.split_at_checked(end).unwrap_or((body, b""));
            if let Some(data) = after.trim_ascii_start().strip_prefix(b"stream") {
                self.stream(object, data, sealed)?;
            }
        }
        Ok(())
    }

    /// Weighs the object streams of an encrypted document that was opened as a [`probe`].
    pub(crate) fn weigh_decrypted(&mut self, document: &Document) -> Result<(), TooHeavy> {
        for stream in document.objects.values().filter_map(|object| object.as_stream().ok()) {
            let Ok(first) = stream.dict.get(BLOTTED).and_then(Object::as_i64) else { continue };
            let most = self.stream.min(self.streams);
            // What does not unpack is not read; what unpacks to more is refused.
            let Ok(content) = stream.get_plain_content_with_limit(most) else { continue };
            self.packed(&content, usize::try_from(first).unwrap_or(usize::MAX))?;
        }
        Ok(())
    }

    /// Weighs a stream whose dictionary is `dict` in case opening a document unpacks it.
    fn stream(&mut self, dict: &[u8], data: &[u8], sealed: bool) -> Result<(), TooHeavy> {
        let names: Vec<Name<'_>> = names(dict).collect();
        let of = |name: &[u8]| names.iter().filter(|found| found.text == name).count();
        let holds_objects = of(b"ObjStm") > 0 && !sealed;
        if !holds_objects && of(b"XRef") == 0 {
            return Ok(());
        }
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        let most = self.stream.min(self.streams);
        let mut unpacked = Vec::new();
        let content = if begins_zlib(data) {
            // What breaks off makes what came before.
            let _ = ZlibDecoder::new(data).take(most as u64 + 1).read_to_end(&mut unpacked);
            if unpacked.len() > most {
                // The gate itself refuses such a stream.
                return Ok(());
            }
            &unpacked
        } else if PACKED.iter().any(|filter| of(filter) > 0) {
            return Err(TooHeavy::Objects);
        } else {
            data.windows(END.len()).position(|part| part == END).and_then(|end| data.get(..end)).unwrap_or(data)
        };
        if !holds_objects {
            let entries = content.len() / number_after(dict, &names, b"W").unwrap_or(1).max(1);
            return self.take(entries).map_err(|_| TooHeavy::Table);
        }
        // Where an entry stands twice, or a predictor changes the data, nothing tells where the objects begin.
        let clear =
            of(b"First") == 1 && of(b"Filter") <= 1 && PACKED.iter().map(|filter| of(filter)).sum::<usize>() <= 1;
        match number_after(dict, &names, b"First") {
            Some(first) if clear && of(b"DecodeParms") + of(b"DP") == 0 => self.packed(content, first),
            _ => Err(TooHeavy::Objects),
        }
    }

    /// Weighs the objects of an object stream: pairs of a number and an offset, then from `first` on the objects.
    fn packed(&mut self, content: &[u8], first: usize) -> Result<(), TooHeavy> {
        self.streams = self.streams.saturating_sub(content.len());
        self.work = self.work.saturating_add(content.len().saturating_mul(PASSES));
        let Some((head, objects)) = content.split_at_checked(first) else { return Ok(()) };
        let numbers = head
            .split(|byte| matches!(byte, b'\r' | b'\n'))
            .flat_map(|line| line.split(|byte| *byte == b'%').next().unwrap_or_default().split(u8::is_ascii_whitespace))
            .filter(|number| !number.is_empty());
        for offset in numbers.skip(1).step_by(2) {
            let offset = std::str::from_utf8(offset).ok().and_then(|offset| offset.parse::<usize>().ok());
            self.take(1)?;
            if let Some(object) = offset.and_then(|offset| objects.get(offset..)) {
                self.object(object)?;
            }
        }
        Ok(())
    }

    /// Weighs the object that `bytes` begin with; where it ends.
    fn object(&mut self, bytes: &[u8]) -> Result<usize, TooHeavy> {
        let (mut at, mut depth, mut numbers) = (0, 0usize, 0);
        loop {
            let blank = blanks(bytes.get(at..).unwrap_or_default());
            self.work = self.work.checked_sub(blank).ok_or(TooHeavy::Objects)?;
            at += blank;
            let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) else { break };
            let length = match rest {
                [b'<', b'<', ..] => {
                    depth += 1;
                    2
                }
                [b'>', b'>', ..] => {
                    depth = depth.saturating_sub(1);
                    2
                }
                [b'[', ..] => {
                    depth += 1;
                    1
                }
                [b']', ..] => {
                    depth = depth.saturating_sub(1);
                    1
                }
                [b'(', ..] => string(rest),
                [b'<', ..] => rest.iter().position(|byte| *byte == b'>').map_or(rest.len(), |end| end + 1),
                [b'/', name @ ..] => 1 + regular(name),
                [b'0'..=b'9' | b'+' | b'-' | b'.', ..] => regular(rest),
                _ => match regular(rest) {
                    length if matches!(rest.get(..length), Some(b"R" | b"true" | b"false" | b"null")) => length,
                    // A key word ends the object, and so does what no object begins with.
                    _ => break,
                },
            };
            self.work = self.work.checked_sub(length).ok_or(TooHeavy::Objects)?;
            at += length;
            // Two numbers and an R are one object, a reference.
            match rest {
                [b'R', ..] if numbers >= 2 => self.objects = self.objects.saturating_add(1),
                _ => self.take(1)?,
            }
            numbers = if rest.first().is_some_and(u8::is_ascii_digit) { numbers + 1 } else { 0 };
            if depth == 0 || depth > DEPTH {
                break;
            }
        }
        Ok(at.min(bytes.len()))
    }

    fn take(&mut self, objects: usize) -> Result<(), TooHeavy> {
        self.objects = self.objects.checked_sub(objects).ok_or(TooHeavy::Objects)?;
        Ok(())
    }
}

/// What stands in place of `/First` in a [`probe`].
const BLOTTED: &[u8] = b"FIRST";

/// An encrypted PDF so that opening it decrypts its object streams and does not read the objects in them; an error when
/// it may hide where they begin.
pub(crate) fn probe(pdf: &[u8]) -> Result<Vec<u8>, TooHeavy> {
    let mut probe = pdf.to_vec();
    for name in names(pdf).filter(|name| *name.text == *b"First") {
        if name.end - name.start != BLOTTED.len() {
            return Err(TooHeavy::Objects);
        }
        if let Some(place) = probe.get_mut(name.start..name.end) {
            place.copy_from_slice(BLOTTED);
        }
    }
    Ok(probe)
}

/// Whether `pdf` names what a trailer names when it is encrypted.
pub(crate) fn is_encrypted(pdf: &[u8]) -> bool {
    names(pdf).any(|name| *name.text == *b"Encrypt")
}
