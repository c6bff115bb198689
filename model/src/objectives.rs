//! What a scenario asks for, held against what a run found: who breaks what, when, for how long, and why.

use crate::bill::{Bill, Component};
use crate::comparison::{capitalized, dollars, sentence_list};
use crate::design::Design;
use crate::export::figures::nines;
use crate::horizon::Outlook;
use crate::load::Month;
use crate::money::Usd;
use crate::plan::{Plan, Rejection};
use crate::scenario::Scenario;
use crate::simulate::{Incident, Matter};
use crate::units::Hours;

const HOURS_OF_A_YEAR: f64 = 8760.0;

/// Share of the time at which a partition accepts writes, `None` where nothing is published: from what is known of failures and not from this horizon.
///
/// `1 − (f_broker + f_zone/A)·t_failover/year`, times the availability of what writes wait for (mechanics H). Partitions
/// that a lost zone leaves short of replicas wait for the zone; how long zones stay away nobody publishes, so that is
/// seen in a run with a zone's loss and not here.
pub fn expected_availability(design: &Design) -> Option<f64> {
    let settings = &design.settings;
    let zones = f64::from(settings.zones.max(1));
    let failures = settings.broker_failures.0 + settings.zone_failures.0 / zones;
    let failing_over = failures * settings.failover.as_hours() / HOURS_OF_A_YEAR;
    if design.is_list_price() {
        return None;
    }
    let dependency = if design.appends_objects() {
        settings.object_availability
    } else {
        // Writes wait for disks, and those are lost with their broker or zone.
        1.0
    };
    Some((1.0 - failing_over).max(0.0) * dependency)
}

/// Adds what only shows when months have a bill: budgets and availability.
pub(crate) fn check(scenario: &Scenario, outcomes: &mut [Result<Plan, Box<Rejection>>]) {
    for plan in outcomes.iter_mut().flatten() {
        let mut found = Vec::new();
        if let Some(budget) = scenario.slo.budget {
            for billed in &plan.months {
                let cost = billed.bill.contracted_cost();
                if cost > budget {
                    let cost = cost.as_f64();
                    found.push(over_budget(billed.month, cost, budget, dearest(&billed.bill)));
                }
            }
        }
        if scenario.slo.availability.is_some() {
            warn_of_unjudged(plan);
        }
        let end = plan.months.last().map_or(Hours::ZERO, |billed| billed.month.end());
        for part in plan.each() {
            let available = part.simulation.as_ref().map(|simulation| simulation.available);
            let (design, name) = (&part.design, part.part.name());
            found.extend(available.and_then(|run| unavailable(scenario, design, name, run, end)));
        }
        if let Some(simulation) = &mut plan.simulation {
            simulation.incidents.extend(found);
        }
    }
}

/// The same for what has no bills: budgets. What a month costs is known to a rounding error of floats.
pub(crate) fn check_budget(scenario: &Scenario, outlook: &mut Outlook) {
    let Some(budget) = scenario.slo.budget else { return };
    let over = outlook.months.iter().filter(|month| month.cost > budget.as_f64());
    let found = over.map(|month| {
        let most = Component::ALL
            .iter()
            .max_by(|one, other| month.of_component(**one).total_cmp(&month.of_component(**other)));
        let why = most.map(|most| format!("most of it on {}", most.name()));
        over_budget(month.month, month.cost, budget, why.unwrap_or_default())
    });
    outlook.incidents.extend(found);
}

fn over_budget(month: Month, cost: f64, budget: Usd, why: String) -> Incident {
    Incident {
        matter: Matter::Budget,
        subject: format!("month {}", month.index + 1),
        from: month.start,
        to: Some(month.end()),
        worst: cost,
        limit: Some(budget.as_f64()),
        why,
    }
}

/// The availability of a part, where it is judged and below what is asked for; with that of a run until the end of the horizon.
pub(crate) fn unavailable(
    scenario: &Scenario,
    design: &Design,
    subject: String,
    run: f64,
    end: Hours,
) -> Option<Incident> {
    let wanted = scenario.slo.availability?;
    let expected = expected_availability(design).unwrap_or(1.0);
    let found = expected.min(run);
    (found < wanted).then(|| Incident {
        matter: Matter::Availability,
        subject,
        from: Hours::ZERO,
        to: Some(end),
        worst: found,
        limit: Some(wanted),
        why: if run < expected {
            "the events of this horizon".to_owned()
        } else {
            "what it depends on promises no more".to_owned()
        },
    })
}

/// Says where nobody can tell how often a platform is there.
fn warn_of_unjudged(plan: &mut Plan) {
    let words = "availability is not judged: the service publishes nothing of its failures";
    let unknown = |part: &Plan| expected_availability(&part.design).is_none();
    if plan.each().all(unknown) {
        plan.warnings.push(words.to_owned());
    }
    let parts = plan.parts.iter_mut().filter(|part| unknown(part));
    let named = parts.map(|part| {
        part.warnings.push(words.to_owned());
        format!("{}: {words}", part.part.name())
    });
    let named: Vec<String> = named.collect();
    if named.len() < plan.parts.len() {
        plan.warnings.extend(named);
    }
}

