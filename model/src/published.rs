//! What others published for the same case, beside what a plan gives: how far apart, whether that is within the
//! tolerance, and in what words the source counts.

use rust_decimal::Decimal;

use crate::bill::{Bill, Cause, Component, CostLine};
use crate::costs::RequestClass;
use crate::money::Usd;
use crate::parameters::{Kind, Setting, choice};
use crate::plan::Plan;
use crate::prices::{Meter, Prices};
use crate::quantity::{self, QuantityError};
use crate::sizing::Resource;
use crate::units::{ByteRate, Bytes, Dimension, Frequency, GIB, Hours, MIB, grouped, separated};

/// A case that others published, with their figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// What it is called.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Where it is published.
    pub url: String,
    /// When, as far as the page says.
    pub date: String,
    /// Who says so.
    pub source_kind: SourceKind,
    /// Whether its figures follow from its own inputs.
    pub consistent: bool,
    /// What explains the difference to a plan, a sentence each.
    pub assumptions: Vec<String>,
    /// What went wrong in it; empty where it is consistent.
    pub slips: Vec<Slip>,
    /// Its figures, in the order of the file.
    pub figures: Vec<Figure>,
}

/// What went wrong in a published case.
#[derive(Clone, Debug, PartialEq)]
pub struct Slip {
    /// Which kind of mistake.
    pub kind: SlipKind,
    /// What it did, in a sentence.
    pub why: String,
}

/// One published figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The platform of the scenario that it is about.
    pub platform: String,
    /// What it counts.
    pub what: What,
    /// The part of it that has this cause; `None` for all of it.
    pub cause: Option<Cause>,
    /// The figure.
    pub amount: Amount,
    /// What dollars and requests are for; `None` for everything else.
    pub period: Option<Period>,
    /// How far a plan may be off, as a share of the figure; of everything for a saving.
    pub tolerance: f64,
    /// Before the scenario's discounts, or after.
    pub of: Basis,
    /// The platform that it is a saving against.
    pub against: Option<String>,
}

choice! {
    /// Who published a case.
    SourceKind {
        /// Who sells one side of it.
        Vendor = "vendor",
        /// Who sells neither.
        Independent = "independent",
        /// Open code, run unchanged on the stated inputs.
        OpenCodeRun = "open-code-run",
        /// Quoted by someone else; the original was not read in full.
        Secondary = "secondary",
    }
}

choice! {
    /// What dollars and requests are for.
    Period {
        /// 60 minutes.
        Hour = "hour",
        /// 24 hours.
        Day = "day",
        /// A month of the scenario.
        Month = "month",
        /// 8,760 hours.
        Year = "year",
    }
}

choice! {
    /// Which prices make a figure in dollars.
    Basis {
        /// Before negotiated discounts.
        List = "list",
        /// After them.
        Contracted = "contracted",
    }
}

choice! {
    /// Mistakes that published cases make.
    SlipKind {
        /// Requests are divided by a thousand once more than their price says.
        Factor1000OnRequests = "factor-1000-on-requests",
        /// The rate of reads stands where that of writes belongs, and the other way round.
        GetAndPutSwapped = "get-and-put-swapped",
        /// Replicas are multiplied in twice.
        CopiesCountedTwice = "copies-counted-twice",
        /// What all readers read together is multiplied by their number once more.
        ReadersCountedTwice = "readers-counted-twice",
        /// Mebibytes become megabytes, which then count as binary.
        BinaryAndDecimalMixed = "binary-and-decimal-mixed",
        /// Some of the zone crossings that the setup has are not in the sum.
        CrossingsLeftOut = "crossings-left-out",
        /// A percentage does not follow from the totals that it stands beside.
        PercentageAgainstOwnTotals = "percentage-against-own-totals",
        /// A total is taken for what one of many does, and multiplied by their number.
        PerUnitInsteadOfTotal = "per-unit-instead-of-total",
        /// A total is given as if it were that of one of many.
        TotalInsteadOfPerUnit = "total-instead-of-per-unit",
        /// Parts of one sum are counted in months of different lengths.
        DoubleMonthLengths = "double-month-lengths",
        /// A digit is missing in a number that was converted by hand.
        DroppedDigit = "dropped-digit",
    }
}

/// The words of a choice.
pub const fn words<T: Setting>() -> &'static [&'static str] {
    match T::KIND {
        Kind::Choice(words) => words,
        _ => &[],
    }
}

