//! The further lines of a bill: worked by hand, true on every platform, the same through time as in closed form, and never
//! zero for want of a price.

use model::Plan;
use model::bill::{Bill, Component, Driver};
use model::comparison::View;
use model::design::Design;
use model::events::EventKind;
use model::horizon::{Asked, through};
use model::money::Usd;
use model::plan::plan;
use model::presets::PRESETS;
use model::prices::{PriceGroup, PriceList};
use model::scenario::Scenario;
use model::workload::Growth;
use proptest::prelude::*;

use crate::examples::highwater;
use crate::{catalog, near, parse, planned};

/// 10 MiB/s as stored, four times as much before compression, one tail reader, 30 partitions, a week, all at one price.
const BASE: &str = r#"
schema = 1
title = "lines"
[horizon]
months = 1
[prices]
provider = "aws"
region = "us-east-1"
[[stream]]
name = "events"
produce = "40 MiB/s"
compression = 4.0
partitions = 30
retention = "7 d"
[[stream.reader]]
group = "tail"
"#;

/// Quotes that make arithmetic easy.
const QUOTES: &str = r#"
[[prices.override]]
sku = "connector-worker"
price = "$0.11/h"
source = "a test"
as_of = 2026-11-01
[[prices.override]]
sku = "metric-series"
price = "$0.01/month"
source = "a test"
as_of = 2026-11-01
[[prices.override]]
sku = "log-ingest"
price = "$0.5/GB"
source = "a test"
as_of = 2026-11-01
[[prices.override]]
sku = "backup"
price = "$0.05/GiB-month"
source = "a test"
as_of = 2026-11-01
"#;

/// Every line with a price for all of it.
const ALL: &str = r#"
[lines]
private_connectivity = true
load_balancers = true
client_paths = true
path_peering = "5 %"
path_nat = "10 %"
path_cross_region = "5 %"
path_internet = "5 %"
nat_price = "$0.045/GiB"
nat_hourly = "$0.045/h"
cross_region_price = "$0.02/GiB"
observability = true
backups = true
support = true
support_rates = "10 % to $1000, 7 % to $5000, 3 %"
support_minimum = "$100/month"
labour = true
labour_rate = "$90/h"
[[connector]]
name = "lake"
stream = "events"
direction = "sink"
task_rate = "5 MiB/s"
[[connector]]
name = "index"
stream = "events"
direction = "sink"
share = "30 %"
runs_on = "service"
[[connector]]
name = "cdc"
stream = "events"
direction = "source"
share = "10 %"
tasks = 7
runs_on = "service"
"#;

fn with(lines: &str) -> String {
    format!("{BASE}{QUOTES}{lines}[[platform]]\npreset = \"kafka-gp3\"\n")
}

/// A month of `kafka-gp3` on six brokers.
#[track_caller]
fn kafka(lines: &str) -> Plan {
    planned(&format!("{}broker = \"m7g.xlarge\"\nbrokers = 6\n", with(lines)), "kafka-gp3")
}

/// The quantities of a line, in the order of the bill: by SKU and driver.
#[track_caller]
fn quantities(plan: &Plan, component: Component, expected: &[(&str, Driver, f64)]) {
    let lines = plan.bill.lines.iter().filter(|line| line.component == component);
    let found: Vec<(&str, Driver, f64)> = lines
        .filter(|line| !line.quantity.is_zero())
        .map(|line| {
            let quantity = line.quantity.to_string().parse().expect("a decimal");
            (line.sku.as_str(), line.grows_with, quantity)
        })
        .collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!((found.0, found.1), (expected.0, expected.1), "{found:?}");
        near(found.2, expected.2, 1e-9);
    }
}

#[track_caller]
fn cost(plan: &Plan, component: Component, expected: &str) {
    assert_eq!(plan.bill.of_component(component).to_string(), expected, "{}", component.name());
}

fn prices(scenario: &Scenario) -> PriceList {
    catalog().price_list(&scenario.prices).expect("the region is in the catalogue")
}

