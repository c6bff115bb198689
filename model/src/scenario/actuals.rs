//! How a bill is set beside the plan.

use super::form::Checked;
use super::names::{Names, known};
use super::problem::Problems;
use crate::actuals::rules::{Rule, Target};
use crate::actuals::{Actuals, Cost};

/// Everything that a scenario says about bills.
pub(super) fn actuals(root: &Checked, problems: &mut Problems) -> Option<Actuals> {
    let Some(table) = root.table("actuals") else { return Some(Actuals::default()) };
    known("platform", Names::of(root).platforms.as_ref(), table, "platform", problems);
    let rules: Option<Vec<Rule>> = table.tables("map").iter().map(rule).collect();
    Some(Actuals {
        platform: table.text("platform"),
        cost: table.text("cost").and_then(|name| Cost::named(&name)).unwrap_or_default(),
        rules: rules?,
    })
}

fn rule(table: &Checked) -> Option<Rule> {
    Some(Rule {
        target: Target::named(&table.text("component")?)?,
        service: table.text("service"),
        sku: table.text("sku"),
        category: table.text("category"),
        tags: table.pairs("tag").unwrap_or_default(),
        account: table.text("account"),
        region: table.text("region"),
    })
}