/// What a published figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The whole bill.
    Total,
    /// One thing on it, in dollars or in what it is made of.
    Component(Component),
    /// What the cluster asks of a resource of its machines.
    Resource(Resource),
    /// Requests to object storage that write.
    PutRequests,
    /// Requests to object storage that read.
    GetRequests,
    /// All copies of what is within its retention, wherever it is kept, free space aside.
    BytesKept,
    /// Median time from a produce request to its acknowledgement.
    ProduceLatency,
}

/// Resources whose demand others publish.
const RESOURCES: [Resource; 7] = [
    Resource::Network,
    Resource::DiskPath,
    Resource::Volume,
    Resource::DiskOperations,
    Resource::DiskCapacity,
    Resource::Cpu,
    Resource::PageCache,
];

impl What {
    /// Everything that a figure can count.
    pub fn all() -> Vec<Self> {
        let own = [Self::Total, Self::PutRequests, Self::GetRequests, Self::BytesKept];
        let components = Component::ALL.iter().copied().map(Self::Component);
        let resources = RESOURCES.into_iter().map(Self::Resource);
        own.into_iter().chain([Self::ProduceLatency]).chain(components).chain(resources).collect()
    }

    /// As a scenario and a table write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Component(component) => component.name(),
            Self::Resource(resource) => resource.name(),
            Self::PutRequests => "put requests",
            Self::GetRequests => "get requests",
            Self::BytesKept => "bytes kept",
            Self::ProduceLatency => "produce latency",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|what| what.name() == name)
    }

    /// What it can be counted in.
    pub fn measures(self) -> Vec<Measure> {
        use Measure::{Brokers, Frequency, Money, Rate, Requests, Size, Time, Vcpu};
        match self {
            Self::Total => vec![Money],
            Self::Component(Component::Brokers) => vec![Money, Brokers],
            Self::Component(Component::BlockStorage | Component::ObjectStorage) => {
                vec![Money, Size]
            }
            Self::Component(Component::ZoneCrossing) => vec![Money, Rate],
            Self::Component(Component::ObjectRequests) | Self::PutRequests | Self::GetRequests => {
                vec![Money, Frequency, Requests]
            }
            Self::Component(_) => vec![Money],
            Self::Resource(Resource::Cpu) => vec![Vcpu],
            Self::Resource(Resource::DiskCapacity | Resource::PageCache) => vec![Size],
            Self::Resource(Resource::DiskOperations) => vec![Frequency],
            Self::Resource(_) => vec![Rate],
            Self::BytesKept => vec![Size],
            Self::ProduceLatency => vec![Time],
        }
    }
}

/// What a published figure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Dollars.
    Money,
    /// Data.
    Size,
    /// Data a second.
    Rate,
    /// Things a second.
    Frequency,
    /// Requests in a period.
    Requests,
    /// Brokers.
    Brokers,
    /// Virtual CPUs.
    Vcpu,
    /// A length of time.
    Time,
    /// A share of something else.
    Share,
}

impl Measure {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Money => "dollars",
            Self::Size => Bytes::NAME,
            Self::Rate => ByteRate::NAME,
            Self::Frequency => Frequency::NAME,
            Self::Requests => "requests",
            Self::Brokers => "brokers",
            Self::Vcpu => "virtual CPUs",
            Self::Time => Hours::NAME,
            Self::Share => "a share",
        }
    }

    /// A figure that is counted in it.
    pub fn example(self) -> &'static str {
        match self {
            Self::Money => "$34732",
            Self::Size => "126562.5 GiB",
            Self::Rate => "140 MB/s",
            Self::Frequency => "75 /s",
            Self::Requests => "381801600 requests",
            Self::Brokers => "54 brokers",
            Self::Vcpu => "48 vCPU",
            Self::Time => "250 ms",
            Self::Share => "94 %",
        }
    }

    /// Whether it grows with the period that it is for.
    pub fn has_period(self) -> bool {
        matches!(self, Self::Money | Self::Requests)
    }
}

/// A figure with its unit, as it was published.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// What it is counted in.
    pub measure: Measure,
    /// The number in front of the unit.
    pub value: f64,
    /// The unit as people write it.
    pub unit: &'static str,
    /// The size of the unit in the base unit of its dimension.
    pub size: f64,
}

