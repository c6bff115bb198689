//! Step 2: bytes per second on each edge, what caused them, and the share that crosses a zone.

use serde::Serialize;

use crate::bill::Cause;
use crate::design::{Architecture, Design};
use crate::load::{Load, StreamLoad};
use crate::parameters::Wal;
use crate::storage::is_tiered;
use crate::units::ByteRate;

/// From where to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edge {
    /// Producers to brokers.
    ClientToBroker,
    /// Brokers to consumers.
    BrokerToClient,
    /// Brokers to brokers.
    BrokerToBroker,
    /// Brokers to their disks.
    BrokerToDisk,
    /// Disks to their brokers.
    DiskToBroker,
    /// Brokers to the object store, the remote tier or a shared file system.
    BrokerToObjectStore,
    /// Object store, remote tier or shared file system to brokers.
    ObjectStoreToBroker,
}

/// A stream of bytes on one edge for one cause.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Flow {
    /// From where to where.
    pub edge: Edge,
    /// What it is for.
    pub cause: Cause,
    /// Averaged over the month.
    #[serde(rename = "mean_mib_per_sec")]
    pub mean: ByteRate,
    /// In the highest hour.
    #[serde(rename = "peak_mib_per_sec")]
    pub peak: ByteRate,
    /// Share of it that crosses a zone.
    pub crossing: f64,
}

/// Every flow of one platform.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Flows {
    /// In the order of the data's way.
    pub flows: Vec<Flow>,
}

impl Flows {
    /// Mean rate on an edge, all causes together.
    pub fn mean(&self, edge: Edge) -> ByteRate {
        self.on(edge).map(|flow| flow.mean).sum()
    }

    /// Peak rate on an edge, all causes together.
    pub fn peak(&self, edge: Edge) -> ByteRate {
        self.on(edge).map(|flow| flow.peak).sum()
    }

    /// Mean rate on an edge for one cause.
    pub fn mean_for(&self, edge: Edge, cause: Cause) -> ByteRate {
        self.on(edge).filter(|flow| flow.cause == cause).map(|flow| flow.mean).sum()
    }

    /// Peak rate on an edge for one cause.
    pub fn peak_for(&self, edge: Edge, cause: Cause) -> ByteRate {
        self.on(edge).filter(|flow| flow.cause == cause).map(|flow| flow.peak).sum()
    }

    /// Mean rate that crosses a zone for a cause.
    pub fn crossing(&self, cause: Cause) -> ByteRate {
        let flows = self.flows.iter().filter(|flow| flow.cause == cause);
        flows.map(|flow| flow.mean * flow.crossing).sum()
    }

    /// Mean rate that crosses a zone.
    pub fn zone_crossing(&self) -> ByteRate {
        self.flows.iter().map(|flow| flow.mean * flow.crossing).sum()
    }

    fn on(&self, edge: Edge) -> impl Iterator<Item = &Flow> {
        self.flows.iter().filter(move |flow| flow.edge == edge)
    }
}

/// The flows of one platform.
///
/// - **Replicated:** network in `W·RF`, out `F·W + W·(RF−1)`, disk `W·RF` (mechanics A1); tiered adds one upload of
///   every byte and remote reads of history (B2).
/// - **Shared storage:** each byte is written to object storage once to be durable and once to be kept; with a zone
///   router every other zone reads it from there (C4). Without leaders it is written once, and every zone whose
///   consumers follow it reads it from there (D, E1).
/// - **List price:** what clients send and fetch; who crosses zones inside a service is not known, nor who pays.
/// - **Crossing:** producers reach leaders of other zones `(A−1)/A` of the time; replication crosses
///   `RF − max(1, RF/A)` times; consumers `1 − min(RF, A)/A` with follower fetching, else `(A−1)/A` (A2).
pub fn flows(load: &Load, design: &Design) -> Flows {
    let flows = match design.architecture() {
        Architecture::SharedNothing | Architecture::Tiered => replicated(load, design),
        Architecture::SharedStorage => shared_storage(load, design),
        Architecture::ListPrice => list_price(load, design),
    };
    Flows { flows }
}

