//! Step 8: a platform through the whole horizon: sized month by month, run through time, billed by what it used.
//!
//! Sizing looks at what is known beforehand: growth, streams that come and go, changes of retention, a migration.
//! Accidents are not sized for; what they do to the fleet is what the run is for.

use std::borrow::Cow;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::basis::{Basis, Used};
use crate::bill::{Bill, Cause, Component, Driver, Usage};
use crate::cheapest::{Found, Shortlist};
use crate::costs::{self, Brokers, Site};
use crate::design::{Architecture, Design};
use crate::events::{Event, EventKind};
use crate::finance::{self, Cover, Resolved};
use crate::flows::{self, Edge, Flow};
use crate::load::{self, Load, Month, Replay};
use crate::map::Map;
use crate::order;
use crate::parameters::FleetPolicy;
use crate::plan::{self, Billed, Plan, Reason, Rejection};
use crate::prices::{Machine, PriceId, PriceList};
use crate::scenario::Scenario;
use crate::shape::WEEK;
use crate::simulate::curve::Curve;
use crate::simulate::schedule;
use crate::simulate::setup::Kept;
use crate::simulate::{FleetMonth, Incident, Migration, MonthTotals, Run, Simulation, simulate};
use crate::sizing::{self, Demand, Size};
use crate::storage::{self, Storage};
use crate::tariff::{Tariff, tariff};
use crate::topics::{by_stream, topics};
use crate::units::{ByteRate, Bytes, Frequency, Hours};
use crate::workload::{Cleanup, Workload};

/// What of a horizon is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// All of it, run through time; amounts are those of a month on average.
    Horizon,
    /// One month of it, run through time with all the others; 0 is the first.
    Month(u32),
    /// A month in which nothing happens and nothing changes, in closed form.
    Steady(u32),
}

/// What a run through the horizon is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Whether every breakpoint is kept, for charts and tables.
    pub samples: bool,
}

/// Brokers that are paid for by a commitment, in every hour of some months, whether they are there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// An hour of one, as a [`Commitment`](crate::prices::Commitment) has it.
    pub price: PriceId,
    /// How many.
    pub brokers: u32,
    /// The first month; 0 is that of the horizon.
    pub from: u32,
    /// The month after the last.
    pub until: u32,
}

impl Committed {
    /// Through the whole horizon.
    pub const THROUGHOUT: (u32, u32) = (0, u32::MAX);

    fn binds(&self, month: Month) -> bool {
        (self.from..self.until).contains(&month.index)
    }
}

/// Plans one platform of a scenario through its horizon.
///
/// # Errors
///
/// A [`Rejection`] with every reason, as for one month.
pub fn through(
    design: &Design,
    scenario: &Scenario,
    prices: &PriceList,
    asked: Asked,
) -> Result<Plan, Box<Rejection>> {
    planned(design, scenario, prices, asked, None)
}

/// The same where some brokers are paid for by these commitments, and not by those that the scenario buys: what a fleet runs
/// beside them is on demand.
///
/// # Errors
///
/// As for [`through`].
pub fn committed(
    design: &Design,
    scenario: &Scenario,
    prices: &PriceList,
    asked: Asked,
    commitments: &[Committed],
) -> Result<Plan, Box<Rejection>> {
    planned(design, scenario, prices, asked, Some(commitments))
}

fn planned(
    design: &Design,
    scenario: &Scenario,
    prices: &PriceList,
    asked: Asked,
    commitments: Option<&[Committed]>,
) -> Result<Plan, Box<Rejection>> {
    with_fleets(design, scenario, prices, commitments, |way, chosen, fleets| {
        let mut plan = way.plan(&chosen)?;
        let mut simulation = way.run(&chosen, &fleets, asked, false);
        let months: Vec<Billed> = way
            .used(&chosen, &fleets, &simulation)
            .into_iter()
            .map(|(month, used)| {
                let mut bill = costs::bill(&way.site_of(&used), &used.usage, prices);
                bill.gaps.extend(way.resolved.gaps.iter().cloned());
                Billed { month, brokers: used.brokers, bill, used: Some(used) }
            })
            .collect();
        if way.workload.streams.len() > scenario.workload.streams.len() {
            by_stream(&mut simulation, &way.workload);
        }
        plan.load = plan.load.by_name();
        plan.bill = Bill::total(months.iter().map(|month| &month.bill));
        let used = months.iter().filter_map(|month| month.used.as_ref());
        let usage = used.flat_map(|used| &used.usage);
        let machine = &prices.machines[chosen.machine];
        plan.basis = Some(Basis::new(way.tariff, prices, machine, &way.workload.links, usage));
        plan.contracts = way.resolved.contracts.clone();
        plan.warnings.extend(way.resolved.notes.iter().cloned());
        plan.warnings.extend(inside(scenario, design));
        plan.months = months;
        plan.course = way.course.clone();
        plan.simulation = Some(simulation);
        Ok(plan)
    })
}

/// What many futures of one platform are compared by: what it costs month by month, and what did not hold, without bills.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// The machine type of its brokers; those of all parts where it has several.
    pub machine: String,
    /// Month by month.
    pub months: Vec<MonthCost>,
    /// Its brokers in the busiest month; those of all parts together.
    pub brokers: u32,
    /// Whether every price is known: without one the costs are too low, and not to be compared.
    pub is_complete: bool,
    /// Whether a fixed number of brokers is fewer than its policy asks for.
    pub short: bool,
    /// What did not hold: what a run finds, and from [`parts::outlook`](crate::parts::outlook) budgets and availability too.
    pub incidents: Vec<Incident>,
    /// Share of the time and partitions in which writes were accepted.
    pub available: f64,
}

/// What a platform costs in one month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonthCost {
    /// Which month.
    pub month: Month,
    /// Brokers paid for, on average.
    pub brokers: f64,
    /// Contracted cost in dollars: within rounding errors of the exact bill.
    pub cost: f64,
    /// The same by component, in the order of [`Component::ALL`].
    pub components: [f64; Component::ALL.len()],
}

impl MonthCost {
    /// Contracted cost of one component in dollars.
    pub fn of_component(&self, component: Component) -> f64 {
        self.components[component as usize]
    }
}

/// What a platform costs through the horizon and what does not hold, and nothing else: the same run as [`through`], for
/// callers with thousands of futures.
///
/// What another platform costs meanwhile that clients migrate from is in no single platform's plan, and not in here either.
///
/// # Errors
///
/// A [`Rejection`] with the reasons that [`through`] has.
pub fn outlook(
    design: &Design,
    scenario: &Scenario,
    prices: &PriceList,
) -> Result<Outlook, Box<Rejection>> {
    with_fleets(design, scenario, prices, None, |way, chosen, fleets| {
        let simulation = way.run(&chosen, &fleets, Asked::default(), true);
        let mut is_complete = way.resolved.gaps.is_empty();
        let months = way
            .used(&chosen, &fleets, &simulation)
            .into_iter()
            .map(|(month, used)| {
                let site = way.site_of(&used);
                let (cost, components) = plan::by_component(&site, &used.usage, prices);
                is_complete &= costs::is_complete(&site, &used.usage);
                MonthCost { month, brokers: used.brokers, cost, components }
            })
            .collect();
        Ok(Outlook {
            machine: prices.machines[chosen.machine].name.clone(),
            months,
            brokers: chosen.size.brokers,
            is_complete,
            short: chosen.size.short,
            incidents: simulation.incidents,
            available: simulation.available,
        })
    })
}

