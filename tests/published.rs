//! Figures that others printed, as ordinary scenarios: source, tolerance, and where the source is wrong, what it did.
//!
//! Exact where the source is exact, 1 % where it rounds. `case` figures are quoted from the page at the URL.

use model::bill::{Cause, Component};
use model::money::Usd;
use model::plan::Plan;

use crate::{near, planned};

/// A scenario with one stream and one platform.
struct Case<'a> {
    month: &'a str,
    prices: &'a str,
    stream: &'a str,
    readers: usize,
    platform: &'a str,
}

const BASE: Case = Case { month: "730 h", prices: "", stream: "", readers: 3, platform: "" };

impl Case<'_> {
    fn text(&self) -> String {
        let readers: String = (0..self.readers)
            .map(|index| format!("[[stream.reader]]\ngroup = \"group-{index}\"\n"))
            .collect();
        format!(
            "schema = 1\ntitle = \"a published case\"\n[horizon]\nmonth = \"{}\"\n[prices]\nprovider = \"aws\"\n\
             region = \"us-east-1\"\n{}\n[[stream]]\nname = \"events\"\n{}\n{readers}[[platform]]\nname = \"it\"\n{}\n",
            self.month, self.prices, self.stream, self.platform
        )
    }

    #[track_caller]
    fn plan(&self) -> Plan {
        planned(&self.text(), "it")
    }
}

fn price(sku: &str, price: &str) -> String {
    format!(
        "[[prices.override]]\nsku = \"{sku}\"\nprice = \"{price}\"\nsource = \"the case\"\nas_of = 2026-11-21\n"
    )
}

#[track_caller]
fn cents(found: Usd, expected: &str) {
    assert_eq!(found.to_string(), expected);
}

/// <https://buf.build/docs/bufstream/cost>, Kafka side: $34,732 zone crossing, $42,025 st1, $8,039 compute.
///
/// It uses 0.67 for 2/3 (ours is exact, 0.5 % less) and buys 57 whole volumes of 16 TiB (ours buys the 907,200 GiB that
/// the data needs at half full, 2.9 % less). It mixes months: network is 720 h, compute 730 h.
#[test]
fn bufstream_aws_1gib_kafka() {
    let prices = price("ec2:r5.xlarge", "$0.1932/h");
    let case = Case {
        month: "720 h",
        prices: &prices,
        stream: "produce = \"1 GiB/s\"\ncompression = 4.0\nretention = \"7 d\"\npartitions = 288",
        readers: 1,
        platform: "preset = \"kafka-st1\"\nbroker = \"r5.xlarge\"\ndisk_utilization = \"50 %\"\nopen_segments = false\ncontrollers = 0",
    };
    let plan = case.plan();
    assert_eq!(plan.fleet.brokers, 57, "decided by the largest volume, in every zone alike");
    assert_eq!(plan.fleet.bottleneck, model::sizing::Resource::DiskCapacity);
    cents(plan.bill.of_component(Component::ZoneCrossing), "$34,560.00");
    near(34_560.0, 34_732.0, 0.01);
    cents(plan.bill.of_component(Component::BlockStorage), "$40,824.00");
    near(57.0 * 16_384.0 * 0.045, 42_025.0, 1e-5);

    let plan = Case { month: "730 h", ..case }.plan();
    near(plan.bill.of_component(Component::Brokers).as_f64(), 8_039.0, 1e-4);
}

/// AWS's msk_sizing.py, documented example: 54 × kafka.m7g.xlarge, $30,195.55.
/// <https://github.com/aws/agent-toolkit-for-aws/blob/main/skills/specialized-skills/analytics-skills/managing-amazon-msk/references/size-and-choose-cluster.md>
///
/// The script does not check CPU, prices the tier at S3's $0.023 and bills it for what brokers no longer hold.
#[test]
fn aws_msk_script_doc_m7g() {
    let prices = script_tier();
    // One hour in 24 at five times the mean.
    let plan = Case {
        prices: &prices,
        stream: "produce = \"100 MiB/s\"\nretention = \"720 h\"\npartitions = 333\nshape = [115, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19, 19]",
        readers: 2,
        platform: "preset = \"msk-tiered\"\nbroker = \"kafka.m7g.xlarge\"\nlocal_retention = \"24 h\"\ntier_overlap = false\nopen_segments = false\ncpu_rule = \"off\"\ndisk_utilization = \"50 %\"",
        ..BASE
    }
    .plan();
    assert_eq!(plan.fleet.brokers, 54);
    near(plan.storage.provisioned.as_gib(), 50_625.0, 1e-12);
    near(plan.storage.remote.as_gib(), 244_687.5, 1e-12);
    cents(plan.bill.of_component(Component::Brokers), "$16,083.36");
    cents(plan.bill.of_component(Component::BlockStorage), "$5,062.50");
    cents(plan.bill.of_component(Component::ObjectStorage), "$5,627.81");
    cents(plan.bill.of_component(Component::ZoneCrossing), "$3,421.88");
    cents(plan.monthly_cost(), "$30,195.55");
}

