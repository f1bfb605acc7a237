//! Where forms begin and end in a document, and what an ambiguous label stands for in its form.

use std::collections::BTreeSet;

use super::hits::Hit;
use super::lexicon::{Lexicon, Owner, Sightings};
use super::stream::{Span, Stream};
use crate::pattern::{Body, Pattern};

/// A form has at least this many different texts of its pattern; fewer are a mention of a form, not a form.
/// The smallest family known has some twenty.
const MIN_LABELS: usize = 6;
/// And at least this share of the labels that the pattern calls required. A form cut in half has half.
const MIN_COVERAGE: f64 = 0.35;
/// Without anything that a form opens with it needs this share: a glossary explains the words of forms, too.
const MIN_COVERAGE_UNOPENED: f64 = 0.5;

/// Two stretches with no more than this share of the smaller one's labels in common are one form's halves. Halves
/// seen have at most one heading twice; two forms of a family share nine tenths.
const MAX_COMMON: f64 = 0.3;

/// A stretch of the document that one form takes up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Segment {
    pub(crate) span: Span,
    /// Its hits, in order, each with its owner settled.
    pub(crate) hits: Vec<Hit>,
    /// Share of the required labels that were found.
    pub(crate) coverage: f64,
    /// How much speaks for the pattern: characters of its labels that were found, less those that every form of it
    /// has and this one lacks.
    pub(crate) evidence: f64,
}

impl Segment {
    /// Takes in hits that were found later.
    pub(crate) fn add(&mut self, hits: Vec<Hit>, lexicon: &Lexicon) {
        if hits.is_empty() {
            return;
        }
        self.hits.extend(hits);
        self.hits.sort_by_cached_key(Hit::start);
        settle_owners(&mut self.hits);
        let found = lengths(&self.hits);
        self.coverage = coverage(&found, lexicon);
        self.evidence = evidence(&found, lexicon);
    }

    /// The sections after which the form has no label more: it is cut there.
    pub(crate) fn missing_sections(&self, pattern: &Pattern) -> Vec<String> {
        let found: BTreeSet<usize> = self.hits.iter().filter_map(|hit| hit.owner.section()).collect();
        let sections = pattern.sections.iter().enumerate().filter(|(_, section)| !section.optional);
        let missing = sections.filter(|(number, _)| !found.contains(number));
        missing.map(|(_, section)| section.id.clone()).collect()
    }
}

/// Whether the document may hold a form of the pattern, by where its texts may stand.
pub(crate) fn may_be_form(lexicon: &Lexicon, sightings: &Sightings) -> bool {
    lexicon.coverage_at_most(sightings) >= MIN_COVERAGE
}

/// Whether a title of the pattern's forms may stand in the document.
pub(crate) fn may_have_title(pattern: &Pattern, lexicon: &Lexicon, sightings: &Sightings) -> bool {
    let entries = sightings.entries.iter().filter_map(|sighting| lexicon.entries.get(sighting.entry));
    entries.flat_map(|entry| entry.owners.iter()).any(|owner| opens_as_title(*owner, pattern))
}

/// Where a form opens with words of its own, a title: the beginnings of forms for every pattern.
pub(crate) fn titles<'h>(hits: &'h [Hit], pattern: &'h Pattern) -> impl Iterator<Item = usize> + 'h {
    hits.iter().filter(|hit| is_title(hit, pattern)).map(Hit::start)
}