/// The most brokers that a platform has in any month of a scenario's horizon.
///
/// # Errors
///
/// As for a whole plan.
pub fn brokers(
    design: &Design,
    scenario: &Scenario,
    prices: &PriceList,
) -> Result<u32, Box<Rejection>> {
    with_fleets(design, scenario, prices, Some(&[]), |_, chosen, fleets| {
        let most = fleets.iter().map(|fleet| fleet.brokers).max();
        Ok(most.unwrap_or(0).max(chosen.size.brokers))
    })
}

/// What is told of a platform whose machine is chosen, and whose fleets are sized month by month.
fn with_fleets<T>(
    design: &Design,
    scenario: &Scenario,
    prices: &PriceList,
    commitments: Option<&[Committed]>,
    told: impl FnOnce(Way, Chosen, Vec<FleetMonth>) -> Result<T, Reason>,
) -> Result<T, Box<Rejection>> {
    let reject = |reasons| Box::new(Rejection { design: design.clone(), reasons });
    let refused = plan::refused(design, &scenario.workload, prices);
    if !refused.is_empty() {
        return Err(reject(refused));
    }
    let tariff =
        tariff(design, prices).map_err(|missing| reject(vec![Reason::MissingPrice(missing)]))?;
    // Contracts are known once machine and fleets are, and their prices are looked up like all others.
    let with_contracts: Tariff;
    let mut way = Way::new(design, scenario, prices, &tariff);
    let (chosen, fleets) = way.chosen().map_err(|reason| reject(vec![reason]))?;
    match commitments {
        Some(given) => way.commitments = given.to_vec(),
        None if scenario.finance.purchases.is_empty() => {}
        None => {
            let machine = (&prices.machines[chosen.machine], prices);
            let purchases = &scenario.finance.purchases;
            let mut resolved =
                finance::resolve(purchases, design, machine, &fleets, &scenario.horizon);
            way.commitments = std::mem::take(&mut resolved.committed);
            let committed = std::mem::take(&mut resolved.prices);
            with_contracts = Tariff { committed, ..tariff.clone() };
            way.tariff = &with_contracts;
            way.resolved = resolved;
        }
    }
    told(way, chosen, fleets).map_err(|reason| reject(vec![reason]))
}

/// The machine of a horizon, and its busiest month.
struct Chosen {
    machine: usize,
    size: Size,
    month: Month,
    sized: Sized,
}

/// One platform on its way through the horizon.
pub(crate) struct Way<'a> {
    design: &'a Design,
    scenario: &'a Scenario,
    prices: &'a PriceList,
    tariff: &'a Tariff<'a>,
    pub(crate) months: Vec<Month>,
    events: Vec<&'a Event>,
    pub(crate) workload: Workload,
    course: Option<Migration>,
    commitments: Vec<Committed>,
    /// What the scenario's purchases come to.
    resolved: Resolved,
    /// Changes of each stream's retention, in the order of time.
    changes: Vec<Vec<(Hours, Hours)>>,
}

impl<'a> Way<'a> {
    pub(crate) fn new(
        design: &'a Design,
        scenario: &'a Scenario,
        prices: &'a PriceList,
        tariff: &'a Tariff<'a>,
    ) -> Self {
        let events: Vec<&Event> =
            scenario.events.iter().filter(|event| happens_on(event, design)).collect();
        let mut way = Self {
            design,
            scenario,
            prices,
            tariff,
            months: scenario.horizon.all_months(),
            events,
            workload: topics(&scenario.workload, design).into_owned(),
            changes: Vec::new(),
            course: None,
            commitments: Vec::new(),
            resolved: Resolved::default(),
        };
        let streams = way.workload.streams.iter();
        way.changes = streams.map(|stream| changes(&way.events, &stream.name)).collect();
        way.migrate();
        way
    }

    pub(crate) fn curves(&self) -> Vec<Curve> {
        let horizon = &self.scenario.horizon;
        let streams = self.workload.streams.iter();
        streams
            .map(|stream| Curve::new(stream, &self.months, horizon.week_start(), horizon.full))
            .collect()
    }

    /// After a roll-back, streams are produced elsewhere; before the migration too, but what a mirror brings is as old as
    /// it is.
    fn migrate(&mut self) {
        let Some(event) = self.events.iter().find(|event| event.kind == EventKind::Migration)
        else {
            return;
        };
        let end = self.scenario.horizon.end();
        let course = schedule::migration(event, &self.curves(), &self.workload, end);
        self.course = Some(course.clone());
        for stream in &mut self.workload.streams {
            if let Some(back) = course.roll_back {
                stream.end = Some(stream.end.map_or(back, |end| end.min(back)));
            }
        }
    }

