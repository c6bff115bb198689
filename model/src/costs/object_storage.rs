use super::Site;
use crate::bill::{Cause, Component, Driver, Usage};
use crate::units::{Bytes, Hours};

/// Object storage or a service's own tier, capacity, for one month; empty where nothing is kept there.
///
/// `quantity = mean bytes kept`, and `mean rate × staging × copies` of batches beside what they were merged into
///
/// - **Units:** bytes kept for a month.
/// - **Assumes:** a steady month; what is kept is from [`crate::storage`].
/// - **Source:** mechanics B1, C3, E2.
pub fn object_storage(site: &Site) -> Vec<Usage> {
    let object = site.tariff.object.map(|object| object.capacity);
    let Some(price) = object.or(site.tariff.tier.map(|tier| tier.capacity)) else {
        return Vec::new();
    };
    let usage = |cause, price, bytes: Bytes| Usage {
        component: Component::ObjectStorage,
        cause,
        grows_with: Driver::Retention,
        price,
        amount: bytes.base_bytes(),
    };
    let mut list = vec![usage(Cause::Retain, price, site.storage.remote)];
    let settings = &site.design.settings;
    if site.design.is_leaderless() && settings.staging > Hours::ZERO {
        let staged = site.load.produce * settings.staging * site.design.batch_copies();
        let price = site.tariff.zonal.map_or(price, |zonal| zonal.capacity);
        list.push(usage(Cause::Append, price, staged));
    }
    list
}
