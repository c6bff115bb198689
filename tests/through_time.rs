//! Laws of time: true of every preset, any workload and any events; and impossible things, which are answers.

use model::design::{Architecture, Design};
use model::events::{Event, EventKind};
use model::horizon::{Asked, through};
use model::parameters::Factor;
use model::plan::Plan;
use model::presets::PRESETS;
use model::scenario::Scenario;
use model::shape::{NAMED, Shape};
use model::simulate::findings::Figure;
use model::simulate::{Matter, Sample, Simulation};
use model::units::{ByteRate, Bytes, Hours};
use model::workload::{Cleanup, Growth, Reader, ReaderKind, Stream};
use proptest::prelude::*;

use crate::agreement::event;
use crate::properties::config;
use crate::{near, parse};

const FRAME: &str = "schema = 1\ntitle = \"time\"\n[horizon]\nmonths = 1\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n\
    [[stream]]\nname = \"s\"\nproduce = \"1 MiB/s\"\nretention = \"3 d\"\n[[stream.reader]]\ngroup = \"tail\"\n[[platform]]\npreset = \"kafka-gp3\"\n";

fn streams() -> impl Strategy<Value = Stream> {
    let reader = (0.2..=1.0_f64, 1.05..3.0_f64, prop::option::of(0.01..2.0_f64));
    (
        (-1.0..2.0_f64).prop_map(|power| ByteRate::from_mib_per_sec(10_f64.powf(power))),
        0..NAMED.len(),
        1..60_u32,
        (72.0..900.0_f64, any::<bool>(), -0.02..0.06_f64),
        prop::collection::vec(reader, 0..4),
        (0..96_i32).prop_map(|quarters| f64::from(quarters) / 4.0 - 12.0),
    )
        .prop_map(|(rate, shape, partitions, (retention, compact, growth), readers, clock)| {
            Stream {
                name: String::new(),
                owner: None,
                sources: None,
                produce_raw: rate,
                records: None,
                compression: 1.0,
                shape: Shape::named(NAMED[shape].name).expect("a named shape"),
                clock: Hours::new(clock),
                growth: Growth::compound(growth),
                start: None,
                end: None,
                keys: None,
                partitions: Some(partitions),
                retention: Hours::new(retention),
                cleanup: if compact && partitions % 4 == 0 {
                    Cleanup::Compact { live: Bytes::from_gib(5.0) }
                } else {
                    Cleanup::Delete
                },
                tiered: true,
                readers: readers
                    .into_iter()
                    .enumerate()
                    .map(|(index, (share, capacity, budget))| Reader {
                        group: format!("group-{index}"),
                        region: None,
                        share,
                        consumers: None,
                        capacity,
                        kind: ReaderKind::Tail { lag_budget: budget.map(Hours::new) },
                    })
                    .collect(),
            }
        })
}

/// Anything but a migration, somewhere in the first month.
fn events() -> impl Strategy<Value = Event> {
    let kinds: Vec<EventKind> =
        EventKind::ALL.iter().copied().filter(|kind| *kind != EventKind::Migration).collect();
    (prop::sample::select(kinds), 20.0..500.0_f64, 0.0..1.0_f64).prop_map(|(kind, at, part)| {
        let mut settings = kind.settings();
        settings.share = part;
        settings.outage = Hours::new(0.1 + 8.0 * part);
        settings.within = Hours::new(0.5 + 20.0 * part);
        settings.retention = Some(Hours::new(24.0 + 500.0 * part));
        // Never all of them.
        settings.brokers = 1 + (part * 2.0) as u32;
        let one = matches!(kind, EventKind::Replay | EventKind::FirmwareWave);
        Event {
            name: String::new(),
            stream: one.then(|| "stream-0".to_owned()),
            group: (kind == EventKind::ReaderOutage).then(|| "group-0".to_owned()),
            devices: Some(100_000),
            settings,
            ..Event::new(kind, Hours::new(at))
        }
    })
}

pub(crate) fn scenarios() -> impl Strategy<Value = Scenario> {
    (
        prop::collection::vec(streams(), 1..4),
        prop::collection::vec(events(), 0..5),
        1..4_u32,
        any::<bool>(),
    )
        .prop_map(|(streams, events, months, full)| {
            let mut scenario = parse(FRAME);
            scenario.horizon.months = months;
            scenario.horizon.full = full;
            scenario.workload.streams = streams;
            for (index, stream) in scenario.workload.streams.iter_mut().enumerate() {
                stream.name = format!("stream-{index}");
            }
            scenario.events = events;
            for (index, event) in scenario.events.iter_mut().enumerate() {
                event.name = format!("event-{index}");
            }
            scenario
        })
}

pub(crate) fn designs() -> impl Strategy<Value = Design> {
    let all = (0..PRESETS.len(), prop::option::of(1.0..4.0_f64), prop::option::of(0.0..1.0_f64));
    all.prop_map(|(preset, burst, tiered)| {
        let mut design = Design::of(&PRESETS[preset]);
        design.settings.tiered_share = tiered.unwrap_or(1.0);
        if let Some(burst) = burst {
            design.settings.network_burst = Some(Factor(burst));
            design.settings.disk_burst = Some(Factor(burst));
        }
        design
    })
}

