//! Formula against simulation: two ways to the same steady state, and closed forms of what happens in between.

use model::bill::Cause;
use model::design::{Architecture, Design};
use model::events::{Event, EventKind};
use model::horizon::{Asked, through};
use model::plan::{Plan, plan};
use model::presets::PRESETS;
use model::prices::PriceList;
use model::scenario::Scenario;
use model::simulate::findings::Figure;
use model::simulate::{Matter, Outcome, Simulation};
use model::units::{ByteRate, Bytes, Hours};

use crate::{catalog, near, parse};

/// 170 MiB/s all the time, kept for a week, one group that can read half as fast again.
const STEADY: &str = r#"
schema = 1
title = "steady"
[horizon]
months = 1
[prices]
provider = "aws"
region = "us-east-1"
[[stream]]
name = "events"
produce = "170 MiB/s"
partitions = 300
retention = "7 d"
[[stream.reader]]
group = "tail"
[[stream]]
name = "state"
produce = "5 MiB/s"
partitions = 30
retention = "7 d"
cleanup = "compact"
live = "20 GiB"
[[stream.reader]]
group = "tail"
share = "50 %"
[[platform]]
preset = "kafka-gp3"
"#;

fn prices(scenario: &Scenario) -> PriceList {
    catalog().price_list(&scenario.prices).expect("the region is in the catalogue")
}

pub(crate) fn event(kind: EventKind, at: f64, change: impl FnOnce(&mut Event)) -> Event {
    let mut event = Event::new(kind, Hours::new(at));
    change(&mut event);
    event
}

/// A platform through the horizon, every breakpoint kept.
#[track_caller]
fn run(scenario: &Scenario, design: &Design) -> Plan {
    let result = through(design, scenario, crate::home(design.preset), Asked { samples: true });
    result.unwrap_or_else(|rejection| panic!("{}: {:?}", design.name, rejection.reasons))
}

fn simulation(plan: &Plan) -> &Simulation {
    plan.simulation.as_ref().expect("a plan through the horizon is simulated")
}

fn only(plan: &Plan) -> &Outcome {
    let [outcome] = &simulation(plan).outcomes[..] else { panic!("one event has one outcome") };
    outcome
}

#[track_caller]
fn hours(outcome: &Outcome, name: &str) -> f64 {
    match outcome.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value) {
        Some(Figure::Hours(hours)) => hours,
        other => panic!("`{name}` is {other:?} in {outcome:?}"),
    }
}

#[track_caller]
fn bytes(outcome: &Outcome, name: &str) -> f64 {
    match outcome.facts.iter().find(|fact| fact.name == name).map(|fact| fact.value) {
        Some(Figure::Bytes(bytes)) => bytes,
        other => panic!("`{name}` is {other:?} in {outcome:?}"),
    }
}

/// Within what floats lose on the way.
#[track_caller]
fn same(found: f64, expected: f64) {
    let slip = (found - expected).abs() / expected.abs().max(1e-300);
    assert!(slip <= 1e-9 || (found - expected).abs() < 1e-12, "{found} instead of {expected}");
}

fn design(preset: &str) -> Design {
    Design::of(model::presets::preset(preset).expect("a preset"))
}

/// Designs of which a share is done: topics that are tiered, clients that look at zones.
fn in_part() -> Vec<Design> {
    let some = |name: &str, share: f64| {
        let mut design = design(name);
        design.settings.tiered_share = share;
        design.settings.producers_zone_aware = share / 2.0;
        design.settings.consumers_zone_aware = 1.0 - share;
        design
    };
    let tiered = ["kafka-tiered", "msk-tiered"];
    let shares = [0.0, 0.3, 0.999];
    tiered.iter().flat_map(|name| shares.iter().map(|share| some(name, *share))).collect()
}

/// Presets that can carry the workload: the most units that Event Hubs sells carry 40 MB/s, and diskless topics are not
/// compacted.
pub(crate) fn enough(preset: &&model::presets::Preset) -> bool {
    preset.name != "event-hubs" && preset.settings().compacted_logs
}

