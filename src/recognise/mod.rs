//! Grids and broken lines to forms, with every character accounted for.
//!
//! [`Recogniser`] holds the patterns' texts ready for search; [`Recogniser::recognise`] finds the forms of a
//! document with each pattern, takes the best pattern for each stretch, and reads it.

use crate::layout::{Known, Layout};
use crate::pattern::{Pattern, Patterns};
use crate::problem::{Code, Problem};
use crate::record::{Form, Where};

mod across;
mod align;
mod assemble;
mod block_score;
mod blocks;
mod cells;
mod doubts;
mod draft;
pub mod explain;
mod fit;
mod groups;
mod halves;
mod heads;
mod hits;
mod items;
mod lexicon;
mod lost;
mod near;
mod placement;
mod prose;
mod refine;
mod repeated;
mod row_labels;
mod rows;
mod runs;
mod segment;
mod sense;
mod sequence;
mod shape;
mod side_by_side;
mod slots;
mod smudged;
mod stacks;
mod stream;
mod tail;
mod torn;
mod torn_prose;
mod weave;

pub use assemble::Account;
use draft::Draft;
use hits::Hit;
use lexicon::{Index, Lexicon};
pub use placement::Placement;
use segment::Segment;
use stream::{Span, Stream};

/// What was recognised in a document.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Recognised {
    /// The forms in reading order, without checks.
    pub forms: Vec<Form>,
    /// For each form, whether every character has its one owner.
    pub accounts: Vec<Account>,
    /// What is doubtful.
    pub problems: Vec<Problem>,
}

/// A pattern with less than this share of the best one's evidence is not looked at closer.
const WORTH_A_SECOND_LOOK: f64 = 0.6;

/// What was known by its place tells once more of what stands beside it: inner words of outer ones, and back.
const LOST_ROUNDS: usize = 2;

fn overlap(one: &Span, other: &Span) -> bool {
    one.start < other.end && other.start < one.end
}

/// Says that a form is none of those that are wanted.
fn other_form(stream: &Stream, layout: &Layout, segment: &Segment, pattern: &Pattern) -> Problem {
    let problem = Problem::new(
        Code::OtherForm,
        format!("这是“{}”，不是自评表，未读取", pattern.name.zh),
        format!("this is “{}”, no self-evaluation; it was not read", pattern.name.en),
    );
    match assemble::place(stream, layout, std::slice::from_ref(&(segment.span.start..segment.span.start + 1))) {
        Where::Page { page, .. } => problem.on_page(page),
        Where::Text { line, .. } => problem.on_line(line),
    }
}

/// The forms of a layout before they are read.
pub struct Found {
    stream: Stream,
    /// The stretch of each, with the number of its family.
    segments: Vec<(usize, Segment)>,
}

impl Found {
    /// How many characters the layout has, blanks left out. No reading of it can suit it better.
    pub(crate) fn characters(&self) -> usize {
        self.stream.chars.len()
    }
}

/// The patterns, ready to recognise forms by.
pub struct Recogniser {
    families: Vec<(Pattern, Lexicon)>,
    /// The texts of all families.
    index: Index,
}

impl Recogniser {
    /// Makes `patterns` ready.
    pub fn new(patterns: &Patterns) -> Recogniser {
        let families = patterns.list.iter().map(|pattern| (pattern.clone(), Lexicon::new(pattern)));
        let families: Vec<(Pattern, Lexicon)> = families.collect();
        let index = Index::new(families.iter().map(|(_, lexicon)| lexicon));
        Recogniser { families, index }
    }

    /// Finds and reads every form in `layout`.
    pub fn recognise(&self, layout: &Layout) -> Recognised {
        self.read(self.find(layout), layout)
    }

    /// Where forms stand in `layout`, and of which family each is.
    pub fn find(&self, layout: &Layout) -> Found {
        let stream = Stream::new(layout);
        let segments = self.segments(&stream, layout);
        Found { stream, segments }
    }

    /// Reads the forms that were found in `layout`.
    pub fn read(&self, found: Found, layout: &Layout) -> Recognised {
        let Found { stream, segments } = found;
        let mut recognised = Recognised::default();
        for (family, mut segment) in segments {
            let Some((pattern, lexicon)) = self.families.get(family) else { continue };
            if pattern.look_alike {
                recognised.problems.push(other_form(&stream, layout, &segment, pattern));
                continue;
            }
            let draft = draft(&stream, layout, &mut segment, pattern, lexicon);
            let (form, account) = assemble::assemble(&draft, &stream, layout, &segment, pattern);
            recognised.problems.extend(doubts::problems(&form, recognised.forms.len(), pattern));
            recognised.accounts.push(account);
            recognised.forms.push(form);
        }
        if recognised.forms.is_empty() && recognised.problems.is_empty() && !stream.chars.is_empty() {
            recognised.problems.push(Problem::new(
                Code::NoForm,
                "没有找到任何表样认识的表格；可用 --patterns 添加表样",
                "no form that a pattern knows was found; add patterns with --patterns",
            ));
        }
        recognised
    }

