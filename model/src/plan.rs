//! The steps in a row: a [`Plan`] for one platform, or a [`Rejection`] that says why there is none.

use std::cmp::Ordering;

use serde::Serialize;

use crate::basis::{Basis, Used};
use crate::bill::{Bill, Component, CostLine, Driver, Part, Usage};
use crate::coordinator::{self, Coordinator};
use crate::costs::{self, Brokers, RequestRate, Site};
use crate::design::{Architecture, Design};
use crate::finance::Contract;
use crate::flows::{self, Edge, Flows};
use crate::latency::{self, Latency};
use crate::lines::Direction;
use crate::load::{self, Load, Month};
use crate::money::Usd;
use crate::order;
use crate::parameters::{CpuRule, Wal};
use crate::prices::{Machine, MissingPrice, Price, PriceList};
use crate::simulate::Simulation;
use crate::sizing::{self, CpuBand, Fleet, Requirement, Resource, Size, Unfit};
use crate::storage::{self, Storage};
use crate::tariff::{Tariff, tariff};
use crate::topics::topics;
use crate::units::{ByteRate, Bytes, Hours};
use crate::workload::Workload;

/// One platform in one steady month: sized at the peak, priced at the mean.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is planned.
    pub design: Design,
    /// Which part of a platform it is of; the whole of it unless it is one of `parts`.
    pub part: Part,
    /// Its parts, where it has several: what is above and below is their sum, or their worst.
    pub parts: Vec<Plan>,
    /// Whose prices.
    pub provider: String,
    /// Where.
    pub region: String,
    /// What clients ask for.
    pub load: Load,
    /// What moves.
    pub flows: Flows,
    /// What is kept.
    pub storage: Storage,
    /// The machine type of its brokers.
    pub machine: String,
    /// How many of which, and what decided.
    pub fleet: Fleet,
    /// CPU demand by two rules.
    pub cpu: CpuBand,
    /// Virtual CPUs of the fleet; zero where the vendor does not say.
    pub vcpu: f64,
    /// Requests to object storage.
    pub requests: Vec<RequestRate>,
    /// Time from a produce request to its acknowledgement; `None` where it is not published.
    pub latency: Option<Latency>,
    /// What the loss of one broker means.
    pub recovery: Recovery,
    /// How far back page cache reaches at the mean: readers behind it read disks or the tier. `None` where brokers
    /// keep no replicas, or the vendor does not say what they have.
    pub page_cache: Option<Hours>,
    /// Rows of its batch coordinator; `None` where none counts them.
    pub coordinator: Option<Coordinator>,
    /// Capacity units that the vendor would count; `None` where there are none.
    pub capacity_units: Option<f64>,
    /// Every machine that was considered, cheapest first.
    pub candidates: Vec<Candidate>,
    /// What it costs over all of `months`.
    pub bill: Bill,
    /// What its bills were made of; `None` where it is the sum of several parts.
    pub basis: Option<Basis>,
    /// The month that the fleet, the flows and the storage above are of: the busiest of the horizon, or the steady one.
    pub month: Month,
    /// Month by month; one where the plan is of a steady month.
    pub months: Vec<Billed>,
    /// What of it is paid for by commitments that the scenario buys.
    pub contracts: Vec<Contract>,
    /// When a migration to this platform does what.
    pub course: Option<crate::simulate::Migration>,
    /// What happened through the horizon; `None` for a steady month.
    pub simulation: Option<Simulation>,
    /// What a careful reader should know.
    pub warnings: Vec<String>,
}

/// What the loss of one broker means.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Recovery {
    /// Bytes to copy until every replica is back.
    #[serde(rename = "rebuild_gib")]
    pub rebuild: Bytes,
    /// Time until then.
    #[serde(rename = "hours")]
    pub time: Option<Hours>,
    /// How it goes; it has a time only where it goes well and someone says how long it takes.
    pub course: Course,
}

/// How a lost broker's work is taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// Other brokers copy its replicas.
    Rebuild,
    /// Other brokers take over and read what it had not uploaded.
    TakeOver,
    /// The service repairs its storage; how long it takes is not published.
    NotPublished,
    /// There is no other copy: its records are lost.
    DataLost,
    /// Live traffic leaves nothing to copy with.
    NoSpareThroughput,
    /// There is no other broker.
    NoOtherBroker,
}

/// The bill of one month.
#[derive(Clone, Debug)]
pub struct Billed {
    /// Which month.
    pub month: Month,
    /// Brokers paid for, on average.
    pub brokers: f64,
    /// What it costs.
    pub bill: Bill,
    /// What it was made of; `None` where it is the sum of several parts' bills.
    pub used: Option<Used>,
}

/// A machine type that was considered.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its name.
    pub machine: String,
    /// Brokers and approximate monthly cost of the whole plan with it, or why it cannot be used.
    pub outcome: Result<(u32, f64), Unfit>,
}

/// Why there is no plan.
#[derive(Clone, Debug)]
pub struct Rejection {
    /// What was to be planned.
    pub design: Design,
    /// Every reason.
    pub reasons: Vec<Reason>,
}

/// One reason why there is no plan.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// Something has no price here.
    MissingPrice(MissingPrice),
    /// The machine that the scenario names has no price here.
    NoSuchMachine {
        /// The machine.
        machine: String,
        /// Where it was looked for.
        region: String,
    },
    /// The catalogue has no machine at all for this platform here.
    NoMachines {
        /// The platform's pool.
        pool: String,
        /// Where it was looked for.
        region: String,
        /// Providers that sell it.
        sold_by: Vec<String>,
    },
    /// A stream is compacted, and the platform does not compact.
    NoCompaction {
        /// The stream.
        stream: String,
    },
    /// A stream is to be kept for longer than the platform allows.
    RetentionTooLong {
        /// The stream.
        stream: String,
        /// How long it is to be kept.
        retention: Hours,
        /// How long it can be.
        max: Hours,
    },
    /// No machine fits: the one that came closest, and why not.
    NoneFits {
        /// How many were considered.
        considered: usize,
        /// The machine that came closest.
        machine: String,
        /// Why not.
        unfit: Unfit,
    },
    /// A part of the platform has no plan.
    InPart {
        /// Which.
        part: Part,
        /// Why not.
        reason: Box<Reason>,
    },
}

impl std::fmt::Display for Reason {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MissingPrice(missing) => write!(out, "{missing}"),
            Self::InPart { part, reason } => write!(out, "{}: {reason}", part.name()),
            Self::NoSuchMachine { machine, region } => {
                write!(out, "no price for broker `{machine}` in {region}")
            }
            Self::NoMachines { pool, region, sold_by } if sold_by.is_empty() => {
                write!(out, "no priced machine of pool `{pool}` in {region}")
            }
            Self::NoMachines { pool, region, sold_by } => {
                write!(out, "`{pool}` is sold by {}, and not in {region}", sold_by.join(" and "))
            }
            Self::NoCompaction { stream } => {
                write!(out, "`{stream}` is compacted, and it does not compact logs")
            }
            Self::RetentionTooLong { stream, retention, max } => {
                write!(
                    out,
                    "`{stream}` is to be kept for {retention}, and it keeps records for {max} at most"
                )
            }
            Self::NoneFits { considered, machine, unfit } => {
                write!(
                    out,
                    "none of {considered} machines fits; `{machine}` comes closest: {unfit}"
                )
            }
        }
    }
}

