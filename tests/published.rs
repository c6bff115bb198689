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

/// The same case, run for a month, every breakpoint kept.
fn through_time(case: &Case) -> Plan {
    let scenario = crate::parse(&case.text());
    let prices =
        crate::catalog().price_list(&scenario.prices).expect("the region is in the catalogue");
    let asked = model::horizon::Asked { samples: true };
    model::horizon::through(&scenario.platforms[0], &scenario, &prices, asked)
        .unwrap_or_else(|rejection| panic!("{:?}", rejection.reasons))
}

fn simulation(plan: &Plan) -> &model::simulate::Simulation {
    plan.simulation.as_ref().expect("a plan through the horizon is simulated")
}

/// The same comparison, Kafka, run through time: what brokers hold at any moment is what its list says, 126,562.5 GB.
#[test]
fn automq_kpc_500mb_kafka_through_time() {
    let plan = through_time(&Case {
        stream: "produce = \"500 MiB/s\"\nretention = \"24 h\"",
        readers: 1,
        platform: "preset = \"kafka-gp3\"\nbrokers = 15\nbroker = \"r6i.2xlarge\"\nopen_segments = false",
        ..BASE
    });
    for sample in &simulation(&plan).samples {
        near(sample.local / model::units::GIB, 126_562.5, 1e-9);
    }
    assert!(simulation(&plan).incidents.is_empty(), "{:?}", simulation(&plan).incidents);
}

/// <https://github.com/AutoMQ/kafka-provider-comparison/blob/main/cost-explanation/msk.md>: fifteen kafka.m5.large
/// carried 500 MB/s with 758 ms end to end (P99), so it takes fifteen kafka.m5.xlarge. The run says why: at 500 MB/s and
/// RF 3 the disk path of m5.large is asked for more than its baseline, that of m5.xlarge for two thirds.
#[test]
fn automq_kpc_500mb_msk() {
    let run = |broker: &str| {
        let platform = format!(
            "preset = \"msk-standard\"\nbrokers = 15\nbroker = \"{broker}\"\nopen_segments = false"
        );
        through_time(&Case {
            stream: "produce = \"500 MB/s\"\nretention = \"24 h\"",
            readers: 1,
            platform: &platform,
            ..BASE
        })
    };
    let (large, xlarge) = (run("kafka.m5.large"), run("kafka.m5.xlarge"));
    let busy = |plan: &Plan| simulation(plan).peaks.disk;
    // 500 MB/s × 3 ÷ 15, and the twentieth of reads that is behind the cache, of 81 and 144 MiB/s.
    let written = 500e6 / model::units::MIB * 3.05 / 15.0;
    near(busy(&large), written / 81.0, 1e-6);
    near(busy(&xlarge), written / 144.0, 1e-6);
    let waits = |plan: &Plan| {
        let incidents = &simulation(plan).incidents;
        incidents.iter().any(|one| one.matter == model::simulate::Matter::Saturated)
    };
    assert!(waits(&large) && !waits(&xlarge));
    // 8,437.5 GB for each broker, in MiB/s.
    let gib = simulation(&xlarge).samples[0].local / model::units::GIB / 15.0;
    near(gib, 8_437.5 * 500e6 / (500.0 * model::units::MIB), 1e-9);
}

/// <https://github.com/AutoMQ/kafka-provider-comparison/blob/main/cost-explanation/automq.md>: 42,187.5 GB in S3. Its
/// calls disagree with themselves by a factor of ten: 147.3 PUT/s in the text, 103.6 and 98 from its own measurements,
/// 15.6 from its README's 31.25 for each GB. Mechanics C3 gives 15 for uploads of 500 MB by 12 brokers.
#[test]
fn automq_kpc_500mb_automq() {
    let run = |brokers: u32| {
        let platform = format!(
            "preset = \"automq-ebs-wal\"\nlicence = \"$0/GiB\"\nbrokers = {brokers}\nbroker = \"r6i.large\""
        );
        through_time(&Case {
            month: "720 h",
            stream: "produce = \"500 MiB/s\"\nretention = \"24 h\"\npartitions = 96",
            readers: 1,
            platform: &platform,
            ..BASE
        })
    };
    // Its own rule asks for 13: 2.5 × 500 MB/s at 100 MB/s a broker. Twelve are too few for their network's baseline.
    let fails = |plan: &Plan| {
        use model::simulate::Matter::{Lost, NeverCaughtUp, Saturated};
        let incidents = &simulation(plan).incidents;
        incidents.iter().any(|one| [Lost, NeverCaughtUp, Saturated].contains(&one.matter))
    };
    let (twelve, fifteen) = (run(12), run(15));
    let busy = |plan: &Plan| simulation(plan).peaks.busiest;
    assert!(fails(&twelve) && !fails(&fifteen), "{} {}", busy(&twelve), busy(&fifteen));
    for sample in &simulation(&fifteen).samples {
        near(sample.remote / model::units::GIB, 42_187.5, 1e-9);
    }
    let requests = simulation(&fifteen).months[0].requests.iter();
    let puts = requests.filter(|one| one.class == model::costs::RequestClass::Put);
    let puts: f64 = puts.map(|one| one.per_sec.per_sec()).sum();
    let readme = 31.25 * 500.0 / 1000.0;
    assert!(puts > readme * 0.5 && puts < 103.6, "{puts} PUT/s");
}

