//! What a plan is worth when its inputs are not certain: futures are drawn from a scenario's intervals, every platform is
//! planned in each of them, and what comes of it is told in percentiles, chances and regrets.
//!
//! ```text
//! intervals ──draws──▶ Future: one scenario ──compare──▶ outcome of each platform ─┐
//!      └──────────────▶ corners: one input low or high, all else in the middle ────┴──▶ Study
//! ```
//!
//! Quantities that follow from others are never drawn: each future is a scenario that is read, checked and planned as any
//! other. All platforms meet the same futures. A future depends on its number and nothing else, so it does not matter in
//! which order they are run, on how many threads or machines.

mod shares;
mod spread;
mod study;

pub use shares::variance_shares;
pub use spread::{CONFIDENCE, Percentile, percentile};
pub use study::{
    Bar, Candidate, Chance, Coverage, Input, Pair, Refusal, Regret, Step, Study, study,
};

use crate::brief::{self, Flaw, briefs};
use crate::cheapest::cheapest;
use crate::comparison;
use crate::design::Design;
use crate::draws::hypercube;
use crate::horizon::{self, Asked, View};
use crate::plan::{Plan, Rejection};
use crate::prices::Prices;
use crate::scenario::{Draft, Scenario, Uncertain, Uncertainty, Variable};
use crate::simulate::Matter;
use crate::tariff::tariff;

/// A scenario with intervals, ready to be run in any of its futures.
#[derive(Clone, Debug)]
pub struct Futures {
    draft: Draft,
    variables: Vec<Variable>,
    uncertainty: Uncertainty,
    /// For each input the level of each draw.
    levels: Vec<Vec<f64>>,
    view: View,
    middle: Scenario,
}

/// Prices of a scenario: those of the middle, unless prices are uncertain themselves.
pub enum Market<'a> {
    /// The same in every future.
    Fixed(&'a Prices),
    /// Looked up again for each; an error says why there are none.
    Looked(&'a (dyn Fn(&Scenario) -> Result<Prices, String> + Sync)),
}

/// What became of every platform in one future.
#[derive(Clone, Debug, PartialEq)]
pub struct Future {
    /// Platform by platform, in the order of the scenario; why there is none where the draws contradict each other.
    pub outcomes: Result<Vec<Outcome>, String>,
}

/// What became of a platform in one future: its plan, or why it has none.
pub type Outcome = Result<Planned, String>;

/// A platform's plan in one future.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Contracted cost of each month, in dollars.
    pub months: Vec<f64>,
    /// Its machine.
    pub machine: String,
    /// Brokers in its busiest month.
    pub brokers: u32,
    /// Brokers that its fleet in the middle would need: of that machine. `None` where there is no such number: none is
    /// enough, or there are several fleets.
    pub needed: Option<u32>,
    /// What did not hold, each matter once.
    pub broken: Vec<Matter>,
    /// Whether every price is known.
    pub complete: bool,
}

impl Planned {
    /// Contracted cost of a month on average, in dollars.
    pub fn monthly(&self) -> f64 {
        self.months.iter().sum::<f64>() / self.months.len().max(1) as f64
    }
}

impl Futures {
    /// Of a scenario, which is the middle, and its draft. Without `draws` the scenario says how many; where it has no
    /// intervals there is one future, the scenario itself.
    pub fn new(mut middle: Scenario, draft: Draft, draws: Option<u32>, view: View) -> Self {
        middle.published = None;
        let mut uncertainty = middle.uncertainty.clone();
        uncertainty.draws = match uncertainty.inputs.len() {
            0 => 1,
            _ => draws.unwrap_or(uncertainty.draws),
        };
        let paths: Vec<&str> = uncertainty.inputs.iter().map(|input| &*input.path).collect();
        // Whether correlations hold together was checked when they were read.
        let levels = hypercube(
            &paths,
            uncertainty.draws as usize,
            &uncertainty.seed,
            &uncertainty.correlations,
        )
        .unwrap_or_default();
        // The paths were made from the draft itself.
        let variables = paths.iter().filter_map(|path| draft.variable(path).ok()).collect();
        Self { draft, variables, uncertainty, levels, view, middle }
    }

    /// The quantities that are drawn.
    pub fn inputs(&self) -> &[Uncertain] {
        &self.uncertainty.inputs
    }

    /// What one of them is in a future, in the base unit of its scale.
    pub fn drawn(&self, input: usize, future: usize) -> f64 {
        let level = self.levels.get(input).and_then(|levels| levels.get(future));
        let uncertain = &self.uncertainty.inputs[input];
        uncertain.scale.nearest(uncertain.quantiles.at(level.copied().unwrap_or(0.5)))
    }

    /// How many futures there are.
    pub fn count(&self) -> usize {
        self.uncertainty.draws as usize
    }

    /// The scenario with all its intervals in the middle.
    pub fn middle(&self) -> &Scenario {
        &self.middle
    }

    /// Leaves out all platforms but those that are named.
    pub fn only(&mut self, names: &[String]) {
        if !names.is_empty() {
            self.middle.platforms.retain(|design| names.contains(&design.name));
        }
    }

    /// Whether prices are among what is drawn.
    pub fn draw_prices(&self) -> bool {
        let priced = |input: &Uncertain| {
            input.path.starts_with("prices.") || input.path.starts_with("region.")
        };
        self.uncertainty.inputs.iter().any(priced)
    }

