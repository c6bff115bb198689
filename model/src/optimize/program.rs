//! The formulation: which build, how many brokers on demand and how many by commitments, and what is bought with volumes.
//!
//! ```text
//! minimize   Σ rest·use + Σ rent·hours·rented + Σ rate·hours·committed + Σ price·bought + price·moved
//! one build            Σ use = 1
//! serve                rented + Σ committed ≥ needed · use        for each build and number of brokers that it needs
//! hold                 bought ≥ Σ units · use                     for each thing that volumes are bought by
//! move                 moved ≥ Σ GiB · use
//! answer in time       Σ p99 · use ≤ limit
//! keep to the budget   what a month costs ≤ budget                for each season
//! ```
//!
//! A build is a machine type with a fleet policy, a kind of volume and settings, so that everything about it that is no
//! straight line (sizing, ladders, batches, zones) has been computed before, by the engine. What it needs is a multiple of
//! `use` and no bound on it: no large constant stands anywhere, a mixture of builds is never cheaper than the cheaper one,
//! and given a build the rows form a matrix of intervals, whose corners are whole. So the first relaxation is the answer
//! unless a budget or a limit cuts between builds.
//!
//! Zones are balanced, and one can be lost at the peak, because `needed` is what [`crate::sizing`] says: the rules and the
//! optimizer keep to the same constraints.

use super::builds::{Build, Builds};
use super::lp::{Kind, Program, Sense, Sum};
use crate::prices::{PriceId, PriceList};

/// What the scenario asks of a build beside what its sizing does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The longest that an acknowledgement may take at the 99th percentile, in seconds.
    pub latency: Option<f64>,
    /// The most that a month may cost, in dollars.
    pub budget: Option<f64>,
}

/// Where a program's columns are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// `use` of each build.
    pub chosen: Vec<usize>,
    /// `committed` of each build, term by term.
    pub committed: Vec<Vec<usize>>,
}

