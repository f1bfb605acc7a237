//! Why forms came out as they did: the pattern that was taken and the next best one, the label that has each value,
//! what else the value could have been, and the label nearest to each piece of text that nothing has.
//!
//! All of it is worked out when it is asked for; reading a form keeps no more for it than how each text was placed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::placement::Placement;
use super::segment::Segment;
use super::stream::Stream;
use super::{Recogniser, assemble, cells, draft, overlap};
use crate::layout::Layout;
use crate::message::Message;
use crate::record::{Extent, Where};

mod nearest;
mod paths;
mod rivals;
mod values;

/// Why one form came out as it did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct FormExplained {
    /// Number of the form in its document, from 1.
    pub form: usize,
    /// Id of the pattern that it was read with.
    pub pattern: String,
    /// Name of that pattern.
    pub name: Message,
    /// The pages or lines that it takes up.
    #[serde(rename = "where")]
    pub extent: Extent,
    /// How the pattern was chosen.
    pub choice: Choice,
    /// Whether it was read by its cells, or in the order of its text.
    pub read: ReadBy,
    /// Its values, in the order of the record.
    pub values: Vec<ValueExplained>,
    /// Its text that no label and no value has.
    pub unmatched: Vec<PieceExplained>,
}

/// How the pattern of a form was chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Choice {
    /// What speaks for the pattern: characters of its labels that were found, less those of the labels that every form
    /// of the family has and this one lacks.
    pub evidence: f64,
    /// Share of the labels that every form of the family has which were found, from 0 to 1.
    pub coverage: f64,
    /// The pattern that came next for the same stretch of the document; null when none came near.
    pub runner_up: Option<RunnerUp>,
    /// How much more evidence the pattern has than the runner-up, in characters.
    pub margin: Option<f64>,
}

/// A pattern that was not taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RunnerUp {
    /// Its id.
    pub pattern: String,
    /// Its name.
    pub name: Message,
    /// See [`Choice::evidence`].
    pub evidence: f64,
    /// See [`Choice::coverage`].
    pub coverage: f64,
}

/// What a form was read by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ReadBy {
    /// Its cells, and the lines around them in their order.
    Cells,
    /// The order of its text.
    Order,
}

/// Why a value is what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ValueExplained {
    /// Where it stands in the record: `fields.unit`, `tables.budget[0].score`.
    pub path: String,
    /// Its text.
    pub raw: String,
    /// Where it stands in the document; for a blank one, where its label does.
    #[serde(rename = "where")]
    pub place: Where,
    /// As in the record.
    pub confidence: f64,
    /// How it was placed.
    pub placed: Placement,
    /// The label, head or heading that claimed it; null when none did.
    pub label: Option<LabelExplained>,
    /// What else it could have been, the likeliest first. Forms far larger than any that people fill in have none.
    pub lost: Vec<Lost>,
}

impl ValueExplained {
    /// Whether `name` names the value; see [`Explanation::keep`](crate::Explanation::keep).
    pub fn is_called(&self, name: &str) -> bool {
        let path = self.path.as_str();
        let short = path.split_once('.').map_or(path, |(_, short)| short);
        let within =
            |whole: &str| whole.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']));
        within(path) || within(short) || path.rsplit_once('.').is_some_and(|(_, id)| id == name)
    }
}

/// A label that claimed a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct LabelExplained {
    /// Its text in the document.
    pub text: String,
    /// Where it stands.
    #[serde(rename = "where")]
    pub place: Where,
    /// How like the pattern's text it is: 1 when it is exact, 0.9 when it was put together from pieces that stand apart.
    pub similarity: f64,
}

/// What a value could have been and is not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Lost {
    /// Where it would have stood in the record, or what it would have been.
    pub path: String,
    /// How much dearer it would have been, in doubts; 4 are as dear as not to understand the text. Null where the
    /// layout decides and nothing is weighed.
    pub dearer: Option<f64>,
    /// Why it lost.
    pub why: Message,
}

/// Text that nothing has, with the label that it is most like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PieceExplained {
    /// The text.
    pub text: String,
    /// Where it stands.
    #[serde(rename = "where")]
    pub place: Where,
    /// The label of the pattern that it is most like; null when it shares not a character with any.
    pub nearest: Option<Nearest>,
}

/// A label that some text is like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Nearest {
    /// The label as the pattern has it.
    pub label: String,
    /// What it is the label of.
    pub path: String,
    /// From 0 to 1: the share of its characters that need no change.
    pub similarity: f64,
}

impl Recogniser {
    /// Why the forms of `layout` come out as they do, in the order in which [`Recogniser::recognise`] gives them.
    pub fn explain(&self, layout: &Layout) -> Vec<FormExplained> {
        let stream = Stream::new(layout);
        let candidates = self.candidates(&stream, layout);
        let mut explained = Vec::new();
        for (family, mut segment) in self.segments(&stream, layout) {
            let Some((pattern, lexicon)) = self.families.get(family).filter(|(pattern, _)| !pattern.look_alike) else {
                continue;
            };
            let choice = self.choice(family, &segment, &candidates);
            let draft = draft(&stream, layout, &mut segment, pattern, lexicon);
            let gridded = cells::is_gridded(&stream, &segment);
            let (form, _) = assemble::assemble(&draft, &stream, layout, &segment, pattern);
            let ways = rivals::rivals(&stream, &segment, pattern, gridded);
            let unmatched = form.unmatched.iter().map(|piece| PieceExplained {
                text: piece.text.clone(),
                place: piece.place.clone(),
                nearest: nearest::nearest(&piece.text, lexicon, pattern),
            });
            explained.push(FormExplained {
                form: explained.len() + 1,
                pattern: pattern.id.clone(),
                name: pattern.name.clone(),
                extent: form.extent,
                choice,
                read: if gridded { ReadBy::Cells } else { ReadBy::Order },
                values: values::values(&stream, layout, &segment, pattern, &draft, &form, &ways),
                unmatched: unmatched.collect(),
            });
        }
        explained
    }

    fn choice(&self, family: usize, segment: &Segment, candidates: &[(usize, Segment)]) -> Choice {
        let rival = candidates.iter().find(|(of, other)| *of != family && overlap(&other.span, &segment.span));
        let runner_up = rival.and_then(|(of, other)| {
            let (pattern, _) = self.families.get(*of)?;
            Some(RunnerUp {
                pattern: pattern.id.clone(),
                name: pattern.name.clone(),
                evidence: other.evidence,
                coverage: assemble::rounded(other.coverage),
            })
        });
        Choice {
            evidence: segment.evidence,
            coverage: assemble::rounded(segment.coverage),
            margin: runner_up.as_ref().map(|runner_up| segment.evidence - runner_up.evidence),
            runner_up,
        }
    }
}