/// Share of what consumers fetch that crosses a zone.
fn consumer_crossing(design: &Design) -> f64 {
    let settings = &design.settings;
    let zones = f64::from(settings.zones);
    let blind = if design.replicates() && settings.follower_fetching {
        1.0 - f64::from(settings.replication_factor).min(zones) / zones
    } else if design.is_routed() || design.is_leaderless() || design.is_list_price() {
        0.0
    } else {
        design.blind_crossing()
    };
    blind * (1.0 - settings.consumers_zone_aware)
}

fn replicated(load: &Load, design: &Design) -> Vec<Flow> {
    let settings = &design.settings;
    let copies = f64::from(settings.replication_factor);
    let zones = f64::from(settings.zones);
    let followers = copies - 1.0;
    let replication_crossing =
        if followers > 0.0 { (copies - (copies / zones).max(1.0)) / followers } else { 0.0 };
    let history = history(load, design);

    let mut flows = vec![
        Flow {
            edge: Edge::ClientToBroker,
            cause: Cause::Produce,
            mean: load.produce,
            peak: load.produce_peak,
            crossing: design.blind_crossing() * (1.0 - settings.producers_zone_aware),
        },
        Flow {
            edge: Edge::BrokerToBroker,
            cause: Cause::Replicate,
            mean: load.produce * followers,
            peak: load.produce_peak * followers,
            crossing: replication_crossing,
        },
        Flow {
            edge: Edge::BrokerToDisk,
            cause: Cause::Retain,
            mean: load.produce * copies,
            peak: load.produce_peak * copies,
            crossing: 0.0,
        },
    ];
    flows.extend(fetches(load, design));
    flows.extend(compaction(load, design, copies).into_iter().flatten());
    flows.extend([
        flow(Edge::DiskToBroker, Cause::CatchUp, history.local_catch_up),
        flow(Edge::DiskToBroker, Cause::Replay, history.local_replay),
    ]);
    if design.architecture() == Architecture::Tiered {
        flows.extend([
            flow(Edge::BrokerToObjectStore, Cause::Upload, tiered_produce(load, design)),
            flow(Edge::ObjectStoreToBroker, Cause::CatchUp, history.remote_catch_up),
            flow(Edge::ObjectStoreToBroker, Cause::Replay, history.remote_replay),
        ]);
    }
    flows
}

fn shared_storage(load: &Load, design: &Design) -> Vec<Flow> {
    let settings = &design.settings;
    let produce = (load.produce, load.produce_peak);
    let times = |factor: f64| (load.produce * factor, load.produce_peak * factor);
    let routed = design.is_routed();
    let leaderless = design.is_leaderless();
    let stays = leaderless && !settings.produce_to_leader;
    let producer_crossing = if routed || stays {
        0.0
    } else {
        design.blind_crossing() * (1.0 - settings.producers_zone_aware)
    };

    let mut flows = vec![Flow {
        edge: Edge::ClientToBroker,
        cause: Cause::Produce,
        mean: load.produce,
        peak: load.produce_peak,
        crossing: producer_crossing,
    }];
    flows.extend(fetches(load, design));
    match settings.wal {
        Wal::Block => flows.push(flow(Edge::BrokerToDisk, Cause::Append, produce)),
        // Behind a router the WAL holds only positions of routed data.
        _ if routed => {}
        _ => {
            let copies = times(design.batch_copies());
            flows.push(flow(Edge::BrokerToObjectStore, Cause::Append, copies));
        }
    }
    if routed {
        flows.extend([
            flow(Edge::BrokerToObjectStore, Cause::Route, produce),
            flow(Edge::ObjectStoreToBroker, Cause::Route, times(f64::from(settings.zones - 1))),
        ]);
    }
    if (routed || leaderless) && settings.zones > 1 {
        let (mean, peak) = times(settings.metadata_crossing);
        let crossing = 1.0;
        let cause = Cause::Metadata;
        flows.push(Flow { edge: Edge::BrokerToBroker, cause, mean, peak, crossing });
    }
    let merge = merged(load, design);
    let behind = load.behind();
    let behind = (behind, behind * peak_factor(load));
    if leaderless {
        flows.push(flow(Edge::ObjectStoreToBroker, Cause::Consume, live(load, design)));
    } else {
        flows.push(flow(Edge::BrokerToObjectStore, Cause::Upload, produce));
    }
    flows.extend([
        flow(Edge::BrokerToObjectStore, Cause::Merge, merge),
        flow(Edge::ObjectStoreToBroker, Cause::Merge, merge),
        flow(Edge::ObjectStoreToBroker, Cause::CatchUp, behind),
        flow(Edge::ObjectStoreToBroker, Cause::Replay, (load.replay, load.replay_peak)),
    ]);
    flows
}

