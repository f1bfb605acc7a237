//! A share of an archive, told by the content of its documents.

use std::str::FromStr;

/// Hexadecimal digits of a hash that decide its shard: as many as a `u64` holds.
const DIGITS: usize = 16;

/// The share `number` of `of`: documents whose hash falls to it, wherever they lie and whatever they are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: u64,
    of: u64,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Shard = Shard { number: 1, of: 1 };

    /// Whether the content with this SHA-256, in hexadecimal, is in the share.
    pub fn takes(self, sha256: &str) -> bool {
        let start = sha256.get(..DIGITS).unwrap_or_default();
        let number = u64::from_str_radix(start, 16).unwrap_or_default();
        number.checked_rem(self.of) == self.number.checked_sub(1)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// Reads `I/N`, with I from 1 to N.
    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parts {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Shard { number, of }),
            _ => Err("I/N, with I from 1 to N, as 2/3 / 应为 I/N，I 从 1 到 N，例如 2/3".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_is_typed() {
        assert_eq!("2/3".parse(), Ok(Shard { number: 2, of: 3 }));
        assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
        for text in ["0/3", "4/3", "1/0", "0/0", "3", "a/b", "1/2/3", ""] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn each_content_is_in_one_share(bytes: Vec<u8>, of in 1u64..9) {
            let hash = crate::sha256(&bytes);
            let takers = (1..=of).filter(|number| Shard { number: *number, of }.takes(&hash)).count();
            prop_assert_eq!(takers, 1);
        }
    }
}
