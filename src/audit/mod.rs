//! A form to its checks: every stated score and rate re-computed with intervals.
//!
//! One file a family of checks; `manual/` has a page for each: what is checked, why it matters, an example, the source
//! of the rule. The checks know nothing of how the form was read. What they lean on must be sure: a value
//! that is missing, unreadable, doubtful or chosen by arithmetic makes a check unverifiable, never an error.

use crate::message::Lang;
use crate::pattern::Pattern;
use crate::record::{Check, Form};

mod amount;
mod archive;
mod bounds;
mod budget;
mod complete;
mod context;
mod deadline;
mod departments;
mod doubled;
mod doubt;
mod excess;
mod finding;
mod goals;
mod grade;
mod hints;
mod indicators;
pub mod interval;
mod kind;
mod levels;
pub mod manual;
mod marks;
mod names;
mod parts;
mod period;
mod placeholder;
mod quantity;
mod ratio;
mod rules;
mod scale;
mod selection;
mod sources;
mod spending;
mod stretch;
mod subtotal;
mod sum;
mod target;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tier;
mod totals;
mod unit;

pub use archive::Archive;
pub use budget::settle_rates;
pub use doubt::soften;
pub use selection::Selection;

use context::Context;
use rules::Rules;
use subtotal::Subtotals;

/// Runs every check on `form` by the policy of `pattern`, in a fixed order: the budget from the top, the goals, the
/// indicators from the top, the sums, the form as a whole. `lang` is that of the sources that checks quote; messages
/// are in both. Never fails; figures out of range are unverifiable.
pub fn audit(form: &Form, pattern: &Pattern, lang: Lang) -> Vec<Check> {
    let rules = Rules::in_force(pattern, form);
    let none = Subtotals::default();
    let context = Context { form, pattern, rules: &rules, subtotals: &none, lang };
    let subtotals = Subtotals::find(context);
    let context = Context { subtotals: &subtotals, ..context };
    let mut checks = run(context);
    hints::add(context, &mut checks, |form| arithmetic(Context { form, ..context }));
    checks
}

/// The checks that compare figures with figures alone.
fn arithmetic(context: Context<'_>) -> Vec<Check> {
    let mut checks = budget::checks(context);
    checks.extend(sources::checks(context));
    checks.extend(parts::checks(context));
    checks.extend(levels::checks(context));
    checks.extend(totals::checks(context));
    doubt::take_back(context, &mut checks);
    subtotal::take_back(context, &mut checks);
    doubled::take_back(context, &mut checks);
    doubt::take_back_disordered(context, &mut checks);
    checks
}

/// The checks without hints.
fn run(context: Context<'_>) -> Vec<Check> {
    let mut checks = budget::checks(context);
    checks.extend(sources::checks(context));
    checks.extend(spending::checks(context));
    checks.extend(goals::checks(context));
    checks.extend(indicators::checks(context));
    checks.extend(parts::checks(context));
    checks.extend(levels::checks(context));
    checks.extend(totals::checks(context));
    checks.extend(grade::check(context));
    checks.extend(complete::check(context));
    checks.extend(placeholder::checks(context));
    checks.extend(period::checks(context));
    doubt::take_back(context, &mut checks);
    subtotal::take_back(context, &mut checks);
    doubled::take_back(context, &mut checks);
    doubt::take_back_disordered(context, &mut checks);
    checks
}