/// The program of some builds.
pub fn formulate(builds: &Builds, limits: &Limits, prices: &PriceList) -> (Program, Columns) {
    let seasons = &builds.seasons;
    let months: f64 = seasons.iter().map(|season| season.months).sum();
    let hours_a_month = seasons.iter().map(|season| season.hours).sum::<f64>() / months;
    let mut program = Program::default();
    let mut columns = Columns::default();
    let mut rented: Vec<Vec<usize>> = Vec::new();

    // What is chosen: a build, and whose brokers serve when it needs so many.
    for (k, build) in builds.kept.iter().enumerate() {
        let k = k + 1;
        let rest = build.rest.iter().zip(seasons).map(|(rest, season)| rest * season.months);
        let rest = rest.sum::<f64>() / months;
        columns.chosen.push(program.column(format!("use_{k}"), Kind::Choice, rest));
        columns.committed.push(
            build
                .terms
                .iter()
                .map(|term| {
                    let name = format!("commit_{k}_{}", prices.commitments[term.commitment].name);
                    program.column(name, Kind::Count, term.rate * hours_a_month)
                })
                .collect(),
        );
        rented.push(
            build
                .busy
                .iter()
                .map(|busy| {
                    let hours = busy.hours.iter().sum::<f64>() / months;
                    program.column(
                        format!("rent_{k}_at_{}", busy.brokers),
                        Kind::Count,
                        build.rent * hours,
                    )
                })
                .collect(),
        );
    }
    let bought: Vec<(PriceId, usize)> = bought(builds)
        .into_iter()
        .map(|(price, rate)| {
            let name = format!("buy_{}", name(&prices.price(price).sku));
            (price, program.column(name, Kind::Amount, rate))
        })
        .collect();
    let moving = builds.kept.iter().map(|build| build.moved.1).fold(0.0, f64::max);
    let moved = (moving > 0.0)
        .then(|| program.column("move_gib".to_owned(), Kind::Amount, moving / months));

    // Exactly one build.
    let all = columns.chosen.iter().map(|chosen| (*chosen, 1.0)).collect();
    program.row("one_build".to_owned(), "one build", all, Sense::Equal, 1.0);

    // Enough brokers at every hour, rented or committed to.
    for (k, build) in builds.kept.iter().enumerate() {
        for (busy, rented) in build.busy.iter().zip(&rented[k]) {
            let mut sum: Sum = vec![(*rented, 1.0)];
            sum.extend(columns.committed[k].iter().map(|committed| (*committed, 1.0)));
            sum.push((columns.chosen[k], -f64::from(busy.brokers)));
            let name = format!("serve_{}_at_{}", k + 1, busy.brokers);
            let meaning = "enough brokers in the hours that need so many, with one zone down and in every zone as many";
            program.row(name, meaning, sum, Sense::AtLeast, 0.0);
        }
    }

    // Volumes hold and carry what the build asks of them.
    for (price, bought) in &bought {
        let mut sum: Sum = vec![(*bought, 1.0)];
        for (build, chosen) in builds.kept.iter().zip(&columns.chosen) {
            let units = units_a_month(build, *price, builds);
            if units > 0.0 {
                sum.push((*chosen, -units));
            }
        }
        let name = format!("hold_{}", name(&prices.price(*price).sku));
        program.row(name, "volumes: capacity, operations and throughput by themselves, units of a month on average", sum, Sense::AtLeast, 0.0);
    }

    // A fleet that changes moves its replicas.
    if let Some(moved) = moved {
        let mut sum: Sum = vec![(moved, 1.0)];
        for (build, chosen) in builds.kept.iter().zip(&columns.chosen) {
            let gib: f64 = build.moved.0.iter().sum();
            if gib > 0.0 {
                sum.push((*chosen, -gib * build.moved.1 / moving));
            }
        }
        program.row("move".to_owned(), "replicas that move when a fleet changes from one month to the next, in GiB of the horizon", sum, Sense::AtLeast, 0.0);
    }

    // Acknowledged in time.
    if let Some(limit) = limits.latency {
        let timed =
            builds.kept.iter().zip(&columns.chosen).filter(|(build, _)| build.latency > 0.0);
        let sum: Sum = timed.map(|(build, chosen)| (*chosen, build.latency)).collect();
        // Where all builds answer as fast, and fast enough, there is nothing to choose by it.
        let first = sum.first().map(|(_, latency)| *latency);
        let alike =
            first.is_some_and(|first| first <= limit && sum.iter().all(|one| one.1 == first));
        if !sum.is_empty() && !alike {
            program.row(
                "answer".to_owned(),
                "acknowledged in time: seconds at the 99th percentile",
                sum,
                Sense::AtMost,
                limit,
            );
        }
    }

    // Within the budget, in every season.
    if let Some(budget) = limits.budget {
        for (index, season) in seasons.iter().enumerate() {
            let mut sum: Sum = Vec::new();
            for (k, build) in builds.kept.iter().enumerate() {
                sum.push((columns.chosen[k], build.fixed(index, seasons)));
                for (busy, rented) in build.busy.iter().zip(&rented[k]) {
                    sum.push((*rented, build.rent * busy.hours[index] / season.months));
                }
                for (term, committed) in build.terms.iter().zip(&columns.committed[k]) {
                    sum.push((*committed, term.rate * season.hours / season.months));
                }
            }
            sum.retain(|(_, factor)| *factor != 0.0);
            let name = format!("afford_month_{}", season.first + 1);
            program.row(name, "the budget: dollars of a month", sum, Sense::AtMost, budget);
        }
    }
    (program, columns)
}

/// What volumes of any build are bought by, with its price.
fn bought(builds: &Builds) -> Vec<(PriceId, f64)> {
    let mut list: Vec<(PriceId, f64)> = Vec::new();
    for volume in builds.kept.iter().flat_map(|build| &build.volumes) {
        if !list.iter().any(|(price, _)| *price == volume.price) {
            list.push((volume.price, volume.rate));
        }
    }
    list
}

/// Units of a price that a build buys in a month on average.
fn units_a_month(build: &Build, price: PriceId, builds: &Builds) -> f64 {
    let months: f64 = builds.seasons.iter().map(|season| season.months).sum();
    let of = build.volumes.iter().filter(|volume| volume.price == price);
    let units = of.flat_map(|volume| volume.units.iter().zip(&builds.seasons));
    units.map(|(units, season)| units * season.months).sum::<f64>() / months
}

/// A SKU as a name that every reader of programs takes.
fn name(sku: &str) -> String {
    sku.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
