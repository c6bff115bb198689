//! One region's prices, with everything that they are for.

use std::collections::HashMap;

use model::bill::COMMITTED;
use model::map::Map;
use model::prices::{
    Commitment, Disk, Machine, Measure, Meter, MissingPrice, Price, PriceGroup, PriceId, PriceList,
};
use model::scenario::{PriceChoice, PriceOverride};
use rust_decimal::Decimal;

use crate::PAGE_REGIONS;
use crate::catalog::{self, Catalog, VENDOR_METERS, VENDORS};
use crate::cells;
use crate::findings::{CatalogError, Finding, Problem};
use crate::ladders::{self, Ladder, PriceRow};
use crate::shapes::{Need, Shape, Shapes};
use crate::units;
use model::order;

/// What [`Catalog::price_list`] returns.
pub(crate) fn price_list(
    catalog: &Catalog,
    choice: &PriceChoice,
) -> Result<PriceList, Vec<CatalogError>> {
    let PriceChoice { provider, region, .. } = choice;
    let (file, text) = catalog.region(provider, region).map_err(|error| vec![error])?;
    let mut findings = Vec::new();
    let sources = catalog.sources(&mut findings);
    let records = cells::records(&file, text, ladders::COLUMNS, &mut findings);
    let ladders = ladders::ladders(&file, &records, &sources, &mut findings);
    let vendor_text = catalog.files.get(VENDORS);
    let vendor_records = vendor_text
        .map(|text| cells::records(VENDORS, text, ladders::VENDOR_COLUMNS, &mut findings));
    let vendor_records = vendor_records.unwrap_or_default();
    let vendors = ladders::ladders(VENDORS, &vendor_records, &sources, &mut findings);
    let mut shapes = catalog.shapes(provider, &sources, &mut findings);
    shapes.extend(catalog.vendor_shapes(&sources, &mut findings));
    let units = catalog.units(&sources, &mut findings);
    let services = catalog.services(provider, &mut findings);
    catalog::faultless(findings)?;

    let mut shelf = Shelf::default();
    for ladder in ladders.iter().chain(&vendors).filter(|ladder| ladder[0].is_current()) {
        shelf.put(price(ladder, choice));
    }
    let mut errors = Vec::new();
    for own in &choice.overrides {
        shelf.replace(own).unwrap_or_else(|error| errors.push(error));
    }
    if shelf.prices.len() > PRICES_MAX {
        let (provider, region) = (provider.clone(), region.clone());
        let count = shelf.prices.len();
        errors.push(CatalogError::TooManyPrices { provider, region, count });
        // Identifiers would be ambiguous.
        return Err(errors);
    }
    let machines = machines(&shapes, &shelf, &mut errors);
    let commitments = commitments(&ladders, &machines, &mut shelf, choice);
    let unpriced = unpriced_pools(&shapes, &machines);
    let mut lacking = shelf.lacking(&shapes);
    lacking.extend(unpriced.iter().map(|shape| shape.sku.as_str()));
    let elsewhere = catalog.regions_with(provider, &lacking);
    let mut till = Till { shelf: &shelf, choice, elsewhere, errors };
    let unpriced_pools = unpriced
        .into_iter()
        .filter_map(|shape| Some((shape.machine.pool.clone(), till.find(&shape.need()).err()?)));
    let unpriced_pools = Map::from_iter(unpriced_pools);
    let (disks, missing) = disks(&shapes, &mut till);
    let meters = meters(&shapes, &mut till);
    if !till.errors.is_empty() {
        return Err(till.errors);
    }
    Ok(PriceList {
        provider: provider.clone(),
        region: region.clone(),
        region_out: shelf.region_out(),
        prices: shelf.prices,
        machines,
        commitments,
        disk_roles: Map::from_iter(
            shapes
                .disks
                .iter()
                .filter(|shape| !shape.disk.role.is_empty())
                .map(|shape| (shape.disk.role.clone(), shape.disk.name.clone())),
        ),
        disks,
        missing,
        meters,
        capacity_units: units::current(&units),
        pools: catalog.pools(),
        unpriced_pools,
        services,
    })
}