impl Reason {
    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::MissingPrice(missing) => missing.hint(),
            Self::InPart { reason, .. } => reason.hint(),
            Self::NoSuchMachine { .. } => {
                "choose another `broker`, add your own quote, or leave it at `auto`".to_owned()
            }
            Self::NoMachines { sold_by, .. } if sold_by.is_empty() => {
                "plan for another region".to_owned()
            }
            Self::NoMachines { sold_by, .. } => {
                format!("plan for a region of {} that has it", sold_by.join(" or "))
            }
            Self::NoCompaction { stream } => {
                format!("keep it elsewhere: `[[platform.place]]` with `stream = \"{stream}\"`, `on` a platform that does")
            }
            Self::RetentionTooLong { .. } => {
                "keep it for less, or raise `retention_max` if your contract allows more".to_owned()
            }
            Self::NoneFits {
                unfit: Unfit::TooMany { resource: Resource::DiskCapacity, .. }, ..
            } => "raise `brokers_max` or `storage_per_broker_max` if your quotas allow more, or keep less on brokers"
                .to_owned(),
            Self::NoneFits { unfit: Unfit::TooMany { .. }, .. } => {
                "raise `brokers_max` if your quota allows more, or lower the demand on that resource"
                    .to_owned()
            }
            Self::NoneFits { .. } => {
                "choose another `broker`, or relax the setting that it fails"
                    .to_owned()
            }
        }
    }
}

impl Plan {
    /// Contracted cost of a month, on average.
    pub fn monthly_cost(&self) -> Usd {
        self.a_month(self.bill.contracted_cost())
    }

    /// The same at the lower ends of prices of which only a range is public.
    pub fn monthly_cost_low(&self) -> Usd {
        self.a_month(self.bill.contracted_cost_low())
    }

    /// What an amount on the bill comes to in a month, on average.
    pub fn a_month(&self, amount: Usd) -> Usd {
        match self.months.len() {
            0 | 1 => amount,
            months => Usd::new(amount.dollars() / rust_decimal::Decimal::from(months)),
        }
    }

    /// Contracted cost of one component in a month, on average.
    pub fn of_component(&self, component: Component) -> Usd {
        self.a_month(self.bill.of_component(component))
    }

    /// Contracted cost that grows with one driver in a month, on average.
    pub fn of_driver(&self, driver: Driver) -> Usd {
        self.a_month(self.bill.of_driver(driver))
    }

    /// Whether every price is known.
    pub fn is_complete(&self) -> bool {
        self.bill.gaps.is_empty()
    }

    /// Its parts in turn; itself where it is one.
    pub fn each(&self) -> impl Iterator<Item = &Self> {
        let alone = if self.parts.is_empty() { Some(self) } else { None };
        alone.into_iter().chain(&self.parts)
    }

    /// The part that a line of its bill is of. What stands on the bill of a region, and of no part of it, is told with that
    /// region's prices.
    pub fn part_of(&self, line: &CostLine) -> &Self {
        self.part_at(&line.part)
    }

    /// The same by the part's name.
    pub fn part_at(&self, part: &Part) -> &Self {
        let exact = self.each().find(|one| one.part == *part);
        let near = || self.each().find(|one| one.part.region == part.region);
        exact.or_else(near).unwrap_or(self)
    }

    /// The part with the least headroom, the first of equal ones; itself where it is one.
    pub fn tightest(&self) -> &Self {
        // A least number of brokers is always used up.
        let used = |plan: &Self| match plan.binding() {
            Some(asked) if asked.resource != Resource::Placement => plan.fleet.utilization(asked),
            _ => 0.0,
        };
        let parts = self.parts.iter().rev();
        parts.max_by(|one, other| used(one).total_cmp(&used(other))).unwrap_or(self)
    }

    /// The requirement that sized the fleet.
    pub fn binding(&self) -> Option<&Requirement> {
        self.fleet.requirements.iter().find(|asked| asked.resource == self.fleet.bottleneck)
    }
}

/// Plans one platform for one steady month.
///
/// # Errors
///
/// A [`Rejection`] with every reason: prices that are missing, or the machine that came closest and what it lacks.
pub fn plan(
    design: &Design,
    workload: &Workload,
    month: Month,
    prices: &PriceList,
) -> Result<Plan, Box<Rejection>> {
    let reject = |reasons| Box::new(Rejection { design: design.clone(), reasons });
    let refused = refused(design, workload, prices);
    if !refused.is_empty() {
        return Err(reject(refused));
    }
    let tariff =
        tariff(design, prices).map_err(|missing| reject(vec![Reason::MissingPrice(missing)]))?;

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
            tariff: &tariff,
            month: month.length,
            alive: 1.0,
            requests: None,
        };
        let considered = consider(&site, prices).map_err(|reason| reject(vec![reason]))?;
        let Some((index, size)) = choose(&considered, design) else {
            return Err(reject(vec![closest(&considered, prices)]));
        };
        if let Some(more) = leaders_for(size.brokers, topics, &load, leaders) {
            leaders = more;
            continue;
        }
        let mut plan = finish(&site, month, prices, index, size, &considered);
        plan.load = plan.load.by_name();
        return Ok(plan);
    }
}

/// Every broker is to lead a partition, and more partitions may ask for more brokers: how many more are to lead, where
/// brokers turn out to be more than partitions that can be added to.
pub(crate) fn leaders_for(
    brokers: u32,
    workload: &Workload,
    load: &Load,
    leaders: u32,
) -> Option<u32> {
    let automatic = workload.streams.iter().any(|stream| stream.partitions.is_none());
    (automatic && brokers > load.partitions && brokers > leaders).then_some(brokers)
}

/// The machines that a platform could run on, by their indices in the price list: all of its pool, or the one that the
/// scenario names.
pub(crate) fn pool<'a>(
    design: &'a Design,
    prices: &'a PriceList,
) -> impl Iterator<Item = (usize, &'a Machine)> {
    let wanted = design.settings.broker.as_deref();
    let all = prices.machines.iter().enumerate();
    all.filter(|(_, machine)| machine.pool == design.preset.pool)
        .filter(move |(_, machine)| wanted.is_none_or(|wanted| machine.name == wanted))
}

/// A machine by its index in the price list, and what came of it.
pub struct Considered {
    /// Index in [`PriceList::machines`].
    pub machine: usize,
    /// The size of the fleet and its approximate monthly cost, or why it cannot be used.
    pub outcome: Result<(Size, f64), Unfit>,
    /// Approximate cost that it is ranked by: of one month, or of several.
    pub total: f64,
}

/// Sizes and prices every machine that a platform could run on.
///
/// # Errors
///
/// When there is none, or not the one that the scenario names.
pub fn consider(site: &Site, prices: &PriceList) -> Result<Vec<Considered>, Reason> {
    let (design, tariff) = (site.design, site.tariff);
    let region = || format!("{} {}", prices.provider, prices.region);
    let wanted = design.settings.broker.as_deref();
    let mut usage = Vec::with_capacity(32);
    let common = approximate(&costs::common_usage(site), tariff, prices);

    let considered: Vec<Considered> = pool(design, prices)
        .map(|(index, machine)| {
            let outcome = sizing::size(site.demand, design, machine, tariff.disk)
                .map(|size| (size, monthly(site, &size.on(machine), common, prices, &mut usage)));
            let total = outcome.as_ref().map_or(f64::INFINITY, |fit| fit.1);
            Considered { machine: index, outcome, total }
        })
        .collect();
    match (considered.is_empty(), wanted) {
        (false, _) => Ok(considered),
        (true, Some(machine)) => {
            Err(Reason::NoSuchMachine { machine: machine.to_owned(), region: region() })
        }
        (true, None) => {
            let pool = design.preset.pool.to_owned();
            Err(Reason::NoMachines { pool, region: region(), sold_by: Vec::new() })
        }
    }
}

impl Size {
    /// Such a fleet on a machine.
    pub(crate) fn on<'a>(&self, machine: &'a Machine) -> Brokers<'a> {
        Brokers { machine, count: f64::from(self.brokers), bottleneck: self.bottleneck }
    }
}