#[test]
fn a_steady_month_is_used_and_billed_as_in_closed_form() {
    for months in [1, 3] {
        let mut scenario = parse(STEADY);
        scenario.horizon.months = months;
        for design in PRESETS.iter().filter(enough).map(Design::of).chain(in_part()) {
            let month = scenario.horizon.month(0);
            let prices = crate::home(design.preset);
            let closed = plan(&design, &scenario.workload, month, prices).expect("a plan");
            let run = run(&scenario, &design);
            assert_eq!(run.machine, closed.machine, "{}", design.name);
            for billed in &run.months {
                same(billed.brokers, f64::from(closed.fleet.brokers));
                let (found, expected) = (&billed.bill.lines, &closed.bill.lines);
                assert_eq!(found.len(), expected.len(), "{}", design.name);
                for (found, expected) in found.iter().zip(expected) {
                    assert_eq!((&found.sku, found.cause), (&expected.sku, expected.cause));
                    let quantity = |line: &model::bill::CostLine| {
                        line.quantity.to_string().parse::<f64>().expect("a decimal")
                    };
                    let (found, expected) = (quantity(found), quantity(expected));
                    // Quantities on a bill have six decimals.
                    let slip = (found - expected).abs();
                    assert!(slip <= 1e-9 * expected + 1e-6, "{}: {found} {expected}", design.name);
                }
                let cents = |bill: &model::bill::Bill| bill.contracted_cost().to_cents();
                assert_eq!(cents(&billed.bill), cents(&closed.bill), "{}", design.name);
            }
            for totals in &simulation(&run).months {
                let length = totals.month.length;
                let mean = |byte_hours: f64| byte_hours / length.as_hours();
                same(mean(totals.remote), closed.storage.remote.base_bytes());
                same(mean(totals.local), closed.storage.on_brokers.base_bytes());
                for (total, load) in totals.streams.iter().zip(&closed.load.streams) {
                    same(total.produce, (load.produce * length).base_bytes());
                    same(total.tail, (load.tail * length).base_bytes());
                    same(total.behind, (load.behind * length).base_bytes());
                }
                for request in &totals.requests {
                    let same_kind = |one: &&model::costs::RequestRate| {
                        one.cause == request.cause && one.class == request.class
                    };
                    let closed: f64 = closed
                        .requests
                        .iter()
                        .filter(same_kind)
                        .map(|one| one.per_sec.per_sec())
                        .sum();
                    same(request.per_sec.per_sec(), closed);
                }
            }
            assert!(simulation(&run).incidents.is_empty(), "{:?}", simulation(&run).incidents);
        }
    }
}

/// Mechanics I: 2,390.6 GiB are caught up in 8 h at 1.5 × the rate, in 20 h at 1.2 ×.
#[test]
fn a_group_catches_up_as_the_formula_says() {
    for (capacity, expected) in [(1.5, 8.0), (1.2, 20.0)] {
        let mut scenario = parse(STEADY);
        scenario.workload.streams.truncate(1);
        scenario.workload.streams[0].readers[0].capacity = capacity;
        scenario.events = vec![event(EventKind::ReaderOutage, 100.0, |event| {
            event.group = Some("tail".to_owned());
        })];
        for preset in ["kafka-gp3", "kafka-tiered", "automq-s3-wal", "automq-ebs-wal"] {
            let plan = run(&scenario, &design(preset));
            let outcome = only(&plan);
            near(hours(outcome, "caught up after"), 4.0 + expected, 1e-9);
            near(hours(outcome, "longest lag"), 4.0, 1e-6);
            near(simulation(&plan).peaks.backlog, Bytes::from_gib(2390.625).base_bytes(), 1e-9);
        }
    }
}