/// 40 MiB/s before compression at 5 MiB/s a task are 8 tasks, 4 cores, 2 machines of 2 vCPU: fewer than one a zone.
/// At 1 MiB/s they are 40 tasks, 20 cores, 10 machines.
#[test]
fn connectors_on_machines_share_their_workers() {
    let sink = |more: &str| {
        format!(
            "[[connector]]\nname = \"lake\"\nstream = \"events\"\ndirection = \"sink\"\n{more}\n"
        )
    };
    let hour = "ec2:m7g.large";
    let of = |more: &str, workers: f64, driver| {
        let plan = kafka(&sink(more));
        quantities(&plan, Component::Connectors, &[(hour, driver, workers * 730.0)]);
        // A sink reads its stream to the end: a second tail reader.
        near(plan.load.tail.as_mib_per_sec(), 20.0, 1e-9);
    };
    of("task_rate = \"5 MiB/s\"", 3.0, Driver::Fixed);
    of("task_rate = \"1 MiB/s\"", 10.0, Driver::Ingest);
    // As many tasks as are asked for: 50 of them are 25 cores, 13 machines; 12 are 6 cores, and fall behind.
    of("task_rate = \"1 MiB/s\"\ntasks = 50", 13.0, Driver::Ingest);
    of("task_rate = \"1 MiB/s\"\ntasks = 12", 3.0, Driver::Fixed);
    cost(&kafka(&sink("task_rate = \"1 MiB/s\"")), Component::Connectors, "$595.68");

    // Half of the stream is half of the tasks, and half of the fetches.
    let half = kafka(&sink("task_rate = \"1 MiB/s\"\nshare = \"50 %\""));
    quantities(&half, Component::Connectors, &[(hour, Driver::Ingest, 5.0 * 730.0)]);
    near(half.load.tail.as_mib_per_sec(), 15.0, 1e-9);
    // What reads already does not read again.
    let known = kafka(&sink("task_rate = \"1 MiB/s\"\ngroup = \"tail\""));
    near(known.load.tail.as_mib_per_sec(), 10.0, 1e-9);
    // More tasks than partitions read nothing, and a number beyond all experience is worth a second look.
    let warned = |lines: &str, expected: &str| {
        let warnings = kafka(lines).warnings;
        assert!(warnings.iter().any(|warning| warning.contains(expected)), "{warnings:?}");
    };
    warned(&sink("tasks = 50"), "`lake` runs 50 tasks, but `events` has 30 partitions");
    let few = "`lake` runs 1 task, but its highest hour asks for 40";
    warned(&sink("task_rate = \"1 MiB/s\"\ntasks = 1"), few);
    warned("[lines]\nlabour_hours_per_broker = 100\n", "`labour_hours_per_broker` is 100, outside");
    // A source's records are the stream's own.
    let source = sink("task_rate = \"1 MiB/s\"").replace("\"sink\"", "\"source\"");
    near(kafka(&source).load.tail.as_mib_per_sec(), 10.0, 1e-9);
    quantities(&kafka(&source), Component::Connectors, &[(hour, Driver::Ingest, 7300.0)]);
}

/// On a service each connector has workers of its own: 40 tasks are 20 units, 8 tasks are 4.
#[test]
fn connectors_on_a_service_do_not_share() {
    let sink = |name: &str, rate: &str| {
        format!(
            "[[connector]]\nname = \"{name}\"\nstream = \"events\"\ndirection = \"source\"\ntask_rate = \"{rate}\"\nruns_on = \"service\"\n"
        )
    };
    let plan = kafka(&(sink("lake", "1 MiB/s") + &sink("index", "5 MiB/s")));
    let unit = "connector-worker";
    let expected = [(unit, Driver::Ingest, 20.0 * 730.0), (unit, Driver::Ingest, 4.0 * 730.0)];
    quantities(&plan, Component::Connectors, &expected);
    // 24 × 730 h × $0.11.
    cost(&plan, Component::Connectors, "$1,927.20");
}

/// 10 MiB/s in and 10 out for 730 h are 25,664.0625 GiB each way.
const MONTHLY: f64 = 25_664.062_5;

