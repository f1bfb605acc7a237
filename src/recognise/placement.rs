//! How a text came to its field or cell.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::lexicon::Owner;

/// How a text came to its field or cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Placement {
    /// The label is there and nothing else.
    #[default]
    Blank,
    /// The printed words are themselves the value: a title.
    Words,
    /// It stands in a hole of a label or heading: 预算执行（20分）.
    Hole,
    /// It stands in a hole of another value, and the field has no text of its own: a project's name in the title.
    StandIn,
    /// It stands in front of another value, joined to it by a dash.
    Code,
    /// It stands behind its label in the same cell.
    SameCell,
    /// It stands in the cell right of its label.
    RightOfLabel,
    /// It stands under the head of its column.
    UnderHead,
    /// It is the printed label of its row.
    RowLabel,
    /// It is the merged heading that the row stands under.
    Heading,
    /// It stands in the row that adds up the table.
    TotalRow,
    /// It stands once for the whole table.
    BlockScore,
    /// It comes behind its label in the order of the text.
    AfterLabel,
    /// It comes before its label in the order of the text.
    BeforeLabel,
    /// It comes in the order in which the text goes over the rows of the table.
    InRow,
    /// Its cell is merged with one above, in which the value stands.
    Shared,
}

impl Placement {
    /// How the text of a whole cell comes to what `owner` stands for.
    pub(crate) fn in_cell(owner: Owner) -> Placement {
        match owner {
            Owner::Column { .. } | Owner::RowLabel { .. } => Placement::UnderHead,
            Owner::Total { .. } => Placement::TotalRow,
            _ => Placement::RightOfLabel,
        }
    }
}
