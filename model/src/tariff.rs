//! The prices that one design needs, looked up once: complete, or every one that is missing.

use rust_decimal::Decimal;

use crate::design::{Architecture, Design};
use crate::parameters::RemoteStore;
use crate::prices::{Disk, Meter, MissingPrice, Price, PriceGroup, PriceId, PriceList, PriceUnit};
use crate::sizing::disk_name;

/// The prices that one design needs.
#[derive(Clone, Debug)]
pub struct Tariff<'a> {
    /// A byte that leaves a zone.
    pub zone_out: PriceId,
    /// A byte that enters a zone.
    pub zone_in: PriceId,
    /// Object storage, where the design uses it.
    pub object: Option<ObjectPrices>,
    /// A service's own tier, where the design uses it.
    pub tier: Option<TierPrices>,
    /// A fee on every byte produced.
    pub ingest_fee: Option<PriceId>,
    /// An hour of a controller.
    pub controller: Option<PriceId>,
    /// The disk that brokers write to.
    pub disk: Option<&'a Disk>,
    /// The vendor's fee, as the scenario states it; `None` where there is none or it is not known.
    pub licence: Option<Price>,
    /// Where what depends on the workload is looked up: what it costs to send data to another region.
    pub list: &'a PriceList,
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
/// # Errors
///
/// Every price that is missing.
pub fn tariff<'a>(design: &Design, prices: &'a PriceList) -> Result<Tariff<'a>, Vec<MissingPrice>> {
    let mut missing = Vec::new();
    let mut keep = |found: Result<PriceId, MissingPrice>| match found {
        Ok(id) => id,
        Err(error) => {
            missing.push(error);
            PriceId(0)
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
    let ingest_fee =
        design.preset.ingest_fee.map(|fee| keep(prices.service_meter(fee, design.preset.pool)));

    let disk = disk_name(design).and_then(|name| match prices.disk(name) {
        Ok(disk) => Some(disk),
        Err(error) => {
            missing.push(error);
            None
        }
    });
    let controller = match controller(design, prices) {
        Ok(controller) => controller,
        Err(error) => {
            missing.push(error);
            None
        }
    };
    if !missing.is_empty() {
        return Err(missing);
    }
    let licence = licence(design);
    Ok(Tariff {
        zone_out,
        zone_in,
        object,
        tier,
        ingest_fee,
        controller,
        disk,
        licence,
        list: prices,
    })
}

/// The price of a controller's hour, where controllers are paid for.
fn controller(design: &Design, prices: &PriceList) -> Result<Option<PriceId>, MissingPrice> {
    let settings = &design.settings;
    if settings.controllers == 0 {
        return Ok(None);
    }
    let wanted = settings.controller.as_deref();
    let machine = prices.machines.iter().find(|machine| {
        machine.pool == design.preset.pool
            && wanted.map_or(machine.role == design.preset.controller, |name| machine.name == name)
    });
    machine.map(|machine| Some(machine.price)).ok_or_else(|| MissingPrice {
        what: match wanted {
            Some(name) => format!("controllers on `{name}`"),
            None => format!("a machine for a {}", design.preset.controller),
        },
        sku: format!(
            "{} in pool {}",
            wanted.unwrap_or(design.preset.controller),
            design.preset.pool
        ),
        provider: prices.provider.clone(),
        region: prices.region.clone(),
        elsewhere: Vec::new(),
    })
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