#[test]
fn private_connectivity_is_paid_on_both_sides() {
    let text =
        "[lines]\nprivate_connectivity = true\nprivate_networks = 2\nprivate_produce = \"0 %\"\n";
    let plan = kafka(text);
    // Two networks in three zones; what is consumed; a load balancer with 10 MiB/s × 3600 s ÷ 1 GB of units.
    let units = 10.0 * 1_048_576.0 * 3_600.0 / 1e9;
    quantities(
        &plan,
        Component::PrivateConnectivity,
        &[
            ("privatelink:interface_endpoint", Driver::Fixed, 6.0 * 730.0),
            ("privatelink:data_processed", Driver::TailReads, MONTHLY),
            ("elb:nlb:hours", Driver::Fixed, 730.0),
            ("elb:nlb:lcu", Driver::Ingest, units * 730.0),
        ],
    );
    // 43.80 + 256.640625 + 16.425 + 37.748736 × 730 × 0.006.
    cost(&plan, Component::PrivateConnectivity, "$482.21");

    // A service with a fee of its own needs no load balancer.
    let service = format!("{BASE}{QUOTES}{text}[[platform]]\npreset = \"msk-standard\"\n");
    quantities(
        &planned(&service, "msk-standard"),
        Component::PrivateConnectivity,
        &[
            ("privatelink:interface_endpoint", Driver::Fixed, 6.0 * 730.0),
            ("privatelink:data_processed", Driver::TailReads, MONTHLY),
            ("msk_provisioned:private_connectivity_hours", Driver::Fixed, 730.0),
            ("msk_provisioned:private_connectivity_data", Driver::TailReads, MONTHLY),
        ],
    );
    // Whoever pays one side only.
    let consumer = kafka(&format!("{text}private_provider_side = false\n"));
    cost(&consumer, Component::PrivateConnectivity, "$300.44");
    let provider = kafka(&format!("{text}private_consumer_side = false\n"));
    cost(&provider, Component::PrivateConnectivity, "$181.76");
}

/// The largest of three dimensions is billed: data, connections at the same time, new connections.
#[test]
fn a_capacity_unit_is_the_largest_of_three() {
    let units = |more: &str, expected: f64, driver| {
        let plan = kafka(&format!("[lines]\nload_balancers = true\n{more}"));
        let hours = ("elb:nlb:hours", Driver::Fixed, 730.0);
        let unit = ("elb:nlb:lcu", driver, expected * 730.0);
        quantities(&plan, Component::LoadBalancers, &[hours, unit]);
    };
    let data = 20.0 * 1_048_576.0 * 3_600.0 / 1e9;
    units("", data, Driver::Ingest);
    units("load_balancer_consume = \"0 %\"\n", data / 2.0, Driver::Ingest);
    // 100,000 clients × 6 brokers: 6 units at the same time, 1.25 anew each 10 min; without data nothing else counts.
    let quiet = "load_balancer_produce = \"0 %\"\nload_balancer_consume = \"0 %\"\nload_balancer_clients = 100_000\n";
    units(quiet, 6.0, Driver::Brokers);
    units(&format!("{quiet}load_balancer_connection = \"1 min\"\n"), 12.5, Driver::Brokers);
    let three = kafka("[lines]\nload_balancers = true\nload_balancer_count = 3\n");
    // 3 × 730 × 0.0225 + 75.497472 × 730 × 0.006.
    cost(&three, Component::LoadBalancers, "$379.95");
}

#[test]
fn paths_are_paid_by_what_they_charge() {
    let plan = kafka(
        "[lines]\nclient_paths = true\npath_nat = \"10 %\"\nnat_price = \"$0.045/GiB\"\nnat_hourly = \"$0.045/h\"\n\
         path_internet = \"20 %\"\npath_peering = \"30 %\"\npeering_price = \"$0.01/GiB\"\n\
         path_cross_region = \"40 %\"\ncross_region_price = \"$0.02/GiB\"\n",
    );
    quantities(
        &plan,
        Component::ClientPaths,
        &[
            ("peering:data", Driver::Ingest, 0.3 * MONTHLY),
            ("peering:data", Driver::TailReads, 0.3 * MONTHLY),
            ("nat:data", Driver::Ingest, 0.1 * MONTHLY),
            ("nat:data", Driver::TailReads, 0.1 * MONTHLY),
            ("cross-region:data", Driver::Ingest, 0.4 * MONTHLY),
            ("cross-region:data", Driver::TailReads, 0.4 * MONTHLY),
            // What comes in from the internet is free.
            ("data_transfer:internet_egress", Driver::TailReads, 0.2 * MONTHLY),
            ("nat:hours", Driver::Fixed, 3.0 * 730.0),
        ],
    );
    // 153.984375 + 230.9765625 + 410.625 + 461.953125 + 98.55.
    cost(&plan, Component::ClientPaths, "$1,356.09");
    let half = "[lines]\nclient_paths = true\npath_internet = \"20 %\"\npaths_paid = \"50 %\"\n";
    // 2,566.40625 GiB at $0.09.
    cost(&kafka(half), Component::ClientPaths, "$230.98");
}