/// A group of a tiered platform that was away for longer than brokers keep reads the rest from the tier: of a lag that
/// shrinks by half an hour each hour, `(D − R_l)/0.5 · 1.5 · rate`. What brokers still have costs no request.
#[test]
fn what_brokers_no_longer_keep_is_read_from_the_tier() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    let mut tiered = design("kafka-tiered");
    tiered.settings.catch_up_share = 0.0;
    let outage = |hours: f64| {
        let mut scenario = scenario.clone();
        scenario.events = vec![event(EventKind::ReaderOutage, 100.0, |event| {
            event.group = Some("tail".to_owned());
            event.settings.outage = Hours::new(hours);
        })];
        run(&scenario, &tiered)
    };
    let from_tier = |plan: &Plan| simulation(plan).months[0].streams[0].behind;
    let gets = |plan: &Plan| plan.bill.of_cause(Cause::CatchUp).as_f64();
    let short = outage(8.0);
    assert_eq!((from_tier(&short), gets(&short)), (0.0, 0.0));
    let disk =
        |plan: &Plan| simulation(plan).samples.iter().map(|one| one.disk).fold(0.0, f64::max);
    let idle = outage(0.01);
    assert!(disk(&short) > disk(&idle) * 1.2, "{} {}", disk(&short), disk(&idle));

    let long = outage(24.0);
    let load = &long.load.streams[0];
    let kept = model::storage::local_age(load, &long.design).as_hours();
    assert!(kept > 12.0 && kept < 13.0, "{kept}");
    let hour = (ByteRate::from_mib_per_sec(170.0) * Hours::new(1.0)).base_bytes();
    near(from_tier(&long), (24.0 - kept) / 0.5 * 1.5 * hour, 1e-6);
    assert!(gets(&long) > 0.0);
    near(hours(only(&long), "caught up after"), 24.0 + 48.0, 1e-6);
}

/// Mechanics B3: one partition at a time comes from the tier at so much a second.
#[test]
fn a_replay_from_the_tier_is_as_fast_as_its_partitions() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    scenario.workload.streams[0].produce_raw = ByteRate::from_mib_per_sec(10.0);
    scenario.workload.streams[0].partitions = Some(3);
    scenario.events = vec![event(EventKind::Replay, 200.0, |event| {
        event.settings.window = Hours::from_days(5.0);
        event.settings.within = Hours::new(8.0);
    })];
    let mut tiered = design("kafka-tiered");
    tiered.settings.broker = Some("m7g.4xlarge".to_owned());
    // 120 h in 8 h are 150 MiB/s, twelve of them from disks; three partitions at 20 MiB/s give 60.
    near(hours(only(&run(&scenario, &tiered)), "read after"), 8.0, 1e-6);
    tiered.settings.remote_read_rate = ByteRate::from_mib_per_sec(20.0);
    let slow = run(&scenario, &tiered);
    near(hours(only(&slow), "read after"), 12.0 / 15.0 + 108.0 / 6.0, 1e-6);
    let late = simulation(&slow).incidents.iter().find(|one| one.matter == Matter::ReplayLate);
    assert!(late.expect("it is late").why.contains("from the tier"), "{late:?}");
}

/// Mechanics A8: 8,437.5 GiB at 100 MiB/s net of live traffic are copied in 24.0 h.
#[test]
fn a_broker_is_rebuilt_as_the_formula_says() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    scenario.workload.streams[0].produce_raw = ByteRate::from_mib_per_sec(100.0);
    scenario.events = vec![event(EventKind::BrokerLoss, 100.0, |_| ())];
    let mut design = design("kafka-gp3");
    design.settings.broker = Some("m7g.4xlarge".to_owned());
    design.settings.brokers = Some(21);
    // A gp3 volume as it comes has 119.2 MiB/s: just too little for 100 beside live traffic.
    design.settings.disk = "io2".to_owned();
    design.settings.open_segments = false;
    let plan = run(&scenario, &design);
    let outcome = only(&plan);
    near(bytes(outcome, "copied"), Bytes::from_gib(8437.5).base_bytes(), 1e-9);
    // The replacement is there after five minutes.
    near(hours(outcome, "fully redundant after"), 24.0 + 5.0 / 60.0, 1e-9);
    let rebuilt = simulation(&plan).months[0].rebuilt;
    near(rebuilt, Bytes::from_gib(8437.5).base_bytes(), 1e-9);
    let crossed = plan.bill.of_cause(Cause::Rebuild).as_f64();
    near(crossed, 8437.5 * 2.0 / 3.0 * 0.02, 1e-6);

    // A throttle counts what is replicated meanwhile: 100 × 3 ÷ 21 MiB/s.
    scenario.events[0].settings.throttle = Some(ByteRate::from_mib_per_sec(100.0));
    let throttled = run(&scenario, &design);
    let net = 100.0 - 300.0 / 21.0;
    near(hours(only(&throttled), "fully redundant after"), 24.0 * 100.0 / net + 5.0 / 60.0, 1e-9);

    // Below that it never ends, and says so.
    scenario.events[0].settings.throttle = Some(ByteRate::from_mib_per_sec(14.0));
    let stuck = run(&scenario, &design);
    let incidents = &simulation(&stuck).incidents;
    let found = incidents.iter().find(|one| one.matter == Matter::Stuck).expect("it is stuck");
    assert!(found.why.contains("throttle"), "{}", found.why);
    assert_eq!(only(&stuck).to, None);
}