fn run(scenario: &Scenario, design: &Design) -> Option<Plan> {
    through(design, scenario, crate::home(design.preset), Asked { samples: true }).ok()
}

fn simulation(plan: &Plan) -> &Simulation {
    plan.simulation.as_ref().expect("a plan through the horizon is simulated")
}

fn close(found: f64, expected: f64, scale: f64) -> bool {
    (found - expected).abs() <= 1e-7 * scale.abs().max(expected.abs()).max(1.0)
}

/// What a month came to, as one list.
fn totals(plan: &Plan) -> Vec<f64> {
    let months = &simulation(plan).months;
    let mut list: Vec<f64> = Vec::new();
    for month in months {
        let mut streams: Vec<f64> = month
            .streams
            .iter()
            .map(|one| {
                one.produce
                    + 2.0 * one.tail
                    + 3.0 * one.behind
                    + 5.0 * one.replay_local
                    + 7.0 * one.replay_remote
            })
            .collect();
        streams.sort_by(f64::total_cmp);
        list.extend(streams);
        list.extend([month.broker_hours, month.local, month.remote, month.rebuilt, month.moved]);
        list.push(month.requests.iter().map(|one| one.per_sec.per_sec()).sum());
    }
    list.push(plan.bill.contracted_cost().as_f64());
    list
}

fn alike(one: &Plan, other: &Plan) -> Result<(), TestCaseError> {
    let fill = (simulation(one).peaks.fill, simulation(one).peaks.pending, one.design.name.clone());
    // What full disks take is known to a millionth of them only.
    let scale = if fill.0 >= 0.999 { 10.0 } else { 1.0 };
    let (one, other) = (totals(one), totals(other));
    prop_assert_eq!(one.len(), other.len());
    for (index, (one, other)) in one.iter().zip(&other).enumerate() {
        prop_assert!(close(*one, *other, one * scale), "{}: {} {}, {:?}", index, one, other, fill);
    }
    Ok(())
}

/// How long each event took, by its name; forever where it is not over within the horizon.
fn durations(plan: &Plan) -> Vec<(String, f64)> {
    let outcomes = simulation(plan).outcomes.iter();
    let mut list: Vec<_> = outcomes
        .map(|one| {
            let took = one.to.map_or(f64::INFINITY, |to| (to - one.from).as_hours());
            (one.name.clone(), took)
        })
        .collect();
    list.sort_by(|one, other| one.0.cmp(&other.0));
    list
}

