use super::{Brokers, Site};
use crate::bill::{Cause, Component, Driver, Usage};

/// People's time, for one month; none where it is not asked for, or an hour has no price.
///
/// `quantity = brokers × hours of a broker × months + brokers × losses of a broker × hours of one + losses of a zone ×
/// hours of one`
///
/// - **Units:** hours. A month has as many as it has; losses are a year's, of 8,760 h.
/// - **Assumes:** losses come as often as `broker_failures` and `zone_failures` say, whatever events a scenario has; a broker
///   asks for its hours in each month, however long that is.
/// - **Source:** hours are rules of thumb or the user's own, the rate is the user's own (see `LINE_PARAMETERS`).
pub fn labour(site: &Site, brokers: &Brokers) -> Option<[Usage; 3]> {
    let price = site.tariff.lines.labour?;
    let (lines, settings) = (&site.design.lines.settings, &site.design.settings);
    let usage = |cause, grows_with, amount| Usage {
        component: Component::Labour,
        cause,
        grows_with,
        price,
        amount,
    };
    const HOURS_OF_A_YEAR: f64 = 8_760.0;
    let years = site.month.as_hours() / HOURS_OF_A_YEAR;
    let broker_losses = brokers.count * settings.broker_failures.0 * years;
    let zone_losses = settings.zone_failures.0 * years * site.alive;
    Some([
        usage(Cause::Operate, Driver::Brokers, brokers.count * lines.labour_hours_per_broker.0),
        usage(Cause::Repair, Driver::Brokers, broker_losses * lines.labour_hours_per_broker_loss.0),
        usage(Cause::Repair, Driver::Fixed, zone_losses * lines.labour_hours_per_zone_loss.0),
    ])
}
