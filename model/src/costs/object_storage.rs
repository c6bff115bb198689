use super::Site;
use crate::bill::{Cause, Component, Driver, Usage};

/// Object storage or a service's own tier, capacity, for one month; `None` where nothing is kept there.
///
/// `quantity = mean bytes kept`
///
/// - **Units:** bytes kept for a month.
/// - **Assumes:** a steady month; what is kept is from [`crate::storage`].
/// - **Source:** mechanics B1 and C3.
pub fn object_storage(site: &Site) -> Option<Usage> {
    let object = site.tariff.object.map(|object| object.capacity);
    let price = object.or(site.tariff.tier.map(|tier| tier.capacity))?;
    Some(Usage {
        component: Component::ObjectStorage,
        cause: Cause::Retain,
        grows_with: Driver::Retention,
        price,
        amount: site.storage.remote.base_bytes(),
    })
}
