//! A platform in brief: the few figures of a plan that thousands of plans are compared by. Break-even and sweeps ask for
//! nothing else of a point, and ask for it here alone.

use crate::bill::{Component, Part};
use crate::cheapest::{Cheapest, Shortlist, cheapest};
use crate::comparison;
use crate::design::Design;
use crate::events::EventKind;
use crate::horizon::{Asked, MonthCost, View};
use crate::latency::Latency;
use crate::order;
use crate::parts;
use crate::plan::{Plan, Reason, Rejection};
use crate::prices::{PriceList, Prices};
use crate::scenario::{PriceChoice, Scenario};
use crate::simulate::{Incident, Matter};
use crate::tariff::{Tariff, tariff};
use crate::units::Hours;

/// The few figures of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Brief {
    /// Contracted cost of a month on average, in dollars: to be ranked and drawn, not to be billed.
    pub cost: f64,
    /// The same month by month; one where it is of a steady month.
    pub months: Vec<f64>,
    /// The same as `cost` by component, in the order of [`Component::ALL`].
    pub components: [f64; Component::ALL.len()],
    /// What it runs on, part by part.
    pub fleets: Vec<FleetBrief>,
    /// Why its cost is not to be held against others', if so.
    pub flaw: Option<Flaw>,
    /// What did not hold first, where it was run.
    pub broken: Option<Broken>,
    /// All that did not hold, each matter once. A steady month can only tell its cost, and how fresh acknowledged writes are.
    pub matters: Vec<Matter>,
}

/// What a part of a platform runs on: everything that goes in steps.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetBrief {
    /// Which part.
    pub part: Part,
    /// The machine type of its brokers.
    pub machine: String,
    /// How many of them its busiest month asks for.
    pub brokers: u32,
    /// Brokers paid for in each month, on average.
    pub months: Vec<f64>,
}

/// Why a cost is not to be held against others'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Prices are missing: it costs at least so much.
    Incomplete(String),
    /// The fleet that the scenario fixes is smaller than its policy asks for.
    TooFewBrokers(String),
}

/// Something that the scenario asks for and that did not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// What, as people read it.
    pub matter: &'static str,
    /// Of whom; empty for the whole platform.
    pub subject: String,
    /// From when.
    pub from: Hours,
}

/// Why there is no plan, in one sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoPlan {
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub hint: String,
}

/// A platform in brief, or why it has no plan.
pub type Outcome = Result<Brief, NoPlan>;

impl Brief {
    /// Brokers of all its parts.
    pub fn brokers(&self) -> u32 {
        self.fleets.iter().map(|fleet| fleet.brokers).fold(0, u32::saturating_add)
    }

    /// Machine types of its parts, each once, in their order.
    pub fn machines(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for fleet in &self.fleets {
            if !names.contains(&&*fleet.machine) {
                names.push(&fleet.machine);
            }
        }
        names.join(" + ")
    }

    /// Contracted cost of one component in a month on average, in dollars.
    pub fn of_component(&self, component: Component) -> f64 {
        self.components[component as usize]
    }
}

impl Flaw {
    /// As people read it.
    pub fn why(&self) -> &str {
        match self {
            Self::Incomplete(why) | Self::TooFewBrokers(why) => why,
        }
    }
}

/// Looks up a scenario's prices, or says in a sentence why there are none.
pub type LookUp<'a> = &'a (dyn Fn(&Scenario) -> Result<Prices, String> + Sync);

/// Prices that are looked up once for each choice of them, as long as choices come back soon enough.
pub struct Shelf<'a> {
    look_up: LookUp<'a>,
    /// The latest first.
    kept: Vec<(Vec<Market>, Result<Prices, String>)>,
}

/// A region and whose prices apply there.
type Market = (Option<String>, PriceChoice);

/// Choices of prices that are kept: as many as an axis of discounts or regions has values, at some 0.5 MB each.
const KEPT: usize = 32;

impl std::fmt::Debug for Shelf<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Shelf").field("kept", &self.kept.len()).finish_non_exhaustive()
    }
}

