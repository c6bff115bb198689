//! What the equations give against what others measured or print, and laws of the equations that no other test holds.

use model::bill::{Cause, Component};
use model::costs::RequestClass::{Get, Put};
use model::design::{Architecture, Design};
use model::plan::Plan;
use model::presets::{PRESETS, Preset};
use model::prices::Measure;
use model::sizing::Resource;

use super::{BASE, Case, file, per_sec};
use crate::{catalog, near, parse, planned};

/// <https://www.warpstream.com/blog/minimizing-s3-api-costs-with-distributed-mmap>: 140 MiB/s with three readers costs
/// $641 a day between zones, with fetching from followers; agents on object storage less than $40 in requests.
#[test]
fn warpstream_inter_zone() {
    let stream = "produce = \"140 MiB/s\"\nretention = \"1 d\"\npartitions = 300";
    let day = |platform: &str, component| {
        let plan = Case { stream, platform, ..BASE }.plan();
        plan.bill.of_component(component).as_f64() * 24.0 / 730.0
    };
    let between_zones = day("preset = \"kafka-gp3\"", Component::ZoneCrossing);
    near(between_zones, 630.0, 1e-9);
    near(between_zones, 641.0, 0.018);
    let requests = day("preset = \"leaderless\"\nlicence = \"$0/GiB\"", Component::ObjectRequests);
    assert!(requests < 40.0, "{requests}");
}

/// AutoMQ's bill for requests at 1 GiB/s, $3,952: the mechanics give 243.5 writes a second, and reads between whole
/// merges and single parts. The engine counts parts, and no compaction of what needs none.
#[test]
fn automq_requests_at_1_gib() {
    let text = file("automq-aws-1gib-automq").replace("\"730 h\"", "\"720 h\"");
    let plan = planned(&text, "automq-s3-wal");
    near(per_sec(&plan, None, Put).per_sec(), 243.5, 1e-3);
    let reads = per_sec(&plan, None, Get).per_sec();
    assert!((603.5..=907.5).contains(&reads), "{reads}");
    let bill = plan.bill.of_component(Component::ObjectRequests).as_f64();
    let off = bill / 3_952.0 - 1.0;
    assert!((-0.043..=0.037).contains(&off), "{bill}");
    near(bill, 3_952.0, 0.015);
    // Its metadata, $128 a month, is 0.247 % of what is produced; the default is fitted to it.
    let produced = plan.load.produce * plan.month.length;
    let published = 128.0 / (produced.as_gib() * 0.02);
    near(plan.flows.crossing(Cause::Metadata) / plan.load.produce, published, 0.015);
}

/// Aiven's run at 1 GiB/s: its coordinator's zone crossing is $7,803 a year, a batch is read twice, and a produce takes
/// about 250 ms.
#[test]
fn aiven_run() {
    let plan = planned(&file("aiven-diskless-1gib"), "diskless");
    let year = plan.bill.of_component(Component::ZoneCrossing).as_f64() * 12.0;
    near(year, 7_699.0, 1e-4);
    near(year, 7_803.0, 0.014);
    let (writes, reads) = (per_sec(&plan, None, Put), per_sec(&plan, None, Get));
    near(reads.per_sec() / writes.per_sec(), 2.0, 1e-12);
    let year = |plan: &Plan, component| plan.bill.of_component(component).as_f64() * 12.0;
    near(year(&plan, Component::Brokers), 37_742.3, 1e-6);
    near(year(&plan, Component::Controllers), 10_932.5, 1e-5);
    near(plan.bill.of_cause(Cause::Append).as_f64() * 12.0, 47_304.0, 1e-4);
    near(plan.bill.of_cause(Cause::Consume).as_f64() * 12.0, 7_568.6, 1e-4);

    // Half an interval, a write and a commit, as long as a batch is no more than a MiB.
    let p50 = |rate: &str| {
        let stream = format!("produce = \"{rate}\"\nretention = \"1 d\"\npartitions = 96");
        let platform = "preset = \"diskless\"\nbroker = \"m8g.4xlarge\"\nbrokers = 9";
        let plan = Case { stream: &stream, platform, ..BASE }.plan();
        plan.latency.expect("known").p50.as_millis()
    };
    near(p50("36 MiB/s"), 235.0, 1e-9);
    near(p50("36 MiB/s"), 250.0, 0.061);
    // At its own rate batches are full before the interval ends, and take longer to write.
    near(p50("1 GiB/s"), 250.0, 0.12);
}

/// AWS says that 154 MB/s are safe on a kafka.m7g.16xlarge: its path to disks, 1,000 MiB/s, is asked for 6.5 times what
/// is produced.
#[test]
fn safe_ingress_of_the_largest_broker() {
    let plan = Case {
        stream: "produce = \"100 MiB/s\"\nretention = \"1 d\"",
        platform: "preset = \"msk-standard\"\nbroker = \"kafka.m7g.16xlarge\"\nutilization = \"100 %\"\ncpu_rule = \"off\"",
        readers: 1,
        ..BASE
    }
    .plan();
    let asked = plan.fleet.requirements.iter();
    let path = asked.clone().find(|one| one.resource == Resource::DiskPath).expect("a disk path");
    near(100.0 / path.brokers(), 153.8, 1e-3);
    near(100.0 / path.brokers(), 154.0, 2e-3);
    assert!(
        asked
            .filter(|one| one.resource != Resource::DiskCapacity)
            .all(|one| { one.resource == Resource::Placement || one.brokers() <= path.brokers() })
    );
}