    /// The workload as it is at the end of a month: retentions change.
    fn workload_of(&self, month: Month) -> Cow<'_, Workload> {
        if self.changes.iter().all(Vec::is_empty) {
            return Cow::Borrowed(&self.workload);
        }
        let mut workload = self.workload.clone();
        for (stream, changes) in workload.streams.iter_mut().zip(&self.changes) {
            let last = changes.iter().rfind(|(at, _)| *at < month.end());
            stream.retention = last.map_or(stream.retention, |(_, age)| *age);
        }
        Cow::Owned(workload)
    }

    /// What is kept at its largest in a month, at the months' mean rates: windows move on, rates do not reach back.
    fn storage(&self, load: &Load, curves: &[Curve], month: Month) -> Storage {
        let mut storage = storage::storage(load, self.design);
        let kept = self.kept(load, curves, month, self.design.replicates());
        storage.logical = kept.logical;
        if self.design.replicates() {
            let settings = &self.design.settings;
            let copies = f64::from(settings.disk_copies.unwrap_or(settings.replication_factor));
            storage.on_brokers = kept.on_brokers * copies;
            storage.provisioned = storage.on_brokers / settings.disk_utilization;
        }
        storage
    }

    /// One copy of what is kept at its largest in a month, altogether and where it is asked for on brokers.
    fn kept(&self, load: &Load, curves: &[Curve], month: Month, on_brokers: bool) -> Storage {
        let (mut one_copy, mut logical) = (Bytes::ZERO, Bytes::ZERO);
        let streams = self.workload.streams.iter().zip(&load.streams).zip(curves);
        for (((stream, of), curve), changes) in streams.zip(&self.changes) {
            if matches!(stream.cleanup, Cleanup::Compact { .. }) {
                one_copy += of.retained;
                logical += of.retained;
                continue;
            }
            let there = Kept::new(of, self.design);
            let aged = |age: Hours| Hours::new(there.age(age.as_hours()));
            // What is out stays out, on brokers and altogether.
            let never = Hours::new(f64::NEG_INFINITY);
            let (mut age, mut edges) = (stream.retention, (never, never));
            let (mut most, mut most_logical) = (Bytes::ZERO, Bytes::ZERO);
            let mut look = |at: Hours, age: Hours, edges: (Hours, Hours)| {
                let kept = |edge: Hours, age: Hours| curve.mean_between(edge.max(at - age), at);
                most = most.max(kept(edges.0, aged(age)));
                most_logical = most_logical.max(kept(edges.1, age));
            };
            // A change that ends a month is at its end: what was there until then counts.
            let inside = |at: Hours| at > month.start && at <= month.end();
            let ends = [Some(month.start), stream.end.filter(|at| inside(*at)), Some(month.end())];
            let mut ends = ends.into_iter().flatten().peekable();
            for (at, next) in &changes[..changes.partition_point(|(at, _)| *at <= month.end())] {
                while let Some(end) = ends.next_if(|end| end < at) {
                    look(end, age, edges);
                }
                if inside(*at) {
                    look(*at, age, edges);
                }
                edges = (edges.0.max(*at - aged(age)), edges.1.max(*at - age));
                age = *next;
                if inside(*at) {
                    look(*at, age, edges);
                }
            }
            for end in ends {
                look(end, age, edges);
            }
            if on_brokers {
                // What is kept for less than a week goes up and down with the day.
                one_copy += most * stream.shape.busiest_window(aged(age));
            }
            logical += most_logical;
        }
        Storage { logical, on_brokers: one_copy, ..Storage::default() }
    }

    pub(crate) fn site<'b>(&'b self, sized: &'b Sized, month: Month) -> Site<'b> {
        Site {
            design: self.design,
            load: &sized.load,
            flows: &sized.flows,
            storage: &sized.storage,
            demand: &sized.demand,
            tariff: self.tariff,
            month: month.length,
            alive: 1.0,
            requests: None,
        }
    }

    /// What a month asks for.
    pub(crate) fn sized(&self, month: Month, curves: &[Curve], leaders: u32) -> Sized {
        let load = load::load(&self.workload_of(month), self.design, month, leaders);
        let flows = flows::flows(&load, self.design);
        let storage = self.storage(&load, curves, month);
        let demand = sizing::demand(&load, &flows, &storage, self.design);
        Sized { load, flows, storage, demand }
    }

    /// The month that asks for most.
    fn busiest(&self, curves: &[Curve]) -> Month {
        let weight = |month: &Month| {
            let load = load::load(&self.workload_of(*month), self.design, *month, 1);
            let rates = load.produce_peak + load.tail_peak + load.replay_peak;
            (rates.as_mib_per_sec(), self.kept(&load, curves, *month, false).logical.as_gib())
        };
        let mut best = (self.months[0], weight(&self.months[0]));
        for month in &self.months[1..] {
            let weight = weight(month);
            let more = weight.0 > best.1.0 * (1.0 + 1e-12)
                || (weight.0 >= best.1.0 * (1.0 - 1e-12) && weight.1 > best.1.1 * (1.0 + 1e-12));
            if more {
                best = (*month, weight);
            }
        }
        best.0
    }

    /// What is planned.
    #[cfg(feature = "optimize")]
    pub(crate) fn design(&self) -> &'a Design {
        self.design
    }

    /// Chooses partitions once and for all where nobody did, for a fleet of so many brokers.
    #[cfg(feature = "optimize")]
    pub(crate) fn settle(&mut self, brokers: u32) {
        let curves = self.curves();
        let busiest = self.busiest(&curves);
        let mut load = self.sized(busiest, &curves, 1).load;
        if brokers > load.partitions {
            load = self.sized(busiest, &curves, brokers).load;
        }
        for (stream, settled) in self.workload.streams.iter_mut().zip(&load.streams) {
            stream.partitions = Some(settled.partitions);
        }
    }

    /// How often each hour of the week comes in some months, from the start of the horizon.
    #[cfg(feature = "optimize")]
    pub(crate) fn often(months: &[Month]) -> Vec<f64> {
        let mut often = vec![0.0; WEEK];
        for month in months {
            let mut at = month.start.as_hours();
            let end = month.end().as_hours();
            while at < end {
                let next = (at.floor() + 1.0).min(end);
                often[at.floor() as usize % WEEK] += next - at;
                at = next;
            }
        }
        often
    }

    /// The machine of the horizon and its fleets: where a month asks for more than the machine's largest fleet, which no
    /// month that it was judged by did, it is judged by that month too.
    fn chosen(&mut self) -> Result<(Chosen, Vec<FleetMonth>), Reason> {
        let workload = self.workload.clone();
        let mut also = Vec::new();
        loop {
            let chosen = self.choose(&also)?;
            match self.fleets(&chosen).map_err(|failed| *failed) {
                Ok(fleets) => return Ok((chosen, fleets)),
                Err((month, reason)) if also.contains(&month) => return Err(reason),
                Err((month, _)) => also.push(month),
            }
            // With another machine partitions are chosen anew.
            self.workload = workload.clone();
        }
    }

    /// The machine that is cheapest over the horizon, judged by its first, its busiest and its last month, and by some others.
    fn choose(&mut self, also: &[Month]) -> Result<Chosen, Reason> {
        let curves = self.curves();
        let busiest = self.busiest(&curves);
        let list = Shortlist::new(self.design, self.prices, self.tariff);
        let mut leaders = 1;
        loop {
            let mut months = vec![busiest];
            let ends = [self.months[0], *self.months.last().unwrap_or(&busiest)];
            for month in ends.iter().chain(also) {
                if !months.contains(month) {
                    months.push(*month);
                }
            }
            let first = self.sized(busiest, &curves, leaders);
            let others: Vec<(Month, Sized)> = months
                .iter()
                .skip(1)
                .map(|month| (*month, self.sized(*month, &curves, leaders)))
                .filter(|(_, sized)| sized.load != first.load)
                .collect();
            let others = others.iter().map(|(month, sized)| self.site(sized, *month));
            let sites: Vec<Site> =
                std::iter::once(self.site(&first, busiest)).chain(others).collect();
            let Found { machine, size } = list.choose(&sites)?;
            if let Some(more) =
                plan::leaders_for(size.brokers, &self.workload, &first.load, leaders)
            {
                leaders = more;
                continue;
            }
            // Partitions are chosen once: they cannot be taken back.
            for (stream, load) in self.workload.streams.iter_mut().zip(&first.load.streams) {
                stream.partitions = Some(load.partitions);
            }
            return Ok(Chosen { machine, size, month: busiest, sized: first });
        }
    }

    /// The plan of the busiest month.
    fn plan(&self, chosen: &Chosen) -> Result<Plan, Reason> {
        let site = self.site(&chosen.sized, chosen.month);
        let considered = plan::consider(&site, self.prices)?;
        let Chosen { machine, size, month, .. } = *chosen;
        Ok(plan::finish(&site, month, self.prices, machine, size, &considered))
    }

    /// What happens to its fleets.
    fn run(&self, chosen: &Chosen, fleets: &[FleetMonth], asked: Asked, leaps: bool) -> Simulation {
        simulate(&Run {
            design: self.design,
            workload: &self.workload,
            week_start: self.scenario.horizon.week_start(),
            full: self.scenario.horizon.full,
            machine: &self.prices.machines[chosen.machine],
            disk: self.tariff.disk,
            fleets,
            events: &self.events,
            course: self.course.as_ref(),
            freshness: self.scenario.slo.freshness,
            recovery: self.scenario.slo.recovery,
            samples: asked.samples,
            leaps,
        })
    }

    /// A fleet for each month, on the chosen machine.
    ///
    /// # Errors
    ///
    /// The first month for which the machine does not do, and why.
    fn fleets(&self, chosen: &Chosen) -> Result<Vec<FleetMonth>, Box<(Month, Reason)>> {
        let curves = self.curves();
        let machine = &self.prices.machines[chosen.machine];
        let settings = &self.design.settings;
        let mut list: Vec<FleetMonth> = Vec::with_capacity(self.months.len());
        for month in &self.months {
            let sized = self.sized(*month, &curves, 1);
            let same = list.last().filter(|last| {
                let last: &FleetMonth = last;
                last.load == sized.load && last.storage == sized.storage
            });
            let anew = || -> Result<_, Reason> {
                let most = self.fleet(&sized.demand, machine)?.brokers;
                let follows = settings.fleet == FleetPolicy::Follow;
                let hours = |replays| self.hourly(&sized, machine, most, replays);
                Ok(if follows && self.design.is_list_price() {
                    let paid = paid(&sized.load, &hours(false)?, &hours(true)?);
                    (most, None, Some(paid))
                } else {
                    (most, follows.then(|| hours(true)).transpose()?, None)
                })
            };
            let (brokers, hourly, paid) = match same {
                Some(last) => (last.brokers, last.hourly.clone(), last.paid.clone()),
                None => anew().map_err(|reason| Box::new((*month, reason)))?,
            };
            list.push(FleetMonth {
                month: *month,
                moved: ByteRate::from_mib_per_sec(sized.demand.volume),
                load: sized.load,
                storage: sized.storage,
                brokers,
                hourly,
                paid,
            });
        }
        if settings.fleet == FleetPolicy::Fixed {
            let most = list.iter().map(|fleet| fleet.brokers).max().unwrap_or(1);
            let volumes = list.iter().map(|fleet| fleet.storage.provisioned);
            let volumes = volumes.fold(Bytes::ZERO, Bytes::max);
            for fleet in &mut list {
                fleet.brokers = most;
                fleet.storage.provisioned = volumes;
            }
        }
        Ok(list)
    }

    fn fleet(&self, demand: &Demand, machine: &Machine) -> Result<Size, Reason> {
        sizing::size(demand, self.design, machine, self.tariff.disk).map_err(|unfit| {
            Reason::NoneFits {
                considered: plan::pool(self.design, self.prices).count(),
                machine: machine.name.clone(),
                unfit,
            }
        })
    }

    /// Brokers for each hour of the week from the start of the horizon, with all replays running or with none.
    fn hourly(
        &self,
        sized: &Sized,
        machine: &Machine,
        most: u32,
        replays: bool,
    ) -> Result<Vec<u32>, Reason> {
        let start = self.scenario.horizon.week_start();
        let mut list: Vec<u32> = Vec::with_capacity(WEEK);
        let mut load = sized.load.clone();
        if !replays {
            load.replay_peak = ByteRate::ZERO;
        }
        let pieces = self.pieces();
        for hour in 0..WEEK {
            let mut brokers = 0;
            for piece in &pieces {
                let at = start + Hours::new(hour as f64 + piece);
                let demand = self.demand_at(sized, &mut load, at);
                brokers = brokers.max(self.fleet(&demand, machine)?.brokers.min(most));
            }
            list.push(brokers);
        }
        Ok(list)
    }

    /// Where the hour of a stream's own clock begins within an hour of the horizon's.
    fn pieces(&self) -> Vec<f64> {
        let start = self.scenario.horizon.week_start();
        let mut pieces = vec![0.0];
        for stream in &self.workload.streams {
            let into = (start + stream.clock).as_hours();
            let piece = libm::ceil(into) - into;
            if !pieces.contains(&piece) {
                pieces.push(piece);
            }
        }
        pieces
    }

    /// What each hour of the week asks for, from the start of the horizon and with all replays running: its rate of bytes
    /// in and out, in MiB/s, and the most that any moment of it asks for of each resource.
    #[cfg(feature = "optimize")]
    pub(crate) fn hours(&self, sized: &Sized) -> Vec<(f64, Demand)> {
        let start = self.scenario.horizon.week_start();
        let pieces = self.pieces();
        let mut load = sized.load.clone();
        let hour = |hour: usize| {
            let (mut rate, mut most) = (0.0_f64, Demand::default());
            for piece in &pieces {
                let at = start + Hours::new(hour as f64 + piece);
                most = most.larger(&self.demand_at(sized, &mut load, at));
                let now = load.produce_peak + load.tail_peak + load.replay_peak;
                rate = rate.max(now.as_mib_per_sec());
            }
            (rate, most)
        };
        (0..WEEK).map(hour).collect()
    }

    /// What an hour of the week asks for; `load` is the month's, and its peaks become those of the hour.
    fn demand_at(&self, sized: &Sized, load: &mut Load, at: Hours) -> Demand {
        let streams = self.workload.streams.iter().zip(&sized.load.streams);
        (load.produce_peak, load.tail_peak) = (ByteRate::ZERO, ByteRate::ZERO);
        for ((stream, planned), now) in streams.zip(&mut load.streams) {
            let factor = stream.shape.at(at + stream.clock);
            now.produce_peak = planned.produce * factor;
            load.produce_peak += now.produce_peak;
            load.tail_peak += planned.tail * factor;
        }
        // The mean is the month's, so that no hour asks for more than the month.
        let flows = flows::flows(load, self.design);
        sizing::demand(load, &flows, &sized.storage, self.design)
    }

    /// What each month used.
    fn used(
        &self,
        chosen: &Chosen,
        fleets: &[FleetMonth],
        simulation: &Simulation,
    ) -> Vec<(Month, Used)> {
        let mut months = Vec::with_capacity(fleets.len());
        let mut volumes = Bytes::ZERO;
        for (index, (fleet, totals)) in fleets.iter().zip(&simulation.months).enumerate() {
            // Volumes grow; they shrink only with the brokers that they belong to.
            let fewer = index > 0 && fleet.brokers < fleets[index - 1].brokers;
            let provisioned = fleet.storage.provisioned;
            volumes = if fewer { provisioned } else { volumes.max(provisioned) };
            months.push((fleet.month, self.used_in(fleet, totals, volumes, chosen)));
        }
        months
    }

    /// What a month's bill is made for.
    fn site_of<'b>(&'b self, used: &'b Used) -> Site<'b> {
        Site {
            design: self.design,
            load: &used.load,
            flows: &used.flows,
            storage: &used.storage,
            demand: &used.demand,
            tariff: self.tariff,
            month: if used.alive > Hours::ZERO { used.hours } else { used.alive },
            alive: used.alive / used.hours,
            requests: None,
        }
    }

    fn used_in(
        &self,
        fleet: &FleetMonth,
        totals: &MonthTotals,
        volumes: Bytes,
        chosen: &Chosen,
    ) -> Used {
        let length = fleet.month.length;
        let alive = totals.alive_hours / length.as_hours();
        let load = mean_load(&fleet.load, totals);
        let mut flows = flows::flows(&load, self.design);
        let copied = |bytes: f64| Bytes::new(bytes) / length;
        for (cause, bytes) in [(Cause::Rebuild, totals.rebuilt), (Cause::Move, totals.moved)] {
            if bytes > 0.0 {
                flows.flows.push(Flow {
                    edge: Edge::BrokerToBroker,
                    cause,
                    mean: copied(bytes),
                    peak: copied(bytes),
                    crossing: self.design.blind_crossing(),
                });
            }
        }
        let per_month = |byte_hours: f64| Bytes::new(byte_hours / length.as_hours());
        let storage = Storage {
            logical: fleet.storage.logical,
            on_brokers: per_month(totals.local),
            // Brokers that events add come with volumes like the others'.
            provisioned: match fleet.hourly {
                Some(_) => volumes * alive,
                None => {
                    volumes * (totals.broker_hours / length.as_hours() / f64::from(fleet.brokers))
                }
            },
            remote: per_month(totals.remote),
        };
        let demand = sizing::demand(
            &fleet.load,
            &flows::flows(&fleet.load, self.design),
            &storage,
            self.design,
        );
        let mut site = Site {
            design: self.design,
            load: &load,
            flows: &flows,
            storage: &storage,
            demand: &demand,
            tariff: self.tariff,
            month: Hours::new(totals.alive_hours),
            alive,
            requests: None,
        };
        let brokers = match &fleet.paid {
            Some(_) => fleet.mean() * alive,
            None => totals.broker_hours / length.as_hours(),
        };
        let mut usage: Vec<Usage> = Vec::with_capacity(32);
        let covers;
        let requests: Vec<costs::RequestRate>;
        if alive > 0.0 {
            let machine = &self.prices.machines[chosen.machine];
            let bottleneck = chosen.size.bottleneck;
            let brokers = Brokers { machine, count: brokers, bottleneck };
            // Hours of controllers end with the platform; everything else has been averaged over the whole month.
            let controllers = costs::controllers(&site);
            site.month = length;
            requests = match self.design.architecture() {
                Architecture::SharedStorage => {
                    totals.requests.iter().copied().chain(costs::read_requests(&site)).collect()
                }
                _ => costs::requests(&site, &brokers).to_vec(),
            };
            site.requests = Some(&requests);
            costs::fleet_usage(&site, &brokers, &mut usage);
            covers = self.commit(&mut usage, fleet);
            usage.extend(costs::common_usage(&site).into_iter().map(|one| match controllers {
                Some(hours) if one.component == hours.component => hours,
                _ => one,
            }));
        } else {
            // Nobody runs anything, and what is committed to is paid.
            covers = self.commit(&mut usage, fleet);
        }
        let alive = Hours::new(totals.alive_hours);
        let planned = if self.commitments.is_empty() { Vec::new() } else { fleet.sizes() };
        Used { load, flows, storage, demand, hours: length, alive, brokers, usage, covers, planned }
    }
}

