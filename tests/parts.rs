//! Laws of parts: a platform in regions and places is the sum of what is planned by itself, and nothing of it is lost.

use model::bill::{Bill, Cause, Component};
use model::design::{Design, Place};
use model::events::EventKind;
use model::money::Usd;
use model::parts::split;
use model::plan::Plan;
use model::presets::{PRESETS, Preset};
use model::prices::{Measure, PriceUnit, Prices};
use model::scenario::{PriceChoice, Region, Scenario};
use model::shape::Shape;
use model::simulate::{Matter, Simulation};
use model::sizing::Resource;
use model::units::{ByteRate, Hours};
use model::{Comparison, View, compare};
use proptest::prelude::*;

use crate::properties::config;
use crate::through_time::{designs, scenarios};
use crate::{Market, catalog, near, parse};

pub(crate) fn prices(scenario: &Scenario) -> Prices {
    catalog().prices(scenario).expect("the regions are in the catalogue")
}

fn planned(scenario: &Scenario, design: &Design, view: View) -> Option<Plan> {
    let scenario = Scenario { platforms: vec![design.clone()], ..scenario.clone() };
    compare(&scenario, &prices(&scenario), view).outcomes.pop()?.ok()
}

/// A scenario where its platform is sold.
pub(crate) fn at_home(scenario: &Scenario, design: &Design) -> Scenario {
    let mut scenario = scenario.clone();
    let home = crate::home(design.preset);
    scenario.prices.provider.clone_from(&home.provider);
    scenario.prices.region.clone_from(&home.region);
    scenario
}

/// A scenario in regions of one price list, each with a share.
pub(crate) fn in_regions(scenario: &Scenario, shares: &[f64]) -> Scenario {
    let region = |(index, share): (usize, &f64)| Region {
        name: format!("region-{index}"),
        prices: scenario.prices.clone(),
        share: *share,
        streams: Vec::new(),
    };
    let regions = shares.iter().enumerate().map(region).collect();
    Scenario { regions, ..scenario.clone() }
}

/// A platform some of whose streams stand on another one.
pub(crate) fn placed(design: &Design, streams: &[&str], on: &Design) -> Design {
    let streams = streams.iter().map(|name| (*name).to_owned()).collect();
    let on = Design { name: "there".to_owned(), ..on.clone() };
    Design { places: vec![Place { streams, on }], ..design.clone() }
}

fn simulation(plan: &Plan) -> &Simulation {
    plan.simulation.as_ref().expect("a plan through the horizon is simulated")
}

fn accepted(plan: &Plan) -> f64 {
    let months = &simulation(plan).months;
    months.iter().flat_map(|month| &month.streams).map(|one| one.produce).sum()
}