/// Units that are no dimension of their own.
const COUNTS: [(&str, Measure); 4] = [
    ("brokers", Measure::Brokers),
    ("requests", Measure::Requests),
    ("vCPU", Measure::Vcpu),
    ("%", Measure::Share),
];

impl Amount {
    /// A number in the unit of this one, with as many decimals as help.
    pub fn written(&self, value: f64) -> String {
        match self.measure {
            Measure::Money if value.abs() >= 999.5 => {
                format!("${}", separated(&format!("{value:.0}")))
            }
            Measure::Money => format!("${value:.2}"),
            Measure::Brokers | Measure::Requests => separated(&format!("{value:.0}")),
            _ => format!("{} {}", grouped(value), self.unit),
        }
    }

    /// Every unit that can be read.
    pub fn units() -> Vec<&'static str> {
        let dimensions = [Bytes::UNITS, ByteRate::UNITS, Frequency::UNITS, Hours::UNITS];
        let measured = dimensions.into_iter().flatten().map(|(unit, _)| *unit);
        measured.chain(COUNTS.iter().map(|(unit, _)| *unit)).collect()
    }

    /// Units to suggest; every other unit of their dimensions is accepted too.
    pub const UNITS: &[&str] = &[
        "$", "B", "KiB", "MiB", "GiB", "TiB", "kB", "MB", "GB", "TB", "KiB/s", "MiB/s", "GiB/s",
        "kB/s", "MB/s", "GB/s", "Mbps", "Gbps", "/s", "ms", "s", "requests", "brokers", "vCPU",
        "%",
    ];

    /// Reads a figure.
    ///
    /// ```
    /// # use model::published::{Amount, Measure};
    /// let amount = Amount::read("126562.5 GiB").unwrap();
    /// assert_eq!((amount.measure, amount.value, amount.unit), (Measure::Size, 126_562.5, "GiB"));
    /// assert_eq!(Amount::read("$12899").unwrap().measure, Measure::Money);
    /// assert!(Amount::read("12899").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// When there is no number, no unit, or a unit that no figure is counted in.
    pub fn read(text: &str) -> Result<Self, QuantityError> {
        let units = || Self::UNITS.iter().map(|unit| format!("`{unit}`")).collect::<Vec<_>>();
        if let Some(dollars) = text.trim().strip_prefix('$') {
            let (value, rest) = quantity::number(dollars)?;
            return match rest {
                "" => Ok(Self { measure: Measure::Money, value, unit: "$", size: 1.0 }),
                rest => Err(QuantityError::UnknownUnit {
                    unit: rest.to_owned(),
                    dimension: "dollars, whose time is `period`",
                    units: "`$` alone, in front".to_owned(),
                }),
            };
        }
        let (value, unit) = quantity::number(text)?;
        if unit.is_empty() {
            let units = units().join(", ");
            return Err(QuantityError::NoUnit { text: text.trim().to_owned(), units });
        }
        let of = |measure, all: &'static [(&'static str, f64)]| {
            all.iter().find(|(name, _)| *name == unit).map(|(unit, size)| (measure, *unit, *size))
        };
        let counted = COUNTS.iter().find(|(name, _)| *name == unit);
        let counted = counted.map(|(unit, measure)| (*measure, *unit, 1.0));
        counted
            .or_else(|| of(Measure::Size, Bytes::UNITS))
            .or_else(|| of(Measure::Rate, ByteRate::UNITS))
            .or_else(|| of(Measure::Frequency, Frequency::UNITS))
            .or_else(|| of(Measure::Time, Hours::UNITS))
            .map(|(measure, unit, size)| Self { measure, value, unit, size })
            .ok_or_else(|| QuantityError::UnknownUnit {
                unit: unit.to_owned(),
                dimension: "a published figure",
                units: units().join(", "),
            })
    }
}

/// A published figure beside that of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// The published figure.
    pub figure: Figure,
    /// Ours, in its unit; `None` where the platform has no plan, or the plan does not say.
    pub ours: Option<f64>,
    /// Ours to the last digit, where it is dollars.
    pub ours_usd: Option<Usd>,
}

impl Beside {
    /// How far ours is from theirs: as a share of theirs, and for a share the difference of the two.
    pub fn difference(&self) -> Option<f64> {
        let (ours, theirs) = (self.ours?, self.figure.amount.value);
        Some(match self.figure.amount.measure {
            Measure::Share => (ours - theirs) / 100.0,
            _ => ours / theirs - 1.0,
        })
    }

