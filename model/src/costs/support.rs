use super::Site;
use crate::bill::{Bill, Cause, Component, CostLine, Driver, LICENCE, Usage};
use crate::prices::{Price, PriceId};
use rust_decimal::prelude::ToPrimitive;

/// The provider's support plan over a bill, for one month; none where it is not asked for, or has no rate.
///
/// `quantity = dollars of the supported part, at list prices`, priced by the plan's steps, and what is missing to its least
///
/// - **Units:** dollars.
/// - **Assumes:** the supported part is everything but a vendor's fee, what another platform costs, people's time and the plan
///   itself; the platform is all that the account pays for, so that its first dollar is at the first step.
/// - **Source:** rates are the user's own; AWS Support pricing page for their form: steps, a least, charges before discounts.
pub fn support(site: &Site, bill: &Bill) -> Vec<Usage> {
    let prices = &site.tariff.lines;
    let (Some(rate), Some(least)) = (prices.support, prices.support_minimum) else {
        return Vec::new();
    };
    let vendor = site.tariff.licence.as_ref().map(|licence| licence.sku.as_str());
    let of_provider = |line: &&CostLine| is_supported(line.component) && Some(&*line.sku) != vendor;
    let supported: rust_decimal::Decimal =
        bill.lines.iter().filter(of_provider).map(|line| line.list_cost.dollars()).sum();
    let supported = supported.to_f64().unwrap_or(f64::MAX);
    let minimum = site.design.lines.settings.support_minimum.0.as_f64() * site.alive;
    let usage = |grows_with, price, amount| Usage {
        component: Component::Support,
        cause: Cause::Support,
        grows_with,
        price,
        amount,
    };
    let plan = own(site, rate).map_or(0.0, |price| price.approximate_cost(supported));
    vec![
        usage(Driver::Bill, rate, supported),
        usage(Driver::Fixed, least, (minimum - plan).max(0.0)),
    ]
}

/// What a support plan comes to over usage that has not been priced exactly, for ranking; the supported part in dollars.
pub fn support_over(site: &Site, supported: f64) -> f64 {
    let Some(price) = site.tariff.lines.support.and_then(|rate| own(site, rate)) else {
        return 0.0;
    };
    let minimum = site.design.lines.settings.support_minimum.0.as_f64() * site.alive;
    price.approximate_cost(supported).max(minimum)
}

/// Whether a support plan counts what is used.
pub fn is_supported_usage(usage: &Usage) -> bool {
    is_supported(usage.component) && usage.price != LICENCE
}

/// Whether a support plan counts a line of the bill; a vendor's fee aside.
pub fn is_supported(component: Component) -> bool {
    !matches!(component, Component::Support | Component::Migration | Component::Labour)
}

fn own<'a>(site: &'a Site, id: PriceId) -> Option<&'a Price> {
    site.tariff.lines.own_price(id)
}
