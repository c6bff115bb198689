//! Laws of change: what one change of the question may change in the answer, and by how much.
//!
//! `properties` holds what is true of any one plan and which way more of something goes. Here two plans are held to each
//! other exactly: more of everything, other units, another order, another month, another price, the same again.

use model::bill::{Bill, Cause, Component, CostLine, Driver};
use model::comparison::{Comparison, View, compare};
use model::design::Design;
use model::events::EventKind;
use model::finance::accounts;
use model::horizon::{Asked, through};
use model::load::Month;
use model::money::Usd;
use model::parameters::{Factor, Kind, PARAMETERS};
use model::plan::Plan;
use model::presets::PRESETS;
use model::prices::{Disk, Machine, Measure, Price, PriceList};
use model::scenario::{MonthLength, Scenario};
use model::simulate::Simulation;
use model::sizing::Resource;
use model::units::{Bytes, Frequency, Hours};
use model::variance::{Rates, reasons, variance};
use model::workload::{Cleanup, Stream, Workload};
use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

use crate::agreement::event;
use crate::properties::{MONTH, config, designs, planned, workloads};
use crate::{catalog, parse};

/// What adding floats in another order may lose: sums of some dozens of numbers, each off by one part in 10¹⁶, taken
/// through a dozen steps.
const ROUNDING: f64 = 1e-11;

/// Quantities on a bill are rounded to six decimals.
const LAST_DECIMAL: f64 = 1e-6;

/// Workloads with compacted logs among them, and records that are counted.
fn mixed() -> impl Strategy<Value = Workload> {
    let beside =
        (prop::option::weighted(0.2, 0.01..2_000.0_f64), prop::option::of(64.0..65_536.0_f64));
    (workloads(), prop::collection::vec(beside, 4)).prop_map(|(mut workload, beside)| {
        for (stream, (live, record)) in workload.streams.iter_mut().zip(beside) {
            stream.records = record.map(|bytes| Frequency::new(bytes_per_sec(stream) / bytes));
            if let Some(live) = live {
                stream.cleanup = Cleanup::Compact { live: Bytes::from_gib(live) };
            }
        }
        workload
    })
}

fn bytes_per_sec(stream: &Stream) -> f64 {
    (stream.produce_raw * Hours::from_secs(1.0)).base_bytes()
}

/// The same with partitions that are said, as many as `pieces` divide, and no key hotter than another.
fn divisible(mut workload: Workload, pieces: u32) -> Workload {
    for stream in &mut workload.streams {
        stream.partitions = Some(stream.partitions.unwrap_or(30) * pieces);
        stream.keys = None;
    }
    workload
}

/// A scenario around a workload and platforms, of so many months.
fn scenario(workload: &Workload, platforms: &[Design], months: u32) -> Scenario {
    let mut scenario = parse(
        "schema = 1\ntitle = \"laws\"\n[horizon]\nstart = 2027-01-01\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n\
         [[stream]]\nname = \"s\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n[[platform]]\npreset = \"kafka-gp3\"\n",
    );
    scenario.horizon.months = months;
    scenario.workload = workload.clone();
    scenario.platforms = platforms.to_vec();
    scenario
}

/// A platform through the horizon, where it can be planned.
fn run(scenario: &Scenario, prices: &PriceList) -> Option<Plan> {
    through(&scenario.platforms[0], scenario, prices, Asked { samples: false }).ok()
}

fn simulated(plan: &Plan) -> &Simulation {
    plan.simulation.as_ref().expect("a plan through the horizon is simulated")
}

fn quantity(line: &CostLine) -> f64 {
    line.quantity.to_f64().expect("a quantity is a number")
}

fn same(found: f64, expected: f64) -> bool {
    found == expected || (found - expected).abs() <= ROUNDING * found.abs().max(expected.abs())
}

/// Two bills by what they charge for: quantities of the second are so many times those of the first, but for rounding,
/// wherever `times` says how many.
/// Steps of a price's ladder are taken together: where a step begins is a matter of price, and it does not move.
fn lines_scale(
    before: &Bill,
    after: &Bill,
    rounding: f64,
    times: impl Fn(&CostLine) -> Option<f64>,
) -> Result<(), TestCaseError> {
    let (charged, scaled) = (by_sku(before), by_sku(after));
    prop_assert_eq!(charged.len(), scaled.len());
    for ((line, before), (other, after)) in charged.into_iter().zip(scaled) {
        prop_assert_eq!((&line.sku, line.cause), (&other.sku, other.cause));
        let Some(times) = times(line) else { continue };
        let slip = 2.0 * LAST_DECIMAL * (1.0 + times) + rounding * before * times;
        prop_assert!(
            (after - before * times).abs() <= slip,
            "{}: {after} instead of {}",
            line.sku,
            before * times
        );
    }
    Ok(())
}

/// Quantities of a bill by what they are: the first line of each, and the sum of all.
fn by_sku(bill: &Bill) -> Vec<(&CostLine, f64)> {
    let mut sums: Vec<(&CostLine, f64)> = Vec::new();
    let alike = |one: &CostLine, other: &CostLine| {
        (&one.sku, one.component, one.cause) == (&other.sku, other.component, other.cause)
    };
    for line in &bill.lines {
        match sums.iter_mut().find(|known| alike(known.0, line)) {
            Some(known) => known.1 += quantity(line),
            None => sums.push((line, quantity(line))),
        }
    }
    sums
}