fn dearest(bill: &Bill) -> String {
    let most =
        Component::ALL.iter().max_by_key(|component| bill.of_component(**component).dollars());
    most.map_or_else(String::new, |component| {
        format!("{} of it on {}", dollars(bill.of_component(*component)), component.name())
    })
}

/// Everything that did not hold, platform by platform, the most serious first.
pub(crate) fn sentences(scenario: &Scenario, plans: &[&Plan]) -> Vec<String> {
    let mut list = Vec::new();
    for matter in [
        Matter::ReplicasLost,
        Matter::Lost,
        Matter::LostAtEdge,
        Matter::DiskFull,
        Matter::Stuck,
        Matter::NeverCaughtUp,
        Matter::Budget,
        Matter::Availability,
        Matter::Freshness,
        Matter::Lag,
        Matter::Recovery,
        Matter::ReplayLate,
    ] {
        let broken = |plan: &&&Plan| incidents(plan).any(|incident| incident.matter == matter);
        let failing: Vec<String> =
            plans.iter().filter(broken).map(|plan| plan.design.name.clone()).collect();
        if failing.is_empty() {
            continue;
        }
        let all = failing.len() == plans.len() && plans.len() > 1;
        list.push(capitalized(sentence(scenario, matter, &sentence_list(&failing), all)));
    }
    list
}

/// Who does not hold what; `all` where that is every platform.
fn sentence(scenario: &Scenario, matter: Matter, who: &str, all: bool) -> String {
    let slo = &scenario.slo;
    let asked =
        |limit: Option<String>| limit.map_or_else(String::new, |limit| format!(" of {limit}"));
    let hours = |limit: Option<Hours>| asked(limit.map(|limit| limit.to_string()));
    let everyone = if all { "every platform" } else { who };
    let held = |what: String| {
        if all {
            format!("no platform holds {what}.")
        } else {
            format!("{what} is not held by {who}.")
        }
    };
    let always = |what: String| {
        if all {
            format!("no platform holds {what} all the time.")
        } else {
            format!("{what} is not held all the time by {who}.")
        }
    };
    match matter {
        Matter::Budget => held(format!("the budget{} a month", asked(slo.budget.map(dollars)))),
        Matter::Availability => {
            held(format!("the availability{}", asked(slo.availability.map(nines))))
        }
        Matter::Freshness => always(format!("the freshness{}", hours(slo.freshness))),
        Matter::Recovery => held(format!("the recovery{}", hours(slo.recovery))),
        Matter::Lag if all => "no platform holds every lag budget all the time.".to_owned(),
        Matter::Lag => format!("lag budgets are not held all the time by {who}."),
        Matter::Lost => format!("readers lose records that expire unread on {everyone}."),
        Matter::ReplicasLost => format!("records of which no copy is left are lost on {everyone}."),
        Matter::LostAtEdge => {
            "devices lose records that they cannot hold for as long as they are away, whatever the platform.".to_owned()
        }
        Matter::DiskFull => format!("disks fill up on {everyone}."),
        Matter::Stuck => format!("what is copied does not get there on {everyone}."),
        Matter::NeverCaughtUp => format!("a reader never catches up on {everyone}."),
        Matter::ReplayLate => format!("replays take longer than they may on {everyone}."),
        Matter::Saturated | Matter::Unavailable => format!("{} on {everyone}.", matter.name()),
    }
}

/// What a run of a plan found.
pub fn incidents(plan: &Plan) -> impl Iterator<Item = &Incident> {
    plan.simulation.iter().flat_map(|simulation| &simulation.incidents)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::tests::design;
    use crate::parameters::Factor;

    #[test]
    fn partitions_are_away_while_leaders_are_elected_and_their_store_is() {
        let expected = |name: &str, zones| {
            let design = design(name, |settings| {
                (settings.broker_failures, settings.zone_failures) = (Factor(12.0), Factor(36.0));
                settings.failover = Hours::new(0.0365);
                settings.zones = zones;
                settings.object_availability = 0.999;
            });
            expected_availability(&design)
        };
        let near = |found: Option<f64>, expected: f64| {
            assert!((found.expect("known") - expected).abs() < 1e-12, "{found:?}");
        };
        // A year loses twelve brokers, and a third of 36 zones: 24 × 0.0365 h of 8760.
        near(expected("kafka-gp3", 3), 1.0 - 24.0 * 0.0365 / 8760.0);
        near(expected("kafka-gp3", 1), 1.0 - 48.0 * 0.0365 / 8760.0);
        near(expected("automq-s3-wal", 3), (1.0 - 24.0 * 0.0365 / 8760.0) * 0.999);
        assert_eq!(expected("msk-serverless", 3), None);
    }
}
