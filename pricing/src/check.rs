//! Whether a catalogue can be relied on.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use model::prices::{Machine, Meter, PriceUnit};
use model::units::ByteRate;

use crate::catalog::{self, Catalog, DISKS, MACHINES, METERS, TOP, VENDORS};
use crate::cells::{self, Sources};
use crate::findings::{Finding, Problem, Regions};
use crate::ladders;
use crate::price_list::REGION_OUT;
use crate::shapes::{Need, Shape, Shapes};
use model::order;

/// What [`Catalog::check`] returns.
pub(crate) fn check(catalog: &Catalog) -> Vec<Finding> {
    let mut findings = Vec::new();
    let sources = catalog.sources(&mut findings);
    catalog.units(&sources, &mut findings);
    catalog.services("", &mut findings);
    for path in catalog.files.keys() {
        if !TOP.contains(&path.as_ref()) && catalog::provider_file(path).is_none() {
            findings.push(whole(path, Problem::StrayFile));
        }
    }
    let vendors = Vendors::read(catalog, &sources, &mut findings);
    let mut checked = Vec::new();
    for (provider, regions) in catalog.regions() {
        if regions.is_empty() {
            let problem = Problem::NoRegions { provider: provider.clone() };
            findings.push(whole(&catalog::path(&provider, MACHINES), problem));
            continue;
        }
        let shapes = check_provider(catalog, &provider, &sources, &vendors, &mut findings);
        checked.extend(shapes.map(|shapes| (provider, shapes)));
    }
    roles_are_filled(&checked, &mut findings);
    order::sort_by(&mut findings, |a, b| {
        (Reverse(a.severity()), &a.file, a.line).cmp(&(Reverse(b.severity()), &b.file, b.line))
    });
    findings
}

/// On-demand prices of a region: what they buy and where they stand.
struct Region {
    name: String,
    file: String,
    prices: BTreeMap<String, (PriceUnit, u64)>,
}

impl Region {
    fn read(
        name: &str,
        file: &str,
        text: &str,
        columns: &[&str],
        sources: &Sources,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let records = cells::records(file, text, columns, findings);
        let ladders = ladders::ladders(file, &records, sources, findings);
        let prices = ladders
            .iter()
            .filter(|ladder| ladder[0].is_current())
            .map(|ladder| (ladder[0].sku.to_owned(), (ladder[0].per, ladder[0].line)))
            .collect();
        Self { name: name.to_owned(), file: file.to_owned(), prices }
    }
}

/// What is the same everywhere: a region of its own, whose meters count on every provider.
struct Vendors {
    prices: BTreeSet<String>,
    meters: BTreeSet<Meter>,
}

impl Vendors {
    fn read(catalog: &Catalog, sources: &Sources, findings: &mut Vec<Finding>) -> Self {
        let before = findings.len();
        let shapes = catalog.vendor_shapes(sources, findings);
        let text = catalog.files.get(VENDORS).map(AsRef::as_ref);
        let text = text.unwrap_or_default();
        let vendors = match text {
            "" => Region { name: String::new(), file: VENDORS.to_owned(), prices: BTreeMap::new() },
            text => Region::read("", VENDORS, text, ladders::VENDOR_COLUMNS, sources, findings),
        };
        let meters = shapes.meters.iter().map(|shape| shape.meter).collect();
        let vendors = [vendors];
        if findings.len() == before {
            machines_have_prices(&shapes, &vendors, findings);
            prices_have_shapes(&shapes, &vendors, findings);
            check_needs(&shapes, &vendors, findings);
        }
        let [vendors] = vendors;
        Self { prices: vendors.prices.into_keys().collect(), meters }
    }
}

