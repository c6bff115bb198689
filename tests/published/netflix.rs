//! Netflix's open capacity model of Kafka, run on its own hardware, beside our engine with its constants.
//!
//! `netflix-cases.csv` holds what its code of commit dc693073 answers, `netflix-hardware.csv` the machines in its answers,
//! both as that repository has them (Apache-2.0). Its demand comes out of our engine exactly, but for four things:
//!
//! - **CPU:** it multiplies what all groups read by their number once more, so that cores grow with its square; the
//!   buffer of 2.5 that it documents applies to clusters that exist, not to new ones. We count readers once and buffer
//!   always. At three groups the two slips cancel: 50.0 cores there, 47.2 here.
//! - **Page cache:** it wants ten minutes of one copy; brokers cache what they replicate too, so that is 200 s.
//! - **Rounding:** it rounds needs of a zone down, and down to nothing where they are small.
//! - **Left out:** zone crossing, the throughput of a volume and its price, and what a machine can move to its volumes.

use std::collections::BTreeMap;

use model::bill::Component;
use model::money::Usd;
use model::parameters::Headroom;
use model::plan::Plan;
use model::prices::{
    Disk, LocalDisk, Machine, Meter, Price, PriceGroup, PriceId, PriceList, PriceUnit,
};
use model::sizing::Resource;
use model::units::{ByteRate, Bytes};

use super::{BASE, Case, usd};
use crate::{near, parse};

const CASES: &str = include_str!("netflix-cases.csv");
const HARDWARE: &str = include_str!("netflix-hardware.csv");

/// Speed of its reference core, in its own measure.
const REFERENCE: f64 = 2.3;