/// Without leaders, every zone reads what its consumers follow from the batches, however many they are (mechanics D, E1).
fn live(load: &Load, design: &Design) -> (ByteRate, ByteRate) {
    let (mut mean, mut peak) = (ByteRate::ZERO, ByteRate::ZERO);
    for stream in &load.streams {
        mean += stream.produce * stream.followed;
        peak += stream.produce_peak * stream.followed;
    }
    let fetches = design.live_fetches();
    (mean * fetches, peak.min(load.produce_peak) * fetches)
}

/// A service known by its price list: what clients send and fetch, and nothing inside.
fn list_price(load: &Load, design: &Design) -> Vec<Flow> {
    let mut flows =
        vec![flow(Edge::ClientToBroker, Cause::Produce, (load.produce, load.produce_peak))];
    flows.extend(fetches(load, design));
    flows
}

/// What consumers fetch, whichever replica serves it.
fn fetches(load: &Load, design: &Design) -> [Flow; 2] {
    let crossing = consumer_crossing(design);
    [
        Flow {
            edge: Edge::BrokerToClient,
            cause: Cause::Consume,
            mean: load.tail,
            peak: load.tail_peak,
            crossing,
        },
        Flow {
            edge: Edge::BrokerToClient,
            cause: Cause::Replay,
            mean: load.replay,
            peak: load.replay_peak,
            crossing,
        },
    ]
}

/// The log cleaner reads and rewrites compacted logs: two bytes read and at most two written for each dirty one (A9).
fn compaction(load: &Load, design: &Design, copies: f64) -> Option<[Flow; 2]> {
    let dirty: ByteRate = load.streams.iter().filter(|s| s.compacted).map(|s| s.produce).sum();
    let amplification = 1.0 / design.settings.dirty_ratio.max(0.01);
    let peak =
        load.streams.iter().filter(|s| s.compacted).map(|s| s.produce_peak).sum::<ByteRate>();
    let both = (dirty * (amplification * copies), peak * (amplification * copies));
    (dirty > ByteRate::ZERO).then(|| {
        [flow(Edge::DiskToBroker, Cause::Merge, both), flow(Edge::BrokerToDisk, Cause::Merge, both)]
    })
}

/// What is rewritten to keep objects large: every byte so many times on average, more for partitions so slow that they
/// wait for an object of their own, and the log cleaner's share of compacted streams (C3, A9).
fn merged(load: &Load, design: &Design) -> (ByteRate, ByteRate) {
    let settings = &design.settings;
    let mut sum = (ByteRate::ZERO, ByteRate::ZERO);
    for stream in load.streams.iter().filter(|stream| stream.produce > ByteRate::ZERO) {
        // What came last is rewritten once, what came first at every pass.
        let mut times = if !design.is_leaderless() {
            settings.merge_traffic.0.max(merge_passes(stream, design) / 2.0)
        } else if settings.merge_files > 0 {
            settings.merge_traffic.0
        } else {
            0.0
        };
        if stream.compacted {
            times += 1.0 / settings.dirty_ratio.max(0.01);
        }
        sum.0 += stream.produce * times;
        sum.1 += stream.produce_peak * times;
    }
    sum
}

/// Merges that a record of a stream sees at most until its partition has an object of its own (C3), on average over
/// partitions: not a whole number, so that a little more traffic never means much less work.
pub fn merge_passes(stream: &StreamLoad, design: &Design) -> f64 {
    let settings = &design.settings;
    let each = stream.partition_rate() * settings.merge_interval;
    let most = f64::from(settings.merge_passes_max);
    (settings.stream_object_min / each).clamp(1.0, most.max(1.0))
}