/// 6 brokers, 30 partitions in 3 replicas, 730 h ÷ 24 days.
#[test]
fn series_and_logs_are_counted() {
    let plan = kafka("[lines]\nobservability = true\n");
    let days = 730.0 / 24.0;
    quantities(
        &plan,
        Component::Observability,
        &[
            ("metric-series", Driver::Brokers, 6_000.0),
            ("metric-series", Driver::Partitions, 90.0 * 10.0 + 30.0 * 4.0),
            ("log-ingest", Driver::Brokers, 6.0 * days * 1.073_741_824),
            ("log-ingest", Driver::Partitions, 90.0 * days * 102_400e-9),
        ],
    );
    // 60 + 10.20 + 97.978941 + 0.14016: logs are GiB, and priced by the GB.
    cost(&plan, Component::Observability, "$168.32");

    // Shared storage has one copy; a service stores some series itself.
    let text = |preset: &str| {
        format!(
            "{BASE}{QUOTES}[lines]\nobservability = true\n[[platform]]\npreset = \"{preset}\"\n"
        )
    };
    let series = |preset: &str| {
        let plan = planned(&text(preset), preset);
        let of = |driver| {
            let line = plan
                .bill
                .lines
                .iter()
                .find(|line| line.sku == "metric-series" && line.grows_with == driver);
            line.map_or(0.0, |line| line.quantity.to_string().parse::<f64>().expect("a decimal"))
        };
        (of(Driver::Brokers) / f64::from(plan.fleet.brokers), of(Driver::Partitions))
    };
    assert_eq!(series("automq-s3-wal"), (1_000.0, 30.0 * 14.0));
    assert_eq!(series("msk-standard"), (969.0, 1_020.0));
}

/// A week of 10 MiB/s is 5,906.25 GiB.
#[test]
fn backups_copy_what_is_kept() {
    let plan = |more: &str| kafka(&format!("[lines]\nbackups = true\n{more}"));
    let kept = |plan: &Plan, expected: f64| {
        quantities(plan, Component::Backups, &[("backup", Driver::Retention, expected)]);
    };
    kept(&plan(""), 5_906.25);
    kept(&plan("backup_share = \"20 %\"\nbackup_copies = 2\n"), 5_906.25 * 0.4);
    kept(&plan("backup_retention = \"28 d\"\n"), 5_906.25 * 4.0);
    cost(&plan(""), Component::Backups, "$295.31");
}

/// Steps of what the provider is paid; at least so much; nothing for people and a vendor's fee.
#[test]
fn support_is_a_share_of_the_providers_part() {
    let plan = |more: &str| kafka(&format!("[lines]\nsupport = true\n{more}"));
    let flat = plan("support_rates = \"10 %\"\n");
    let rest = flat.bill.list_cost() - flat.bill.of_component(Component::Support);
    let near_cent = |found: Usd, expected: f64| {
        assert!((found.as_f64() - expected).abs() < 0.005, "{found} instead of {expected}");
    };
    let base = rest.as_f64();
    assert!(base > 3_000.0 && base < 5_000.0, "{base}");
    near_cent(flat.bill.of_component(Component::Support), base * 0.1);
    let steps = plan("support_rates = \"10 % to $1000, 7 % to $3000, 3 %\"\n");
    let expected = 100.0 + 140.0 + (base - 3_000.0) * 0.03;
    near_cent(steps.bill.of_component(Component::Support), expected);
    let least = plan(
        "support_rates = \"10 % to $1000, 7 % to $3000, 3 %\"\nsupport_minimum = \"$1000/month\"\n",
    );
    near_cent(least.bill.of_component(Component::Support), 1_000.0);
    // People and a vendor's fee have no support plan of the provider.
    let people = plan("support_rates = \"10 %\"\nlabour = true\nlabour_rate = \"$90/h\"\n");
    near_cent(people.bill.of_component(Component::Support), base * 0.1);
    let fee = with("[lines]\nsupport = true\nsupport_rates = \"10 %\"\n")
        + "broker = \"m7g.xlarge\"\nbrokers = 6\nlicence = \"$0.1/GiB\"\n";
    let fee = planned(&fee, "kafka-gp3");
    assert!(fee.bill.of_component(Component::ServiceFee).as_f64() > 1_000.0);
    near_cent(fee.bill.of_component(Component::Support), base * 0.1);
}

