//! Labels with a wrong, a missing or an extra character: `预箅数（A）`, `项目位名称`. Looked for only among the labels
//! that a form lacks and the text that nothing has claimed, so that the cost falls on damaged forms alone.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use strsim::generic_damerau_levenshtein;

use super::hits::{Hit, without_overlaps};
use super::lexicon::{Entry, Lexicon, Owner};
use super::segment::Segment;
use super::stream::{Span, Stream, Token};
use crate::pattern::Part;
use crate::value::Type;

/// A label shorter than this has no character to spare: `得分` and `得 分` differ by a blank, `得分` and `部分` by half.
const MIN_LENGTH: usize = 4;
/// One wrong character for so many of the label. A scan of a poor copy has one in thirty wrong; and a label without its
/// last two characters is a name as often: `服务对象满意度` is no `服务对象满意度指标`.
const CHARS_PER_EDIT: usize = 6;
/// In a label shorter than this only a look-alike may stand for a character: `质量指数` is no `质量指标`.
const ANY_EDIT: usize = 6;
/// Pieces of one label on lines of their own, at most.
const MAX_PIECES: usize = 3;
/// Similarity of a near label at most: it is never as sure as an exact one.
const NEAR: f32 = 0.95;

/// A label's text for comparison: look-alike characters made one, each hole a single mark.
struct Wanted<'a> {
    entry: &'a Entry,
    signs: Vec<char>,
    sketch: u64,
}

/// Stands for a figure in a label or in a text.
pub(super) const FIGURE: char = '\u{fffc}';

/// Looks in the free text of `segment` for labels that it lacks.
pub(crate) fn near_hits(stream: &Stream, lexicon: &Lexicon, segment: &Segment) -> Vec<Hit> {
    let found: BTreeSet<Owner> = segment.hits.iter().flat_map(|hit| hit.owners.iter().copied()).collect();
    let wanted: Vec<Wanted> = lexicon.entries.iter().filter_map(|entry| wanted(entry, &found)).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let wanted = ByLength::new(wanted);
    let free = free_tokens(stream, segment);
    let mut hits = Vec::new();
    for first in 0..free.len() {
        for pieces in 1..=MAX_PIECES {
            let Some(tokens) = free.get(first..first + pieces) else { break };
            if !hang_together(tokens) {
                break;
            }
            hits.extend(best(stream, &wanted, tokens));
        }
    }
    hits.sort_by(|one, other| other.similarity.total_cmp(&one.similarity));
    let mut taken = BTreeSet::new();
    hits.retain(|hit| taken.insert(hit.owners.clone()));
    without_overlaps(hits, stream.chars.len())
}

fn wanted<'a>(entry: &'a Entry, found: &BTreeSet<Owner>) -> Option<Wanted<'a>> {
    let is_label = entry
        .owners
        .iter()
        .all(|owner| !matches!(owner, Owner::Words { .. } | Owner::Spare { .. } | Owner::Furniture { .. }));
    let lacking = entry.owners.iter().any(|owner| !found.contains(owner));
    let figures = entry.holes.iter().all(|kind| matches!(kind, Type::Integer | Type::Decimal));
    if !is_label || !lacking || !figures || entry.length < MIN_LENGTH {
        return None;
    }
    let mut signs = Vec::new();
    for part in &entry.template.parts {
        match part {
            Part::Literal(chars) => signs.extend(chars.iter().map(|ch| plain(*ch))),
            Part::Hole(_) => signs.push(FIGURE),
        }
    }
    let sketch = sketch(&signs);
    Some(Wanted { entry, signs, sketch })
}

/// A bit for each character: of two texts, each bit that only the first has is a character that the second lacks.
fn sketch(signs: &[char]) -> u64 {
    signs.iter().fold(0, |sketch, ch| sketch | 1 << (u32::from(*ch) % u64::BITS))
}

/// The labels that are wanted, by the lengths of the texts that they may be like.
struct ByLength<'a> {
    wanted: Vec<Wanted<'a>>,
    /// For each length the numbers of the labels, in order.
    numbers: Vec<Vec<usize>>,
}

impl<'a> ByLength<'a> {
    fn new(wanted: Vec<Wanted<'a>>) -> Self {
        let mut numbers: Vec<Vec<usize>> = Vec::new();
        for (number, label) in wanted.iter().enumerate() {
            let own = label.signs.len();
            let off = label.allowed(own).max(label.allowed(own + 1));
            numbers.resize(numbers.len().max(own + off + 1), Vec::new());
            for length in
                (own.saturating_sub(off)..=own + off).filter(|length| own.abs_diff(*length) <= label.allowed(*length))
            {
                if let Some(numbers) = numbers.get_mut(length) {
                    numbers.push(number);
                }
            }
        }
        ByLength { wanted, numbers }
    }