// More of everything.

/// Bytes that are `times` as large: every rate, every size and every limit in bytes, and prices of bytes to match.
fn in_larger_bytes(
    workload: &Workload,
    design: &Design,
    prices: &PriceList,
    times: u32,
) -> (Workload, Design, PriceList) {
    let k = f64::from(times);
    let mut workload = workload.clone();
    for stream in &mut workload.streams {
        stream.produce_raw = stream.produce_raw * k;
        if let Cleanup::Compact { live } = &mut stream.cleanup {
            *live = *live * k;
        }
    }
    let mut design = design.clone();
    let settings = &mut design.settings;
    for row in PARAMETERS {
        let Some(value) = settings.number(row.key) else { continue };
        let set = match row.kind {
            Kind::Size => settings.set(row.key, &format!("{} B", value * k)),
            Kind::Rate => settings.set(row.key, &format!("{} B/s", value * k)),
            _ => Ok(()),
        };
        set.expect("a setting has room for some doublings");
    }
    settings.cpu_seconds_per_mib_in.0 /= k;
    settings.cpu_seconds_per_mib_out.0 /= k;
    let share = Decimal::ONE / Decimal::from(times);
    if let Some(licence) = &mut settings.licence {
        licence.0 = licence.0 * share;
    }
    let mut prices = prices.clone();
    for price in &mut prices.prices {
        if matches!(price.unit.measure(), Measure::Moved | Measure::Kept | Measure::Rate) {
            for tier in &mut price.tiers {
                tier.from *= Decimal::from(times);
                tier.usd = tier.usd * share;
                tier.low = tier.low.map(|low| low * share);
                tier.approximate = (tier.approximate.0 * k, tier.approximate.1 / k);
            }
        }
    }
    prices.machines.iter_mut().for_each(|machine| larger_machine(machine, k));
    let disks = std::mem::take(&mut prices.disks);
    prices.disks = disks.into_iter().map(|(name, disk)| (name, larger_disk(disk, k))).collect();
    for unit in prices.capacity_units.values_mut() {
        unit.write = unit.write.map(|rate| rate * k);
        unit.read = unit.read.map(|rate| rate * k);
    }
    (workload, design, prices)
}

fn larger_machine(machine: &mut Machine, k: f64) {
    machine.memory = machine.memory * k;
    for rate in [
        &mut machine.network,
        &mut machine.network_burst,
        &mut machine.block,
        &mut machine.block_burst,
        &mut machine.rated_ingress,
        &mut machine.rated_egress,
    ] {
        *rate = rate.map(|rate| rate * k);
    }
    if let Some(local) = &mut machine.local {
        local.capacity = local.capacity * k;
    }
}

fn larger_disk(mut disk: Disk, k: f64) -> Disk {
    disk.size_min = disk.size_min * k;
    disk.size_max = disk.size_max.map(|size| size * k);
    disk.throughput_base = disk.throughput_base.map(|rate| rate * k);
    // What comes with each TiB is a rate for a size: both grow.
    disk.throughput_max = disk.throughput_max.map(|rate| rate * k);
    disk
}

/// What grows with the bytes, and what does not, to the last bit: `times` is a power of two.
fn in_larger_bytes_it_is_the_same(
    before: &Plan,
    after: &Plan,
    times: u32,
) -> Result<(), TestCaseError> {
    let k = f64::from(times);
    prop_assert_eq!(&before.machine, &after.machine);
    prop_assert_eq!(before.fleet.brokers, after.fleet.brokers);
    prop_assert_eq!(before.fleet.requirements.len(), after.fleet.requirements.len());
    for (before, after) in before.fleet.requirements.iter().zip(&after.fleet.requirements) {
        let times = match before.resource {
            Resource::Network
            | Resource::DiskPath
            | Resource::Volume
            | Resource::RatedIngress
            | Resource::RatedEgress
            | Resource::DiskCapacity
            | Resource::PageCache => k,
            _ => 1.0,
        };
        prop_assert_eq!(before.demand * times, after.demand, "{:?}", before.resource);
        prop_assert_eq!(before.per_broker * times, after.per_broker, "{:?}", before.resource);
    }
    for (before, after) in before.flows.flows.iter().zip(&after.flows.flows) {
        prop_assert_eq!((before.edge, before.cause), (after.edge, after.cause));
        prop_assert!(
            before.mean * k == after.mean && before.peak * k == after.peak,
            "{before:?} {after:?}"
        );
        prop_assert_eq!(before.crossing, after.crossing);
    }
    let kept = |plan: &Plan| {
        let storage = &plan.storage;
        [storage.logical, storage.on_brokers, storage.provisioned, storage.remote]
            .map(Bytes::base_bytes)
    };
    prop_assert_eq!(kept(before).map(|bytes| bytes * k), kept(after));
    prop_assert_eq!(&before.requests, &after.requests);
    prop_assert_eq!(before.cpu, after.cpu);
    prop_assert_eq!(before.page_cache, after.page_cache);
    prop_assert_eq!(before.coordinator, after.coordinator);
    prop_assert_eq!(
        (before.recovery.rebuild * k, before.recovery.time),
        (after.recovery.rebuild, after.recovery.time)
    );
    let ranked = |plan: &Plan| -> Vec<Option<(u32, f64)>> {
        plan.candidates.iter().map(|one| one.outcome.clone().ok()).collect()
    };
    prop_assert_eq!(ranked(before), ranked(after));
    lines_scale(&before.bill, &after.bill, 0.0, |line| Some(of_bytes(line, k)))
}

