//! Parts of the page: props in, HTML out, nothing computed but what is shown.

mod chart;
mod component_table;
mod editor;
mod examples;
mod faults;
mod notes;
mod platform_table;
mod regions;

use std::rc::Rc;

use model::Comparison;
use model::bill::Component;
use model::money::{Usd, largest_remainder};
use model::plan::Plan;
use yew::prelude::*;

pub use chart::Chart;
pub use component_table::ComponentTable;
pub use editor::Editor;
pub use examples::Examples;
pub use faults::Faults;
pub use notes::Notes;
pub use platform_table::PlatformTable;
pub use regions::Regions;

/// What every part of an answer shows.
#[derive(Clone, Properties)]
pub struct ComparisonProps {
    /// The answer.
    pub comparison: Rc<Comparison>,
}

/// The same answer, not merely an equal one.
impl PartialEq for ComparisonProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.comparison, &other.comparison)
    }
}

/// The components that anything is paid for on any platform, in the order of a bill.
fn components(comparison: &Comparison) -> Vec<Component> {
    let used = |component: &Component| {
        comparison.plans().any(|plan| has_gap(plan, *component) || pays(plan, *component))
    };
    Component::ALL.iter().copied().filter(used).collect()
}

fn pays(plan: &Plan, component: Component) -> bool {
    plan.of_component(component) != Usd::ZERO
}

/// Whether a price is missing there.
fn has_gap(plan: &Plan, component: Component) -> bool {
    plan.bill.gaps.iter().any(|gap| gap.component == component)
}

/// What a month costs, marked where something is missing from it, or where it is the upper end of a range.
fn total(plan: &Plan) -> String {
    let shown = dollars(&[plan.monthly_cost()]).concat();
    match (plan.is_complete(), plan.bill.is_range()) {
        (true, false) => shown,
        (true, true) => format!("≤\u{a0}{shown}"),
        (false, true) => format!("≈\u{a0}{shown}"),
        (false, false) => at_least(&shown),
    }
}

fn at_least(amount: &str) -> String {
    format!("≥\u{a0}{amount}")
}

/// Amounts in whole dollars, which add up as shown.
fn dollars(amounts: &[Usd]) -> Vec<String> {
    let shown = largest_remainder(amounts, 0);
    shown.iter().map(|amount| amount.to_string().trim_end_matches(".00").to_owned()).collect()
}

/// A class of the style sheet: `zone-crossing`.
fn class(component: Component) -> String {
    format!("component {}", component.name().replace(' ', "-").to_lowercase())
}

/// A table that scrolls in its own frame where it is wider than the page.
fn scrolling(label: &'static str, table: Html) -> Html {
    html! { <div class="scroll" role="region" aria-label={label} tabindex="0">{ table }</div> }
}

/// Text of the engine: what stands in backticks is code.
fn prose(text: &str) -> Html {
    text.split('`')
        .enumerate()
        .map(|(index, part)| match index % 2 {
            0 => html! { { part } },
            _ => html! { <code>{ part }</code> },
        })
        .collect()
}