/// Approximate monthly cost of a fleet, with what any fleet costs; usage of its own is left behind.
pub(crate) fn monthly(
    site: &Site,
    brokers: &Brokers,
    common: (f64, f64),
    prices: &PriceList,
    usage: &mut Vec<Usage>,
) -> f64 {
    usage.clear();
    costs::fleet_usage(site, brokers, usage);
    let own = approximate(usage, site.tariff, prices);
    own.0 + common.0 + costs::support_over(site, own.1 + common.1)
}

/// Contracted cost of usage as a float, and the part of it that a support plan counts; usage of one price shares its ladder.
pub(crate) fn approximate(usage: &[Usage], tariff: &Tariff, prices: &PriceList) -> (f64, f64) {
    approximate_each(usage, tariff, prices, |_, _| ())
}

/// The same, line by line as well.
pub(crate) fn approximate_each(
    usage: &[Usage],
    tariff: &Tariff,
    prices: &PriceList,
    mut each: impl FnMut(Component, f64),
) -> (f64, f64) {
    let is_supported = tariff.lines.support.is_some();
    let (mut all, mut supported) = (0.0, 0.0);
    for (index, one) in usage.iter().enumerate() {
        if one.price.is_missing().is_some() {
            continue;
        }
        let price = tariff.price(prices, one.price);
        let before = match price.tiers.len() {
            1 => 0.0,
            _ => {
                let same = usage[..index].iter().filter(|other| other.price == one.price);
                same.map(|other| other.amount).sum::<f64>()
            }
        };
        let held = |of: fn(&Price, f64) -> f64| match price.tiers.len() {
            1 => of(price, one.amount),
            _ => of(price, before + one.amount) - of(price, before),
        };
        let cost = held(Price::approximate_cost);
        each(one.component, cost);
        all += cost;
        // Support is charged before discounts.
        if is_supported && costs::is_supported_usage(one) {
            supported += held(Price::approximate_list_cost);
        }
    }
    (all, supported)
}

/// What usage comes to in a month, its support plan included: approximately, altogether and by component.
pub(crate) fn by_component(
    site: &Site,
    usage: &[Usage],
    prices: &PriceList,
) -> (f64, [f64; Component::ALL.len()]) {
    let mut components = [0.0; Component::ALL.len()];
    let mut add = |component, cost| components[component as usize] += cost;
    let (cost, supported) = approximate_each(usage, site.tariff, prices, &mut add);
    let support = costs::support_over(site, supported);
    add(Component::Support, support);
    (cost + support, components)
}

/// The cheapest fleet; of equal ones the one with fewer brokers, then the first in the catalogue. Where a service makes
/// brokers larger before it adds any, the one with the fewest, and of those the cheapest.
pub(crate) fn choose(considered: &[Considered], design: &Design) -> Option<(usize, Size)> {
    let fits = considered.iter().filter_map(|one| {
        let (size, _) = one.outcome.as_ref().ok()?;
        one.total.is_finite().then_some((one.machine, *size, one.total))
    });
    let rank = |one: &(usize, Size, f64)| rank(one.1.brokers, one.2, design);
    let (machine, size, _) = fits.min_by(|one, other| compared(&rank(one), &rank(other)))?;
    Some((machine, size))
}

/// What a fleet is chosen by, first and then: the smaller the better. Costs that differ by rounding errors are equal.
pub(crate) fn rank(brokers: u32, monthly: f64, design: &Design) -> (f64, f64) {
    let (brokers, cents) = (f64::from(brokers), (monthly * 100.0).round());
    if design.settings.larger_first { (brokers, cents) } else { (cents, brokers) }
}

pub(crate) fn compared(one: &(f64, f64), other: &(f64, f64)) -> Ordering {
    one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1))
}

/// The machine that needs the fewest brokers of those that need too many, or the first that fails otherwise.
pub(crate) fn closest(considered: &[Considered], prices: &PriceList) -> Reason {
    let brokers = |unfit: &Unfit| match unfit {
        Unfit::TooMany { brokers, .. } => *brokers,
        _ => f64::MAX,
    };
    let unfit =
        considered.iter().filter_map(|one| Some((one.machine, one.outcome.as_ref().err()?)));
    let (machine, unfit) = unfit
        .min_by(|one, other| brokers(one.1).total_cmp(&brokers(other.1)))
        .expect("a platform without a plan has considered at least one machine");
    Reason::NoneFits {
        considered: considered.len(),
        machine: prices.machines[machine].name.clone(),
        unfit: unfit.clone(),
    }
}

/// Everything about the chosen fleet.
pub(crate) fn finish(
    site: &Site,
    month: Month,
    prices: &PriceList,
    index: usize,
    size: Size,
    considered: &[Considered],
) -> Plan {
    let machine = &prices.machines[index];
    let brokers = size.on(machine);
    let fleet = sizing::fleet(site.demand, site.design, machine, site.tariff.disk)
        .expect("a machine that was sized once can be sized again");
    let mut usage = costs::common_usage(site);
    costs::fleet_usage(site, &brokers, &mut usage);
    let bill = costs::bill(site, &usage, prices);
    let requests = site.tariff.object.map(|_| costs::requests(site, &brokers).to_vec());
    Plan {
        design: site.design.clone(),
        part: Part::default(),
        parts: Vec::new(),
        provider: prices.provider.clone(),
        region: prices.region.clone(),
        load: site.load.clone(),
        flows: site.flows.clone(),
        storage: *site.storage,
        machine: machine.name.clone(),
        cpu: sizing::cpu(site.load, site.design),
        vcpu: machine.vcpu * f64::from(fleet.brokers),
        requests: requests.unwrap_or_default(),
        latency: latency::latency(
            site.load,
            site.design,
            costs::domains(site.design, site.load, machine, f64::from(fleet.brokers)),
        ),
        recovery: recovery(site, fleet.brokers, machine),
        page_cache: page_cache(site, fleet.brokers, machine),
        coordinator: coordinator::coordinator(site.load, site.design, f64::from(fleet.brokers)),
        capacity_units: capacity_units(site, prices),
        candidates: candidates(considered, prices),
        warnings: warnings(site, &fleet, machine),
        month,
        basis: Some(Basis::new(site.tariff, prices, machine, &site.load.links, usage.iter())),
        months: vec![Billed {
            month,
            brokers: f64::from(fleet.brokers),
            bill: bill.clone(),
            used: Some(Used::steady(site, &brokers, usage)),
        }],
        course: None,
        contracts: Vec::new(),
        simulation: None,
        bill,
        fleet,
    }
}

/// What the loss of one broker means.
///
/// - **Replicated:** its share of what brokers keep is copied at a rate net of live traffic, or what its network and disk
///   leave where that is less (mechanics A8). One copy has nothing to be copied from.
/// - **Shared storage:** others take over after the session runs out and read what was not uploaded (C5).
/// - **Storage of a service:** not published, so not stated.
fn recovery(site: &Site, brokers: u32, machine: &Machine) -> Recovery {
    let settings = &site.design.settings;
    let count = f64::from(brokers);
    if site.design.is_list_price() {
        return Recovery { rebuild: Bytes::ZERO, time: None, course: Course::NotPublished };
    }
    if site.design.is_leaderless() {
        // Brokers hold nothing that was acknowledged.
        let course = if brokers < 2 { Course::NoOtherBroker } else { Course::TakeOver };
        let time = (brokers > 1).then_some(settings.failover);
        return Recovery { rebuild: Bytes::ZERO, time, course };
    }
    if site.design.architecture() == Architecture::SharedStorage {
        let uploads = costs::uploads(site.design, machine.memory, site.load.produce / count);
        let rebuild = uploads.size;
        let network = site.design.network(machine);
        let reading = network.map_or(Hours::ZERO, |rate| rebuild / rate);
        if brokers < 2 {
            return Recovery { rebuild, time: None, course: Course::NoOtherBroker };
        }
        let time = Some(settings.failover + reading * 2.0);
        return Recovery { rebuild, time, course: Course::TakeOver };
    }
    let theirs = match site.tariff.disk {
        Some(disk) => !disk.attached && !disk.local,
        None => site.design.preset.managed,
    };
    if theirs {
        return Recovery { rebuild: Bytes::ZERO, time: None, course: Course::NotPublished };
    }
    let rebuild = site.storage.on_brokers / count;
    if settings.replication_factor < 2 {
        return Recovery { rebuild, time: None, course: Course::DataLost };
    }
    let rate = settings.rebuild_rate.min(spare(site, count, machine));
    let time = (rate > ByteRate::ZERO).then(|| rebuild / rate);
    let course = if time.is_some() { Course::Rebuild } else { Course::NoSpareThroughput };
    Recovery { rebuild, time, course }
}

