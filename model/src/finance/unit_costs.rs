//! What one of something costs: effective cost ÷ quantity, on average, and what one per cent more of it costs.
//!
//! - **Average:** all of a subject's effective cost (people's time and credits included) ÷ the quantity of the horizon. A
//!   stream, group or owner bears what show-back gives it.
//! - **Marginal:** what one per cent more costs, divided by that per cent: two runs of the engine, nothing assumed. Fleets
//!   are whole brokers, so it is a step function: most often it is below the average, where one per cent needs no broker
//!   more, and it jumps where it does. A chosen machine or count of partitions may change, too.
//! - **Ingested** is what clients produce; copies over links are not ingested twice. **Stored** is after compression, **raw**
//!   before it. **Retained** is one copy within its retention, GiB times months.
//! - **Devices** of all streams are those of the stream that has most of them in a month: streams of the same devices do
//!   not count them twice.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::measured::{Amounts, Measured};
use super::showback::{Payer, Showback};
use crate::bill::QUANTITY_DECIMALS;
use crate::money::Usd;
use crate::scenario::Scenario;
use crate::units::{GIB, Hours};
use crate::workload::{Cleanup, Stream};

/// Decimals of a unit cost: it is a quotient, shown and never multiplied.
const UNIT_DECIMALS: u32 = 12;

/// One per cent more: small enough to stay near, and large enough to be no rounding error.
const MORE: f64 = 0.01;

/// Of whom or what something is the cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The whole platform.
    All,
    /// A stream, with its groups.
    Stream(String),
    /// A group, whatever streams it reads.
    Group(String),
    /// An owner with all streams; `None` for those without one.
    Owner(Option<String>),
}

impl Subject {
    /// As exports call its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Stream(_) => "stream",
            Self::Group(_) => "group",
            Self::Owner(_) => "owner",
        }
    }

    /// Its name, or what stands for it.
    pub fn name(&self) -> &str {
        match self {
            Self::All => "",
            Self::Stream(name) | Self::Group(name) => name,
            Self::Owner(owner) => owner.as_deref().unwrap_or(NO_OWNER),
        }
    }

    fn bears(&self, payer: &Payer) -> bool {
        match self {
            Self::All => true,
            Self::Stream(name) => payer.stream == *name,
            Self::Group(name) => payer.group.as_ref() == Some(name),
            Self::Owner(owner) => payer.owner == *owner,
        }
    }
}

/// What stands for streams that nobody owns.
pub const NO_OWNER: &str = "no owner";

/// One of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// A GiB ingested, as stored.
    GibStored,
    /// A GiB ingested, before compression.
    GibRaw,
    /// A GiB kept for a month, one copy.
    GibMonth,
    /// A million records.
    MillionRecords,
    /// A device in a month.
    DeviceMonth,
    /// A GiB read.
    GibRead,
    /// A month.
    Month,
}

impl Per {
    /// As exports call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::GibStored => "GiB ingested, stored",
            Self::GibRaw => "GiB ingested, raw",
            Self::GibMonth => "GiB-month retained",
            Self::MillionRecords => "million records",
            Self::DeviceMonth => "device and month",
            Self::GibRead => "GiB read",
            Self::Month => "month",
        }
    }
}

/// What one per cent more costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Marginal {
    /// What of the scenario is one per cent more.
    pub change: Change,
    /// What all of it costs more, over the horizon; below zero where it costs less.
    pub usd: Usd,
    /// The same for one of what is counted; `None` for a quantity of nothing.
    pub unit_cost: Option<Usd>,
}

/// What one of something costs.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitCost {
    /// Whose cost.
    pub subject: Subject,
    /// For one of what.
    pub per: Per,
    /// How much there is of it in the horizon.
    pub quantity: Decimal,
    /// What all of it costs.
    pub cost: Usd,
    /// What one of it costs on average.
    pub average: Usd,
    /// What one more costs; `None` where that was not asked, or cannot be planned.
    pub marginal: Option<Marginal>,
}

/// What of a scenario becomes more, by one per cent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// What some streams produce: devices and keys, records and bytes.
    Produced(Vec<String>),
    /// How long everything is kept.
    Kept,
    /// What a group reads of what is produced.
    Read(String),
}

impl Change {
    /// What becomes more, in words.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Produced(_) => "1 % more is produced",
            Self::Kept => "everything is kept for 1 % longer",
            Self::Read(_) => "the group reads 1 % more",
        }
    }
}