fn conserved(sample: &Sample, run: &Simulation, design: &Design) -> Result<(), TestCaseError> {
    let into = run.before + sample.accepted;
    prop_assert!(close(sample.kept + sample.expired, into, into), "{:?} {}", sample, run.before);
    for level in [
        sample.edge,
        sample.backlog,
        sample.local,
        sample.remote,
        sample.pending,
        sample.kept,
        sample.lag,
    ] {
        prop_assert!(level >= 0.0 && level.is_finite(), "{:?}", sample);
    }
    for rate in
        [sample.offered, sample.produce, sample.tail, sample.behind, sample.replay, sample.copy]
    {
        prop_assert!(rate >= 0.0 && rate.is_finite(), "{:?}", sample);
    }
    // Each tier by itself: what is kept is there, or on its way there.
    match design.architecture() {
        Architecture::SharedStorage | Architecture::ListPrice => {
            prop_assert!(close(sample.remote, sample.kept, sample.kept), "{:?}", sample);
        }
        Architecture::Tiered if design.settings.tier_retention_min == Hours::ZERO => {
            prop_assert!(sample.remote <= sample.kept * (1.0 + 1e-9) + 1.0, "{:?}", sample);
            let there = sample.remote + sample.pending;
            let copies = f64::from(design.settings.replication_factor);
            let anywhere = there + sample.local / copies;
            prop_assert!(anywhere >= sample.kept * (1.0 - 1e-9) - 1.0, "{:?}", sample);
            if design.settings.tiered_share == 1.0 {
                prop_assert!(there >= sample.kept * (1.0 - 1e-9) - 1.0, "{:?}", sample);
            }
        }
        Architecture::SharedNothing if design.settings.disk_copies.is_none() => {
            let copies = f64::from(design.settings.replication_factor);
            prop_assert!(sample.local >= sample.kept * copies * (1.0 - 1e-9) - 1.0, "{:?}", sample);
        }
        Architecture::Tiered | Architecture::SharedNothing => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    /// Bytes in = kept + expired at every moment; what is accepted is the integral of the rate; time has no holes.
    #[test]
    fn bytes_are_conserved_at_every_instant(scenario in scenarios(), design in designs()) {
        let Some(plan) = run(&scenario, &design) else { return Ok(()) };
        let run = simulation(&plan);
        let deleted: Vec<bool> = scenario.workload.streams.iter().map(|one| one.cleanup == Cleanup::Delete).collect();
        let (mut moment, mut produced) = (0.0, 0.0);
        let all_deleted = deleted.iter().all(|one| *one);
        for sample in &run.samples {
            prop_assert_eq!(sample.from, moment);
            prop_assert!(sample.to > sample.from);
            produced += sample.produce * (sample.to - sample.from);
            prop_assert!(close(produced, sample.accepted, produced));
            if all_deleted {
                conserved(sample, run, &design)?;
            }
            moment = sample.to;
        }
        prop_assert!((moment - scenario.horizon.end().as_hours()).abs() < 1e-6);
        let by_month: f64 = run.months.iter().flat_map(|month| &month.streams).map(|one| one.produce).sum();
        prop_assert!(close(by_month, produced, produced));
        // Whatever is read at the end of the log was written, less what is still to be read and what was lost.
        let read: f64 = run.months.iter().flat_map(|month| &month.streams).map(|one| one.tail).sum();
        let fan_out: f64 = scenario.workload.streams.iter().enumerate().map(|(index, stream)| {
            let written: f64 = run.months.iter().map(|month| month.streams[index].produce).sum();
            written * stream.readers.iter().map(|reader| reader.share).sum::<f64>()
        }).sum();
        let lost: f64 = run.incidents.iter().filter(|one| one.matter == Matter::Lost).map(|one| one.worst).sum();
        let backlog = run.samples.last().map_or(0.0, |sample| sample.backlog);
        prop_assert!(close(read + backlog + lost, fan_out, fan_out), "{} {} {} {}", read, backlog, lost, fan_out);
    }

    /// A storm that nobody takes part in is one more breakpoint and changes nothing.
    #[test]
    fn splitting_an_interval_changes_nothing(scenario in scenarios(), design in designs(), at in prop::collection::vec(1.0..700.0_f64, 1..6)) {
        let Some(whole) = run(&scenario, &design) else { return Ok(()) };
        let mut split = scenario.clone();
        for (index, at) in at.into_iter().enumerate() {
            let mut settings = EventKind::ReconnectStorm.settings();
            settings.share = 0.0;
            split.events.push(Event {
                name: format!("nobody-{index}"),
                settings,
                ..Event::new(EventKind::ReconnectStorm, Hours::new(at))
            });
        }
        alike(&whole, &run(&split, &design).expect("the same fleet"))?;
    }

    #[test]
    fn the_order_of_a_file_means_nothing(scenario in scenarios(), design in designs()) {
        let Some(forward) = run(&scenario, &design) else { return Ok(()) };
        let mut backward = scenario.clone();
        backward.workload.streams.reverse();
        for stream in &mut backward.workload.streams {
            stream.readers.reverse();
        }
        backward.events.reverse();
        let backward = run(&backward, &design).expect("the same fleet");
        alike(&forward, &backward)?;
        // What full disks take is known to a millionth of them only.
        let full = simulation(&forward).peaks.fill >= 0.999;
        for (one, other) in durations(&forward).iter().zip(&durations(&backward)) {
            prop_assert_eq!(&one.0, &other.0);
            let slack = 1e-6 * if full { one.1.max(1.0) } else { 1.0 };
            prop_assert!(one.1 == other.1 || (one.1 - other.1).abs() < slack, "{:?} {:?}", one, other);
        }
    }

    /// Without growth one week is like the next.
    #[test]
    fn a_week_later_is_the_same_a_week_later(mut scenario in scenarios(), design in designs()) {
        scenario.horizon.months = 3;
        scenario.horizon.full = true;
        scenario.events.truncate(1);
        for stream in &mut scenario.workload.streams {
            stream.growth = Growth::none();
        }
        // The fleet itself must not change.
        scenario.events.retain(|event| event.kind != EventKind::RetentionChange);
        let Some(now) = run(&scenario, &design) else { return Ok(()) };
        for event in &mut scenario.events {
            event.at += Hours::from_days(7.0);
        }
        let later = run(&scenario, &design).expect("the same fleet");
        // What full disks take is known to a millionth of them only.
        prop_assume!(simulation(&now).peaks.fill < 0.999 && simulation(&later).peaks.fill < 0.999);
        for (one, other) in durations(&now).iter().zip(&durations(&later)) {
            prop_assert!(one.1 == other.1 || (one.1 - other.1).abs() < 1e-6, "{:?} {:?}", one, other);
        }
        for (one, other) in simulation(&now).outcomes.iter().zip(&simulation(&later).outcomes) {
            prop_assert!((one.busiest - other.busiest).abs() < 1e-9, "{:?} {:?}", one, other);
            prop_assert!((one.lag - other.lag).abs() < 1e-6, "{:?} {:?}", one, other);
        }
    }

    #[test]
    fn more_capacity_never_lengthens_a_recovery(
        mut scenario in scenarios(),
        preset in 0..PRESETS.len(),
        times in 1.01..4.0_f64,
    ) {
        scenario.events.truncate(1);
        let mut design = Design::of(&PRESETS[preset]);
        let Some(plan) = run(&scenario, &design) else { return Ok(()) };
        // The same fleet, with more of everything.
        design.settings.broker = Some(plan.machine.clone());
        design.settings.brokers = Some(plan.fleet.brokers);
        design.settings.network_burst = Some(Factor(1.0));
        design.settings.disk_burst = Some(Factor(1.0));
        let Some(before) = run(&scenario, &design) else { return Ok(()) };
        design.settings.rebuild_rate = design.settings.rebuild_rate * times;
        design.settings.network_burst = Some(Factor(times));
        design.settings.burst_credits = Hours::new(24.0 * 365.0);
        // A group that reads faster takes what copies and replays could have: its own recovery only.
        let group = scenario.events.iter().any(|event| event.kind == EventKind::ReaderOutage);
        for stream in scenario.workload.streams.iter_mut().filter(|_| group) {
            for reader in &mut stream.readers {
                reader.capacity *= times;
            }
        }
        let after = run(&scenario, &design).expect("the same fleet");
        for (one, other) in durations(&before).iter().zip(&durations(&after)) {
            prop_assert!(other.1 <= one.1 + 1e-6, "{:?} became {:?}", one, other);
        }
    }
}

#[track_caller]
fn must_run(scenario: &Scenario, design: &Design) -> Plan {
    run(scenario, design).expect("a plan")
}

fn of(plan: &Plan, matter: Matter) -> Vec<&model::simulate::Incident> {
    simulation(plan).incidents.iter().filter(|one| one.matter == matter).collect()
}

/// A group whose capacity is its stream's rate has nothing to catch up with: `T = B/(cap − λ)` has no answer.
#[test]
fn a_reader_that_never_catches_up_is_an_answer() {
    let mut scenario = parse(FRAME);
    scenario.workload.streams[0].readers[0].capacity = 1.0;
    scenario.workload.streams[0].retention = Hours::from_days(30.0);
    scenario.events =
        vec![event(EventKind::ReaderOutage, 100.0, |event| event.group = Some("tail".to_owned()))];
    let long = |preset: &&model::presets::Preset| preset.settings().retention_max.is_none();
    for preset in PRESETS.iter().filter(long) {
        let plan = must_run(&scenario, &Design::of(preset));
        let found = of(&plan, Matter::NeverCaughtUp);
        assert_eq!(found.len(), 1, "{}: {:?}", preset.name, simulation(&plan).incidents);
        near(
            found[0].worst,
            (ByteRate::from_mib_per_sec(1.0) * Hours::new(4.0)).base_bytes(),
            1e-6,
        );
        let outcome = &simulation(&plan).outcomes[0];
        assert_eq!(outcome.to, None);
        assert!(outcome.facts.iter().any(|fact| fact.value == Figure::Never), "{outcome:?}");
    }
}

/// Away for four days of a three-day log: a day is gone before the group is back.
#[test]
fn records_that_expire_unread_are_counted() {
    let mut scenario = parse(FRAME);
    scenario.events = vec![event(EventKind::ReaderOutage, 100.0, |event| {
        event.group = Some("tail".to_owned());
        event.settings.outage = Hours::from_days(4.0);
    })];
    for preset in PRESETS {
        let plan = must_run(&scenario, &Design::of(preset));
        let found = of(&plan, Matter::Lost);
        assert_eq!(found.len(), 1, "{}", preset.name);
        let day = (ByteRate::from_mib_per_sec(1.0) * Hours::from_days(1.0)).base_bytes();
        near(found[0].worst, day, 1e-6);
        near(found[0].from.as_hours(), 100.0 + 72.0, 1e-6);
        let verdict = simulation(&plan);
        assert!(verdict.incidents.iter().any(|one| one.matter.is_serious()));
    }
}

/// A volume of 1 TiB for three brokers, and a backfill that it cannot hold.
#[test]
fn a_disk_that_fills_says_when() {
    let mut scenario = parse(FRAME);
    scenario.workload.streams[0].retention = Hours::from_days(20.0);
    scenario.events = vec![event(EventKind::Backfill, 100.0, |event| {
        event.settings.size = Some(Bytes::from_gib(2000.0));
        event.settings.within = Hours::new(20.0);
    })];
    let mut design = Design::of(model::presets::preset("kafka-gp3").expect("a preset"));
    design.settings.broker = Some("m7g.4xlarge".to_owned());
    design.settings.brokers = Some(3);
    design.settings.open_segments = false;
    // 1,687.5 GiB are kept, so 1,000 GiB more have room for each of the three copies.
    design.settings.disk_per_broker = Some(Bytes::from_gib(2687.5));
    let plan = must_run(&scenario, &design);
    let found = of(&plan, Matter::DiskFull);
    // Full again when what was refused is sent again.
    assert!(!found.is_empty(), "{:?}", simulation(&plan).incidents);
    near(found[0].from.as_hours(), 110.0, 1e-6);
    assert!(found[0].why.contains("offline"), "{}", found[0].why);
    // Nothing is accepted beyond what expires, and what is not waits at the edge.
    let full = simulation(&plan).samples.iter().find(|one| one.from > 112.0).expect("samples");
    assert!(full.fill <= 1.0 + 1e-6, "{full:?}");
    assert!(simulation(&plan).peaks.edge > Bytes::from_gib(900.0).base_bytes());
}

/// What a full disk takes comes and goes with what expires, and never more than that; whoever is asked first.
#[test]
fn a_full_disk_is_never_fuller() {
    let mut scenario = parse(FRAME);
    let flat = scenario.workload.streams.remove(0);
    let kept = |name: &str, hours: f64| {
        let mut stream = flat.clone();
        (stream.name, stream.retention) = (name.to_owned(), Hours::new(hours));
        stream.readers.clear();
        stream
    };
    scenario.workload.streams = vec![kept("a", 72.0), kept("b", 72.0), kept("long", 24.0 * 30.0)];
    scenario.horizon.full = false;
    let mut design = Design::of(model::presets::preset("kafka-gp3").expect("a preset"));
    design.settings.broker = Some("m7g.large".to_owned());
    design.settings.brokers = Some(3);
    design.settings.disk_per_broker = Some(Bytes::from_gib(400.0));
    let plan = must_run(&scenario, &design);
    scenario.workload.streams.reverse();
    let backward = must_run(&scenario, &design);
    assert!(!of(&plan, Matter::DiskFull).is_empty());
    for plan in [&plan, &backward] {
        let peak = simulation(plan).peaks.fill;
        assert!(peak <= 1.0 + 1e-6, "{peak}");
    }
    alike(&plan, &backward).expect("the order of a file means nothing");
}

/// Where readers are behind in records that still come in at the same rate, nothing about them changes.
#[test]
fn a_long_drain_takes_few_breakpoints() {
    let mut scenario = parse(FRAME);
    let reader = scenario.workload.streams[0].readers[0].clone();
    scenario.workload.streams[0].readers = (0..20)
        .map(|index| {
            let capacity = 1.01 + 0.002 * f64::from(index);
            Reader { group: format!("group-{index}"), capacity, ..reader.clone() }
        })
        .collect();
    scenario.events = vec![event(EventKind::ReconnectStorm, 100.0, |event| {
        event.settings.share = 0.5;
        event.settings.drain = Hours::new(40.0);
    })];
    let plan =
        must_run(&scenario, &Design::of(model::presets::preset("kafka-gp3").expect("a preset")));
    // A day at most, four moments of the storm, and for each group where it falls behind, turns and catches up.
    let steps = simulation(&plan).steps;
    assert!(steps < 31 + 4 + 4 * 20, "{steps}");
}

fn preset(name: &str) -> Design {
    Design::of(model::presets::preset(name).expect("a preset"))
}

/// With a single zone nothing is accepted while it is away, and everything once it is back.
#[test]
fn a_zone_that_was_all_there_was_comes_back() {
    let mut scenario = parse(FRAME);
    scenario.events = vec![event(EventKind::ZoneLoss, 100.0, |event| {
        event.settings.outage = Hours::new(4.0);
    })];
    for name in ["kafka-gp3", "automq-s3-wal", "automq-ebs-wal"] {
        let mut design = preset(name);
        design.settings.zones = 1;
        let plan = must_run(&scenario, &design);
        let run = simulation(&plan);
        let end = run.samples.last().expect("samples");
        assert_eq!(end.produce, end.offered, "{name}");
        assert_eq!(end.edge, 0.0, "{name}");
        assert_eq!(of(&plan, Matter::Unavailable).len(), 1, "{name}");
        near(run.available, 1.0 - 4.0 / 730.0, 1e-6);
    }
}

/// Nobody is there to accept anything: that is no availability, whether or not leaders could move.
#[test]
fn brokers_that_are_all_dead_accept_nothing() {
    let mut scenario = parse(FRAME);
    scenario.events = vec![event(EventKind::BrokerLoss, 100.0, |event| {
        event.settings.brokers = 100;
        event.settings.replace = Hours::new(1.0);
    })];
    let plan = must_run(&scenario, &preset("automq-s3-wal"));
    near(simulation(&plan).available, 1.0 - 1.0 / 730.0, 1e-9);
}

/// What the rest of a cluster has to carry with a zone down is no copying after its return.
#[test]
fn copies_are_nothing_that_is_needed() {
    let mut scenario = parse(FRAME);
    scenario.workload.streams[0].produce_raw = ByteRate::from_mib_per_sec(20.0);
    scenario.events = vec![event(EventKind::ZoneLoss, 100.0, |_| ())];
    let plan = must_run(&scenario, &preset("kafka-gp3"));
    let run = simulation(&plan);
    assert!(run.peaks.copy > 0.0);
    let away =
        run.samples.iter().filter(|one| one.from >= 100.0 && one.serving < run.peaks.serving);
    let most = away.map(|one| one.needed).fold(0.0, f64::max);
    assert_eq!(run.outcomes[0].busiest, most);
}

/// A horizon that ends before replicas are back is no excuse, and one that ends while a group is down proves nothing.
#[test]
fn what_is_open_at_the_end_counts() {
    let mut scenario = parse(FRAME);
    scenario.slo.recovery = Some(Hours::new(1.0));
    scenario.workload.streams[0].produce_raw = ByteRate::from_mib_per_sec(100.0);
    scenario.events = vec![
        event(EventKind::BrokerLoss, 727.0, |_| ()),
        event(EventKind::ReaderOutage, 729.0, |event| event.group = Some("tail".to_owned())),
    ];
    let plan = must_run(&scenario, &preset("kafka-gp3"));
    let recovery = of(&plan, Matter::Recovery);
    assert_eq!(recovery.len(), 1);
    assert_eq!((recovery[0].to, recovery[0].from), (None, Hours::new(728.0)));
    near(recovery[0].worst, 3.0, 1e-9);
    assert!(of(&plan, Matter::NeverCaughtUp).is_empty());
    assert_eq!(simulation(&plan).outcomes[1].to, None);
}

/// A group that reads less than the highest hour brings, and more than the mean, is behind every day and never for good.
#[test]
fn a_last_hour_proves_nothing() {
    let mut scenario = parse(FRAME);
    let stream = &mut scenario.workload.streams[0];
    stream.shape = Shape::named("office-hours").expect("a named shape");
    stream.retention = Hours::from_days(30.0);
    stream.readers[0].capacity = 0.9;
    let plan = must_run(&scenario, &preset("kafka-gp3"));
    let end = simulation(&plan).samples.last().expect("samples");
    assert!(end.backlog > 0.0);
    assert!(of(&plan, Matter::NeverCaughtUp).is_empty());
    scenario.workload.streams[0].readers[0].capacity = 0.1;
    let plan = must_run(&scenario, &preset("kafka-gp3"));
    assert_eq!(of(&plan, Matter::NeverCaughtUp).len(), 1);
}

/// Two outages of one group, one inside the other, are as long as the longer.
#[test]
fn outages_that_overlap_end_with_the_last() {
    let mut scenario = parse(FRAME);
    let outage = |at: f64, hours: f64| {
        event(EventKind::ReaderOutage, at, |event| {
            event.group = Some("tail".to_owned());
            event.settings.outage = Hours::new(hours);
        })
    };
    scenario.events = vec![outage(100.0, 10.0)];
    let alone = must_run(&scenario, &preset("kafka-gp3"));
    scenario.events.push(outage(102.0, 2.0));
    let both = must_run(&scenario, &preset("kafka-gp3"));
    near(simulation(&both).peaks.backlog, simulation(&alone).peaks.backlog, 1e-9);
    near(simulation(&both).peaks.lag, 10.0, 1e-6);
}

/// Two brokers that are rebuilt at once share what one that sends has: together no more than alone twice over.
#[test]
fn copies_share_what_is_left() {
    let mut scenario = parse(FRAME);
    scenario.workload.streams[0].produce_raw = ByteRate::from_mib_per_sec(50.0);
    let lost = |at: f64| event(EventKind::BrokerLoss, at, |_| ());
    scenario.events = vec![lost(100.0), lost(101.0)];
    let mut design = preset("kafka-gp3");
    design.settings.broker = Some("m7g.large".to_owned());
    design.settings.brokers = Some(6);
    let plan = must_run(&scenario, &design);
    for sample in simulation(&plan).samples.iter().filter(|one| one.copy > 0.0) {
        assert!(sample.disk <= 1.0 + 1e-9 && sample.network <= 1.0 + 1e-9, "{sample:?}");
        // Empty brokers serve when they have their replicas.
        assert!(sample.serving < 6.0, "{sample:?}");
    }
}

/// Two storms at once take no more sources than there are: what is held back is what does not come, and comes later.
#[test]
fn storms_that_overlap_hold_back_what_does_not_come() {
    let mut scenario = parse(FRAME);
    let storm = |name: &str, at: f64| {
        event(EventKind::ReconnectStorm, at, |event| {
            event.name = name.to_owned();
            event.settings.share = 0.7;
            event.settings.outage = Hours::new(4.0);
        })
    };
    scenario.events = vec![storm("first", 100.0), storm("second", 102.0)];
    let plan = must_run(&scenario, &preset("automq-s3-wal"));
    let run = simulation(&plan);
    let hour = (ByteRate::from_mib_per_sec(1.0) * Hours::new(1.0)).base_bytes();
    near(run.months[0].streams[0].produce, 730.0 * hour, 1e-9);
    // The second still holds back what its sources keep when the first has sent all it held.
    let at = |moment: f64| run.samples.iter().find(|one| one.to >= moment).expect("a sample");
    near(at(104.0).edge, (0.7 * 4.0 + 0.3 * 2.0) * hour, 1e-6);
    near(at(106.0).edge, 0.3 * 4.0 * hour, 1e-6);
    assert_eq!(at(110.0).edge, 0.0);
}

/// Records are lost from when the oldest of them expires until the group is back, each time for itself.
#[test]
fn losses_end_when_the_group_is_back() {
    let mut scenario = parse(FRAME);
    let outage = |name: &str, at: f64| {
        event(EventKind::ReaderOutage, at, |event| {
            event.name = name.to_owned();
            event.group = Some("tail".to_owned());
            event.settings.outage = Hours::from_days(4.0);
        })
    };
    scenario.events = vec![outage("first", 20.0), outage("second", 500.0)];
    let plan = must_run(&scenario, &preset("automq-s3-wal"));
    let found = of(&plan, Matter::Lost);
    let spans: Vec<_> =
        found.iter().map(|one| (one.from.as_hours(), one.to.map(Hours::as_hours))).collect();
    assert_eq!(spans.len(), 2, "{spans:?}");
    near(spans[0].0, 92.0, 1e-6);
    near(spans[0].1.expect("it ends"), 116.0, 1e-6);
    near(spans[1].0, 572.0, 1e-6);
    near(spans[1].1.expect("it ends"), 596.0, 1e-6);
}

/// Devices that hold an hour of a four-hour outage lose the rest of it while they are away.
#[test]
fn what_devices_cannot_hold_is_lost_while_they_are_away() {
    let mut scenario = parse(FRAME);
    scenario.events = vec![event(EventKind::ReconnectStorm, 100.0, |event| {
        event.settings.outage = Hours::new(4.0);
        event.settings.buffer = Some(Hours::new(1.0));
    })];
    let plan = must_run(&scenario, &preset("kafka-gp3"));
    let found = of(&plan, Matter::LostAtEdge);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].from, found[0].to), (Hours::new(101.0), Some(Hours::new(104.0))));
}