/// Cuts the document into forms of `pattern`. `titles` are the places, in order, where a form of any pattern opens.
pub(crate) fn segments(
    stream: &Stream,
    hits: Vec<Hit>,
    pattern: &Pattern,
    lexicon: &Lexicon,
    titles: &[usize],
) -> Vec<Segment> {
    let mut groups: Vec<Vec<Hit>> = vec![Vec::new()];
    // Where the text of each group begins: at the title before it, be it that of another pattern.
    let mut cuts = vec![0];
    let mut body_seen = false;
    let mut last = 0;
    for hit in hits {
        let start = hit.start();
        let opens = opening(&hit, pattern);
        // A title opens a form always; what else can open one does so when it comes again.
        let again = |group: &Vec<Hit>| opens.is_some() && group.iter().any(|other| opening(other, pattern) == opens);
        let titled = titles.get(titles.partition_point(|title| *title < last)).filter(|title| **title <= start);
        last = start + 1;
        let repeated = groups.last().is_some_and(again);
        if (titled.is_some() || repeated) && body_seen {
            let cut = titled.copied().unwrap_or(start);
            let before = groups.last_mut().map(|group| right_before(stream, group, cut, pattern)).unwrap_or_default();
            cuts.push(before.first().map_or(cut, Hit::start));
            groups.push(before);
            body_seen = false;
        } else if is_title(&hit, pattern) && !body_seen && repeated {
            // The words of a title on a cover, or in a sentence, are none: the last one stands over the form.
            groups.push(Vec::new());
            cuts.push(start);
        }
        body_seen |= opens.is_none() && is_body(&hit, pattern);
        if let Some(group) = groups.last_mut() {
            group.push(hit);
        }
    }
    let is_title_at = |at: usize| titles.binary_search(&at).is_ok();
    let mut joined: Vec<(usize, Vec<Hit>)> = Vec::new();
    for (cut, group) in cuts.into_iter().zip(groups) {
        match joined.last_mut() {
            Some((first, before))
                if !(is_title_at(*first) && is_title_at(cut)) && are_one_form(before, &group, pattern) =>
            {
                before.extend(group);
            }
            _ => joined.push((cut, group)),
        }
    }
    joined.iter_mut().for_each(|(_, group)| trim_front(stream, group));
    let ends: Vec<usize> = joined.iter().skip(1).map(|(cut, _)| *cut).chain([stream.chars.len()]).collect();
    let mut segments = Vec::new();
    for ((_, mut hits), end) in joined.into_iter().zip(ends) {
        let Some(start) = hits.first().map(Hit::start) else { continue };
        settle_owners(&mut hits);
        let found = lengths(&hits);
        let coverage = coverage(&found, lexicon);
        let opened = hits.iter().any(|hit| opening(hit, pattern).is_some());
        let enough = if opened { MIN_COVERAGE } else { MIN_COVERAGE_UNOPENED };
        if coverage >= enough && found.len() >= MIN_LABELS {
            let evidence = evidence(&found, lexicon);
            segments.push(Segment { span: start..end, hits, coverage, evidence });
        }
    }
    segments
}

/// What a form opens with at this hit.
fn opening(hit: &Hit, pattern: &Pattern) -> Option<Owner> {
    hit.owners.iter().copied().find(|owner| opens(*owner, pattern))
}

/// Whether two stretches are the halves of one form: a dump may give a form's head behind its table, or the short
/// cells of the whole form first and the wrapped ones after. Then the one has what the other lacks.
fn are_one_form(one: &[Hit], other: &[Hit], pattern: &Pattern) -> bool {
    // What can stand for several things may well stand in both halves: 自评得分 in the head, and over a column.
    let labels = |hits: &[Hit]| -> BTreeSet<Owner> {
        let owners = hits.iter().filter(|hit| hit.owners.len() == 1).map(|hit| hit.owner);
        owners
            .filter(|owner| {
                // A section may have several headings, of which each half gives one.
                let many = matches!(owner, Owner::Word { .. } | Owner::Heading { .. });
                !many && !matches!(owner, Owner::Spare { .. } | Owner::Furniture { .. })
            })
            .collect()
    };
    let (one, other) = (labels(one), labels(other));
    if !other.iter().chain(&one).any(|owner| opens(*owner, pattern)) {
        return false;
    }
    let common = one.intersection(&other).count() as f64;
    common <= MAX_COMMON * one.len().min(other.len()) as f64
}

fn opens(owner: Owner, pattern: &Pattern) -> bool {
    match owner {
        Owner::Words { section, field } | Owner::Label { section, field } => {
            pattern.sections.get(section).is_some_and(|section| match &section.body {
                Body::Fields(fields) => fields.get(field).is_some_and(|field| field.opens),
                Body::Table(_) => false,
            })
        }
        _ => false,
    }
}

/// Whether the hit is the title of a form: words that every form of the pattern opens with.
fn is_title(hit: &Hit, pattern: &Pattern) -> bool {
    opening(hit, pattern).is_some_and(|owner| opens_as_title(owner, pattern))
}

fn opens_as_title(owner: Owner, pattern: &Pattern) -> bool {
    match owner {
        Owner::Words { section, field } => match pattern.sections.get(section).map(|section| &section.body) {
            Some(Body::Fields(fields)) => fields.get(field).is_some_and(|field| field.opens && field.required),
            _ => false,
        },
        _ => false,
    }
}

/// Takes from the end of `group` the hits that open the next form right before its title at `cut`: 附件1.
fn right_before(stream: &Stream, group: &mut Vec<Hit>, cut: usize, pattern: &Pattern) -> Vec<Hit> {
    let mut from = group.len();
    let mut next = cut;
    while let Some(hit) = from.checked_sub(1).and_then(|at| group.get(at)) {
        let holes = matches!(hit.owner, Owner::Label { .. }) && !hit.holes.is_empty();
        if hit.end() < next && !same_line(stream, hit.start(), next) || !(holes || opening(hit, pattern).is_some()) {
            break;
        }
        next = hit.start();
        from -= 1;
    }
    group.split_off(from)
}