const SCRIPT_STREAM: &str = "produce = \"100 MiB/s\"\nretention = \"168 h\"\npartitions = 333";

fn script_tier() -> String {
    price("msk_standard:tiered_storage", "$0.023/GiB-month")
        + &price("msk_standard:tiered_storage_retrieval", "$0/GiB")
}

/// AWS's msk_sizing.py on 100 MiB/s, three readers, 7 d: 24 × kafka.m7g.large, $42,433.46.
/// <https://github.com/aws/agent-toolkit-for-aws/blob/main/skills/specialized-skills/analytics-skills/managing-amazon-msk/scripts/msk_sizing.py>
#[test]
fn aws_msk_script_100mib_7d_standard() {
    let plan = Case {
        stream: SCRIPT_STREAM,
        platform: "preset = \"msk-standard\"\nopen_segments = false\ncpu_rule = \"off\"\ndisk_utilization = \"50 %\"",
        ..BASE
    }
    .plan();
    assert_eq!((plan.fleet.brokers, plan.machine.as_str()), (24, "kafka.m7g.large"));
    cents(plan.bill.of_component(Component::Brokers), "$3,574.08");
    cents(plan.bill.of_component(Component::BlockStorage), "$35,437.50");
    cents(plan.bill.of_component(Component::ZoneCrossing), "$3,421.88");
    // 3,574.08 + 35,437.50 + 3,421.875; the script prints the half cent up.
    near(plan.monthly_cost().as_f64(), 42_433.46, 2e-7);
}

/// The same with 24 h on brokers and the rest tiered: 21 × kafka.m7g.large, $12,776.07; $23,041.69 without rack-aware
/// consumers. With our CPU check it would be 24 brokers: 42.5 vCPU do not fit on 21 machines of two.
#[test]
fn aws_msk_script_100mib_7d_tiered() {
    let prices = script_tier();
    let platform = "preset = \"msk-tiered\"\nlocal_retention = \"24 h\"\ntier_overlap = false\nopen_segments = false\ncpu_rule = \"off\"\ndisk_utilization = \"50 %\"";
    let case = Case { prices: &prices, stream: SCRIPT_STREAM, platform, ..BASE };
    let plan = case.plan();
    assert_eq!((plan.fleet.brokers, plan.machine.as_str()), (21, "kafka.m7g.large"));
    cents(plan.bill.of_component(Component::Brokers), "$3,127.32");
    cents(plan.bill.of_component(Component::BlockStorage), "$5,062.50");
    cents(plan.bill.of_component(Component::ObjectStorage), "$1,164.38");
    near(plan.monthly_cost().as_f64(), 12_776.07, 4e-7);

    let unaware = format!("{platform}\nfollower_fetching = false");
    let plan = Case { platform: &unaware, ..case }.plan();
    near(plan.monthly_cost().as_f64(), 23_041.69, 4e-7);

    let checked = platform.replace("cpu_rule = \"off\"", "broker = \"kafka.m7g.large\"");
    assert_eq!(Case { platform: &checked, ..case }.plan().fleet.brokers, 24);
}

/// The same on Express: 9 × express.m7g.large, $14,575.09; $24,840.72 without rack-aware consumers.
#[test]
fn aws_msk_script_100mib_7d_express() {
    let platform = "preset = \"msk-express\"\nopen_segments = false\nrated_egress = 2.5\nrated_egress_utilization = \"100 %\"";
    let case = Case { stream: SCRIPT_STREAM, platform, ..BASE };
    let plan = case.plan();
    assert_eq!((plan.fleet.brokers, plan.machine.as_str()), (9, "express.m7g.large"));
    cents(plan.bill.of_component(Component::Brokers), "$2,680.56");
    cents(plan.bill.of_component(Component::BlockStorage), "$5,906.25");
    cents(plan.bill.of_component(Component::ServiceFee), "$2,566.41");
    near(plan.monthly_cost().as_f64(), 14_575.09, 4e-7);

    let unaware = format!("{platform}\nfollower_fetching = false");
    near(Case { platform: &unaware, ..case }.plan().monthly_cost().as_f64(), 24_840.72, 4e-7);
}

