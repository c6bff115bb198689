use super::Site;
use crate::bill::{Cause, Component, Driver, Usage};
use crate::units::ByteRate;

/// Traffic between availability zones, by cause, for one month.
///
/// `quantity = rate × share that crosses × month`, once for the sender and once for the receiver
///
/// - **Units:** bytes moved.
/// - **Assumes:** leaders, producers and consumers spread evenly over the zones; one price on each side, zero where a
///   provider charges one side only.
/// - **Source:** mechanics A2, C4.
pub fn zone_crossing(site: &Site) -> Vec<Usage> {
    if site.design.is_list_price() {
        // Who crosses zones inside a service, and who pays, its price list does not say.
        return Vec::new();
    }
    let replicated = site.design.replicates();
    let mut causes = vec![
        (Cause::Produce, Driver::Ingest),
        (Cause::Consume, Driver::TailReads),
        (Cause::Replay, Driver::HistoricalReads),
    ];
    if replicated {
        causes.insert(1, (Cause::Replicate, Driver::Ingest));
    }
    if site.design.is_routed() || site.design.is_leaderless() {
        causes.push((Cause::Metadata, Driver::Ingest));
    }
    for cause in [Cause::Rebuild, Cause::Move] {
        if site.flows.crossing(cause) > ByteRate::ZERO {
            causes.push((cause, Driver::Retention));
        }
    }

    let mut usage = Vec::new();
    for (cause, grows_with) in causes {
        let billed = match cause {
            Cause::Replicate | Cause::Rebuild | Cause::Move => {
                site.design.settings.replication_billed
            }
            _ => 1.0,
        };
        let crossed = site.flows.crossing(cause) * site.month * billed;
        for price in [site.tariff.zone_out, site.tariff.zone_in] {
            usage.push(Usage {
                component: Component::ZoneCrossing,
                cause,
                grows_with,
                price,
                amount: crossed.base_bytes(),
            });
        }
    }
    usage
}