/// `times` for what is counted in bytes.
fn of_bytes(line: &CostLine, times: f64) -> f64 {
    match line.unit.measure() {
        Measure::Moved | Measure::Kept | Measure::Rate => times,
        _ => 1.0,
    }
}

proptest! {
    #![proptest_config(config())]

    /// Nothing in a plan knows how large a byte is but settings, limits and prices: with all of these so many times as
    /// large, machines, brokers, requests and times are the same to the last bit, and bytes are so many times as many.
    #[test]
    fn rates_and_limits_scale_together(workload in mixed(), (design, prices) in designs(), doublings in 1..5_u32) {
        let times = 1 << doublings;
        let (larger, scaled, priced) = in_larger_bytes(&workload, &design, prices, times);
        match (planned(&workload, &design, prices), planned(&larger, &scaled, &priced)) {
            (Some(before), Some(after)) => in_larger_bytes_it_is_the_same(&before, &after, times)?,
            (before, after) => prop_assert_eq!(before.is_some(), after.is_some()),
        }
    }

    /// So many times the rates, partitions and brokers are so many clusters beside each other: so many times everything
    /// that brokers, clients and storage are billed for. Controllers, fees by the hour and units that are free are of one
    /// cluster, and so are merges where batches of all brokers are merged together up to a size: a larger cluster fills it sooner.
    #[test]
    fn a_cluster_is_as_large_as_its_parts_together(workload in mixed(), (design, prices) in designs(), times in 2..6_u32) {
        let k = f64::from(times);
        let workload = divisible(workload, 1);
        let Some(chosen) = planned(&workload, &design, prices) else { return Ok(()) };
        let fixed = |brokers: u32| {
            let mut design = design.clone();
            design.settings.broker = Some(chosen.machine.clone()).filter(|_| !chosen.machine.is_empty());
            design.settings.brokers = Some(brokers);
            design.settings.units_free = Factor(0.0);
            design
        };
        let mut larger = workload.clone();
        for stream in &mut larger.streams {
            stream.produce_raw = stream.produce_raw * k;
            stream.records = stream.records.map(|records| Frequency::new(records.per_sec() * k));
            stream.partitions = stream.partitions.map(|partitions| partitions * times);
            if let Cleanup::Compact { live } = &mut stream.cleanup {
                *live = *live * k;
            }
        }
        let brokers = chosen.fleet.brokers;
        let (before, after) = (planned(&workload, &fixed(brokers), prices), planned(&larger, &fixed(brokers * times), prices));
        let (Some(before), Some(after)) = (before, after) else { return Ok(()) };
        prop_assert_eq!(before.fleet.brokers * times, after.fleet.brokers);
        for (before, after) in before.flows.flows.iter().zip(&after.flows.flows) {
            prop_assert!(same(after.mean.as_mib_per_sec(), before.mean.as_mib_per_sec() * k), "{before:?}");
            prop_assert!(same(after.peak.as_mib_per_sec(), before.peak.as_mib_per_sec() * k), "{before:?}");
        }
        let together = |cause| cause == Cause::Merge && design.settings.merge_target.is_some();
        for (before, after) in before.requests.iter().zip(&after.requests) {
            prop_assert_eq!((before.cause, before.class), (after.cause, after.class));
            if together(before.cause) {
                continue;
            }
            prop_assert!(same(after.per_sec.per_sec(), before.per_sec.per_sec() * k), "{before:?} {after:?}");
        }
        prop_assert!(same(after.storage.provisioned.as_gib(), before.storage.provisioned.as_gib() * k));
        prop_assert!(same(after.storage.remote.as_gib(), before.storage.remote.as_gib() * k));
        lines_scale(&before.bill, &after.bill, ROUNDING, |line| {
            let of_one = line.component == Component::Controllers
                || line.component == Component::ServiceFee && line.grows_with == Driver::Fixed;
            let held = line.component != Component::ObjectRequests || !together(line.cause);
            held.then_some(if of_one { 1.0 } else { k })
        })?;
    }
}

// The same streams in another order, or in other pieces.