/// Six brokers: 12 h a month, 6 × 730 ÷ 8,760 losses of 2 h, and 0.3 × 730 ÷ 8,760 of 16 h.
#[test]
fn people_cost_time() {
    let plan = kafka("[lines]\nlabour = true\nlabour_rate = \"$100/h\"\n");
    quantities(
        &plan,
        Component::Labour,
        &[
            ("labour", Driver::Brokers, 12.0),
            ("labour", Driver::Brokers, 1.0),
            ("labour", Driver::Fixed, 0.4),
        ],
    );
    cost(&plan, Component::Labour, "$1,340.00");
    assert!(!Component::Labour.is_invoiced());
    let invoiced = Component::ALL.iter().filter(|component| component.is_invoiced());
    assert_eq!(invoiced.count() + 1, Component::ALL.len());
}

/// What nobody asks for is zero and says so, in every view; what is asked for is on every platform's bill.
#[test]
fn a_line_is_there_on_all_platforms_or_says_why_not() {
    let platforms: String = PRESETS
        .iter()
        .map(|preset| format!("[[platform]]\npreset = \"{}\"\n", preset.name))
        .collect();
    let bare = parse(&format!("{BASE}{platforms}"));
    let all = parse(&format!("{BASE}{QUOTES}{ALL}{platforms}"));
    for view in [View::Steady(0), View::Horizon] {
        for plan in model::compare(&bare, &prices(&bare).into(), view).plans() {
            let absent: Vec<Component> =
                plan.bill.absent.iter().map(|absent| absent.component).collect();
            assert_eq!(absent, Component::OPTIONAL, "{}", plan.design.name);
            assert!(plan.bill.absent.iter().all(|absent| absent.why() == "not asked for"));
            for component in Component::OPTIONAL {
                assert_eq!(plan.bill.of_component(*component), Usd::ZERO);
            }
        }
        for plan in model::compare(&all, &prices(&all).into(), view).plans() {
            let name = &plan.design.name;
            let absent: Vec<Component> =
                plan.bill.absent.iter().map(|absent| absent.component).collect();
            assert_eq!(absent, [Component::Migration], "{name}");
            for component in Component::OPTIONAL.iter().filter(|one| **one != Component::Migration)
            {
                let cost = plan.bill.of_component(*component);
                assert!(cost > Usd::ZERO, "{name}: {}", component.name());
            }
            // The vendor's fee of one preset aside, everything has a price.
            let gaps = plan.bill.gaps.iter().filter(|gap| gap.component != Component::ServiceFee);
            assert_eq!(gaps.count(), 0, "{name}: {:?}", plan.bill.gaps);
        }
    }
}

/// Each line that is on without a price is a gap that names what fills it, and never zero.
#[test]
fn no_price_is_a_gap_and_never_zero() {
    let service = "[[connector]]\nname = \"lake\"\nstream = \"events\"\ndirection = \"sink\"\nruns_on = \"service\"\n";
    for (lines, component, fill) in [
        (service, Component::Connectors, "sku = \"connector-worker\""),
        ("[lines]\nobservability = true\n", Component::Observability, "sku = \"metric-series\""),
        ("[lines]\nbackups = true\n", Component::Backups, "sku = \"backup\""),
        ("[lines]\nsupport = true\n", Component::Support, "lines.support_rates"),
        ("[lines]\nlabour = true\n", Component::Labour, "lines.labour_rate"),
        (
            "[lines]\nclient_paths = true\npath_nat = \"1 %\"\n",
            Component::ClientPaths,
            "lines.nat_price",
        ),
        (
            "[lines]\nclient_paths = true\npath_cross_region = \"1 %\"\n",
            Component::ClientPaths,
            "lines.cross_region_price",
        ),
    ] {
        let mut scenario = parse(&format!("{BASE}{lines}[[platform]]\npreset = \"kafka-gp3\"\n"));
        let mut prices = prices(&scenario);
        // Whatever the catalogue has by now.
        for meter in ["connector-worker", "metric-series", "log-ingest", "backup"] {
            prices.meters.retain(|(known, _), _| known.name() != meter);
        }
        prices.region_out = Default::default();
        for view in [View::Steady(0), View::Horizon] {
            let comparison = model::compare(&scenario, &prices.clone().into(), view);
            let plan = comparison.plans().next().expect("a plan");
            assert!(!plan.is_complete(), "{}", component.name());
            let hints = plan.bill.gaps.iter().filter(|gap| gap.component == component);
            let hints: Vec<&str> = hints.map(|gap| gap.hint.as_str()).collect();
            assert!(hints.iter().any(|hint| hint.contains(fill)), "{hints:?}");
            assert!(plan.bill.absent.iter().all(|absent| absent.component != component));
            assert_eq!(comparison.verdict.cheapest(), None);
        }
        // And what says so fills it.
        scenario.platforms[0].lines.settings.observability = false;
    }
}

