//! A steady month's cheapest fleet and what it costs, and nothing else: for callers that ask thousands of times.
//!
//! It goes the way of [`plan()`](crate::plan()) and comes to the same machine at the same cost, to the bit. It is faster
//! by what it leaves out: exact bills, what was considered and why not, words. And not every machine is priced: one whose
//! brokers alone, with what any fleet pays, cost more than the best fleet so far is not looked at again.

use crate::bill::{Component, Usage};
use crate::costs::{self, Site};
use crate::design::Design;
use crate::flows;
use crate::latency::{self, Latency};
use crate::load::{self, Month};
use crate::plan::{self, Reason, Rejection};
use crate::prices::{Machine, PriceList};
use crate::sizing::{self, Capacities, Resource, Size};
use crate::storage;
use crate::tariff::Tariff;
use crate::topics::topics;
use crate::workload::Workload;

/// The cheapest fleet of one platform in one steady month.
#[derive(Clone, Debug, PartialEq)]
pub struct Cheapest {
    /// The machine type of its brokers, as an index in [`PriceList::machines`].
    pub machine: usize,
    /// How many brokers.
    pub brokers: u32,
    /// The resource that decided.
    pub bottleneck: Resource,
    /// Contracted cost of the month in dollars, as candidates are ranked by it: within rounding errors of the exact bill.
    pub monthly: f64,
    /// The same by component, in the order of [`Component::ALL`].
    pub components: [f64; Component::ALL.len()],
    /// Whether every price is known: without one the cost is too low, and not to be compared.
    pub is_complete: bool,
    /// Time from a produce request to its acknowledgement; `None` where it is not published.
    pub latency: Option<Latency>,
}

impl Cheapest {
    /// Contracted cost of one component in dollars.
    pub fn of_component(&self, component: Component) -> f64 {
        self.components[component as usize]
    }
}

/// The cheapest fleet of one platform in one steady month; for many months or workloads, see [`Shortlist`].
///
/// # Errors
///
/// A [`Rejection`] with the reasons that [`plan()`](crate::plan()) has.
pub fn cheapest(
    design: &Design,
    workload: &Workload,
    month: Month,
    prices: &PriceList,
    tariff: &Tariff,
) -> Result<Cheapest, Box<Rejection>> {
    Shortlist::new(design, prices, tariff).cheapest(workload, month)
}

/// The machines that a platform could run on, as far as they are known before the workload: what each can do and what an
/// hour of it costs, worked out once.
#[derive(Clone, Debug)]
pub struct Shortlist<'a> {
    design: &'a Design,
    prices: &'a PriceList,
    tariff: &'a Tariff<'a>,
    capacities: Capacities,
    /// Contracted price of an hour of each, at least.
    hourly: Vec<f64>,
    /// Contracted price of a byte on brokers' volumes for a month, at least.
    volume: f64,
    /// Whether nothing costs less than nothing: then what is known of a bill is a bound of it.
    sound: bool,
}

impl<'a> Shortlist<'a> {
    /// Of one platform, with the prices that it needs looked up by [`tariff()`](crate::tariff::tariff).
    pub fn new(design: &'a Design, prices: &'a PriceList, tariff: &'a Tariff<'a>) -> Self {
        let pool = plan::pool(design, prices);
        let capacities = Capacities::new(pool, design, tariff.disk);
        let all = prices.prices.iter().chain(&tariff.lines.own).chain(&tariff.licence);
        let sound = all.flat_map(|price| &price.tiers).all(|tier| tier.approximate.1 >= 0.0);
        // Of a ladder the first step may be free.
        let least = |id| {
            let price = tariff.price(prices, id);
            let only = price.tiers.len() == 1;
            if only { price.tiers[0].approximate.1 / price.unit.size() } else { 0.0 }
        };
        let machines = capacities.machines.iter().map(|index| &prices.machines[*index]);
        // And of units that cost something, the first few may not.
        let charged = design.settings.units_free.0 <= 0.0;
        let of_machine = |machine: &Machine| if charged { least(machine.price) } else { 0.0 };
        let hourly = machines.map(of_machine).collect();
        let volume = tariff.disk.and_then(|disk| disk.capacity);
        let volume = volume.filter(|id| id.is_missing().is_none()).map_or(0.0, least);
        Self { design, prices, tariff, capacities, hourly, volume, sound }
    }

