//! Step 5: one file for each thing on a bill, one function in each: usage for one month.
//!
//! Every function states its formula, units, assumptions and source. None can fail: a [`Tariff`] with a price missing
//! cannot be built.

mod backups;
mod block_storage;
mod brokers;
mod client_paths;
mod connectors;
mod controllers;
mod labour;
mod load_balancers;
mod object_requests;
mod object_storage;
mod observability;
mod private_connectivity;
mod region_crossing;
mod service_fee;
mod support;
mod wal;
mod zone_crossing;

pub use backups::backups;
pub use block_storage::{block_storage, volumes};
pub use brokers::brokers;
pub use client_paths::client_paths;
pub use connectors::{connector_tasks, connectors, tasks_needed};
pub use controllers::controllers;
pub use labour::labour;
pub use load_balancers::load_balancers;
pub use object_requests::{
    RequestClass, RequestRate, Requests, Uploads, domains, object_requests, read_requests,
    requests, uploads, write_requests,
};
pub(crate) use object_requests::{between_requests, pieces};
pub use object_storage::object_storage;
pub use observability::observability;
pub use private_connectivity::private_connectivity;
pub use region_crossing::{link_gaps, link_price, region_crossing};
pub use service_fee::{fee_gap, service_fee, service_gaps};
pub use support::{is_supported, is_supported_usage, support, support_over};
pub use wal::wal;
pub use zone_crossing::zone_crossing;

use crate::bill::{Absent, Bill, Component, Driver, Gap, Usage};
use crate::design::{Architecture, Design};
use crate::flows::Flows;
use crate::lines::Lines;
use crate::load::Load;
use crate::prices::{Machine, PriceList};
use crate::sizing::{Demand, Resource};
use crate::storage::Storage;
use crate::tariff::Tariff;
use crate::units::Hours;

/// What the cost functions look at: everything known before money.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// What is planned.
    pub design: &'a Design,
    /// What clients ask for.
    pub load: &'a Load,
    /// What moves.
    pub flows: &'a Flows,
    /// What is kept.
    pub storage: &'a Storage,
    /// What the cluster asks of its machines.
    pub demand: &'a Demand,
    /// What things cost.
    pub tariff: &'a Tariff<'a>,
    /// Length of the month.
    pub month: Hours,
    /// Share of the month in which the platform is there.
    pub alive: f64,
    /// Requests that were counted through time; `None` counts them at the mean rate.
    pub requests: Option<&'a [RequestRate]>,
}

/// A fleet, as far as costs care.
#[derive(Clone, Copy, Debug)]
pub struct Brokers<'a> {
    /// The machine type.
    pub machine: &'a Machine,
    /// How many, on average over the month.
    pub count: f64,
    /// What asked for them.
    pub bottleneck: Resource,
}

/// Usage that depends on the fleet: what the choice of a machine is ranked by.
pub fn fleet_usage(site: &Site, brokers: &Brokers, usage: &mut Vec<Usage>) {
    usage.push(self::brokers(site, brokers));
    usage.extend(block_storage(site, brokers));
    usage.extend(wal(site, brokers));
    object_requests(site, brokers, usage);
    usage.extend(private_connectivity(site, brokers));
    usage.extend(load_balancers(site, brokers));
    usage.extend(observability(site, brokers));
    usage.extend(labour(site, brokers).into_iter().flatten());
}

/// Usage that is the same on any fleet.
pub fn common_usage(site: &Site) -> Vec<Usage> {
    let mut usage = Vec::new();
    usage.extend(controllers(site));
    usage.extend(object_storage(site));
    usage.extend(zone_crossing(site));
    usage.extend(region_crossing(site));
    usage.extend(client_paths(site));
    usage.extend(service_fee(site));
    usage.extend(connectors(site));
    usage.extend(backups(site));
    usage
}

/// Everything that was used in a month, priced; what a support plan adds to it; what is missing, and what nobody asked for.
pub fn bill(site: &Site, usage: &[Usage], prices: &PriceList) -> Bill {
    let price = |id| site.tariff.price(prices, id);
    let gaps = gaps(site, usage).chain(site.tariff.lines.gaps.iter().cloned()).collect();
    let beside = site.tariff.beside();
    let mut bill = Bill::priced(usage, gaps, beside, price);
    bill.extend(Bill::priced(&support(site, &bill), Vec::new(), beside, price));
    bill.absent = absent(site.design);
    bill
}

/// What is missing from a bill besides prices of the catalogue and of further lines.
fn gaps(site: &Site, usage: &[Usage]) -> impl Iterator<Item = Gap> {
    let hours = usage.iter().filter(|one| one.component == Component::Brokers);
    let hours = hours.map(|one| one.amount).sum::<f64>() + brokers::free(site);
    let units = hours / site.month.as_hours();
    fee_gap(site).into_iter().chain(service_gaps(site, units)).chain(link_gaps(site))
}