/// Mechanics A8: `L·RF·k/(N + k)` bytes, `bytes ÷ (k·B)` until they carry load, from when the machines have started.
#[test]
fn brokers_are_added_as_the_formula_says() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    scenario.events = vec![event(EventKind::ScaleOut, 100.0, |_| ())];
    let mut kafka = design("kafka-gp3");
    kafka.settings.broker = Some("m7g.4xlarge".to_owned());
    kafka.settings.brokers = Some(30);
    kafka.settings.disk = "io2".to_owned();
    kafka.settings.open_segments = false;
    let plan = run(&scenario, &kafka);
    let kept = (ByteRate::from_mib_per_sec(170.0) * Hours::from_days(7.0)).base_bytes() * 3.0;
    let moved = kept * 3.0 / 33.0;
    near(bytes(only(&plan), "copied"), moved, 1e-9);
    let rate = (ByteRate::from_mib_per_sec(100.0) * Hours::new(1.0)).base_bytes() * 3.0;
    near(hours(only(&plan), "capacity after"), 5.0 / 60.0 + moved / rate, 1e-9);
    // Paid for from the start.
    near(plan.months[0].brokers, (100.0 * 30.0 + 630.0 * 33.0) / 730.0, 1e-9);

    let shared = run(&scenario, &design("automq-s3-wal"));
    near(hours(only(&shared), "capacity after"), 5.0 / 60.0, 1e-9);
}

/// Mechanics G2: `max(G, N/μ + G/2)`, and what was held is sent over the drain.
#[test]
fn a_storm_blows_over_as_the_formula_says() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    scenario.events = vec![event(EventKind::ReconnectStorm, 100.0, |event| {
        event.devices = Some(1_000_000);
        event.settings.share = 0.3;
        event.settings.connections = Some(200);
    })];
    for preset in PRESETS.iter().filter(enough) {
        let plan = run(&scenario, &Design::of(preset));
        let outcome = only(&plan);
        // 300,000 devices at 200 a second, and half of 64 s.
        let back = (1500.0 + 32.0) / 3600.0;
        near(hours(outcome, "99 % are back after"), back, 1e-9);
        let held = (ByteRate::from_mib_per_sec(170.0) * Hours::new(2.0)).base_bytes() * 0.3;
        near(bytes(outcome, "held back at the edge"), held, 1e-6);
        near(hours(outcome, "all is sent after"), 2.0 + back, 1e-9);
        // The group, at 1.5 × the rate, is behind for longer.
        let over = outcome.to.expect("it is over").as_hours();
        assert!(over > 102.0 + back && over < 110.0, "{over}");
        let month = Hours::new(730.0);
        let produced = simulation(&plan).months[0].streams[0].produce;
        near(produced, (ByteRate::from_mib_per_sec(170.0) * month).base_bytes(), 1e-9);
    }
}

