//! Prices of a bill's further lines: those that are asked for, and a gap in words for each that is not there.

use rust_decimal::Decimal;

use crate::bill::{Component, Gap, OWN_QUOTES};
use crate::design::Design;
use crate::lines::RunsOn;
use crate::money::Usd;
use crate::prices::{
    Machine, Meter, MissingPrice, Price, PriceGroup, PriceId, PriceList, PriceUnit,
};

/// Prices of the further lines that a design asks for: `None` for what it does not, or what has none.
#[derive(Clone, Debug, Default)]
pub struct LinePrices {
    /// A worker of a connector service, a unit of it.
    pub connector_unit: Option<PriceId>,
    /// A machine that connectors run on, and its virtual CPUs.
    pub connector_machine: Option<(PriceId, f64)>,
    /// A private endpoint of clients, and data through it.
    pub endpoint: Option<PriceId>,
    /// Data through private endpoints.
    pub endpoint_data: Option<PriceId>,
    /// The service's own fee for the provider's side, and for data through it.
    pub provider_side: Option<PriceId>,
    /// The service's own fee for data through the provider's side.
    pub provider_data: Option<PriceId>,
    /// A load balancer.
    pub load_balancer: Option<PriceId>,
    /// A capacity unit of a load balancer.
    pub load_balancer_unit: Option<PriceId>,
    /// Data through a peering.
    pub peering: Option<PriceId>,
    /// Data through network address translation.
    pub nat: Option<PriceId>,
    /// An hour of network address translation.
    pub nat_hour: Option<PriceId>,
    /// Data to or from the other region.
    pub cross_region: Option<PriceId>,
    /// Data that leaves for the internet.
    pub internet: Option<PriceId>,
    /// A metric series.
    pub metric: Option<PriceId>,
    /// Logs.
    pub log: Option<PriceId>,
    /// Backups.
    pub backup: Option<PriceId>,
    /// A dollar of the supported part of the bill.
    pub support: Option<PriceId>,
    /// A dollar that a support plan costs at least.
    pub support_minimum: Option<PriceId>,
    /// An hour of people's time.
    pub labour: Option<PriceId>,
    /// What is asked for and has no price.
    pub gaps: Vec<Gap>,
    /// The scenario's own quotes, from [`OWN_QUOTES`] on.
    pub own: Vec<Price>,
}

impl LinePrices {
    /// A quote of the scenario by its identifier.
    pub fn own_price(&self, id: PriceId) -> Option<&Price> {
        self.own.get(usize::from(id.0.checked_sub(OWN_QUOTES.0)?))
    }

    /// Takes a price of the catalogue, or notes what is missing; the same once.
    fn keep(
        &mut self,
        component: Component,
        found: Result<PriceId, MissingPrice>,
    ) -> Option<PriceId> {
        match found {
            Ok(id) => Some(id),
            Err(missing) => {
                self.gap(component, missing.to_string(), missing.hint());
                None
            }
        }
    }