/// Lines without what says which part they are of.
fn lines(bill: &Bill) -> Vec<(Component, Cause, String, String, Usd)> {
    let mut list: Vec<_> = bill
        .lines
        .iter()
        .map(|line| {
            let quantity = line.quantity.normalize().to_string();
            (line.component, line.cause, line.sku.clone(), quantity, line.contracted_cost)
        })
        .collect();
    list.sort();
    list
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..config() })]

    /// What is linear in the rates adds up whatever the shares are; fleets are whole machines and are not.
    #[test]
    fn linear_costs_of_two_regions_add_up(scenario in scenarios(), design in designs(), share in 0.05..0.95_f64) {
        let mut scenario = at_home(&scenario, &design);
        scenario.events.clear();
        let mut design = design;
        design.settings.open_segments = false;
        design.settings.tiered_share = 1.0;
        let Some(whole) = planned(&scenario, &design, View::Steady(0)) else { return Ok(()) };
        let two = in_regions(&scenario, &[share, 1.0 - share]);
        let Some(two) = planned(&two, &design, View::Steady(0)) else { return Ok(()) };
        prop_assert_eq!(two.parts.len(), 2);
        // A region's ladders are its own, and so is what a service asks for being there.
        let moved = |plan: &Plan, component| -> f64 {
            let lines = plan.bill.lines.iter().filter(|line| line.component == component);
            let lines = lines.filter(|line| matches!(line.unit.measure(), Measure::Moved | Measure::Kept));
            lines.map(|line| line.quantity.to_string().parse::<f64>().expect("a decimal")).sum()
        };
        for component in [Component::ZoneCrossing, Component::ServiceFee] {
            let (one, other) = (moved(&whole, component), moved(&two, component));
            prop_assert!((one - other).abs() <= 1e-6 * one + 1e-3, "{:?}: {} {}", component, one, other);
        }
        let kept = |plan: &Plan| plan.storage.logical.as_gib();
        prop_assert!((kept(&whole) - kept(&two)).abs() <= 1e-9 * kept(&whole));
        prop_assert!((whole.load.produce - two.load.produce).as_mib_per_sec().abs() <= 1e-9 * whole.load.produce.as_mib_per_sec());
        let sum: Usd = two.parts.iter().map(|part| part.bill.contracted_cost()).sum();
        prop_assert_eq!(sum, two.bill.contracted_cost());
    }

    /// All in one region is the plain plan, to the cent and to the last incident.
    #[test]
    fn everything_in_one_region_is_the_plain_plan(scenario in scenarios(), design in designs(), first in any::<bool>()) {
        let scenario = at_home(&scenario, &design);
        let Some(plain) = planned(&scenario, &design, View::Horizon) else { return Ok(()) };
        let shares = if first { [1.0, 0.0] } else { [0.0, 1.0] };
        let one = planned(&in_regions(&scenario, &shares), &design, View::Horizon).expect("the same plan");
        prop_assert_eq!(lines(&plain.bill), lines(&one.bill));
        prop_assert_eq!(&plain.bill.gaps, &one.bill.gaps);
        prop_assert!(one.bill.lines.iter().all(|line| line.part.region.is_some()));
        prop_assert_eq!(&simulation(&plain).incidents, &simulation(&one).incidents);
        prop_assert_eq!(&simulation(&plain).outcomes, &simulation(&one).outcomes);
        prop_assert_eq!(&plain.machine, &one.machine);
    }

    /// Placing some streams elsewhere is to plan both by themselves, line by line.
    #[test]
    fn placing_streams_is_planning_them_apart(scenario in scenarios(), here in designs(), there in designs()) {
        let mut scenario = at_home(&scenario, &here);
        // What happens to everything happens to both; a group of one of them is a matter of that one.
        scenario.events.retain(|event| event.group.is_none() && event.stream.is_none() && event.settings.size.is_none());
        let mut streams = scenario.workload.streams.clone();
        if streams.len() < 2 { return Ok(()) }
        let moved = streams.split_off(1);
        let names: Vec<&str> = moved.iter().map(|stream| &*stream.name).collect();
        let mixed = placed(&here, &names, &there);
        let alone = |streams, design| {
            let mut scenario = scenario.clone();
            scenario.workload.streams = streams;
            planned(&scenario, design, View::Horizon)
        };
        let (Some(rest), Some(away)) = (alone(streams, &here), alone(moved.clone(), &there)) else { return Ok(()) };
        let mixed = planned(&scenario, &mixed, View::Horizon).expect("both can be planned");
        let mut expected = lines(&rest.bill);
        expected.extend(lines(&away.bill));
        expected.sort();
        prop_assert_eq!(lines(&mixed.bill), expected);
        prop_assert_eq!(mixed.monthly_cost().to_cents(), mixed.a_month(rest.bill.contracted_cost() + away.bill.contracted_cost()).to_cents());
        prop_assert!(mixed.bill.lines.iter().all(|line| line.part.on.is_some()));
        prop_assert_eq!(mixed.fleet.brokers, rest.fleet.brokers + away.fleet.brokers);
        let incidents = simulation(&rest).incidents.len() + simulation(&away).incidents.len();
        prop_assert_eq!(simulation(&mixed).incidents.len(), incidents);
    }

    /// Two clusters of one preset get every byte that one would.
    #[test]
    fn splitting_a_platform_never_loses_a_byte(scenario in scenarios(), design in designs()) {
        let mut scenario = at_home(&scenario, &design);
        // What a saturated cluster refuses at the end depends on its size.
        scenario.events.clear();
        if scenario.workload.streams.len() < 2 { return Ok(()) }
        let Some(one) = planned(&scenario, &design, View::Horizon) else { return Ok(()) };
        let two = placed(&design, &["stream-1"], &design);
        let Some(two) = planned(&scenario, &two, View::Horizon) else { return Ok(()) };
        near(accepted(&two), accepted(&one), 1e-9);
        let before = |plan: &Plan| simulation(plan).before;
        near(before(&two).max(1.0), before(&one).max(1.0), 1e-9);
        let names = |plan: &Plan| -> Vec<String> { plan.load.streams.iter().map(|one| one.name.clone()).collect() };
        let sorted = |mut names: Vec<String>| { names.sort(); names };
        prop_assert_eq!(sorted(names(&two)), sorted(names(&one)));
    }

    /// Bytes that events bring are divided, not multiplied.
    #[test]
    fn events_bring_as_much_to_regions_as_to_one(scenario in scenarios(), design in designs(), share in 0.05..0.95_f64) {
        let mut scenario = at_home(&scenario, &design);
        scenario.events.retain(|event| matches!(event.kind, EventKind::Backfill | EventKind::ReconnectStorm));
        scenario.horizon.months = 1;
        let Some(one) = planned(&scenario, &design, View::Horizon) else { return Ok(()) };
        let Some(two) = planned(&in_regions(&scenario, &[share, 1.0 - share]), &design, View::Horizon) else { return Ok(()) };
        let refused = |plan: &Plan| simulation(plan).incidents.iter().any(|one| {
            matches!(one.matter, Matter::Saturated | Matter::DiskFull)
        });
        prop_assume!(!refused(&one) && !refused(&two));
        near(accepted(&two), accepted(&one), 1e-6);
    }

    #[test]
    fn the_order_of_regions_and_places_means_nothing(scenario in scenarios(), design in designs(), there in designs(), share in 0.05..0.95_f64) {
        let scenario = at_home(&scenario, &design);
        let mut forward = in_regions(&scenario, &[share, 1.0 - share]);
        forward.regions[0].streams = vec!["stream-0".to_owned()];
        let mut backward = forward.clone();
        backward.regions.reverse();
        let mut one = design.clone();
        if scenario.workload.streams.len() > 2 {
            let on = |name: &str, base: &Design| Design { name: name.to_owned(), ..base.clone() };
            let place = |stream: &str, on: Design| Place { streams: vec![stream.to_owned()], on };
            one.places = vec![place("stream-0", on("a", &there)), place("stream-1", on("b", &design))];
        }
        let mut other = one.clone();
        other.places.reverse();
        let (one, other) = (planned(&forward, &one, View::Horizon), planned(&backward, &other, View::Horizon));
        prop_assert_eq!(one.is_some(), other.is_some());
        let (Some(one), Some(other)) = (one, other) else { return Ok(()) };
        prop_assert_eq!(lines(&one.bill), lines(&other.bill));
        prop_assert_eq!(one.monthly_cost(), other.monthly_cost());
        prop_assert_eq!(&simulation(&one).incidents, &simulation(&other).incidents);
    }
}