/// Two plans of the same streams: everything but the last bits of sums.
fn the_same_plan(before: &Plan, after: &Plan) -> Result<(), TestCaseError> {
    prop_assert_eq!(&before.machine, &after.machine);
    prop_assert_eq!(before.fleet.brokers, after.fleet.brokers);
    prop_assert_eq!(before.load.partitions, after.load.partitions);
    for (before, after) in before.fleet.requirements.iter().zip(&after.fleet.requirements) {
        prop_assert_eq!(before.resource, after.resource);
        prop_assert!(same(after.demand, before.demand), "{before:?} {after:?}");
    }
    for (before, after) in before.flows.flows.iter().zip(&after.flows.flows) {
        prop_assert_eq!((before.edge, before.cause), (after.edge, after.cause));
        prop_assert!(
            same(after.mean.as_mib_per_sec(), before.mean.as_mib_per_sec()),
            "{before:?} {after:?}"
        );
        prop_assert!(
            same(after.peak.as_mib_per_sec(), before.peak.as_mib_per_sec()),
            "{before:?} {after:?}"
        );
    }
    for (before, after) in before.requests.iter().zip(&after.requests) {
        prop_assert!(
            same(after.per_sec.per_sec(), before.per_sec.per_sec()),
            "{before:?} {after:?}"
        );
    }
    let rows = |plan: &Plan| {
        plan.coordinator.map_or([0.0; 3], |rows| {
            [rows.written.per_sec(), rows.rows_kept, rows.fastest.per_sec()]
        })
    };
    for (before, after) in rows(before).into_iter().zip(rows(after)) {
        prop_assert!(same(after, before), "{after} rows instead of {before}");
    }
    let latency =
        |plan: &Plan| plan.latency.map_or([0.0; 2], |one| [one.p50.as_secs(), one.p99.as_secs()]);
    for (before, after) in latency(before).into_iter().zip(latency(after)) {
        prop_assert!(same(after, before), "{after} s instead of {before} s");
    }
    lines_scale(&before.bill, &after.bill, ROUNDING, |_| Some(1.0))
}

/// A stream as so many equal ones: their share of rates, records, partitions and of what a compacted log holds.
fn split(workload: &Workload, pieces: u32) -> Workload {
    let share = 1.0 / f64::from(pieces);
    let parts = workload.streams.iter().flat_map(|stream| {
        (0..pieces).map(move |piece| {
            let mut part = stream.part(share);
            part.name = format!("{}-{piece}", stream.name);
            part.partitions = stream.partitions.map(|partitions| partitions / pieces);
            part
        })
    });
    Workload { streams: parts.collect(), links: Vec::new() }
}

proptest! {
    #![proptest_config(config())]

    /// Streams and readers are sets: in what order a scenario names them changes nothing but last bits of sums.
    #[test]
    fn order_changes_nothing(workload in mixed(), (design, prices) in designs(), turn in 0..4_usize) {
        let mut turned = workload.clone();
        turned.streams.reverse();
        let streams = turned.streams.len();
        turned.streams.rotate_left(turn % streams);
        for stream in &mut turned.streams {
            stream.readers.reverse();
        }
        match (planned(&workload, &design, prices), planned(&turned, &design, prices)) {
            (Some(before), Some(after)) => the_same_plan(&before, &after)?,
            (before, after) => prop_assert_eq!(before.is_some(), after.is_some()),
        }
    }

    /// A stream is as good as equal parts of it with their shares of its partitions, and parts are as good as the whole:
    /// read from right to left it is the law of merging. Where partitions are left to the plan, each part has its own
    /// next multiple of the zones; where topics are tiered in part, each part rounds its own; keys are hashed anew. So
    /// partitions are said here, tiers are whole, and no key is hot: then not even rounding is left.
    #[test]
    fn equal_parts_are_as_good_as_the_whole(workload in mixed(), (design, prices) in designs(), pieces in 2..5_u32) {
        let whole = divisible(workload, pieces);
        let parts = split(&whole, pieces);
        match (planned(&whole, &design, prices), planned(&parts, &design, prices)) {
            (Some(before), Some(after)) => the_same_plan(&before, &after)?,
            (before, after) => prop_assert_eq!(before.is_some(), after.is_some()),
        }
    }

    /// Partitions that are left to the plan round up for each part: to a multiple of the zones, and no more than one
    /// multiple for each part beyond what the whole has, where nobody asks for as many as brokers.
    #[test]
    fn parts_round_their_partitions_up(workload in mixed(), (design, prices) in designs(), pieces in 2..5_u32) {
        let mut whole = workload;
        for stream in &mut whole.streams {
            (stream.partitions, stream.keys) = (None, None);
        }
        let parts = split(&whole, pieces);
        let of = |workload: &Workload| model::load::load(workload, &design, MONTH, 1).partitions;
        let zones = design.settings.zones;
        let most = of(&whole) + (pieces * whole.streams.len() as u32) * zones;
        prop_assert!((of(&whole)..=most).contains(&of(&parts)), "{} in {} parts of {}", of(&parts), pieces, of(&whole));
        // What the plan does with more of them: no byte more is moved.
        if let (Some(before), Some(after)) = (planned(&whole, &design, prices), planned(&parts, &design, prices)) {
            let moved = |plan: &Plan| plan.bill.of_component(Component::ZoneCrossing).as_f64();
            prop_assert!((moved(&before) - moved(&after)).abs() <= ROUNDING * moved(&before) + 0.01);
        }
    }
}

// Another month.