/// What a broker's network and disk path leave beside live traffic at the mean (mechanics A8).
fn spare(site: &Site, count: f64, machine: &Machine) -> ByteRate {
    let settings = &site.design.settings;
    let written = site.flows.mean(Edge::BrokerToDisk) / count;
    let received = site.load.produce * f64::from(settings.replication_factor) / count;
    let beside = |limit: Option<ByteRate>, live: ByteRate| {
        limit.map_or(settings.rebuild_rate, |limit| (limit - live).max(ByteRate::ZERO))
    };
    let attached = site.tariff.disk.is_some_and(|disk| disk.attached);
    let path = site.design.disk_path(machine).filter(|_| attached);
    let network = site.design.network(machine);
    beside(path, written).min(beside(network, received))
}

/// How far back page cache reaches: memory that brokers leave to it ÷ what is written to replicas (mechanics A5).
fn page_cache(site: &Site, brokers: u32, machine: &Machine) -> Option<Hours> {
    let settings = &site.design.settings;
    let unknown = machine.memory <= Bytes::ZERO || machine.rated_ingress.is_some();
    if !site.design.replicates() || unknown {
        return None;
    }
    let free = site.design.page_cache(machine);
    let written = site.load.produce * f64::from(settings.replication_factor);
    (written > ByteRate::ZERO).then(|| free * f64::from(brokers) / written)
}

/// Capacity units that the vendor would count: a check on the fleet, not a price.
fn capacity_units(site: &Site, prices: &PriceList) -> Option<f64> {
    let unit = prices.capacity_units.get(site.design.preset.capacity_unit)?;
    let load = site.load;
    let count = |rate: ByteRate, one: Option<ByteRate>| one.map_or(0.0, |one| rate / one);
    let write = count(load.produce_peak, unit.write);
    let read = count(load.tail_peak + load.replay_peak, unit.read);
    let partitions = unit.partitions.map_or(0.0, |one| f64::from(load.partitions) / one);
    Some(write.max(read).max(partitions))
}

/// What speaks against a platform before anything is planned: nobody sells it here, or it does not keep records for long
/// enough.
pub(crate) fn refused(design: &Design, workload: &Workload, prices: &PriceList) -> Vec<Reason> {
    let pool = design.preset.pool;
    let mut list = kept_too_long(design, workload);
    let compacted = workload.streams.iter().filter(|stream| {
        matches!(stream.cleanup, crate::workload::Cleanup::Compact { .. })
            && !design.settings.compacted_logs
    });
    list.extend(compacted.map(|stream| Reason::NoCompaction { stream: stream.name.clone() }));
    if let Some(missing) = prices.unpriced_pools.get(pool) {
        list.insert(0, Reason::MissingPrice(missing.clone()));
    } else if !prices.machines.iter().any(|machine| machine.pool == pool) {
        list.insert(
            0,
            Reason::NoMachines {
                pool: design.preset.name.to_owned(),
                region: format!("{} {}", prices.provider, prices.region),
                sold_by: prices.pools.get(pool).cloned().unwrap_or_default(),
            },
        );
    }
    list
}

/// Streams that are to be kept for longer than a platform allows.
fn kept_too_long(design: &Design, workload: &Workload) -> Vec<Reason> {
    let Some(max) = design.settings.retention_max else { return Vec::new() };
    let deleted = workload.streams.iter().filter(|stream| {
        matches!(stream.cleanup, crate::workload::Cleanup::Delete) && stream.retention > max
    });
    deleted
        .map(|stream| Reason::RetentionTooLong {
            stream: stream.name.clone(),
            retention: stream.retention,
            max,
        })
        .collect()
}

fn candidates(considered: &[Considered], prices: &PriceList) -> Vec<Candidate> {
    let mut list: Vec<Candidate> = considered
        .iter()
        .map(|one| Candidate {
            machine: prices.machines[one.machine].name.clone(),
            outcome: match &one.outcome {
                Ok((size, monthly)) => Ok((size.brokers, *monthly)),
                Err(unfit) => Err(unfit.clone()),
            },
        })
        .collect();
    let rank = |candidate: &Candidate| candidate.outcome.as_ref().map_or(f64::MAX, |fit| fit.1);
    order::sort_by(&mut list, |one, other| rank(one).total_cmp(&rank(other)));
    list
}

/// What a careful reader should know about a plan.
fn warnings(site: &Site, fleet: &Fleet, machine: &Machine) -> Vec<String> {
    let settings = &site.design.settings;
    let mut list = site.design.implausible();
    let maturity = site.design.preset.maturity.note();
    if !maturity.is_empty() {
        list.push(maturity.to_owned());
    }
    if fleet.short {
        let needed = fleet.requirements.iter().map(Requirement::brokers).fold(0.0, f64::max);
        list.push(format!(
            "{} brokers are fixed, but {} asks for {}",
            fleet.brokers,
            fleet.bottleneck.name(),
            crate::units::grouped(needed)
        ));
    }
    let paths_asked = [Component::ClientPaths, Component::PrivateConnectivity];
    let paths_asked = paths_asked.into_iter().any(|line| site.design.lines.asked(line));
    if site.design.is_list_price() && !paths_asked {
        list.push(
            "what clients pay to reach it is not counted: zone crossing, endpoints, egress"
                .to_owned(),
        );
    }
    let copies = site.design.preset.rows.iter().find(|row| row.key == "fee_copies");
    let own = site.design.overrides.iter().any(|key| key == "fee_copies");
    if let Some(row) = copies.filter(|_| !own) {
        list.push(format!("`fee_copies = {}`: {}", row.value, row.source));
    }
    if settings.zones == 1 {
        list.push("one zone: losing it stops the service".to_owned());
    }
    let replicated = site.design.replicates();
    if replicated && settings.replication_factor == 1 {
        list.push("one copy: losing a broker's disk loses its records".to_owned());
    }
    let shared = site.design.architecture() == Architecture::SharedStorage;
    if shared && settings.wal == Wal::Block && settings.zones > 1 {
        list.push(
            "WAL volumes stand in one zone each: while a zone is down, what its brokers have not uploaded is out of reach"
                .to_owned(),
        );
    }
    if let Some(rows) = coordinator::coordinator(site.load, site.design, f64::from(fleet.brokers))
        && rows.fastest.per_sec() > settings.batch_removal_max.0
    {
        list.push(format!(
            "a partition gets up to {} rows a second at its coordinator, and retention removes {}: they pile up",
            crate::units::grouped(rows.fastest.per_sec()),
            crate::units::grouped(settings.batch_removal_max.0)
        ));
    }
    if fleet.brokers > site.load.partitions && !site.design.is_leaderless() {
        list.push(format!(
            "{} brokers, but {} partitions: some brokers lead none",
            fleet.brokers, site.load.partitions
        ));
    }
    for stream in &site.load.streams {
        let fastest = stream.replays.iter().map(|replay| replay.running);
        let replayed = fastest.fold(ByteRate::ZERO, ByteRate::max) / f64::from(stream.partitions);
        if replayed > settings.partition_rate_max {
            list.push(format!(
                "`{}`: a replay reads {replayed} from each partition, above the {} that one sustains",
                stream.name, settings.partition_rate_max
            ));
        }
        let hottest = stream.hottest_partition_peak();
        if hottest > settings.partition_rate_max {
            list.push(format!(
                "`{}`: its hottest partition peaks at {hottest}, above the {} that one sustains",
                stream.name, settings.partition_rate_max
            ));
        }
    }
    if site.design.architecture() == Architecture::Tiered {
        for stream in site.load.streams.iter().filter(|stream| stream.compacted) {
            list.push(format!("`{}` is compacted, and compacted logs are not tiered", stream.name));
        }
    }
    list.extend(hot_brokers(site, fleet));
    list.extend(slow_segments(site));
    list.extend(idle_tasks(site));
    list.extend(few_tasks(site));
    let rated = machine.rated_ingress.is_some();
    let unchecked: Vec<&str> =
        unchecked(site, rated).iter().map(|resource| resource.name()).collect();
    if !unchecked.is_empty() {
        list.push(format!("not checked, because no vendor states it: {}", unchecked.join(", ")));
    }
    list
}

