//! Which row of its table each row label begins.

use std::collections::BTreeMap;

use super::lexicon::Owner;
use super::segment::Segment;
use super::sequence::table_of;
use super::stream::Stream;
use crate::pattern::{Pattern, Rows};

/// For each hit that is a row label, by its number in the segment, the row that it begins.
pub(crate) type RowLabels = BTreeMap<usize, usize>;

/// The rows in the order of the dump.
pub(crate) fn in_order(segment: &Segment) -> RowLabels {
    let mut rows: BTreeMap<usize, usize> = BTreeMap::new();
    let of_hit = segment.hits.iter().enumerate().filter_map(|(number, hit)| {
        let Owner::RowLabel { section } = hit.owner else { return None };
        let row = rows.entry(section).or_default();
        *row += 1;
        Some((number, *row - 1))
    });
    of_hit.collect()
}

/// The rows in the order in which the pattern names them, for a dump that does not go through them in order.
pub(crate) fn as_named(stream: &Stream, segment: &Segment, pattern: &Pattern) -> RowLabels {
    let mut ranks: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (number, hit) in segment.hits.iter().enumerate() {
        let Owner::RowLabel { section } = hit.owner else { continue };
        let text: Vec<char> =
            hit.word().iter().flat_map(|span| stream.text_of(span).chars().collect::<Vec<_>>()).collect();
        let labels = match table_of(pattern, section).map(|table| &table.rows) {
            Some(Rows::Labelled { labels, .. } | Rows::Across { labels, .. }) => labels.as_slice(),
            _ => &[],
        };
        let rank = labels.iter().position(|label| label.literal() == text).unwrap_or(labels.len());
        ranks.entry(section).or_default().push((rank, number));
    }
    let of_section = ranks.into_values().flat_map(|mut ranks| {
        ranks.sort_unstable();
        ranks.into_iter().enumerate().map(|(row, (_, number))| (number, row)).collect::<Vec<_>>()
    });
    of_section.collect()
}