    /// The scenario with each input at a level.
    ///
    /// # Errors
    ///
    /// What the values break together.
    fn scenario(&mut self, level: impl Fn(usize) -> Option<f64>) -> Result<Scenario, String> {
        for (index, (variable, input)) in
            self.variables.iter().zip(&self.uncertainty.inputs).enumerate()
        {
            let number = input.quantiles.at(level(index).unwrap_or(0.5));
            let given = variable.number(number).map_err(|problem| problem.to_string())?;
            self.draft.put(variable, &given);
        }
        let mut scenario = self
            .draft
            .scenario()
            .map_err(|errors| errors.first().map_or_else(String::new, ToString::to_string))?;
        let chosen =
            |design: &Design| self.middle.platforms.iter().any(|middle| middle.name == design.name);
        scenario.published = None;
        scenario.platforms.retain(chosen);
        Ok(scenario)
    }

    /// Plans every platform in the middle.
    pub fn standing(&self, market: &Market) -> Vec<Result<Plan, Box<Rejection>>> {
        match market {
            Market::Fixed(prices) => outcomes(&self.middle, prices, self.view),
            Market::Looked(look) => look(&self.middle)
                .map_or_else(|_| Vec::new(), |prices| outcomes(&self.middle, &prices, self.view)),
        }
    }

    /// Runs a future by its number, below [`count`](Self::count). `standing` are the plans in the middle, whose fleets are held
    /// against it.
    pub fn run(
        &mut self,
        index: usize,
        standing: &[Result<Plan, Box<Rejection>>],
        market: &Market,
    ) -> Future {
        let levels: Vec<Option<f64>> =
            self.levels.iter().map(|levels| levels.get(index).copied()).collect();
        self.at(&|input| levels.get(input).copied().flatten(), standing, market)
    }

    /// Runs the future in which one input is at a level, and all others are in the middle.
    pub fn corner(&mut self, input: usize, level: f64, market: &Market) -> Future {
        self.at(&|index| (index == input).then_some(level), &[], market)
    }

    fn at(
        &mut self,
        level: &dyn Fn(usize) -> Option<f64>,
        standing: &[Result<Plan, Box<Rejection>>],
        market: &Market,
    ) -> Future {
        let outcomes = self.scenario(level).and_then(|scenario| match market {
            Market::Fixed(prices) => Ok(planned(&scenario, prices, self.view, standing)),
            Market::Looked(look) => {
                let prices = look(&scenario)?;
                Ok(planned(&scenario, &prices, self.view, standing))
            }
        });
        Future { outcomes }
    }

    /// What so many brokers of a platform's fleet in the middle cost in a month, in dollars; `None` where they cannot be planned.
    pub fn fleet_cost(&self, standing: &Plan, brokers: u32, market: &Market) -> Option<f64> {
        let mut scenario = self.middle.clone();
        scenario.platforms.retain(|design| design.name == standing.design.name);
        for design in &mut scenario.platforms {
            design.settings.broker = Some(standing.machine.clone());
            design.settings.brokers = Some(brokers);
        }
        let cost = |prices: &Prices| {
            let outcomes = outcomes(&scenario, prices, self.view);
            Some(outcomes.first()?.as_ref().ok()?.monthly_cost().as_f64())
        };
        match market {
            Market::Fixed(prices) => cost(prices),
            Market::Looked(look) => cost(&look(&self.middle).ok()?),
        }
    }
}

fn outcomes(scenario: &Scenario, prices: &Prices, view: View) -> Vec<Result<Plan, Box<Rejection>>> {
    comparison::run(scenario, prices, view, Asked::default(), &mut |_| ()).outcomes
}

/// Every platform of one future.
fn planned(
    scenario: &Scenario,
    prices: &Prices,
    view: View,
    standing: &[Result<Plan, Box<Rejection>>],
) -> Vec<Outcome> {
    let all: Vec<usize> = (0..scenario.platforms.len()).collect();
    let briefs = briefs(scenario, prices, view, &all);
    let planned = |((design, brief), index): ((&Design, brief::Outcome), usize)| {
        let brief = brief.map_err(|none| none.reason)?;
        let complete = match &brief.flaw {
            // A fleet that a future is too much for is no plan for it.
            Some(Flaw::TooFewBrokers(why)) => return Err(why.clone()),
            Some(Flaw::Incomplete(_)) => false,
            None => true,
        };
        let middle = standing.get(index).and_then(|middle| middle.as_ref().ok());
        Ok(Planned {
            machine: brief.machines(),
            brokers: brief.brokers(),
            needed: middle.and_then(|middle| needed(middle, design, scenario, prices, view)),
            months: brief.months,
            broken: brief.matters,
            complete,
        })
    };
    scenario.platforms.iter().zip(briefs).zip(0..).map(planned).collect()
}

/// Brokers of the machine in the middle that a future asks for.
fn needed(
    middle: &Plan,
    design: &Design,
    scenario: &Scenario,
    prices: &Prices,
    view: View,
) -> Option<u32> {
    if !middle.parts.is_empty() {
        return None;
    }
    let mut design = design.clone();
    design.settings.broker = Some(middle.machine.clone());
    let list = prices.of(None)?;
    match view {
        View::Steady(index) => {
            let tariff = tariff(&design, list).ok()?;
            let month = scenario.horizon.month(index);
            let found = cheapest(&design, &scenario.workload, month, list, &tariff).ok()?;
            Some(found.brokers)
        }
        View::Horizon | View::Month(_) => horizon::brokers(&design, scenario, list).ok(),
    }
}