/// The most prices that a list can hold: identifiers from there on stand for a plan's own contracts, quotes and gaps.
const PRICES_MAX: usize = COMMITTED.0 as usize;

/// How a SKU begins that is for data sent to another region, whose name follows.
pub(crate) const REGION_OUT: &str = "data_transfer:inter_region:to:";

/// Prices, found by SKU.
#[derive(Default)]
struct Shelf {
    prices: Vec<Price>,
    by_sku: HashMap<String, usize>,
}

impl Shelf {
    fn put(&mut self, price: Price) {
        self.by_sku.insert(price.sku.clone(), self.prices.len());
        self.prices.push(price);
    }

    fn find(&self, sku: &str) -> Option<(PriceId, &Price)> {
        let index = *self.by_sku.get(sku)?;
        Some((PriceId(u16::try_from(index).ok()?), self.prices.get(index)?))
    }

    fn replace(&mut self, own: &PriceOverride) -> Result<(), CatalogError> {
        let measure = own.unit.measure();
        let Some(price) = self.by_sku.get(&own.sku).and_then(|&index| self.prices.get_mut(index))
        else {
            self.put(contracted(own, usual_group(measure)));
            return Ok(());
        };
        let expected = price.unit.measure();
        if measure != expected {
            let sku = own.sku.clone();
            return Err(CatalogError::OverrideMeasure { sku, found: measure, expected });
        }
        *price = contracted(own, price.group);
        Ok(())
    }

    /// What data costs that leaves for another region, by that region.
    fn region_out(&self) -> Map<String, PriceId> {
        let to =
            self.by_sku.keys().filter_map(|sku| sku.strip_prefix(REGION_OUT).zip(self.find(sku)));
        let to = to.filter(|(_, (_, price))| price.unit.measure() == Measure::Moved);
        Map::from_iter(to.map(|(region, (id, _))| (region.to_owned(), id)))
    }

    /// The SKUs that disks and meters need and that are not here, but may be in another region: what vendors bill is the
    /// same in all.
    fn lacking<'s>(&self, shapes: &'s Shapes) -> Vec<&'s str> {
        let disks = shapes.disks.iter().flat_map(|shape| shape.needs().map(|need| need.sku));
        let own = shapes.meters.iter().filter(|shape| *shape.file != *VENDOR_METERS);
        let meters = own.map(|shape| &*shape.sku);
        disks.chain(meters).filter(|sku| !self.by_sku.contains_key(*sku)).collect()
    }
}

/// Finds prices for what needs them; wrong ones are errors, missing ones an answer.
struct Till<'a> {
    shelf: &'a Shelf,
    choice: &'a PriceChoice,
    elsewhere: Map<&'a str, Vec<String>>,
    errors: Vec<CatalogError>,
}

impl Till<'_> {
    /// Regions that have a SKU: those that every copy of the program knows, so that all say the same; others where none
    /// of these has it.
    fn elsewhere(&self, sku: &str) -> Vec<String> {
        let all = self.elsewhere.get(sku).cloned().unwrap_or_default();
        let known = |region: &&String| {
            PAGE_REGIONS.contains(&format!("{}/{region}.csv", self.choice.provider).as_str())
        };
        let near: Vec<String> = all.iter().filter(known).cloned().collect();
        if near.is_empty() { all } else { near }
    }

    fn find(&mut self, need: &Need) -> Result<PriceId, MissingPrice> {
        let Some((id, price)) = self.shelf.find(need.sku) else {
            return Err(MissingPrice {
                what: need.what.clone(),
                sku: need.sku.to_owned(),
                measure: Some(need.measure),
                provider: self.choice.provider.clone(),
                region: self.choice.region.clone(),
                elsewhere: self.elsewhere(need.sku).into(),
            });
        };
        self.errors.extend(wrong_measure(need, price));
        Ok(id)
    }
}