/// The scenario with one per cent more of something.
pub fn more(scenario: &Scenario, change: &Change) -> Scenario {
    let mut scaled = scenario.clone();
    let times = 1.0 + MORE;
    for stream in &mut scaled.workload.streams {
        match change {
            Change::Produced(names) if names.contains(&stream.name) => {
                *stream = stream.part(times);
            }
            Change::Kept if matches!(stream.cleanup, Cleanup::Delete) => {
                stream.retention = stream.retention * times;
            }
            Change::Read(group) => {
                for reader in stream.readers.iter_mut().filter(|one| one.group == *group) {
                    reader.share *= times;
                }
            }
            _ => {}
        }
    }
    if *change == Change::Kept {
        for link in &mut scaled.links {
            link.retention = link.retention.map(|retention| retention * times);
        }
    }
    scaled
}

/// Subjects with what there is to count of each, and what becomes more where one more of it is asked for.
fn subjects(scenario: &Scenario, groups: Vec<&String>) -> Vec<(Subject, Per, Change)> {
    let streams = || scenario.workload.streams.iter();
    let produced = |wanted: &dyn Fn(&Stream) -> bool| {
        let names = streams().filter(|stream| wanted(stream));
        Change::Produced(names.map(|stream| stream.name.clone()).collect())
    };
    let all = || produced(&|_| true);
    let mut list = vec![
        (Subject::All, Per::GibStored, all()),
        (Subject::All, Per::GibRaw, all()),
        (Subject::All, Per::GibMonth, Change::Kept),
        (Subject::All, Per::MillionRecords, all()),
        (Subject::All, Per::DeviceMonth, all()),
        (Subject::All, Per::Month, all()),
    ];
    for stream in streams() {
        let subject = || Subject::Stream(stream.name.clone());
        let change = || Change::Produced(vec![stream.name.clone()]);
        for per in [Per::Month, Per::GibStored, Per::DeviceMonth] {
            list.push((subject(), per, change()));
        }
    }
    for group in groups {
        let subject = || Subject::Group(group.clone());
        for per in [Per::Month, Per::GibRead] {
            list.push((subject(), per, Change::Read(group.clone())));
        }
    }
    let mut owners: Vec<&Option<String>> = Vec::new();
    for stream in streams().filter(|_| streams().any(|stream| stream.owner.is_some())) {
        if !owners.contains(&&stream.owner) {
            owners.push(&stream.owner);
        }
    }
    crate::order::sort_by_key(&mut owners, |owner| owner.is_none());
    for owner in owners {
        let change = || produced(&|stream: &Stream| stream.owner == *owner);
        for per in [Per::Month, Per::GibStored] {
            list.push((Subject::Owner(owner.clone()), per, change()));
        }
    }
    list
}

/// Everything that has to be one per cent more for marginal costs of a scenario, each once.
pub fn changes(scenario: &Scenario) -> Vec<Change> {
    let groups = groups(scenario);
    let mut list: Vec<Change> = Vec::new();
    for (_, _, change) in subjects(scenario, groups.iter().collect()) {
        if !list.contains(&change) {
            list.push(change);
        }
    }
    list
}

/// Groups of all streams, each once, in the order of the scenario.
fn groups(scenario: &Scenario) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for reader in scenario.workload.streams.iter().flat_map(|stream| &stream.readers) {
        if !list.contains(&reader.group) {
            list.push(reader.group.clone());
        }
    }
    list
}

