//! What a scenario asks for, held against what a run found: who breaks what, when, for how long, and why.

use crate::comparison::{capitalized, dollars, sentence_list};
use crate::design::Design;
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
                    found.push(Incident {
                        matter: Matter::Budget,
                        subject: format!("month {}", billed.month.index + 1),
                        from: billed.month.start,
                        to: Some(billed.month.end()),
                        worst: cost.as_f64(),
                        limit: Some(budget.as_f64()),
                        why: dearest(&billed.bill),
                    });
                }
            }
        }
        if scenario.slo.availability.is_some() {
            warn_of_unjudged(plan);
        }
        for part in plan.each() {
            let expected = expected_availability(&part.design).unwrap_or(1.0);
            let asked = scenario.slo.availability.zip(part.simulation.as_ref());
            let Some((wanted, simulation)) = asked else { continue };
            let found_here = expected.min(simulation.available);
            if found_here < wanted {
                let end = plan.months.last().map_or(Hours::ZERO, |billed| billed.month.end());
                found.push(Incident {
                    matter: Matter::Availability,
                    subject: part.part.name(),
                    from: Hours::ZERO,
                    to: Some(end),
                    worst: found_here,
                    limit: Some(wanted),
                    why: if simulation.available < expected {
                        "the events of this horizon".to_owned()
                    } else {
                        "what it depends on promises no more".to_owned()
                    },
                });
            }
        }
        if let Some(simulation) = &mut plan.simulation {
            simulation.incidents.extend(found);
        }
    }
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

fn dearest(bill: &crate::bill::Bill) -> String {
    let most = crate::bill::Component::ALL
        .iter()
        .max_by_key(|component| bill.of_component(**component).dollars());
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
            // Nines are what it is about.
            let digits = |share: f64| format!("{:.6}", share * 100.0);
            let wanted = slo.availability.map(|share| {
                format!("{} %", digits(share).trim_end_matches('0').trim_end_matches('.'))
            });
            held(format!("the availability{}", asked(wanted)))
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