fn wrong_measure(need: &Need, price: &Price) -> Option<CatalogError> {
    let (unit, measure) = (price.unit, need.measure);
    if unit.measure() == measure {
        return None;
    }
    let sku = price.sku.clone();
    if price.basis == OWN {
        return Some(CatalogError::OverrideMeasure {
            sku,
            found: unit.measure(),
            expected: measure,
        });
    }
    let problem = Problem::WrongMeasure { what: need.what.clone(), sku, unit, measure };
    let finding = Finding { file: need.file.to_owned(), line: Some(need.line), problem };
    Some(CatalogError::Fault(Box::new(finding)))
}

const OWN: &str = "scenario";

fn price(ladder: &Ladder, choice: &PriceChoice) -> Price {
    let first = &ladder[0];
    let usd = |row: &PriceRow| row.price_max.unwrap_or(row.price);
    let tiers: Vec<_> = ladder.iter().map(|row| (row.tier_from, usd(row))).collect();
    let mut price = Price::new(
        first.sku,
        first.per,
        first.group,
        &tiers,
        &first.source,
        first.as_of,
        first.basis,
    );
    for (tier, row) in price.tiers.iter_mut().zip(ladder) {
        tier.low = row.price_max.map(|_| row.price);
    }
    price.set_discount(choice.discounts.get(&first.group).copied().unwrap_or_default());
    price
}

pub(crate) fn contracted(own: &PriceOverride, group: PriceGroup) -> Price {
    let ladder = [(Decimal::ZERO, own.price)];
    Price::new(&own.sku, own.unit, group, &ladder, &own.source, &own.as_of, OWN)
}

/// The group of a price that the region does not have. No discount applies to it, so this is only a label.
fn usual_group(measure: Measure) -> PriceGroup {
    match measure {
        Measure::Time | Measure::Held => PriceGroup::Compute,
        Measure::Spent => PriceGroup::Fees,
        Measure::Kept | Measure::Iops | Measure::Rate => PriceGroup::BlockStorage,
        Measure::Moved => PriceGroup::Network,
        Measure::Requests => PriceGroup::Requests,
    }
}

/// The first machine of each pool that has none with a price.
fn unpriced_pools<'s>(shapes: &'s Shapes, priced: &[Machine]) -> Vec<&'s Shape> {
    let mut list: Vec<&Shape> = Vec::new();
    for shape in &shapes.machines {
        let pool = &shape.machine.pool;
        let known = list.last().is_some_and(|last| last.machine.pool == *pool);
        if !known && !priced.iter().any(|machine| machine.pool == *pool) {
            list.push(shape);
        }
    }
    list
}

/// Machines with a price, by pool, then price, then name.
fn machines(shapes: &Shapes, shelf: &Shelf, errors: &mut Vec<CatalogError>) -> Vec<Machine> {
    let mut priced = Vec::new();
    for shape in &shapes.machines {
        let Some((id, price)) = shelf.find(&shape.sku) else { continue };
        if price.unit.measure() != Measure::Time {
            errors.extend(wrong_measure(&shape.need(), price));
        }
        priced.push(Machine { price: id, ..shape.machine.clone() });
    }
    sort_machines(&mut priced, &shelf.prices);
    priced
}

/// By pool, then list price, then name.
pub(crate) fn sort_machines(machines: &mut [Machine], prices: &[Price]) {
    let usd = |machine: &Machine| {
        let tiers = &prices[usize::from(machine.price.0)].tiers;
        tiers.first().map(|tier| tier.usd).unwrap_or_default()
    };
    order::sort_by(machines, |a, b| (&a.pool, usd(a), &a.name).cmp(&(&b.pool, usd(b), &b.name)));
}

/// What machines cost with a commitment. Their prices stand behind all others, under the machine's SKU with the commitment
/// behind it; a scenario's own quote for a machine is what its hours cost, however it came about.
fn commitments(
    ladders: &[Ladder],
    machines: &[Machine],
    shelf: &mut Shelf,
    choice: &PriceChoice,
) -> Vec<Commitment> {
    let mut list = Vec::new();
    for ladder in ladders {
        let first = &ladder[0];
        let Some(term) = first.term() else { continue };
        let Some((on_demand, listed)) = shelf.find(first.sku) else { continue };
        let of_machine = machines.iter().any(|machine| machine.price == on_demand);
        let full = shelf.prices.len() >= COMMITTED_MAX;
        if !of_machine || full || listed.basis == OWN || first.per.measure() != Measure::Time {
            continue;
        }
        let mut price = price(ladder, choice);
        price.sku = format!("{} ({})", first.sku, first.commitment);
        let Ok(index) = u16::try_from(shelf.prices.len()) else { continue };
        shelf.put(price);
        list.push(Commitment {
            on_demand,
            name: first.commitment.to_owned(),
            years: term.years,
            ahead: term.ahead,
            price: PriceId(index),
        });
    }
    list
}