/// What tiered streams produce.
fn tiered_produce(load: &Load, design: &Design) -> (ByteRate, ByteRate) {
    let tiered = || load.streams.iter().filter(|stream| is_tiered(stream, design));
    let mean = tiered().map(|stream| stream.produce).sum();
    let peak = tiered().map(|stream| stream.produce_peak).sum::<ByteRate>();
    (mean, peak.min(load.produce_peak))
}

/// How much higher tail reads are in the highest hour of all streams together.
fn peak_factor(load: &Load) -> f64 {
    if load.tail > ByteRate::ZERO { load.tail_peak / load.tail } else { 1.0 }
}

/// Reads that miss the page cache, mean and peak, by where they are served from.
struct History {
    local_catch_up: (ByteRate, ByteRate),
    remote_catch_up: (ByteRate, ByteRate),
    local_replay: (ByteRate, ByteRate),
    remote_replay: (ByteRate, ByteRate),
}

/// Where what is read again comes from.
///
/// - **Catch-up:** a reader that is behind a cluster's page cache reads tiered streams from the tier (mechanics J2), unless
///   all that is kept is on brokers' disks anyway. Peaks are those of the streams, and no more than all readers' together.
/// - **Replays:** from the tier what is older than what brokers keep.
fn history(load: &Load, design: &Design) -> History {
    let mut history = History {
        local_catch_up: Default::default(),
        remote_catch_up: Default::default(),
        local_replay: Default::default(),
        remote_replay: Default::default(),
    };
    let add = |sum: &mut (ByteRate, ByteRate), mean: ByteRate, peak: ByteRate| {
        sum.0 += mean;
        sum.1 += peak;
    };
    for stream in &load.streams {
        let lagging = stream.behind;
        let own = if stream.produce > ByteRate::ZERO {
            stream.produce_peak / stream.produce
        } else {
            1.0
        };
        let local = design.settings.local_retention.unwrap_or(stream.retention);
        let away = is_tiered(stream, design) && local < stream.retention;
        let side = if away { &mut history.remote_catch_up } else { &mut history.local_catch_up };
        add(side, lagging, lagging * own);
        for replay in &stream.replays {
            let remote = replay.remote;
            add(&mut history.remote_replay, replay.mean * remote, replay.running * remote);
            let local = 1.0 - remote;
            add(&mut history.local_replay, replay.mean * local, replay.running * local);
        }
    }
    let most = load.behind() * peak_factor(load);
    for side in [&mut history.local_catch_up, &mut history.remote_catch_up] {
        side.1 = side.1.min(most);
    }
    history
}