/// The run and the closed form agree on every line, on every platform.
#[test]
fn lines_through_time_are_those_of_the_closed_form() {
    let scenario = parse(&with(ALL));
    let prices = prices(&scenario);
    let mut planned = 0;
    for preset in PRESETS {
        let mut design = Design::of(preset);
        design.lines = scenario.platforms[0].lines.clone();
        let month = scenario.horizon.month(0);
        // Services of other providers are not sold here.
        let Ok(closed) = plan(&design, &scenario.workload, month, &prices) else { continue };
        planned += 1;
        let run = through(&design, &scenario, &prices, Asked::default()).expect("a plan");
        assert_eq!(run.machine, closed.machine, "{}", design.name);
        let further = |bill: &Bill| -> Vec<(String, Driver, f64)> {
            let lines = bill.lines.iter();
            let lines = lines.filter(|line| Component::OPTIONAL.contains(&line.component));
            lines
                .map(|line| {
                    let quantity = line.quantity.to_string().parse().expect("a decimal");
                    (line.sku.clone(), line.grows_with, quantity)
                })
                .collect()
        };
        let (run, closed) = (further(&run.months[0].bill), further(&closed.bill));
        assert_eq!(run.len(), closed.len(), "{}", design.name);
        for (run, closed) in run.iter().zip(&closed) {
            assert_eq!((&run.0, run.1), (&closed.0, closed.1), "{}", design.name);
            // Quantities on a bill have six decimals.
            let slip = (run.2 - closed.2).abs();
            assert!(slip <= 1e-9 * closed.2 + 2e-6, "{}: {run:?} {closed:?}", design.name);
        }
    }
    assert!(planned > PRESETS.len() / 2, "{planned} of {}", PRESETS.len());
}

/// A platform that is there for a part of the month pays its lines for that part, and the overlap is a line like the others.
#[test]
fn what_comes_later_pays_from_then_on() {
    let text = format!(
        "{BASE}{QUOTES}{ALL}[[platform]]\npreset = \"kafka-gp3\"\n[[platform]]\npreset = \"automq-s3-wal\"\n\
         [[event]]\nname = \"move\"\nkind = \"migration\"\nfrom = \"kafka-gp3\"\nat = \"day 16\"\n"
    );
    let scenario = parse(&text);
    assert!(scenario.events.iter().any(|event| event.kind == EventKind::Migration));
    let comparison = model::compare(&scenario, &prices(&scenario).into(), View::Horizon);
    let plans: Vec<&Plan> = comparison.plans().collect();
    let (old, new) = (plans[0], plans[1]);
    let has = |plan: &Plan, component| {
        plan.bill.absent.iter().all(|absent| absent.component != component)
    };
    assert!(!has(old, Component::Migration) && has(new, Component::Migration));
    assert!(new.bill.of_component(Component::Migration) > Usd::ZERO);
    // 15 of 30.4 days are over when it comes: so are so many hours of workers and load balancers.
    let hours = |plan: &Plan, sku: &str| {
        let lines = plan.bill.lines.iter().filter(|line| line.sku == sku);
        let hours = lines.map(|line| line.quantity.to_string().parse::<f64>().expect("a decimal"));
        hours.sum::<f64>()
    };
    let alive = 730.0 - 15.0 * 24.0;
    for sku in ["ec2:m7g.large", "privatelink:interface_endpoint", "nat:hours"] {
        let old = if sku == "ec2:m7g.large" { 3.0 * 730.0 } else { hours(old, sku) };
        near(hours(new, sku), old * alive / 730.0, 1e-9);
    }
}