/// The provider's shapes, unless it has faults.
fn check_provider(
    catalog: &Catalog,
    provider: &str,
    sources: &Sources,
    vendors: &Vendors,
    findings: &mut Vec<Finding>,
) -> Option<Shapes> {
    let before = findings.len();
    let shapes = catalog.shapes(provider, sources, findings);
    let mut regions = Vec::new();
    for (file, text) in catalog.region_texts(Some(provider)) {
        let name = catalog::provider_file(file).map_or(file, |(_, name)| name);
        regions.push(Region::read(name, file, text, ladders::COLUMNS, sources, findings));
    }
    // A row that cannot be read would be missed again by everything that needs it: what follows waits until all can.
    if findings.len() > before {
        return None;
    }
    machines_have_prices(&shapes, &regions, findings);
    pools_are_sold(&shapes, &regions, findings);
    limits_are_stated(&shapes, findings);
    prices_have_shapes(&shapes, &regions, findings);
    check_needs(&shapes, &regions, findings);
    for region in &regions {
        for (sku, (_, line)) in
            region.prices.iter().filter(|(sku, _)| vendors.prices.contains(*sku))
        {
            let problem = Problem::PricedByVendor { sku: sku.clone(), vendors: VENDORS };
            findings.push(Finding { file: region.file.clone(), line: Some(*line), problem });
        }
    }
    let mapped = |meter: &Meter| {
        vendors.meters.contains(meter) || shapes.meters.iter().any(|shape| shape.meter == *meter)
    };
    // A service that a provider does not have needs no meters.
    let general = |meter: &&Meter| !meter.name().starts_with("managed-");
    let unmapped = Meter::ALL.iter().filter(general).filter(|meter| !mapped(meter));
    let meters: Vec<_> = unmapped.map(|meter| meter.name()).collect();
    if !meters.is_empty() {
        findings.push(whole(&catalog::path(provider, METERS), Problem::UnmappedMeters { meters }));
    }
    let sends = |region: &Region| region.prices.keys().any(|sku| sku.starts_with(REGION_OUT));
    if regions.len() > 1 && !regions.iter().any(sends) {
        let problem = Problem::NoRegionOut { sku: REGION_OUT };
        findings.push(whole(&catalog::path(provider, METERS), problem));
    }
    Some(shapes)
}

/// What one provider has a machine or a disk for, others should have too: scenarios that name the role work on all.
fn roles_are_filled(checked: &[(String, Shapes)], findings: &mut Vec<Finding>) {
    let machine_roles = |shapes: &Shapes| -> BTreeSet<String> {
        shapes.machines.iter().map(|shape| shape.machine.role.clone()).collect()
    };
    let disk_roles = |shapes: &Shapes| -> BTreeSet<String> {
        shapes.disks.iter().map(|shape| shape.disk.role.clone()).collect()
    };
    type Roles<'a> = &'a dyn Fn(&Shapes) -> BTreeSet<String>;
    let kinds: [(_, _, Roles); 2] =
        [("machine", MACHINES, &machine_roles), ("disk", DISKS, &disk_roles)];
    for (kind, name, roles) in kinds {
        let known: BTreeSet<_> = checked.iter().flat_map(|(_, shapes)| roles(shapes)).collect();
        for (provider, shapes) in checked {
            for role in known.difference(&roles(shapes)).filter(|role| !role.is_empty()) {
                let problem = Problem::RoleNotFilled { kind, role: role.clone() };
                findings.push(whole(&catalog::path(provider, name), problem));
            }
        }
    }
}

fn needs(shapes: &Shapes) -> impl Iterator<Item = Need<'_>> {
    let disks = shapes.disks.iter().flat_map(|shape| shape.needs());
    disks.chain(shapes.meters.iter().map(|shape| shape.need()))
}

fn machines_have_prices(shapes: &Shapes, regions: &[Region], findings: &mut Vec<Finding>) {
    for shape in &shapes.machines {
        let need = shape.need();
        let mut priced = false;
        for region in regions {
            if let Some(&price) = region.prices.get(&shape.sku) {
                priced = true;
                findings.extend(measure_fits(&need, region, price));
            }
        }
        if !priced {
            let (pool, machine) = (shape.machine.pool.clone(), shape.machine.name.clone());
            let problem = Problem::MachineWithoutPrice { pool, machine, sku: shape.sku.clone() };
            findings.push(Finding { file: need.file.to_owned(), line: Some(shape.line), problem });
        }
    }
}