/// A wave of 1.7 × its mean: a fleet sized for the peak stands idle at night, one that follows the day does not, and a
/// fleet that holds replicas cannot (`fleet = "follow"` is refused).
#[test]
fn a_fleet_that_follows_the_day_is_paid_for_by_the_hour() {
    let run = |fleet: &str| {
        let platform =
            format!("preset = \"automq-s3-wal\"\nbroker = \"m7g.xlarge\"\nfleet = \"{fleet}\"");
        through_time(&Case {
            month: "672 h",
            stream: "produce = \"600 MiB/s\"\nretention = \"24 h\"\npartitions = 300\nshape = \"global-diurnal\"",
            platform: &platform,
            ..BASE
        })
    };
    let (peak, day) = (run("monthly"), run("follow"));
    let hourly: Vec<f64> = simulation(&day).samples.iter().map(|one| one.paid).collect();
    let least = hourly.iter().copied().fold(f64::MAX, f64::min);
    let most = hourly.iter().copied().fold(0.0, f64::max);
    assert_eq!(most, f64::from(peak.fleet.brokers));
    assert!(least < 0.6 * most, "{least} {most}");
    // Broker-hours are the integral of what is paid for, and brokers are not rounded up to the peak's.
    let samples = simulation(&day).samples.iter();
    let integral: f64 = samples.map(|one| one.paid * (one.to - one.from)).sum();
    let hours = |plan: &Plan| -> f64 {
        simulation(plan).months.iter().map(|month| month.broker_hours).sum()
    };
    near(hours(&day), integral, 1e-9);
    near(hours(&peak), most * 672.0 * 12.0, 1e-9);
    let share = day.bill.of_component(Component::Brokers).as_f64()
        / peak.bill.of_component(Component::Brokers).as_f64();
    near(share, integral / (most * 672.0 * 12.0), 1e-6);
    // The mean over the peak is 1/1.7 = 0.59; whole zones of brokers and the start-up cost a little.
    assert!(share > 0.58 && share < 0.70, "{share}");
    // New brokers serve five minutes later, within the quarter that is kept free.
    let late = simulation(&day).samples.iter().any(|one| one.serving < one.paid);
    assert!(late && simulation(&day).peaks.busiest <= 1.0, "{}", simulation(&day).peaks.busiest);
    assert!(simulation(&day).incidents.is_empty(), "{:?}", simulation(&day).incidents);
    // Fewer brokers also write fewer batches.
    let requests = |plan: &Plan| plan.bill.of_component(Component::ObjectRequests).as_f64();
    assert!(requests(&day) < requests(&peak));
}

/// Batched writes are counted over the curve: two hours a night do not write batches all day.
#[test]
fn requests_are_counted_over_the_curve() {
    let case = |shape: &str| {
        let stream = format!(
            "produce = \"20 MiB/s\"\nretention = \"24 h\"\npartitions = 96\nshape = \"{shape}\""
        );
        let text = Case {
            month: "672 h",
            stream: &stream,
            platform: "preset = \"automq-s3-wal\"\nbroker = \"m7g.4xlarge\"\nbrokers = 3",
            ..BASE
        }
        .text();
        let steady = planned(&text, "it").bill.of_cause(Cause::Route).as_f64();
        let scenario = crate::parse(&text);
        let prices = crate::catalog().price_list(&scenario.prices).expect("a region");
        let asked = model::horizon::Asked::default();
        let run = model::horizon::through(&scenario.platforms[0], &scenario, &prices, asked);
        let run = run.expect("a plan");
        (steady, run.a_month(run.bill.of_cause(Cause::Route)).as_f64())
    };
    let (flat, nightly) = (case("flat"), case("nightly-batch"));
    near(flat.1, flat.0, 1e-9);
    near(nightly.0, flat.0, 1e-9);
    // 240 MiB/s for two hours are 80 MiB/s a broker, which is 10 batches a second by size and not 4 by the clock.
    near(nightly.1, flat.0 * (2.0 / 24.0) * 2.5, 0.01);
}