/// A design with every line, its numbers moved.
fn designs() -> impl Strategy<Value = Design> {
    let lines = parse(&with(ALL)).platforms[0].lines.clone();
    (0..PRESETS.len(), 1..4_u32, 0.0..1.0_f64, 1..1_000_000_u32).prop_map(
        move |(preset, copies, share, clients)| {
            let mut design = Design::of(&PRESETS[preset]);
            design.lines = lines.clone();
            let settings = &mut design.lines.settings;
            settings.backup_copies = copies;
            settings.private_produce = share;
            settings.load_balancer_clients = clients;
            design
        },
    )
}

fn further(plan: &Plan) -> impl Iterator<Item = (Component, f64)> {
    let invoiced = Component::OPTIONAL.iter().filter(|one| **one != Component::Migration);
    invoiced.map(|component| (*component, plan.bill.of_component(*component).as_f64()))
}

proptest! {
    #![proptest_config(crate::properties::config())]

    /// More traffic, longer retention and more partitions never make a line cheaper, on a fleet that stays as it is.
    #[test]
    fn no_line_gets_cheaper_with_more(
        design in designs(),
        more in 1.0..4.0_f64,
        longer in 1.0..4.0_f64,
        partitions in 0..60_u32,
    ) {
        let scenario = parse(&with(ALL));
        let prices = prices(&scenario);
        let month = scenario.horizon.month(0);
        let mut busier = scenario.workload.clone();
        busier.streams[0].produce_raw = busier.streams[0].produce_raw * more;
        busier.streams[0].retention = busier.streams[0].retention * longer;
        busier.streams[0].partitions = Some(30 + partitions);
        let before = plan(&design, &scenario.workload, month, &prices);
        let after = plan(&design, &busier, month, &prices);
        let (Ok(before), Ok(after)) = (before, after) else { return Ok(()) };
        for ((component, low), (_, high)) in further(&before).zip(further(&after)) {
            // A faster machine may do with fewer brokers, and those are what people and metrics are counted by.
            let by_brokers = matches!(component, Component::Observability | Component::Labour | Component::LoadBalancers | Component::PrivateConnectivity);
            if by_brokers && after.fleet.brokers < before.fleet.brokers {
                continue;
            }
            let dip = if component == Component::Support { 0.03 * low } else { 1e-9 * low };
            prop_assert!(high >= low - dip - 0.005, "{} {}: {low} became {high}", design.name, component.name());
        }
        prop_assert!(after.monthly_cost().as_f64() >= before.monthly_cost().as_f64() * 0.97 - 0.01);
    }

    /// What is ranked is what is billed, percentages over it included: support is charged before discounts.
    #[test]
    fn lines_are_ranked_as_they_are_billed(design in designs(), discount in 0..50_u32) {
        let mut scenario = parse(&with(ALL));
        let discount = rust_decimal::Decimal::new(discount.into(), 2);
        scenario.prices.discounts = PriceGroup::ALL.into_iter().map(|group| (group, discount)).collect();
        let prices = prices(&scenario);
        let Ok(plan) = plan(&design, &scenario.workload, scenario.horizon.month(0), &prices) else { return Ok(()) };
        let ranked = plan.candidates.iter().find(|one| one.machine == plan.machine)
            .and_then(|one| one.outcome.as_ref().ok()).map(|fit| fit.1).expect("the chosen machine");
        let billed = plan.bill.contracted_cost().as_f64();
        prop_assert!((ranked - billed).abs() <= 1e-6 * billed + 0.01, "{ranked} {billed}");
        for line in &plan.bill.lines {
            prop_assert_eq!(line.list_cost, line.list_unit_price * line.quantity);
            prop_assert!(line.list_cost >= Usd::ZERO, "{:?}", line);
        }
    }

    /// The order in which connectors stand changes nothing.
    #[test]
    fn the_order_of_connectors_does_not_matter(
        preset in 0..PRESETS.len(),
        rates in prop::collection::vec((0.1..50.0_f64, 0.01..1.0_f64, any::<bool>()), 1..8),
    ) {
        let connectors: Vec<String> = rates.iter().enumerate().map(|(index, (rate, share, service))| {
            let place = if *service { "service" } else { "machines" };
            format!(
                "[[connector]]\nname = \"c{index}\"\nstream = \"events\"\ndirection = \"sink\"\nshare = {share}\ntask_rate = \"{rate} MiB/s\"\nruns_on = \"{place}\"\n"
            )
        }).collect();
        let cost = |connectors: String| {
            let scenario = parse(&format!("{BASE}{QUOTES}{connectors}[[platform]]\npreset = \"{}\"\n", PRESETS[preset].name));
            let comparison = model::compare(&scenario, &prices(&scenario).into(), View::Steady(0));
            comparison.plans().next().map(|plan| plan.bill.of_component(Component::Connectors))
        };
        let turned: String = connectors.iter().rev().cloned().collect();
        prop_assert_eq!(cost(connectors.concat()), cost(turned));
    }
}