    /// The cheapest fleet for a workload in one steady month.
    ///
    /// # Errors
    ///
    /// A [`Rejection`] with the reasons that [`plan()`](crate::plan()) has.
    pub fn cheapest(&self, workload: &Workload, month: Month) -> Result<Cheapest, Box<Rejection>> {
        let (design, prices) = (self.design, self.prices);
        let reject = |reasons| Box::new(Rejection { design: design.clone(), reasons });
        let refused = plan::refused(design, workload, prices);
        if !refused.is_empty() {
            return Err(reject(refused));
        }
        let topics = &topics(workload, design);
        let mut leaders = 1;
        loop {
            let load = load::load(topics, design, month, leaders);
            let flows = flows::flows(&load, design);
            let storage = storage::storage(&load, design);
            let demand = sizing::demand(&load, &flows, &storage, design);
            let site = Site {
                design,
                load: &load,
                flows: &flows,
                storage: &storage,
                demand: &demand,
                tariff: self.tariff,
                month: month.length,
                alive: 1.0,
                requests: None,
            };
            let found =
                self.choose(std::slice::from_ref(&site)).map_err(|reason| reject(vec![reason]))?;
            match plan::leaders_for(found.size.brokers, topics, &load, leaders) {
                Some(more) => leaders = more,
                None => return Ok(self.priced(&site, &found)),
            }
        }
    }

    /// The machine whose fleets cost least over several months together; its size is that of the first.
    ///
    /// # Errors
    ///
    /// Why none can be used.
    pub(crate) fn choose(&self, sites: &[Site]) -> Result<Found, Reason> {
        match self.search(sites) {
            Some(found) => Ok(found),
            None => self.explained(sites),
        }
    }

    /// The same by looking at every machine, and saying why it cannot be used.
    fn explained(&self, sites: &[Site]) -> Result<Found, Reason> {
        let mut all = plan::consider(&sites[0], self.prices)?;
        for site in &sites[1..] {
            for (one, other) in all.iter_mut().zip(plan::consider(site, self.prices)?) {
                one.total += other.total;
            }
        }
        match plan::choose(&all, self.design) {
            Some((machine, size)) => Ok(Found { machine, size }),
            None => Err(plan::closest(&all, self.prices)),
        }
    }

    /// `None` where no machine is found on this way.
    fn search(&self, sites: &[Site]) -> Option<Found> {
        let months = sites.iter().map(|site| self.month(site)).collect::<Option<Vec<_>>>()?;
        let least = self.least(&months);
        let first = (0..least.len()).min_by(|one, other| least[*one].total_cmp(&least[*other]))?;
        let mut usage = Vec::with_capacity(USAGE);
        let mut best: Option<Best> = None;
        // The most promising one is looked at first, so that few others have to be.
        let others = (0..least.len()).filter(|at| *at != first);
        for at in std::iter::once(first).chain(others) {
            if best.as_ref().is_some_and(|best| best.cutoff < least[at]) {
                continue;
            }
            let Some((size, total)) = self.total(&months, at, &mut usage) else { continue };
            let rank = plan::rank(size.brokers, total, self.design);
            let better = best.as_ref().is_none_or(|best| {
                plan::compared(&rank, &best.rank).then(at.cmp(&best.at)).is_lt()
            });
            if better {
                // Where fewer brokers are better than cheaper ones, costs rule nothing out.
                let larger_first = self.design.settings.larger_first;
                let cutoff = if larger_first { f64::INFINITY } else { total + TIE };
                best = Some(Best { at, size, rank, cutoff });
            }
        }
        best.map(|best| Found { machine: self.capacities.machines[best.at], size: best.size })
    }

    fn month<'b>(&self, site: &'b Site<'b>) -> Option<Priced<'b>> {
        let brokers = self.capacities.brokers(site.demand, self.design)?;
        let common = costs::common_usage(site);
        let common = plan::approximate(&common, self.tariff, self.prices);
        Some(Priced { site, brokers, common })
    }

