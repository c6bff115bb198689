//! Figures that others printed: source, tolerance, and where the source is wrong, what it did.
//!
//! Most are scenarios of `examples/published`, which readers compare by themselves; here they are held to the cent.

mod cases;
mod honesty;
mod mechanics;
mod netflix;
mod slips;

use model::bill::{Cause, Component};
use model::costs::RequestClass;
use model::money::Usd;
use model::plan::Plan;
use model::units::Frequency;

use crate::{near, planned};

/// The scenario of a published case.
fn file(id: &str) -> String {
    crate::example(&format!("published/{id}.toml"))
}

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

fn decimal_zone_prices() -> String {
    price("data_transfer:inter_az:out", "$0.01/GB")
        + &price("data_transfer:inter_az:in", "$0.01/GB")
}

fn usd(text: &str) -> Usd {
    text.parse().expect("a literal in a test")
}

/// Requests of one class, of one cause or of all.
fn per_sec(plan: &Plan, cause: Option<Cause>, class: RequestClass) -> Frequency {
    let rates = plan.requests.iter().filter(|rate| rate.class == class);
    rates
        .filter(|rate| cause.is_none_or(|cause| rate.cause == cause))
        .map(|rate| rate.per_sec)
        .sum()
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