/// Why is said of the worst moment, and of nothing no share.
#[test]
fn the_reason_is_that_of_the_worst_moment() {
    let mut scenario = parse(FRAME);
    scenario.slo.freshness = Some(Hours::new(0.5));
    scenario.events = vec![
        event(EventKind::BrokerLoss, 100.0, |event| {
            event.settings.brokers = 100;
            event.settings.replace = Hours::new(1.0);
        }),
        event(EventKind::ReaderOutage, 300.0, |event| event.group = Some("tail".to_owned())),
    ];
    let plan = must_run(&scenario, &preset("automq-s3-wal"));
    let gone = of(&plan, Matter::Unavailable);
    assert_eq!((gone[0].why.as_str(), gone[0].worst), ("no broker is left", 1.0));
    let stale = of(&plan, Matter::Freshness);
    let last = stale.last().expect("readers are behind");
    assert_eq!(last.why, "the group is down");
    let outcome = &simulation(&plan).outcomes[0];
    assert!(outcome.figure("highest utilization").is_none(), "{outcome:?}");
}

/// A reader of history knows nothing of samples: whether they are kept changes nothing that is found.
#[test]
fn what_is_found_does_not_depend_on_what_is_kept() {
    let mut scenario = parse(FRAME);
    scenario.workload.streams[0].readers[0].capacity = 0.5;
    let design = preset("kafka-gp3");
    let found = |samples| {
        let plan = through(&design, &scenario, crate::home(design.preset), Asked { samples })
            .expect("a plan");
        simulation(&plan).incidents.clone()
    };
    assert_eq!(found(true), found(false));
}