    /// The labels and the heads of tables in a text's lines, as the patterns of the forms that were `found` know them.
    pub fn known(&self, found: &Found, layout: &Layout) -> Known {
        let mut known = Known::default();
        for (family, segment) in &found.segments {
            if let Some((pattern, lexicon)) = self.families.get(*family) {
                let own = stacks::known(&found.stream, layout, segment, lexicon, pattern);
                known.heads.extend(own.heads);
                known.labels.extend(own.labels);
                known.totals.extend(own.totals);
                known.names.extend(own.names);
            }
        }
        known
    }

    /// Adds to the candidates the labels that a dump has torn, and those that were read badly in the layer of a scan. One that lies far behind the best in its place does not
    /// come to win by them, and is left as it is.
    fn weigh_further_labels(&self, stream: &Stream, layout: &Layout, candidates: &mut [(usize, Segment)]) {
        let evidence: Vec<(Span, f64)> =
            candidates.iter().map(|(_, segment)| (segment.span.clone(), segment.evidence)).collect();
        for (family, segment) in candidates {
            let rivals = evidence.iter().filter(|(span, _)| overlap(span, &segment.span));
            let best = rivals.map(|(_, evidence)| *evidence).fold(0.0, f64::max);
            if segment.evidence < best * WORTH_A_SECOND_LOOK {
                continue;
            }
            if let Some((_, lexicon)) = self.families.get(*family) {
                let hits = torn::torn_hits(stream, lexicon, segment);
                segment.add(hits, lexicon);
                if smudged::has_unseen_cells(stream, layout, segment) {
                    add_misread(stream, layout, segment, lexicon);
                }
            }
        }
    }

    /// The stretches of the document that are forms, each with the family that fits it best, in reading order.
    fn segments(&self, stream: &Stream, layout: &Layout) -> Vec<(usize, Segment)> {
        let mut chosen: Vec<(usize, Segment)> = Vec::new();
        for (family, segment) in self.candidates(stream, layout) {
            if !chosen.iter().any(|(_, other)| overlap(&other.span, &segment.span)) {
                chosen.push((family, segment));
            }
        }
        chosen.sort_by_key(|(_, segment)| segment.span.start);
        chosen
    }

    /// The stretches that are a form of some family, each with that family; those with the most evidence first.
    fn candidates(&self, stream: &Stream, layout: &Layout) -> Vec<(usize, Segment)> {
        let mut candidates: Vec<(usize, Segment)> = Vec::new();
        let sightings = self.index.search(stream);
        let hits = self.families.iter().zip(sightings).map(|((pattern, lexicon), sightings)| {
            let may_be = segment::may_be_form(lexicon, &sightings);
            if !may_be && !segment::may_have_title(pattern, lexicon, &sightings) {
                return (false, Vec::new());
            }
            let mut hits = hits::exact_hits(stream, lexicon, &sightings);
            items::take_colons(stream, &mut hits);
            (may_be, hits)
        });
        let hits: Vec<(bool, Vec<Hit>)> = hits.collect();
        let mut titles: Vec<usize> = hits
            .iter()
            .zip(&self.families)
            .flat_map(|((_, hits), (pattern, _))| segment::titles(hits, pattern))
            .collect();
        titles.sort_unstable();
        titles.dedup();
        for (family, ((may_be, hits), (pattern, lexicon))) in hits.into_iter().zip(&self.families).enumerate() {
            if !may_be {
                continue;
            }
            let segments = segment::segments(stream, hits, pattern, lexicon, &titles);
            candidates.extend(segments.into_iter().map(|segment| (family, segment)));
        }
        self.weigh_further_labels(stream, layout, &mut candidates);
        candidates.sort_by(|(_, one), (_, other)| {
            other.evidence.total_cmp(&one.evidence).then(one.span.start.cmp(&other.span.start))
        });
        candidates
    }
}

/// Adds the labels with a slip in, and in the cells of a scan those that are little like themselves.
fn add_misread(stream: &Stream, layout: &Layout, segment: &mut Segment, lexicon: &Lexicon) {
    segment.add(near::near_hits(stream, lexicon, segment), lexicon);
    add_smudged(stream, layout, segment, lexicon);
}

/// Adds labels that are little like themselves; they take the place of shorter ones that are but a part of them.
fn add_smudged(stream: &Stream, layout: &Layout, segment: &mut Segment, lexicon: &Lexicon) {
    let hits = smudged::smudged_hits(stream, layout, lexicon, segment);
    let within = |hit: &Hit| hits.iter().any(|other| hit.start() < other.end() && other.start() < hit.end());
    segment.hits.retain(|hit| !within(hit));
    segment.add(hits, lexicon);
}

/// Which characters of `segment` fill which slot. Takes labels with a slip in, and brings the segment to its end.
fn draft(stream: &Stream, layout: &Layout, segment: &mut Segment, pattern: &Pattern, lexicon: &Lexicon) -> Draft {
    add_misread(stream, layout, segment, lexicon);
    // A label that was found tells of those around it.
    add_smudged(stream, layout, segment, lexicon);
    for _ in 0..LOST_ROUNDS {
        segment.add(lost::lost_hits(stream, layout, lexicon, segment, pattern), lexicon);
    }
    let mut draft = if cells::is_gridded(stream, segment) {
        cells::drop_partial(stream, layout, segment, pattern);
        cells::read(stream, layout, segment, pattern)
    } else {
        sequence::read(stream, layout, segment, pattern)
    };
    refine::refine(&mut draft, stream, pattern);
    segment.span.end = segment.span.end.min(draft.end);
    draft
}