fn flow(edge: Edge, cause: Cause, (mean, peak): (ByteRate, ByteRate)) -> Flow {
    Flow { edge, cause, mean, peak, crossing: 0.0 }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::presets::preset;
    use crate::units::Hours;
    use crate::workload::{Cleanup, Reader, ReaderKind, Stream, Workload};

    pub(crate) const MONTH: crate::load::Month =
        crate::load::Month { index: 0, start: Hours::ZERO, length: Hours::new(730.0) };

    /// 100 MiB/s, one reader at the end of the log and a weekly replay of two days.
    pub(crate) fn workload() -> Workload {
        let reader = |group: &str, kind| Reader {
            group: group.to_owned(),
            region: None,
            share: 1.0,
            consumers: None,
            capacity: 1.5,
            kind,
        };
        Workload {
            streams: vec![Stream {
                name: "events".to_owned(),
                owner: None,
                sources: None,
                produce_raw: ByteRate::from_mib_per_sec(100.0),
                records: None,
                compression: 1.0,
                shape: crate::shape::Shape::flat(),
                clock: Hours::ZERO,
                growth: crate::workload::Growth::none(),
                start: None,
                end: None,
                keys: None,
                partitions: Some(30),
                retention: Hours::from_days(7.0),
                cleanup: Cleanup::Delete,
                tiered: true,
                readers: vec![
                    reader("tail", ReaderKind::Tail { lag_budget: None }),
                    reader(
                        "replay",
                        ReaderKind::Replay {
                            window: Hours::from_days(2.0),
                            every: Hours::from_days(7.0),
                            within: Hours::new(12.0),
                        },
                    ),
                ],
            }],
            links: Vec::new(),
        }
    }

    pub(crate) fn design(name: &str, change: impl Fn(&mut crate::parameters::Settings)) -> Design {
        let mut design = Design::of(preset(name).expect("a preset"));
        change(&mut design.settings);
        design
    }

    fn flows_of(design: &Design) -> Flows {
        flows(&crate::load::load(&workload(), design, MONTH, 1), design)
    }

    /// MiB/s that cross a zone for one cause.
    #[track_caller]
    fn crosses(design: &Design, cause: Cause, expected: f64) {
        let found = flows_of(design).crossing(cause).as_mib_per_sec();
        assert!((found - expected).abs() < 1e-9, "{found}");
    }

    #[test]
    fn replication_crosses_once_for_each_replica_in_another_zone() {
        for (copies, zones, expected) in [
            (3, 3, 200.0),
            (2, 3, 100.0),
            (3, 2, 150.0),
            (1, 3, 0.0),
            (3, 1, 0.0),
            (4, 3, 800.0 / 3.0),
        ] {
            let design = design("kafka-gp3", |settings| {
                settings.replication_factor = copies;
                settings.zones = zones;
            });
            crosses(&design, Cause::Replicate, expected);
        }
    }

    #[test]
    fn consumers_cross_when_no_replica_is_near() {
        let fetching = |copies, follower_fetching| {
            design("kafka-gp3", move |settings| {
                settings.replication_factor = copies;
                settings.follower_fetching = follower_fetching;
            })
        };
        crosses(&fetching(3, true), Cause::Consume, 0.0);
        crosses(&fetching(2, true), Cause::Consume, 100.0 / 3.0);
        crosses(&fetching(3, false), Cause::Consume, 200.0 / 3.0);
        crosses(&design("automq-ebs-wal", |_| ()), Cause::Consume, 200.0 / 3.0);
        crosses(&design("automq-s3-wal", |_| ()), Cause::Consume, 0.0);
    }

    #[test]
    fn producers_cross_unless_they_look() {
        crosses(&design("kafka-gp3", |_| ()), Cause::Produce, 200.0 / 3.0);
        crosses(
            &design("kafka-gp3", |settings| settings.producers_zone_aware = 1.0),
            Cause::Produce,
            0.0,
        );
        crosses(&design("automq-s3-wal", |_| ()), Cause::Produce, 0.0);
        crosses(&design("automq-s3-wal", |_| ()), Cause::Metadata, 0.25);
        // One zone needs no router.
        crosses(&design("automq-s3-wal", |settings| settings.zones = 1), Cause::Metadata, 0.0);
    }

    #[test]
    fn history_is_read_from_where_it_is_kept() {
        let mean = |name, local: Option<Hours>, edge| {
            let design = design(name, |settings| settings.local_retention = local);
            let flows = flows_of(&design);
            let replays = flows.on(edge).filter(|flow| flow.cause == Cause::Replay);
            replays.map(|flow| flow.mean.as_mib_per_sec()).sum::<f64>()
        };
        // Two days of 100 MiB/s a week, of which 12 h are on brokers.
        let weekly = 100.0 * 2.0 / 7.0;
        let half_a_day = Some(Hours::new(12.0));
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found}");
        near(mean("kafka-gp3", None, Edge::DiskToBroker), weekly);
        near(mean("kafka-tiered", half_a_day, Edge::DiskToBroker), weekly * 0.25);
        near(mean("kafka-tiered", half_a_day, Edge::ObjectStoreToBroker), weekly * 0.75);
        near(mean("kafka-tiered", None, Edge::ObjectStoreToBroker), 0.0);
        near(mean("automq-s3-wal", None, Edge::ObjectStoreToBroker), weekly);
    }

    #[test]
    fn who_is_behind_reads_from_disks_what_is_all_on_disks() {
        let behind = |local: Option<Hours>, edge| {
            let flows =
                flows_of(&design("kafka-tiered", |settings| settings.local_retention = local));
            flows.mean_for(edge, Cause::CatchUp).as_mib_per_sec()
        };
        let half_a_day = Some(Hours::new(12.0));
        assert_eq!(behind(half_a_day, Edge::ObjectStoreToBroker), 5.0);
        assert_eq!(behind(half_a_day, Edge::DiskToBroker), 0.0);
        // Kept on brokers for as long as anywhere: there is nothing to fetch.
        for all in [None, Some(Hours::from_days(7.0)), Some(Hours::from_days(30.0))] {
            assert_eq!(behind(all, Edge::ObjectStoreToBroker), 0.0);
            assert_eq!(behind(all, Edge::DiskToBroker), 5.0);
        }
    }

    #[test]
    fn catching_up_peaks_when_its_stream_does() {
        // A level stream that stays on brokers, and one that is tiered and comes in two hours of the day.
        let mut workload = workload();
        let mut batch = workload.streams[0].clone();
        batch.name = "batch".to_owned();
        batch.shape = crate::shape::Shape::named("nightly-batch").expect("a shape");
        workload.streams[0].tiered = false;
        workload.streams.push(batch);
        let design =
            design("kafka-tiered", |settings| settings.local_retention = Some(Hours::new(12.0)));
        let flows = flows(&crate::load::load(&workload, &design, MONTH, 1), &design);
        let peak = |edge| flows.peak_for(edge, Cause::CatchUp).as_mib_per_sec();
        assert!((peak(Edge::DiskToBroker) - 5.0).abs() < 1e-9);
        assert!((peak(Edge::ObjectStoreToBroker) - 60.0).abs() < 1e-9);
    }

    /// The workload as a compacted stream that comes in two hours of the day: twelve times its mean.
    fn compacted() -> Workload {
        let mut workload = workload();
        workload.streams[0].shape = crate::shape::Shape::named("nightly-batch").expect("a shape");
        workload.streams[0].cleanup =
            Cleanup::Compact { live: crate::units::Bytes::from_gib(100.0) };
        workload
    }

    /// Mean and peak on an edge for one cause, in MiB/s.
    #[track_caller]
    fn moves(workload: &Workload, design: &Design, edge: Edge, cause: Cause, expected: (f64, f64)) {
        let flows = flows(&crate::load::load(workload, design, MONTH, 1), design);
        let (mean, peak) = (flows.mean_for(edge, cause), flows.peak_for(edge, cause));
        let found = (mean.as_mib_per_sec(), peak.as_mib_per_sec());
        let near = |found: f64, expected: f64| (found - expected).abs() < 1e-9 * expected.max(1.0);
        assert!(near(found.0, expected.0) && near(found.1, expected.1), "{found:?}");
    }

    #[test]
    fn the_cleaner_reads_and_rewrites_every_copy() {
        // 100 MiB/s ÷ dirty ratio × three copies.
        for (dirty_ratio, expected) in [(0.5, (600.0, 7200.0)), (0.25, (1200.0, 14_400.0))] {
            let design = design("kafka-gp3", |settings| settings.dirty_ratio = dirty_ratio);
            moves(&compacted(), &design, Edge::DiskToBroker, Cause::Merge, expected);
            moves(&compacted(), &design, Edge::BrokerToDisk, Cause::Merge, expected);
        }
        // Where nothing is compacted there is no cleaner.
        let flows = flows_of(&design("kafka-gp3", |_| ()));
        assert!(flows.flows.iter().all(|flow| flow.cause != Cause::Merge));
    }

    #[test]
    fn objects_are_merged_and_compacted_ones_cleaned_too() {
        let check = |workload: &Workload, name, files, expected| {
            let design = design(name, |settings| {
                settings.merge_traffic = crate::parameters::Factor(0.75);
                settings.merge_files = files;
                settings.dirty_ratio = 0.5;
            });
            moves(workload, &design, Edge::BrokerToObjectStore, Cause::Merge, expected);
            moves(workload, &design, Edge::ObjectStoreToBroker, Cause::Merge, expected);
        };
        // Fast partitions: three quarters of 100 MiB/s, and twice that rate for the cleaner.
        check(&workload(), "automq-s3-wal", 0, (75.0, 75.0));
        check(&compacted(), "automq-s3-wal", 0, (275.0, 3300.0));
        // Without leaders there are merges only where files are merged.
        check(&workload(), "leaderless", 32, (75.0, 75.0));
        check(&workload(), "leaderless", 0, (0.0, 0.0));
        check(&compacted(), "leaderless", 0, (200.0, 2400.0));
    }

    #[test]
    fn without_leaders_each_zone_reads_what_is_followed_there() {
        // Half of 100 MiB/s is followed; a cache spares the writer's own zone.
        let mut workload = compacted();
        workload.streams[0].readers[0].share = 0.5;
        for (cached, zones, times) in [(false, 3, 3.0), (true, 3, 2.0), (true, 1, 0.0)] {
            let design = design("leaderless", |settings| {
                settings.writer_zone_cached = cached;
                settings.zones = zones;
                settings.fetches_per_object = None;
            });
            let expected = (50.0 * times, 600.0 * times);
            moves(&workload, &design, Edge::ObjectStoreToBroker, Cause::Consume, expected);
        }
    }

    #[test]
    fn every_other_zone_reads_what_is_routed() {
        for (zones, expected) in [(2, 100.0), (3, 200.0)] {
            let design = design("automq-s3-wal", |settings| settings.zones = zones);
            let expected = (expected, expected);
            moves(&workload(), &design, Edge::ObjectStoreToBroker, Cause::Route, expected);
        }
    }

    #[test]
    fn metadata_crosses_only_where_zones_share_partitions() {
        let metadata = |name, zones| {
            let design = design(name, |settings| {
                settings.zones = zones;
                settings.metadata_crossing = 0.01;
            });
            flows_of(&design).crossing(Cause::Metadata).as_mib_per_sec()
        };
        assert_eq!(metadata("automq-s3-wal", 3), 1.0);
        assert_eq!(metadata("leaderless", 3), 1.0);
        assert_eq!(metadata("leaderless", 1), 0.0);
        // Clients go to the leader, whatever its zone.
        assert_eq!(metadata("automq-ebs-wal", 3), 0.0);
    }

    #[test]
    fn who_is_behind_on_shared_storage_peaks_with_what_is_read() {
        // 5 % of 100 MiB/s, twelve times as much at night.
        let design = design("automq-s3-wal", |_| ());
        moves(&compacted(), &design, Edge::ObjectStoreToBroker, Cause::CatchUp, (5.0, 60.0));
    }

    #[test]
    fn of_a_price_list_only_what_clients_move_is_known() {
        let flows = flows_of(&design("msk-serverless", |_| ()));
        let on = |edge| flows.mean(edge).as_mib_per_sec();
        assert_eq!(on(Edge::ClientToBroker), 100.0);
        assert!((on(Edge::BrokerToClient) - 100.0 * (1.0 + 2.0 / 7.0)).abs() < 1e-9);
        assert_eq!(flows.flows.len(), 3);
        assert_eq!(flows.zone_crossing(), ByteRate::ZERO);
    }

    #[test]
    fn slow_partitions_are_merged_again_and_again() {
        // 8 MiB at 100 MiB/s ÷ 30 partitions are there within one merge; at 1 KiB/s a partition never.
        let design = design("automq-s3-wal", |_| ());
        let passes = |rate: ByteRate| {
            let mut workload = workload();
            workload.streams[0].produce_raw = rate * 30.0;
            merge_passes(&crate::load::load(&workload, &design, MONTH, 1).streams[0], &design)
        };
        assert_eq!(passes(ByteRate::from_mib_per_sec(100.0 / 30.0)), 1.0);
        assert_eq!(passes(ByteRate::new(8.0 * crate::units::MIB / 300.0 / 2.5)), 2.5);
        assert_eq!(passes(ByteRate::new(1024.0)), 24.0);
    }
}
