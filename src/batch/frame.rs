//! Messages between the program and its readers: a length, then so many bytes.

use std::io::{self, ErrorKind, Read, Write};

/// Bytes of a message at most. A record of a compendium of 2000 pages has some 100 MiB.
const MOST: u64 = 2 << 30;

/// Writes one message, and sees to it that it leaves.
pub(super) fn write(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(&(bytes.len() as u64).to_le_bytes())?;
    to.write_all(bytes)?;
    to.flush()
}

/// The next message; `None` when there is none. An end within a message is an error.
pub(super) fn read(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match from.read(&mut length)? {
        0 => return Ok(None),
        taken => from.read_exact(length.get_mut(taken..).unwrap_or_default())?,
    }
    let length = u64::from_le_bytes(length);
    if length > MOST {
        return Err(io::Error::new(ErrorKind::InvalidData, "message too long"));
    }
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(messages: Vec<Vec<u8>>) {
            let mut bytes = Vec::new();
            messages.iter().try_for_each(|message| write(&mut bytes, message)).unwrap();
            let mut from = bytes.as_slice();
            for message in &messages {
                let back = read(&mut from).unwrap();
                prop_assert_eq!(back.as_ref(), Some(message));
            }
            prop_assert!(read(&mut from).unwrap().is_none());
        }

        #[test]
        fn a_message_that_is_cut_is_an_error(message: Vec<u8>, cut in 1usize..20) {
            let mut bytes = Vec::new();
            write(&mut bytes, &message).unwrap();
            let left = bytes.len().saturating_sub(cut).max(1);
            prop_assert!(read(&mut &bytes[..left]).is_err());
        }
    }
}
