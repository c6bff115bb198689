//! Services that are known by their price lists, and brokers without leaders: what they count, by hand.

use model::bill::{Cause, Component};
use model::design::Design;
use model::events::EventKind;
use model::horizon::{Asked, through};
use model::plan::{Plan, plan};
use model::prices::Meter;
use model::scenario::{MonthLength, Scenario};
use model::units::Hours;

use crate::{home, near, parse};

const BASE: &str = "schema = 1\ntitle = \"services\"\n[horizon]\nmonths = 1\nmonth = \"730 h\"\n[prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n";
const PLATFORM: &str = "[[platform]]\npreset = \"kafka-gp3\"\n";

fn scenario(streams: &str) -> Scenario {
    parse(&format!("{BASE}{streams}{PLATFORM}"))
}

fn design(name: &str) -> Design {
    Design::of(model::presets::preset(name).expect("a preset"))
}

/// A steady month where the preset is at home.
#[track_caller]
fn steady(scenario: &Scenario, name: &str) -> Plan {
    let design = design(name);
    let month = scenario.horizon.month(0);
    let found = plan(&design, &scenario.workload, month, home(design.preset));
    found.unwrap_or_else(|rejection| panic!("{name}: {:?}", rejection.reasons))
}

#[track_caller]
fn run(scenario: &Scenario, name: &str) -> Plan {
    let design = design(name);
    let found = through(&design, scenario, home(design.preset), Asked::default());
    found.unwrap_or_else(|rejection| panic!("{name}: {:?}", rejection.reasons))
}

fn quantity(plan: &Plan, sku: &str) -> f64 {
    let lines = plan.bill.lines.iter().filter(|line| line.sku.ends_with(sku));
    lines.map(|line| line.quantity.to_string().parse::<f64>().expect("a decimal")).sum()
}

const TWENTY: &str = "[[stream]]\nname = \"s\"\nproduce = \"20 MiB/s\"\ncompression = 1.0\nshape = \"flat\"\nretention = \"1 d\"\n[[stream.reader]]\ngroup = \"tail\"\n";

/// Leaders stay, so producers cross zones; nothing else does, but metadata.
#[test]
fn producers_go_to_the_leader_where_there_is_one() {
    let scenario = scenario(TWENTY);
    let crossing = |name| steady(&scenario, name).flows.crossing(Cause::Produce).as_mib_per_sec();
    near(crossing("redpanda-cloud-topics"), 20.0 * 2.0 / 3.0, 1e-12);
    near(crossing("leaderless"), 0.0, 1e-12);
}

/// What is kept is weighed by how long: 10 MiB/s as it is for 180 d, 100 MiB/s compressed tenfold for a day.
#[test]
fn uncompressed_storage_is_counted_stream_by_stream() {
    let scenario = scenario(
        "[[stream]]\nname = \"long\"\nproduce = \"10 MiB/s\"\ncompression = 1.0\nshape = \"flat\"\nretention = \"180 d\"\n\
         [[stream]]\nname = \"short\"\nproduce = \"100 MiB/s\"\ncompression = 10.0\nshape = \"flat\"\nretention = \"1 d\"\n",
    );
    let plan = steady(&scenario, "warpstream");
    let kept = (10.0 * 180.0 + 100.0) * 86_400.0 / 1024.0;
    near(quantity(&plan, "uncompressed_stored"), kept, 1e-9);
    near(quantity(&plan, "uncompressed_written"), 110.0 * 2_628_000.0 / 1024.0, 1e-9);
}

/// A third of what is read counts: W written, 2·W read for the other zones.
#[test]
fn a_file_system_meters_reads_at_a_third() {
    let plan = steady(&scenario(TWENTY), "automq-nfs-wal");
    let mb = 20.0 * 1.048_576;
    near(quantity(&plan, "provisioned_throughput"), mb * (1.0 + 2.0 * 0.333), 1e-6);
}

