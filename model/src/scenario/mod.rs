//! Text in; checked workload and designs out, or every problem with its place.
//!
//! [`parse`] goes over the text three times: TOML's own syntax, then the form of every key and value (the table in
//! [`fields`] says what it should be), then what the values mean together. No pass stops at its first problem.
//!
//! ```text
//! text ──syntax──▶ tree of keys and values ──form──▶ sections of typed values ──meaning──▶ Scenario
//! ```

use std::ops::Range;

use rust_decimal::Decimal;

mod actuals;
mod draft;
mod events;
pub mod fields;
mod finance;
mod form;
mod growth;
mod horizon;
mod interval;
mod lines;
mod moment;
mod names;
mod nearest;
mod outline;
mod platforms;
mod prices;
mod problem;
mod published;
mod regions;
mod scale;
mod schema;
mod scorecard;
mod sections;
mod set;
mod settings;
mod streams;
mod syntax;
mod uncertainty;

pub use draft::{Draft, Given, Variable};
pub use interval::Uncertain;
pub use moment::moment;
pub use nearest::Known;
pub use outline::{Outline, Written, outline};
pub use problem::{NAME_MAX, Problem, ScenarioError, TEXT_MAX, line_column};
pub use scale::Scale;
pub use schema::json_schema;
pub use sections::{add, remove};
pub use set::{SetError, set};
pub use uncertainty::Uncertainty;

use crate::actuals::Actuals;
use crate::calendar::Date;
use crate::design::Design;
use crate::events::Event;
use crate::finance::Finance;
use crate::lines::Lines;
use crate::load::Month;
use crate::map::{Map, Set};
use crate::money::Usd;
use crate::policy::Policy;
use crate::prices::{PriceGroup, PriceUnit};
use crate::published::Published;
use crate::units::Hours;
use crate::workload::Workload;

/// Everything that one scenario file says, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// What it is about.
    pub title: String,
    /// How long, from when, and what a month is.
    pub horizon: Horizon,
    /// Whose prices apply.
    pub prices: PriceChoice,
    /// Where a share of it is produced and kept, in the order of the file; none where that is one place.
    pub regions: Vec<Region>,
    /// What is copied from region to region.
    pub links: Vec<Link>,
    /// What is produced and read.
    pub workload: Workload,
    /// What happens, in the order of the file; names are unique.
    pub events: Vec<Event>,
    /// What must hold.
    pub slo: Slo,
    /// What the scorecard asks, and where it draws its lines.
    pub policy: Policy,
    /// The user's own marks on the scorecard.
    pub marks: Vec<Mark>,
    /// What else is paid for around every platform that does not say otherwise.
    pub lines: Lines,
    /// What to compare, in the order of the file; names are unique.
    pub platforms: Vec<Design>,
    /// Money through time: what is committed to and granted, discount rate, fiscal years, currency.
    pub finance: Finance,
    /// What others published for this case.
    pub published: Option<Published>,
    /// How a bill is set beside the plan.
    pub actuals: Actuals,
    /// Quantities that it gives as intervals, and how futures are drawn; everything above holds their middles.
    pub uncertainty: Uncertainty,
}

impl Scenario {
    /// Whose prices are asked for: those of each region by its name, or one list without a name.
    pub fn markets(&self) -> Vec<(Option<&str>, &PriceChoice)> {
        if self.regions.is_empty() {
            return vec![(None, &self.prices)];
        }
        self.regions.iter().map(|region| (Some(&*region.name), &region.prices)).collect()
    }

    /// Adds every preset that no platform of the scenario is made of, with its default settings.
    pub fn add_every_preset(&mut self) {
        for preset in crate::presets::PRESETS {
            let known = self
                .platforms
                .iter()
                .any(|design| design.preset.name == preset.name || design.name == preset.name);
            if !known {
                self.platforms.push(Design { lines: self.lines.on(preset), ..Design::of(preset) });
            }
        }
    }
}

/// The time that a plan covers.
#[derive(Clone, Debug, PartialEq)]
pub struct Horizon {
    /// First day, where it was said.
    pub start: Option<Date>,
    /// How many months.
    pub months: u32,
    /// What a month is.
    pub month: MonthLength,
    /// How far the horizon's clock is ahead of UTC.
    pub clock: Hours,
    /// Whether logs are full at the start, as after a long time at the first month's rate, or empty.
    pub full: bool,
}