/// 180 d of a growing stream are a moving window, not rate × time.
#[test]
fn retention_is_a_moving_window() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    scenario.workload.streams[0].retention = Hours::from_days(180.0);
    scenario.workload.streams[0].growth = model::workload::Growth::compound(0.05);
    scenario.horizon.months = 12;
    let plan = run(&scenario, &design("automq-s3-wal"));
    let rate = |month: i32| 170.0 * 1.05_f64.powi(month.max(0));
    // At the end of the last month: 180 d are 5 months and 670 h.
    let expected: f64 = (7..12).map(|month| rate(month) * 730.0).sum::<f64>() + rate(6) * 670.0;
    let found = simulation(&plan).samples.last().expect("samples").remote;
    let expected = (ByteRate::from_mib_per_sec(1.0) * Hours::new(expected)).base_bytes();
    near(found, expected, 1e-9);
    let naive = (ByteRate::from_mib_per_sec(rate(11)) * Hours::from_days(180.0)).base_bytes();
    assert!(found < naive * 0.9, "{found} {naive}");
    assert_eq!(plan.design.architecture(), Architecture::SharedStorage);
}

/// A fleet that grows with its stream: each step moves `L·RF·k/(N + k)` bytes, which take their time and cross zones.
#[test]
fn resizing_a_fleet_with_replicas_moves_data() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    scenario.workload.streams[0].growth =
        model::workload::Growth { steps: vec![(1, 2.0)], ..Default::default() };
    scenario.horizon.months = 3;
    let mut kafka = design("kafka-gp3");
    kafka.settings.broker = Some("m7g.4xlarge".to_owned());
    // Faster partitions fill their segments sooner, which would shrink what is open.
    kafka.settings.open_segments = false;
    let plan = run(&scenario, &kafka);
    let [first, second, third] = &simulation(&plan).months[..] else { panic!("three months") };
    let (before, after) = (plan.months[0].brokers, plan.months[2].brokers);
    assert!(after > before, "{before} {after}");
    // What was on brokers when the second month began, and what the higher rate added while machines started.
    let more = (ByteRate::from_mib_per_sec(170.0) * Hours::from_secs(300.0)).base_bytes() * 3.0;
    let kept = first.local / 730.0 + more;
    near(second.moved, kept * (after - before) / after, 1e-6);
    assert_eq!((first.moved, third.moved), (0.0, 0.0));
    let crossed = Bytes::new(second.moved).as_gib() * 2.0 / 3.0 * 0.02;
    near(plan.bill.of_cause(Cause::Move).as_f64(), crossed, 1e-6);
    // New brokers are paid for at once and carry load later.
    near(plan.months[1].brokers, after, 1e-9);
    let late = simulation(&plan).samples.iter().any(|one| one.serving < one.paid);
    assert!(late);

    // A fleet that is fixed has them from the start, and moves nothing.
    kafka.settings.fleet = model::parameters::FleetPolicy::Fixed;
    let fixed = run(&scenario, &kafka);
    for billed in &fixed.months {
        near(billed.brokers, after, 1e-9);
    }
    assert_eq!(fixed.bill.of_cause(Cause::Move).as_f64(), 0.0);
    assert!(fixed.bill.contracted_cost() > plan.bill.contracted_cost());

    // Shared storage has nothing to move.
    let shared = run(&scenario, &design("automq-s3-wal"));
    assert!(simulation(&shared).months.iter().all(|month| month.moved == 0.0));
}

/// A retention that changes is the old one until then, on every tier, and the new one when its time has passed.
#[test]
fn a_retention_changes_when_it_does() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    scenario.workload.streams[0].retention = Hours::from_days(3.0);
    for (preset, days) in
        [("kafka-gp3", 6.0), ("kafka-gp3", 1.5), ("kafka-tiered", 6.0), ("automq-s3-wal", 6.0)]
    {
        let mut design = design(preset);
        design.settings.open_segments = false;
        let before = run(&scenario, &design);
        let mut changed = scenario.clone();
        changed.events = vec![event(EventKind::RetentionChange, 300.0, |event| {
            event.settings.retention = Some(Hours::from_days(days));
        })];
        let after = run(&changed, &design);
        let level = |plan: &Plan, at: f64| {
            let sample =
                simulation(plan).samples.iter().find(|one| one.to >= at).expect("a sample");
            (sample.local, sample.remote)
        };
        let (old, until, later) =
            (level(&before, 200.0), level(&after, 299.9), level(&after, 600.0));
        same(until.0, old.0);
        same(until.1, old.1);
        // What is recent on brokers stays; all else grows as retention does.
        let tiered = preset == "kafka-tiered";
        same(later.0, if tiered { old.0 } else { old.0 * days / 3.0 });
        same(later.1, old.1 * days / 3.0);
    }
}