impl<'a> Shelf<'a> {
    /// With what looks up prices.
    pub fn new(look_up: LookUp<'a>) -> Self {
        Self { look_up, kept: Vec::new() }
    }

    /// The prices of a scenario.
    ///
    /// # Errors
    ///
    /// What looks them up says why it cannot.
    pub fn of(&mut self, scenario: &Scenario) -> Result<&Prices, &str> {
        let markets = scenario.markets();
        let same = |(kept, _): &(Vec<Market>, _)| {
            kept.iter().map(|(name, choice)| (name.as_deref(), choice)).eq(markets.iter().copied())
        };
        match self.kept.iter().position(same) {
            Some(place) => self.kept[..=place].rotate_right(1),
            None => {
                let own = |(name, choice): (Option<&str>, &PriceChoice)| {
                    (name.map(str::to_owned), choice.clone())
                };
                let choices = markets.into_iter().map(own).collect();
                self.kept.truncate(KEPT - 1);
                self.kept.insert(0, (choices, (self.look_up)(scenario)));
            }
        }
        match &self.kept[0].1 {
            Ok(prices) => Ok(prices),
            Err(why) => Err(why),
        }
    }
}

/// What platforms can run on and what they pay, worked out once for many steady months: as long as their settings and the
/// prices stay as they are.
#[derive(Debug)]
pub struct Standing<'a> {
    designs: &'a [Design],
    /// `None` where a plan has more to tell.
    shortlists: Vec<Option<Shortlist<'a>>>,
}

/// The prices that platforms need, each `None` where not all of them are known.
pub fn tariffs<'a>(designs: &[Design], prices: &'a Prices) -> Vec<Option<Tariff<'a>>> {
    let list = parts::list(prices, &Part::default());
    designs.iter().map(|design| tariff(design, list).ok()).collect()
}

impl<'a> Standing<'a> {
    /// Of platforms of a scenario, with the prices that they need from [`tariffs`].
    pub fn new(
        designs: &'a [Design],
        scenario: &Scenario,
        prices: &'a Prices,
        tariffs: &'a [Option<Tariff<'a>>],
    ) -> Self {
        let list = parts::list(prices, &Part::default());
        let shortlist = |(design, tariff): (&'a Design, &'a Option<Tariff<'a>>)| {
            let tariff = tariff.as_ref().filter(|_| is_short(design, scenario))?;
            Some(Shortlist::new(design, list, tariff))
        };
        Self { designs, shortlists: designs.iter().zip(tariffs).map(shortlist).collect() }
    }

    /// Plans the platforms of a scenario in which they have the same settings and prices.
    pub fn briefs(
        &self,
        scenario: &Scenario,
        prices: &Prices,
        view: View,
        wanted: &[usize],
    ) -> Vec<Outcome> {
        let View::Steady(index) = view else { return briefs(scenario, prices, view, wanted) };
        let list = parts::list(prices, &Part::default());
        let one = |(design, shortlist): (&Design, &Option<Shortlist<'a>>)| {
            let Some(shortlist) = shortlist else { return alone(design, scenario, prices, view) };
            let month = scenario.horizon.month(index);
            let found = shortlist.cheapest(&scenario.workload, month);
            match found.map_err(|rejection| no_plan(&rejection))? {
                found if found.is_complete => Ok(of_cheapest(found, list, scenario)),
                _ => alone(design, scenario, prices, view),
            }
        };
        self.designs.iter().zip(&self.shortlists).map(one).collect()
    }
}