proptest! {
    #![proptest_config(config())]

    /// From 730 h to the hours of a calendar month: what is paid by the hour, by the byte moved and by the request moves
    /// with the hours, to the rounding of a quantity; what is held for a month, bytes, throughput or things, stays.
    #[test]
    fn calendar_months_move_what_time_moves(workload in mixed(), (design, prices) in designs(), days in 28..=31_u32) {
        let length = Hours::from_days(f64::from(days));
        let calendar = Month { length, ..MONTH };
        let plan = |month| model::plan(&design, &workload, month, prices).ok();
        let (Some(before), Some(_)) = (plan(MONTH), plan(calendar)) else { return Ok(()) };
        // The cheapest machine of a long month may be another one than that of a short one.
        let mut fixed = design.clone();
        fixed.settings.broker = Some(before.machine.clone()).filter(|_| !before.machine.is_empty());
        let Some(after) = model::plan(&fixed, &workload, calendar, prices).ok() else {
            return Err(TestCaseError::fail("what fits one month fits another"));
        };
        prop_assert_eq!(before.fleet.brokers, after.fleet.brokers);
        lines_scale(&before.bill, &after.bill, ROUNDING, |line| match line.unit.measure() {
            Measure::Time | Measure::Moved | Measure::Requests => Some(length.as_hours() / 730.0),
            Measure::Kept | Measure::Rate | Measure::Iops | Measure::Held => Some(1.0),
            Measure::Spent => None,
        })?;
    }
}

/// A year of 365 days has twelve months of 730 h: whichever way it is cut, hours, bytes and requests of a year are the
/// same in a run through time, on every preset.
#[test]
fn a_year_is_a_year_however_it_is_cut() {
    let mut years = 0;
    for preset in PRESETS {
        let design = Design::of(preset);
        let prices = crate::home(preset);
        let workload = steady();
        let year = |month: MonthLength| {
            let mut scenario = scenario(&workload, std::slice::from_ref(&design), 12);
            scenario.horizon.month = month;
            run(&scenario, prices)
        };
        let fixed = year(MonthLength::Fixed(Hours::new(730.0)));
        let (Some(fixed), Some(calendar)) = (fixed, year(MonthLength::Calendar)) else { continue };
        let (fixed, calendar) = (by_sku(&fixed.bill), by_sku(&calendar.bill));
        assert_eq!(fixed.len(), calendar.len(), "{}", preset.name);
        for ((line, before), (other, after)) in fixed.into_iter().zip(calendar) {
            assert_eq!((&line.sku, line.cause), (&other.sku, other.cause));
            // Twelve lines on each side, each rounded, and steps of a ladder beside them.
            let slip = 48.0 * LAST_DECIMAL + 1e-9 * before;
            assert!(
                (before - after).abs() <= slip,
                "{} {}: {after} instead of {before}",
                preset.name,
                line.sku
            );
            years += 1;
        }
    }
    assert!(years > 100, "{years}");
}

/// One level stream and one reader.
fn steady() -> Workload {
    parse(
        "schema = 1\ntitle = \"steady\"\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n[[stream]]\nname = \"s\"\n\
         produce = \"20 MiB/s\"\npartitions = 60\nretention = \"7 d\"\n[[stream.reader]]\ngroup = \"tail\"\n\
         [[platform]]\npreset = \"kafka-gp3\"\n",
    )
    .workload
}

// Another price.

fn double(price: &mut Price) {
    let two = Decimal::TWO;
    for tier in &mut price.tiers {
        tier.usd = tier.usd * two;
        tier.low = tier.low.map(|low| low * two);
        tier.approximate.1 *= 2.0;
    }
}

/// Whether a line comes of a price; support is a share of other lines, and moves with all of them.
fn is_share(line: &CostLine) -> bool {
    line.component == Component::Support
}

proptest! {
    #![proptest_config(config())]

    /// A price that doubles, whichever of the bill: on the machine that was chosen its lines cost twice as much, to the
    /// last digit, and no other line changes in anything. Where machines are chosen anew, nobody pays more than that.
    #[test]
    fn a_price_doubles_its_lines(workload in mixed(), (design, prices) in designs(), which: prop::sample::Index) {
        let mut design = design;
        for line in ["observability", "backups", "labour"] {
            design.lines.settings.set(line, "true").expect("a switch");
        }
        design.lines.settings.set("labour_rate", "$80/h").expect("a rate");
        let Some(before) = planned(&workload, &design, prices) else { return Ok(()) };
        let sku = which.get(&before.bill.lines).sku.clone();
        let mut dearer = prices.clone();
        let rows = dearer.prices.iter_mut().filter(|price| price.sku == sku);
        let rows = rows.map(double).count();
        prop_assume!(rows > 0);
        let mut fixed = design.clone();
        fixed.settings.broker = Some(before.machine.clone()).filter(|_| !before.machine.is_empty());
        let after = planned(&workload, &fixed, &dearer).expect("a price is no limit");
        prop_assert_eq!(before.bill.lines.len(), after.bill.lines.len());
        let mut added = Usd::ZERO;
        for (before, after) in before.bill.lines.iter().zip(&after.bill.lines) {
            if before.sku == sku {
                prop_assert_eq!(before.quantity, after.quantity);
                prop_assert_eq!(before.list_cost * Decimal::TWO, after.list_cost, "{}", sku);
                prop_assert_eq!(before.contracted_cost * Decimal::TWO, after.contracted_cost, "{}", sku);
                added += before.contracted_cost;
            } else if !is_share(before) {
                prop_assert_eq!(before, after);
            }
        }
        prop_assert_eq!(after.monthly_cost(), before.monthly_cost() + added);
        let free = planned(&workload, &design, &dearer).expect("a price is no limit");
        let slip = Usd::new(Decimal::new(1, 2));
        prop_assert!(free.monthly_cost() <= after.monthly_cost() + slip, "{} {}", free.monthly_cost(), after.monthly_cost());
        prop_assert!(free.monthly_cost() + slip >= before.monthly_cost(), "{} {}", free.monthly_cost(), before.monthly_cost());
    }
}

