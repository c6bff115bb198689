//! What keeps a platform from being built, as constraints that can be left out: to tell which of them conflict.

use super::builds::{Case, builds};
use super::conflict::conflict;
use super::enumerate;
use super::program::Limits;
use crate::design::Design;
use crate::horizon::{self, Asked};
use crate::plan::Plan;
use crate::prices::PriceList;
use crate::scenario::Scenario;
use crate::units::Hours;

/// A setting that forbids something.
pub struct Constraint {
    /// As a scenario has it.
    pub key: &'static str,
    /// The value with which it forbids nothing.
    nothing: &'static str,
}

/// Every setting that sizing or a platform's own limits hold a plan against.
pub static CONSTRAINTS: &[Constraint] = &[
    Constraint { key: "broker", nothing: "auto" },
    Constraint { key: "brokers", nothing: "auto" },
    Constraint { key: "brokers_max", nothing: "1000000" },
    Constraint { key: "vcpu_min", nothing: "0" },
    Constraint { key: "memory_min", nothing: "0 B" },
    Constraint { key: "storage_per_broker_max", nothing: "auto" },
    Constraint { key: "disk_per_broker", nothing: "auto" },
    Constraint { key: "disk_utilization", nothing: "100 %" },
    Constraint { key: "partition_replicas_max", nothing: "1000000" },
    Constraint { key: "retention_max", nothing: "auto" },
    Constraint { key: "compacted_logs", nothing: "true" },
    Constraint { key: "page_cache", nothing: "0 s" },
    Constraint { key: "cpu_rule", nothing: "off" },
    Constraint { key: "utilization", nothing: "100 %" },
    Constraint { key: "network_utilization", nothing: "100 %" },
    Constraint { key: "zones", nothing: "1" },
];

/// The constraints that mean something for a platform, and do not forbid nothing already.
fn of(design: &Design) -> Vec<&'static Constraint> {
    let applies = |constraint: &&Constraint| {
        let row = crate::parameters::parameter(constraint.key);
        let covers = row.is_some_and(|row| row.scope.covers(design.architecture()));
        covers && design.settings.show(constraint.key).as_deref() != Some(constraint.nothing)
    };
    CONSTRAINTS.iter().filter(applies).collect()
}

/// A platform without some of its constraints.
fn without(design: &Design, constraints: &[&Constraint], kept: &[bool]) -> Design {
    let mut design = design.clone();
    for (constraint, kept) in constraints.iter().zip(kept) {
        if !kept {
            // The rows of a table can be read.
            let _read = design.settings.set(constraint.key, constraint.nothing);
        }
    }
    design
}

/// A constraint in words.
fn words(constraint: &Constraint, design: &Design) -> String {
    format!("`{}` = {}", constraint.key, design.settings.show(constraint.key).unwrap_or_default())
}

/// Which constraints conflict where the rules find no plan; `None` where that is for another reason.
pub fn of_no_plan(design: &Design, scenario: &Scenario, prices: &PriceList) -> Option<Vec<String>> {
    let constraints = of(design);
    let mut holds = |kept: &[bool]| {
        let design = without(design, &constraints, kept);
        horizon::through(&design, scenario, prices, Asked::default()).is_ok()
    };
    let found = conflict(constraints.len(), &mut holds)?;
    Some(found.into_iter().map(|index| words(constraints[index], design)).collect())
}

/// Which constraints conflict with what the scenario asks for, where no build holds it: one set for each of its limits.
///
/// Every set holds the limit itself: the rules' plan holds everything else. Limits that time did not suffice for have none.
pub fn of_limits(
    case: &Case,
    limits: &Limits,
    rules: &Plan,
    stop: &mut dyn FnMut() -> bool,
) -> Vec<Vec<String>> {
    let constraints = of(case.design);
    let mut sets = Vec::new();
    let latency = limits.latency.map(|seconds| {
        let only = Limits { budget: None, ..*limits };
        (only, format!("the freshness of {}", Hours::from_secs(seconds)))
    });
    let budget = case.scenario.slo.budget.filter(|_| limits.budget.is_some()).map(|budget| {
        let words = format!("the budget of {} a month", crate::comparison::dollars(budget));
        (Limits { latency: None, ..*limits }, words)
    });
    for (only, limit) in latency.into_iter().chain(budget) {
        if stop() {
            break;
        }
        let mut holds = |kept: &[bool]| {
            let (last, kept) = kept.split_last().unwrap_or((&true, &[]));
            let design = without(case.design, &constraints, kept);
            let limits = if *last { only } else { Limits { latency: None, budget: None } };
            let latency_max = limits.latency.unwrap_or(f64::INFINITY);
            let case = Case { design: &design, latency_max, brokers: rules.fleet.brokers, ..*case };
            enumerate::cheapest(&builds(&case, &mut || false), &limits, &[]).is_some()
        };
        // Most limits that cannot be held cannot be held at all, and that is one question.
        let mut alone = vec![false; constraints.len()];
        alone.push(true);
        if !holds(&alone) {
            sets.push(vec![limit]);
            continue;
        }
        let Some(found) = conflict(constraints.len() + 1, &mut holds) else { continue };
        let named = found.into_iter().map(|index| match constraints.get(index) {
            Some(constraint) => words(constraint, case.design),
            None => limit.clone(),
        });
        sets.push(named.collect());
    }
    sets
}