    /// Whether that is within the figure's tolerance.
    pub fn is_within(&self) -> Option<bool> {
        // A figure at the very edge is within it.
        const ROUNDING: f64 = 1e-9;
        Some(self.difference()?.abs() <= self.figure.tolerance + ROUNDING)
    }
}

/// Every figure of a published case beside that of a plan, in their order.
///
/// - **Dollars and requests:** what the plan takes in a month, scaled by hours to the figure's period.
/// - **A saving:** what the other platform costs more, or that as a share of what the other costs.
/// - **Everything else:** of the month that the plan shows.
pub fn beside(published: &Published, plans: &[&Plan], prices: &Prices) -> Vec<Beside> {
    let plan = |name: &str| plans.iter().copied().find(|plan| plan.design.name == name);
    let each = published.figures.iter().map(|figure| {
        let other = figure.against.as_deref().map(plan);
        let (ours, ours_usd) = match (plan(&figure.platform), other) {
            (Some(this), None) if figure.amount.measure == Measure::Money => {
                dollars(money(figure, this, prices))
            }
            (Some(this), None) => {
                (physical(figure, this).map(|base| base / figure.amount.size), None)
            }
            (Some(this), Some(Some(other))) => {
                saving(figure, money(figure, this, prices), money(figure, other, prices))
            }
            (None, _) | (_, Some(None)) => (None, None),
        };
        Beside { figure: figure.clone(), ours, ours_usd }
    });
    each.collect()
}

fn dollars(ours: Usd) -> (Option<f64>, Option<Usd>) {
    (Some(ours.as_f64()), Some(ours))
}

/// What one platform saves against another, in the measure of a figure.
fn saving(figure: &Figure, this: Usd, other: Usd) -> (Option<f64>, Option<Usd>) {
    if figure.amount.measure == Measure::Money {
        return dollars(other - this);
    }
    let share = (other > Usd::ZERO).then(|| saved_share(this, other));
    (share.map(|share| share * 100.0), None)
}

/// What is saved by paying one amount instead of another, as a share of the other.
///
/// ```
/// # use model::published::saved_share;
/// assert_eq!(saved_share("25".parse().unwrap(), "100".parse().unwrap()), 0.75);
/// ```
pub fn saved_share(this: Usd, other: Usd) -> f64 {
    1.0 - this.as_f64() / other.as_f64()
}

/// Hours of a month of a plan, on average.
fn month_hours(plan: &Plan) -> f64 {
    let lengths: f64 = plan.months.iter().map(|billed| billed.month.length.as_hours()).sum();
    match plan.months.len() {
        0 => plan.month.length.as_hours(),
        months => lengths / months as f64,
    }
}

/// Hours of a year.
const YEAR: f64 = 8_760.0;

/// Hours of a figure's period.
fn period_hours(figure: &Figure, plan: &Plan) -> f64 {
    match figure.period {
        Some(Period::Hour) => 1.0,
        Some(Period::Day) => 24.0,
        Some(Period::Year) => YEAR,
        Some(Period::Month) | None => month_hours(plan),
    }
}

/// What a plan pays for what a figure counts, in the figure's period.
fn money(figure: &Figure, plan: &Plan, prices: &Prices) -> Usd {
    let skus = |meters: [Meter; 2]| {
        let of_list = |list: &crate::prices::PriceList| {
            let ids = meters.iter().filter_map(|meter| list.meter(*meter).ok());
            ids.map(|id| list.price(id).sku.clone()).collect::<Vec<_>>()
        };
        prices.lists().flat_map(of_list).collect::<Vec<_>>()
    };
    let requests = match figure.what {
        What::PutRequests => skus([Meter::ObjectPut, Meter::ZonalPut]),
        What::GetRequests => skus([Meter::ObjectGet, Meter::ZonalGet]),
        _ => Vec::new(),
    };
    let wanted = |line: &CostLine| match figure.what {
        What::Total => true,
        What::Component(component) => line.component == component,
        What::PutRequests | What::GetRequests => requests.contains(&line.sku),
        What::Resource(_) | What::BytesKept | What::ProduceLatency => false,
    };
    let a_month = plan.a_month(sum(&plan.bill, figure, wanted));
    let decimal = |hours: f64| Decimal::try_from(hours).unwrap_or(Decimal::ONE);
    let (period, month) = (decimal(period_hours(figure, plan)), decimal(month_hours(plan)));
    // Multiplied first, so that a month in a month is exact.
    (a_month * period).dollars().checked_div(month).map_or(a_month, Usd::new)
}

