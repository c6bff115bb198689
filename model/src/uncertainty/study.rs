//! What many futures come to: percentiles, chances, coverage, regret, and what they depend on.

use serde::Serialize;

use super::{Future, Futures, Market, Outcome, Percentile, Planned, percentile, variance_shares};
use crate::map::Map;
use crate::order;
use crate::plan::Plan;
use crate::simulate::Matter;

/// Levels of the percentiles that are told.
const LEVELS: [f64; 3] = [0.1, 0.5, 0.9];

/// Levels of coverage for which the frontier of a fleet says what they cost.
const COVERED: [f64; 6] = [0.5, 0.8, 0.9, 0.95, 0.99, 1.0];

/// What became of a scenario's platforms in all its futures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Study {
    /// The scenario's title.
    pub title: String,
    /// How many futures were drawn.
    pub draws: usize,
    /// Those whose draws contradict each other, and what they break; they are in no percentile and no chance.
    pub contradictory: Vec<Refusal>,
    /// What was drawn.
    pub inputs: Vec<Input>,
    /// Platform by platform, in the order of the scenario.
    pub candidates: Vec<Candidate>,
    /// Every two platforms whose bills are complete.
    pub pairs: Vec<Pair>,
}

/// Why futures have no plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The reason, as the first of them words it.
    pub reason: String,
    /// In how many futures.
    pub futures: usize,
}

/// A quantity that was drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Input {
    /// Its path in the scenario.
    pub path: String,
    /// Its tenth, fiftieth and ninetieth percentile, for people.
    pub shown: [String; 3],
}

/// A platform in all futures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Its name.
    pub platform: String,
    /// What it costs in a month with every input in the middle, in dollars.
    pub middle_usd: Option<f64>,
    /// Percentiles of what it costs in a month on average, in dollars. A future in which it cannot be planned counts as
    /// dearer than all others.
    pub monthly_usd: [Percentile; 3],
    /// The same of the whole horizon.
    pub total_usd: [Percentile; 3],
    /// Percentiles of what each month costs, in dollars.
    pub by_month_usd: Vec<[Option<f64>; 3]>,
    /// Futures in which it cannot be planned.
    pub refused: Vec<Refusal>,
    /// Whether the bill is complete in every future: a price that is missing makes costs too low, and no comparison fair.
    pub complete: bool,
    /// How likely something does not hold.
    pub chances: Vec<Chance>,
    /// How much of the futures its fleet in the middle is enough for.
    pub coverage: Option<Coverage>,
    /// What choosing it costs against knowing the future; `None` where its bill is not complete.
    pub regret: Option<Regret>,
    /// What each input does to its monthly cost, the largest first.
    pub tornado: Vec<Bar>,
}

/// How likely something does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Chance {
    /// What.
    pub matter: Matter,
    /// Share of the futures in which it can be planned.
    pub share: f64,
}

/// What a fleet that stays as it is is enough for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Coverage {
    /// Its machine.
    pub machine: String,
    /// Its brokers, as planned for the middle.
    pub brokers: u32,
    /// Share of all futures for which they are enough.
    pub share: f64,
    /// What more coverage costs: fleets of that machine, the smallest first.
    pub frontier: Vec<Step>,
}

/// A fleet on the frontier of cost and coverage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// How many brokers.
    pub brokers: u32,
    /// Share of all futures for which they are enough.
    pub share: f64,
    /// What the platform costs in a month with them, all inputs in the middle, in dollars.
    pub monthly_usd: Option<f64>,
}

/// What choosing a platform costs against knowing the future.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Regret {
    /// Share of the futures in which it costs least.
    pub best: f64,
    /// What it costs more than the cheapest in a month, over the futures in which it can be planned, in dollars.
    pub expected_usd: f64,
    /// The same in the future in which it is most, in dollars.
    pub worst_usd: f64,
    /// Futures in which it cannot be planned and another can.
    pub without: usize,
}

/// What one input does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bar {
    /// Its path.
    pub path: String,
    /// What the platform costs in a month with it at its tenth percentile and all else in the middle, in dollars.
    pub low_usd: Option<f64>,
    /// The same at its ninetieth.
    pub high_usd: Option<f64>,
    /// Share of the variance of cost that it explains by itself.
    pub share: f64,
}

/// Two platforms.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// One of them.
    pub one: String,
    /// The other.
    pub other: String,
    /// Share of the futures in which the first costs less, or can be planned alone.
    pub one_cheaper: f64,
    /// Share of those in which the second does.
    pub other_cheaper: f64,
}