impl Way<'_> {
    /// Takes from the hours on demand what is paid for by commitments.
    ///
    /// `on demand = max(hours × share of the planned fleet beyond the commitment, hours − committed)`: brokers that events
    /// add come on demand, and hours in which fewer run than are committed to are paid for and lost.
    fn commit(&self, usage: &mut Vec<Usage>, fleet: &FleetMonth) -> Vec<Cover> {
        let binding: Vec<&Committed> = self
            .commitments
            .iter()
            .filter(|one| one.brokers > 0 && one.binds(fleet.month))
            .collect();
        if binding.is_empty() {
            return Vec::new();
        }
        let length = fleet.month.length.as_hours();
        // Rounded as the bill does, so that fees and hours agree to the last digit.
        let hours = |one: &Committed| {
            let hours = finance::hours(fleet.month.length) * Decimal::from(one.brokers);
            (one.price, hours.to_f64().unwrap_or(f64::MAX))
        };
        let all_paid: Vec<(PriceId, f64)> = binding.iter().map(|one| hours(one)).collect();
        let at = usage.iter().position(|one| one.component == Component::Brokers);
        let line = at.map_or(
            Usage {
                component: Component::Brokers,
                cause: Cause::Serve,
                grows_with: Driver::Fixed,
                price: all_paid[0].0,
                amount: 0.0,
            },
            |at| usage[at],
        );
        let committed: u32 = binding.iter().map(|one| one.brokers).sum();
        let sizes = fleet.sizes();
        let all = |of: fn(u32, u32) -> u32| {
            let hours = sizes.iter().map(|(size, hours)| f64::from(of(*size, committed)) * hours);
            hours.sum::<f64>()
        };
        let planned = all(|size, _| size);
        let share = if planned > 0.0 { all(u32::saturating_sub) / planned } else { 0.0 };
        let paid = f64::from(committed) * length;
        let on_demand = (line.amount * share).max(line.amount - paid).max(0.0);
        let lines = all_paid.iter().map(|&(price, amount)| Usage { price, amount, ..line });
        let lines: Vec<Usage> = lines.collect();
        let at = at.unwrap_or(0);
        if let Some(line) = usage.get_mut(at).filter(|one| one.component == Component::Brokers) {
            line.amount = on_demand;
        }
        usage.splice(at..at, lines);
        usage.retain(|one| one.component != Component::Brokers || one.amount > 0.0);
        finance::covered(&all_paid, line.amount - on_demand)
    }
}