impl Horizon {
    /// A month; 0 is the first.
    pub fn month(&self, index: u32) -> Month {
        let (start, length) = match (self.month, self.start) {
            (MonthLength::Calendar, Some(start)) => {
                let first = first_of_month(start, 0);
                let (from, to) = (first_of_month(start, index), first_of_month(start, index + 1));
                let hours = |from: Date, to| Hours::from_days(from.days_until(to) as f64);
                // The first month starts with the horizon's first day, and is a whole one all the same.
                (hours(first, from), hours(from, to))
            }
            (MonthLength::Fixed(length), _) => (length * f64::from(index), length),
            (MonthLength::Calendar, None) => {
                (Hours::new(730.0 * f64::from(index)), Hours::new(730.0))
            }
        };
        Month { index, start, length }
    }

    /// Every month.
    pub fn all_months(&self) -> Vec<Month> {
        (0..self.months).map(|index| self.month(index)).collect()
    }

    /// When it ends.
    pub fn end(&self) -> Hours {
        self.month(self.months.saturating_sub(1)).end()
    }

    /// The day at which it starts, where that was said: calendar months start on their first.
    pub fn first_day(&self) -> Option<Date> {
        match self.month {
            MonthLength::Calendar => self.start.map(|start| first_of_month(start, 0)),
            MonthLength::Fixed(_) => self.start,
        }
    }

    /// The calendar month that a month of the plan stands in as a billing period, from the first day up to the one after the
    /// last; `None` where no date is known. Providers bill by months of UTC: neither the length of a month in hours, nor the
    /// day on which the horizon starts, nor its clock's distance from UTC moves it.
    pub fn billing_period(&self, index: u32) -> Option<(Date, Date)> {
        let start = self.start?;
        Some((first_of_month(start, index), first_of_month(start, index + 1)))
    }

    /// A moment to the minute, as a scenario can say it: `2027-02-10 18:30`, or `day 41 18:30` where no date is known.
    pub fn written(&self, at: Hours) -> String {
        moment::written(self, at)
    }

    /// The moment of the week at which it starts, since Monday 00:00; an unknown first day is a Monday.
    pub fn week_start(&self) -> Hours {
        self.first_day().map_or(Hours::ZERO, |first| Hours::from_days(first.weekday() as f64))
    }
}

/// The first day of a month, so many months after that of a date.
fn first_of_month(date: Date, months: u32) -> Date {
    date.month_after(months).unwrap_or_else(|| date.first_of_month())
}

/// What a month is: hours are billed by it, and rates become amounts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MonthLength {
    /// The same number of hours every month; 730 is a twelfth of a year.
    Fixed(Hours),
    /// As many days as the month has.
    Calendar,
}

/// A region in which a share of the workload is produced and kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Unique in its scenario.
    pub name: String,
    /// Whose prices apply here, those of the scenario for all regions included.
    pub prices: PriceChoice,
    /// Share of every stream that is not held to a region.
    pub share: f64,
    /// Streams that are held to it.
    pub streams: Vec<String>,
}

/// Streams that are copied from one region to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The region that they are copied from.
    pub from: String,
    /// The region that they are copied to.
    pub to: String,
    /// Which.
    pub streams: Vec<String>,
    /// How long copies are kept; `None` for as long as their stream.
    pub retention: Option<Hours>,
}

/// Share of a stream that is produced in a region: all of it where it is held to it, nothing where it is held to another.
pub fn produced_share(regions: &[Region], stream: &str, region: &str) -> f64 {
    let holds = |region: &&Region| region.streams.iter().any(|held| held == stream);
    match regions.iter().find(holds) {
        Some(home) if home.name == region => 1.0,
        Some(_) => 0.0,
        None => regions.iter().find(|one| one.name == region).map_or(0.0, |region| region.share),
    }
}

/// What a copy of a stream is called: the region that it comes from before its name, as MirrorMaker does.
pub fn copy_name(from: &str, stream: &str) -> String {
    format!("{from}.{stream}")
}

/// Whose prices apply.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceChoice {
    /// The provider, as the catalogue spells it.
    pub provider: String,
    /// The region, as the provider spells it.
    pub region: String,
    /// Prices that replace the catalogue's.
    pub overrides: Vec<PriceOverride>,
    /// Negotiated discounts on list prices, as shares.
    pub discounts: Map<PriceGroup, Decimal>,
}

/// A contracted price or an own quote. It replaces the catalogue's price with all its tiers.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceOverride {
    /// The catalogue's identifier.
    pub sku: String,
    /// Price of one unit.
    pub price: Usd,
    /// What one price buys.
    pub unit: PriceUnit,
    /// Who says so.
    pub source: String,
    /// The date of the price.
    pub as_of: String,
    /// Where it stands in the text.
    pub span: Range<usize>,
}

/// What must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Slo {
    /// Time from produce to consume.
    pub freshness: Option<Hours>,
    /// Time until every replica is back: from the loss of a broker, or from the return of a zone.
    pub recovery: Option<Hours>,
    /// Share of the time at which writes are accepted.
    pub availability: Option<f64>,
    /// Most that a month may cost.
    pub budget: Option<Usd>,
}