/// Brokers that are added bring volumes like the others': there is room on them, and they are paid for.
#[test]
fn added_brokers_bring_their_volumes() {
    let mut scenario = parse(FRAME);
    let mut design = preset("kafka-gp3");
    design.settings.broker = Some("m7g.large".to_owned());
    design.settings.brokers = Some(3);
    let before = must_run(&scenario, &design);
    scenario.events = vec![event(EventKind::ScaleOut, 365.0, |event| event.settings.brokers = 3)];
    let plan = must_run(&scenario, &design);
    let fill = |plan: &Plan| simulation(plan).samples.last().expect("samples").fill;
    near(fill(&plan), fill(&before) / 2.0, 1e-9);
    let volumes =
        |plan: &Plan| plan.bill.of_component(model::bill::Component::BlockStorage).as_f64();
    near(volumes(&plan), volumes(&before) * 1.5, 1e-4);
}

/// An empty log is at its fullest just before its retention shrinks, and a disk is bought for that.
#[test]
fn disks_are_bought_for_the_moment_before_a_retention_shrinks() {
    let mut scenario = parse(FRAME);
    scenario.horizon.full = false;
    scenario.events = vec![event(EventKind::RetentionChange, 500.0, |event| {
        event.settings.retention = Some(Hours::new(24.0));
    })];
    let plan = must_run(&scenario, &preset("kafka-gp3"));
    assert!(of(&plan, Matter::DiskFull).is_empty(), "{:?}", simulation(&plan).incidents);
}