// The same again.

fn twice(design: &Design) -> [Design; 2] {
    ["one", "other"].map(|name| Design { name: name.to_owned(), ..design.clone() })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: config().cases / 4, ..config() })]

    /// A platform stands twice in a scenario under two names: plans, runs, bills, charges, what they are worth and who
    /// bears them are the same, their difference has no part, and neither has to pay the other back.
    #[test]
    fn a_platform_differs_by_nothing_from_itself(workload in mixed(), (design, prices) in designs(), months in 1..3_u32, lost: bool) {
        let mut scenario = scenario(&workload, &twice(&design), months);
        scenario.workload.streams[0].owner = Some("team".to_owned());
        if lost {
            scenario.events = vec![event(EventKind::BrokerLoss, 100.0, |_| ())];
        }
        let found = compare(&scenario, &prices.clone().into(), View::Horizon);
        let plans: Vec<&Plan> = found.plans().collect();
        let [one, other] = &plans[..] else {
            prop_assert!(plans.is_empty());
            return Ok(());
        };
        prop_assert_eq!(&one.bill, &other.bill);
        prop_assert_eq!(format!("{:?}", simulated(one)), format!("{:?}", simulated(other)));
        let difference = variance((*one, &scenario.finance), (*other, &scenario.finance), &Rates::DOLLARS);
        prop_assert_eq!(difference.effects().total(), Usd::ZERO);
        prop_assert!(reasons(&difference).is_empty());
        for change in &difference.changes {
            prop_assert_eq!(change.effects, Default::default(), "{}", change.sku);
            prop_assert_eq!(change.a, change.b);
        }
        the_same_account(&found, &scenario)?;
        let again = compare(&scenario, &prices.clone().into(), View::Horizon);
        let printed = |comparison| model::export::json::compare(comparison, &scenario);
        prop_assert_eq!(printed(&found), printed(&again));
    }
}

/// Everything that finance knows of both platforms of a comparison.
fn the_same_account(found: &Comparison, scenario: &Scenario) -> Result<(), TestCaseError> {
    let accounts = accounts(found, scenario, Default::default(), &[], &mut |_| Vec::new());
    let [one, other] = &accounts[..] else { return Err(TestCaseError::fail("two accounts")) };
    prop_assert_eq!(&one.charges, &other.charges);
    prop_assert_eq!(&one.worth, &other.worth);
    prop_assert_eq!(format!("{:?}", one.terms), format!("{:?}", other.terms));
    prop_assert_eq!(format!("{:?}", one.discounts), format!("{:?}", other.discounts));
    prop_assert_eq!(format!("{:?}", one.showback), format!("{:?}", other.showback));
    prop_assert_eq!(&one.notes, &other.notes);
    // What costs the same in every month has paid it back in the first; what has no complete bill is never asked.
    let complete = one.plan.is_complete();
    prop_assert_eq!(other.payback.as_ref().map(|back| back.month), complete.then_some(Some(0)));
    Ok(())
}

// The same numbers in other units.

/// A scenario's numbers, whole so that they can be written in many units.
#[derive(Clone, Debug)]
struct Numbers {
    preset: &'static str,
    mib_per_sec: u32,
    decimal_mb_per_sec: u32,
    days: u32,
    records_per_sec: u32,
    record: u32,
    share: u32,
    /// Hundredths of a cent for each GiB, and for each million requests.
    prices: (u32, u32),
    local_hours: u32,
    outage: u32,
}

fn numbers() -> impl Strategy<Value = Numbers> {
    let sold: Vec<&'static str> = PRESETS
        .iter()
        .filter(|preset| crate::home(preset).region == "us-east-1")
        .map(|preset| preset.name)
        .collect();
    (
        (prop::sample::select(sold), 1..400_u32, 1..400_u32, 1..90_u32, 1..20_000_u32),
        (1..64_u32, 1..100_u32, (1..500_u32, 1..9_000_u32), 1..48_u32, 1..12_u32),
    )
        .prop_map(
            |((preset, mib, mb, days, records), (record, share, prices, local_hours, outage))| {
                Numbers {
                    preset,
                    mib_per_sec: mib,
                    decimal_mb_per_sec: mb,
                    days,
                    records_per_sec: records,
                    record,
                    share,
                    prices,
                    local_hours,
                    outage,
                }
            },
        )
}

/// How a scenario spells its units: each row is one quantity in all of its spellings.
struct Spelling {
    binary: &'static [(&'static str, f64)],
    decimal: &'static [(&'static str, f64)],
    size: &'static [(&'static str, f64)],
    days: &'static [(&'static str, f64)],
    hours: &'static [(&'static str, f64)],
    per_sec: &'static [(&'static str, f64)],
    share: &'static [(&'static str, f64)],
    requests: &'static [(&'static str, u32)],
}