/// A migration, its roll-back, and who is paid for what: mirrored at 100 MiB/s, 12 h later cut over, 6 h later back.
#[test]
fn a_migration_goes_there_and_back_as_the_formula_says() {
    let text =
        format!("{STEADY}[[platform]]\npreset = \"automq-s3-wal\"\nbroker = \"m7g.4xlarge\"\n");
    let mut scenario = parse(&text);
    scenario.workload.streams.truncate(1);
    scenario.workload.streams[0].produce_raw = ByteRate::from_mib_per_sec(10.0);
    scenario.events = vec![event(EventKind::Migration, 100.0, |event| {
        event.from = Some("kafka-gp3".to_owned());
        event.settings.dual_run = Hours::new(12.0);
        event.settings.roll_back = Some(Hours::new(6.0));
    })];
    let comparison = model::compare(&scenario, &prices(&scenario).into(), model::View::Horizon);
    let plans: Vec<&Plan> = comparison.plans().collect();
    let (old, new) = (plans[0], plans[1]);
    let outcome = only(new);
    let week = (ByteRate::from_mib_per_sec(10.0) * Hours::from_days(7.0)).base_bytes();
    near(bytes(outcome, "history mirrored"), week, 1e-9);
    // 168 h × 10 MiB/s at 100 MiB/s.
    near(hours(outcome, "mirrored after"), 16.8, 1e-6);
    near(hours(outcome, "cut over after"), 28.8, 1e-9);
    let back = (ByteRate::from_mib_per_sec(10.0) * Hours::new(6.0)).base_bytes();
    near(bytes(outcome, "to copy back"), back, 1e-9);
    near(hours(outcome, "copied back after"), 0.6, 1e-9);
    // The new one is there from the first mirrored byte to the last that is copied back.
    let alive = 28.8 + 6.0 + 0.6;
    near(simulation(new).months[0].alive_hours, alive, 1e-9);
    near(new.months[0].brokers, f64::from(new.fleet.brokers) * alive / 730.0, 1e-9);
    // Live traffic until clients go back, and history once.
    let live = (ByteRate::from_mib_per_sec(10.0) * Hours::new(34.8)).base_bytes();
    near(simulation(new).months[0].streams[0].produce, live + week, 1e-6);
    // The old one goes on all the time, on the bill of the new one.
    let migration = new.bill.of_component(model::bill::Component::Migration).as_f64();
    near(migration, old.bill.contracted_cost().as_f64(), 1e-6);
    assert!(simulation(new).incidents.is_empty(), "{:?}", simulation(new).incidents);
    assert_eq!(comparison.verdict.cheapest(), Some("automq-s3-wal"));
}

/// What is handed in late, what new firmware reports, and a zone's loss, by their formulas.
#[test]
fn extra_bytes_are_those_of_their_events() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    scenario.workload.streams[0].compression = 2.0;
    let month = (ByteRate::from_mib_per_sec(85.0) * Hours::new(730.0)).base_bytes();
    let produced = |scenario: &Scenario, preset: &str| {
        simulation(&run(scenario, &design(preset))).months[0].streams[0].produce
    };
    for preset in ["kafka-gp3", "kafka-tiered", "msk-express", "automq-s3-wal"] {
        // A tenth of a day's bytes, and 30 GiB before compression.
        scenario.events =
            vec![event(EventKind::Backfill, 100.0, |event| event.settings.share = 0.1)];
        let day = (ByteRate::from_mib_per_sec(85.0) * Hours::new(24.0)).base_bytes();
        near(produced(&scenario, preset), month + 0.1 * day, 1e-9);
        scenario.events[0].settings.size = Some(Bytes::from_gib(30.0));
        near(produced(&scenario, preset), month + Bytes::from_gib(15.0).base_bytes(), 1e-9);
        // Two million devices, seven records of 211 B each, whatever the waves.
        scenario.events = vec![event(EventKind::FirmwareWave, 100.0, |event| {
            event.devices = Some(2_000_000);
            event.stream = Some("events".to_owned());
        })];
        near(produced(&scenario, preset), month + 2e6 * 7.0 * 211.0 / 2.0, 1e-9);
    }
}