    /// What each machine costs at least over all months: its brokers, and what any fleet pays.
    fn least(&self, months: &[Priced]) -> Vec<f64> {
        let mut least = vec![if self.sound { 0.0 } else { f64::NEG_INFINITY }; self.hourly.len()];
        for month in months {
            let volumes = match self.design.settings.disk_per_broker {
                None if self.design.replicates() || self.design.is_list_price() => {
                    self.volume * month.site.storage.provisioned.base_bytes()
                }
                _ => 0.0,
            };
            let support = costs::support_over(month.site, month.common.1);
            let any = (volumes + month.common.0 + support) * ROUNDED;
            let hours = month.site.month.as_hours() * ROUNDED;
            let lists = least.iter_mut().zip(&month.brokers).zip(&self.hourly);
            for ((least, brokers), hourly) in lists {
                *least += any + brokers * hours * hourly;
            }
        }
        least
    }

    /// The size of the first month's fleet on a machine and what all months cost; `None` where it cannot be used.
    fn total(&self, months: &[Priced], at: usize, usage: &mut Vec<Usage>) -> Option<(Size, f64)> {
        let machine = self.machine(self.capacities.machines[at]);
        let mut first: Option<(Size, f64)> = None;
        for Priced { site, common, .. } in months {
            let size = sizing::size(site.demand, self.design, machine, self.tariff.disk).ok()?;
            let cost = plan::monthly(site, &size.on(machine), *common, self.prices, usage);
            first = Some(first.map_or((size, cost), |(first, sum)| (first, sum + cost)));
        }
        first.filter(|first| first.1.is_finite())
    }

    fn machine(&self, index: usize) -> &'a Machine {
        &self.prices.machines[index]
    }

    /// What a fleet costs by component.
    fn priced(&self, site: &Site, found: &Found) -> Cheapest {
        let (tariff, prices, size) = (self.tariff, self.prices, found.size);
        let brokers = size.on(self.machine(found.machine));
        let mut components = [0.0; Component::ALL.len()];
        let mut add = |component, cost| components[component as usize] += cost;
        let common = costs::common_usage(site);
        let of_any = plan::approximate_each(&common, tariff, prices, &mut add);
        let mut usage = Vec::with_capacity(USAGE);
        costs::fleet_usage(site, &brokers, &mut usage);
        let own = plan::approximate_each(&usage, tariff, prices, &mut add);
        let support = costs::support_over(site, own.1 + of_any.1);
        add(Component::Support, support);
        usage.extend(common);
        Cheapest {
            machine: found.machine,
            brokers: size.brokers,
            bottleneck: size.bottleneck,
            monthly: own.0 + of_any.0 + support,
            components,
            is_complete: costs::is_complete(site, &usage),
            latency: latency::latency(
                site.load,
                site.design,
                costs::domains(
                    site.design,
                    site.load,
                    self.machine(found.machine),
                    f64::from(size.brokers),
                ),
            ),
        }
    }
}

/// A machine that was chosen, and the size of its fleet.
pub(crate) struct Found {
    pub machine: usize,
    pub size: Size,
}

/// A month on every machine.
struct Priced<'a> {
    site: &'a Site<'a>,
    /// At least so many.
    brokers: Vec<f64>,
    /// What usage costs that is the same on any fleet, and the part of it that a support plan counts.
    common: (f64, f64),
}

/// The best fleet so far.
struct Best {
    /// Its place in the list.
    at: usize,
    size: Size,
    rank: (f64, f64),
    /// What costs more than this for certain is worse.
    cutoff: f64,
}

/// Lines that usage of one fleet usually has at most.
const USAGE: usize = 32;

/// Costs are ranked in cents, so what is this much dearer, in dollars, is dearer by a cent at least.
const TIE: f64 = 0.02;

/// A bound is multiplied in another order than a cost: less than it by more than rounding errors of floats, 10⁻¹⁶ each.
const ROUNDED: f64 = 1.0 - 1e-12;