/// Sums up all futures of a scenario, in the order of their numbers, with the plans in the middle.
pub fn study(
    futures: &mut Futures,
    standing: &[Result<Plan, Box<crate::plan::Rejection>>],
    drawn: &[Future],
    market: &Market,
) -> Study {
    let corners: Vec<[Future; 2]> = (0..futures.inputs().len())
        .map(|input| [LEVELS[0], LEVELS[2]].map(|level| futures.corner(input, level, market)))
        .collect();
    // Of every draw that is a future: its place among the levels, and its outcomes.
    let told: Vec<(usize, &Vec<Outcome>)> = drawn
        .iter()
        .enumerate()
        .filter_map(|(index, future)| Some((index, future.outcomes.as_ref().ok()?)))
        .collect();
    let columns: Vec<Vec<f64>> = futures
        .levels
        .iter()
        .map(|levels| told.iter().map(|(index, _)| levels[*index]).collect())
        .collect();
    let platforms = futures.middle().platforms.clone();
    let outcomes: Vec<Vec<&Outcome>> = (0..platforms.len())
        .map(|platform| told.iter().filter_map(|(_, outcomes)| outcomes.get(platform)).collect())
        .collect();
    let regrets = regrets(&outcomes);
    let candidates: Vec<Candidate> = platforms
        .iter()
        .enumerate()
        .map(|(index, design)| {
            let middle = standing.get(index).and_then(|plan| plan.as_ref().ok());
            let corner = |input: usize, end: usize| {
                let outcomes = corners[input][end].outcomes.as_ref().ok()?;
                Some(outcomes.get(index)?.as_ref().ok()?.monthly())
            };
            let own = &outcomes[index];
            let costs: Vec<f64> = own.iter().map(|outcome| monthly(outcome)).collect();
            let shares = variance_shares(&columns, &costs);
            let mut tornado: Vec<Bar> = futures
                .inputs()
                .iter()
                .zip(shares)
                .enumerate()
                .map(|(input, (uncertain, share))| Bar {
                    path: uncertain.path.clone(),
                    low_usd: corner(input, 0),
                    high_usd: corner(input, 1),
                    share,
                })
                .collect();
            let width = |bar: &Bar| match (bar.low_usd, bar.high_usd) {
                (Some(low), Some(high)) => (high - low).abs(),
                // Where an end cannot be planned, that is the largest difference there is.
                _ => f64::INFINITY,
            };
            order::sort_by(&mut tornado, |one, other| width(other).total_cmp(&width(one)));
            Candidate {
                platform: design.name.clone(),
                middle_usd: middle.map(|plan| plan.monthly_cost().as_f64()),
                monthly_usd: percentiles(costs.clone()),
                total_usd: percentiles(own.iter().map(|outcome| total(outcome)).collect()),
                by_month_usd: by_month(own),
                refused: refusals(own.iter().filter_map(|outcome| outcome.as_ref().err())),
                complete: own.iter().flat_map(|outcome| outcome.as_ref()).all(|plan| plan.complete),
                chances: chances(own),
                coverage: middle.and_then(|plan| coverage(futures, plan, own, market)),
                regret: regrets[index],
                tornado,
            }
        })
        .collect();
    let pairs = pairs(&candidates, &outcomes);
    let inputs = futures.inputs().iter().map(|input| Input {
        path: input.path.clone(),
        shown: LEVELS.map(|level| input.scale.show(input.quantiles.at(level))),
    });
    Study {
        title: futures.middle().title.clone(),
        draws: drawn.len(),
        contradictory: refusals(drawn.iter().filter_map(|future| future.outcomes.as_ref().err())),
        inputs: inputs.collect(),
        candidates,
        pairs,
    }
}

/// Monthly cost in dollars; infinite where there is no plan.
fn monthly(outcome: &Outcome) -> f64 {
    outcome.as_ref().map_or(f64::INFINITY, Planned::monthly)
}

/// Cost of the horizon in dollars; infinite where there is no plan.
fn total(outcome: &Outcome) -> f64 {
    outcome.as_ref().map_or(f64::INFINITY, |plan| plan.months.iter().sum())
}

fn percentiles(mut values: Vec<f64>) -> [Percentile; 3] {
    order::sort_by(&mut values, f64::total_cmp);
    LEVELS.map(|level| percentile(&values, level))
}

fn by_month(outcomes: &[&Outcome]) -> Vec<[Option<f64>; 3]> {
    let months = outcomes.iter().flat_map(|outcome| outcome.as_ref()).map(|plan| plan.months.len());
    let months = months.max().unwrap_or(0);
    (0..months)
        .map(|month| {
            let values = outcomes.iter().map(|outcome| {
                outcome
                    .as_ref()
                    .ok()
                    .and_then(|plan| plan.months.get(month).copied())
                    .unwrap_or(f64::INFINITY)
            });
            percentiles(values.collect()).map(|found| found.value)
        })
        .collect()
}

/// Reasons, the most frequent first. Figures differ from future to future, so reasons that differ in figures only are one.
fn refusals<'a>(reasons: impl Iterator<Item = &'a String>) -> Vec<Refusal> {
    let mut known: Map<String, Refusal> = Map::new();
    for reason in reasons {
        let kind: String =
            reason.chars().filter(|c| !c.is_ascii_digit() && !".,".contains(*c)).collect();
        let refusal = known.or_insert_with(kind, || Refusal { reason: reason.clone(), futures: 0 });
        refusal.futures += 1;
    }
    let mut list: Vec<Refusal> = known.into_values().collect();
    order::sort_by_key(&mut list, |refusal| std::cmp::Reverse(refusal.futures));
    list
}

