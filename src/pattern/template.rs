//! Label texts with holes: `预算执行情况（{budget_weight}分）`.

use crate::fold::fold_text;

/// A text of a form, folded, with holes where figures or names vary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// As the pattern writes it.
    pub text: String,
    /// Its folded parts in order.
    pub parts: Vec<Part>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Folded characters that stand there as they are.
    Literal(Vec<char>),
    /// A place for the value of a field: its id, or empty for the field that owns the template.
    Hole(String),
}

impl Template {
    /// Reads a template. Gives the byte offset and the reason when a brace is left open or stands alone.
    pub fn parse(text: &str) -> Result<Template, (usize, &'static str)> {
        let mut parts = Vec::new();
        let mut rest = text;
        let mut offset = 0;
        while let Some(at) = rest.find(['{', '}']) {
            if rest[at..].starts_with('}') {
                return Err((offset + at, "a closing brace without an opening one"));
            }
            let end = rest[at..].find('}').ok_or((offset + at, "an opening brace without a closing one"))? + at;
            push_literal(&mut parts, &rest[..at]);
            parts.push(Part::Hole(rest[at + 1..end].trim().to_owned()));
            offset += end + 1;
            rest = &rest[end + 1..];
        }
        push_literal(&mut parts, rest);
        Ok(Template { text: text.to_owned(), parts })
    }

    /// The folded characters without the holes.
    pub fn literal(&self) -> Vec<char> {
        self.parts
            .iter()
            .flat_map(|part| match part {
                Part::Literal(chars) => chars.as_slice(),
                Part::Hole(_) => &[],
            })
            .copied()
            .collect()
    }

    /// How many folded characters it has without the holes.
    pub(crate) fn length(&self) -> usize {
        let length = |part: &Part| match part {
            Part::Literal(chars) => chars.len(),
            Part::Hole(_) => 0,
        };
        self.parts.iter().map(length).sum()
    }

    /// This template with `other` right behind it.
    pub fn followed_by(&self, other: &Template) -> Template {
        let mut parts = self.parts.clone();
        let mut rest = other.parts.iter();
        if let (Some(Part::Literal(last)), Some(Part::Literal(first))) = (parts.last_mut(), other.parts.first()) {
            last.extend(first);
            rest.next();
        }
        parts.extend(rest.cloned());
        Template { text: format!("{}{}", self.text, other.text), parts }
    }

    /// Whether it has a hole.
    pub fn has_holes(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Hole(_)))
    }
}

fn push_literal(parts: &mut Vec<Part>, text: &str) {
    let chars: Vec<char> = fold_text(text).chars().collect();
    if !chars.is_empty() {
        parts.push(Part::Literal(chars));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_holes() {
        let template = Template::parse("绩效指标（{indicators_weight} 分）").unwrap();
        assert_eq!(template.literal().iter().collect::<String>(), "绩效指标(分)");
        assert_eq!(template.parts[1], Part::Hole("indicators_weight".into()));
        assert!(Template::parse("（{").is_err());
        assert!(Template::parse("}").is_err());
    }
}