/// Machines differ by region; that a region has none of a kind is worth knowing.
fn pools_are_sold(shapes: &Shapes, regions: &[Region], findings: &mut Vec<Finding>) {
    let mut pools = BTreeMap::<&str, Vec<&Shape>>::new();
    for shape in &shapes.machines {
        pools.entry(&shape.machine.pool).or_default().push(shape);
    }
    for (pool, machines) in pools {
        let (with, without) = regions.iter().partition(|region| {
            machines.iter().any(|shape| region.prices.contains_key(&shape.sku))
        });
        let regions = named(without, with);
        // Machines that are sold nowhere are faults.
        if !regions.these.is_empty() && !regions.others.is_empty() {
            let problem = Problem::PoolNotSold { pool: pool.to_owned(), regions };
            let (file, line) = (machines[0].file.to_string(), Some(machines[0].line));
            findings.push(Finding { file, line, problem });
        }
    }
}

/// Machines that are sold by what they are made of, and of which no page states how much they move.
fn limits_are_stated(shapes: &Shapes, findings: &mut Vec<Finding>) {
    let mut pools = BTreeMap::<&str, Vec<&Shape>>::new();
    let made_of_parts =
        |shape: &&Shape| shape.machine.rated_ingress.is_none() && shape.machine.vcpu > 0.0;
    for shape in shapes.machines.iter().filter(made_of_parts) {
        pools.entry(&shape.machine.pool).or_default().push(shape);
    }
    type Limit = fn(&Machine) -> Option<ByteRate>;
    let limits: [(_, Limit); 2] = [("network", |one| one.network), ("block", |one| one.block)];
    for (pool, machines) in pools {
        for (column, limit) in limits {
            let mut without = machines.iter().filter(|shape| limit(&shape.machine).is_none());
            let Some(first) = without.next() else { continue };
            let problem = Problem::NoLimit {
                column,
                count: 1 + without.count(),
                of: machines.len(),
                pool: pool.to_owned(),
                machine: first.machine.name.clone(),
            };
            let (file, line) = (first.file.to_string(), Some(first.line));
            findings.push(Finding { file, line, problem });
        }
    }
}

fn named(these: Vec<&Region>, others: Vec<&Region>) -> Regions {
    let names = |regions: Vec<&Region>| regions.iter().map(|region| region.name.clone()).collect();
    Regions { these: names(these), others: names(others) }
}

/// A pool's SKUs share a beginning, before the machine's name; what else begins so must be a machine too, or what a
/// disk or a meter is billed by.
fn prices_have_shapes(shapes: &Shapes, regions: &[Region], findings: &mut Vec<Finding>) {
    let mut beginnings = BTreeMap::new();
    for shape in &shapes.machines {
        match shape.sku.strip_suffix(&*shape.machine.name) {
            Some(beginning) if !beginning.is_empty() => {
                beginnings.insert(beginning, &*shape.machine.pool)
            }
            _ => None,
        };
    }
    let mut known: BTreeSet<&str> = shapes.machines.iter().map(|shape| &*shape.sku).collect();
    known.extend(needs(shapes).map(|need| need.sku));
    for region in regions {
        for (sku, (_, line)) in &region.prices {
            let pool = beginnings.iter().find(|(beginning, _)| sku.starts_with(**beginning));
            // One finding for a SKU is enough, whatever the number of regions.
            if let Some((_, pool)) = pool
                && known.insert(sku)
            {
                let (sku, pool) = (sku.clone(), (*pool).to_owned());
                let problem = Problem::PriceWithoutShape { sku, pool };
                findings.push(Finding { file: region.file.clone(), line: Some(*line), problem });
            }
        }
    }
}

/// Prices of disks and meters: what the same regions lack is one finding.
fn check_needs(shapes: &Shapes, regions: &[Region], findings: &mut Vec<Finding>) {
    let mut lacking = BTreeMap::<_, Vec<Need>>::new();
    for need in needs(shapes) {
        let (with, without): (Vec<_>, Vec<_>) =
            regions.iter().partition(|region| region.prices.contains_key(need.sku));
        for region in &with {
            findings.extend(measure_fits(&need, region, region.prices[need.sku]));
        }
        if with.is_empty() && !need.may_be_unpublished {
            let (what, sku) = (need.what, need.sku.to_owned());
            let problem = Problem::PricedNowhere { what, sku };
            findings.push(Finding { file: need.file.to_owned(), line: Some(need.line), problem });
        } else if !without.is_empty() {
            let key = (need.file.to_owned(), named(without, with));
            lacking.entry(key).or_default().push(need);
        }
    }
    for ((file, regions), needs) in lacking {
        let line = needs.first().map(|need| need.line);
        let what = needs.into_iter().map(|need| (need.what, need.sku.to_owned())).collect();
        let problem = match regions.others.is_empty() {
            true => Problem::NotPublic { what },
            false => Problem::NoPriceHere { regions, what },
        };
        findings.push(Finding { file, line, problem });
    }
}

