//! The prices that one design needs, looked up once, and those that the catalogue does not have.

use rust_decimal::Decimal;

use crate::bill::{Beside, COMMITTED, LICENCE};
use crate::design::{Architecture, Design};
use crate::parameters::{RemoteStore, Wal};
use crate::prices::{Disk, Meter, MissingPrice, Price, PriceGroup, PriceId, PriceList, PriceUnit};
use crate::sizing::disk_name;

mod lines;

pub use lines::LinePrices;

/// The prices that one design needs.
#[derive(Clone, Debug)]
pub struct Tariff<'a> {
    /// A byte that leaves a zone.
    pub zone_out: PriceId,
    /// A byte that enters a zone.
    pub zone_in: PriceId,
    /// Object storage, where the design uses it.
    pub object: Option<ObjectPrices>,
    /// Object storage of single zones, where the design uses it.
    pub zonal: Option<ZonalPrices>,
    /// A service's own tier, where the design uses it.
    pub tier: Option<TierPrices>,
    /// What a service bills besides machines, by its meter.
    pub fees: Vec<(Meter, PriceId)>,
    /// An hour of a controller.
    pub controller: Option<PriceId>,
    /// The disk that brokers write to.
    pub disk: Option<&'a Disk>,
    /// The vendor's fee, as the scenario states it; `None` where there is none or it is not known.
    pub licence: Option<Price>,
    /// Prices that the catalogue does not have: gaps of the bill, wherever there is usage of them.
    pub missing: Vec<MissingPrice>,
    /// Hours of contracts, as [`COMMITTED`] counts them.
    pub committed: Vec<Price>,
    /// Prices of the further lines that the design asks for, and what is missing from them.
    pub lines: LinePrices,
    /// Where what depends on the workload is looked up: what it costs to send data to another region.
    pub list: &'a PriceList,
}

impl Tariff<'_> {
    /// A price by its identifier: the scenario's own quotes, or the catalogue's.
    pub fn price<'a>(&'a self, prices: &'a PriceList, id: PriceId) -> &'a Price {
        if id == LICENCE
            && let Some(licence) = &self.licence
        {
            return licence;
        }
        let contract = id.0.checked_sub(COMMITTED.0).map(usize::from);
        let contract = contract.and_then(|index| self.committed.get(index));
        contract.or_else(|| self.lines.own_price(id)).unwrap_or_else(|| prices.price(id))
    }
}

/// Prices of object storage.
#[derive(Clone, Copy, Debug)]
pub struct ObjectPrices {
    /// Capacity.
    pub capacity: PriceId,
    /// Requests that write or list.
    pub put: PriceId,
    /// Requests that read.
    pub get: PriceId,
}

/// Prices of object storage of single zones.
#[derive(Clone, Copy, Debug)]
pub struct ZonalPrices {
    /// Capacity.
    pub capacity: PriceId,
    /// Requests that write or list.
    pub put: PriceId,
    /// Requests that read.
    pub get: PriceId,
    /// Data written.
    pub upload: PriceId,
    /// Data read.
    pub retrieval: PriceId,
}

/// Prices of a service's own tier.
#[derive(Clone, Copy, Debug)]
pub struct TierPrices {
    /// Capacity.
    pub capacity: PriceId,
    /// Data read back.
    pub retrieval: PriceId,
}

/// Looks up every price that a design needs.
///
/// A price that is missing is no error: what there is of it becomes a gap of the bill.
///
/// # Errors
///
/// When the catalogue does not know the disk.
pub fn tariff<'a>(design: &Design, prices: &'a PriceList) -> Result<Tariff<'a>, MissingPrice> {
    // Disks count from the same list.
    let mut missing = prices.missing.clone();
    let mut keep = |found: Result<PriceId, MissingPrice>| match found {
        Ok(id) => id,
        Err(error) => {
            missing.push(error);
            PriceId::missing(missing.len() - 1)
        }
    };
    let settings = &design.settings;
    let tiered = design.architecture() == Architecture::Tiered;
    let managed_tier = tiered && settings.remote_store == RemoteStore::ManagedTier;
    let objects = design.architecture() == Architecture::SharedStorage || (tiered && !managed_tier);

    let zone_out = keep(prices.meter(Meter::ZoneOut));
    let zone_in = keep(prices.meter(Meter::ZoneIn));
    let object = objects.then(|| ObjectPrices {
        capacity: keep(prices.meter(Meter::ObjectCapacity)),
        put: keep(prices.meter(Meter::ObjectPut)),
        get: keep(prices.meter(Meter::ObjectGet)),
    });
    let tier = managed_tier.then(|| TierPrices {
        capacity: keep(prices.service_meter(Meter::ManagedTierCapacity, design.preset.pool)),
        retrieval: keep(prices.service_meter(Meter::ManagedTierRetrieval, design.preset.pool)),
    });
    let shared = design.architecture() == Architecture::SharedStorage;
    let zonal = (shared && settings.wal == Wal::ZonalObjectStorage).then(|| ZonalPrices {
        capacity: keep(prices.meter(Meter::ZonalCapacity)),
        put: keep(prices.meter(Meter::ZonalPut)),
        get: keep(prices.meter(Meter::ZonalGet)),
        upload: keep(prices.meter(Meter::ZonalUpload)),
        retrieval: keep(prices.meter(Meter::ZonalRetrieval)),
    });
    let fees = design.preset.fees.iter();
    let fees =
        fees.map(|fee| (*fee, keep(prices.service_meter(*fee, design.preset.service)))).collect();

    let controller = controller(design, prices).map(&mut keep);
    // Without its shape, nothing can be said of a disk.
    let disk = disk_name(design).map(|name| prices.disk(name)).transpose()?;
    let licence = licence(design);
    let lines = lines::lines(design, prices);
    let tariff = Tariff {
        zone_out,
        zone_in,
        object,
        zonal,
        tier,
        fees,
        controller,
        disk,
        licence,
        missing,
        committed: Vec::new(),
        lines,
        list: prices,
    };
    Ok(tariff)
}