/// Prices after which commitments are left out: identifiers beyond stand for something else.
const COMMITTED_MAX: usize = 60_000;

/// Disks with their prices; a price that is missing stands in the list besides.
fn disks(shapes: &Shapes, till: &mut Till) -> (Map<String, Disk>, Vec<MissingPrice>) {
    let (mut disks, mut missing) = (Map::new(), Vec::new());
    for shape in &shapes.disks {
        let mut disk = shape.disk.clone();
        for need in shape.needs() {
            let id = till.find(&need).unwrap_or_else(|miss| {
                missing.push(miss);
                PriceId::missing(missing.len() - 1)
            });
            match need.measure {
                Measure::Iops => disk.iops = Some(id),
                Measure::Rate => disk.throughput = Some(id),
                _ => disk.capacity = Some(id),
            }
        }
        disks.insert(disk.name.clone(), disk);
    }
    (disks, missing)
}

type Meters = Map<(Meter, String), Result<PriceId, MissingPrice>>;

fn meters(shapes: &Shapes, till: &mut Till) -> Meters {
    let shapes = shapes.meters.iter();
    let mut meters: Meters = Map::from_iter(
        shapes.map(|shape| ((shape.meter, shape.pool.clone()), till.find(&shape.need()))),
    );
    // An own quote may name the meter itself: what this provider calls it does not matter, or nobody has said.
    for meter in Meter::ALL {
        if let Some((id, _)) = till.shelf.find(meter.name()) {
            meters.insert((meter, String::new()), Ok(id));
        }
    }
    meters
}

#[cfg(test)]
mod tests {
    use model::prices::PriceUnit;

    use super::*;
    use crate::check;

    fn choice(region: &str) -> PriceChoice {
        PriceChoice {
            provider: "aws".to_owned(),
            region: region.to_owned(),
            overrides: Vec::new(),
            discounts: Map::new(),
        }
    }

    fn own(sku: &str, price: &str, per: &str) -> PriceOverride {
        PriceOverride {
            sku: sku.to_owned(),
            price: price.parse().expect("a price"),
            unit: PriceUnit::parse(per).expect("a unit").0,
            source: "quote 7".to_owned(),
            as_of: "2026-11".to_owned(),
            span: 0..0,
        }
    }

    fn of(choice: &PriceChoice) -> PriceList {
        Catalog::embedded().price_list(choice).expect("a price list")
    }