/// Streams whose hottest partition asks more of its broker's network than there is.
///
/// Fleets are sized for brokers that are equally busy. One with a partition of `h` times the mean of `P`, of a stream that is
/// `s` of all that `B` brokers take, is `1 + s·(h − 1)·B ÷ P` times as busy as the others (mechanics G4).
fn hot_brokers(site: &Site, fleet: &Fleet) -> Vec<String> {
    let network = fleet.requirements.iter().find(|asked| asked.resource == Resource::Network);
    let Some(network) = network.filter(|_| !site.design.is_leaderless()) else {
        return Vec::new();
    };
    let busy = fleet.utilization(network) * site.design.network_usable();
    let each = site.load.produce_peak / f64::from(fleet.brokers);
    let hot = site.load.streams.iter().filter_map(|stream| {
        let mean = stream.produce_peak / f64::from(stream.partitions);
        let more = (stream.hottest_partition_peak() - mean) / each;
        (busy * (1.0 + more) > 1.0).then(|| {
            format!(
                "`{}`: the broker with its hottest partition is {} times as busy as the others, more than its network carries",
                stream.name,
                crate::units::grouped(1.0 + more)
            )
        })
    });
    hot.collect()
}

/// Sinks with more tasks than their stream has partitions: a partition is read by one of them.
fn idle_tasks(site: &Site) -> Vec<String> {
    let lines = &site.design.lines;
    let sinks = lines.connectors.iter().filter(|one| one.direction == Direction::Sink);
    sinks
        .filter(|_| lines.asked(Component::Connectors))
        .filter_map(|sink| {
            let partitions: u32 =
                site.load.of_stream(&sink.stream).map(|topic| topic.partitions).sum();
            let tasks = costs::connector_tasks(site.load, site.design, sink);
            (partitions > 0 && tasks > f64::from(partitions)).then(|| {
                format!(
                    "connector `{}` runs {} tasks, but `{}` has {} partitions: the others read nothing",
                    sink.name,
                    crate::units::grouped(tasks),
                    sink.stream,
                    partitions
                )
            })
        })
        .collect()
}

/// Connectors with fewer tasks than their highest hour asks for.
fn few_tasks(site: &Site) -> Vec<String> {
    let lines = &site.design.lines;
    let said = lines.connectors.iter().filter(|one| one.tasks.is_some());
    let short = said.filter(|_| lines.asked(Component::Connectors)).filter_map(|one| {
        let tasks = costs::connector_tasks(site.load, site.design, one);
        let needed = costs::tasks_needed(site.load, site.design, one);
        (needed > tasks).then(|| {
            format!(
                "connector `{}` runs {}, but its highest hour asks for {}: it falls behind, unless its tasks move more than `task_rate` says",
                one.name,
                crate::export::figures::counted(tasks as usize, "task"),
                crate::units::grouped(needed)
            )
        })
    });
    short.collect()
}

/// Streams whose partitions are so slow that open segments hold records far beyond their retention (mechanics A9).
fn slow_segments(site: &Site) -> Option<String> {
    let settings = &site.design.settings;
    if !site.design.replicates() || !settings.open_segments {
        return None;
    }
    let slow: Vec<String> = site
        .load
        .streams
        .iter()
        .filter(|stream| !stream.compacted && stream.produce > ByteRate::ZERO)
        .filter(|stream| storage::roll_time(stream, site.design) > stream.retention / 2.0)
        .map(|stream| {
            let open = storage::roll_time(stream, site.design);
            format!("`{}` keeps records for up to {}", stream.name, stream.retention + open)
        })
        .collect();
    (!slow.is_empty()).then(|| {
        format!(
            "slow partitions seldom close a segment, and only closed ones expire: {}; a smaller `segment_ms` or fewer partitions help",
            slow.join(", ")
        )
    })
}