/// Says which events of a scenario do nothing to a platform, because they come to what nobody sees.
fn inside(scenario: &Scenario, design: &Design) -> Option<String> {
    let concerned = scenario.events.iter().filter(|event| event.concerns(&design.name));
    let names: Vec<String> = concerned
        .filter(|event| !happens_on(event, design))
        .map(|event| format!("`{}`", event.name))
        .collect();
    (!names.is_empty()).then(|| {
        format!(
            "{} not run here: what a service does when brokers or zones come and go, nobody publishes",
            match &names[..] {
                [one] => format!("{one} is"),
                more => format!("{} are", more.join(", ")),
            }
        )
    })
}

/// Whether an event does something to a platform: what brokers and zones do inside a service, its price list does not say.
fn happens_on(event: &Event, design: &Design) -> bool {
    let inside = matches!(
        event.kind,
        EventKind::BrokerLoss | EventKind::ZoneLoss | EventKind::ScaleOut | EventKind::ScaleIn
    );
    event.concerns(&design.name) && !(inside && design.is_list_price())
}

/// Units of a service hour by hour, and hours of a week with so many: more of them for the share of the time at which replays
/// run.
fn paid(load: &Load, quiet: &[u32], replaying: &[u32]) -> Vec<(u32, f64)> {
    let replays = load.streams.iter().flat_map(|stream| &stream.replays);
    // Each runs for `mean ÷ running` of the time; side by side they are counted one after the other.
    let share = replays
        .filter(|replay| replay.running > ByteRate::ZERO)
        .map(|replay| replay.mean / replay.running)
        .sum::<f64>()
        .min(1.0);
    let mut sizes: Map<u32, f64> = Map::new();
    for (hours, share) in [(quiet, 1.0 - share), (replaying, share)] {
        for units in hours.iter().filter(|_| share > 0.0) {
            *sizes.or_default(*units) += share * WEEK as f64 / hours.len() as f64;
        }
    }
    sizes.iter().map(|(units, hours)| (*units, *hours)).collect()
}