/// Two rules for CPU, 42.5 and 47.2 vCPU for 100 MiB/s with three readers: 11 % apart.
#[test]
fn two_rules_for_cpu() {
    let plan = Case {
        stream: "produce = \"100 MiB/s\"\nretention = \"1 d\"",
        platform: "preset = \"kafka-gp3\"",
        ..BASE
    }
    .plan();
    near(plan.cpu.google_mean, 42.5, 1e-9);
    near(plan.cpu.netflix, 47.2, 1e-3);
    near(plan.cpu.netflix / plan.cpu.google_mean - 1.0, 0.11, 0.01);
}

/// Client and replication traffic cross zones no more often than each byte moves.
#[test]
fn no_byte_crosses_more_often_than_it_moves() {
    for (zones, copies, readers) in
        [(3, 3, 0), (3, 3, 4), (3, 2, 3), (2, 3, 1), (3, 5, 2), (1, 3, 3)]
    {
        for follower_fetching in [true, false] {
            let platform = format!(
                "preset = \"kafka-gp3\"\nzones = {zones}\nreplication_factor = {copies}\nfollower_fetching = {follower_fetching}"
            );
            let stream = "produce = \"50 MiB/s\"\nretention = \"1 d\"";
            let plan = Case { stream, platform: &platform, readers, ..BASE }.plan();
            let produce = plan.load.produce;
            let blind = f64::from(zones - 1) / f64::from(zones);
            let most = produce * (f64::from(copies - 1) + blind) + plan.load.tail;
            let crossing = plan.flows.zone_crossing();
            assert!(
                crossing.as_mib_per_sec() <= most.as_mib_per_sec() * (1.0 + 1e-12),
                "{platform}"
            );
            assert_eq!(zones == 1, crossing.as_mib_per_sec() == 0.0, "{platform}");
        }
    }
}

/// What is kept is paid for once: capacity on the bill is what storage says, on volumes and in object storage.
#[test]
fn every_stored_copy_is_on_one_line() {
    let scenario = parse(
        &Case {
            stream: "produce = \"20 MiB/s\"\nretention = \"5 d\"\npartitions = 60",
            platform: "preset = \"kafka-gp3\"",
            ..BASE
        }
        .text(),
    );
    let prices = catalog().price_list(&scenario.prices).expect("us-east-1");
    let mut planned = 0;
    // Services known by their price list say nothing of copies, and some bill what is kept as a fee besides.
    let stores = |preset: &&Preset| preset.architecture != Architecture::ListPrice;
    let no_fee = |preset: &&Preset| preset.fees.iter().all(|fee| fee.measure() != Measure::Kept);
    for preset in PRESETS.iter().filter(stores).filter(no_fee) {
        let month = scenario.horizon.month(0);
        let Ok(plan) = model::plan(&Design::of(preset), &scenario.workload, month, &prices) else {
            // Prices arrive with the vendors' catalogue.
            continue;
        };
        let kept = plan.bill.lines.iter().filter(|line| {
            line.cause == Cause::Retain
                && matches!(line.component, Component::BlockStorage | Component::ObjectStorage)
        });
        let bytes: f64 = kept
            .map(|line| {
                let quantity: f64 = line.quantity.to_string().parse().expect("a number");
                quantity * line.unit.size()
            })
            .sum();
        // Local disks come with the machine.
        let local = plan.design.settings.disk == "local-nvme";
        let volumes = if local { 0.0 } else { plan.storage.provisioned.base_bytes() };
        let stored = volumes + plan.storage.remote.base_bytes();
        near(bytes + 1.0, stored + 1.0, 1e-6);
        planned += 1;
    }
    assert!(planned >= 10, "{planned}");
}

/// The longer brokers keep everything, the more a tiered platform's disks are those of one without a tier.
#[test]
fn local_retention_leads_back_to_replicas() {
    let of = |platform: &str| {
        let stream = "produce = \"20 MiB/s\"\nretention = \"5 d\"\npartitions = 60";
        Case { stream, platform, ..BASE }.plan().storage
    };
    let replicas = of("preset = \"kafka-gp3\"");
    let tiered =
        |local: &str| of(&format!("preset = \"kafka-tiered\"\nlocal_retention = \"{local}\""));
    near(tiered("119.999 h").on_brokers.as_gib(), replicas.on_brokers.as_gib(), 1e-4);
    near(tiered("5 d").on_brokers.as_gib(), replicas.on_brokers.as_gib(), 1e-12);
    let hours = ["1 h", "12 h", "48 h", "96 h", "5 d"].map(|hours| tiered(hours).on_brokers);
    assert!(hours.windows(2).all(|pair| pair[0] < pair[1]), "{hours:?}");
}
