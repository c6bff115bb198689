use super::Site;
use crate::bill::{Cause, Component, Driver, Gap, LICENCE, Usage};

/// Fees of a service or a vendor for each byte produced, for one month.
///
/// `quantity = mean rate produced × month`
///
/// - **Units:** bytes moved, as stored.
/// - **Assumes:** the fee is on bytes as they are sent, after compression.
/// - **Source:** mechanics A3d for MSK Express; a licence is the scenario's own quote.
pub fn service_fee(site: &Site) -> Vec<Usage> {
    let licence = site.tariff.licence.as_ref().map(|_| LICENCE);
    let fees = site.tariff.ingest_fee.into_iter().chain(licence);
    let produced = site.load.produce * site.month;
    fees.map(|price| Usage {
        component: Component::ServiceFee,
        cause: Cause::Produce,
        grows_with: Driver::Ingest,
        price,
        amount: produced.base_bytes(),
    })
    .collect()
}

/// What is missing from the bill when the vendor's fee is not public and the scenario has no quote.
pub fn fee_gap(site: &Site) -> Option<Gap> {
    site.design.settings.licence.is_none().then(|| Gap {
        component: Component::ServiceFee,
        what: "the vendor's fee is not public".to_owned(),
        hint: "enter your quote for each GiB produced: `licence = \"$…/GiB\"`, or `\"$0/GiB\"`"
            .to_owned(),
    })
}