/// What a month asks for.
#[derive(Clone, PartialEq)]
pub(crate) struct Sized {
    pub(crate) load: Load,
    pub(crate) flows: flows::Flows,
    pub(crate) storage: Storage,
    pub(crate) demand: Demand,
}

/// Changes of a stream's retention, in the order of time.
fn changes(events: &[&Event], stream: &str) -> Vec<(Hours, Hours)> {
    let mut list: Vec<(Hours, Hours)> = events
        .iter()
        .filter(|event| event.kind == EventKind::RetentionChange && event.concerns_stream(stream))
        .filter_map(|event| Some((event.at, event.settings.retention?)))
        .collect();
    order::sort_by(&mut list, |one, other| one.0.as_hours().total_cmp(&other.0.as_hours()));
    list
}

/// A load whose means are what a month came to; its peaks are the planned ones.
fn mean_load(planned: &Load, totals: &MonthTotals) -> Load {
    let length = totals.month.length;
    let rate = |bytes: f64| Bytes::new(bytes) / length;
    let mut load = planned.clone();
    for (stream, total) in load.streams.iter_mut().zip(&totals.streams) {
        let planned = stream.produce;
        stream.produce = rate(total.produce);
        let share = if planned > ByteRate::ZERO { stream.produce / planned } else { 0.0 };
        stream.produce_raw = stream.produce_raw * share;
        stream.records = stream.records.map(|records| Frequency::new(records.per_sec() * share));
        stream.tail = rate(total.tail);
        stream.behind = rate(total.behind);
        let replay = |bytes: f64, remote: f64| Replay {
            window: Hours::ZERO,
            mean: rate(bytes),
            running: rate(bytes),
            remote,
        };
        stream.replays = [replay(total.replay_local, 0.0), replay(total.replay_remote, 1.0)]
            .into_iter()
            .filter(|replay| replay.mean > ByteRate::ZERO)
            .collect();
    }
    load.produce = load.streams.iter().map(|stream| stream.produce).sum();
    load.produce_raw = load.streams.iter().map(|stream| stream.produce_raw).sum();
    load.tail = load.streams.iter().map(|stream| stream.tail).sum();
    load.replay = load.streams.iter().map(load::StreamLoad::replay).sum();
    load.records = load.streams.iter().map(|stream| stream.records).sum();
    load
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::tests::{MONTH, design, workload};
    use crate::simulate::StreamTotals;

    fn load() -> Load {
        load::load(&workload(), &design("kafka-gp3", |_| ()), MONTH, 3)
    }

    /// Replays by their mean and their running rate in MiB/s.
    fn replaying(replays: &[(f64, f64)]) -> Load {
        let mut load = load();
        let rate = ByteRate::from_mib_per_sec;
        let replay = |&(mean, running): &(f64, f64)| Replay {
            window: Hours::ZERO,
            mean: rate(mean),
            running: rate(running),
            remote: 0.0,
        };
        load.streams[0].replays = replays.iter().map(replay).collect();
        load
    }

    #[test]
    fn units_are_paid_for_as_long_as_replays_ask_for_them() {
        let sizes = |replays: &[(f64, f64)]| paid(&replaying(replays), &[1, 3, 2], &[8, 10]);
        let paid = |replays: &[(f64, f64)]| {
            let hours = sizes(replays).into_iter().map(|(units, hours)| f64::from(units) * hours);
            hours.sum::<f64>() / WEEK as f64
        };
        assert_eq!(sizes(&[]), [(1, 56.0), (2, 56.0), (3, 56.0)]);
        assert_eq!(
            sizes(&[(100.0, 400.0)]),
            [(1, 42.0), (2, 42.0), (3, 42.0), (8, 21.0), (10, 21.0)]
        );
        assert_eq!(paid(&[]), 2.0);
        // 9 of them for a quarter of the time, or for three quarters.
        assert_eq!(paid(&[(100.0, 400.0)]), 0.75 * 2.0 + 0.25 * 9.0);
        assert_eq!(paid(&[(100.0, 400.0), (50.0, 100.0)]), 0.25 * 2.0 + 0.75 * 9.0);
        // Never for more than all of it, and not for what does not run.
        assert_eq!(paid(&[(300.0, 400.0), (80.0, 100.0)]), 9.0);
        assert_eq!(paid(&[(0.0, 0.0), (100.0, 400.0)]), 0.75 * 2.0 + 0.25 * 9.0);
    }

    /// A month of 730 hours at 80 % of what was planned, of which half is read from disks and half from a tier.
    #[test]
    fn a_month_is_billed_by_its_means() {
        let month = |mib_per_sec: f64| {
            (ByteRate::from_mib_per_sec(mib_per_sec) * MONTH.length).base_bytes()
        };
        let stream = StreamTotals {
            produce: month(80.0),
            tail: month(70.0),
            behind: month(5.0),
            replay_local: month(10.0),
            replay_remote: month(30.0),
        };
        let totals = |stream: StreamTotals| MonthTotals {
            streams: vec![stream],
            ..MonthTotals::empty(MONTH, 0)
        };
        let mut planned = load();
        planned.streams[0].records = Some(Frequency::new(1000.0));
        let billed = mean_load(&planned, &totals(stream));
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-9, "{found}");
        let one = &billed.streams[0];
        for (rate, expected) in [
            (one.produce, 80.0),
            (one.produce_raw, 80.0),
            (one.tail, 70.0),
            (one.behind, 5.0),
            (one.replay(), 40.0),
            (billed.produce, 80.0),
            (billed.produce_raw, 80.0),
            (billed.tail, 70.0),
            (billed.replay, 40.0),
        ] {
            near(rate.as_mib_per_sec(), expected);
        }
        near(one.records.expect("records").per_sec(), 800.0);
        near(billed.records.expect("records").per_sec(), 800.0);
        let replays: Vec<(f64, f64)> = one
            .replays
            .iter()
            .map(|replay| (replay.running.as_mib_per_sec().round(), replay.remote))
            .collect();
        assert_eq!(replays, [(10.0, 0.0), (30.0, 1.0)]);
        // Peaks are what was planned.
        assert_eq!(billed.produce_peak, planned.produce_peak);
        // What nobody read again is no replay.
        let local = mean_load(&planned, &totals(StreamTotals { replay_remote: 0.0, ..stream }));
        assert_eq!(local.streams[0].replays.len(), 1);
        // Nothing was planned: no share of it is known.
        planned.streams[0].produce = ByteRate::ZERO;
        let none = mean_load(&planned, &totals(StreamTotals { produce: 0.0, ..stream }));
        assert_eq!(none.streams[0].produce_raw, ByteRate::ZERO);
        assert_eq!(none.streams[0].records.map(Frequency::per_sec), Some(0.0));
    }

    /// A design whose brokers write to a disk that everybody knows.
    fn on_volumes() -> Design {
        design("kafka-gp3", |settings| settings.disk = "volume".to_owned())
    }

    /// Months of 730 hours in which one stream of 0.1 MiB/s is read once, unless it is changed.
    fn scenario(months: u32, full: bool, change: impl FnOnce(&mut Scenario)) -> Scenario {
        let text = format!(
            "schema = 1\ntitle = \"t\"\n[horizon]\nmonths = {months}\n\
            [prices]\nprovider = \"aws\"\nregion = \"r\"\n\
            [[stream]]\nname = \"s\"\nproduce = \"0.1 MiB/s\"\nretention = \"1 d\"\n\
            [[stream.reader]]\ngroup = \"tail\"\n[[platform]]\npreset = \"kafka-gp3\"\n"
        );
        let regions = [("aws".to_owned(), ["r".to_owned()].into())].into();
        let vocabulary = crate::scenario::Vocabulary { regions, ..Default::default() };
        let Ok(mut scenario) = crate::scenario::parse(&text, &vocabulary) else {
            panic!("a scenario in a test")
        };
        scenario.horizon.full = full;
        change(&mut scenario);
        scenario
    }

    /// What a way through a scenario says.
    fn on<T>(scenario: &Scenario, what: impl FnOnce(Way) -> T) -> T {
        let design = on_volumes();
        let mut list = PriceList::default();
        list.disks.insert("volume".to_owned(), crate::sizing::tests::volume());
        let tariff = tariff(&design, &list).expect("the disk is known");
        what(Way::new(&design, scenario, &list, &tariff))
    }

    /// From some hour on, records are kept for so many hours.
    fn kept_for(at: f64, hours: f64) -> Event {
        let mut event = Event::new(EventKind::RetentionChange, Hours::new(at));
        event.settings.retention = Some(Hours::new(hours));
        event
    }

    /// What is kept at most in a month, in hours of the rate.
    fn kept(scenario: &Scenario, month: usize) -> f64 {
        on(scenario, |way| {
            let (month, curves) = (way.months[month], way.curves());
            let load = load::load(&way.workload_of(month), way.design, month, 1);
            let kept = way.kept(&load, &curves, month, false).logical;
            let hour = scenario.workload.streams[0].produce() * Hours::new(1.0);
            (kept / hour * 1e6).round() / 1e6
        })
    }

    #[test]
    fn a_stream_keeps_nothing_in_months_after_its_end() {
        let scenario =
            scenario(3, true, |one| one.workload.streams[0].end = Some(Hours::new(100.0)));
        assert_eq!([0, 1, 2].map(|month| kept(&scenario, month)), [24.0, 0.0, 0.0]);
    }

    #[test]
    fn what_was_kept_before_a_change_counts_in_its_month() {
        // The stream is over when its retention changes: what counts is the start of the month.
        let ended = scenario(1, true, |one| {
            one.workload.streams[0].end = Some(Hours::new(100.0));
            one.events = vec![kept_for(500.0, 12.0)];
        });
        assert_eq!(kept(&ended, 0), 24.0);
        // Ten hours before the month ends 24 hours are there, and nothing goes from then on.
        let longer = scenario(1, true, |one| one.events = vec![kept_for(720.0, 72.0)]);
        assert_eq!(kept(&longer, 0), 34.0);
    }

    /// Logs that fill until a month ends, and are cut in that moment, are at their fullest in that month and not in the next.
    #[test]
    fn a_change_between_two_months_belongs_to_the_end_of_the_first() {
        let scenario = scenario(2, false, |one| {
            one.workload.streams[0].retention = Hours::from_days(60.0);
            one.events = vec![kept_for(730.0, 24.0)];
        });
        assert_eq!([0, 1].map(|month| kept(&scenario, month)), [730.0, 24.0]);
        let retention = |month: usize| {
            on(&scenario, |way| way.workload_of(way.months[month]).streams[0].retention.as_hours())
        };
        assert_eq!([0, 1].map(retention), [60.0 * 24.0, 24.0]);
    }

    #[test]
    fn a_retention_is_that_of_the_last_change_before_the_months_end() {
        let scenario = scenario(3, true, |one| {
            one.events = vec![kept_for(1000.0, 72.0), kept_for(1400.0, 48.0)];
        });
        let retention = |month: usize| {
            on(&scenario, |way| way.workload_of(way.months[month]).streams[0].retention.as_hours())
        };
        assert_eq!([0, 1, 2].map(retention), [24.0, 48.0, 48.0]);
    }

    fn busiest(scenario: &Scenario) -> u32 {
        on(scenario, |way| way.busiest(&way.curves()).index)
    }

    #[test]
    fn the_busiest_month_has_the_highest_rates_whatever_is_kept() {
        let grown = |retention: f64| {
            busiest(&scenario(2, true, |one| {
                one.workload.streams[0].growth =
                    crate::workload::Growth { compound: 0.1, ..crate::workload::Growth::none() };
                one.events = vec![kept_for(300.0, retention)];
            }))
        };
        assert_eq!((grown(12.0), grown(48.0)), (1, 1));
        // A tenth less every month, and more and more of it kept: the first is the busiest.
        let shrunk = scenario(2, false, |one| {
            let stream = &mut one.workload.streams[0];
            stream.growth =
                crate::workload::Growth { compound: -0.1, ..crate::workload::Growth::none() };
            stream.retention = Hours::from_days(90.0);
        });
        assert_eq!(busiest(&shrunk), 0);
    }

    /// Two hours more are kept in the second month, 720 MiB.
    #[test]
    fn of_months_with_equal_rates_the_busiest_keeps_most() {
        let filling = |full| {
            busiest(&scenario(3, full, |one| {
                one.workload.streams[0].retention = Hours::new(732.0);
            }))
        };
        assert_eq!(filling(false), 1);
        // Months that are alike in all: the first.
        assert_eq!(filling(true), 0);
    }

    #[cfg(feature = "optimize")]
    #[test]
    fn partitions_are_settled_so_that_every_broker_leads_one() {
        let settled = |brokers: u32| {
            on(&scenario(1, true, |_| ()), |mut way| {
                way.settle(brokers);
                way.workload.streams[0].partitions
            })
        };
        let few = settled(1).expect("partitions are settled");
        assert!(few < 50, "{few}");
        assert_eq!(settled(few), Some(few));
        assert!(settled(50).expect("partitions are settled") >= 50);
    }

    #[cfg(feature = "optimize")]
    #[test]
    fn hours_of_the_week_come_as_often_as_they_do() {
        // Four weeks are 672 hours; the other 58 are the first of a fifth.
        let often = Way::often(&[MONTH]);
        assert_eq!(often.len(), WEEK);
        assert!(often[..58].iter().all(|times| *times == 5.0), "{often:?}");
        assert!(often[58..].iter().all(|times| *times == 4.0), "{often:?}");
        // From half past ten to a quarter past twelve, a week later.
        let part = Month { index: 0, start: Hours::new(178.5), length: Hours::new(1.75) };
        let often = Way::often(&[part]);
        let there: Vec<(usize, f64)> =
            often.into_iter().enumerate().filter(|(_, times)| *times > 0.0).collect();
        assert_eq!(there, [(10, 0.5), (11, 1.0), (12, 0.25)]);
    }

    /// Where it is a quarter to six when the horizon's day begins, an hour of the stream begins at a quarter past.
    #[test]
    fn hours_of_a_stream_begin_where_its_clock_says() {
        let pieces = |clock: f64| {
            let shifted = scenario(1, true, |one| {
                one.workload.streams[0].clock = Hours::new(clock);
            });
            on(&shifted, |way| way.pieces())
        };
        assert_eq!(pieces(5.75), [0.0, 0.25]);
        assert_eq!(pieces(3.0), [0.0]);
    }

    /// Twelve times the mean from 00:00 to 02:00 where the stream is, as much of it read: its first hour begins a quarter of
    /// an hour into ours.
    #[cfg(feature = "optimize")]
    #[test]
    fn an_hour_asks_for_the_most_of_its_moments() {
        let nightly = scenario(1, true, |one| {
            let stream = &mut one.workload.streams[0];
            stream.shape = crate::shape::Shape::named("nightly-batch").expect("a named shape");
            stream.clock = Hours::new(-0.25);
            // A day is read again within twelve hours: at twice the mean, whatever the hour.
            let mut reader = workload().streams[0].readers[1].clone();
            reader.kind = crate::workload::ReaderKind::Replay {
                window: Hours::new(24.0),
                every: Hours::from_days(7.0),
                within: Hours::new(12.0),
            };
            stream.readers.push(reader);
        });
        let start = nightly.horizon.week_start().as_hours();
        on(&nightly, |way| {
            let sized = way.sized(way.months[0], &way.curves(), 1);
            let hours = way.hours(&sized);
            assert_eq!(hours.len(), WEEK);
            for (hour, (rate, demand)) in hours.iter().enumerate() {
                let night = (start as usize + hour) % 24 < 3;
                let expected = 2.0 * 0.1 + if night { 2.0 * 12.0 * 0.1 } else { 0.0 };
                assert!((rate - expected).abs() < 1e-9, "{hour}: {rate}");
                assert_eq!(demand.network > hours[12].1.network, night, "{hour}");
            }
        });
    }

    /// Lines of brokers and what contracts cover, where so many run hour by hour for 730 hours.
    fn committed(hourly: &[u32], commitments: &[u32]) -> (Vec<(u16, f64)>, Vec<f64>) {
        on(&scenario(1, true, |_| ()), |mut way| {
            let given = commitments.iter().zip(10..).map(|(brokers, price)| Committed {
                price: PriceId(price),
                brokers: *brokers,
                from: 0,
                until: 1,
            });
            way.commitments = given.collect();
            let all: f64 = hourly.iter().copied().map(f64::from).sum();
            let sized = way.sized(way.months[0], &way.curves(), 1);
            let fleet = FleetMonth {
                month: way.months[0],
                load: sized.load,
                storage: sized.storage,
                moved: ByteRate::ZERO,
                brokers: 4,
                hourly: Some(hourly.to_vec()),
                paid: None,
            };
            let line = |component, amount| Usage {
                component,
                cause: Cause::Serve,
                grows_with: Driver::Fixed,
                price: PriceId(1),
                amount,
            };
            let mean = all / hourly.len() as f64;
            let mut usage =
                vec![line(Component::Brokers, mean * 730.0), line(Component::BlockStorage, 0.0)];
            let covers = way.commit(&mut usage, &fleet);
            assert_eq!(usage.last().map(|one| one.component), Some(Component::BlockStorage));
            usage.pop();
            let lines = usage.into_iter().map(|one| (one.price.0, one.amount)).collect();
            (lines, covers.into_iter().map(|cover| cover.used).collect())
        })
    }

    #[test]
    fn brokers_beyond_a_commitment_are_on_demand() {
        // Half the time four run and half the time two: of six, one is beyond three that are committed to.
        let on_demand = 3.0 * 730.0 / 6.0;
        assert_eq!(
            committed(&[4, 2], &[3]),
            (vec![(10, 3.0 * 730.0), (1, on_demand)], vec![3.0 * 730.0 - on_demand])
        );
        // Nothing is left on demand, and nothing stands on the bill for it.
        assert_eq!(committed(&[3, 3], &[3]), (vec![(10, 2190.0)], vec![2190.0]));
        // A commitment to no broker is none.
        assert_eq!(committed(&[3, 3], &[0]), (vec![(1, 2190.0)], vec![]));
        assert_eq!(committed(&[3, 3], &[0, 2]), (vec![(11, 1460.0), (1, 730.0)], vec![1460.0]));
    }
}
