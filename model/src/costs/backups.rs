use super::Site;
use crate::bill::{Cause, Component, Driver, Usage};
use crate::units::Bytes;

/// Copies of what is kept besides the platform's own, for one month; `None` where they are not asked for.
///
/// `quantity = kept × share × copies`, with `kept` one copy of everything within its retention, or the rate produced × the
/// retention of backups where they have their own
///
/// - **Units:** bytes kept for a month.
/// - **Assumes:** backups are as large as what they copy; a compacted stream is copied once. Their requests, their transfer and
///   the machines that write them are not in it.
/// - **Source:** what is kept is from [`crate::storage`]; the price is the catalogue's `backup`, or the scenario's own.
pub fn backups(site: &Site) -> Option<Usage> {
    let settings = &site.design.lines.settings;
    let price = site.tariff.lines.backup?;
    let kept = match settings.backup_retention {
        None => site.storage.logical * site.alive,
        Some(retention) => site
            .load
            .streams
            .iter()
            .map(|stream| {
                if stream.compacted {
                    stream.retained * site.alive
                } else {
                    stream.produce * retention
                }
            })
            .sum::<Bytes>(),
    };
    Some(Usage {
        component: Component::Backups,
        cause: Cause::BackUp,
        grows_with: Driver::Retention,
        price,
        amount: (kept * (settings.backup_share * f64::from(settings.backup_copies))).base_bytes(),
    })
}