/// Factors that binary fractions have room for: what is read is the same number, to the last bit.
const EXACT: Spelling = Spelling {
    binary: &[("MiB/s", 1.0), ("KiB/s", 1024.0), ("B/s", 1_048_576.0), ("GiB/s", 1.0 / 1024.0)],
    decimal: &[("MB/s", 1.0), ("kB/s", 1e3), ("B/s", 1e6), ("Mbit/s", 8.0), ("Mbps", 8.0)],
    size: &[("KiB", 1.0), ("B", 1024.0), ("MiB", 1.0 / 1024.0), ("GiB", 1.0 / 1_048_576.0)],
    days: &[("d", 1.0), ("h", 24.0), ("days", 1.0), ("day", 1.0)],
    hours: &[("h", 1.0), ("hours", 1.0), ("hour", 1.0)],
    per_sec: &[("/s", 1.0), ("/sec", 1.0), ("per second", 1.0)],
    share: &[("%", 1.0)],
    requests: &[("1000 requests", 1), ("requests", 1000), ("10 requests", 100)],
};

/// Factors that are no binary fractions: what is read may differ in its last bits.
const NEAR: Spelling = Spelling {
    binary: &[("MiB/s", 1.0), ("MB/s", 1.048_576), ("Mbit/s", 8.388_608), ("Gbps", 0.008_388_608)],
    decimal: &[("MB/s", 1.0), ("GB/s", 0.001), ("Gbit/s", 0.008)],
    size: &[("KiB", 1.0), ("kB", 1.024), ("MB", 0.001_024)],
    days: &[("d", 1.0), ("min", 1440.0), ("s", 86_400.0), ("w", 1.0 / 7.0), ("year", 1.0 / 365.0)],
    hours: &[("h", 1.0), ("min", 60.0), ("s", 3600.0), ("d", 1.0 / 24.0), ("ms", 3_600_000.0)],
    per_sec: &[("/s", 1.0), ("/min", 60.0), ("/h", 3600.0), ("/d", 86_400.0), ("k/s", 1e-3)],
    share: &[("%", 1.0), ("", 0.01)],
    requests: &[("1000 requests", 1)],
};

/// A scenario as text, each quantity in one of its spellings: `choose` says in which of how many.
fn text(numbers: &Numbers, spelling: &Spelling, mut choose: impl FnMut(usize) -> usize) -> String {
    let mut write = |value: u32, units: &[(&str, f64)]| {
        let (unit, times) = units[choose(units.len())];
        format!("\"{} {unit}\"", f64::from(value) * times)
    };
    let Numbers {
        preset,
        mib_per_sec,
        decimal_mb_per_sec,
        days,
        records_per_sec,
        record,
        share,
        local_hours,
        outage,
        ..
    } = *numbers;
    let mut text = format!(
        "schema = 1\ntitle = \"units\"\n[horizon]\nstart = 2027-01-01\nmonths = 2\n\
         [prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n\
         [[stream]]\nname = \"binary\"\nproduce = {}\nretention = {}\npartitions = 60\n\
         [[stream.reader]]\ngroup = \"some\"\nshare = {}\nlag_budget = {}\n\
         [[stream]]\nname = \"decimal\"\nproduce = {}\nretention = {}\n\
         [[stream]]\nname = \"counted\"\nrecords = {}\nrecord = {}\nretention = {}\n\
         [[stream]]\nname = \"devices\"\nsources = 1_000_000\nevery = {}\nrecord = {}\nretention = {}\n\
         [[event]]\nname = \"away\"\nkind = \"reader-outage\"\nat = \"2027-01-11\"\ngroup = \"some\"\noutage = {}\n\
         [[platform]]\npreset = \"{preset}\"\n",
        write(mib_per_sec, spelling.binary),
        write(days, spelling.days),
        write(share, spelling.share),
        write(outage + 1, spelling.hours),
        write(decimal_mb_per_sec, spelling.decimal),
        write(days, spelling.days),
        write(records_per_sec, spelling.per_sec),
        write(record, spelling.size),
        write(days, spelling.days),
        write(1, spelling.hours),
        write(record, spelling.size),
        write(days, spelling.days),
        write(outage, spelling.hours),
    );
    let architecture = model::presets::preset(preset).expect("a preset").architecture;
    if architecture == model::design::Architecture::Tiered {
        text += &format!("local_retention = {}\n", write(local_hours, spelling.hours));
    }
    let (unit, times) = spelling.requests[choose(spelling.requests.len())];
    let (moved, requests) = numbers.prices;
    let dollars =
        |hundredths: u32, over: u32| Decimal::new(i64::from(hundredths), 4) / Decimal::from(over);
    text + &format!(
        "[[prices.override]]\nsku = \"data_transfer:inter_az:out\"\nprice = \"${}/GiB\"\nsource = \"quote\"\nas_of = 2026-10-01\n\
         [[prices.override]]\nsku = \"s3:standard:put_copy_post_list\"\nprice = \"${}/{unit}\"\nsource = \"quote\"\nas_of = 2026-10-01\n",
        dollars(moved, 1),
        dollars(requests, times),
    )
}