/// Rows of a table, each by its column.
fn rows(table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader.deserialize().map(|row| row.expect("a row of a table")).collect()
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

/// Standard deviations that it staffs by tier of service.
fn staffing(tier: f64) -> f64 {
    if tier == 0.0 { 2.375 } else { 1.761 }
}

/// Its machines with its prices, three years paid upfront; virtual CPUs are cores of its reference speed.
fn price_list() -> PriceList {
    let price = |sku: &str, unit, group, price: Usd| {
        let ladder = [(0.into(), price)];
        Price::new(sku, unit, group, &ladder, "Netflix dc693073", "2026-08-21", "listed")
    };
    let mut list = PriceList {
        provider: "aws".to_owned(),
        region: "us-east-1".to_owned(),
        prices: vec![
            price("gp3", PriceUnit::GibMonth, PriceGroup::BlockStorage, usd("0.08")),
            price("crossing", PriceUnit::Gib, PriceGroup::Network, usd("0.01")),
        ],
        ..PriceList::default()
    };
    for meter in [Meter::ZoneOut, Meter::ZoneIn] {
        list.meters.insert((meter, String::new()), Ok(PriceId(1)));
    }
    for row in rows(HARDWARE) {
        let id = PriceId(u16::try_from(list.prices.len()).expect("a short list"));
        let year: rust_decimal::Decimal = row["usd_per_year"].parse().expect("dollars");
        let hour = Usd::new(year / rust_decimal::Decimal::from(8_760));
        list.prices.push(price(&row["machine"], PriceUnit::Hour, PriceGroup::Compute, hour));
        let local = row["local_gib"]
            .parse()
            .ok()
            .map(|gib| LocalDisk { capacity: Bytes::from_gib(gib), solid_state: true });
        list.machines.push(Machine {
            name: row["machine"].clone(),
            pool: "compute".to_owned(),
            role: String::new(),
            price: id,
            vcpu: number(&row, "vcpu") * number(&row, "relative_vcpu_speed") / REFERENCE,
            memory: Bytes::from_gib(number(&row, "memory_gib")),
            network: Some(ByteRate::from_gbps(number(&row, "network_mbps") / 1e3)),
            network_burst: None,
            block: None,
            block_burst: None,
            block_iops: None,
            local,
            rated_ingress: None,
            rated_egress: None,
            partitions: None,
            source: row["source"].clone(),
        });
    }
    // It knows no limit of a machine's path to its volumes, and no throughput of a volume.
    let disk = |name: &str, local, capacity| Disk {
        name: name.to_owned(),
        role: String::new(),
        local,
        attached: false,
        capacity,
        iops: None,
        throughput: None,
        size_min: Bytes::ZERO,
        size_max: None,
        iops_base: None,
        iops_max: None,
        throughput_base: None,
        throughput_per_tib: None,
        throughput_max: None,
        source: "Netflix dc693073".to_owned(),
    };
    list.disks.insert("gp3".to_owned(), disk("gp3", false, Some(PriceId(0))));
    list.disks.insert("local-nvme".to_owned(), disk("local-nvme", true, None));
    list.disk_roles.insert("general-purpose".to_owned(), "gp3".to_owned());
    list
}

/// Our plan of one of its cases: `its_slips` counts readers and page cache as it does.
fn ours(case: &BTreeMap<String, String>, prices: &PriceList, its_slips: bool) -> Plan {
    let stream = format!(
        "produce = \"{} MiB/s\"\nretention = \"{} h\"\npartitions = 3",
        case["write_mib_per_sec"], case["retention_h"]
    );
    let machine = prices.machines.iter().find(|one| one.name == case["machine"]);
    let machine = machine.expect("a machine of the table");
    let preset = if machine.local.is_some() { "kafka-nvme" } else { "kafka-gp3" };
    let platform = format!("preset = \"{preset}\"\nheadroom = \"netflix\"");
    let groups = number(case, "groups");
    let text =
        Case { stream: &stream, readers: groups as usize, platform: &platform, ..BASE }.text();
    let scenario = parse(&text);
    let mut design = scenario.platforms[0].clone();
    assert_eq!(design.settings.headroom, Headroom::Netflix);

    let copies = number(case, "replication_factor");
    // Data of a node, and two and a half times as much disk; volumes in steps of 100 GiB, up to a third of 16 TiB.
    let local = number(case, "local_data_max_gib") * 2.5;
    let attached = (number(case, "attached_data_max_gib") * 2.5 / 100.0).ceil() * 100.0;
    let attached = attached.min((16_384.0_f64 / 3.0 / 100.0).floor() * 100.0);
    let most = machine.local.map_or(attached, |disk| disk.capacity.as_gib().min(local));
    let staffing = staffing(number(case, "service_tier")).to_string();
    let mut set = |key: &str, value: &str| {
        design.settings.set(key, value).unwrap_or_else(|error| panic!("{key}: {error}"));
    };
    set("broker", &case["machine"]);
    set("replication_factor", &case["replication_factor"]);
    set("brokers_max", &case["brokers_max"]);
    set("storage_per_broker_max", &format!("{most} GiB"));
    set("controllers", "0");
    set("heap", "8 GiB");
    set("os_reserve", "4 GiB");
    set("memory_min", "12 GiB");
    set("catch_up_share", "0 %");
    set("open_segments", "false");
    if its_slips {
        set("cpu_staffing", &staffing);
        set("cpu_buffer", "1");
        set("cpu_seconds_per_mib_out", &(0.04 * groups).to_string());
        set("page_cache", &format!("{} s", 600.0 / copies));
    }
    let month = scenario.horizon.month(0);
    model::plan(&design, &scenario.workload, month, prices)
        .unwrap_or_else(|rejection| panic!("{case:?}: {:?}", rejection.reasons))
}

/// What the cluster asks of a resource in one of three zones.
fn of_a_zone(plan: &Plan, resource: Resource) -> f64 {
    let asked = plan.fleet.requirements.iter().find(|one| one.resource == resource);
    asked.map_or(0.0, |one| one.demand / 3.0)
}

/// Its needs of a zone come out of our equations for every case and shape: disk, network, memory and cores; and so does
/// its fleet, to the broker, and what its machines cost.
#[test]
fn its_sizing_is_ours_with_its_constants() {
    let prices = price_list();
    let cases = rows(CASES);
    assert!(cases.len() >= 40, "{}", cases.len());
    for case in &cases {
        let plan = ours(case, &prices, true);
        let what = format!("{} {}", case["case"], case["machine"]);
        let is = |column: &str| number(case, column);

        let disk = plan.storage.provisioned.as_gib() / 3.0;
        assert!((disk - is("disk_gib_per_zone")).abs() <= 2.5, "{what}: {disk}");
        // MiB/s in millions of bits.
        let network = of_a_zone(&plan, Resource::Network) * 8.388_608;
        assert_eq!(network.floor(), is("network_mbps_per_zone"), "{what}");
        let memory = of_a_zone(&plan, Resource::PageCache);
        assert_eq!((memory + 1e-9).floor(), is("memory_gib_per_zone"), "{what}");
        // Whole cores of the reference speed, then whole ones of the machine's, then a third of them.
        let hardware = rows(HARDWARE).into_iter().find(|row| row["machine"] == case["machine"]);
        let speed_up = number(&hardware.expect("a row"), "relative_vcpu_speed") / REFERENCE;
        let cores = (plan.cpu.netflix.ceil() / speed_up - 1e-9).ceil();
        assert_eq!((cores / 3.0).floor(), is("cores_per_zone"), "{what}: {}", plan.cpu.netflix);

        // Two brokers a zone at least, for services of its tiers 0 and 1.
        let brokers = f64::from(plan.fleet.brokers / 3).max(2.0);
        let theirs = is("brokers_per_zone");
        // 38 cores are three times 12 there, and 19 machines of two here.
        let rounded_down = what == "100MiBs-3c-24h-rf3 r5.large";
        let expected = if rounded_down { theirs + 1.0 } else { theirs };
        assert_eq!(brokers, expected, "{what}: {:?}", plan.fleet.requirements);
        if brokers == theirs && plan.fleet.brokers >= 6 {
            let year = |component| plan.bill.of_component(component).as_f64() * 12.0;
            near(year(Component::Brokers), is("machines_usd_per_year"), 1e-6);
            // It rounds every volume up to 200 GiB, and buys a few operations beside.
            let volumes = is("volumes_usd_per_year") - year(Component::BlockStorage);
            let steps = 200.0 * 0.08 * 12.0 * f64::from(plan.fleet.brokers);
            let operations = 0.05 * is("volumes_usd_per_year");
            assert!(volumes >= 0.0 && volumes <= steps + operations, "{what}: {volumes} dollars");
        }
    }
}

/// The case that everyone can repeat: 100 MiB/s, three groups, a day: 21,093 GiB, 1,957 Mbps and 9 to 12 cores a zone.
#[test]
fn a_day_of_100_mib() {
    let prices = price_list();
    let cases = rows(CASES);
    let day: Vec<_> = cases.iter().filter(|case| case["case"] == "100MiBs-3c-24h-rf3").collect();
    assert_eq!(day.len(), 5);
    for case in day {
        let plan = ours(case, &prices, true);
        near(plan.storage.provisioned.as_gib() / 3.0, 21_093.0, 1e-4);
        near(of_a_zone(&plan, Resource::Network) * 8.388_608, 1_957.0, 2e-4);
        near(plan.cpu.netflix, 50.0, 1e-4);
    }
}

/// Where we do not follow it: cores by the square of readers, and page cache for one copy.
#[test]
fn where_its_equations_and_ours_part() {
    let prices = price_list();
    let case = |id: &str, machine: &str| {
        let mut cases = rows(CASES).into_iter();
        cases.find(|case| case["case"] == id && case["machine"] == machine).expect("a case")
    };
    let mut day = case("100MiBs-3c-24h-rf3", "i3en.large");
    let cores = |groups: u32, case: &mut BTreeMap<String, String>, slips| {
        case.insert("groups".to_owned(), groups.to_string());
        case.insert("brokers_max".to_owned(), "1000".to_owned());
        ours(case, &prices, slips).cpu.netflix
    };
    // 3 + 4 · groups² there, (3 + 4 · groups) · 2.5 here, before square-root staffing: they meet at three.
    let [one, three, ten] =
        [1, 3, 10].map(|groups| (cores(groups, &mut day, true), cores(groups, &mut day, false)));
    near(one.0, 11.66, 1e-3);
    near(one.1, 24.1, 1e-2);
    near(three.0 / three.1, 1.06, 1e-2);
    near(ten.0, 438.4, 1e-3);
    near(ten.1, 123.9, 1e-3);

    // Page cache: three times as much, and memory then decides where volumes hold the data.
    let day = case("100MiBs-3c-24h-rf3", "r6a.large");
    let (theirs, right) = (ours(&day, &prices, true), ours(&day, &prices, false));
    let cache = |plan: &Plan| of_a_zone(plan, Resource::PageCache);
    near(cache(&right) / cache(&theirs), 3.0, 1e-12);
    assert_eq!((theirs.fleet.brokers, right.fleet.brokers), (18, 54));
    assert_eq!(right.fleet.bottleneck, Resource::PageCache);
}

/// What it leaves out: its cheapest plan for 100 MiB/s and a day costs $42,731 a year, and zone crossing $287,628 more.
#[test]
fn what_it_leaves_out() {
    let prices = price_list();
    let mut cases = rows(CASES).into_iter();
    let day = cases.find(|case| case["case"] == "100MiBs-3c-24h-rf3").expect("a case");
    let plan = ours(&day, &prices, true);
    assert_eq!((plan.fleet.brokers, plan.machine.as_str()), (57, "i3en.large"));
    let year = |component| plan.bill.of_component(component).as_f64() * 12.0;
    near(year(Component::Brokers), 42_731.19, 1e-6);
    // Its year has 8,765.8 hours.
    let hours = 31_556_926.0 / 3_600.0 / 8_760.0;
    near(year(Component::ZoneCrossing) * hours, 164_359.0, 1e-4);
    let mut leaders = plan.design.clone();
    leaders.settings.set("follower_fetching", "false").expect("a flag");
    let scenario = parse(
        &Case {
            stream: "produce = \"100 MiB/s\"\nretention = \"24 h\"\npartitions = 3",
            platform: "preset = \"kafka-nvme\"",
            ..BASE
        }
        .text(),
    );
    let month = scenario.horizon.month(0);
    let plan = model::plan(&leaders, &scenario.workload, month, &prices).expect("a plan");
    let crossing = plan.bill.of_component(Component::ZoneCrossing).as_f64() * 12.0 * hours;
    near(crossing, 287_628.0, 1e-4);
}