/// What brokers keep of a tiered stream is what is shorter now: its retention, or theirs.
#[test]
fn a_retention_below_the_local_one_counts_from_its_change() {
    let mut scenario = parse(FRAME);
    let mut design = preset("kafka-tiered");
    design.settings.local_retention = Some(Hours::new(48.0));
    design.settings.open_segments = false;
    scenario.events = vec![event(EventKind::RetentionChange, 500.0, |event| {
        event.settings.retention = Some(Hours::new(24.0));
    })];
    let plan = must_run(&scenario, &design);
    let samples = &simulation(&plan).samples;
    let hour = (ByteRate::from_mib_per_sec(1.0) * Hours::new(1.0)).base_bytes();
    let before = samples.iter().rfind(|one| one.to <= 500.0).expect("a sample");
    near(before.local, 3.0 * 48.0 * hour, 1e-9);
    near(samples.last().expect("a sample").local, 3.0 * 24.0 * hour, 1e-9);
}

/// A stream half an hour off is at its peak from half past: the fleet of that hour is as large as of the next.
#[test]
fn a_fleet_that_follows_the_day_sees_half_hours() {
    let mut scenario = parse(FRAME);
    let stream = &mut scenario.workload.streams[0];
    stream.produce_raw = ByteRate::from_mib_per_sec(600.0);
    stream.shape = Shape::named("nightly-batch").expect("a named shape");
    stream.clock = Hours::new(5.5);
    let mut design = preset("automq-s3-wal");
    design.settings.fleet = model::parameters::FleetPolicy::Follow;
    let plan = must_run(&scenario, &design);
    // Midnight there is 18:30 here.
    let samples = &simulation(&plan).samples;
    let planned = |hour: f64| {
        let at = samples.iter().find(|one| one.from >= 24.0 + hour + 0.3).expect("a sample");
        at.paid
    };
    assert_eq!(planned(18.0), planned(19.0));
    assert_eq!(planned(20.0), planned(19.0));
    assert!(planned(17.0) < planned(18.0), "{} {}", planned(17.0), planned(18.0));
}

