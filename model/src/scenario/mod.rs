//! Text in; checked workload and designs out, or every problem with its place.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rust_decimal::Decimal;

use crate::design::Design;
use crate::money::Usd;
use crate::prices::{PriceGroup, PriceUnit};
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
    /// What is produced and read.
    pub workload: Workload,
    /// What must hold.
    pub slo: Slo,
    /// What to compare, in the order of the file; names are unique.
    pub platforms: Vec<Design>,
}

/// The time that a plan covers.
#[derive(Clone, Debug, PartialEq)]
pub struct Horizon {
    /// First day, where it was said.
    pub start: Option<jiff::civil::Date>,
    /// How many months.
    pub months: u32,
    /// What a month is.
    pub month: MonthLength,
}

/// What a month is: hours are billed by it, and rates become amounts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MonthLength {
    /// The same number of hours every month; 730 is a twelfth of a year.
    Fixed(Hours),
    /// As many days as the month has.
    Calendar,
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
    pub discounts: BTreeMap<PriceGroup, Decimal>,
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
    /// Time to recover from the loss of a broker.
    pub recovery: Option<Hours>,
    /// Most that a month may cost.
    pub budget: Option<Usd>,
}

/// The names that a scenario may use, besides its own: what a catalogue knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    /// Regions by provider.
    pub regions: BTreeMap<String, BTreeSet<String>>,
    /// Machine names by pool (see [`Preset::pool`](crate::presets::Preset)).
    pub machines: BTreeMap<String, BTreeSet<String>>,
    /// Disk names.
    pub disks: BTreeSet<String>,
    /// Price identifiers, each with the measure its price must have.
    pub skus: BTreeMap<String, crate::prices::Measure>,
}