/// Two regions, and what goes from one to the other.
const LINKED: &str = r#"
schema = 1
title = "two regions"
[horizon]
months = 2
[prices]
provider = "aws"
discount = { compute = "10 %" }
[[region]]
name = "eu"
region = "eu-central-1"
share = "60 %"
[[region]]
name = "us"
region = "us-east-1"
share = "40 %"
discount = { network = "50 %" }
streams = ["orders"]
[[stream]]
name = "alarms"
produce = "10 MiB/s"
retention = "7 d"
[[stream.reader]]
group = "ops"
[[stream.reader]]
group = "archive"
region = "us"
[[stream]]
name = "orders"
produce = "5 MiB/s"
retention = "3 d"
[[link]]
from = "eu"
to = "us"
stream = "alarms"
retention = "1 d"
[[platform]]
preset = "kafka-gp3"
"#;

fn linked() -> Scenario {
    parse(LINKED)
}

/// Presets that are sold in all regions of a scenario.
fn sold(scenario: &Scenario) -> impl Iterator<Item = &'static Preset> {
    let is_there = |preset: &'static Preset, choice: &PriceChoice| {
        let here = |market: &&Market| {
            (&market.prices.provider, &market.prices.region) == (&choice.provider, &choice.region)
        };
        crate::markets().iter().find(here).is_some_and(|market| market.presets.contains(&preset))
    };
    PRESETS
        .iter()
        .filter(move |preset| scenario.markets().iter().all(|(_, choice)| is_there(preset, choice)))
}