/// Whether a bill of so much usage would have no gap.
pub fn is_complete(site: &Site, usage: &[Usage]) -> bool {
    let beside = site.tariff.beside();
    site.tariff.lines.gaps.is_empty()
        && gaps(site, usage).next().is_none()
        && !usage.iter().any(|one| beside.lacks(one))
}

/// The further lines that a platform's bill does not have.
fn absent(design: &Design) -> Vec<Absent> {
    let absent = |component: &Component| {
        let rows = design.preset.line_rows();
        let included = || {
            let switch = Lines::switch(*component)?;
            let row = rows.iter().find(|row| row.key == switch && row.value == "false")?;
            let own = design.lines.overrides.iter().any(|key| key == switch);
            (!own).then_some(row.source)
        };
        (!design.lines.asked(*component))
            .then(|| Absent { component: *component, included: included() })
    };
    Component::OPTIONAL.iter().filter_map(absent).collect()
}

/// What a fleet grows with, by the resource that sized it.
fn driver(bottleneck: Resource, site: &Site) -> Driver {
    let reads = site.load.tail_peak + site.load.replay_peak;
    // What else the network carries for each byte produced: replication and upkeep, or batches, uploads and merges.
    let others = match site.design.architecture() {
        Architecture::SharedStorage => 2.0 + site.design.settings.merge_traffic.0,
        Architecture::ListPrice => 0.0,
        _ => 4.0,
    };
    match bottleneck {
        Resource::DiskCapacity => Driver::Retention,
        Resource::Partitions => Driver::Partitions,
        Resource::Placement | Resource::OneUnit => Driver::Fixed,
        Resource::RatedEgress if site.load.replay_peak > site.load.tail_peak => {
            Driver::HistoricalReads
        }
        Resource::RatedEgress => Driver::TailReads,
        // A network is shared by produce, replication and reads: named after whichever asks for most of it.
        Resource::Network if reads > site.load.produce_peak * others => {
            if site.load.replay_peak > site.load.tail_peak {
                Driver::HistoricalReads
            } else {
                Driver::TailReads
            }
        }
        _ => Driver::Ingest,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::bill::{Cause, LICENCE};
    use crate::flows::tests::{MONTH, design, workload};
    use crate::flows::{Edge, Flow};
    use crate::prices::{Disk, Meter, Price, PriceGroup, PriceId, PriceUnit};
    use crate::sizing::tests::{machine, volume};
    use crate::units::{ByteRate, Bytes, Frequency};
    use crate::workload::{Cleanup, Workload};

    /// What costs are counted from: 100 MiB/s for 730 hours on six brokers, unless it is changed.
    pub(crate) struct Ground {
        pub workload: Workload,
        pub design: Design,
        pub disk: Disk,
        pub alive: f64,
        pub storage: Option<Storage>,
        pub extra: Vec<Flow>,
    }

    const CAPACITY: PriceId = PriceId(1);
    const THROUGHPUT: PriceId = PriceId(2);
    const OPERATIONS: PriceId = PriceId(3);

    pub(crate) fn ground(name: &str) -> Ground {
        let mut design = design(name, |_| ());
        design.settings.disk = "volume".to_owned();
        design.settings.wal_disk = "volume".to_owned();
        let disk = Disk {
            capacity: Some(CAPACITY),
            throughput: Some(THROUGHPUT),
            iops: Some(OPERATIONS),
            throughput_base: Some(ByteRate::from_mib_per_sec(100.0)),
            iops_base: Some(500.0),
            ..volume()
        };
        let (alive, storage, extra) = (1.0, None, Vec::new());
        Ground { workload: workload(), design, disk, alive, storage, extra }
    }

    /// What is done on a ground, with a tariff that may be changed before.
    pub(crate) fn on<T>(
        ground: &Ground,
        change: impl FnOnce(&mut Tariff),
        what: impl FnOnce(&Site, &Brokers) -> T,
    ) -> T {
        let mut list = PriceList::default();
        list.disks.insert("volume".to_owned(), ground.disk.clone());
        let mut tariff = crate::tariff::tariff(&ground.design, &list).expect("the disk is known");
        change(&mut tariff);
        let load = crate::load::load(&ground.workload, &ground.design, MONTH, 1);
        let mut flows = crate::flows::flows(&load, &ground.design);
        flows.flows.extend(ground.extra.iter().copied());
        let storage =
            ground.storage.unwrap_or_else(|| crate::storage::storage(&load, &ground.design));
        let demand = crate::sizing::demand(&load, &flows, &storage, &ground.design);
        let site = Site {
            design: &ground.design,
            load: &load,
            flows: &flows,
            storage: &storage,
            demand: &demand,
            tariff: &tariff,
            month: MONTH.length,
            alive: ground.alive,
            requests: None,
        };
        let machine = machine();
        what(&site, &Brokers { machine: &machine, count: 6.0, bottleneck: Resource::Network })
    }

    /// Bytes of a month at so many MiB/s.
    fn month(mib_per_sec: f64) -> f64 {
        (ByteRate::from_mib_per_sec(mib_per_sec) * MONTH.length).base_bytes()
    }

    #[track_caller]
    fn amounts(usage: impl IntoIterator<Item = Usage>, expected: &[(Cause, Driver, f64)]) {
        let found: Vec<_> =
            usage.into_iter().map(|one| (one.cause, one.grows_with, one.amount)).collect();
        let near = |found: f64, expected: f64| (found - expected).abs() <= 1e-9 * expected.abs();
        let same = found.len() == expected.len()
            && found.iter().zip(expected).all(|(found, expected)| {
                (found.0, found.1) == (expected.0, expected.1) && near(found.2, expected.2)
            });
        assert!(same, "{found:?} is not {expected:?}");
    }

    /// A vendor's fee.
    fn licence() -> Price {
        Price::new(
            "licence",
            PriceUnit::Gib,
            PriceGroup::Fees,
            &[(rust_decimal::Decimal::ZERO, "0.01".parse().expect("a literal in a test"))],
            "a test",
            "2026-01-01",
            "scenario",
        )
    }

    const MIB: f64 = crate::units::MIB;
    const GIB: f64 = crate::units::GIB;

    #[test]
    fn volumes_are_paid_for_what_they_hold_and_move_beyond_their_base() {
        let check = |ground: &Ground, gib: f64, mib_per_sec: f64, operations: f64| {
            let expected = [
                (Cause::Retain, Driver::Retention, gib * GIB),
                (Cause::Perform, Driver::Ingest, mib_per_sec * MIB),
                (Cause::Perform, Driver::Ingest, operations),
            ];
            on(ground, |_| (), |site, brokers| amounts(block_storage(site, brokers), &expected));
        };
        // 705 MiB/s on six half-used volumes are 235 each: 135 beyond their base, and 440 operations.
        let mut kafka = ground("kafka-gp3");
        kafka.storage =
            Some(Storage { provisioned: Bytes::from_gib(5000.0), ..Storage::default() });
        kafka.design.settings.broker_disk_throughput = Some(ByteRate::from_mib_per_sec(400.0));
        check(&kafka, 5000.0, 6.0 * 135.0, 6.0 * 440.0);
        // No more than the machine's path, the volume's limits or those of its operations.
        kafka.design.settings.broker_disk_throughput = Some(ByteRate::from_mib_per_sec(200.0));
        check(&kafka, 5000.0, 6.0 * 100.0, 6.0 * 440.0);
        kafka.disk.throughput_max = Some(ByteRate::from_mib_per_sec(150.0));
        kafka.disk.iops_max = Some(600.0);
        check(&kafka, 5000.0, 6.0 * 50.0, 6.0 * 100.0);
        // As large as is said, as small as is sold, and as large as it has to be for its throughput: 135 ÷ 60 TiB.
        kafka.design.settings.disk_per_broker = Some(Bytes::from_gib(100.0));
        check(&kafka, 600.0, 6.0 * 50.0, 6.0 * 100.0);
        kafka.disk.size_min = Bytes::from_gib(125.0);
        check(&kafka, 750.0, 6.0 * 50.0, 6.0 * 100.0);
        kafka.disk.throughput_per_tib = Some(ByteRate::from_mib_per_sec(60.0));
        check(&kafka, 6.0 * 2304.0, 6.0 * 50.0, 6.0 * 100.0);
        on(
            &ground("automq-ebs-wal"),
            |_| (),
            |site, brokers| {
                assert!(block_storage(site, brokers).is_empty());
            },
        );
    }

    #[test]
    fn a_wal_is_paid_for_on_every_broker() {
        let check = |ground: &Ground, gib: f64, mib_per_sec: f64| {
            let expected = [
                (Cause::Append, Driver::Fixed, 6.0 * gib * GIB),
                (Cause::Append, Driver::Ingest, 6.0 * mib_per_sec * MIB),
            ];
            on(ground, |_| (), |site, brokers| amounts(wal(site, brokers), &expected));
        };
        // 100 MiB/s with one of three zones lost are 25 on each of six brokers.
        let mut automq = ground("automq-ebs-wal");
        automq.design.settings.wal_volume = Bytes::from_gib(10.0);
        check(&automq, 10.0, 0.0);
        automq.disk.throughput_base = Some(ByteRate::from_mib_per_sec(5.0));
        check(&automq, 10.0, 20.0);
        automq.disk.throughput_max = Some(ByteRate::from_mib_per_sec(15.0));
        check(&automq, 10.0, 10.0);
        // Where throughput comes with size: 20 MiB/s beyond the base at 80 a TiB.
        automq.disk.throughput_per_tib = Some(ByteRate::from_mib_per_sec(80.0));
        check(&automq, 256.0, 10.0);
        on(&ground("kafka-gp3"), |_| (), |site, brokers| assert!(wal(site, brokers).is_empty()));
    }

    #[test]
    fn crossings_are_paid_on_both_sides_and_replication_only_so_far_as_it_is_billed() {
        let mut kafka = ground("kafka-gp3");
        kafka.design.settings.replication_billed = 0.25;
        kafka.design.settings.follower_fetching = false;
        let each = |cause, driver, rate| [(cause, driver, month(rate)); 2];
        let steady = [
            each(Cause::Produce, Driver::Ingest, 200.0 / 3.0),
            each(Cause::Replicate, Driver::Ingest, 200.0 * 0.25),
            each(Cause::Consume, Driver::TailReads, 200.0 / 3.0),
            each(Cause::Replay, Driver::HistoricalReads, 400.0 / 21.0),
        ];
        let steady = steady.concat();
        on(&kafka, |_| (), |site, _| amounts(zone_crossing(site), &steady));
        // Replicas that are copied after a loss are replication too.
        let mean = ByteRate::from_mib_per_sec(8.0);
        let (edge, cause) = (Edge::BrokerToBroker, Cause::Rebuild);
        kafka.extra.push(Flow { edge, cause, mean, peak: mean, crossing: 0.5 });
        let rebuilt = [&steady[..], &each(Cause::Rebuild, Driver::Retention, 1.0)].concat();
        on(&kafka, |_| (), |site, _| amounts(zone_crossing(site), &rebuilt));
        let none = on(&ground("msk-serverless"), |_| (), |site, _| zone_crossing(site));
        assert!(none.is_empty());
    }

    #[test]
    fn without_leaders_what_is_staged_is_kept_too() {
        let remote = Storage { remote: Bytes::from_gib(100.0), ..Storage::default() };
        let kept = (Cause::Retain, Driver::Retention, 100.0 * GIB);
        let check = |name: &str, staging, expected: &[(Cause, Driver, f64)]| {
            let mut ground = ground(name);
            ground.storage = Some(remote);
            ground.design.settings.staging = Hours::new(staging);
            on(&ground, |_| (), |site, _| amounts(object_storage(site), expected));
        };
        let staged = |copies| {
            let bytes = ByteRate::from_mib_per_sec(100.0) * Hours::new(6.0);
            (Cause::Append, Driver::Retention, bytes.base_bytes() * copies)
        };
        check("leaderless", 6.0, &[kept, staged(1.0)]);
        check("leaderless-express", 6.0, &[kept, staged(3.0)]);
        check("leaderless", 0.0, &[kept]);
        check("automq-s3-wal", 6.0, &[kept]);
        check("kafka-gp3", 6.0, &[]);
    }

    /// Two streams: one that is compressed to a quarter, read, and kept for a week; one as it is, unread, for a day.
    fn compressed() -> Workload {
        let mut workload = workload();
        let mut plain = workload.streams[0].clone();
        plain.name = "plain".to_owned();
        plain.readers.clear();
        plain.retention = Hours::from_days(1.0);
        workload.streams[0].compression = 4.0;
        workload.streams.push(plain);
        workload
    }

    #[test]
    fn services_are_paid_by_their_meters() {
        let fees = [
            Meter::ManagedIngest,
            Meter::ManagedEgress,
            Meter::ManagedStorage,
            Meter::ManagedPartition,
            Meter::ManagedBase,
            Meter::ManagedRequests,
        ];
        let check = |raw: bool, [ingest, egress, kept]: [f64; 3]| {
            let mut ground = ground("msk-serverless");
            ground.workload = compressed();
            ground.design.settings.fee_on_uncompressed = raw;
            ground.design.settings.fee_piece = Bytes::new(64.0 * 1024.0);
            let (remote, on_brokers) = (Bytes::from_gib(20.0), Bytes::from_gib(2.0));
            ground.storage = Some(Storage { remote, on_brokers, ..Storage::default() });
            let expected = [
                (Cause::Produce, Driver::Ingest, month(ingest)),
                (Cause::Consume, Driver::TailReads, month(egress)),
                (Cause::Retain, Driver::Retention, kept * GIB),
                (Cause::Serve, Driver::Partitions, 60.0 * 730.0),
                (Cause::Serve, Driver::Fixed, 730.0),
                (Cause::Produce, Driver::Ingest, month(125.0) / 65_536.0),
            ];
            let metered = |tariff: &mut Tariff| {
                tariff.fees = fees.iter().map(|fee| (*fee, PriceId(1))).collect();
            };
            on(&ground, metered, |site, _| amounts(service_fee(site), &expected));
        };
        let read = 25.0 * (1.0 + 2.0 / 7.0);
        check(false, [125.0, read, 22.0]);
        // Uncompressed: each amount by what it is made of. Of a week of 25 and a day of 100 the first is four times as much.
        check(true, [200.0, read * 4.0, 22.0 * (175.0 * 4.0 + 100.0) / 275.0]);
    }

    #[test]
    fn silent_and_unread_streams_cost_a_service_nothing() {
        let mut ground = ground("msk-serverless");
        ground.workload = compressed();
        ground.workload.streams[0].produce_raw = ByteRate::ZERO;
        ground.design.settings.fee_on_uncompressed = true;
        let metered = |tariff: &mut Tariff| {
            let fees = [Meter::ManagedIngest, Meter::ManagedEgress];
            tariff.fees = fees.iter().map(|fee| (*fee, PriceId(1))).collect();
        };
        let expected = [
            (Cause::Produce, Driver::Ingest, month(100.0)),
            (Cause::Consume, Driver::TailReads, 0.0),
        ];
        on(&ground, metered, |site, _| amounts(service_fee(site), &expected));
    }

    #[test]
    fn what_is_copied_to_another_region_is_paid_or_missing() {
        let mut ground = ground("kafka-gp3");
        for stream in ["events", "others"] {
            ground.workload.links.push(crate::workload::Leaving {
                stream: stream.to_owned(),
                to: "eu".to_owned(),
                provider: "aws".to_owned(),
                region: "eu-west-1".to_owned(),
            });
        }
        let mut list = PriceList { provider: "aws".to_owned(), ..PriceList::default() };
        // One place is missing once, however many streams go there.
        on(
            &ground,
            |_| (),
            |site, _| {
                let tariff = Tariff { list: &list, ..site.tariff.clone() };
                let site = Site { tariff: &tariff, ..*site };
                assert!(region_crossing(&site).is_empty());
                assert_eq!(link_gaps(&site).len(), 1);
            },
        );
        list.region_out.insert("eu-west-1".to_owned(), PriceId(7));
        on(
            &ground,
            |_| (),
            |site, _| {
                let tariff = Tariff { list: &list, ..site.tariff.clone() };
                let site = Site { tariff: &tariff, ..*site };
                let sent = (Cause::Link, Driver::Ingest, month(100.0));
                amounts(region_crossing(&site), &[sent, (Cause::Link, Driver::Ingest, 0.0)]);
                assert_eq!(link_gaps(&site), []);
            },
        );
    }

    #[test]
    fn load_balancers_are_paid_by_the_hour_and_by_their_largest_dimension() {
        let check = |active: f64, connection: f64, expected: (Driver, f64)| {
            let mut ground = ground("kafka-gp3");
            let settings = &mut ground.design.lines.settings;
            (settings.load_balancers, settings.load_balancer_count) = (true, 2);
            (settings.load_balancer_produce, settings.load_balancer_consume) = (0.5, 0.25);
            settings.load_balancer_clients = 1000;
            settings.load_balancer_unit_data = Bytes::from_gib(1.0);
            settings.load_balancer_unit_active = crate::parameters::Factor(active);
            settings.load_balancer_unit_new = crate::parameters::Factor(10.0);
            settings.load_balancer_connection = Hours::from_secs(connection);
            let priced = |tariff: &mut Tariff| {
                tariff.lines.load_balancer = Some(PriceId(1));
                tariff.lines.load_balancer_unit = Some(PriceId(2));
            };
            let expected = [
                (Cause::Serve, Driver::Fixed, 2.0 * 730.0),
                (Cause::Serve, expected.0, expected.1 * 730.0),
            ];
            on(&ground, priced, |site, brokers| amounts(load_balancers(site, brokers), &expected));
        };
        // Half of 100 and a quarter of 100 + 200/7 MiB/s, in GiB an hour; 6000 connections; each anew every so often.
        let data = (50.0 + 25.0 * (1.0 + 2.0 / 7.0)) * 3600.0 / 1024.0;
        check(3000.0, 3600.0, (Driver::Ingest, data));
        check(10.0, 3600.0, (Driver::Brokers, 600.0));
        check(3000.0, 1.0, (Driver::Brokers, 600.0));
    }

    #[test]
    fn what_is_watched_is_counted_by_broker_replica_and_partition() {
        let mut ground = ground("kafka-gp3");
        ground.alive = 0.5;
        let settings = &mut ground.design.lines.settings;
        settings.observability = true;
        (settings.metrics_per_broker, settings.metrics_included) = (100, 31);
        (settings.metrics_per_replica, settings.metrics_per_partition) = (2, 4);
        settings.logs_per_broker = Bytes::from_mib(10.0);
        settings.logs_per_replica = Bytes::from_mib(1.0);
        let priced = |tariff: &mut Tariff| {
            (tariff.lines.metric, tariff.lines.log) = (Some(PriceId(1)), Some(PriceId(2)));
        };
        // Six brokers on average; for half of the month 30 partitions, three times each; 730 ÷ 24 days.
        let (replicas, days) = (45.0, 730.0 / 24.0);
        let expected = [
            (Cause::Observe, Driver::Brokers, 6.0 * 69.0),
            (Cause::Observe, Driver::Partitions, replicas * 2.0 + 15.0 * 4.0),
            (Cause::Observe, Driver::Brokers, 6.0 * 10.0 * MIB * days),
            (Cause::Observe, Driver::Partitions, replicas * MIB * days),
        ];
        on(&ground, priced, |site, brokers| amounts(observability(site, brokers), &expected));
    }

    #[test]
    fn requests_grow_with_bytes_once_batches_are_full() {
        let check = |name: &str, rate: f64, expected: &[(Cause, Driver)]| {
            let mut ground = ground(name);
            let settings = &mut ground.design.settings;
            settings.flush_domain = crate::parameters::FlushDomain::Broker;
            settings.flush_size = Bytes::from_mib(8.0);
            settings.flush_interval = Hours::from_secs(0.25);
            ground.workload.streams[0].produce_raw = ByteRate::from_mib_per_sec(rate);
            let mut usage = Vec::new();
            on(&ground, |_| (), |site, brokers| object_requests(site, brokers, &mut usage));
            for (cause, driver) in expected {
                let mut found = usage.iter().filter(|one| one.cause == *cause).peekable();
                assert!(found.peek().is_some(), "{name} has no requests to {}", cause.name());
                assert!(
                    found.all(|one| one.grows_with == *driver),
                    "{name} {rate} {}",
                    cause.name()
                );
            }
        };
        let reads = [(Cause::CatchUp, Driver::TailReads), (Cause::Replay, Driver::HistoricalReads)];
        // 32 MiB/s on each of six brokers fill 8 MiB every 250 ms.
        for (rate, driver) in
            [(100.0, Driver::Fixed), (192.0, Driver::Fixed), (193.0, Driver::Ingest)]
        {
            let routed = [(Cause::Route, driver), (Cause::Append, driver)];
            let kept = [(Cause::Upload, Driver::Partitions), (Cause::Merge, Driver::Partitions)];
            check("automq-s3-wal", rate, &[&routed[..], &kept, &reads].concat());
            let batches =
                [Cause::Append, Cause::Consume, Cause::Merge].map(|cause| (cause, driver));
            check("leaderless", rate, &[&batches[..], &reads].concat());
        }
        check("kafka-tiered", 100.0, &[&[(Cause::Upload, Driver::Ingest)][..], &reads].concat());
    }

    #[test]
    fn a_vendor_is_paid_for_what_is_produced() {
        let mut ground = ground("automq-s3-wal");
        ground.design.settings.licence = None;
        let licensed = |tariff: &mut Tariff| tariff.licence = Some(licence());
        let expected = [(Cause::Produce, Driver::Ingest, month(100.0))];
        on(&ground, licensed, |site, _| amounts(service_fee(site), &expected));
        on(&ground, |_| (), |site, _| assert!(fee_gap(site).is_some()));
        ground.design.settings.licence = Some(crate::parameters::PerGib(crate::money::Usd::ZERO));
        on(&ground, |_| (), |site, _| assert_eq!(fee_gap(site), None));
    }

    #[test]
    fn a_record_is_so_many_pieces() {
        let pieces = |records: Option<f64>| {
            let mut ground = ground("event-hubs");
            ground.workload.streams[0].records = records.map(Frequency::new);
            ground.design.settings.fee_piece = Bytes::new(64.0 * 1024.0);
            let metered =
                |tariff: &mut Tariff| tariff.fees = vec![(Meter::ManagedRequests, PriceId(1))];
            on(&ground, metered, |site, _| service_fee(site)[0].amount / (730.0 * 3600.0))
        };
        // 100 MiB/s are 1600 pieces of 64 KiB: in records of 104 KiB two each, in records of just one piece one each.
        for (records, expected) in
            [(None, 1600.0), (Some(1000.0), 2000.0), (Some(1600.0), 1600.0), (Some(5000.0), 5000.0)]
        {
            assert!((pieces(records) - expected).abs() < 1e-6, "{records:?}");
        }
        assert_eq!(pieces(Some(0.0)), 0.0);
    }

    #[test]
    fn a_unit_says_what_it_does_not_include() {
        let gaps = |change: fn(&mut Ground), units| {
            let mut ground = ground("event-hubs");
            ground.design.settings.unit_records_max = crate::parameters::Factor(0.0);
            ground.design.settings.unit_storage = None;
            ground.storage = Some(Storage { remote: Bytes::from_gib(20.0), ..Storage::default() });
            change(&mut ground);
            on(&ground, |_| (), |site, _| service_gaps(site, units).len())
        };
        let counted = |ground: &mut Ground| {
            ground.design.settings.unit_records_max = crate::parameters::Factor(1000.0);
        };
        assert_eq!((gaps(|_| (), 1.0), gaps(counted, 1.0)), (0, 1));
        let told = |ground: &mut Ground| {
            ground.design.settings.unit_records_max = crate::parameters::Factor(1000.0);
            ground.workload.streams[0].records = Some(Frequency::new(1.0));
        };
        assert_eq!(gaps(told, 1.0), 0);
        let silent = |ground: &mut Ground| {
            ground.design.settings.unit_records_max = crate::parameters::Factor(1000.0);
            ground.workload.streams[0].produce_raw = ByteRate::ZERO;
        };
        assert_eq!(gaps(silent, 1.0), 0);
        let included = |ground: &mut Ground| {
            ground.design.settings.unit_storage = Some(Bytes::from_gib(10.0));
        };
        assert_eq!((gaps(included, 2.0), gaps(included, 1.9)), (0, 1));
    }

    #[test]
    fn a_support_plan_is_a_share_of_what_it_supports_and_no_less_than_its_minimum() {
        let check = |minimum: &str, alive, expected: [f64; 2], over: f64| {
            let mut ground = ground("automq-s3-wal");
            ground.alive = alive;
            let settings = &mut ground.design.lines.settings;
            for (key, value) in
                [("support", "true"), ("support_rates", "10 %"), ("support_minimum", minimum)]
            {
                settings.set(key, value).expect("a setting");
            }
            let licensed = |tariff: &mut Tariff| tariff.licence = Some(licence());
            on(&ground, licensed, |site, _| {
                // $1000 of machines; neither the vendor's licence nor people are the provider's.
                let line = |component, sku: &str| {
                    let mut line = crate::ledger::tests::hours(4000);
                    (line.component, line.sku) = (component, sku.to_owned());
                    line
                };
                let mut bill = Bill::default();
                bill.lines.push(line(Component::Brokers, "vm:m"));
                bill.lines.push(line(Component::Labour, "hour"));
                bill.lines.push(line(Component::ServiceFee, "licence"));
                let usage = support(site, &bill);
                let found = [usage[0].amount, usage[1].amount];
                assert_eq!(found, expected, "{minimum} {alive}");
                assert!((support_over(site, 1000.0) - over).abs() < 1e-9);
                assert!((support_over(site, 10_000.0) - 1000.0).abs() < 1e-9);
            });
        };
        check("$29/month", 1.0, [1000.0, 0.0], 100.0);
        check("$300/month", 1.0, [1000.0, 200.0], 300.0);
        // Half of the month, half of the minimum.
        check("$300/month", 0.5, [1000.0, 50.0], 150.0);
        let used = |component, price| Usage {
            component,
            cause: Cause::Serve,
            grows_with: Driver::Fixed,
            price,
            amount: 1.0,
        };
        assert!(is_supported_usage(&used(Component::Brokers, PriceId(1))));
        assert!(!is_supported_usage(&used(Component::Labour, PriceId(1))));
        assert!(!is_supported_usage(&used(Component::ServiceFee, LICENCE)));
        on(
            &ground("kafka-gp3"),
            |_| (),
            |site, _| {
                assert!(support(site, &Bill::default()).is_empty());
                assert_eq!(support_over(site, 1000.0), 0.0);
            },
        );
    }

    #[test]
    fn backups_keep_a_share_of_what_is_kept_or_of_some_days() {
        let check = |retention: Option<f64>, compacted: bool, gib: f64| {
            let mut ground = ground("kafka-gp3");
            ground.alive = 0.5;
            if compacted {
                let live = Bytes::from_gib(60.0);
                ground.workload.streams[0].cleanup = Cleanup::Compact { live };
            }
            let logical = Bytes::from_gib(400.0);
            ground.storage = Some(Storage { logical, ..Storage::default() });
            let settings = &mut ground.design.lines.settings;
            (settings.backup_share, settings.backup_copies) = (0.25, 2);
            settings.backup_retention = retention.map(Hours::from_days);
            let priced = |tariff: &mut Tariff| tariff.lines.backup = Some(PriceId(1));
            let expected = [(Cause::BackUp, Driver::Retention, gib * GIB)];
            on(&ground, priced, |site, _| amounts(backups(site), &expected));
        };
        // Half of the month, a quarter, two copies.
        check(None, false, 400.0 * 0.5 * 0.25 * 2.0);
        check(Some(1.0), false, 100.0 * 86_400.0 / 1024.0 * 0.25 * 2.0);
        // 60 GiB live are 120 with what is dirty.
        check(Some(1.0), true, 120.0 * 0.5 * 0.25 * 2.0);
        on(&ground("kafka-gp3"), |_| (), |site, _| assert_eq!(backups(site), None));
    }

    #[test]
    fn clients_pay_for_their_ways() {
        let mut ground = ground("kafka-gp3");
        ground.alive = 0.5;
        let settings = &mut ground.design.lines.settings;
        settings.client_paths = true;
        (settings.path_peering, settings.path_internet, settings.paths_paid) = (0.5, 0.25, 0.5);
        let priced = |tariff: &mut Tariff| {
            tariff.lines = crate::tariff::LinePrices::default();
            tariff.lines.peering = Some(PriceId(1));
            tariff.lines.internet = Some(PriceId(2));
            tariff.lines.nat_hour = Some(PriceId(3));
        };
        let replay = 200.0 / 7.0;
        let mut expected = vec![
            (Cause::Produce, Driver::Ingest, month(25.0)),
            (Cause::Consume, Driver::TailReads, month(25.0)),
            (Cause::Replay, Driver::HistoricalReads, month(replay / 4.0)),
            (Cause::Consume, Driver::TailReads, month(12.5)),
            (Cause::Replay, Driver::HistoricalReads, month(replay / 8.0)),
            // An hour of translation in each of three zones.
            (Cause::Serve, Driver::Fixed, 3.0 * 365.0 * 0.5),
        ];
        on(&ground, priced, |site, _| amounts(client_paths(site), &expected));
        // What is copied to another region goes no client's way: it is a reader, and paid for by itself.
        ground.workload.links.push(crate::workload::Leaving {
            stream: "events".to_owned(),
            to: "eu".to_owned(),
            provider: "aws".to_owned(),
            region: "eu-west-1".to_owned(),
        });
        (expected[1].2, expected[3].2) = (0.0, 0.0);
        on(&ground, priced, |site, _| amounts(client_paths(site), &expected));
    }

    #[test]
    fn private_endpoints_are_paid_by_the_hour_and_the_byte_on_each_side() {
        let mut ground = ground("kafka-gp3");
        ground.alive = 0.5;
        let settings = &mut ground.design.lines.settings;
        (settings.private_connectivity, settings.private_networks) = (true, 2);
        (settings.private_consumer_side, settings.private_provider_side) = (true, true);
        (settings.private_produce, settings.private_consume) = (0.5, 0.25);
        let traffic = [
            (Cause::Produce, Driver::Ingest, month(50.0)),
            (Cause::Consume, Driver::TailReads, month(25.0)),
            (Cause::Replay, Driver::HistoricalReads, month(50.0 / 7.0)),
        ];
        let priced = |provider: bool| {
            move |tariff: &mut Tariff| {
                tariff.lines = crate::tariff::LinePrices::default();
                tariff.lines.endpoint = Some(PriceId(1));
                tariff.lines.endpoint_data = Some(PriceId(2));
                if provider {
                    tariff.lines.provider_side = Some(PriceId(3));
                    tariff.lines.provider_data = Some(PriceId(4));
                } else {
                    tariff.lines.load_balancer = Some(PriceId(5));
                }
            }
        };
        // Endpoints of two networks in three zones for half of the month.
        let consumer = [&[(Cause::Serve, Driver::Fixed, 6.0 * 365.0)][..], &traffic[..]].concat();
        let hours = [(Cause::Serve, Driver::Fixed, 365.0)];
        let service = [&consumer[..], &hours, &traffic[..]].concat();
        on(&ground, priced(true), |site, brokers| {
            amounts(private_connectivity(site, brokers), &service);
        });
        // Who has no meter for its side needs a load balancer.
        let balanced = [&consumer[..], &hours].concat();
        on(&ground, priced(false), |site, brokers| {
            amounts(private_connectivity(site, brokers), &balanced);
        });
    }

    #[test]
    fn a_fleet_grows_with_what_sized_it() {
        let check = |name: &str, change: fn(&mut Workload), resource, expected| {
            let mut ground = ground(name);
            ground.design.settings.merge_traffic = crate::parameters::Factor(0.5);
            change(&mut ground.workload);
            on(
                &ground,
                |_| (),
                |site, _| {
                    assert_eq!(driver(resource, site), expected, "{name} {resource:?}");
                },
            );
        };
        let usual = |_: &mut Workload| ();
        let unreplayed = |workload: &mut Workload| workload.streams[0].readers.truncate(1);
        fn read(workload: &mut Workload, passes: f64) {
            workload.streams[0].readers.truncate(1);
            workload.streams[0].readers[0].share = passes;
        }
        let four = |workload: &mut Workload| read(workload, 4.0);
        let more = |workload: &mut Workload| read(workload, 4.01);
        let two_and_a_half = |workload: &mut Workload| read(workload, 2.5);
        let three = |workload: &mut Workload| read(workload, 3.0);
        check("kafka-gp3", usual, Resource::DiskCapacity, Driver::Retention);
        check("kafka-gp3", usual, Resource::Partitions, Driver::Partitions);
        check("kafka-gp3", usual, Resource::Placement, Driver::Fixed);
        check("event-hubs", usual, Resource::OneUnit, Driver::Fixed);
        check("kafka-gp3", usual, Resource::Cpu, Driver::Ingest);
        // A replay at 400 MiB/s is more than what is followed.
        check("msk-express", usual, Resource::RatedEgress, Driver::HistoricalReads);
        check("msk-express", unreplayed, Resource::RatedEgress, Driver::TailReads);
        check("kafka-gp3", usual, Resource::Network, Driver::HistoricalReads);
        check("kafka-gp3", four, Resource::Network, Driver::Ingest);
        check("kafka-gp3", more, Resource::Network, Driver::TailReads);
        check("automq-s3-wal", two_and_a_half, Resource::Network, Driver::Ingest);
        check("automq-s3-wal", three, Resource::Network, Driver::TailReads);
        check("event-hubs", unreplayed, Resource::Network, Driver::TailReads);
    }
}