fn chances(outcomes: &[&Outcome]) -> Vec<Chance> {
    let plans: Vec<&Planned> = outcomes.iter().flat_map(|outcome| outcome.as_ref()).collect();
    let mut matters: Vec<Matter> = Vec::new();
    for matter in plans.iter().flat_map(|plan| &plan.broken) {
        if !matters.contains(matter) {
            matters.push(*matter);
        }
    }
    let share = |matter: Matter| {
        let broken = plans.iter().filter(|plan| plan.broken.contains(&matter)).count();
        Chance { matter, share: broken as f64 / plans.len() as f64 }
    };
    let mut list: Vec<Chance> = matters.into_iter().map(share).collect();
    order::sort_by(&mut list, |one, other| other.share.total_cmp(&one.share));
    list
}

fn coverage(
    futures: &Futures,
    middle: &Plan,
    outcomes: &[&Outcome],
    market: &Market,
) -> Option<Coverage> {
    if !middle.parts.is_empty() || outcomes.is_empty() {
        return None;
    }
    // A future without a number is one that no number is enough for.
    let needed =
        |outcome: &&Outcome| outcome.as_ref().ok().and_then(|plan| plan.needed).unwrap_or(u32::MAX);
    let mut needs: Vec<u32> = outcomes.iter().map(needed).collect();
    order::sort_by(&mut needs, Ord::cmp);
    let share =
        |brokers: u32| needs.partition_point(|need| *need <= brokers) as f64 / needs.len() as f64;
    let brokers = middle.fleet.brokers;
    let mut fleets = vec![brokers];
    for level in COVERED {
        let place = (needs.len() as f64 * level).ceil() as usize;
        let need = needs[place.clamp(1, needs.len()) - 1];
        if need < u32::MAX && !fleets.contains(&need) {
            fleets.push(need);
        }
    }
    order::sort_by(&mut fleets, Ord::cmp);
    let frontier = fleets.into_iter().map(|brokers| Step {
        brokers,
        share: share(brokers),
        monthly_usd: futures.fleet_cost(middle, brokers, market),
    });
    Some(Coverage {
        machine: middle.machine.clone(),
        brokers,
        share: share(brokers),
        frontier: frontier.collect(),
    })
}

/// Whether every plan has a complete bill, and there is any plan.
fn comparable(outcomes: &[&Outcome]) -> bool {
    let mut plans = outcomes.iter().flat_map(|outcome| outcome.as_ref()).peekable();
    plans.peek().is_some() && plans.all(|plan| plan.complete)
}

fn regrets(outcomes: &[Vec<&Outcome>]) -> Vec<Option<Regret>> {
    let rivals: Vec<usize> =
        (0..outcomes.len()).filter(|index| comparable(&outcomes[*index])).collect();
    let count = outcomes.first().map_or(0, Vec::len);
    let least: Vec<f64> = (0..count)
        .map(|future| {
            let costs = rivals.iter().map(|rival| monthly(outcomes[*rival][future]));
            costs.fold(f64::INFINITY, f64::min)
        })
        .collect();
    outcomes
        .iter()
        .enumerate()
        .map(|(index, own)| {
            if !rivals.contains(&index) {
                return None;
            }
            let (mut best, mut without, mut sum, mut worst) = (0_usize, 0, 0.0, 0.0_f64);
            let mut with = 0_usize;
            for (outcome, least) in own.iter().zip(&least) {
                let cost = monthly(outcome);
                if cost.is_finite() {
                    with += 1;
                    best += usize::from(cost <= *least);
                    sum += cost - least;
                    worst = worst.max(cost - least);
                } else if least.is_finite() {
                    without += 1;
                }
            }
            Some(Regret {
                best: best as f64 / count.max(1) as f64,
                expected_usd: sum / with.max(1) as f64,
                worst_usd: worst,
                without,
            })
        })
        .collect()
}

fn pairs(candidates: &[Candidate], outcomes: &[Vec<&Outcome>]) -> Vec<Pair> {
    let rivals: Vec<usize> =
        (0..outcomes.len()).filter(|index| comparable(&outcomes[*index])).collect();
    let mut list = Vec::new();
    for (place, one) in rivals.iter().enumerate() {
        for other in &rivals[place + 1..] {
            let costs = || {
                let both = outcomes[*one].iter().zip(&outcomes[*other]);
                both.map(|(one, other)| (monthly(one), monthly(other)))
            };
            let share = |count: usize| count as f64 / outcomes[*one].len().max(1) as f64;
            list.push(Pair {
                one: candidates[*one].platform.clone(),
                other: candidates[*other].platform.clone(),
                one_cheaper: share(costs().filter(|(one, other)| one < other).count()),
                other_cheaper: share(costs().filter(|(one, other)| other < one).count()),
            });
        }
    }
    list
}