fn of(comparison: &Comparison) -> &Plan {
    comparison.plans().next().expect("a plan")
}

#[test]
fn a_link_is_produced_where_it_arrives_and_paid_for_where_it_leaves() {
    let scenario = linked();
    for view in [View::Horizon, View::Steady(0)] {
        let comparison = compare(&scenario, &prices(&scenario), view);
        let plan = of(&comparison);
        let [eu, us] = &plan.parts[..] else { panic!("two parts: {}", plan.parts.len()) };
        let names = |plan: &Plan| -> Vec<String> {
            plan.load.streams.iter().map(|stream| stream.name.clone()).collect()
        };
        assert_eq!(names(eu), ["alarms"]);
        assert_eq!(names(us), ["alarms", "orders", "eu.alarms"]);
        near(eu.load.produce.as_mib_per_sec(), 6.0, 1e-12);
        near(us.load.produce.as_mib_per_sec(), 4.0 + 5.0 + 6.0, 1e-12);
        // The group that reads everywhere, and the link.
        near(eu.load.tail.as_mib_per_sec(), 12.0, 1e-12);
        // The same group, and the one that reads there what is produced there and what comes there.
        near(us.load.tail.as_mib_per_sec(), 4.0 + 4.0 + 6.0, 1e-12);
        let copy = us.load.streams.iter().find(|stream| stream.name == "eu.alarms");
        assert_eq!(copy.expect("the copy").retention, Hours::from_days(1.0));

        let crossing: Vec<_> = plan
            .bill
            .lines
            .iter()
            .filter(|line| line.component == Component::RegionCrossing)
            .collect();
        let [line] = crossing[..] else { panic!("{crossing:?}") };
        assert_eq!((line.cause, line.part.region.as_deref()), (Cause::Link, Some("eu")));
        assert_eq!(
            (&*line.sku, line.unit),
            ("data_transfer:inter_region:to:us-east-1", PriceUnit::Gib)
        );
        let months = plan.months.len() as f64;
        let sent = (ByteRate::from_mib_per_sec(6.0) * Hours::new(730.0)).as_gib() * months;
        near(line.quantity.to_string().parse().expect("a decimal"), sent, 1e-9);
    }
}

#[test]
fn discounts_apply_everywhere_unless_a_region_has_its_own() {
    let scenario = linked();
    let comparison = compare(&scenario, &prices(&scenario), View::Steady(0));
    let plan = of(&comparison);
    let off = |region: &str, component: Component| {
        let lines = plan.bill.lines.iter();
        let mut lines = lines.filter(|line| {
            line.part.region.as_deref() == Some(region) && line.component == component
        });
        let line = lines.next().expect("a line");
        1.0 - line.contracted_unit_price.as_f64() / line.list_unit_price.as_f64()
    };
    near(off("eu", Component::Brokers), 0.1, 1e-9);
    near(off("us", Component::Brokers), 0.1, 1e-9);
    assert_eq!(off("eu", Component::ZoneCrossing), 0.0);
    near(off("us", Component::ZoneCrossing), 0.5, 1e-9);
}

#[test]
fn a_link_between_providers_goes_through_the_internet() {
    let mut scenario = linked();
    let prices = {
        let list = |choice: &PriceChoice, provider: &str| {
            let mut list = catalog().price_list(choice).expect("a region");
            provider.clone_into(&mut list.provider);
            list
        };
        let found = scenario.regions.iter().map(|region| {
            let provider = if region.name == "us" { "another" } else { "aws" };
            (region.name.clone(), Ok::<_, Vec<()>>(list(&region.prices, provider)))
        });
        Prices::collect(found).expect("lists")
    };
    scenario.regions[1].prices.provider = "another".to_owned();
    let comparison = compare(&scenario, &prices, View::Steady(0));
    let plan = of(&comparison);
    let line = plan.bill.lines.iter().find(|line| line.component == Component::RegionCrossing);
    assert_eq!(line.expect("a line").sku, "data_transfer:internet_egress");
}