/// Plans platforms of a scenario by their places in it, each in brief: on the short way where that tells all.
pub fn briefs(scenario: &Scenario, prices: &Prices, view: View, wanted: &[usize]) -> Vec<Outcome> {
    let designs = || wanted.iter().filter_map(|index| scenario.platforms.get(*index));
    let mut migrations = scenario.events.iter().filter(|event| event.kind == EventKind::Migration);
    if matches!(view, View::Steady(_)) || migrations.next().is_none() {
        return designs().map(|design| alone(design, scenario, prices, view)).collect();
    }
    // Whoever is migrated to pays for what is left: that has to be planned, too.
    let left = |name: &str| {
        let migrations = scenario.events.iter().filter(|event| event.kind == EventKind::Migration);
        migrations.filter_map(|event| event.from.as_deref()).any(|from| from == name)
    };
    let names: Vec<&str> = designs().map(|design| &*design.name).collect();
    let mut asked = scenario.clone();
    asked.platforms.retain(|design| names.contains(&&*design.name) || left(&design.name));
    let outcomes = comparison::outcomes(&asked, prices, view, Asked::default(), &mut |_| ());
    let of = |name: &&str| {
        let place = asked.platforms.iter().position(|design| design.name == **name)?;
        outcomes.get(place).map(told)
    };
    names.iter().filter_map(of).collect()
}

/// A platform that no other's cost is part of.
fn alone(design: &Design, scenario: &Scenario, prices: &Prices, view: View) -> Outcome {
    let short = match view {
        View::Steady(index) => steady(design, scenario, prices, index),
        View::Horizon | View::Month(_) => through(design, scenario, prices, view),
    };
    match short.map_err(|rejection| no_plan(&rejection))? {
        Some(brief) => Ok(brief),
        None if matches!(view, View::Steady(_)) => {
            let plan = parts::plan(design, scenario, prices, view, Asked::default());
            let mut outcome = told(&plan);
            if let (Ok(brief), Ok(plan)) = (&mut outcome, &plan) {
                brief.matters = steady_matters(brief.cost, plan.latency, scenario);
            }
            outcome
        }
        None => {
            let mut alone = scenario.clone();
            alone.platforms = vec![design.clone()];
            let all = comparison::outcomes(&alone, prices, view, Asked::default(), &mut |_| ());
            all.first().map_or_else(|| Err(NoPlan::default()), told)
        }
    }
}

/// Whether a steady month of a platform is told without its plan: it is one part, and its fleet is sized.
fn is_short(design: &Design, scenario: &Scenario) -> bool {
    scenario.regions.is_empty() && design.places.is_empty() && design.settings.brokers.is_none()
}

/// One month without its plan; `None` where the plan has more to tell.
fn steady(
    design: &Design,
    scenario: &Scenario,
    prices: &Prices,
    index: u32,
) -> Result<Option<Brief>, Box<Rejection>> {
    if !is_short(design, scenario) {
        return Ok(None);
    }
    let list = parts::list(prices, &Part::default());
    let tariff = tariff(design, list).map_err(|missing| {
        let reasons = vec![Reason::MissingPrice(missing)];
        Box::new(Rejection { design: design.clone(), reasons })
    })?;
    let month = scenario.horizon.month(index);
    let found = cheapest(design, &scenario.workload, month, list, &tariff)?;
    Ok(found.is_complete.then(|| of_cheapest(found, list, scenario)))
}

fn of_cheapest(found: Cheapest, list: &PriceList, scenario: &Scenario) -> Brief {
    let fleet = FleetBrief {
        part: Part::default(),
        machine: list.machines[found.machine].name.clone(),
        brokers: found.brokers,
        months: vec![f64::from(found.brokers)],
    };
    Brief {
        cost: found.monthly,
        months: vec![found.monthly],
        components: found.components,
        fleets: vec![fleet],
        flaw: None,
        broken: None,
        matters: steady_matters(found.monthly, found.latency, scenario),
    }
}

/// A horizon without its bills; `None` where those have more to tell.
fn through(
    design: &Design,
    scenario: &Scenario,
    prices: &Prices,
    view: View,
) -> Result<Option<Brief>, Box<Rejection>> {
    let outlook = parts::outlook(design, scenario, prices)?;
    if outlook.short || !outlook.is_complete {
        return Ok(None);
    }
    let shown: Vec<_> = outlook
        .months
        .iter()
        .filter(|month| !matches!(view, View::Month(index) if month.month.index != index))
        .collect();
    let mean = |of: &dyn Fn(&MonthCost) -> f64| {
        shown.iter().map(|month| of(month)).sum::<f64>() / shown.len().max(1) as f64
    };
    let fleet = FleetBrief {
        part: Part::default(),
        machine: outlook.machine,
        brokers: outlook.brokers,
        months: outlook.months.iter().map(|month| month.brokers).collect(),
    };
    Ok(Some(Brief {
        cost: mean(&|month| month.cost),
        months: shown.iter().map(|month| month.cost).collect(),
        components: std::array::from_fn(|place| {
            mean(&|month| month.of_component(Component::ALL[place]))
        }),
        fleets: vec![fleet],
        flaw: None,
        broken: broken(&outlook.incidents),
        matters: each_once(&outlook.incidents),
    }))
}