/// A zone that is away for 4 h: the replicas there miss `W·RF/A` a second, and that is what is copied when it is back.
#[test]
fn a_zone_that_comes_back_is_caught_up_with() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    scenario.events = vec![event(EventKind::ZoneLoss, 100.0, |_| ())];
    let kafka = run(&scenario, &design("kafka-gp3"));
    let missed = (ByteRate::from_mib_per_sec(170.0) * Hours::new(4.0)).base_bytes();
    // A third of the partitions is dark for ten seconds, and sends that after.
    near(bytes(only(&kafka), "copied"), missed, 1e-3);
    let dark = simulation(&kafka).incidents.iter().find(|one| one.matter == Matter::Unavailable);
    let dark = dark.expect("leaders have to move");
    near(dark.worst, 1.0 / 3.0, 1e-9);
    near((dark.to.expect("an end") - dark.from).as_secs(), 10.0, 1e-6);
    near(1.0 - simulation(&kafka).available, 10.0 / 3.0 / 3600.0 / 730.0, 1e-6);

    // Two zones leave half of the partitions with one replica of three: they wait until the zone is back.
    let mut two = design("kafka-gp3");
    two.settings.zones = 2;
    let two = run(&scenario, &two);
    let dark = simulation(&two).incidents.iter().find(|one| one.matter == Matter::Unavailable);
    near(dark.expect("too few replicas").worst, 0.5, 1e-9);

    // One zone is all there is.
    let mut one = design("automq-s3-wal");
    one.settings.zones = 1;
    let one = run(&scenario, &one);
    let dark = simulation(&one).incidents.iter().find(|found| found.matter == Matter::Unavailable);
    near(dark.expect("nothing is left").worst, 1.0, 1e-9);
}

/// Budgets are of a month, availability is of the horizon and of what failures are known to cost.
#[test]
fn objectives_are_held_through_time() {
    let mut scenario = parse(STEADY);
    scenario.workload.streams.truncate(1);
    scenario.workload.streams[0].growth = model::workload::Growth::compound(0.2);
    scenario.horizon.months = 4;
    scenario.slo.availability = Some(0.9999999);
    let cost = |month: usize| {
        let comparison = model::compare(&scenario, &prices(&scenario).into(), model::View::Horizon);
        let plan = comparison.plans().next().expect("a plan");
        plan.months[month].bill.contracted_cost()
    };
    scenario.slo.budget = Some(cost(1));
    let comparison = model::compare(&scenario, &prices(&scenario).into(), model::View::Horizon);
    let plan = comparison.plans().next().expect("a plan");
    let of = |matter| simulation(plan).incidents.iter().filter(move |one| one.matter == matter);
    let months: Vec<&str> = of(Matter::Budget).map(|one| one.subject.as_str()).collect();
    assert_eq!(months, ["month 3", "month 4"]);
    // One restart and a third of a lost zone's 0.3 a year, ten seconds each.
    let expected = 1.0 - 1.1 * 10.0 / 3600.0 / 8760.0;
    near(of(Matter::Availability).next().expect("not held").worst, expected, 1e-12);
    let said = &comparison.verdict.sentences;
    assert!(said.iter().any(|one| one.starts_with("The budget of")), "{said:?}");
    assert!(said.iter().any(|one| one.starts_with("The availability of 99.99999 %")), "{said:?}");
}