#[test]
fn a_link_without_a_price_is_a_gap_and_not_free() {
    let mut scenario = linked();
    let prices = prices(&scenario);
    scenario.regions[1].prices.region = "eu-atlantis-1".to_owned();
    let comparison = compare(&scenario, &prices, View::Horizon);
    let plan = of(&comparison);
    assert!(!plan.is_complete());
    let [gap] = &plan.bill.gaps[..] else { panic!("{:?}", plan.bill.gaps) };
    assert_eq!(gap.component, Component::RegionCrossing);
    assert!(gap.what.contains("eu-atlantis-1") && gap.what.ends_with("(eu)"), "{}", gap.what);
}

/// What happens in a region happens there, and to what is copied from there.
#[test]
fn an_event_in_one_region_leaves_the_others_alone() {
    let event = |kind: &str, more: &str| {
        let event = format!(
            "\n[[event]]\nname = \"it\"\nkind = \"{kind}\"\nat = \"day 20\"\nregion = \"eu\"\n{more}"
        );
        let scenario = parse(&format!("{LINKED}{event}"));
        let comparison = compare(&scenario, &prices(&scenario), View::Horizon);
        let plan = of(&comparison).clone();
        let outcomes = simulation(&plan).outcomes.iter().map(|one| one.name.clone());
        outcomes.collect::<Vec<_>>()
    };
    assert_eq!(event("zone-loss", ""), ["it, eu"]);
    assert_eq!(event("reader-outage", "group = \"ops\""), ["it, eu"]);
    // Devices of one region fall silent, and so does the copy.
    assert_eq!(event("reconnect-storm", ""), ["it, eu", "it (eu.alarms), us"]);
    assert_eq!(event("reconnect-storm", "stream = \"alarms\""), ["it, eu", "it (eu.alarms), us"]);
}

/// A region that holds its streams gets them whole, and no other gets any of them.
#[test]
fn a_stream_that_is_held_stays_whole() {
    let scenario = linked();
    let shares = split(&scenario, &scenario.platforms[0]);
    let found = |region: &str| {
        let share = shares.iter().find(|one| one.part.region.as_deref() == Some(region));
        let streams = &share.expect("a region").scenario.workload.streams;
        streams.iter().find(|stream| stream.name == "orders").cloned()
    };
    assert_eq!(found("eu"), None);
    assert_eq!(found("us"), Some(scenario.workload.streams[1].clone()));
    let mut flat = scenario.workload.streams[1].clone();
    flat.shape = Shape::flat();
    assert_eq!(flat.part(1.0), flat);
}

/// A platform is told of once, with its parts in it; every preset can be a part.
#[test]
fn every_preset_can_be_a_part() {
    let scenario = linked();
    for preset in sold(&scenario) {
        let mixed = placed(&scenario.platforms[0], &["orders"], &Design::of(preset));
        let plan = planned(&scenario, &mixed, View::Horizon).expect(preset.name);
        let names: Vec<String> = plan.parts.iter().map(|part| part.part.name()).collect();
        let own = "eu on kafka-gp3";
        assert_eq!(names, [own, "us on kafka-gp3", "us on there"], "{}", preset.name);
        assert_eq!(plan.tightest().design.name, plan.design.name);
        assert_eq!(plan.latency.is_some(), plan.parts.iter().all(|part| part.latency.is_some()));
        let part = plan.parts.iter().find(|part| part.part.on.as_deref() == Some("there"));
        assert_eq!(part.expect("a place").design.preset.name, preset.name);
    }
}

