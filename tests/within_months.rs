//! What starts, ends or comes within a month costs what its hours cost.

use model::bill::{Cause, Component};
use model::horizon::{Asked, through};
use model::plan::Plan;
use rust_decimal::prelude::ToPrimitive;

use crate::{home, near, parse};

/// Months of 730 hours: the second begins 14 hours before February does.
const BASE: &str = "schema = 1\ntitle = \"within months\"\n[horizon]\nstart = 2027-01-01\nmonths = 3\nmonth = \"730 h\"\n\
    [prices]\nprovider = \"aws\"\nregion = \"us-east-1\"\n";

const SMALL: &str = "[[stream]]\nname = \"small\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\npartitions = 12\n\
     [[stream.reader]]\ngroup = \"all\"\n";

fn plan(text: &str, preset: &str) -> Plan {
    let scenario = parse(&format!("{BASE}{text}[[platform]]\npreset = \"{preset}\"\n"));
    let design = &scenario.platforms[0];
    let found = through(design, &scenario, home(design.preset), Asked::default());
    found.unwrap_or_else(|rejection| panic!("{preset}: {:?}", rejection.reasons))
}

/// Dollars of a component in a month.
fn cost(plan: &Plan, month: usize, component: Component) -> f64 {
    plan.months[month].bill.of_component(component).as_f64()
}

/// Quantity of a component and cause in a month.
fn quantity(plan: &Plan, month: usize, component: Component, cause: Cause) -> f64 {
    let lines = plan.months[month].bill.lines.iter();
    let lines = lines.filter(|line| line.component == component && line.cause == cause);
    lines.filter_map(|line| line.quantity.to_f64()).sum()
}

/// A stream of 500 MiB/s that starts 14 of 730 hours into a month asks for requests in all hours but these.
#[test]
fn requests_follow_a_stream_that_starts_within_a_month() {
    for preset in ["leaderless", "automq-s3-wal", "warpstream"] {
        let with = |start: &str| {
            let large = format!(
                "[[stream]]\nname = \"large\"\nproduce = \"500 MiB/s\"\nshape = \"flat\"\nretention = \"1 d\"\n\
                 partitions = 120\nstart = {start}\n[[stream.reader]]\ngroup = \"all\"\n"
            );
            let small = SMALL.replace("retention", "shape = \"flat\"\nretention");
            plan(&format!("{small}{large}"), preset)
        };
        let (within, whole) = (with("2027-02-01"), with("\"month 2\""));
        let requests = |plan: &Plan| cost(plan, 1, Component::ObjectRequests);
        let share = requests(&within) / requests(&whole);
        assert!((0.97..=1.0).contains(&share), "{preset}: {share}");
    }
}

/// A compacted log has a size from its start on, and none before.
#[test]
fn a_compacted_stream_keeps_nothing_before_it_starts() {
    let log = |start: &str| {
        format!(
            "{SMALL}[[stream]]\nname = \"state\"\nproduce = \"1 MiB/s\"\ncleanup = \"compact\"\nlive = \"500 GiB\"\n\
             retention = \"1 d\"\npartitions = 12\n{start}"
        )
    };
    for preset in ["kafka-gp3", "automq-s3-wal"] {
        let none = plan(SMALL, preset);
        let all = plan(&log(""), preset);
        let third = plan(&log("start = \"month 3\"\n"), preset);
        let second = plan(&log("start = 2027-02-15\n"), preset);
        let kept = |plan: &Plan, month: usize| {
            let used = plan.months[month].used.as_ref().expect("it was run");
            (used.storage.on_brokers + used.storage.remote).as_gib()
        };
        for month in [0, 1] {
            near(kept(&third, month), kept(&none, month), 1e-9);
        }
        // A month that begins when it starts has all of it, but for the first day of its segments.
        near(kept(&third, 2), kept(&all, 2), 1e-6);
        // On 15 February 350 of the second month's 730 hours are over.
        let of_log = |plan: &Plan| kept(plan, 1) - kept(&none, 1);
        near(of_log(&second), of_log(&all) * 380.0 / 730.0, 1e-6);
    }
}

/// A platform that clients move to on the 25th day pays what is sold by the hour for hours in which it is there, and no volume
/// is faster for it than in a whole month.
#[test]
fn a_month_of_a_migration_pays_for_its_hours() {
    let moving = "[[event]]\nname = \"move\"\nkind = \"migration\"\nat = \"day 25\"\nfrom = \"old\"\n\
         [[platform]]\nname = \"old\"\npreset = \"msk-standard\"\n";
    let stream = SMALL.replace("1 MiB/s", "20 MiB/s");
    let to = |preset: &str| {
        let scenario = parse(&format!(
            "{BASE}{stream}{moving}[[platform]]\nname = \"new\"\npreset = \"{preset}\"\n"
        ));
        let design = scenario.platforms.iter().find(|one| one.name == "new").expect("it is there");
        let found = through(design, &scenario, home(design.preset), Asked::default());
        found.unwrap_or_else(|rejection| panic!("{preset}: {:?}", rejection.reasons))
    };
    let share = |plan: &Plan| {
        let used = plan.months[0].used.as_ref().expect("it was run");
        let share = used.alive / used.hours;
        assert!(share > 0.0 && share < 0.5, "{share}");
        share
    };
    let hourly = to("msk-serverless");
    let fee = |month| quantity(&hourly, month, Component::ServiceFee, Cause::Serve);
    assert!(fee(1) > 0.0);
    near(fee(0), fee(1) * share(&hourly), 1e-6);
    for (preset, component, cause) in [
        ("kafka-gp3", Component::BlockStorage, Cause::Perform),
        ("automq-ebs-wal", Component::Wal, Cause::Append),
    ] {
        let plan = to(preset);
        let bought = |month| quantity(&plan, month, component, cause);
        near(bought(0), bought(1) * share(&plan), 1e-6);
    }
}

