//! The same question by trying everything: what there is when a solver fails, and what its answers start from.

use super::builds::{Build, Builds, Season};
use super::program::Limits;

/// A build and the commitments for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// By its place among the builds.
    pub build: usize,
    /// Brokers that are committed to, term by term.
    pub committed: Vec<u32>,
    /// Dollars a month.
    pub cost: f64,
}

/// The cheapest build that keeps to all limits, with the commitments that are cheapest for it.
///
/// Broker by broker: the first is needed in all hours that need any, the tenth in those that need ten. One is committed to
/// where the hours of the whole horizon at the lowest rate cost less than those on demand, and since each next broker is
/// needed in no more hours, the first that is not ends it. With one rate this is the optimum; a dearer term never helps,
/// because all terms bind for all hours.
pub fn cheapest(builds: &Builds, limits: &Limits, closed: &[usize]) -> Option<Choice> {
    let open = (0..builds.kept.len()).filter(|index| !closed.contains(index));
    let choices = open.filter_map(|index| {
        let build = &builds.kept[index];
        let in_time = limits.latency.is_none_or(|limit| build.latency <= limit * (1.0 + ROUNDING));
        let committed = commitments(build, &builds.seasons);
        let within = limits.budget.is_none_or(|budget| {
            let month = |season| cost_of_month(build, &committed, season, &builds.seasons);
            (0..builds.seasons.len()).all(|season| month(season) <= budget * (1.0 + ROUNDING))
        });
        let cost = cost(build, &committed, &builds.seasons);
        (in_time && within).then_some(Choice { build: index, committed, cost })
    });
    choices.min_by(|one, other| one.cost.total_cmp(&other.cost))
}

/// Limits are met to this share of them.
const ROUNDING: f64 = 1e-9;

/// The commitments that are cheapest for a build, term by term.
fn commitments(build: &Build, seasons: &[Season]) -> Vec<u32> {
    let mut committed = vec![0; build.terms.len()];
    let all: f64 = seasons.iter().map(|season| season.hours).sum();
    let lowest = build.terms.iter().enumerate();
    let lowest = lowest.min_by(|(_, one), (_, other)| one.rate.total_cmp(&other.rate));
    let Some((term, rate)) = lowest.map(|(index, term)| (index, term.rate)) else {
        return committed;
    };
    // Hours in which at least so many are needed fall as numbers grow.
    for broker in 1..=build.brokers_most() {
        let needed = build.busy.iter().filter(|busy| busy.brokers >= broker);
        let hours: f64 = needed.flat_map(|busy| &busy.hours).sum();
        if rate * all >= build.rent * hours {
            break;
        }
        committed[term] = broker;
    }
    committed
}

/// Dollars a month on average.
pub fn cost(build: &Build, committed: &[u32], seasons: &[Season]) -> f64 {
    let months: f64 = seasons.iter().map(|season| season.months).sum();
    let of = |(index, season): (usize, &Season)| {
        cost_of_month(build, committed, index, seasons) * season.months
    };
    seasons.iter().enumerate().map(of).sum::<f64>() / months
}

/// Dollars of a month of a season.
fn cost_of_month(build: &Build, committed: &[u32], index: usize, seasons: &[Season]) -> f64 {
    let season = &seasons[index];
    let all: u32 = committed.iter().sum();
    let rented = build
        .busy
        .iter()
        .map(|busy| f64::from(busy.brokers.saturating_sub(all)) * busy.hours[index]);
    let rates = build.terms.iter().zip(committed);
    let rates: f64 = rates.map(|(term, brokers)| term.rate * f64::from(*brokers)).sum();
    let hours = build.rent * rented.sum::<f64>() + rates * season.hours;
    build.fixed(index, seasons) + hours / season.months
}