/// What one of everything costs.
///
/// `dearer` has what some changes cost more over the horizon, of those that were planned; what is not there has no marginal
/// cost.
pub fn unit_costs(
    scenario: &Scenario,
    measured: &Measured,
    showback: &Showback,
    dearer: &[(Change, Usd)],
) -> Vec<UnitCost> {
    let mut months: Vec<u32> = Vec::new();
    for one in &measured.months {
        if !months.contains(&one.month) {
            months.push(one.month);
        }
    }
    let mut groups: Vec<&String> = Vec::new();
    for group in measured.payers.iter().filter_map(|payer| payer.group.as_ref()) {
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let totals: Vec<Amounts> = (0..measured.payers.len()).map(|at| measured.total(at)).collect();
    let counted = |subject: &Subject, per: Per| -> Option<Decimal> {
        let sum = |of: fn(&Amounts) -> f64| -> f64 {
            let own = measured.payers.iter().zip(&totals);
            own.filter(|(payer, _)| subject.bears(payer)).map(|(_, amounts)| of(amounts)).sum()
        };
        let amount = match per {
            Per::GibStored => sum(|amounts| amounts.ingested) / GIB,
            Per::GibRaw => sum(|amounts| amounts.ingested_raw) / GIB,
            Per::GibMonth => sum(|amounts| amounts.kept) / GIB,
            Per::MillionRecords if measured.uncounted.is_empty() => {
                sum(|amounts| amounts.records) / 1e6
            }
            Per::MillionRecords => return None,
            Per::DeviceMonth => devices(scenario, subject, &months),
            Per::GibRead => sum(Amounts::all_read) / GIB,
            Per::Month => months.len() as f64,
        };
        let amount = Decimal::from_f64(amount)?.round_dp(QUANTITY_DECIMALS);
        (amount > Decimal::ZERO).then_some(amount)
    };
    let mut list = Vec::new();
    for (subject, per, change) in subjects(scenario, groups) {
        let Some(quantity) = counted(&subject, per) else { continue };
        let cost = showback.sum(|share| subject.bears(&share.payer));
        let found = dearer.iter().find(|(of, _)| *of == change);
        let marginal = found.map(|(change, usd)| Marginal {
            change: change.clone(),
            usd: *usd,
            unit_cost: per_unit(*usd, quantity * Decimal::new(1, 2)),
        });
        list.push(UnitCost {
            average: per_unit(cost, quantity).unwrap_or_default(),
            subject,
            per,
            quantity,
            cost,
            marginal,
        });
    }
    list
}

fn per_unit(cost: Usd, quantity: Decimal) -> Option<Usd> {
    let one = cost.dollars().checked_div(quantity)?;
    Some(Usd::new(one.round_dp(UNIT_DECIMALS)))
}

/// Devices of some months: those of the stream that has most of them in each.
fn devices(scenario: &Scenario, subject: &Subject, months: &[u32]) -> f64 {
    let of = |stream: &Stream, index: u32| {
        let month = scenario.horizon.month(index);
        let there = stream.is_active(month.start.max(Hours::ZERO), month.end());
        let sources = stream.sources.filter(|_| there);
        sources.map_or(0.0, |sources| sources.count as f64 * stream.growth.factor(index))
    };
    let streams = scenario.workload.streams.iter().filter(|stream| {
        let own = Payer { stream: stream.name.clone(), owner: stream.owner.clone(), group: None };
        subject.bears(&own)
    });
    let streams: Vec<&Stream> = streams.collect();
    let most = |index: &u32| streams.iter().map(|stream| of(stream, *index)).fold(0.0, f64::max);
    months.iter().map(most).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finance::PartMonth;
    use crate::scenario::{Vocabulary, parse};

    #[test]
    fn one_of_nothing_has_no_cost() {
        let usd: Usd = "10".parse().expect("a literal");
        assert_eq!(per_unit(usd, Decimal::ZERO), None);
        let third = per_unit(usd, Decimal::from(3)).expect("three");
        assert_eq!(third.exact(), "3.333333333333");
    }

    /// A stream that is kept for a day, one of which the last of each key is kept, and a copy of the first for a week.
    fn scenario() -> Scenario {
        let text = "schema = 1\ntitle = \"t\"\n[prices]\nprovider = \"aws\"\nregion = \"r\"\n\
            [[region]]\nname = \"here\"\nregion = \"r\"\nshare = \"50 %\"\n\
            [[region]]\nname = \"there\"\nregion = \"s\"\nshare = \"50 %\"\n\
            [[link]]\nfrom = \"here\"\nto = \"there\"\nstream = \"day\"\nretention = \"7 d\"\n\
            [[stream]]\nname = \"day\"\nsources = 1000\nevery = \"1 s\"\nrecord = \"1 KiB\"\nretention = \"1 d\"\n\
            [[stream.reader]]\ngroup = \"both\"\n[[stream.reader]]\ngroup = \"one\"\n\
            [[stream]]\nname = \"last\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n\
            cleanup = \"compact\"\nlive = \"1 GiB\"\n\
            [[stream.reader]]\ngroup = \"both\"\n\
            [[platform]]\npreset = \"kafka-gp3\"\n";
        let regions = ["r".to_owned(), "s".to_owned()].into();
        let regions = [("aws".to_owned(), regions)].into();
        parse(text, &Vocabulary { regions, ..Vocabulary::default() }).expect("a scenario")
    }

    /// What of a scenario changes: rates in KiB/s, days that streams and the copy are kept, and shares that are read.
    fn figures(scenario: &Scenario) -> ([f64; 2], [f64; 3], [f64; 3]) {
        let [day, last] = &scenario.workload.streams[..] else { panic!("two streams") };
        let rate = |stream: &Stream| stream.produce().as_mib_per_sec() * 1024.0;
        let days = |kept: Hours| kept.as_hours() / 24.0;
        let copy = scenario.links[0].retention.expect("its own retention");
        (
            [rate(day), rate(last)],
            [day.retention, last.retention, copy].map(days),
            [&day.readers[0], &day.readers[1], &last.readers[0]].map(|one| one.share),
        )
    }

    #[track_caller]
    fn check(change: &Change, rates: [f64; 2], days: [f64; 3], shares: [f64; 3]) {
        let found = figures(&more(&scenario(), change));
        let found = [&found.0[..], &found.1, &found.2].concat();
        let expected = [&rates[..], &days, &shares].concat();
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() < 1e-9, "{change:?}: {found} {expected}");
        }
    }

    #[test]
    fn one_per_cent_more_is_of_what_was_asked_for_alone() {
        let (rates, days, shares) = ([1000.0, 1024.0], [1.0, 1.0, 7.0], [1.0; 3]);
        let produced =
            |names: &[&str]| Change::Produced(names.iter().map(ToString::to_string).collect());
        check(&produced(&[]), rates, days, shares);
        check(&produced(&["day"]), [1010.0, 1024.0], days, shares);
        check(&produced(&["day", "last"]), [1010.0, 1034.24], days, shares);
        // Where the last of each key is kept, no age of records says how much there is.
        check(&Change::Kept, rates, [1.01, 1.0, 7.07], shares);
        check(&Change::Read("both".to_owned()), rates, days, [1.01, 1.0, 1.01]);
        check(&Change::Read("one".to_owned()), rates, days, [1.0, 1.01, 1.0]);
    }

    #[test]
    fn records_have_a_cost_where_every_stream_counts_them() {
        let scenario = scenario();
        let payer = |stream: &str| Payer { stream: stream.to_owned(), owner: None, group: None };
        let one = Amounts { produced: GIB, ingested: GIB, records: 3e6, ..Amounts::default() };
        let month = PartMonth { part: Default::default(), month: 0, amounts: vec![one; 2] };
        let measured = |uncounted: &[&str]| Measured {
            payers: vec![payer("day"), payer("last")],
            months: vec![month.clone()],
            uncounted: uncounted.iter().map(ToString::to_string).collect(),
        };
        let showback = Showback { key: Default::default(), shares: Vec::new(), notes: Vec::new() };
        let quantity = |measured: &Measured, per: Per| {
            let costs = unit_costs(&scenario, measured, &showback, &[]);
            let mut of_all = costs.iter().filter(|one| one.subject == Subject::All);
            of_all.find(|one| one.per == per).map(|one| one.quantity)
        };
        assert_eq!(quantity(&measured(&[]), Per::MillionRecords), Some(Decimal::from(6)));
        assert_eq!(quantity(&measured(&["last"]), Per::MillionRecords), None);
        assert_eq!(quantity(&measured(&["last"]), Per::GibStored), Some(Decimal::TWO));
        assert_eq!(quantity(&measured(&["last"]), Per::DeviceMonth), Some(Decimal::from(1000)));
        assert_eq!(quantity(&measured(&["last"]), Per::GibRead), None, "nobody reads");
    }

    #[test]
    fn a_subject_and_a_change_have_words() {
        let (name, owner) = ("day".to_owned(), Some("team".to_owned()));
        for (subject, expected) in [
            (Subject::All, ["all", ""]),
            (Subject::Stream(name.clone()), ["stream", "day"]),
            (Subject::Group(name), ["group", "day"]),
            (Subject::Owner(owner), ["owner", "team"]),
            (Subject::Owner(None), ["owner", "no owner"]),
        ] {
            assert_eq!([subject.kind(), subject.name()], expected);
        }
        let changes = [Change::Produced(Vec::new()), Change::Kept, Change::Read("g".to_owned())];
        let words = [
            "1 % more is produced",
            "everything is kept for 1 % longer",
            "the group reads 1 % more",
        ];
        assert_eq!(changes.each_ref().map(Change::words), words);
    }
}