    /// Those that a text of so many signs may be, in order.
    fn of(&self, length: usize) -> impl Iterator<Item = &Wanted<'a>> {
        let numbers = self.numbers.get(length).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| self.wanted.get(*number))
    }
}

impl Wanted<'_> {
    /// How many characters may be wrong in a text of so many signs.
    fn allowed(&self, length: usize) -> usize {
        match self.entry.length {
            own if own < ANY_EDIT => usize::from(self.signs.len() != length),
            own => own / CHARS_PER_EDIT,
        }
    }
}

/// The tokens of the segment that no hit touches.
pub(super) fn free_tokens<'s>(stream: &'s Stream, segment: &Segment) -> Vec<&'s Token> {
    let mut covered = vec![false; segment.span.len()];
    for span in segment.hits.iter().flat_map(Hit::spans) {
        for at in span.clone() {
            if let Some(covered) = at.checked_sub(segment.span.start).and_then(|at| covered.get_mut(at)) {
                *covered = true;
            }
        }
    }
    let inside = |token: &&Token| segment.span.start <= token.span.start && token.span.end <= segment.span.end;
    let is_free = |token: &&Token| {
        let range = token.span.start - segment.span.start..token.span.end - segment.span.start;
        covered.get(range).is_some_and(|range| !range.contains(&true))
    };
    let first = stream.tokens.partition_point(|token| token.span.start < segment.span.start);
    let rest = stream.tokens.get(first..).unwrap_or_default().iter();
    let before_end = |token: &&Token| token.span.start < segment.span.end;
    rest.take_while(before_end).filter(inside).filter(is_free).collect()
}

/// Whether tokens can be the pieces of one label: in one cell, or one under the other, or side by side.
fn hang_together(tokens: &[&Token]) -> bool {
    tokens.windows(2).all(|pair| match pair {
        [one, other] => one.cell == other.cell && one.span.end == other.span.start && other.line <= one.line + 1,
        _ => true,
    })
}

/// The label that these tokens are nearly, up to a colon, if there is one and only one.
fn best(stream: &Stream, wanted: &ByLength, tokens: &[&Token]) -> Option<Hit> {
    let span = tokens.first()?.span.start..tokens.last()?.span.end;
    let chars = stream.chars.get(span.clone())?;
    let end = chars.iter().position(|char| char.ch == ':').unwrap_or(chars.len());
    let words = chars.iter().take(end).filter(|char| !char.ch.is_ascii_digit() && char.ch != '.');
    if words.count() >= wanted.numbers.len() {
        return None;
    }
    let (signs, figures) = signs(stream, span.start..span.start + end);
    let sketch = sketch(&signs);
    let mut near: Option<(f32, &Wanted)> = None;
    let mut rival = 0.0f32;
    for candidate in wanted.of(signs.len()) {
        let allowed = candidate.allowed(signs.len());
        if (candidate.sketch & !sketch).count_ones() as usize > allowed
            || shared(&candidate.signs, &signs) + allowed < candidate.signs.len()
        {
            continue;
        }
        let edits = generic_damerau_levenshtein(&candidate.signs, &signs);
        if edits > allowed || candidate.entry.holes.len() != figures.len() {
            continue;
        }
        let similarity = (1.0 - edits as f32 / candidate.signs.len() as f32).min(NEAR);
        match near {
            Some((best, it)) if similarity <= best => {
                if it.entry.owners != candidate.entry.owners {
                    rival = rival.max(similarity);
                }
            }
            Some((best, it)) => {
                if it.entry.owners != candidate.entry.owners {
                    rival = rival.max(best);
                }
                near = Some((similarity, candidate));
            }
            None => near = Some((similarity, candidate)),
        }
    }
    let (similarity, found) = near.filter(|(similarity, _)| *similarity > rival)?;
    let label = span.start..span.start + end;
    let mut fragments = Vec::new();
    let mut at = label.start;
    for figure in &figures {
        if at < figure.start {
            fragments.push(at..figure.start);
        }
        at = figure.end;
    }
    if at < label.end {
        fragments.push(at..label.end);
    }
    Hit::new(found.entry, fragments, figures, similarity, false)
}

