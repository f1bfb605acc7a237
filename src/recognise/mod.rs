//! Grids and broken lines to forms, with every character accounted for.
//!
//! [`Recogniser`] holds the patterns' texts ready for search; [`Recogniser::recognise`] finds the forms of a
//! document with each pattern, takes the best pattern for each stretch, and reads it.

use crate::layout::Layout;
use crate::pattern::{Pattern, Patterns};
use crate::problem::{Code, Problem};
use crate::record::Form;

mod align;
mod assemble;
mod blocks;
mod cells;
mod doubts;
mod draft;
mod fit;
mod groups;
mod heads;
mod hits;
mod items;
mod lexicon;
mod near;
mod prose;
mod refine;
mod rows;
mod segment;
mod sequence;
mod shape;
mod slots;
mod stream;
mod torn;

pub use assemble::Account;
use lexicon::Lexicon;
use segment::Segment;
use stream::Stream;

/// What was recognised in a document.
#[derive(Clone, Debug, Default)]
pub struct Recognised {
    /// The forms in reading order, without checks.
    pub forms: Vec<Form>,
    /// For each form, whether every character has its one owner.
    pub accounts: Vec<Account>,
    /// What is doubtful.
    pub problems: Vec<Problem>,
}

/// The patterns, ready to recognise forms by.
pub struct Recogniser {
    families: Vec<(Pattern, Lexicon)>,
}

impl Recogniser {
    /// Makes `patterns` ready.
    pub fn new(patterns: &Patterns) -> Recogniser {
        let families = patterns.list.iter().map(|pattern| (pattern.clone(), Lexicon::new(pattern)));
        Recogniser { families: families.collect() }
    }

    /// Finds and reads every form in `layout`.
    pub fn recognise(&self, layout: &Layout) -> Recognised {
        let stream = Stream::new(layout);
        let mut recognised = Recognised::default();
        for (family, mut segment) in self.segments(&stream) {
            let Some((pattern, lexicon)) = self.families.get(family) else { continue };
            segment.add(torn::torn_hits(&stream, lexicon, &segment), pattern);
            segment.add(near::near_hits(&stream, lexicon, &segment), pattern);
            let mut draft = if cells::is_gridded(&stream, &segment) {
                cells::drop_partial(&stream, layout, &mut segment);
                cells::read(&stream, layout, &segment, pattern)
            } else {
                sequence::read(&stream, layout, &segment, pattern)
            };
            refine::refine(&mut draft, &stream, pattern);
            segment.span.end = segment.span.end.min(draft.end);
            let (form, account) = assemble::assemble(&draft, &stream, layout, &segment, pattern);
            recognised.problems.extend(doubts::problems(&form, recognised.forms.len(), pattern));
            recognised.accounts.push(account);
            recognised.forms.push(form);
        }
        if recognised.forms.is_empty() && !stream.chars.is_empty() {
            recognised.problems.push(Problem::new(
                Code::NoForm,
                "没有找到任何模板认识的表格；可用 --patterns 添加模板",
                "no form that a pattern knows was found; add patterns with --patterns",
            ));
        }
        recognised
    }

    /// The stretches of the document that are forms, each with the family that fits it best, in reading order.
    fn segments(&self, stream: &Stream) -> Vec<(usize, Segment)> {
        let mut candidates: Vec<(usize, Segment)> = Vec::new();
        for (family, (pattern, lexicon)) in self.families.iter().enumerate() {
            let mut hits = hits::exact_hits(stream, lexicon, pattern);
            items::take_colons(stream, &mut hits);
            let segments = segment::segments(hits, pattern, stream.chars.len());
            candidates.extend(segments.into_iter().map(|segment| (family, segment)));
        }
        candidates.sort_by(|(_, one), (_, other)| {
            other.evidence.total_cmp(&one.evidence).then(one.span.start.cmp(&other.span.start))
        });
        let mut chosen: Vec<(usize, Segment)> = Vec::new();
        for (family, segment) in candidates {
            if chosen
                .iter()
                .all(|(_, other)| other.span.end <= segment.span.start || segment.span.end <= other.span.start)
            {
                chosen.push((family, segment));
            }
        }
        chosen.sort_by_key(|(_, segment)| segment.span.start);
        chosen
    }
}