/// <https://threadreaderapp.com/thread/1834968571299930527>: 30 MB/s costs $241 a day, $7,500 in a month of 31 days,
/// $88,300 a year for zone crossing alone. Decimal megabytes, no fetching from followers.
#[test]
fn kozlovski_30mb_network() {
    let prices = decimal_zone_prices();
    let plan = Case {
        month: "744 h",
        prices: &prices,
        stream: "produce = \"30 MB/s\"\nretention = \"1 d\"",
        platform: "preset = \"kafka-gp3\"\nfollower_fetching = false",
        ..BASE
    }
    .plan();
    near(plan.flows.zone_crossing().as_mb_per_sec(), 140.0, 1e-12);
    cents(plan.bill.of_component(Component::ZoneCrossing), "$7,499.52");
    let year = plan.bill.of_component(Component::ZoneCrossing).as_f64() / 31.0 * 365.0;
    near(year, 88_300.8, 1e-9);
}

fn decimal_zone_prices() -> String {
    price("data_transfer:inter_az:out", "$0.01/GB")
        + &price("data_transfer:inter_az:in", "$0.01/GB")
}

/// <https://www.linkedin.com/feed/update/urn:li:activity:7302698997264052224/>: 10 PUT/s cost as much as replicating
/// 1.28 MiB/s to two other zones.
#[test]
fn kozlovski_put_breakeven() {
    let plan = Case {
        stream: "produce = \"1.28 MiB/s\"\nretention = \"1 d\"",
        platform: "preset = \"kafka-gp3\"",
        ..BASE
    }
    .plan();
    let put = crate::catalog()
        .price_list(
            &crate::parse(
                &Case {
                    stream: "produce = \"1 MiB/s\"\nretention = \"1 d\"",
                    platform: "preset = \"kafka-gp3\"",
                    ..BASE
                }
                .text(),
            )
            .prices,
        )
        .expect("us-east-1 is in the catalogue");
    let put = put.price(put.meter(model::prices::Meter::ObjectPut).expect("S3 has a price"));
    let ten_a_second = put.approximate_cost(10.0 * 2_628_000.0);
    near(plan.bill.of_cause(Cause::Replicate).as_f64(), ten_a_second, 1e-9);
    near(ten_a_second, 131.4, 1e-12);
}

/// <https://www.confluent.io/blog/understanding-and-optimizing-your-kafka-costs-part-1-infrastructure/>, as quoted by
/// krivaltsevich.com: $24,200 network and $14,500 storage for 100 MB/s (decimal, full disks, month of 720 h). Compute
/// ($2,300) cannot be derived.
#[test]
fn confluent_100mbps_teardown() {
    let prices = decimal_zone_prices() + &price("ebs:gp3:storage", "$0.08/GB-month");
    let plan = Case {
        month: "720 h",
        prices: &prices,
        stream: "produce = \"100 MB/s\"\nretention = \"7 d\"",
        platform: "preset = \"kafka-gp3\"\nfollower_fetching = false\ndisk_utilization = \"100 %\"\nopen_segments = false",
        ..BASE
    }
    .plan();
    cents(plan.bill.of_component(Component::ZoneCrossing), "$24,192.00");
    cents(plan.bill.of_cause(Cause::Retain), "$14,515.20");
    near(24_192.0, 24_200.0, 0.01);
    near(14_515.2, 14_500.0, 0.01);
}

const KRIVALTSEVICH: Case = Case {
    month: "720 h",
    stream: "produce = \"100 MiB/s\"\nretention = \"3 d\"",
    platform: "preset = \"kafka-gp3\"\nfollower_fetching = false\ndisk_utilization = \"100 %\"\nopen_segments = false",
    ..BASE
};

/// <https://krivaltsevich.com/kafka-internals/op10-cost.html>: $6,100 disk, $10,100 replication, $3,400 produce, $10,200
/// consume, with 0.67 for 2/3; compute ($2,300) is taken from elsewhere, so it stays out here.
#[test]
fn krivaltsevich_100mib_baseline() {
    let plan = KRIVALTSEVICH.plan();
    cents(plan.bill.of_cause(Cause::Retain), "$6,075.00");
    cents(plan.bill.of_cause(Cause::Replicate), "$10,125.00");
    cents(plan.bill.of_cause(Cause::Produce), "$3,375.00");
    cents(plan.bill.of_cause(Cause::Consume), "$10,125.00");
    cents(disk_and_network(&plan), "$29,700.00");
    near(29_700.0 + 2_300.0, 32_100.0, 0.01);
}