/// The characters of a span for comparison, and where its figures stand.
pub(super) fn signs(stream: &Stream, span: Span) -> (Vec<char>, Vec<Span>) {
    let mut signs: Vec<char> = Vec::new();
    let mut figures: Vec<Span> = Vec::new();
    for at in span {
        let Some(ch) = stream.chars.get(at).map(|char| char.ch) else { break };
        let in_figure = figures.last().is_some_and(|figure| figure.end == at);
        if ch.is_ascii_digit() || (ch == '.' && in_figure) {
            match figures.last_mut().filter(|_| in_figure) {
                Some(figure) => figure.end = at + 1,
                None => {
                    figures.push(at..at + 1);
                    signs.push(FIGURE);
                }
            }
        } else {
            signs.push(plain(ch));
        }
    }
    (signs, figures)
}

/// How many characters two texts share, whatever their order; a bound of their likeness that is cheap to have.
pub(super) fn shared(one: &[char], other: &[char]) -> usize {
    let mut left: Vec<char> = other.to_vec();
    let mut count = 0;
    for ch in one {
        if let Some(at) = left.iter().position(|it| it == ch) {
            left.swap_remove(at);
            count += 1;
        }
    }
    count
}

/// Characters that a scanner takes for one another, or that the eye does: each group stands for its first.
const ALIKE: &[&str] = &[
    "预顶颁",
    "算箅",
    "执拙轨",
    "率卒",
    "评坪",
    "项顷",
    "目日曰自",
    "位仿",
    "称弥",
    "管菅",
    "实买",
    "施旌",
    "主王",
    "部邵",
    "门们",
    "绩债",
    "效敖",
    "指揩",
    "标际",
    "值俏什",
    "完宂",
    "成戌",
    "情惰",
    "况况",
    "得碍",
    "分兮",
    "原厚",
    "因囚",
    "措惜",
    "资贷",
    "金全",
    "额颔",
    "总忘",
    "度廋",
    "财则",
    "拨拔",
    "构沟",
    "案桉",
    "种冲",
    "己已巳",
    "人入八",
];

/// A character with its look-alikes made one.
pub(super) fn plain(ch: char) -> char {
    static FIRSTS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
        let groups = ALIKE.iter().filter_map(|group| Some((group, group.chars().next()?)));
        let mut firsts: Vec<(char, char)> =
            groups.flat_map(|(group, first)| group.chars().map(move |ch| (ch, first))).collect();
        // A character of two groups stands for the first one's.
        firsts.sort_by_key(|(ch, _)| *ch);
        firsts.dedup_by_key(|(ch, _)| *ch);
        firsts
    });
    let found = FIRSTS.binary_search_by_key(&ch, |(ch, _)| *ch);
    found.ok().and_then(|at| FIRSTS.get(at)).map_or(ch, |(_, first)| *first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::lay_out;
    use crate::pattern::Patterns;
    use crate::recognise::hits::exact_hits;
    use crate::recognise::lexicon::Index;
    use crate::source::{Options, read};

    fn near(text: &str) -> Vec<String> {
        let layout = lay_out(&read(text.as_bytes(), &Options::default()));
        let stream = Stream::new(&layout);
        let patterns = Patterns::builtin();
        let pattern = patterns.list.iter().find(|pattern| pattern.id == "wuhan-self-evaluation").unwrap();
        let lexicon = Lexicon::new(pattern);
        let sightings = Index::new([&lexicon]).search(&stream).remove(0);
        let hits = exact_hits(&stream, &lexicon, &sightings);
        let segment = Segment { span: 0..stream.chars.len(), hits, ..Segment::default() };
        let hits = near_hits(&stream, &lexicon, &segment);
        hits.iter().map(|hit| hit.fragments.iter().map(|span| stream.text_of(span)).collect::<String>()).collect()
    }

    #[test]
    fn reads_damaged_labels() {
        for damaged in [
            "项目名弥",                     // a look-alike
            "主菅部门",                     // a look-alike
            "项目施单位",                   // a character lost
            "单位名名称：甲局",             // one doubled, and a value behind a colon
            "偏差大或目标未完成原\n囚分析", // over a line break
            "全年买际完成情况",
            "预算执行惰况（20分）", // a figure in it
        ] {
            assert_eq!(near(damaged).len(), 1, "{damaged}");
        }
    }

    #[test]
    fn takes_no_other_text_for_a_label() {
        for text in [
            "项目进度",
            "数量充足",
            "得兮",
            "村级道路硬化",
            "主管护士",
            "质量指数",
            "服务对象满意度",
            "全年完成了三次培训",
        ] {
            assert_eq!(near(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn exact_labels_are_not_looked_for_again() {
        assert_eq!(near("项目名称\n甲\n项目名弥\n乙"), Vec::<String>::new());
    }
}
