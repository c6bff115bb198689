use super::Site;
use crate::bill::{Cause, Component, Driver, Gap, LICENCE, Usage};
use crate::load::StreamLoad;
use crate::prices::Meter;
use crate::units::ByteRate;

/// Fees of a service or a vendor besides machines, for one month.
///
/// `quantity = what the service counts`, by its meters:
///
/// - `base`: hours of the month in which the platform is there, once
/// - `ingest`, `egress`: bytes produced and fetched
/// - `requests`: bytes produced ÷ the size that counts as one
/// - `storage`: mean bytes kept × copies that the service bills (`fee_copies`)
/// - `partition`: partitions × these hours
///
/// Bytes are counted as stored, or before compression where the service does (`fee_on_uncompressed`).
///
/// - **Units:** hours, bytes moved, bytes kept for a month, requests.
/// - **Assumes:** a service counts one copy, whatever it keeps, unless its preset says otherwise.
/// - **Source:** the services' price pages, in the catalogue; a licence is the scenario's own quote.
pub fn service_fee(site: &Site) -> Vec<Usage> {
    let settings = &site.design.settings;
    let load = site.load;
    let raw = settings.fee_on_uncompressed;
    let ratio = |stream: &StreamLoad| {
        if raw && stream.produce > ByteRate::ZERO {
            stream.produce_raw / stream.produce
        } else {
            1.0
        }
    };
    let weighted = |weight: fn(&StreamLoad) -> f64| {
        let all: f64 = load.streams.iter().map(weight).sum();
        let counted: f64 = load.streams.iter().map(|stream| weight(stream) * ratio(stream)).sum();
        if all > 0.0 { counted / all } else { 1.0 }
    };
    let expansion = weighted(|stream| stream.produce.as_mib_per_sec());
    let fetched = weighted(|stream| (stream.tail + stream.replay()).as_mib_per_sec());
    // What is kept for long weighs more than what is written much.
    let kept_expansion = weighted(|stream| stream.retained.as_gib());
    let there = site.month.as_hours() * site.alive;
    let fees = site.tariff.fees.iter().map(|&(meter, price)| {
        let moved = |rate: ByteRate, times: f64| (rate * site.month).base_bytes() * times;
        let (cause, grows_with, amount) = match meter {
            Meter::ManagedEgress => {
                (Cause::Consume, Driver::TailReads, moved(load.tail + load.replay, fetched))
            }
            Meter::ManagedRequests => (
                Cause::Produce,
                Driver::Ingest,
                load.streams.iter().map(|one| pieces(one, site)).sum(),
            ),
            Meter::ManagedStorage => {
                // Where brokers keep replicas, each of them is on the service's storage.
                let kept = site.storage.remote + site.storage.on_brokers;
                let copies = if site.design.replicates() { 1 } else { settings.fee_copies };
                let kept = kept.base_bytes() * kept_expansion * f64::from(copies);
                (Cause::Retain, Driver::Retention, kept)
            }
            Meter::ManagedPartition => {
                let partitions = f64::from(load.partitions);
                (Cause::Serve, Driver::Partitions, partitions * there)
            }
            Meter::ManagedBase => (Cause::Serve, Driver::Fixed, there),
            _ => (Cause::Produce, Driver::Ingest, moved(load.produce, expansion)),
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

/// Requests that a service counts for a stream: each record is one, a large one as many as it has pieces.
fn pieces(stream: &StreamLoad, site: &Site) -> f64 {
    let piece = site.design.settings.fee_piece;
    let bytes = stream.produce * site.month;
    let Some(records) = stream.records.map(|records| records.count_in(site.month)) else {
        return bytes / piece;
    };
    if records > 0.0 {
        records * (bytes / records / piece - crate::units::ROUNDING).ceil().max(1.0)
    } else {
        0.0
    }
}

/// What a service counts and the scenario does not say, and storage beyond what its units include.
pub fn service_gaps(site: &Site, units: f64) -> Vec<Gap> {
    let settings = &site.design.settings;
    let mut list = Vec::new();
    let counted = settings.unit_records_max.0 > 0.0;
    if counted && site.load.records.is_none() && site.load.produce > ByteRate::ZERO {
        list.push(Gap {
            component: Component::ServiceFee,
            what: "it is sold by records, and how many there are is not said".to_owned(),
            hint: "say how large a `record` of each stream is".to_owned(),
        });
    }
    if let Some(included) = settings.unit_storage
        && site.storage.remote > included * units
    {
        list.push(Gap {
            component: Component::ServiceFee,
            what: format!("storage beyond {included} for each unit has no price here"),
            hint: "keep less, or add what it costs to `[[prices.override]]` of a unit".to_owned(),
        });
    }
    list
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