/// What is asked for stands on the bill of every part, connectors where their streams are, and what no part has is absent.
#[test]
fn further_lines_stand_where_their_parts_are() {
    let lines = "[lines]\nlabour = true\nlabour_rate = \"$90/h\"\nclient_paths = true\npath_peering = \"50 %\"\n\
        [[connector]]\nname = \"lake\"\nstream = \"orders\"\ndirection = \"sink\"\nruns_on = \"machines\"\n";
    let place = "[[platform.place]]\nstream = \"orders\"\non = \"automq-s3-wal\"\n";
    let mut scenario = parse(&format!("{LINKED}{place}{lines}"));
    for view in [View::Horizon, View::Steady(0)] {
        let comparison = compare(&scenario, &prices(&scenario), view);
        let plan = of(&comparison);
        let [eu, us, there] = &plan.parts[..] else { panic!("three parts") };
        for part in [eu, us, there] {
            assert!(part.of_component(Component::Labour) > Usd::ZERO, "{:?}", part.part);
            assert_eq!(plan.of_component(Component::Backups), Usd::ZERO);
        }
        let connectors = |part: &Plan| part.of_component(Component::Connectors) > Usd::ZERO;
        assert_eq!([eu, us, there].map(connectors), [false, false, true]);
        let absent = |plan: &Plan| -> Vec<Component> {
            plan.bill.absent.iter().map(|one| one.component).collect()
        };
        assert!(absent(eu).contains(&Component::Connectors));
        assert_eq!(
            absent(plan),
            [
                Component::PrivateConnectivity,
                Component::LoadBalancers,
                Component::Observability,
                Component::Backups,
                Component::Support,
                Component::Migration
            ]
        );
        // Half of what is produced and of what the group reads; the link has a line of its own.
        let lines = plan.months[0].bill.lines.iter();
        let lines = lines.filter(|line| line.component == Component::ClientPaths);
        let eu = lines.filter(|line| line.part == eu.part);
        let found: f64 =
            eu.map(|line| line.quantity.to_string().parse::<f64>().expect("one")).sum();
        near(found, (ByteRate::from_mib_per_sec(6.0) * Hours::new(730.0)).as_gib(), 1e-6);
    }
    scenario.add_every_preset();
    assert!(scenario.platforms.iter().all(|design| design.lines.asked(Component::Labour)));
}

/// A published figure stands beside what all parts come to.
#[test]
fn published_figures_are_of_all_parts() {
    let figure = |what: &str, value: &str| {
        format!(
            "[[published.figure]]\nplatform = \"automq-s3-wal\"\nwhat = \"{what}\"\nvalue = \"{value}\"\n"
        )
    };
    let text = LINKED.replace("kafka-gp3", "automq-s3-wal")
        + "[published]\nid = \"a-test\"\ntitle = \"a test\"\nurl = \"https://example.org\"\ndate = \"2026-01-01\"\n\
           source_kind = \"independent\"\nconsistent = true\n"
        + &figure("total", "$1\"\nperiod = \"month")
        + &figure("put requests", "$1\"\nperiod = \"month")
        + &figure("put requests", "1 /s")
        + &figure("network", "1 MiB/s");
    let scenario = parse(&text);
    let comparison = compare(&scenario, &prices(&scenario), View::Steady(0));
    let plan = of(&comparison);
    let ours: Vec<f64> = comparison.published.iter().filter_map(|one| one.ours).collect();
    let [total, puts, rate, network] = ours[..] else { panic!("{:?}", comparison.published) };
    near(total, plan.bill.contracted_cost().as_f64(), 1e-12);
    let alone = |part: &Plan| {
        let asked = part.fleet.requirements.iter();
        let asked = asked.filter(|one| one.resource == Resource::Network);
        asked.map(|one| one.demand).sum::<f64>()
    };
    near(network, plan.parts.iter().map(alone).sum(), 1e-12);
    // Both regions put at $0.005 or $0.0054 a thousand.
    let thousands = rate * 730.0 * 3.6;
    assert!(puts > 0.005 * thousands && puts < 0.0054 * thousands, "{puts} {thousands}");
}