    fn named<'a>(list: &'a PriceList, sku: &str) -> &'a Price {
        list.prices.iter().find(|price| price.sku == sku).expect("a price")
    }

    fn tiers(price: &Price) -> Vec<(String, String)> {
        price.tiers.iter().map(|tier| (tier.from.to_string(), tier.usd.exact())).collect()
    }

    #[test]
    fn every_region_of_every_provider_has_a_price_list() {
        for (provider, regions) in Catalog::embedded().regions() {
            for region in regions {
                let list = of(&PriceChoice { provider: provider.clone(), ..choice(&region) });
                for meter in [Meter::ZoneOut, Meter::ZoneIn] {
                    assert!(list.meter(meter).is_ok(), "{region}: {}", meter.name());
                }
                assert!(list.disk("local-nvme").is_ok(), "{region}");
                assert!(list.disk_roles.contains_key("general-purpose"), "{region}");
                for role in ["controller", "coordinator"] {
                    let of_role = list.machines.iter().filter(|machine| machine.role == role);
                    assert_eq!(of_role.count(), 1, "{region}: {role}");
                }
                let own = list.machines.iter().filter(|machine| machine.pool == "compute");
                for machine in own {
                    let sku = &list.price(machine.price).sku;
                    assert!(sku.ends_with(&machine.name), "{region}: {} has {sku}", machine.name);
                }
            }
        }
    }

    #[test]
    fn a_ladder_is_exact() {
        let list = of(&choice("us-east-1"));
        let storage = list.price(list.meter(Meter::ObjectCapacity).expect("a price"));
        let expected = [("0", "0.023"), ("51200", "0.022"), ("512000", "0.021")];
        assert_eq!(tiers(storage), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert_eq!(storage.unit, PriceUnit::GibMonth);
        assert_eq!(storage.as_of, "2025-06-05");
    }

    #[test]
    fn machines_stand_by_pool_then_price_then_name() {
        let list = of(&choice("us-east-1"));
        let key = |machine: &Machine| {
            let usd = list.price(machine.price).tiers[0].usd;
            (machine.pool.clone(), usd, machine.name.clone())
        };
        assert!(list.machines.is_sorted_by_key(key));
        let large = list.machines.iter().find(|machine| machine.name == "m7g.large");
        let large = large.expect("a machine");
        assert_eq!(large.network, Some(model::units::ByteRate::from_gbps(0.937)));
        assert_eq!(large.block, Some(model::units::ByteRate::from_mb_per_sec(78.75)));
        assert_eq!(large.memory, model::units::Bytes::from_gib(8.0));
        assert_eq!(large.local, None);
    }

    #[test]
    fn an_override_replaces_the_whole_ladder() {
        let storage = own("s3:standard:storage", "0.019", "GB-month");
        let choice = PriceChoice { overrides: vec![storage], ..choice("us-east-1") };
        let list = of(&choice);
        let price = named(&list, "s3:standard:storage");
        assert_eq!(tiers(price), [("0".to_owned(), "0.019".to_owned())]);
        assert_eq!(price.unit, PriceUnit::GbMonth);
        assert_eq!(
            (&*price.basis, &*price.source, &*price.as_of),
            ("scenario", "quote 7", "2026-11")
        );
    }

    #[test]
    fn an_override_fills_a_gap() {
        let machine = own("ec2:m9g.large", "0.08", "h");
        let choice = PriceChoice { overrides: vec![machine], ..choice("eu-west-3") };
        let list = of(&choice);
        let found = list.machines.iter().find(|machine| machine.name == "m9g.large");
        let price = list.price(found.expect("the machine").price);
        assert_eq!(
            (price.tiers[0].usd.exact().as_str(), price.group),
            ("0.08", PriceGroup::Compute)
        );
    }

    #[test]
    fn an_override_may_name_a_meter() {
        let quote = own("metric-series", "0.02", "month");
        let list = of(&PriceChoice { overrides: vec![quote], ..choice("us-east-1") });
        let price = list.price(list.meter(Meter::MetricSeries).expect("the quote"));
        assert_eq!(
            (price.sku.as_str(), price.tiers[0].usd.exact().as_str()),
            ("metric-series", "0.02")
        );
        // It stands for the provider's own SKU too.
        let quote = own("private-data", "0.004", "GiB");
        let list = of(&PriceChoice { overrides: vec![quote], ..choice("us-east-1") });
        let price = list.price(list.meter(Meter::PrivateData).expect("the quote"));
        assert_eq!(price.basis, "scenario");
    }

    #[test]
    fn an_override_must_count_the_same() {
        check_refused(own("s3:standard:storage", "1", "h"));
        check_refused(own("ebs:io2:storage", "1", "h")); // no price in this region
        check_refused(own("ec2:m9g.large", "1", "GiB"));
    }

    #[track_caller]
    fn check_refused(own: PriceOverride) {
        let choice = PriceChoice { overrides: vec![own], ..choice("eu-west-3") };
        let errors = Catalog::embedded().price_list(&choice).expect_err("a refusal");
        assert!(matches!(errors[..], [CatalogError::OverrideMeasure { .. }]), "{errors:?}");
        let CatalogError::OverrideMeasure { expected, .. } = &errors[0] else { return };
        let hint = errors[0].hint();
        let units = hint.strip_prefix("write the price of one ").expect("what to write");
        for unit in units.split(" or ") {
            let unit = PriceUnit::parse(unit.trim_matches('`')).expect("a unit").0;
            assert_eq!(unit.measure(), *expected, "{hint}");
        }
    }

    #[test]
    fn a_missing_price_says_where_to_find_it() {
        let list = of(&choice("eu-west-3"));
        let io2 = list.disk("io2").expect("a disk").capacity.expect("an identifier");
        let missing = &list.missing[io2.is_missing().expect("io2 has no price there")];
        assert_eq!(
            missing.to_string(),
            "no price for capacity of disk `io2` (SKU `ebs:io2:storage`) in aws eu-west-3"
        );
        // Those that every copy of the program knows, not all 14.
        let near = ["ap-northeast-1", "eu-central-1", "eu-west-1", "us-east-1"];
        assert_eq!(*missing.elsewhere, near.map(str::to_owned));
        let list = of(&choice("us-west-1"));
        assert!(list.meter(Meter::ManagedIngest).is_err());
        assert!(list.machines.iter().all(|machine| machine.pool != "msk-express"));
    }

    #[test]
    fn a_missing_price_of_a_meter_is_looked_for_elsewhere() {
        let catalog = check::tests::changed("acme/north.csv", "", "");
        let catalog = catalog.with_file("acme/south.csv", check::tests::REGION_CSV);
        let catalog =
            catalog.with_file("acme/north.csv", check::tests::REGION_CSV.replace("blob:", "cold:"));
        let list = catalog.price_list(&check::tests::north()).expect("a price list");
        let missing = list.meter(Meter::ObjectCapacity).expect_err("no price in the north");
        assert_eq!(*missing.elsewhere, ["south".to_owned()]);
    }

    #[test]
    fn a_disk_is_paid_by_what_it_holds_and_what_it_does() {
        let list = of(&choice("us-east-1"));
        let disk = list.disk("gp3").expect("a disk");
        let sku = |id: Option<PriceId>| list.price(id.expect("a price")).sku.clone();
        assert_eq!(sku(disk.capacity), "ebs:gp3:storage");
        assert_eq!(sku(disk.iops), "ebs:gp3:iops_over_3000");
        assert_eq!(sku(disk.throughput), "ebs:gp3:throughput_over_125");
    }

    /// The first machine of a pool stands for it, and only where none of the pool has a price.
    #[test]
    fn a_pool_without_any_price_says_where_there_is_one() {
        let first = "compute,m1,vm:m1,2,8 GiB,1 Gbps,5 Gbps,80 MB/s,,3000,950 GB,ssd,,,,,page\n";
        let named = |pool: &str, name: &str| {
            first.replace("compute,m1,vm:m1", &format!("{pool},{name},{pool}:{name}"))
        };
        let [none, brokers, more] = [("compute", "m0"), ("broker", "b1"), ("broker", "b2")]
            .map(|(pool, name)| named(pool, name));
        let rows = format!("{none}{first}{brokers}{more}");
        let catalog = check::tests::changed("acme/machines.csv", first, &rows);
        let list = catalog.price_list(&check::tests::north()).expect("a price list");
        let pools: Vec<_> = list
            .unpriced_pools
            .iter()
            .map(|(pool, missing)| (pool.as_str(), &*missing.sku))
            .collect();
        assert_eq!(pools, [("broker", "broker:b1")]);
    }

    const BOUND: &str = "vm:m1,0.06,USD,h,0,ri_1y_all_upfront,";

    /// What the small catalogue sells for a term, with a region file that has something more.
    fn committed(more: &str, own: &[PriceOverride]) -> Vec<(String, u32, bool, String, String)> {
        let more = format!("{more}{BOUND}");
        let catalog = check::tests::changed("acme/north.csv", BOUND, &more);
        let choice = PriceChoice { overrides: own.to_vec(), ..check::tests::north() };
        let list = catalog.price_list(&choice).expect("a price list");
        let told = |one: &Commitment| {
            let (on_demand, price) = (list.price(one.on_demand), list.price(one.price));
            let usd = price.tiers[0].usd.exact();
            (on_demand.sku.clone(), one.years, one.ahead, price.sku.clone(), usd)
        };
        list.commitments.iter().map(told).collect()
    }

    #[test]
    fn commitments_are_for_hours_of_machines_at_list_prices() {
        let ahead = |years: u32, name: &str, usd: &str| {
            ("vm:m1".to_owned(), years, true, format!("vm:m1 ({name})"), usd.to_owned())
        };
        let year = ahead(1, "ri_1y_all_upfront", "0.06");
        assert_eq!(committed("", &[]), std::slice::from_ref(&year));
        let three = "vm:m1,0.04,USD,h,0,ri_3y_all_upfront,listed,compute,page,2026-11-01,\n";
        let expected = [ahead(3, "ri_3y_all_upfront", "0.04"), year.clone()];
        assert_eq!(committed(three, &[]), expected);
        // What is sold by the hour and is no machine; what is for a machine and no hour; what nobody sells on demand.
        for other in [
            "lb:hour,0.02,USD,h,0,on_demand,listed,network,page,2026,\n\
             lb:hour,0.01,USD,h,0,cud_1y,listed,network,page,2026,\n",
            "vm:m1,0.04,USD,GiB,0,cud_3y,listed,compute,page,2026-11-01,\n",
            "vm:m2,0.04,USD,h,0,cud_3y,listed,compute,page,2026-11-01,\n",
        ] {
            assert_eq!(committed(other, &[]), std::slice::from_ref(&year), "{other}");
        }
        // A quote is what the hours cost, however it came about.
        assert_eq!(committed("", &[own("vm:m1", "0.05", "h")]), []);
    }

    /// Identifiers beyond those of a catalogue's rows stand for a plan's own contracts, quotes and gaps.
    #[test]
    fn there_are_no_more_prices_than_identifiers_for_them() {
        let catalog = check::tests::changed("sources.csv", "", "");
        let north = check::tests::north();
        let few = catalog.price_list(&north).expect("a price list");
        let rows = few.prices.len() - few.commitments.len();
        let quotes = |prices: usize| {
            let own = |index: usize| own(&format!("own:{index}"), "1", "GiB");
            let overrides = (rows..prices).map(own).collect();
            catalog.price_list(&PriceChoice { overrides, ..north.clone() })
        };
        let most = usize::from(COMMITTED.0);
        let list = quotes(most).expect("as many as there may be");
        // There is no room for prices of commitments.
        assert_eq!((list.prices.len(), list.commitments.len()), (most, 0));
        let errors = quotes(most + 1).expect_err("one more");
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].to_string(), "`acme` has 64236 prices in `north`, more than 64,235");
    }

    #[test]
    fn a_discount_applies_to_its_group_of_list_prices() {
        let third = Decimal::new(3, 1);
        let choice = PriceChoice {
            overrides: vec![own("ec2:m7g.large", "0.05", "h")],
            discounts: Map::from([(PriceGroup::Compute, third)]),
            ..choice("us-east-1")
        };
        let list = of(&choice);
        assert_eq!(named(&list, "ec2:m7g.xlarge").discount, third);
        assert_eq!(named(&list, "ebs:gp3:storage").discount, Decimal::ZERO);
        assert_eq!(named(&list, "ec2:m7g.large").discount, Decimal::ZERO); // contracted already
    }

    #[test]
    fn unknown_names_are_refused_with_the_known_ones() {
        let errors = Catalog::embedded().price_list(&choice("atlantis-1")).expect_err("no region");
        assert_eq!(errors[0].to_string(), "there is no region `atlantis-1` of `aws`");
        assert!(errors[0].hint().contains("eu-north-1"));
        let acme = PriceChoice { provider: "acme".to_owned(), ..choice("us-east-1") };
        let errors = Catalog::embedded().price_list(&acme).expect_err("no provider");
        assert_eq!(errors[0].hint(), "use one of aws, azure, gcp");
        // A file of the provider that is no region's.
        let errors = Catalog::embedded().price_list(&choice("machines")).expect_err("no region");
        assert_eq!(errors[0].to_string(), "there is no region `machines` of `aws`");
    }
}