/// Resources that matter but whose limit nobody publishes.
fn unchecked(site: &Site, rated: bool) -> Vec<Resource> {
    let list_price = site.design.is_list_price();
    let mut unchecked = match site.tariff.disk {
        Some(disk) if disk.local => vec![Resource::Volume],
        _ if list_price && !rated => vec![Resource::RatedIngress],
        _ => Vec::new(),
    };
    if list_price && site.design.settings.cpu_rule != CpuRule::Off {
        unchecked.push(Resource::Cpu);
    }
    unchecked
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::costs::tests::{Ground, ground, on};
    use crate::flows::tests::{MONTH, design, workload};
    use crate::prices::CapacityUnit;
    use crate::sizing::tests::machine;
    use crate::workload::{Cleanup, Keys};

    /// Prices of $1 for hours, and for what volumes hold and do.
    fn dollars() -> Vec<Price> {
        use crate::prices::{PriceGroup, PriceUnit};
        let price = |unit: PriceUnit| {
            let ladder = [(rust_decimal::Decimal::ZERO, "1".parse().expect("a literal"))];
            Price::new("sku", unit, PriceGroup::Compute, &ladder, "a test", "2026", "listed")
        };
        let volumes = [PriceUnit::GibMonth, PriceUnit::MibPerSecMonth, PriceUnit::IopsMonth];
        std::iter::once(PriceUnit::Hour).chain(volumes).map(price).collect()
    }

    /// A plan of six brokers for 100 MiB/s.
    pub(crate) fn plan() -> Plan {
        let list =
            PriceList { machines: vec![machine()], prices: dollars(), ..PriceList::default() };
        on(&ground("kafka-gp3"), |_| (), |site, _| finish(site, MONTH, &list, 0, size(6), &[]))
    }

    #[test]
    fn more_partitions_are_asked_for_where_more_brokers_are_to_lead() {
        let check = |stated: Option<u32>, brokers, leaders, expected| {
            let mut workload = workload();
            workload.streams[0].partitions = stated;
            let mut load = load::load(&workload, &design("kafka-gp3", |_| ()), MONTH, 3);
            load.partitions = 30;
            assert_eq!(leaders_for(brokers, &workload, &load, leaders), expected, "{brokers}");
        };
        check(None, 33, 3, Some(33));
        check(None, 30, 3, None); // each leads one
        check(None, 33, 33, None); // asked for already
        check(None, 33, 36, None);
        check(None, 30, 30, None);
        check(Some(30), 33, 3, None); // the scenario says how many
    }

    fn size(brokers: u32) -> Size {
        Size { brokers, bottleneck: Resource::Network, short: false }
    }

    /// Machines by their fleets and costs, in the order of the catalogue.
    fn considered(fleets: &[Result<(u32, f64), Unfit>]) -> Vec<Considered> {
        let one = |(machine, fleet): (usize, &Result<(u32, f64), Unfit>)| Considered {
            machine,
            outcome: fleet.clone().map(|(brokers, usd)| (size(brokers), usd)),
            total: fleet.as_ref().map_or(f64::INFINITY, |fleet| fleet.1),
        };
        fleets.iter().enumerate().map(one).collect()
    }

    fn too_many(brokers: f64) -> Unfit {
        Unfit::TooMany { resource: Resource::DiskCapacity, brokers, max: 30 }
    }

    #[test]
    fn the_cheapest_is_chosen_and_of_equal_ones_the_smallest_then_the_first() {
        let small_first = design("kafka-gp3", |settings| settings.larger_first = false);
        let large_first = design("kafka-gp3", |settings| settings.larger_first = true);
        let chosen = |fleets: &[Result<(u32, f64), Unfit>], design: &Design| {
            choose(&considered(fleets), design).map(|(machine, size)| (machine, size.brokers))
        };
        let fleets = [Err(too_many(40.0)), Ok((9, 100.0)), Ok((3, 120.0)), Ok((6, 99.0))];
        assert_eq!(chosen(&fleets, &small_first), Some((3, 6)));
        assert_eq!(chosen(&fleets, &large_first), Some((2, 3)));
        // Less than half a cent apart is the same cost.
        let close = [Ok((9, 100.001)), Ok((6, 100.004)), Ok((6, 99.996))];
        assert_eq!(chosen(&close, &small_first), Some((1, 6)));
        let cents = [Ok((6, 100.02)), Ok((9, 100.01))];
        assert_eq!(chosen(&cents, &small_first), Some((1, 9)));
        let as_large = [Ok((3, 120.0)), Ok((3, 110.0))];
        assert_eq!(chosen(&as_large, &large_first), Some((1, 3)));
        assert_eq!(chosen(&[Ok((3, f64::INFINITY)), Ok((9, 1e9))], &large_first), Some((1, 9)));
        assert_eq!(chosen(&[Err(too_many(40.0))], &small_first), None);
    }

    #[test]
    fn the_closest_is_the_machine_with_the_fewest_brokers_too_many() {
        let names = ["a", "b", "c"].map(|name| Machine { name: name.to_owned(), ..machine() });
        let prices = PriceList { machines: names.to_vec(), ..PriceList::default() };
        let check = |fleets: &[Unfit], expected: &str| {
            let fleets: Vec<_> = fleets.iter().cloned().map(Err).collect();
            let Reason::NoneFits { considered, machine, .. } =
                closest(&considered(&fleets), &prices)
            else {
                panic!("none fits");
            };
            assert_eq!((considered, machine.as_str()), (fleets.len(), expected));
        };
        check(&[too_many(50.0), too_many(40.0), too_many(60.0)], "b");
        check(&[Unfit::NoLocalDisk, too_many(60.0), too_many(50.0)], "c");
        check(&[Unfit::NoLocalDisk, Unfit::FewCpus { vcpu: 1.0, min: 2 }], "a");
    }

    #[test]
    fn candidates_stand_by_cost_and_those_that_do_not_fit_last() {
        let names = ["a", "b", "c"].map(|name| Machine { name: name.to_owned(), ..machine() });
        let prices = PriceList { machines: names.to_vec(), ..PriceList::default() };
        let fleets = [Err(Unfit::NoLocalDisk), Ok((3, 120.0)), Ok((9, 110.0))];
        let list = candidates(&considered(&fleets), &prices);
        let names: Vec<&str> = list.iter().map(|one| one.machine.as_str()).collect();
        assert_eq!(names, ["c", "b", "a"]);
        assert_eq!(list[0].outcome, Ok((9, 110.0)));
    }

    #[test]
    fn every_reason_says_the_way_out() {
        let sold_by = |providers: &[&str]| Reason::NoMachines {
            pool: "compute".to_owned(),
            region: "aws r".to_owned(),
            sold_by: providers.iter().map(ToString::to_string).collect(),
        };
        let none_fits = |unfit| Reason::NoneFits { considered: 1, machine: "m".to_owned(), unfit };
        let network = Unfit::TooMany { resource: Resource::Network, brokers: 40.0, max: 30 };
        for (reason, expected) in [
            (sold_by(&[]), "plan for another region"),
            (sold_by(&["gcp"]), "plan for a region of gcp that has it"),
            (sold_by(&["azure", "gcp"]), "plan for a region of azure or gcp that has it"),
            (none_fits(too_many(40.0)), "or keep less on brokers"),
            (none_fits(network), "lower the demand on that resource"),
            (none_fits(Unfit::NoLocalDisk), "choose another `broker`"),
        ] {
            assert!(reason.hint().contains(expected), "{reason:?}: {}", reason.hint());
            let part = Part { region: Some("eu".to_owned()), on: None };
            let in_part = Reason::InPart { part, reason: Box::new(reason.clone()) };
            assert_eq!(in_part.hint(), reason.hint());
        }
    }

    #[test]
    fn what_is_kept_for_too_long_is_refused() {
        let kept = |days: f64, max: Option<f64>, cleanup: Cleanup| {
            let design = design("kafka-gp3", |settings| {
                settings.retention_max = max.map(Hours::from_days);
            });
            let mut workload = workload();
            workload.streams[0].retention = Hours::from_days(days);
            workload.streams[0].cleanup = cleanup;
            kept_too_long(&design, &workload).len()
        };
        assert_eq!(kept(8.0, Some(7.0), Cleanup::Delete), 1);
        assert_eq!(kept(7.0, Some(7.0), Cleanup::Delete), 0);
        assert_eq!(kept(8.0, None, Cleanup::Delete), 0);
        // The last of each key is kept for good whatever the retention says.
        let compact = Cleanup::Compact { live: Bytes::from_gib(1.0) };
        assert_eq!(kept(8.0, Some(7.0), compact), 0);
    }

    /// What the loss of one of so many brokers means, where all of them keep 600 GiB.
    fn lost(ground: &Ground, brokers: u32) -> Recovery {
        let storage = Storage { on_brokers: Bytes::from_gib(600.0), ..Storage::default() };
        let ground = Ground {
            workload: ground.workload.clone(),
            design: ground.design.clone(),
            disk: ground.disk.clone(),
            storage: Some(storage),
            ..crate::costs::tests::ground("kafka-gp3")
        };
        on(&ground, |_| (), |site, _| recovery(site, brokers, &machine()))
    }

    #[track_caller]
    fn takes(found: Recovery, gib: f64, secs: Option<f64>, course: Course) {
        assert_eq!(found.course, course);
        let near = |found: f64, expected: f64| (found - expected).abs() < 1e-9 * expected.max(1.0);
        assert!(near(found.rebuild.as_gib(), gib), "{}", found.rebuild);
        let time = found.time.map(|time| time.as_hours() * 3600.0);
        match (time, secs) {
            (Some(found), Some(expected)) => assert!(near(found, expected), "{found}"),
            (found, expected) => assert_eq!(found, expected),
        }
    }

    /// 300 MiB/s are written and received by all brokers; a volume's path has 100 MiB/s, the network 200.
    #[test]
    fn replicas_are_copied_with_what_live_traffic_leaves() {
        let mut kafka = ground("kafka-gp3");
        kafka.design.settings.rebuild_rate = ByteRate::from_mib_per_sec(70.0);
        // Of six, each writes 50: 50 are left of the path, and 150 of the network.
        takes(lost(&kafka, 6), 100.0, Some(102_400.0 / 50.0), Course::Rebuild);
        // Of thirty, each writes 10: no faster than brokers are allowed to copy.
        takes(lost(&kafka, 30), 20.0, Some(20_480.0 / 70.0), Course::Rebuild);
        // Of three, each writes all that its path can.
        takes(lost(&kafka, 3), 200.0, None, Course::NoSpareThroughput);
        takes(lost(&kafka, 2), 300.0, None, Course::NoSpareThroughput);
        // A disk of its own shares no path with anything: the network leaves 200 − 50, or nothing.
        kafka.disk.attached = false;
        kafka.disk.local = true;
        takes(lost(&kafka, 6), 100.0, Some(102_400.0 / 70.0), Course::Rebuild);
        kafka.design.settings.rebuild_rate = ByteRate::from_mib_per_sec(300.0);
        takes(lost(&kafka, 6), 100.0, Some(102_400.0 / 150.0), Course::Rebuild);
        // A service's own disk.
        kafka.disk.local = false;
        takes(lost(&kafka, 6), 0.0, None, Course::NotPublished);
        kafka.disk.attached = true;
        kafka.design.settings.replication_factor = 1;
        takes(lost(&kafka, 6), 100.0, None, Course::DataLost);
        kafka.design.settings.replication_factor = 2;
        // 200 are written: 33⅓ by each.
        takes(lost(&kafka, 6), 100.0, Some(102_400.0 / (200.0 / 3.0)), Course::Rebuild);
    }

    #[test]
    fn brokers_without_replicas_take_over() {
        let session = |ground: &mut Ground| {
            ground.design.settings.failover = Hours::from_secs(8.0);
        };
        let mut shared = ground("automq-s3-wal");
        session(&mut shared);
        let two = lost(&shared, 2);
        assert!(two.rebuild > Bytes::ZERO, "what was not uploaded");
        // It is read through the network twice.
        let secs = 8.0 + 2.0 * two.rebuild.as_mib() / 200.0;
        takes(two, two.rebuild.as_gib(), Some(secs), Course::TakeOver);
        let one = lost(&shared, 1);
        takes(one, one.rebuild.as_gib(), None, Course::NoOtherBroker);
        let mut leaderless = ground("diskless");
        session(&mut leaderless);
        takes(lost(&leaderless, 2), 0.0, Some(8.0), Course::TakeOver);
        takes(lost(&leaderless, 1), 0.0, None, Course::NoOtherBroker);
        takes(lost(&ground("confluent-standard"), 6), 0.0, None, Course::NotPublished);
    }

    /// Of 16 GiB six are taken: 60 GiB of six brokers, at 300 MiB/s.
    #[test]
    fn page_cache_reaches_back_as_far_as_memory_lasts() {
        let reach = |name: &str, machine: &Machine, silent: bool| {
            let mut ground = ground(name);
            ground.design.settings.heap = Bytes::from_gib(4.0);
            ground.design.settings.os_reserve = Bytes::from_gib(2.0);
            if silent {
                ground.workload.streams[0].produce_raw = ByteRate::ZERO;
            }
            let reach = on(&ground, |_| (), |site, _| page_cache(site, 6, machine));
            reach.map(|reach| (reach.as_hours() * 36_000.0).round())
        };
        assert_eq!(reach("kafka-gp3", &machine(), false), Some(2048.0), "tenths of a second");
        assert_eq!(reach("kafka-gp3", &machine(), true), None);
        assert_eq!(reach("automq-s3-wal", &machine(), false), None);
        let unknown = Machine { memory: Bytes::ZERO, ..machine() };
        assert_eq!(reach("kafka-gp3", &unknown, false), None);
        let rated = Machine { rated_ingress: Some(ByteRate::from_mib_per_sec(1.0)), ..machine() };
        assert_eq!(reach("kafka-gp3", &rated, false), None);
    }

    /// 100 MiB/s are written into 30 partitions, and 500 MiB/s are read while the replay runs.
    #[test]
    fn capacity_units_are_those_of_what_needs_most_of_them() {
        let units = |write: Option<f64>, read: Option<f64>, partitions: Option<f64>| {
            let rate = |mib: Option<f64>| mib.map(ByteRate::from_mib_per_sec);
            let unit = CapacityUnit {
                name: "unit".to_owned(),
                write: rate(write),
                read: rate(read),
                partitions,
                valid_from: String::new(),
                source: String::new(),
            };
            let mut prices = PriceList::default();
            let ground = ground("kafka-gp3");
            prices.capacity_units.insert(ground.design.preset.capacity_unit.to_owned(), unit);
            on(&ground, |_| (), |site, _| capacity_units(site, &prices)).expect("a unit")
        };
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found}");
        near(units(Some(20.0), None, None), 5.0);
        near(units(None, Some(50.0), None), 10.0);
        near(units(None, None, Some(10.0)), 3.0);
        near(units(Some(20.0), Some(50.0), Some(10.0)), 10.0);
        near(units(Some(20.0), Some(500.0), Some(5.0)), 6.0);
        near(units(None, None, None), 0.0);
    }

    /// What is said of so many brokers on a ground.
    fn said(ground: &Ground, brokers: u32) -> Vec<String> {
        let fleet = Fleet { brokers, ..plan().fleet };
        on(ground, |_| (), |site, _| warnings(site, &fleet, &machine()))
    }

    #[track_caller]
    fn says(ground: &Ground, brokers: u32, part: &str, expected: bool) {
        let said = said(ground, brokers);
        assert_eq!(said.iter().any(|warning| warning.contains(part)), expected, "{said:?}");
    }

    #[test]
    fn what_speaks_against_a_plan_is_said_where_it_is_so() {
        let kafka = || ground("kafka-gp3");
        let lead = "31 brokers, but 30 partitions: some brokers lead none";
        says(&kafka(), 31, lead, true);
        says(&kafka(), 30, "some brokers lead none", false);
        says(&ground("diskless"), 31, "some brokers lead none", false);
        let mut one_zone = kafka();
        one_zone.design.settings.zones = 1;
        says(&one_zone, 6, "losing it stops the service", true);
        says(&kafka(), 6, "losing it stops the service", false);
        let mut one_copy = kafka();
        one_copy.design.settings.replication_factor = 1;
        says(&one_copy, 6, "losing a broker's disk loses its records", true);
        says(&kafka(), 6, "losing a broker's disk loses its records", false);
        // Of one zone, no other can be out of reach.
        let mut volumes = ground("automq-ebs-wal");
        volumes.design.settings.zones = 3;
        says(&volumes, 6, "WAL volumes stand in one zone each", true);
        volumes.design.settings.zones = 1;
        says(&volumes, 6, "WAL volumes stand in one zone each", false);
        says(&ground("automq-s3-wal"), 6, "WAL volumes stand in one zone each", false);
        let compacted = |name: &str| {
            let mut ground = ground(name);
            let live = Bytes::from_gib(10.0);
            ground.workload.streams[0].cleanup = Cleanup::Compact { live };
            ground
        };
        says(&compacted("kafka-tiered"), 6, "`events` is compacted", true);
        says(&compacted("kafka-gp3"), 6, "`events` is compacted", false);
        says(&ground("kafka-tiered"), 6, "`events` is compacted", false);
        let clients = "what clients pay to reach it is not counted";
        says(&ground("confluent-standard"), 6, clients, true);
        says(&kafka(), 6, clients, false);
    }

    #[test]
    fn a_rule_for_cpu_is_no_use_where_nobody_knows_the_machines() {
        let mut sold_by_rates = ground("confluent-enterprise");
        says(&sold_by_rates, 6, "rated ingress, CPU", false);
        sold_by_rates.design.settings.cpu_rule = CpuRule::Netflix;
        says(&sold_by_rates, 6, "rated ingress, CPU", true);
        let asked = on(&sold_by_rates, |_| (), |site, _| site.demand.vcpu);
        assert_eq!(asked, 0.0);
    }

    #[test]
    fn a_partition_may_be_as_fast_as_one_sustains_and_no_faster() {
        let mut kafka = ground("kafka-gp3");
        let (hottest, replayed) = on(
            &kafka,
            |_| (),
            |site, _| {
                let stream = &site.load.streams[0];
                (stream.hottest_partition_peak(), stream.replays[0].running / 30.0)
            },
        );
        assert!(hottest > ByteRate::ZERO && replayed > ByteRate::ZERO);
        for (rate, part) in
            [(hottest, "its hottest partition peaks at"), (replayed, "a replay reads")]
        {
            kafka.design.settings.partition_rate_max = rate;
            says(&kafka, 6, part, false);
            kafka.design.settings.partition_rate_max = rate * 0.999;
            says(&kafka, 6, part, true);
        }
    }

    /// Of 10,000 keys by Zipf at 0.99 the first has 1 ÷ 10.2, so that the hottest of 30 partitions has 3.9 times the mean: its
    /// broker is 1 + 2.9·B ÷ 30 times as busy as the others, and half of the network is kept free.
    #[test]
    fn a_broker_with_a_hot_partition_needs_what_is_kept_free() {
        let hot = |name: &str, keys: Option<Keys>, brokers: u32, share: f64| {
            let mut ground = ground(name);
            ground.workload.streams[0].keys = keys;
            let network = Requirement {
                resource: Resource::Network,
                demand: f64::from(brokers) * share,
                per_broker: 1.0,
            };
            let requirements = vec![network];
            let fleet =
                Fleet { brokers, requirements, bottleneck: Resource::Network, short: false };
            on(&ground, |_| (), |site, _| hot_brokers(site, &fleet))
        };
        let zipf = Some(Keys::new(10_000, 0.99));
        assert!(hot("kafka-gp3", zipf, 10, 1.0).is_empty());
        let told = hot("kafka-gp3", zipf, 11, 1.0);
        assert!(told[0].contains("2.08 times as busy as the others"), "{told:?}");
        assert!(hot("kafka-gp3", zipf, 11, 0.9).is_empty(), "more of it is free");
        assert!(hot("kafka-gp3", None, 100, 1.0).is_empty());
        assert!(hot("warpstream", zipf, 11, 1.0).is_empty(), "any agent takes any partition");
    }

    /// 100 MiB/s into 30 partitions fill a segment of 1,000 MiB in 300 seconds.
    #[test]
    fn open_segments_are_slow_beyond_half_of_what_is_kept() {
        let slow = |retention: f64, rate: f64, change: fn(&mut Ground)| {
            let mut ground = ground("kafka-gp3");
            let settings = &mut ground.design.settings;
            settings.open_segments = true;
            settings.segment_bytes = Bytes::from_mib(1000.0);
            settings.segment_ms = Hours::from_days(7.0);
            let stream = &mut ground.workload.streams[0];
            stream.retention = Hours::from_secs(retention);
            stream.produce_raw = ByteRate::from_mib_per_sec(rate);
            change(&mut ground);
            on(&ground, |_| (), |site, _| slow_segments(site)).is_some()
        };
        assert!(slow(599.0, 100.0, |_| ()));
        assert!(!slow(601.0, 100.0, |_| ()));
        // A segment is closed after a week at the latest, so what is kept for two weeks is gone after three.
        let weeks = 14.0 * 86_400.0;
        assert!(slow(weeks - 1.0, 1e-6, |_| ()));
        assert!(!slow(weeks, 1e-6, |_| ()));
        assert!(!slow(599.0, 0.0, |_| ()), "of nothing, nothing is kept");
        assert!(!slow(599.0, 100.0, |ground| ground.design.settings.open_segments = false));
        assert!(!slow(599.0, 100.0, |ground| {
            ground.workload.streams[0].cleanup = Cleanup::Compact { live: Bytes::from_gib(1.0) };
        }));
        assert!(!slow(599.0, 100.0, |other| *other = ground("automq-s3-wal")));
    }

    /// Six brokers at $1 an hour are $4,380; a support plan is a tenth of what it counts.
    #[test]
    fn support_comes_on_top_of_what_it_supports() {
        let mut ground = ground("kafka-gp3");
        for (key, value) in
            [("support", "true"), ("support_rates", "10 %"), ("support_minimum", "$1/month")]
        {
            ground.design.lines.settings.set(key, value).expect("a setting");
        }
        let prices = PriceList { prices: dollars(), ..PriceList::default() };
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6, "{found}");
        on(
            &ground,
            |_| (),
            |site, brokers| {
                let hours = costs::brokers(site, brokers);
                let people = Usage { component: Component::Labour, amount: 100.0, ..hours };
                let usage = [hours, people];
                let (all, supported) = approximate(&usage, site.tariff, &prices);
                near(all, 4480.0);
                near(supported, 4380.0);
                let (total, of) = by_component(site, &usage, &prices);
                near(total, 4480.0 + 438.0);
                near(of[Component::Brokers as usize], 4380.0);
                near(of[Component::Labour as usize], 100.0);
                near(of[Component::Support as usize], 438.0);
                // Of what any fleet costs, $100, half is supported.
                let mut own = Vec::new();
                costs::fleet_usage(site, brokers, &mut own);
                let (all, supported) = approximate(&own, site.tariff, &prices);
                assert!(all > 4380.0, "with volumes");
                let found = monthly(site, brokers, (100.0, 50.0), &prices, &mut Vec::new());
                near(found, all + 100.0 + (supported + 50.0) * 0.1);
            },
        );
        // Where nobody asks for it, nothing is.
        on(
            &self::ground("kafka-gp3"),
            |_| (),
            |site, brokers| {
                let usage = [costs::brokers(site, brokers)];
                assert_eq!(approximate(&usage, site.tariff, &prices).1, 0.0);
                near(by_component(site, &usage, &prices).0, 4380.0);
            },
        );
    }

    /// The first 100 at $1, what is beyond at half of that: 80 and 40 come to 80 and 20 + 10.
    #[test]
    fn usage_of_one_price_shares_its_ladder() {
        let mut prices = dollars();
        let half = ["1", "0.5"].map(|usd| usd.parse().expect("a literal"));
        let ladder = [(rust_decimal::Decimal::ZERO, half[0]), (100.into(), half[1])];
        let (hour, group) = (prices[0].unit, prices[0].group);
        prices[0] = Price::new("sku", hour, group, &ladder, "a test", "2026", "listed");
        let prices = PriceList { prices, ..PriceList::default() };
        on(
            &ground("kafka-gp3"),
            |_| (),
            |site, brokers| {
                let hours = |amount| Usage { amount, ..costs::brokers(site, brokers) };
                let mut each = Vec::new();
                let usage = [hours(80.0), hours(40.0)];
                let add = |component, cost: f64| each.push((component, (cost * 1e6).round() / 1e6));
                let (all, _) = approximate_each(&usage, site.tariff, &prices, add);
                assert!((all - 110.0).abs() < 1e-9, "{all}");
                assert_eq!(each, [(Component::Brokers, 80.0), (Component::Brokers, 30.0)]);
            },
        );
    }

    /// What stands on a region's bill and on that of no part of it is told with the first of its parts.
    #[test]
    fn a_line_is_told_with_the_part_that_it_is_of() {
        let part = |region: &str, on: Option<&str>| Part {
            region: (!region.is_empty()).then(|| region.to_owned()),
            on: on.map(str::to_owned),
        };
        let of = |part: &Part| Plan { part: part.clone(), ..plan() };
        let known = [part("eu", Some("x")), part("eu", Some("y")), part("us", Some("x"))];
        let whole = Plan { parts: known.iter().map(of).collect(), ..plan() };
        for (asked, expected) in [
            (&known[1], &known[1]),
            (&known[2], &known[2]),
            (&part("eu", None), &known[0]),
            (&part("us", None), &known[2]),
            (&part("us", Some("y")), &known[2]),
            (&part("", None), &part("", None)),
        ] {
            assert_eq!(whole.part_at(asked).part, *expected, "{asked:?}");
        }
    }
}
