use super::Site;
use crate::bill::{Cause, Component, Driver, Gap, Usage};
use crate::prices::{Meter, MissingPrice, PriceId};
use crate::tariff::Tariff;
use crate::units::ByteRate;
use crate::workload::Leaving;

/// Streams that are copied to other regions, for one month, on the region that they leave.
///
/// `quantity = mean rate produced × month`, once for each region that a stream is copied to
///
/// - **Units:** bytes moved, as stored.
/// - **Assumes:** copies stay compressed on their way, and each record is sent once; between providers it goes through
///   the internet. What the copy costs where it arrives is on that region's bill.
/// - **Source:** each price names its own; MirrorMaker 2 (KIP-382) copies topics of one cluster to another.
pub fn region_crossing(site: &Site) -> Vec<Usage> {
    let priced =
        site.load.links.iter().filter_map(|link| Some((link, link_price(site.tariff, link).ok()?)));
    priced
        .map(|(link, price)| Usage {
            component: Component::RegionCrossing,
            cause: Cause::Link,
            grows_with: Driver::Ingest,
            price,
            amount: (sent(site, link) * site.month).base_bytes(),
        })
        .collect()
}

/// What leaves over a link.
pub(super) fn sent(site: &Site, link: &Leaving) -> ByteRate {
    site.load.of_stream(&link.stream).map(|topic| topic.produce).sum()
}

/// What is missing from the bill because nobody says what it costs to send data from here to there.
pub fn link_gaps(site: &Site) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    for link in &site.load.links {
        let Err(missing) = link_price(site.tariff, link) else { continue };
        let gap = Gap {
            component: Component::RegionCrossing,
            what: missing.to_string(),
            hint: missing.hint(),
        };
        if !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
    gaps
}

/// The price of a byte that leaves over a link.
pub fn link_price(tariff: &Tariff, link: &Leaving) -> Result<PriceId, MissingPrice> {
    let list = tariff.list;
    if link.provider == list.provider {
        list.to_region(&link.region)
    } else {
        list.meter(Meter::InternetOut)
    }
}