/// 1,000 records a second in, 4,096 out; 1 MB and 2 MB; what has no size cannot be counted.
#[test]
fn event_hubs_counts_records() {
    let units = |stream: &str| steady(&scenario(stream), "event-hubs").fleet.brokers;
    let stream = |rate: &str, readers: usize| {
        let readers: String = (0..readers)
            .map(|index| format!("[[stream.reader]]\ngroup = \"g{index}\"\n"))
            .collect();
        format!(
            "[[stream]]\nname = \"s\"\n{rate}\nshape = \"flat\"\ncompression = 4.0\nretention = \"1 d\"\n{readers}"
        )
    };
    assert_eq!(units(&stream("records = \"5_000 /s\"\nrecord = \"100 B\"", 1)), 5);
    assert_eq!(units(&stream("records = \"1_000 /s\"\nrecord = \"100 B\"", 5)), 2);
    // 4 MB/s before compression, whatever clients would like to compress.
    assert_eq!(units(&stream("records = \"1_000 /s\"\nrecord = \"4 kB\"", 1)), 4);
    let unknown = steady(&scenario(&stream("produce = \"1 MiB/s\"", 1)), "event-hubs");
    assert!(!unknown.is_complete(), "records are not said");

    // 100 kB are two pieces of 64 KiB.
    let large =
        steady(&scenario(&stream("records = \"10 /s\"\nrecord = \"100 kB\"", 1)), "event-hubs");
    near(quantity(&large, "ingress_event"), 2.0 * 10.0 * 2_628_000.0, 1e-9);
    // 84 GB come with a unit.
    let long = stream("records = \"1_000 /s\"\nrecord = \"1 kB\"", 1).replace("1 d", "7 d");
    assert!(!steady(&scenario(&long), "event-hubs").is_complete(), "605 GB are not included");
}

/// Units are added for as long as a replay runs, and paid for by the hour.
#[test]
fn a_replay_asks_for_units_while_it_runs() {
    let scenario = scenario(
        "[[stream]]\nname = \"s\"\nproduce = \"5 MiB/s\"\ncompression = 1.0\nshape = \"flat\"\nretention = \"7 d\"\n\
         [[stream.reader]]\ngroup = \"again\"\nkind = \"replay\"\nwindow = \"7 d\"\nevery = \"7 d\"\nwithin = \"4 h\"\n",
    );
    let plan = run(&scenario, "confluent-standard");
    // 210 MiB/s for 4 h of each 168 h take three units of 75 MB/s, one otherwise.
    let replaying = 4.0 / 168.0;
    near(quantity(&plan, ":ecku"), 730.0 * (1.0 - replaying + 3.0 * replaying), 1e-6);
    // What brokers and zones do inside is not known, so nothing is told of it.
    let mut lost = scenario.clone();
    let mut event = crate::agreement::event(EventKind::BrokerLoss, 100.0, |_| ());
    event.name = "lost".to_owned();
    lost.events = vec![event];
    let plan = run(&lost, "confluent-standard");
    let simulation = plan.simulation.as_ref().expect("a run");
    assert!(simulation.outcomes.is_empty(), "{:?}", simulation.outcomes);
}

/// Confluent's first unit of Basic costs nothing, at every hour and in months of every length; those beside it do.
#[test]
fn the_first_unit_is_free_at_every_hour() {
    let text = |hours: f64| {
        format!(
            "[[stream]]\nname = \"s\"\nproduce = \"2 MiB/s\"\ncompression = 1.0\nshape = \"flat\"\nretention = \"7 d\"\n\
             partitions = 6\n[[stream.reader]]\ngroup = \"again\"\nkind = \"replay\"\nwindow = \"{hours} h\"\nevery = \"7 d\"\n\
             within = \"4 h\"\n"
        )
    };
    // 84 MiB/s for 4 h of each 168 h take six units of 15 MB/s, of which five are paid for; four hours again take one.
    for (window, paid) in [(168.0, 5.0), (4.0, 0.0)] {
        let mut scenario = scenario(&text(window));
        for month in [MonthLength::Fixed(Hours::new(730.0)), MonthLength::Calendar] {
            scenario.horizon.month = month;
            let plan = run(&scenario, "confluent-basic");
            let hours = plan.months[0].month.length.as_hours();
            near(quantity(&plan, ":ecku"), hours * paid * 4.0 / 168.0, 1e-6);
        }
    }
}

/// The order of batches is kept for every batch: those that are full come more often than the interval.
#[test]
fn a_coordinator_has_a_row_for_every_batch() {
    let text = TWENTY
        .replace("20 MiB/s", "1 GiB/s")
        .replace("[[stream.reader]]", "partitions = 600\n[[stream.reader]]");
    let scenario = scenario(&text);
    let mut design = design("diskless");
    design.settings.brokers = Some(3);
    let month = scenario.horizon.month(0);
    let found = plan(&design, &scenario.workload, month, home(design.preset)).expect("a plan");
    let rows = found.coordinator.expect("a coordinator");
    // 341.3 MiB/s in batches of 8 MiB, in each of three zones.
    near(rows.fastest.per_sec(), 3.0 * 1024.0 / 3.0 / 8.0, 1e-9);
    assert!(
        found.warnings.iter().any(|warning| warning.contains("they pile up")),
        "{:?}",
        found.warnings
    );
}

