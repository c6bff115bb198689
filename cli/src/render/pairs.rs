//! Platforms of two comparisons that are the same one.

use model::{Comparison, Plan};

/// One platform before and after.
pub(crate) struct Pair<'a> {
    /// What it was.
    pub(crate) before: &'a Plan,
    /// What it is.
    pub(crate) after: &'a Plan,
}

impl Pair<'_> {
    /// The platform's name, with the one that it had before.
    pub(crate) fn name(&self) -> String {
        let (before, after) = (&self.before.design.name, &self.after.design.name);
        if before == after { after.clone() } else { format!("{before} → {after}") }
    }
}

/// Platforms that can be planned before and after, in the order of the changed scenario.
pub(crate) fn pairs<'a>(
    before: &'a Comparison,
    after: &'a Comparison,
    platform: Option<&str>,
) -> Vec<Pair<'a>> {
    let wanted = |plan: &&Plan| platform.is_none_or(|name| name == plan.design.name);
    let pair = |plan: &'a Plan| Some(Pair { before: earlier(before, after, plan)?, after: plan });
    after.plans().filter(wanted).filter_map(pair).collect()
}

/// What a platform was before: by its name, or in its place where a change gave it another name.
pub(crate) fn earlier<'a>(
    before: &'a Comparison,
    after: &Comparison,
    plan: &Plan,
) -> Option<&'a Plan> {
    let named = |list: &'a Comparison, name: &str| list.plans().find(|one| one.design.name == name);
    if let Some(same) = named(before, &plan.design.name) {
        return Some(same);
    }
    let place = after.outcomes.iter().position(|outcome| {
        outcome.as_ref().is_ok_and(|other| other.design.name == plan.design.name)
    })?;
    let was = before.outcomes.get(place)?.as_ref().ok()?;
    let gone = !after.plans().any(|other| other.design.name == was.design.name);
    (gone && before.outcomes.len() == after.outcomes.len()).then_some(was)
}