fn told(outcome: &Result<Plan, Box<Rejection>>) -> Outcome {
    outcome.as_ref().map(brief).map_err(|rejection| no_plan(rejection))
}

fn no_plan(rejection: &Rejection) -> NoPlan {
    let reasons: Vec<String> = rejection.reasons.iter().map(ToString::to_string).collect();
    let hint = rejection.reasons.first().map_or_else(String::new, |reason| reason.hint());
    NoPlan { reason: reasons.join("; "), hint }
}

/// What matters of a plan where it is one of thousands.
pub fn brief(plan: &Plan) -> Brief {
    let fleet = |part: &Plan| FleetBrief {
        part: part.part.clone(),
        machine: part.machine.clone(),
        brokers: part.fleet.brokers,
        months: part.months.iter().map(|month| month.brokers).collect(),
    };
    Brief {
        cost: plan.monthly_cost().as_f64(),
        months: plan.months.iter().map(|month| month.bill.contracted_cost().as_f64()).collect(),
        components: std::array::from_fn(|index| plan.of_component(Component::ALL[index]).as_f64()),
        fleets: plan.each().map(fleet).collect(),
        flaw: flaw(plan),
        broken: plan.simulation.as_ref().and_then(|run| broken(&run.incidents)),
        matters: plan.simulation.as_ref().map_or_else(Vec::new, |run| each_once(&run.incidents)),
    }
}

fn flaw(plan: &Plan) -> Option<Flaw> {
    let short = plan.each().find(|part| part.fleet.short).map(|part| {
        Flaw::TooFewBrokers(format!(
            "{} brokers are fewer than {} asks for",
            part.fleet.brokers,
            part.fleet.bottleneck.name()
        ))
    });
    let mut gaps: Vec<&str> = Vec::new();
    for gap in &plan.bill.gaps {
        if !gaps.contains(&&*gap.what) {
            gaps.push(&gap.what);
        }
    }
    short.or_else(|| (!gaps.is_empty()).then(|| Flaw::Incomplete(gaps.join("; "))))
}

/// What a steady month can tell does not hold.
fn steady_matters(cost: f64, latency: Option<Latency>, scenario: &Scenario) -> Vec<Matter> {
    let over = scenario.slo.budget.is_some_and(|budget| cost > budget.as_f64());
    let limits = scenario.slo.freshness.zip(latency);
    let slow = limits.is_some_and(|(freshness, latency)| latency.p99 > freshness);
    let broken = [(slow, Matter::Freshness), (over, Matter::Budget)];
    broken.into_iter().filter(|(is_broken, _)| *is_broken).map(|(_, matter)| matter).collect()
}

fn each_once(incidents: &[Incident]) -> Vec<Matter> {
    let mut list = Vec::new();
    for incident in incidents {
        if !list.contains(&incident.matter) {
            list.push(incident.matter);
        }
    }
    order::sort_by(&mut list, Ord::cmp);
    list
}

/// The first of all that did not hold, and of several at a time the most serious.
fn broken(incidents: &[Incident]) -> Option<Broken> {
    let first = incidents.iter().min_by(|one, other| {
        let from = one.from.as_hours().total_cmp(&other.from.as_hours());
        from.then(other.matter.is_serious().cmp(&one.matter.is_serious()))
    });
    first.map(|incident| Broken {
        matter: incident.matter.name(),
        subject: incident.subject.clone(),
        from: incident.from,
    })
}