/// A stream that has to be compacted is a reason, and a place is the way out.
#[test]
fn diskless_topics_are_not_compacted() {
    let scenario = scenario(
        "[[stream]]\nname = \"latest\"\nproduce = \"1 MiB/s\"\ncleanup = \"compact\"\nlive = \"10 GiB\"\nretention = \"1 d\"\n",
    );
    let design = design("diskless");
    let month = scenario.horizon.month(0);
    let rejection =
        plan(&design, &scenario.workload, month, home(design.preset)).expect_err("a reason");
    assert_eq!(
        rejection.reasons[0].to_string(),
        "`latest` is compacted, and it does not compact logs"
    );
    assert!(rejection.reasons[0].hint().contains("[[platform.place]]"));
}

/// A range is charged at its upper end, and its lower end stands beside it.
#[test]
fn a_range_stays_a_range() {
    let plan = steady(&scenario(TWENTY), "confluent-enterprise");
    assert!(plan.bill.is_range());
    let price =
        home(plan.design.preset).service_meter(Meter::ManagedIngest, "confluent-enterprise");
    let price = home(plan.design.preset).price(price.expect("a price"));
    let tier = &price.tiers[0];
    assert_eq!(
        (tier.usd.to_string(), tier.low.map(|low| low.to_string())),
        ("$0.05".to_owned(), Some("$0.02".to_owned()))
    );
    let units = f64::from(plan.fleet.brokers);
    let gib = 20.0 * 2_628_000.0 / 1024.0;
    // Billed after replication.
    let kept = 20.0 * 86_400.0 / 1024.0 * 3.0 * 0.08;
    near(plan.monthly_cost().as_f64(), 730.0 * units * 2.25 + 2.0 * gib * 0.05 + kept, 1e-9);
    near(plan.monthly_cost_low().as_f64(), 730.0 * units * 1.75 + 2.0 * gib * 0.02 + kept, 1e-9);
}

/// A price that nobody publishes is a gap with its unit, and a quote of the scenario fills it.
#[test]
fn a_gap_is_filled_by_a_quote() {
    let scenario = scenario(TWENTY);
    let plan = steady(&scenario, "redpanda-serverless");
    let gap = plan.bill.gaps.iter().find(|gap| gap.component == Component::ServiceFee);
    let hint = &gap.expect("storage has no public price").hint;
    assert!(hint.contains("`price = \"$…/GiB-month\"`"), "{hint}");
    let quoted = format!(
        "{BASE}[[prices.override]]\nsku = \"redpanda_serverless:storage\"\nprice = \"$0.09/GiB-month\"\nsource = \"a quote\"\nas_of = 2026-11-01\n{TWENTY}{PLATFORM}"
    );
    let quoted = parse(&quoted);
    let prices = crate::catalog().price_list(&quoted.prices).expect("a price list");
    let month = quoted.horizon.month(0);
    let design = design("redpanda-serverless");
    let filled = model::plan::plan(&design, &quoted.workload, month, &prices).expect("a plan");
    assert!(filled.is_complete(), "{:?}", filled.bill.gaps);
}

/// Brokers become larger before there are more of them: 1 GiB/s asks for 405 vCPU, in 27 brokers of 15 and not in 219 of 2.
#[test]
fn a_service_grows_its_brokers_first() {
    let text = TWENTY.replace("20 MiB/s", "1 GiB/s");
    let plan = steady(&scenario(&text), "gcp-managed-kafka");
    assert_eq!((plan.fleet.brokers, plan.machine.as_str()), (27, "15-vcpu"));
    assert_eq!(plan.recovery.time, None, "the service does not say how it repairs its storage");
}

/// A platform that becomes another one stands in its own row, before and after.
#[test]
fn a_platform_that_changes_its_preset_is_compared_with_itself() {
    let text = format!("{BASE}{TWENTY}{PLATFORM}[[platform]]\npreset = \"diskless\"\n");
    let (code, out, err) = crate::examples::highwater(
        &["whatif", "-", "--set", "platform.diskless.preset=bufstream"],
        &text,
    );
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("diskless → bufstream"), "{out}");
    assert!(!out.contains("can be planned now"), "{out}");
}

/// 16 objects of 64 MiB a second, each of four parts, a start and an end, however many batches they come from.
#[test]
fn merges_aim_at_a_size() {
    let text = TWENTY.replace("20 MiB/s", "1 GiB/s");
    let plan = steady(&scenario(&text), "redpanda-cloud-topics");
    let merges = plan
        .requests
        .iter()
        .filter(|rate| rate.cause == Cause::Merge && rate.class == model::costs::RequestClass::Put);
    near(merges.map(|rate| rate.per_sec.per_sec()).sum(), 16.0 * 6.0, 1e-6);
}