fn measure_fits(need: &Need, region: &Region, (unit, line): (PriceUnit, u64)) -> Option<Finding> {
    let (what, sku, measure) = (need.what.clone(), need.sku.to_owned(), need.measure);
    (unit.measure() != measure).then(|| {
        let problem = Problem::WrongMeasure { what, sku, unit, measure };
        Finding { file: region.file.clone(), line: Some(line), problem }
    })
}

fn whole(file: &str, problem: Problem) -> Finding {
    Finding { file: file.to_owned(), line: None, problem }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::findings::Severity;

    const SOURCES_CSV: &str = "id,source,covers,date,confidence\npage,a price page,all,2026,high\n";
    const MACHINES_CSV: &str = "pool,machine,sku,vcpu,memory,network,network_burst,block,block_burst,block_iops,local_capacity,local_kind,rated_ingress,rated_egress,partitions,role,source\n\
        compute,m1,vm:m1,2,8 GiB,1 Gbps,5 Gbps,80 MB/s,,3000,950 GB,ssd,,,,,page\n";
    const DISKS_CSV: &str = "disk,role,local,attached,capacity_sku,iops_sku,throughput_sku,size_min,size_max,iops_base,iops_max,throughput_base,throughput_per_tib,throughput_max,source,notes\n\
        ssd,,false,true,disk:ssd,,,1 GiB,64 TiB,3000,3000,125 MB/s,,125 MB/s,page,\n";
    const METERS_CSV: &str = "meter,pool,sku,notes\nobject-capacity,,blob:storage,\n";
    pub(crate) const REGION_CSV: &str = "sku,price,currency,per,tier_from,commitment,basis,group,source,as_of,notes\n\
        vm:m1,0.1,USD,h,0,on_demand,listed,compute,page,2026-11-01,\n\
        vm:m1,0.06,USD,h,0,ri_1y_all_upfront,listed,compute,page,2026-11-01,\n\
        disk:ssd,0.08,USD,GiB-month,0,on_demand,listed,block-storage,page,2026-11,\n\
        blob:storage,0.023,USD,GiB-month,0,on_demand,listed,object-storage,page,2026,\n\
        blob:storage,0.022,USD,GiB-month,51200,on_demand,listed,object-storage,page,2026,\"a, b\"\n";

    const FILES: [(&str, &str); 5] = [
        ("sources.csv", SOURCES_CSV),
        ("acme/machines.csv", MACHINES_CSV),
        ("acme/disks.csv", DISKS_CSV),
        ("acme/meters.csv", METERS_CSV),
        ("acme/north.csv", REGION_CSV),
    ];

    /// The small catalogue with one file changed.
    pub(crate) fn changed(file: &str, from: &str, to: &str) -> Catalog {
        Catalog::from_files(FILES.map(|(path, text)| {
            assert!(path != file || text.contains(from), "{file} has no {from}");
            let text = if path == file { text.replacen(from, to, 1) } else { text.to_owned() };
            (format!("./{path}"), text)
        }))
    }

    fn faults(catalog: &Catalog) -> Vec<String> {
        let findings = catalog.check().into_iter();
        let faults = findings.filter(|finding| finding.severity() == Severity::Fault);
        faults.map(|finding| finding.to_string()).collect()
    }

    #[test]
    fn the_embedded_catalogue_has_no_faults() {
        assert_eq!(faults(&Catalog::embedded()), Vec::<String>::new());
    }

    #[test]
    fn the_gaps_of_the_embedded_catalogue_are_known() {
        let gaps: Vec<_> = Catalog::embedded().check().iter().map(Finding::to_string).collect();
        insta::assert_snapshot!(gaps.join("\n"));
    }

    #[test]
    fn every_fault_is_found_where_it_is() {
        let north = "acme/north.csv";
        check(north, "", "", &[]);
        check(north, "51200", "0", &["6: the price of `blob:storage` from 0 stands on line 5"]);
        check(
            north,
            ",0,on_demand,listed,object",
            ",60000,on_demand,listed,object",
            &[
                "5: the first tier of `blob:storage` starts at 60000, not at 0",
                "6: the tier of `blob:storage` from 51200 overlaps the one from 60000",
            ],
        );
        check(
            north,
            "disk:ssd,0.08,USD,GiB-month",
            "disk:ssd,0.08,USD,furlong",
            &["4: `furlong` is not a per"],
        );
        check(north, "2026-11,", "2026-13,", &["4: `2026-13` is not a date"]);
        check(north, "page,2026-11,", "hearsay,2026-11,", &["4: there is no source `hearsay`"]);
        check(north, "0.08", "-0.08", &["4: price is negative: `-0.08`"]);
        check(north, "0.08", "1000000001", &["4: price is too large: `1000000001`"]);
        check(north, "0.08", "1000000000", &[]);
        check(north, "51200", "1e999", &["6: `1e999` cannot be read as tier_from"]);
        check(north, "0.08", "cheap", &["4: `cheap` cannot be read as price"]);
        check(north, "block-storage", "disks", &["4: `disks` is not a group"]);
        check(north, "0.08,USD", "0.08,EUR", &["4: `EUR` is not a currency"]);
        check(
            north,
            "0.06,USD,h,0,ri_1y_all_upfront",
            "0.06,USD,h,0,ondemand",
            &["3: `ondemand` is not a commitment"],
        );
        check(north, "\"a, b\"", "a, b", &["6: the row has 12 cells where there are 11 columns"]);
        check(north, "as_of", "date", &["1: the columns are not the expected ones"]);
        check(
            north,
            "0.022,USD,GiB-month",
            "0.022,USD,GB-month",
            &["6: the tiers of `blob:storage` differ in per"],
        );
        check(
            north,
            "vm:m1,0.06,USD,h,0,ri_1y_all_upfront",
            "vm:m1,0.1,USD,h,0,on_demand",
            &["3: the price of `vm:m1` from 0 stands on line 2"],
        );
        check(
            north,
            "vm:m1,0.06,USD,h,0,ri_1y_all_upfront",
            "vm:m2,0.1,USD,h,0,on_demand",
            &["3: `vm:m2` is priced like a machine of pool `compute`"],
        );
        check(
            north,
            "vm:m1,0.1,USD,h",
            "vm:m1,0.1,USD,GiB",
            &["2: `vm:m1` is a price for data moved, and machine `m1` needs one for hours"],
        );
        check(
            north,
            "vm:m1,0.1,USD,h,0,on_demand",
            "vm:m1,0.1,USD,h,0,ri_3y_all_upfront",
            &["acme/machines.csv:2: machine `m1` of pool `compute` has no on-demand price"],
        );
        check(
            north,
            "disk:ssd",
            "disk:hdd",
            &["acme/disks.csv:2: `disk:ssd`, for capacity of disk `ssd`, has no on-demand price"],
        );
        check(
            "acme/machines.csv",
            "8 GiB",
            "8 furlongs",
            &["2: `8 furlongs` cannot be read as memory: `furlongs` is not a unit"],
        );
        check("acme/machines.csv", "8 GiB", "-8 GiB", &["2: memory is negative"]);
        check("acme/machines.csv", "5 Gbps", "0 Gbps", &[]);
        check("acme/machines.csv", ",3000,", ",-3000,", &["2: block_iops is negative"]);
        check("acme/machines.csv", ",3000,", ",0,", &[]);
        for endless in ["1e999", "inf", "NaN"] {
            let expected = format!("2: `{endless}` cannot be read as block_iops");
            check("acme/machines.csv", ",3000,", &format!(",{endless},"), &[&expected]);
        }
        check("acme/machines.csv", "ssd,,", "tape,,", &["2: `tape` is not a local_kind"]);
        check("acme/disks.csv", "false,true", "perhaps,true", &["2: `perhaps` is not a local"]);
        check("acme/disks.csv", "disk:ssd", "", &["2: disk `ssd` has no SKU for its capacity"]);
        check(
            "acme/disks.csv",
            "false,true",
            "true,true",
            &["2: disk `ssd` is local and has a SKU"],
        );
        check("acme/meters.csv", "object-capacity", "objects", &["2: `objects` is not a meter"]);
        check("sources.csv", "2026", "lately", &["2: `lately` is not a date"]);
    }

    const VENDORS_CSV: &str = "sku,price,currency,per,tier_from,commitment,basis,group,source,as_of,notes,price_max,valid_from,valid_to\n\
        svc:unit,1.75,USD,h,0,on_demand,range,compute,page,2026,,2.25,,\n\
        svc:unit,3,USD,h,0,on_demand,listed,compute,page,2024,,,2024,2026-03-01\n";

    /// The small catalogue with vendors, whose file has something changed.
    fn sold(from: &str, to: &str) -> Catalog {
        assert!(VENDORS_CSV.contains(from), "{from}");
        changed("sources.csv", "", "").with_file("vendors.csv", VENDORS_CSV.replacen(from, to, 1))
    }

    #[test]
    fn a_range_has_two_ends_and_an_ended_price_is_not_charged() {
        let catalog = sold("", "");
        assert_eq!(faults(&catalog), Vec::<String>::new());
        let list = catalog.price_list(&north()).expect("a price list");
        let units: Vec<_> = list.prices.iter().filter(|price| price.sku == "svc:unit").collect();
        assert_eq!((units.len(), units[0].tiers[0].usd.exact().as_str()), (1, "2.25"));
        let rows = catalog.vendor_rows().expect("rows");
        assert_eq!((rows.len(), rows[1].valid_to.as_str()), (2, "2026-03-01"));

        // A range may be as wide as a single price.
        assert_eq!(faults(&sold("2.25", "1.75")), Vec::<String>::new());
        let line = "vendors.csv:2:";
        let wrong = [
            ("2.25", "1.5", "`svc:unit` is a `range` from 1.75 to 1.5"),
            ("range", "listed", "`svc:unit` is a `range` from 1.75 to 2.25"),
            (",2.25", ",", "`price_max` is empty"),
            (",2.25,", ",2.25,soon", "`soon` is not a date"),
        ];
        for (from, to, expected) in wrong {
            assert_eq!(faults(&sold(from, to)), [format!("{line} {expected}")]);
        }
        let twice = sold("svc:unit", "disk:ssd");
        let expected = "acme/north.csv:4: `disk:ssd` has a price in vendors.csv already";
        assert_eq!(faults(&twice), [expected]);
    }

    /// Where the SKU is the name itself, every SKU begins as those of the pool do.
    #[test]
    fn a_machine_without_a_beginning_of_its_own_claims_no_other_price() {
        let region = REGION_CSV.replace("vm:m1", "m1")
            + "lb:hour,0.02,USD,h,0,on_demand,listed,network,page,2026,\n";
        let catalog = changed("acme/machines.csv", "m1,vm:m1", "m1,m1");
        assert_eq!(faults(&catalog.with_file("acme/north.csv", region)), Vec::<String>::new());
    }

    #[test]
    fn prices_for_data_sent_elsewhere_are_missed_where_there_is_an_elsewhere() {
        let missed = |catalog: &Catalog| {
            let findings = catalog.check();
            findings.iter().any(|one| matches!(one.problem, Problem::NoRegionOut { .. }))
        };
        let one = changed("acme/north.csv", "", "");
        assert!(!missed(&one));
        let two = one.with_file("acme/south.csv", REGION_CSV);
        assert!(missed(&two));
        let out = format!(
            "{REGION_CSV}{REGION_OUT}north,0.01,USD,GiB,0,on_demand,listed,network,page,2026,\n"
        );
        assert!(!missed(&two.with_file("acme/south.csv", out)));
    }

    #[test]
    fn a_capacity_unit_has_each_version_once() {
        const UNITS: &str = "unit,version,write,read,partitions,valid_from,valid_to,source,notes\n\
            AU,1,20 MB/s,,,,2025,page,\nAU,2,30 MB/s,,,2025,,page,\n";
        let with = |text: String| {
            faults(&changed("sources.csv", "", "").with_file("capacity-units.csv", text))
        };
        assert_eq!(with(UNITS.to_owned()), Vec::<String>::new());
        let twice = with(UNITS.replace("AU,2", "AU,1"));
        assert_eq!(twice, ["capacity-units.csv:3: version 1 of `AU` stands on line 2 already"]);
        let furlongs = with(UNITS.replace("30 MB/s", "30 furlongs"));
        assert!(furlongs[0].contains("cannot be read as write"), "{furlongs:?}");
    }

    pub(crate) fn north() -> model::scenario::PriceChoice {
        model::scenario::PriceChoice {
            provider: "acme".to_owned(),
            region: "north".to_owned(),
            overrides: Vec::new(),
            discounts: Default::default(),
        }
    }

    #[track_caller]
    fn check(file: &str, from: &str, to: &str, expected: &[&str]) {
        let found = faults(&changed(file, from, to));
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            let (place, what) = expected.split_once(": ").expect("a place");
            let place =
                if place.contains(':') { place.to_owned() } else { format!("{file}:{place}") };
            assert!(found.starts_with(&format!("{place}: {what}")), "{found} is not {expected}");
        }
    }

    #[test]
    fn a_fault_stops_the_price_list_and_says_where() {
        let catalog = changed("acme/north.csv", "0.08,USD", "-0.08,EUR");
        let errors = catalog.price_list(&north()).expect_err("faults");
        let texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "acme/north.csv:4: price is negative: `-0.08`",
                "acme/north.csv:4: `EUR` is not a currency"
            ]
        );
        assert_eq!(errors[1].hint(), "use one of `USD`");
        assert_eq!(catalog.rows("acme", "north"), Err(errors));
        assert!(changed("sources.csv", "", "").price_list(&north()).is_ok());
    }

    #[test]
    fn missing_and_stray_files_are_noted() {
        let text = String::new;
        let catalog = Catalog::from_files([
            ("acme/north.csv".to_owned(), REGION_CSV.to_owned()),
            ("acme/old/north.csv".to_owned(), text()),
            ("void/disks.csv".to_owned(), text()),
            ("README.md".to_owned(), text()),
        ]);
        let found = faults(&catalog);
        for expected in [
            "sources.csv: the file is missing",
            "acme/machines.csv: the file is missing",
            "acme/old/north.csv: the file is not part of a catalogue",
            "void/machines.csv: `void` has no region file",
        ] {
            assert!(found.iter().any(|fault| fault == expected), "{expected} not in {found:#?}");
        }
        assert!(!found.iter().any(|fault| fault.contains("README")), "{found:#?}");
    }

    /// A small generator, so that the same texts are tried every time.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(self.0 >> 33).unwrap_or(0) % sides
        }
    }

    #[test]
    fn hostile_text_is_refused_without_a_panic() {
        let pieces = [
            ",",
            "\"",
            "\n",
            "\r\n",
            "\0",
            "é",
            "∞",
            "-",
            "1e999",
            "99999999999999999999999999999",
            "0.00000000000000000000000000000001",
            "NaN",
            "2026-02-30",
            "GiB",
            "-0",
            " ",
            ";",
            "\u{feff}",
        ];
        let mut dice = Dice(7);
        for _ in 0..2000 {
            let top = [("vendors.csv", VENDORS_CSV), ("vendor-machines.csv", MACHINES_CSV)];
            let files = FILES.into_iter().chain(top).map(|(path, text)| {
                let mut text = text.to_owned();
                for _ in 0..dice.roll(4) {
                    let at = text.floor_char_boundary(dice.roll(text.len()));
                    let end = text.floor_char_boundary((at + dice.roll(12)).min(text.len()));
                    text.replace_range(at..end, pieces[dice.roll(pieces.len())]);
                }
                (path.to_owned(), text)
            });
            let catalog = Catalog::from_files(files);
            for finding in catalog.check() {
                assert!(!finding.to_string().is_empty() && !finding.fix().is_empty());
            }
            catalog.vocabulary();
            for error in catalog.price_list(&north()).err().unwrap_or_default() {
                assert!(!error.hint().is_empty());
            }
            let _ = catalog.rows("acme", "north");
            catalog.machine_elsewhere("acme", "compute", "m1");
        }
    }
}
