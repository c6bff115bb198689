//! What platforms cost side by side, as bars: what a table of the comparison says, for the eye.

use super::figures;
use crate::bill::Component;
use crate::chart::{self, Bar, Bars, Breakdown, Paper, Part};
use crate::comparison::{Comparison, View};
use crate::money::{Usd, largest_remainder};
use crate::plan::Plan;

/// A bar for each platform in the order of the scenario, in parts by component.
pub fn svg(comparison: &Comparison, paper: Paper) -> String {
    chart::bars_svg(&bars(comparison), paper)
}

/// The same for a page: a document at a width in pixels, with where in it things are and the same in figures. [`svg`] is the
/// file to download.
pub fn drawn(comparison: &Comparison, width: f64) -> Breakdown {
    chart::breakdown(&bars(comparison), Paper::inline(width))
}

fn bars(comparison: &Comparison) -> Bars {
    let components = figures::components(comparison.plans());
    let bar = |outcome: &Result<Plan, Box<crate::plan::Rejection>>| match outcome {
        Ok(plan) => of_plan(plan, &components),
        Err(rejection) => Bar {
            name: rejection.design.name.clone(),
            note: "cannot be planned".to_owned(),
            ..Bar::default()
        },
    };
    let month = match comparison.view {
        View::Horizon => "on average".to_owned(),
        View::Month(index) => format!("in month {}", index + 1),
        View::Steady(index) => format!("in month {}, steady", index + 1),
    };
    let part = |component: &Component| Part {
        name: component.name().to_owned(),
        shade: shade(*component),
    };
    Bars {
        title: format!("Cost by component · {}", comparison.title),
        unit: format!("$ a month {month}"),
        parts: components.iter().map(part).collect(),
        bars: comparison.outcomes.iter().map(bar).collect(),
    }
}

/// How a component looks in every picture. What every bill has is plain, what has to be asked for is hatched; what often
/// stands side by side differs for all kinds of color vision.
pub(super) fn shade(component: Component) -> usize {
    let (blue, orange, green, pink, sky, vermilion, olive, gray) = (0, 1, 2, 3, 4, 5, 6, 7);
    let (weak, hatched, hatched_back) = (8, 16, 24);
    match component {
        Component::Brokers => blue,
        Component::Controllers => weak + gray,
        Component::BlockStorage => green,
        Component::Wal => weak + orange,
        Component::ObjectStorage => sky,
        Component::ObjectRequests => weak + sky,
        Component::ZoneCrossing => vermilion,
        Component::RegionCrossing => weak + olive,
        Component::ServiceFee => pink,
        Component::ClientPaths => hatched + orange,
        Component::PrivateConnectivity => hatched + gray,
        Component::LoadBalancers => hatched + olive,
        Component::Connectors => hatched + sky,
        Component::Observability => hatched + vermilion,
        Component::Backups => hatched + green,
        Component::Support => hatched + pink,
        Component::Migration => hatched + blue,
        Component::Labour => hatched_back + olive,
    }
}

fn of_plan(plan: &Plan, components: &[Component]) -> Bar {
    let costs: Vec<Usd> = components.iter().map(|one| plan.of_component(*one)).collect();
    let total = plan.monthly_cost();
    // Amounts add up to the total, and cents are told where they matter.
    let places = if total.dollars().abs() < 100.into() { 2 } else { 0 };
    let shown = |amount: Usd| figures::dollars(amount, places);
    let rounded = largest_remainder(&costs, places);
    let amount = |((component, cost), rounded): ((&Component, &Usd), &Usd)| match (
        plan.bill.lacks(*component),
        *cost == Usd::ZERO,
    ) {
        (true, true) => "?".to_owned(),
        (true, false) => format!("≥ {}", shown(*rounded)),
        (false, true) => "–".to_owned(),
        (false, false) => shown(*rounded),
    };
    let sum = shown(rounded.iter().copied().sum());
    let bound = plan.bill.bound();
    Bar {
        name: plan.design.name.clone(),
        values: costs.iter().map(|cost| cost.as_f64()).collect(),
        amounts: components.iter().zip(&costs).zip(&rounded).map(amount).collect(),
        total: if bound.is_empty() { sum } else { format!("{bound} {sum}") },
        note: if plan.fleet.short { "too few brokers".to_owned() } else { String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_has_a_look_of_its_own() {
        let shades: std::collections::BTreeSet<usize> =
            Component::ALL.iter().map(|component| shade(*component)).collect();
        assert_eq!(shades.len(), Component::ALL.len());
    }
}
