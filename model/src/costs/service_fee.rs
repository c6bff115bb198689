use super::Site;
use crate::bill::{Cause, Component, Driver, Gap, LICENCE, Usage};
use crate::prices::Meter;
use crate::units::{ByteRate, Bytes};

/// Fees of a service or a vendor besides machines, for one month.
///
/// `quantity = what the service counts`, by its meters:
///
/// - `base`: hours of the month, once
/// - `ingest`, `egress`: bytes produced and fetched
/// - `requests`: bytes produced ÷ the size that counts as one
/// - `storage`: mean bytes kept
/// - `partition`: partitions × hours of the month
///
/// Bytes are counted as stored, or before compression where the service does (`fee_on_uncompressed`).
///
/// - **Units:** hours, bytes moved, bytes kept for a month, requests.
/// - **Assumes:** a service counts one copy, whatever it keeps.
/// - **Source:** the services' price pages, in the catalogue; a licence is the scenario's own quote.
pub fn service_fee(site: &Site) -> Vec<Usage> {
    let settings = &site.design.settings;
    let load = site.load;
    let expansion = if settings.fee_on_uncompressed && load.produce > ByteRate::ZERO {
        load.produce_raw / load.produce
    } else {
        1.0
    };
    let fees = site.tariff.fees.iter().map(|&(meter, price)| {
        let moved = |rate: ByteRate| (rate * site.month).base_bytes() * expansion;
        let (cause, grows_with, amount) = match meter {
            Meter::ManagedEgress => {
                (Cause::Consume, Driver::TailReads, moved(load.tail + load.replay))
            }
            Meter::ManagedRequests => {
                let pieces = Bytes::new(moved(load.produce)) / settings.fee_piece;
                let records = load.records.map_or(0.0, |records| records.count_in(site.month));
                (
                    Cause::Produce,
                    Driver::Ingest,
                    pieces.max(records / settings.fee_batch.0.max(1.0)),
                )
            }
            Meter::ManagedStorage => {
                // Where brokers keep replicas, each of them is on the service's storage.
                let kept = site.storage.remote + site.storage.on_brokers;
                let kept = kept.base_bytes() * expansion;
                (Cause::Retain, Driver::Retention, kept)
            }
            Meter::ManagedPartition => {
                let partitions = f64::from(load.partitions);
                (Cause::Serve, Driver::Partitions, partitions * site.month.as_hours())
            }
            Meter::ManagedBase => (Cause::Serve, Driver::Fixed, site.month.as_hours()),
            _ => (Cause::Produce, Driver::Ingest, moved(load.produce)),
        };
        Usage { component: Component::ServiceFee, cause, grows_with, price, amount }
    });
    let licence = site.tariff.licence.as_ref().map(|_| Usage {
        component: Component::ServiceFee,
        cause: Cause::Produce,
        grows_with: Driver::Ingest,
        price: LICENCE,
        amount: (load.produce * site.month).base_bytes(),
    });
    fees.chain(licence).collect()
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