/// Growth buys workers, series and hours month by month, and a bill of a year is the sum of its months.
#[test]
fn lines_grow_with_the_months() {
    let mut scenario = parse(&with(ALL));
    scenario.horizon.months = 12;
    scenario.workload.streams[0].growth = Growth::compound(0.1);
    let run = through(&scenario.platforms[0], &scenario, &prices(&scenario), Asked::default());
    let run = run.expect("a plan");
    let first = &run.months[0].bill;
    let last = &run.months[11].bill;
    for component in [
        Component::Connectors,
        Component::PrivateConnectivity,
        Component::LoadBalancers,
        Component::ClientPaths,
        Component::Observability,
        Component::Backups,
        Component::Support,
        Component::Labour,
    ] {
        let (first, last) = (first.of_component(component), last.of_component(component));
        assert!(last > first, "{}: {first} became {last}", component.name());
        let months = run.months.iter().map(|month| month.bill.of_component(component));
        assert_eq!(run.bill.of_component(component), months.sum::<Usd>());
    }
}

/// Text, JSON and CSV say the same of what nobody asked for and of what has no price.
#[test]
fn every_view_says_what_is_not_asked_for() {
    let text = format!(
        "{BASE}[lines]\nbackups = true\n[[platform]]\npreset = \"kafka-gp3\"\n[[platform]]\npreset = \"kafka-tiered\"\n[platform.lines]\nbackups = false\n"
    );
    let (_, plan, _) = highwater(&["plan", "-", "--platform", "kafka-gp3"], &text);
    assert!(plan.contains("labour: not asked for"), "{plan}");
    let (_, compare, _) = highwater(&["compare", "-"], &text);
    let flat = compare.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("Not asked for, and so zero: client paths, private connectivity,"),
        "{flat}"
    );
    assert!(flat.contains("– kafka-tiered: no backups, not asked for."), "{flat}");
    let (_, json, _) = highwater(&["compare", "-", "--format", "json"], &text);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let bill = &json["platforms"][1]["plan"]["bill"];
    let absent = bill["absent"].as_array().expect("a list");
    assert_eq!(absent.len(), Component::OPTIONAL.len());
    for one in absent {
        assert_eq!(
            (one["contracted_cost"].as_str(), one["why"].as_str()),
            (Some("0"), Some("not asked for"))
        );
    }
    let (_, csv, _) = highwater(&["compare", "-", "--format", "csv"], &text);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().expect("a header").clone();
    let column = |name: &str| headers.iter().position(|header| header == name).expect(name);
    let (component, cost, note) = (column("component"), column("contracted_cost"), column("note"));
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let zero = rows.iter().filter(|row| &row[note] == "not asked for" && &row[cost] == "0.00");
    assert_eq!(zero.count(), 2 * Component::OPTIONAL.len() - 1);
    if let Some(gap) = rows.iter().find(|row| &row[component] == "backups" && row[cost].is_empty())
    {
        assert!(gap[note].contains("sku = \"backup\""), "{}", &gap[note]);
    }
}

/// Every line is listed with how to ask for it, and shows its settings.
#[test]
fn every_line_shows_its_settings() {
    let (code, list, err) = highwater(&["lines"], "");
    assert_eq!(code, 0, "{err}");
    for component in Component::OPTIONAL {
        assert!(list.contains(component.name()) && list.contains(component.asked_by()), "{list}");
        let name = component.name().replace(' ', "-");
        let (code, out, err) = highwater(&["lines", &name], "");
        assert_eq!(code, 0, "{err}");
        let rows = model::lines::LINE_PARAMETERS.iter();
        let mut own = rows.filter(|row| model::lines::component_of(row.key) == *component);
        assert!(own.all(|row| out.contains(&format!("{} = ", row.key))), "{out}");
    }
    let (code, _, err) = highwater(&["lines", "conectors"], "");
    assert_eq!(code, 2);
    assert!(err.contains("connectors"), "{err}");
    let (_, json, _) = highwater(&["lines", "labour", "--format", "json"], "");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["line"]["invoiced"], false);
}