/// Of five copies a write waits for four, unless fewer are asked for.
#[test]
fn writes_wait_for_as_many_replicas_as_asked() {
    let mut scenario = parse(FRAME);
    scenario.events = vec![event(EventKind::ZoneLoss, 100.0, |_| ())];
    let short = |copies: u32, in_sync: Option<u32>| {
        let mut design = preset("kafka-gp3");
        design.settings.replication_factor = copies;
        design.settings.brokers = Some(6);
        design.settings.min_in_sync = in_sync;
        let plan = must_run(&scenario, &design);
        match simulation(&plan).outcomes[0].figure("partitions without enough replicas") {
            Some(Figure::Share(share)) => share,
            _ => 0.0,
        }
    };
    assert_eq!((short(3, None), short(3, Some(3))), (0.0, 1.0));
    // Two of five copies are in the zone for two partitions of three, and one for the third.
    near(short(5, None), 2.0 / 3.0, 1e-9);
    assert_eq!(short(5, Some(3)), 0.0);
}

/// A stream of which a platform tiers half is two on the way through a plan, and one again in what its run says.
#[test]
fn a_stream_of_tiered_topics_and_others_is_one_in_what_a_run_says() {
    let scenario = parse(FRAME);
    let mut design = preset("kafka-tiered");
    design.settings.tiered_share = 0.5;
    let plan = must_run(&scenario, &design);
    let month = &simulation(&plan).months[0];
    let [stream] = &month.streams[..] else { panic!("{:?}", month.streams) };
    let all = ByteRate::from_mib_per_sec(1.0) * month.month.length;
    near(stream.produce, all.base_bytes(), 1e-9);
}