/// What is joined through time is what its parts were: no hole in time, no byte more or less.
#[test]
fn samples_of_parts_add_up_through_time() {
    let mut scenario = linked();
    scenario.events = parse(&format!(
        "{LINKED}\n[[event]]\nname = \"out\"\nkind = \"reader-outage\"\nat = \"day 9\"\ngroup = \"ops\"\n"
    ))
    .events;
    let asked = model::horizon::Asked { samples: true };
    let run =
        model::comparison::run(&scenario, &prices(&scenario), View::Horizon, asked, &mut |_| ());
    let plan = of(&run);
    let joined = simulation(plan);
    let mut moment = 0.0;
    let mut produced = 0.0;
    for sample in &joined.samples {
        assert_eq!(sample.from, moment);
        assert!(sample.to > sample.from, "{sample:?}");
        produced += sample.produce * (sample.to - sample.from);
        near(sample.accepted, produced, 1e-7);
        near(sample.kept + sample.expired, joined.before + sample.accepted, 1e-7);
        moment = sample.to;
    }
    let last = joined.samples.last().expect("samples");
    let parts = || plan.parts.iter().map(simulation);
    let ends: f64 = parts().map(|run| run.samples.last().expect("samples").accepted).sum();
    near(last.accepted, ends, 1e-9);
    // In the middle of a breakpoint of one part, levels of the other are on their straight way.
    let highest = joined.samples.iter().map(|sample| sample.backlog).fold(0.0, f64::max);
    let of_parts: f64 = parts().map(|run| run.peaks.backlog).sum();
    assert!(highest <= of_parts * (1.0 + 1e-9) && highest > 0.9 * of_parts, "{highest} {of_parts}");
    near(accepted(plan), produced, 1e-7);
}

/// What cannot be planned in one region says which, and the others do not hide it.
#[test]
fn a_part_without_a_plan_is_named() {
    let text = LINKED.replace("us-east-1", "us-west-1").replace("kafka-gp3", "msk-express");
    let scenario = parse(&text);
    let comparison = compare(&scenario, &prices(&scenario), View::Horizon);
    let rejection = comparison.outcomes[0].as_ref().expect_err("no such service there");
    assert!(!rejection.reasons.is_empty());
    for reason in &rejection.reasons {
        assert!(reason.to_string().starts_with("us: "), "{reason}");
        assert!(!reason.hint().is_empty());
    }
}

/// A migration of one region moves that region, and pays for what is left there only.
#[test]
fn a_region_migrates_by_itself() {
    let migrated = |region: &str| {
        let text = format!(
            "{LINKED}[[platform]]\npreset = \"automq-s3-wal\"\n[[event]]\nname = \"move\"\nkind = \"migration\"\n\
             at = \"day 20\"\nfrom = \"kafka-gp3\"\n{region}"
        );
        let scenario = parse(&text);
        let comparison = compare(&scenario, &prices(&scenario), View::Horizon);
        let plans: Vec<Plan> = comparison.plans().cloned().collect();
        let [old, new] = &plans[..] else { panic!("two platforms") };
        (old.clone(), new.clone())
    };
    let overlap = |plan: &Plan, region: &str| -> f64 {
        let lines = plan.bill.lines.iter().filter(|line| line.component == Component::Migration);
        let lines = lines.filter(|line| line.part.region.as_deref() == Some(region));
        lines.map(|line| line.contracted_cost.as_f64()).sum()
    };
    let (old, everywhere) = migrated("");
    assert!(overlap(&everywhere, "eu") > 0.0 && overlap(&everywhere, "us") > 0.0);
    let (_, eu) = migrated("region = \"eu\"\n");
    near(overlap(&eu, "eu"), overlap(&everywhere, "eu"), 1e-9);
    assert_eq!(overlap(&eu, "us"), 0.0);
    // Each region at its own time: a run of a region knows its own migration only.
    let (_, each) = migrated(
        "region = \"eu\"\n[[event]]\nname = \"later\"\nkind = \"migration\"\nat = \"day 40\"\n\
         from = \"kafka-gp3\"\nregion = \"us\"\n",
    );
    near(overlap(&each, "eu"), overlap(&everywhere, "eu"), 1e-9);
    assert!(overlap(&each, "us") > overlap(&everywhere, "us"));
    // Until the day of the move all of what is left is paid for.
    let lines = everywhere
        .bill
        .lines
        .iter()
        .filter(|line| line.component == Component::Migration && line.cause == Cause::Serve);
    let before: f64 = lines.map(|line| line.contracted_cost.as_f64()).sum();
    let month = old.months[0].bill.contracted_cost().as_f64();
    near(before, month * 19.0 * 24.0 / 730.0, 1e-6);
}