    fn gap(&mut self, component: Component, what: String, hint: String) {
        let gap = Gap { component, what, hint };
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    /// Takes a quote of the scenario.
    fn quote(&mut self, sku: &str, unit: PriceUnit, ladder: &[(Decimal, Usd)]) -> Option<PriceId> {
        let offset = u16::try_from(self.own.len()).ok()?;
        let (source, as_of, basis) = ("the scenario's own quote", "as entered", "scenario");
        self.own.push(Price::new(sku, unit, PriceGroup::Fees, ladder, source, as_of, basis));
        Some(PriceId(OWN_QUOTES.0 + offset))
    }

    /// A quote that the scenario has to state, or what is missing.
    fn wanted(
        &mut self,
        component: Component,
        sku: &str,
        unit: PriceUnit,
        price: Option<Usd>,
        (what, key): (&str, &str),
    ) -> Option<PriceId> {
        match price {
            Some(price) => self.quote(sku, unit, &[(Decimal::ZERO, price)]),
            None => {
                let unit = unit.name();
                let hint =
                    format!("enter your own: `lines.{key} = \"$…/{unit}\"`, or `\"$0/{unit}\"`");
                self.gap(component, format!("{what} has no price here"), hint);
                None
            }
        }
    }
}

/// Looks up what the further lines of a design ask for.
pub(super) fn lines(design: &Design, prices: &PriceList) -> LinePrices {
    let mut found = LinePrices::default();
    let asked = |component| design.lines.asked(component);
    if asked(Component::Connectors) {
        connectors(design, prices, &mut found);
    }
    if asked(Component::PrivateConnectivity) {
        private(design, prices, &mut found);
    }
    if asked(Component::LoadBalancers) {
        load_balancers(Component::LoadBalancers, prices, &mut found);
    }
    if asked(Component::ClientPaths) {
        paths(design, prices, &mut found);
    }
    if asked(Component::Observability) {
        let component = Component::Observability;
        found.metric = found.keep(component, prices.meter(Meter::MetricSeries));
        found.log = found.keep(component, prices.meter(Meter::LogIngest));
    }
    if asked(Component::Backups) {
        found.backup = found.keep(Component::Backups, prices.meter(Meter::Backup));
    }
    if asked(Component::Support) {
        support(design, &mut found);
    }
    if asked(Component::Labour) {
        let rate = design.lines.settings.labour_rate.map(|rate| rate.0);
        let words = ("an hour of people's time", "labour_rate");
        found.labour = found.wanted(Component::Labour, "labour", PriceUnit::Hour, rate, words);
    }
    found
}

fn connectors(design: &Design, prices: &PriceList, found: &mut LinePrices) {
    let component = Component::Connectors;
    if design.lines.any_on(RunsOn::Service) {
        let service = design.preset.service;
        let own = prices.service_meter(Meter::ConnectorWorker, service);
        let price = own.or_else(|_| prices.meter(Meter::ConnectorWorker));
        found.connector_unit = found.keep(component, price);
    }
    if design.lines.any_on(RunsOn::Machines) {
        match machine(design, prices) {
            Ok(machine) => found.connector_machine = Some((machine.price, machine.vcpu.max(1.0))),
            Err(missing) => {
                let hint =
                    "name another `lines.connector_machine`, or let connectors run on a service";
                found.gap(component, missing.to_string(), hint.to_owned());
            }
        }
    }
}

/// What connectors run on: the machine that is named, or the one that the catalogue takes for controllers.
fn machine<'a>(design: &Design, prices: &'a PriceList) -> Result<&'a Machine, MissingPrice> {
    const USUAL: &str = "controller";
    let settings = &design.lines.settings;
    let (pool, wanted) = (&settings.connector_pool, settings.connector_machine.as_deref());
    let fits = |machine: &&Machine| {
        machine.pool == *pool && wanted.map_or(machine.role == USUAL, |name| machine.name == name)
    };
    prices.machines.iter().find(fits).ok_or_else(|| MissingPrice {
        measure: Some(crate::prices::Measure::Time),
        what: match wanted {
            Some(name) => format!("connectors on `{name}`"),
            None => "a machine for connectors".to_owned(),
        },
        sku: format!("{} in pool {pool}", wanted.unwrap_or(USUAL)),
        provider: prices.provider.clone(),
        region: prices.region.clone(),
        elsewhere: Box::default(),
    })
}

/// A service with a meter of its own for private connectivity charges for the provider's side; all others need a load balancer.
fn private(design: &Design, prices: &PriceList, found: &mut LinePrices) {
    let component = Component::PrivateConnectivity;
    let settings = &design.lines.settings;
    if settings.private_consumer_side {
        found.endpoint = found.keep(component, prices.meter(Meter::PrivateEndpoint));
        found.endpoint_data = found.keep(component, prices.meter(Meter::PrivateData));
    }
    if !settings.private_provider_side {
        return;
    }
    let service = design.preset.service;
    if prices.meters.contains_key(&(Meter::PrivateEndpoint, service.to_owned())) {
        found.provider_side =
            found.keep(component, prices.service_meter(Meter::PrivateEndpoint, service));
        found.provider_data =
            found.keep(component, prices.service_meter(Meter::PrivateData, service));
    } else {
        load_balancers(component, prices, found);
    }
}