/// Volumes of brokers that stay do not shrink with what is kept on them.
#[test]
fn volumes_stay_as_large_as_they_were_on_as_many_brokers() {
    let mut scenario = parse(FRAME);
    scenario.horizon.months = 2;
    let mut design = preset("kafka-gp3");
    design.settings.broker = Some("m7g.large".to_owned());
    design.settings.brokers = Some(3);
    scenario.events = vec![event(EventKind::RetentionChange, 365.0, |event| {
        event.settings.retention = Some(Hours::new(24.0));
    })];
    let plan = must_run(&scenario, &design);
    let volumes = volumes(&plan);
    assert!(volumes[0] > 0.0);
    near(volumes[1], volumes[0], 1e-9);
}

/// Bytes of disk of each broker that is paid for, month by month.
fn volumes(plan: &Plan) -> Vec<f64> {
    let used = plan.months.iter().filter_map(|month| month.used.as_ref());
    used.map(|used| used.storage.provisioned.base_bytes() / used.brokers).collect()
}

/// Volumes go with the brokers that they belong to: when a large stream is over, those of the brokers that are left, and of
/// those that wait until their replicas have moved, are as if it had never been.
#[test]
fn volumes_shrink_with_brokers() {
    let mut alone = parse(FRAME);
    alone.horizon.months = 2;
    let mut both = alone.clone();
    let mut large = alone.workload.streams[0].clone();
    large.name = "large".to_owned();
    large.produce_raw = ByteRate::from_mib_per_sec(300.0);
    large.retention = Hours::new(24.0);
    large.end = Some(Hours::new(650.0));
    both.workload.streams.push(large);
    let mut design = preset("kafka-gp3");
    design.settings.broker = Some("m7g.large".to_owned());
    design.settings.open_segments = false;
    let (alone, both) = (must_run(&alone, &design), must_run(&both, &design));
    assert!(both.months[1].brokers < both.months[0].brokers);
    let (alone, both) = (volumes(&alone), volumes(&both));
    assert!(both[0] > 2.0 * alone[0], "{both:?} {alone:?}");
    near(both[1], alone[1], 1e-9);
}

/// Each month has the brokers that it asks for: for what is kept at the same rate, or for a rate at which no more is kept.
#[test]
fn a_fleet_grows_with_what_is_kept_or_with_rates_alone() {
    let mut filling = parse(FRAME);
    filling.horizon.months = 3;
    filling.horizon.full = false;
    filling.workload.streams[0].produce_raw = ByteRate::from_mib_per_sec(40.0);
    filling.workload.streams[0].retention = Hours::from_days(90.0);
    let mut growing = filling.clone();
    let stream = &mut growing.workload.streams[0];
    stream.cleanup = Cleanup::Compact { live: Bytes::from_gib(10.0) };
    stream.growth = Growth { compound: 1.0, ..Growth::none() };
    let mut design = preset("kafka-gp3");
    design.settings.broker = Some("m7g.large".to_owned());
    for scenario in [filling, growing] {
        let plan = must_run(&scenario, &design);
        let brokers: Vec<f64> = plan.months.iter().map(|month| month.brokers).collect();
        assert!(brokers.is_sorted_by(|one, next| one < next), "{brokers:?}");
        let most = model::horizon::brokers(&design, &scenario, crate::home(design.preset));
        assert_eq!(most.ok().map(f64::from), brokers.last().copied());
    }
}