/// The same page's levers: compression 3:1 gives $12,200 with compute, fetching from followers then $8,800.
#[test]
fn krivaltsevich_100mib_levers() {
    let stream = format!("{}\ncompression = 3.0", KRIVALTSEVICH.stream);
    let compressed = Case { stream: &stream, ..KRIVALTSEVICH };
    cents(disk_and_network(&compressed.plan()), "$9,900.00");
    let platform = KRIVALTSEVICH.platform.replace("follower_fetching = false", "");
    cents(disk_and_network(&Case { platform: &platform, ..compressed }.plan()), "$6,525.00");
    near(6_525.0 + 2_300.0, 8_800.0, 0.01);
}

fn disk_and_network(plan: &Plan) -> Usd {
    plan.bill.of_cause(Cause::Retain) + plan.bill.of_component(Component::ZoneCrossing)
}

/// <https://www.warpstream.com/blog/cloud-disks-are-expensive>: a GiB on three half-full gp3 volumes costs $0.48 a month,
/// 128 GiB $737 a year.
#[test]
fn warpstream_cloud_disks_unit() {
    let plan = Case {
        stream: "produce = \"1 GiB/s\"\nretention = \"128 s\"",
        platform: "preset = \"kafka-gp3\"\ndisk_utilization = \"50 %\"\nopen_segments = false",
        ..BASE
    }
    .plan();
    near(plan.storage.logical.as_gib(), 128.0, 1e-12);
    near(plan.bill.of_cause(Cause::Retain).as_f64() * 12.0, 737.28, 1e-12);
}

/// <https://getkafkanated.substack.com/p/how-to-size-your-kafka-tiered-storage-cluster>: a GiB on st1 with 40 % free costs
/// $0.075 in one copy and $0.225 in three.
#[test]
fn getkafkanated_tiered_unit() {
    for (copies, expected) in [(1, 0.075), (3, 0.225)] {
        let platform = format!(
            "preset = \"kafka-st1\"\nreplication_factor = {copies}\ndisk_utilization = \"60 %\"\nopen_segments = false"
        );
        let plan = Case {
            stream: "produce = \"100 MiB/s\"\nretention = \"7 d\"",
            platform: &platform,
            ..BASE
        }
        .plan();
        let gib = plan.storage.logical.as_gib();
        near(plan.bill.of_cause(Cause::Retain).as_f64() / gib, expected, 1e-12);
    }
}

/// <https://www.automq.com/docs/automq/benchmarks/automq-vs-apache-kafka-benchmarks-and-cost>: 6 × m7g.4xlarge at 1 GiB/s,
/// compute $2,859 (730 h), storage $5,961 (3 d at one price), S3 requests $3,952, zone crossing $128.
///
/// Requests follow from batching: ours are 1.3 % above. Zone crossing is metadata only, 1.3 % above in 720 h.
#[test]
fn automq_aws_1gib_automq() {
    let prices = price("s3:standard:storage", "$0.023/GiB-month");
    let case = Case {
        prices: &prices,
        stream: "produce = \"1 GiB/s\"\nretention = \"3 d\"\npartitions = 256",
        readers: 1,
        platform: "preset = \"automq-s3-wal\"\nbroker = \"m7g.4xlarge\"\nbrokers = 6\ncatch_up_share = 0.0",
        ..BASE
    };
    let plan = case.plan();
    cents(plan.bill.of_component(Component::Brokers), "$2,859.26");
    cents(plan.bill.of_component(Component::ObjectStorage), "$5,961.60");
    let plan = Case { month: "720 h", ..case }.plan();
    near(plan.bill.of_component(Component::ObjectRequests).as_f64(), 3_952.0, 0.015);
    near(plan.bill.of_component(Component::ZoneCrossing).as_f64(), 128.0, 0.015);
}

/// <https://github.com/AutoMQ/kafka-provider-comparison/blob/main/cost-explanation/kafka.md>: 500 MB/s for a day at RF 3
/// is 126,562.5 GB, 8,437.5 for each of 15 brokers. Its "MB" are MiB; the 25,313 GB a node elsewhere in its list is
/// three times too large.
#[test]
fn automq_kpc_500mb_kafka() {
    let plan = Case {
        stream: "produce = \"500 MiB/s\"\nretention = \"24 h\"",
        readers: 1,
        platform: "preset = \"kafka-gp3\"\nbrokers = 15\nbroker = \"r6i.large\"\nopen_segments = false",
        ..BASE
    }
    .plan();
    near(plan.storage.on_brokers.as_gib(), 126_562.5, 1e-12);
    near(plan.recovery.rebuild.as_gib(), 8_437.5, 1e-12);
    assert!(plan.fleet.short, "fifteen r6i.large are fewer than the headroom policy asks for");
}