/// What a person found about a question of the scorecard.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Which question, by its name.
    pub question: String,
    /// Which platform; `None` for all of them.
    pub platform: Option<String>,
    /// Green, yellow or red.
    pub mark: crate::policy::Light,
    /// Why: a sentence, or a link.
    pub evidence: String,
}

/// The names that a scenario may use, besides its own: what a catalogue knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    /// Regions by provider.
    pub regions: Map<String, Set<String>>,
    /// Machine names by pool (see [`Preset::pool`](crate::presets::Preset)).
    pub machines: Map<String, Set<String>>,
    /// Disk names.
    pub disks: Set<String>,
    /// Price identifiers, each with the measure its price must have.
    pub skus: Map<String, crate::prices::Measure>,
}

/// Reads a scenario.
///
/// # Errors
///
/// Every problem of the text, in the order of their places; at least one.
pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Scenario, Vec<ScenarioError>> {
    read(text, vocabulary).map(|(_, scenario)| scenario)
}

/// The sections of a scenario, and what they mean together.
fn read(
    text: &str,
    vocabulary: &Vocabulary,
) -> Result<(form::Checked, Scenario), Vec<ScenarioError>> {
    if text.len() > TEXT_MAX {
        let problem = Problem::TooLong { bytes: text.len() };
        return Err(vec![ScenarioError { problem, span: 0..0 }]);
    }
    let (tree, broken) = syntax::parse(text);
    let mut problems = problem::Problems::default();
    let root = form::section(fields::Section::Scenario, tree.get_ref(), 0..0, &mut problems);
    let scenario = meaning(&root, vocabulary, None, &mut problems);
    match scenario {
        Some(scenario) if problems.0.is_empty() && broken.is_empty() => Ok((root, scenario)),
        _ => Err(syntax::merge(text, broken, problems.0)),
    }
}

/// What the values mean together.
fn meaning(
    root: &form::Checked,
    vocabulary: &Vocabulary,
    kept: Option<&Kept>,
    problems: &mut problem::Problems,
) -> Option<Scenario> {
    if let Some(found) = root.count("schema").filter(|version| *version != 1) {
        problems.report(Problem::WrongSchema { found }, root.span_of("schema"));
    }
    let horizon = horizon::horizon(root, problems);
    let prices = prices::choice(root, vocabulary, problems);
    let regions = regions::regions(root, prices.as_ref(), vocabulary, problems);
    let links = regions::links(root, regions.as_deref(), problems);
    let mut workload = streams::workload(root, horizon.as_ref(), problems);
    let connectors = lines::connectors(root, problems);
    if let (Some(workload), Some(connectors)) = (&mut workload, &connectors) {
        lines::read(workload, connectors);
    }
    let Kept { lines: common, platforms, policy, certain } = match kept {
        Some(kept) => kept.clone(),
        None => Kept::read(root, connectors.as_deref().unwrap_or(&[]), vocabulary, problems),
    };
    let events = events::events(root, horizon.as_ref(), problems);
    let marks = scorecard::marks(root, problems);
    let finance = finance::finance(root, horizon.as_ref(), problems);
    let actuals = actuals::actuals(root, problems);
    let published = published::published(root, problems);
    let uncertainty = certain.or_else(|| uncertainty::uncertainty(root, problems));
    let (mut prices, regions) = (prices?, regions?);
    if let Some(first) = regions.first().filter(|_| prices.region.is_empty()) {
        prices.region.clone_from(&first.prices.region);
    }
    Some(Scenario {
        title: root.text("title")?,
        horizon: horizon?,
        prices,
        regions,
        links: links?,
        workload: workload?,
        events: events?,
        slo: horizon::slo(root),
        policy,
        marks: marks?,
        lines: common,
        platforms: connectors.and(platforms)?,
        finance: finance?,
        actuals: actuals?,
        published: published?,
        uncertainty: uncertainty?,
    })
}

/// What takes longest to put together, and stays the same while values of streams, horizon and discounts change: settings.
#[derive(Clone, Debug)]
struct Kept {
    lines: Lines,
    platforms: Option<Vec<Design>>,
    policy: Policy,
    /// That nothing is an interval, where that is so: no value that is put is one.
    certain: Option<Uncertainty>,
}

impl Kept {
    fn read(
        root: &form::Checked,
        connectors: &[crate::lines::Connector],
        vocabulary: &Vocabulary,
        problems: &mut problem::Problems,
    ) -> Self {
        let lines = lines::common(root, connectors, vocabulary, problems);
        let platforms = platforms::designs(root, &lines, vocabulary, problems);
        Self { platforms, policy: scorecard::policy(root, problems), lines, certain: None }
    }
}

#[cfg(test)]
mod tests;