/// A commitment at no discount to as many units as run on average saves nothing, and costs no more than hours in which
/// fewer run.
#[test]
fn a_commitment_to_units_counts_the_hours_in_which_more_run() {
    let load = "[[stream]]\nname = \"s\"\nproduce = \"120 MiB/s\"\nshape = \"flat\"\nretention = \"7 d\"\npartitions = 60\n\
         [[stream.reader]]\ngroup = \"tail\"\n\
         [[stream.reader]]\ngroup = \"again\"\nkind = \"replay\"\nwindow = \"5 d\"\nevery = \"7 d\"\nwithin = \"12 h\"\n";
    let bound = "[[commitment]]\nname = \"units\"\nterm = \"1 year\"\npayment = \"none\"\ncoverage = \"100 %\"\n\
         discount = \"0 %\"\nsource = \"a test\"\nas_of = 2026-11-20\nplatform = \"confluent-enterprise\"\n";
    let free = plan(load, "confluent-enterprise");
    let committed = plan(&format!("{load}{bound}"), "confluent-enterprise");
    let hours = |plan: &Plan| quantity(plan, 1, Component::Brokers, Cause::Serve);
    let used = committed.months[1].used.as_ref().expect("it was run");
    let units = (free.months[1].brokers).floor();
    // Two sizes: quiet, and with the replay for 12 of every 168 hours.
    let [(few, quiet), (many, replaying)] = used.planned[..] else { panic!("{:?}", used.planned) };
    near(replaying, 12.0, 1e-6);
    near(quiet, 156.0, 1e-6);
    assert!(f64::from(few) <= units && units < f64::from(many));
    let beyond = 730.0 * (f64::from(many) - units) * 12.0 / 168.0;
    near(hours(&committed), 730.0 * units + beyond, 1e-6);
}

/// Connectors carry what is tiered and what is not.
#[test]
fn connectors_see_every_topic_of_their_stream() {
    let with = |settings: &str| {
        let scenario = parse(&format!(
            "{BASE}[[stream]]\nname = \"s\"\nproduce = \"100 MiB/s\"\nretention = \"3 d\"\npartitions = 120\n\
             [[connector]]\nname = \"lake\"\nstream = \"s\"\ndirection = \"sink\"\ntask_rate = \"1 MiB/s\"\n\
             [lines]\nconnectors = true\n[[platform]]\npreset = \"kafka-tiered\"\n{settings}"
        ));
        let design = &scenario.platforms[0];
        let found = through(design, &scenario, home(design.preset), Asked::default());
        found.unwrap_or_else(|rejection| panic!("{:?}", rejection.reasons))
    };
    let (all, tenth) = (with(""), with("tiered_share = \"10 %\"\n"));
    let workers = |plan: &Plan| quantity(plan, 0, Component::Connectors, Cause::Connect);
    assert!(workers(&all) > 3.0 * 730.0);
    near(workers(&tenth), workers(&all), 1e-9);
    assert!(!tenth.warnings.iter().any(|one| one.contains("read nothing")), "{:?}", tenth.warnings);
}

/// A machine is found that holds the month in which most is kept, though it is neither the first nor the busiest nor the last.
#[test]
fn a_month_in_the_middle_may_need_another_machine() {
    let text = "schema = 1\ntitle = \"kept longer for a while\"\n[horizon]\nmonths = 12\n[prices]\nprovider = \"aws\"\n\
         region = \"us-east-1\"\n[[stream]]\nname = \"s\"\nproduce = \"200 MiB/s\"\ngrowth = \"-1 %/month\"\nretention = \"6 h\"\n\
         partitions = 120\n[[stream.reader]]\ngroup = \"all\"\n\
         [[event]]\nname = \"more\"\nkind = \"retention-change\"\nat = \"month 5\"\nstream = \"s\"\nretention = \"15 d\"\n\
         [[event]]\nname = \"less\"\nkind = \"retention-change\"\nat = \"month 9\"\nstream = \"s\"\nretention = \"6 h\"\n\
         [[platform]]\npreset = \"kafka-nvme\"\nbrokers_max = 60\n";
    let scenario = parse(text);
    let design = &scenario.platforms[0];
    let found = through(design, &scenario, home(design.preset), Asked::default());
    let plan = found.unwrap_or_else(|rejection| panic!("{:?}", rejection.reasons));
    let most = plan.months.iter().map(|month| month.brokers).fold(0.0, f64::max);
    assert!(most <= 60.0, "{most}");
}
