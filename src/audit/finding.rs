//! The making of a [`Check`]: what all checks have in common is written once, here.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::context::{Context, Lack, Policy, Spot, Why};
use super::interval::Interval;
use crate::message::Message;
use crate::pattern::Rule;
use crate::record::{Check, Datum, Figure, Severity, Verdict};

/// Places that a computed figure is shown to when the stated one has fewer: points and rates are scored to hundredths.
const PLACES: u32 = 2;

/// At most this many lacking figures are named in a message; further ones are counted.
const LACKS_NAMED: usize = 3;

/// A check in the making.
pub(super) struct Finding<'a> {
    context: Context<'a>,
    check: Check,
    /// The references so far.
    named: BTreeSet<String>,
    /// The sentence by which the form prints a rule of its own, where the verdict would go by another.
    own: Option<&'a str>,
}

impl<'a> Finding<'a> {
    /// A check of the value at `spot`, computed from those at `from`. `severity` is that of an inconsistency, unless
    /// the pattern's rule says otherwise.
    pub(super) fn new(context: Context<'a>, id: &str, severity: Severity, spot: Spot<'a>) -> Self {
        let rule = context.policy(id).rule();
        let path = context.owner(spot).path();
        let finding = Finding {
            context,
            check: Check {
                id: id.to_owned(),
                verdict: Verdict::Unverifiable,
                severity,
                stated: context.datum(spot),
                computed: None,
                interval: None,
                formula: String::new(),
                refs: vec![path.clone()],
                basis: None,
                policy: None,
                message: Message::default(),
                hint: None,
                elsewhere: None,
            },
            named: BTreeSet::from([path]),
            own: None,
        };
        match rule {
            Some(rule) => finding.by(rule),
            None => finding,
        }
    }

    /// The same, governed by `rule`.
    fn by(mut self, rule: &Rule) -> Self {
        self.check.severity = rule.severity.unwrap_or(self.check.severity);
        self.check.basis = Some(rule.source.get(self.context.lang).to_owned());
        self.check.policy = Some(rule.id.clone());
        self
    }

    /// The same as plain arithmetic, whatever the policy says.
    pub(super) fn arithmetic(mut self, severity: Severity) -> Self {
        self.check.severity = severity;
        self.check.basis = None;
        self.check.policy = None;
        self
    }

    /// The same, the verdict to go by the rule: where the form prints one of its own, that of another proves nothing.
    pub(super) fn giving_way(mut self) -> Self {
        let id = &self.check.id;
        self.own = self.context.rules.own(id, self.context.policy(id).rule());
        self
    }

    /// The same, nothing being stated: the figures that it is computed from are themselves in question.
    pub(super) fn unstated(mut self) -> Self {
        self.check.stated = Datum::Null;
        self
    }

    /// The same with the places that it is computed from; each is named once.
    pub(super) fn from(mut self, spots: impl IntoIterator<Item = Spot<'a>>) -> Self {
        for spot in spots {
            let path = self.context.owner(spot).path();
            if self.named.insert(path.clone()) {
                self.check.refs.push(path);
            }
        }
        self
    }

    /// The same with its formula, the figures filled in.
    pub(super) fn formula(mut self, formula: impl Into<String>) -> Self {
        self.check.formula = formula.into();
        self
    }

    /// The same with what came out: the likeliest figure and the interval that the stated figures allow.
    pub(super) fn computed(mut self, figure: Decimal, interval: Interval) -> Self {
        let places = self.check.stated.number().map_or(PLACES, |stated| stated.scale().max(PLACES));
        self.check.computed = Some(Figure(super::interval::rounded(figure, places)));
        self.check.interval = Some(interval.shown(places.saturating_add(1)).map(Figure));
        self
    }

    /// The computed figure as it is shown.
    pub(super) fn shown(&self) -> String {
        self.check.computed.map(|figure| figure.0.to_string()).unwrap_or_default()
    }

    /// The formula as it is shown.
    pub(super) fn formula_shown(&self) -> &str {
        &self.check.formula
    }

    /// The figures agree.
    pub(super) fn consistent(self, message: Message) -> Check {
        self.ends(Verdict::Consistent, message)
    }

    /// The figures agree after a fashion that is worth knowing.
    pub(super) fn consistent_but(mut self, message: Message) -> Check {
        self.check.severity = Severity::Info;
        self.ends(Verdict::Consistent, message)
    }

    /// The figures disagree.
    pub(super) fn inconsistent(self, message: Message) -> Check {
        self.ends(Verdict::Inconsistent, message)
    }

    fn ends(self, verdict: Verdict, message: Message) -> Check {
        let Some(own) = self.own else { return Check { verdict, message, ..self.check } };
        self.unverifiable(Message::new(
            format!("无法核对（本表另印有规则：“{own}”）：{}", message.zh),
            format!("Not verifiable (the form prints a rule of its own: “{own}”): {}", message.en),
        ))
    }

    /// The check cannot be made, and the message says why.
    pub(super) fn unverifiable(self, message: Message) -> Check {
        Check { verdict: Verdict::Unverifiable, message, ..self.check }
    }

    /// The check cannot be made for want of these figures.
    pub(super) fn lacking(self, lacks: &[Lack<'a>]) -> Check {
        let message = wanting(self.context, lacks);
        self.from(lacks.iter().map(|lack| lack.spot)).unverifiable(message)
    }

    /// The check cannot be made because a figure leaves the range of exact arithmetic.
    pub(super) fn out_of_range(self) -> Check {
        self.unverifiable(Message::new(
            "无法核对：数字超出精确计算的范围，请核对原文。",
            "Not verifiable: a figure is beyond exact arithmetic; look at the document.",
        ))
    }
}

/// Whether the pattern has switched the check off.
pub(super) fn is_off(context: Context<'_>, id: &str) -> bool {
    matches!(context.policy(id), Policy::Off)
}

/// Says which figures are wanted and what was found instead.
fn wanting(context: Context<'_>, lacks: &[Lack<'_>]) -> Message {
    let mut zh = Vec::new();
    let mut en = Vec::new();
    for lack in lacks.iter().take(LACKS_NAMED) {
        let name = context.name(lack.spot);
        let raw = context.raw(lack.spot);
        let (zh_why, en_why) = match lack.why {
            Why::Absent => ("表中未见".to_owned(), "is not in the form as read".to_owned()),
            Why::Blank => ("为空".to_owned(), "is blank".to_owned()),
            Why::Unreadable => (format!("“{raw}”不是数字"), format!("reads “{raw}”, which is no figure")),
            Why::Doubtful => (format!("“{raw}”的读取存疑"), format!("reads “{raw}”, which is doubtful")),
            Why::OtherUnit => {
                (format!("“{raw}”与其他金额的单位不一致"), format!("reads “{raw}”, in another unit than other amounts"))
            }
        };
        zh.push(format!("{}{zh_why}", name.zh));
        en.push(format!("{} {en_why}", name.en));
    }
    let (mut zh, mut en) = (zh.join("，"), en.join(", "));
    if let Some(more) = lacks.len().checked_sub(LACKS_NAMED).filter(|more| *more > 0) {
        zh.push_str(&format!("，另有{more}处"));
        en.push_str(&format!(", and {more} more"));
    }
    Message {
        zh: format!("无法核对：{zh}；请对照原文。"), en: format!("Not verifiable: {en}; look at the document.")
    }
}