fn sum(bill: &Bill, figure: &Figure, wanted: impl Fn(&CostLine) -> bool) -> Usd {
    let caused = |line: &&CostLine| figure.cause.is_none_or(|cause| line.cause == cause);
    let lines = bill.lines.iter().filter(caused).filter(|line| wanted(line));
    lines
        .map(|line| match figure.of {
            Basis::List => line.list_cost,
            Basis::Contracted => line.contracted_cost,
        })
        .sum()
}

/// What else a figure counts, in the base unit of its measure.
fn physical(figure: &Figure, plan: &Plan) -> Option<f64> {
    match (figure.what, figure.amount.measure) {
        (What::Component(Component::Brokers), _) => Some(f64::from(plan.fleet.brokers)),
        (What::Component(Component::BlockStorage), _) => {
            Some(plan.storage.provisioned.base_bytes())
        }
        (What::Component(Component::ObjectStorage), _) => Some(plan.storage.remote.base_bytes()),
        (What::Component(Component::ZoneCrossing), _) => Some(match figure.cause {
            Some(cause) => plan.flows.crossing(cause).base(),
            None => plan.flows.zone_crossing().base(),
        }),
        (
            What::Component(Component::ObjectRequests) | What::PutRequests | What::GetRequests,
            measure,
        ) => {
            let per_sec = requests(figure, plan);
            Some(match measure {
                Measure::Requests => per_sec.count_in(Hours::new(period_hours(figure, plan))),
                _ => per_sec.per_sec(),
            })
        }
        (What::Resource(resource), _) => {
            let asked = plan.each().flat_map(|part| &part.fleet.requirements);
            let asked = asked.filter(|one| one.resource == resource).map(|one| one.demand);
            asked.reduce(|one, other| one + other).map(|sum| sum * resource_unit(resource))
        }
        (What::BytesKept, _) => Some((plan.storage.on_brokers + plan.storage.remote).base_bytes()),
        (What::ProduceLatency, _) => Some(plan.latency?.p50.as_hours()),
        (What::Total | What::Component(_), _) => None,
    }
}

/// The unit in which sizing counts a resource, in the base unit of its dimension.
fn resource_unit(resource: Resource) -> f64 {
    match resource.unit() {
        "MiB/s" => MIB,
        "GiB" => GIB,
        _ => 1.0,
    }
}

fn requests(figure: &Figure, plan: &Plan) -> Frequency {
    let wanted = |class| match figure.what {
        What::PutRequests => matches!(class, RequestClass::Put | RequestClass::ZonalPut),
        What::GetRequests => matches!(class, RequestClass::Get | RequestClass::ZonalGet),
        _ => true,
    };
    let rates = plan.requests.iter().filter(|rate| wanted(rate.class));
    let rates = rates.filter(|rate| figure.cause.is_none_or(|cause| rate.cause == cause));
    rates.map(|rate| rate.per_sec).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_a_name_of_its_own_and_a_measure() {
        let all = What::all();
        for what in &all {
            assert_eq!(What::named(what.name()), Some(*what));
            assert!(!what.measures().is_empty(), "{}", what.name());
        }
        let names: std::collections::BTreeSet<_> = all.iter().map(|what| what.name()).collect();
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn every_measure_has_an_example_that_can_be_read() {
        for what in What::all() {
            for measure in what.measures() {
                let amount = Amount::read(measure.example()).expect("an example");
                assert_eq!(amount.measure, measure);
            }
        }
    }

    #[test]
    fn units_keep_their_dimension() {
        for (text, measure) in [
            ("140 MB/s", Measure::Rate),
            ("5872 Mbps", Measure::Rate),
            ("75 /s", Measure::Frequency),
            ("250 ms", Measure::Time),
            ("1e3 requests", Measure::Requests),
            ("94 %", Measure::Share),
        ] {
            assert_eq!(Amount::read(text).map(|amount| amount.measure), Ok(measure), "{text}");
        }
        for wrong in ["$5/month", "5 furlongs", "5", "$", "brokers", "12,899 GiB"] {
            assert!(Amount::read(wrong).is_err(), "{wrong}");
        }
    }
}