/// One month of a platform in parts is that month of each of them.
#[test]
fn a_month_of_parts_adds_up() {
    let scenario = linked();
    let comparison = compare(&scenario, &prices(&scenario), View::Month(1));
    let plan = of(&comparison);
    assert_eq!(plan.months.len(), 1);
    let parts: Usd = plan.parts.iter().map(|part| part.bill.contracted_cost()).sum();
    assert_eq!(plan.bill.contracted_cost(), parts);
    assert!(plan.parts.iter().all(|part| part.months.len() == 1));
}

/// Formula against simulation, part by part: each month's bill is the closed form's, what links cost included.
#[test]
fn a_steady_month_of_parts_is_billed_as_in_closed_form() {
    let mut scenario = linked();
    for stream in &mut scenario.workload.streams {
        stream.partitions = Some(30);
    }
    let mut designs: Vec<Design> = sold(&scenario).map(Design::of).collect();
    let mut half = Design::of(model::presets::preset("kafka-tiered").expect("a preset"));
    half.settings.tiered_share = 0.5;
    designs.push(placed(&half, &["orders"], &Design::of(&PRESETS[0])));
    for design in designs {
        let closed = planned(&scenario, &design, View::Steady(0)).expect(&design.name);
        let run = planned(&scenario, &design, View::Horizon).expect(&design.name);
        for billed in &run.months {
            assert_eq!(billed.bill.lines.len(), closed.bill.lines.len(), "{}", design.name);
            for (found, expected) in billed.bill.lines.iter().zip(&closed.bill.lines) {
                assert_eq!((&found.part, &found.sku), (&expected.part, &expected.sku));
                let quantity = |line: &model::bill::CostLine| {
                    line.quantity.to_string().parse::<f64>().expect("a decimal")
                };
                let (found, expected) = (quantity(found), quantity(expected));
                let slip = (found - expected).abs();
                assert!(slip <= 1e-9 * expected + 1e-6, "{}: {found} {expected}", design.name);
            }
        }
        assert!(simulation(&run).incidents.is_empty(), "{:?}", simulation(&run).incidents);
    }
}

/// A firmware wave of devices over there brings as much to the copy as to its stream.
#[test]
fn what_devices_send_is_copied_too() {
    let text = LINKED.replace(
        "produce = \"10 MiB/s\"",
        "sources = 10_000_000\nevery = \"1 h\"\nrecord = \"400 B\"",
    );
    let event = "\n[[event]]\nname = \"it\"\nkind = \"firmware-wave\"\nat = \"day 3\"\nstream = \"alarms\"\nregion = \"eu\"\n";
    let produced = |text: &str| {
        let scenario = parse(text);
        let comparison = compare(&scenario, &prices(&scenario), View::Horizon);
        let plan = of(&comparison);
        let month = |part: &Plan, stream: usize| simulation(part).months[0].streams[stream].produce;
        (month(&plan.parts[0], 0), month(&plan.parts[1], 2), month(&plan.parts[1], 0))
    };
    let (before, after) = (produced(&text), produced(&format!("{text}{event}")));
    assert!(after.0 > before.0 * 1.0001, "{before:?} {after:?}");
    near(after.1, after.0, 1e-9);
    near(after.2, before.2, 1e-12);
}

/// An amount that is handed in is divided over all regions as they produce, and copies bring as much again.
#[test]
fn an_amount_is_divided_and_copied() {
    let event = "\n[[event]]\nname = \"it\"\nkind = \"backfill\"\nat = \"day 3\"\nsize = \"100 GiB\"\nwithin = \"24 h\"\n";
    let produced = |text: &str| {
        let scenario = parse(text);
        let comparison = compare(&scenario, &prices(&scenario), View::Horizon);
        let months = of(&comparison).parts.iter().map(|part| simulation(part).months[0].clone());
        let streams: Vec<_> = months.flat_map(|month| month.streams).collect();
        streams.iter().map(|one| one.produce / model::units::GIB).collect::<Vec<_>>()
    };
    let (before, after) = (produced(LINKED), produced(&format!("{LINKED}{event}")));
    let more: Vec<f64> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
    let [eu_alarms, us_alarms, orders, copy] = more[..] else { panic!("{more:?}") };
    near(eu_alarms + us_alarms + orders, 100.0, 1e-6);
    near(eu_alarms, 40.0, 1e-6);
    near(copy, eu_alarms, 1e-6);
}