/// Everything that a comparison knows, and what it says.
fn answer(text: &str) -> Value {
    let scenario = parse(text);
    let prices = catalog().prices(&scenario).expect("us-east-1 is in the catalogue");
    let found = compare(&scenario, &prices, View::Horizon);
    serde_json::from_str(&model::export::json::compare(&found, &scenario)).expect("JSON")
}

/// The same with machines by their names: of two that cost the same, last bits decide which is named first.
fn by_machine(mut answer: Value) -> Value {
    let platforms = answer["platforms"].as_array_mut().into_iter().flatten();
    for candidates in platforms.filter_map(|one| one["plan"]["candidates"].as_array_mut()) {
        candidates.sort_by_key(|one| one["machine"].to_string());
    }
    answer
}

/// The first place where two documents differ by more than floats do.
fn differs(one: &Value, other: &Value, place: &str) -> Option<String> {
    let apart = || Some(format!("{place}: {one} and {other}"));
    let near = |one: f64, other: f64| {
        (one - other).abs() <= LAST_DECIMAL * 2.0 + 1e-9 * one.abs().max(other.abs())
    };
    match (one, other) {
        (Value::Object(left), Value::Object(right)) if left.len() == right.len() => {
            left.iter().zip(right).find_map(|((key, one), (known, other))| {
                if key == known { differs(one, other, &format!("{place}.{key}")) } else { apart() }
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let pairs = left.iter().zip(right).enumerate();
            pairs
                .into_iter()
                .find_map(|(index, (one, other))| differs(one, other, &format!("{place}[{index}]")))
        }
        (Value::Number(left), Value::Number(right)) => {
            let close =
                left.as_f64().zip(right.as_f64()).is_some_and(|(one, other)| near(one, other));
            if close { None } else { apart() }
        }
        (Value::String(left), Value::String(right)) if left != right => {
            let numbers = left.parse::<f64>().ok().zip(right.parse::<f64>().ok());
            if numbers.is_some_and(|(one, other)| near(one, other)) { None } else { apart() }
        }
        (one, other) if one == other => None,
        _ => apart(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: config().cases / 4, ..config() })]

    /// GiB or MiB or bytes, days or hours, prices of one request or of a thousand: not a byte of the answer changes.
    #[test]
    fn units_that_divide_evenly_change_no_bit(numbers in numbers(), choices in prop::collection::vec(any::<prop::sample::Index>(), 20)) {
        let plain = answer(&text(&numbers, &EXACT, |_| 0));
        let mut choices = choices.into_iter();
        let other = answer(&text(&numbers, &EXACT, |of| choices.next().expect("enough").index(of)));
        prop_assert_eq!(plain.to_string(), other.to_string());
    }

    /// Seconds for days, `/h` for `/s`, megabytes for mebibytes, `0.3` for `30 %`: what is read differs in its last bits
    /// at most, and so does the answer.
    #[test]
    fn units_that_do_not_change_last_bits_only(numbers in numbers(), choices in prop::collection::vec(any::<prop::sample::Index>(), 20)) {
        let plain = answer(&text(&numbers, &NEAR, |_| 0));
        let mut choices = choices.into_iter();
        let other = answer(&text(&numbers, &NEAR, |of| choices.next().expect("enough").index(of)));
        prop_assert_eq!(differs(&by_machine(plain), &by_machine(other), "answer"), None);
    }
}

proptest! {
    #![proptest_config(config())]

    /// A price for a GB is that for a GiB times 10⁹ ÷ 2³⁰: its lines cost the same but for the last of six decimals of
    /// their quantities, and no other line changes.
    #[test]
    fn a_price_of_a_gb_is_one_of_a_gib(workload in mixed(), hundredths in 1..5_000_u32) {
        const GIB_IN_GB: &str = "1.073741824";
        let per_gb = Decimal::new(i64::from(hundredths), 4);
        let per_gib = per_gb * GIB_IN_GB.parse::<Decimal>().expect("a literal");
        let design = Design::of(model::presets::preset("kafka-gp3").expect("a preset"));
        let plan = |price: String| {
            let text = format!(
                "schema = 1\ntitle = \"gb\"\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n[[prices.override]]\n\
                 sku = \"data_transfer:inter_az:out\"\nprice = \"{price}\"\nsource = \"quote\"\nas_of = 2026-10-01\n[[stream]]\n\
                 name = \"s\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\n[[platform]]\npreset = \"kafka-gp3\"\n"
            );
            let prices = catalog().price_list(&parse(&text).prices).expect("us-east-1 is in the catalogue");
            planned(&workload, &design, &prices)
        };
        let (one, other) = (plan(format!("${per_gb}/GB")), plan(format!("${per_gib}/GiB")));
        let (Some(one), Some(other)) = (one, other) else { return Ok(()) };
        for (one, other) in one.bill.lines.iter().zip(&other.bill.lines) {
            if one.sku == "data_transfer:inter_az:out" {
                let slip = (one.list_cost - other.list_cost).as_f64().abs();
                prop_assert!(slip <= LAST_DECIMAL * per_gib.to_f64().expect("a number"), "{one:?} {other:?}");
            } else {
                prop_assert_eq!(one, other);
            }
        }
    }
}