fn same_line(stream: &Stream, one: usize, other: usize) -> bool {
    let line = |at: usize| stream.token_of(at).map(|token| token.line);
    line(one) == line(other)
}

/// Drops the hits before a form's own that are a mention: a year in the title of the report around it. One that
/// stands right before the form, with nothing between, is the form's.
fn trim_front(stream: &Stream, group: &mut Vec<Hit>) {
    let weak = |hit: &Hit| match hit.owner {
        Owner::Label { .. } => !hit.holes.is_empty(),
        owner => owner.section().is_none(),
    };
    let Some(mut first) = group.iter().position(|hit| !weak(hit)) else { return };
    let near = |one: &Hit, other: &Hit| other.start() <= one.end() || same_line(stream, one.start(), other.start());
    while first > 0 && near(&group[first - 1], &group[first]) {
        first -= 1;
    }
    group.drain(..first);
}

/// Whether the hit belongs to the part of a form below its head.
fn is_body(hit: &Hit, pattern: &Pattern) -> bool {
    hit.owners.iter().all(|owner| {
        owner.section().and_then(|section| pattern.sections.get(section)).is_some_and(|section| match &section.body {
            Body::Fields(fields) => !fields.iter().any(|field| field.opens),
            Body::Table(_) => true,
        })
    })
}

/// Settles what each hit of a form stands for, where its text may stand for several things: the one whose
/// section has an unmistakable hit nearest, and which no nearer hit has taken already.
pub(crate) fn settle_owners(hits: &mut [Hit]) {
    let certain: Vec<Option<usize>> = hits
        .iter()
        .map(|hit| {
            let mut sections = hit.owners.iter().map(|owner| owner.section());
            let first = sections.next().flatten();
            if sections.all(|section| section == first) { first } else { None }
        })
        .collect();
    let mut taken = BTreeSet::new();
    for at in 0..hits.len() {
        let Some(hit) = hits.get(at) else { continue };
        let choices = &hit.owners;
        if choices.len() == 1 {
            continue;
        }
        let distance = |owner: &Owner| {
            let section = owner.section();
            let before = (0..at).rev().position(|other| section.is_some() && certain[other] == section);
            let after = (at + 1..hits.len()).position(|other| section.is_some() && certain[other] == section);
            // What stands before counts as nearer: a head row ends more often than it begins with such a label.
            let before = before.map_or(usize::MAX, |distance| 2 * distance);
            let after = after.map_or(usize::MAX, |distance| 2 * distance + 1);
            before.min(after)
        };
        let once = |owner: &Owner| matches!(owner, Owner::Column { .. } | Owner::Label { .. });
        let best = choices
            .iter()
            .filter(|owner| !once(owner) || !taken.contains(*owner))
            .min_by_key(|owner| distance(owner))
            .or(choices.first())
            .copied();
        if let (Some(best), Some(hit)) = (best, hits.get_mut(at)) {
            if once(&best) {
                taken.insert(best);
            }
            hit.owner = best;
        }
    }
}

/// What the hits stand for, in order, each once, with the length of its longest label.
fn lengths(hits: &[Hit]) -> Vec<(Owner, usize)> {
    let length = |hit: &Hit| hit.fragments.iter().map(|span| span.len()).sum();
    let mut found: Vec<(Owner, usize)> = hits.iter().map(|hit| (hit.owner, length(hit))).collect();
    found.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
    found.dedup_by_key(|(owner, _)| *owner);
    found
}

fn has_any(found: &[(Owner, usize)], owners: &[Owner]) -> bool {
    owners.iter().any(|owner| found.binary_search_by_key(owner, |(owner, _)| *owner).is_ok())
}

/// The share of the labels that every form of the pattern has which were found: required fields with a label, columns,
/// headings.
fn coverage(found: &[(Owner, usize)], lexicon: &Lexicon) -> f64 {
    let there = lexicon.wanted.iter().filter(|(owners, _)| has_any(found, owners)).count();
    if lexicon.wanted.is_empty() { 0.0 } else { there as f64 / lexicon.wanted.len() as f64 }
}

/// See [`Segment::evidence`]. A label found twice counts once.
fn evidence(found: &[(Owner, usize)], lexicon: &Lexicon) -> f64 {
    let own = found.iter().filter(|(owner, _)| owner.section().is_some()).map(|(_, length)| length);
    let missing = lexicon.wanted.iter().filter(|(owners, _)| !has_any(found, owners)).map(|(_, length)| length);
    own.sum::<usize>() as f64 - missing.sum::<usize>() as f64
}