impl Tariff<'_> {
    /// What a bill needs to know besides the catalogue's prices.
    pub fn beside(&self) -> Beside<'_> {
        Beside { licence: self.licence.as_ref(), missing: &self.missing }
    }
}

/// The price of a controller's hour, where controllers are paid for.
fn controller(design: &Design, prices: &PriceList) -> Option<Result<PriceId, MissingPrice>> {
    let settings = &design.settings;
    if settings.controllers == 0 {
        return None;
    }
    let wanted = settings.controller.as_deref();
    let role = design.preset.controller;
    let machine = prices.machines.iter().find(|machine| {
        machine.pool == design.preset.pool
            && wanted.map_or(machine.role == role, |name| machine.name == name)
    });
    Some(machine.map(|machine| machine.price).ok_or_else(|| MissingPrice {
        what: match wanted {
            Some(name) => format!("{role}s on `{name}`"),
            None => format!("a machine for a {role}"),
        },
        measure: Some(crate::prices::Measure::Time),
        sku: format!("{} in pool {}", wanted.unwrap_or(role), design.preset.pool),
        provider: prices.provider.clone(),
        region: prices.region.clone(),
        elsewhere: Box::default(),
    }))
}

/// The vendor's fee that the scenario states.
fn licence(design: &Design) -> Option<Price> {
    let fee = design.settings.licence?.0;
    (fee > crate::money::Usd::ZERO).then(|| {
        Price::new(
            &format!("licence:{}", design.preset.name),
            PriceUnit::Gib,
            PriceGroup::Fees,
            &[(Decimal::ZERO, fee)],
            "the scenario's own quote",
            "as entered",
            "scenario",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameters::PerGib;
    use crate::presets::preset;

    #[test]
    fn every_identifier_has_its_own_price() {
        let priced = |sku: &str| {
            let ladder = [(Decimal::ZERO, crate::money::Usd::new(Decimal::ONE))];
            let (unit, group) = (PriceUnit::Hour, PriceGroup::Fees);
            Price::new(sku, unit, group, &ladder, "a test", "2026-01-01", "listed")
        };
        let prices =
            PriceList { prices: vec![priced("first"), priced("second")], ..Default::default() };
        let design = Design::of(preset("automq-s3-wal").expect("a preset"));
        let mut tariff = tariff(&design, &prices).expect("no disk is asked for");
        tariff.committed = vec![priced("a contract"), priced("another contract")];
        tariff.lines.own = vec![priced("a quote")];
        let check = |tariff: &Tariff, id: PriceId, sku: &str| {
            assert_eq!(tariff.price(&prices, id).sku, sku, "{id:?}");
        };
        for licence in [None, Some(priced("a licence"))] {
            tariff.licence = licence;
            check(&tariff, PriceId(0), "first");
            check(&tariff, PriceId(1), "second");
            check(&tariff, COMMITTED, "a contract");
            check(&tariff, PriceId(COMMITTED.0 + 1), "another contract");
            check(&tariff, crate::bill::OWN_QUOTES, "a quote");
        }
        check(&tariff, LICENCE, "a licence");
    }

    #[test]
    fn a_licence_is_what_the_scenario_says_it_is() {
        let fee = |text: Option<&str>| {
            let mut design = Design::of(preset("automq-s3-wal").expect("a preset"));
            design.settings.licence =
                text.map(|text| PerGib(text.parse().expect("a literal in a test")));
            licence(&design).map(|price| (price.sku, price.unit, price.tiers[0].usd.exact()))
        };
        let found = fee(Some("0.01"));
        assert_eq!(
            found,
            Some(("licence:automq-s3-wal".to_owned(), PriceUnit::Gib, "0.01".to_owned()))
        );
        // None is asked for, or nobody knows it: there is no price.
        assert_eq!((fee(Some("0")), fee(None)), (None, None));
    }
}