fn load_balancers(component: Component, prices: &PriceList, found: &mut LinePrices) {
    found.load_balancer = found.keep(component, prices.meter(Meter::LoadBalancer));
    found.load_balancer_unit = found.keep(component, prices.meter(Meter::LoadBalancerUnit));
}

fn paths(design: &Design, prices: &PriceList, found: &mut LinePrices) {
    let component = Component::ClientPaths;
    let settings = &design.lines.settings;
    if settings.path_peering > 0.0 {
        let price = [(Decimal::ZERO, settings.peering_price.0)];
        found.peering = found.quote("peering:data", PriceUnit::Gib, &price);
    }
    if settings.path_nat > 0.0 {
        let (data, hour) =
            (settings.nat_price.map(|own| own.0), settings.nat_hourly.map(|own| own.0));
        let words = ("data through network address translation", "nat_price");
        found.nat = found.wanted(component, "nat:data", PriceUnit::Gib, data, words);
        let words = ("an hour of network address translation", "nat_hourly");
        found.nat_hour = found.wanted(component, "nat:hours", PriceUnit::Hour, hour, words);
    }
    if settings.path_cross_region > 0.0 {
        let own = settings.cross_region_price.map(|own| own.0);
        let listed =
            settings.cross_region.as_deref().and_then(|region| prices.to_region(region).ok());
        found.cross_region = match (own, listed) {
            (None, Some(listed)) => Some(listed),
            (own, _) => {
                let words = ("data between the regions", "cross_region_price");
                found.wanted(component, "cross-region:data", PriceUnit::Gib, own, words)
            }
        };
    }
    if settings.path_internet > 0.0 {
        found.internet = found.keep(component, prices.meter(Meter::InternetOut));
    }
}

fn support(design: &Design, found: &mut LinePrices) {
    let settings = &design.lines.settings;
    let Some(rates) = &settings.support_rates else {
        let hint = "enter your plan's own: `lines.support_rates = \"10 %\"`, or steps such as `\"10 % to $10000, 7 %\"`";
        let what = "the rate of the support plan has no price here".to_owned();
        found.gap(Component::Support, what, hint.to_owned());
        return;
    };
    let ladder: Vec<(Decimal, Usd)> =
        rates.0.iter().map(|step| (step.from.dollars(), Usd::new(step.share))).collect();
    found.support = found.quote("support:rate", PriceUnit::Dollar, &ladder);
    let dollar = [(Decimal::ZERO, Usd::new(Decimal::ONE))];
    found.support_minimum = found.quote("support:minimum", PriceUnit::Dollar, &dollar);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets::preset;

    #[test]
    fn ways_that_no_byte_takes_have_no_price_and_no_gap() {
        let found = |share: f64| {
            let mut design = Design::of(preset("kafka-gp3").expect("a preset"));
            let settings = &mut design.lines.settings;
            settings.client_paths = true;
            for path in [
                &mut settings.path_peering,
                &mut settings.path_nat,
                &mut settings.path_cross_region,
                &mut settings.path_internet,
            ] {
                *path = share;
            }
            lines(&design, &PriceList::default())
        };
        let priced = |lines: &LinePrices| {
            let all =
                [lines.peering, lines.nat, lines.nat_hour, lines.cross_region, lines.internet];
            all.iter().flatten().count()
        };
        let (none, all) = (found(0.0), found(0.25));
        assert_eq!((priced(&none), none.gaps.len()), (0, 0));
        // An empty list has no price for any but peering, which the lines have a usual one for.
        assert_eq!(priced(&all), 1);
        assert_eq!(all.gaps.len(), 4);
    }
}
