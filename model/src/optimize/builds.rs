//! Every way to build a platform that could be the cheapest: machine × fleet policy × volumes × settings, with what it needs
//! and what it costs, in the engine's own arithmetic.

use super::knobs::{disks, knobs};
use super::levels::{Hour, Level, ahead, levels};
use crate::bill::{Component, Usage};
use crate::costs::{self, Brokers, Site};
use crate::design::{Architecture, Design};
use crate::horizon::{Sized, Way};
use crate::latency;
use crate::load::Month;
use crate::order;
use crate::parameters::{FleetPolicy, Setting};
use crate::plan;
use crate::prices::{Machine, PriceId, PriceList};
use crate::scenario::Scenario;
use crate::sizing;
use crate::tariff::{Tariff, tariff};
use crate::units::Hours;

/// Levels that a month's hours become at most: every hour of a day its own.
const LEVELS: usize = 24;

/// Builds that are dearer than the cheapest by so much at their very best are not looked at: nothing that the engine finds
/// out later moves a bill by as much.
const SLACK: f64 = 0.02;

/// Builds that a program has at most, and at least where there are as many: a few that lose say more than one that wins.
const MOST: usize = 40;
const LEAST: usize = 12;

/// Builds that answer too late which a program has besides, and how late they may be: they tell what the limit costs.
const LATE: usize = 4;
/// Times the limit.
pub const LATE_AT_MOST: f64 = 2.0;

/// Months in a row that ask for the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Season {
    /// The first of them; 0 is the first of the horizon.
    pub first: u32,
    /// How many.
    pub months: f64,
    /// Hours of all of them.
    pub hours: f64,
}

/// One way to build a platform.
#[derive(Clone, Debug)]
pub struct Build {
    /// The platform with its settings.
    pub design: Design,
    /// What of them differs from what the rules take, as a scenario has it.
    pub settings: Vec<(&'static str, String)>,
    /// The machine, by its place in the price list.
    pub machine: usize,
    /// Its name.
    pub machine_name: String,
    /// How many brokers are needed for how long, fewest first.
    pub busy: Vec<Busy>,
    /// Dollars for an hour of a broker on demand.
    pub rent: f64,
    /// What the hour costs with each commitment that is offered.
    pub terms: Vec<Term>,
    /// What is bought with volumes: capacity, operations and throughput by themselves.
    pub volumes: Vec<Volume>,
    /// GiB of replicas that are moved at the beginning of each season, and dollars for each that crosses a zone twice
    /// billed: once leaving, once entering.
    pub moved: (Vec<f64>, f64),
    /// Everything else, in dollars a month of each season.
    pub rest: Vec<f64>,
    /// Of that, requests to object storage.
    pub requests: Vec<f64>,
    /// Time to an acknowledgement at the 99th percentile, in seconds; zero where nothing is published.
    pub latency: f64,
}

/// Hours in which so many brokers are needed.
#[derive(Clone, Debug, PartialEq)]
pub struct Busy {
    /// How many.
    pub brokers: u32,
    /// Hours of each season.
    pub hours: Vec<f64>,
}

/// A commitment that is offered for a machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// By its place in the price list.
    pub commitment: usize,
    /// Dollars for an hour.
    pub rate: f64,
}

/// Something that is bought with volumes.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Its price.
    pub price: PriceId,
    /// Dollars for a unit of it for a month.
    pub rate: f64,
    /// Units in each season.
    pub units: Vec<f64>,
}

impl Build {
    /// Dollars of a month of a season for everything but brokers.
    pub fn fixed(&self, season: usize, seasons: &[Season]) -> f64 {
        let volumes = self.volumes.iter().map(|volume| volume.rate * volume.units[season]);
        let moved = self.moved.0[season] * self.moved.1 / seasons[season].months;
        self.rest[season] + volumes.sum::<f64>() + moved
    }

    /// Dollars of a month on average for everything but brokers.
    fn fixed_a_month(&self, seasons: &[Season]) -> f64 {
        let months: f64 = seasons.iter().map(|season| season.months).sum();
        let of = |(index, season): (usize, &Season)| self.fixed(index, seasons) * season.months;
        seasons.iter().enumerate().map(of).sum::<f64>() / months
    }

    /// Hours of brokers in a month on average.
    pub fn broker_hours(&self, seasons: &[Season]) -> f64 {
        let months: f64 = seasons.iter().map(|season| season.months).sum();
        let of = |busy: &Busy| f64::from(busy.brokers) * busy.hours.iter().sum::<f64>();
        self.busy.iter().map(of).sum::<f64>() / months
    }

    /// The most brokers that it needs at once.
    pub fn brokers_most(&self) -> u32 {
        self.busy.iter().map(|busy| busy.brokers).max().unwrap_or(0)
    }

    /// Dollars a month on demand.
    pub fn on_demand(&self, seasons: &[Season]) -> f64 {
        self.fixed_a_month(seasons) + self.rent * self.broker_hours(seasons)
    }

    /// Dollars a month that it costs at least: every hour at the lowest price that there is for it.
    fn floor(&self, seasons: &[Season]) -> f64 {
        let rate = self.terms.iter().map(|term| term.rate).fold(self.rent, f64::min);
        self.fixed_a_month(seasons) + rate * self.broker_hours(seasons)
    }

    /// Whether another build is at least as good in everything that a program knows: on the same machine, for as long, no
    /// dearer in any season and no later.
    fn is_dominated(&self, by: &Self, seasons: &[Season]) -> bool {
        // Sums of the same in another order differ in their last digits.
        let no_dearer = |season| {
            by.fixed(season, seasons)
                <= self.fixed(season, seasons) * (1.0 + crate::units::ROUNDING)
        };
        by.machine == self.machine
            && by.latency <= self.latency
            && by.busy == self.busy
            && (0..seasons.len()).all(no_dearer)
    }

    /// What it is, in a line.
    pub fn title(&self) -> String {
        let most = self.brokers_most();
        let fewest = self.busy.first().map_or(most, |busy| busy.brokers);
        let brokers = if fewest == most { most.to_string() } else { format!("{fewest} to {most}") };
        let settings = self.settings.iter().map(|(key, value)| format!(", {key} = {value}"));
        format!("{brokers} × {}{}", self.machine_name, settings.collect::<String>())
    }
}

/// What is built, and with whose prices.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The platform as the scenario has it.
    pub design: &'a Design,
    /// Its part of the scenario.
    pub scenario: &'a Scenario,
    /// The prices of its region.
    pub prices: &'a PriceList,
    /// Brokers of the rules' plan, which partitions are chosen for where nobody did.
    pub brokers: u32,
    /// The month that the rules' plan is told of; 0 is the first.
    pub busiest: u32,
    /// Whether commitments are offered that outlast the horizon.
    pub all_terms: bool,
    /// The longest that an acknowledgement may take at the 99th percentile, in seconds.
    pub latency_max: f64,
}

/// What a run has shown not to do: builds that answer as late, and settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruled {
    /// Seconds that an acknowledgement takes, at the 99th percentile, of builds that are not looked at any more.
    pub latency: f64,
    /// Settings that are not looked at any more.
    pub settings: Vec<(&'static str, String)>,
    /// The only machine that is looked at, where it is one.
    pub machine: Option<String>,
}

impl Default for Ruled {
    fn default() -> Self {
        Self { latency: f64::INFINITY, settings: Vec::new(), machine: None }
    }
}

impl Ruled {
    /// Whether a build is ruled out.
    fn out(&self, build: &Build) -> bool {
        build.latency >= self.latency
            || self.machine.as_ref().is_some_and(|only| build.machine_name != *only)
            || build.settings.iter().any(|one| self.settings.contains(one))
    }
}

/// The ways to build a platform that are left to choose from.
#[derive(Clone, Debug, Default)]
pub struct Builds {
    /// Months that ask for the same.
    pub seasons: Vec<Season>,
    /// Those that could be the cheapest and a few more, cheapest on demand first.
    pub kept: Vec<Build>,
    /// Those of each setting that could be the cheapest with it, to choose from again when a run rules some out.
    pool: Vec<Build>,
    /// How many there were.
    pub considered: usize,
    /// Whether time ran out before all were looked at.
    pub stopped: bool,
}

impl Builds {
    /// Builds that someone else made, all of them kept.
    pub fn of(seasons: Vec<Season>, kept: Vec<Build>) -> Self {
        Self { considered: kept.len(), pool: kept.clone(), stopped: false, seasons, kept }
    }

    /// Takes what a run has shown into account.
    pub fn rule(&mut self, case: &Case, ruled: &Ruled) {
        let left = self.pool.iter().filter(|build| !ruled.out(build)).cloned().collect();
        self.kept = worth(case, left, &self.seasons, &[], Build::floor);
    }

    /// The build that the rules have, if it is among those that were looked at closely.
    pub fn of_rules(&self, machine: &str) -> Option<&Build> {
        let is_it = |build: &&Build| build.settings.is_empty() && build.machine_name == machine;
        self.pool.iter().find(is_it)
    }
}

/// Every way to build a platform that could be the cheapest, as far as time allows.
pub fn builds(case: &Case, stop: &mut dyn FnMut() -> bool) -> Builds {
    let mut found = Builds::default();
    let variants = variants(case);
    for (index, settings) in variants.iter().enumerate() {
        // The first is the platform as it is: without it there would be no answer.
        if index > 0 && stop() {
            found.stopped = true;
            break;
        }
        let Some(design) = with(case.design, settings) else { continue };
        let Ok(tariff) = tariff(&design, case.prices) else { continue };
        let mut way = Way::new(&design, case.scenario, case.prices, &tariff);
        way.settle(case.brokers);
        let ground = Ground::new(way, case, &tariff);
        if found.seasons.is_empty() {
            found.seasons = ground.seasons.iter().map(|one| one.season.clone()).collect();
        } else if !ground.same_seasons(&found.seasons) {
            continue;
        }
        let mut fresh: Vec<Build> = Vec::new();
        for policy in policies(&design) {
            ground.build(&design, settings, policy, &mut fresh, &mut found.considered);
        }
        let fresh = worth(case, fresh, &found.seasons, &[], |build, seasons| {
            // Settings that are tried next change requests only.
            let requests =
                build.requests.iter().zip(seasons).map(|(one, season)| one * season.months);
            let months: f64 = seasons.iter().map(|season| season.months).sum();
            build.floor(seasons) - requests.sum::<f64>() / months
        });
        for build in fresh {
            if !stop() {
                ground.turned(&build, &mut found.pool, &mut found.considered);
            }
            found.pool.push(build);
        }
    }
    found.rule(case, &Ruled::default());
    found
}

/// Settings that brokers are asked for something else with, each in turn beside the platform as it is.
fn variants(case: &Case) -> Vec<Vec<(&'static str, String)>> {
    let mut list = vec![Vec::new()];
    if let Some((key, names)) = disks(case.design, case.prices) {
        list.extend(names.into_iter().map(|name| vec![(key, name.to_owned())]));
    }
    for (knob, values) in knobs(case.design).filter(|(knob, _)| knob.moves_demand) {
        let with = |base: &Vec<(&'static str, String)>| {
            let one = |value: &&str| {
                let mut settings = base.clone();
                settings.push((knob.key, (*value).to_owned()));
                settings
            };
            values.iter().map(one).collect::<Vec<_>>()
        };
        let more: Vec<_> = list.iter().flat_map(with).collect();
        list.extend(more);
    }
    list
}

/// When a fleet is sized anew: what the platform has, and what it could have.
fn policies(design: &Design) -> Vec<FleetPolicy> {
    let present = design.settings.fleet;
    let free = super::knobs::is_free(design, "fleet") && design.settings.brokers.is_none();
    let follows = design.architecture() == Architecture::SharedStorage;
    let mut list = vec![present];
    // A service's units come and go as it bills them.
    if free && !design.is_list_price() {
        let others = [FleetPolicy::Fixed, FleetPolicy::Monthly, FleetPolicy::Follow];
        let possible = |policy: &FleetPolicy| *policy != FleetPolicy::Follow || follows;
        list.extend(others.into_iter().filter(possible).filter(|policy| *policy != present));
    }
    list
}

/// A platform with other settings.
pub fn with(design: &Design, settings: &[(&'static str, String)]) -> Option<Design> {
    let mut design = design.clone();
    for (key, value) in settings {
        design.settings.set(key, value).ok()?;
    }
    Some(design)
}

/// Builds that could be the cheapest by a lower bound of theirs, and a few more, without those that another dominates;
/// cheapest on demand first.
fn worth(
    case: &Case,
    mut list: Vec<Build>,
    seasons: &[Season],
    known: &[Build],
    floor: impl Fn(&Build, &[Season]) -> f64,
) -> Vec<Build> {
    let cost = |build: &Build| build.on_demand(seasons);
    let in_time = |build: &Build| build.latency <= case.latency_max;
    // Of equal ones the one that changes least.
    order::sort_by(&mut list, |one, other| {
        let fewer = one.settings.len().cmp(&other.settings.len());
        cost(one).total_cmp(&cost(other)).then(fewer)
    });
    let answering = list.iter().chain(known).filter(|build| in_time(build));
    let cheapest = answering.map(cost).fold(f64::INFINITY, f64::min);
    let mut kept: Vec<Build> = Vec::new();
    let (mut counted, mut late) = (0, 0);
    for build in list {
        if kept.iter().any(|better| build.is_dominated(better, seasons)) {
            continue;
        }
        let worth_it = if in_time(&build) {
            counted += 1;
            counted <= LEAST
                || (counted <= MOST && floor(&build, seasons) <= cheapest * (1.0 + SLACK))
        } else {
            let near = build.latency <= case.latency_max * LATE_AT_MOST;
            late += usize::from(near);
            near && late <= LATE
        };
        if worth_it {
            kept.push(build);
        }
    }
    kept
}

/// A platform with some of its settings chosen: what each season asks for.
struct Ground<'a> {
    way: Way<'a>,
    prices: &'a PriceList,
    tariff: &'a Tariff<'a>,
    seasons: Vec<Asked>,
    terms: Vec<(PriceId, Term)>,
    busiest: u32,
}

/// A season and what it asks for.
struct Asked {
    season: Season,
    month: Month,
    sized: Sized,
    levels: Vec<Level>,
    /// Dollars of what is the same on any fleet, and the part of it that a support plan counts.
    common: (f64, f64),
}

impl<'a> Ground<'a> {
    fn new(way: Way<'a>, case: &Case<'a>, tariff: &'a Tariff<'a>) -> Self {
        let curves = way.curves();
        let mut seasons: Vec<(Vec<Month>, Sized)> = Vec::new();
        for month in &way.months {
            let sized = way.sized(*month, &curves, 1);
            match seasons.last_mut() {
                Some((months, last))
                    if last.load == sized.load && last.storage == sized.storage =>
                {
                    months.push(*month);
                }
                _ => seasons.push((vec![*month], sized)),
            }
        }
        let asked = |(months, sized): (Vec<Month>, Sized)| {
            let hours = way.hours(&sized);
            let lag = case.design.settings.start_up > Hours::ZERO && !case.design.is_list_price();
            let hours = if lag { ahead(&hours) } else { hours };
            let often = Way::often(&months);
            let hours: Vec<Hour> = often
                .into_iter()
                .zip(hours)
                .map(|(often, (rate, most))| (often, rate, most))
                .collect();
            let site = way.site(&sized, months[0]);
            let common = plan::approximate(&costs::common_usage(&site), tariff, case.prices);
            let length = months.iter().map(|month| month.length.as_hours()).sum();
            let season =
                Season { first: months[0].index, months: months.len() as f64, hours: length };
            Asked { season, month: months[0], levels: levels(&hours, LEVELS), common, sized }
        };
        let seasons = seasons.into_iter().map(asked).collect();
        Self {
            prices: case.prices,
            tariff,
            seasons,
            terms: terms(case),
            busiest: case.busiest,
            way,
        }
    }

    /// Whether months fall into the same seasons: settings do not change what is produced.
    fn same_seasons(&self, seasons: &[Season]) -> bool {
        self.seasons.iter().map(|asked| &asked.season).eq(seasons)
    }

    /// A build on each machine.
    fn build(
        &self,
        design: &Design,
        settings: &[(&'static str, String)],
        policy: FleetPolicy,
        list: &mut Vec<Build>,
        considered: &mut usize,
    ) {
        let mut design = design.clone();
        design.settings.fleet = policy;
        let mut settings = settings.to_vec();
        if policy != self.way.design().settings.fleet {
            settings.push(("fleet", policy.show()));
        }
        let wanted = design.settings.broker.as_deref();
        let machines = self.prices.machines.iter().enumerate();
        let pool = machines.filter(|(_, machine)| machine.pool == design.preset.pool);
        for (index, machine) in pool {
            if wanted.is_none_or(|wanted| machine.name == wanted) {
                *considered += 1;
                list.extend(self.on(&design, &settings, policy, index, machine));
            }
        }
    }

    /// Brokers that each season needs at its peak, and for how long how many.
    fn needs(
        &self,
        design: &Design,
        policy: FleetPolicy,
        machine: &Machine,
    ) -> Option<(Vec<u32>, Vec<Busy>)> {
        let fleet = |demand| sizing::fleet(demand, design, machine, self.tariff.disk).ok();
        let mut peaks = Vec::with_capacity(self.seasons.len());
        for asked in &self.seasons {
            peaks.push(fleet(&asked.sized.demand)?.brokers);
        }
        let count = self.seasons.len();
        let mut busy: Vec<Busy> = Vec::new();
        let mut add = |brokers: u32, season: usize, hours: f64| {
            let known = busy.iter().position(|known| known.brokers == brokers);
            let at = known.unwrap_or_else(|| {
                busy.push(Busy { brokers, hours: vec![0.0; count] });
                busy.len() - 1
            });
            busy[at].hours[season] += hours;
        };
        let most = peaks.iter().copied().max().unwrap_or(0);
        for (season, asked) in self.seasons.iter().enumerate() {
            match policy {
                FleetPolicy::Fixed => add(most, season, asked.season.hours),
                FleetPolicy::Monthly => add(peaks[season], season, asked.season.hours),
                FleetPolicy::Follow => {
                    for level in &asked.levels {
                        let brokers = fleet(&level.most)?.brokers.min(peaks[season]);
                        add(brokers, season, level.hours);
                    }
                }
            }
        }
        if policy == FleetPolicy::Fixed {
            peaks.fill(most);
        }
        order::sort_by(&mut busy, |one, other| one.brokers.cmp(&other.brokers));
        Some((peaks, busy))
    }

    /// A build on one machine, if it fits.
    fn on(
        &self,
        design: &Design,
        settings: &[(&'static str, String)],
        policy: FleetPolicy,
        index: usize,
        machine: &Machine,
    ) -> Option<Build> {
        let (peaks, busy) = self.needs(design, policy, machine)?;
        let rent = hourly(self.prices, machine.price)?;
        let of_machine = self.terms.iter().filter(|(on_demand, _)| *on_demand == machine.price);
        let mut build = Build {
            design: design.clone(),
            settings: settings.to_vec(),
            machine: index,
            machine_name: machine.name.clone(),
            busy,
            rent,
            terms: of_machine.map(|(_, term)| *term).collect(),
            volumes: Vec::new(),
            moved: (vec![0.0; self.seasons.len()], 0.0),
            rest: Vec::new(),
            requests: Vec::new(),
            latency: 0.0,
        };
        self.price(&mut build, policy, &peaks, machine);
        self.movement(&mut build, &peaks);
        Some(build)
    }

    /// What a build costs besides brokers, and how long it takes to answer.
    fn price(&self, build: &mut Build, policy: FleetPolicy, peaks: &[u32], machine: &Machine) {
        let design = &build.design;
        build.rest.clear();
        build.requests.clear();
        build.volumes.clear();
        build.latency = 0.0;
        let largest = self.seasons.iter().map(|asked| asked.sized.storage.provisioned);
        let largest = largest.fold(crate::units::Bytes::ZERO, crate::units::Bytes::max);
        let mut volumes = crate::units::Bytes::ZERO;
        let mut usage: Vec<Usage> = Vec::with_capacity(32);
        for (index, asked) in self.seasons.iter().enumerate() {
            let hours = |busy: &Busy| f64::from(busy.brokers) * busy.hours[index];
            let count = build.busy.iter().map(hours).sum::<f64>() / asked.season.hours;
            let mut storage = asked.sized.storage;
            volumes = match policy {
                FleetPolicy::Fixed => largest,
                // Volumes grow; they shrink only with the brokers that they belong to.
                _ if index > 0 && peaks[index] < peaks[index - 1] => storage.provisioned,
                _ => volumes.max(storage.provisioned),
            };
            storage.provisioned = volumes;
            let site =
                Site { design, storage: &storage, ..self.way.site(&asked.sized, asked.month) };
            let bottleneck = sizing::Resource::Placement;
            let brokers = Brokers { machine, count, bottleneck };
            usage.clear();
            costs::fleet_usage(&site, &brokers, &mut usage);
            let dollars = |usage: &[Usage]| plan::approximate(usage, self.tariff, self.prices);
            let all = dollars(&usage);
            let support = costs::support_over(&site, all.1 + asked.common.1);
            let of = |component| -> f64 {
                let one = usage.iter().filter(|one| one.component == component).copied();
                dollars(&one.collect::<Vec<_>>()).0
            };
            build.requests.push(of(Component::ObjectRequests));
            // The program pays for every broker by itself: what a service gives for nothing comes off here.
            let rented = build.rent * count * asked.month.length.as_hours();
            let mut rest = asked.common.0 + all.0 + support - rented;
            rest -= self.volumes(&usage, index, &mut build.volumes);
            build.rest.push(rest);
            // As a plan has it: at the fleet of its busiest month.
            let months = asked.season.first..asked.season.first + asked.season.months as u32;
            if months.contains(&self.busiest) {
                let domains =
                    costs::domains(design, &asked.sized.load, machine, f64::from(peaks[index]));
                let latency = latency::latency(&asked.sized.load, design, domains);
                build.latency = latency.map_or(0.0, |latency| latency.p99.as_secs());
            }
        }
    }

    /// Takes what volumes have of usage into account; dollars of it.
    fn volumes(&self, usage: &[Usage], season: usize, volumes: &mut Vec<Volume>) -> f64 {
        let bought = |one: &&Usage| {
            matches!(one.component, Component::BlockStorage | Component::Wal) && one.amount > 0.0
        };
        let mut dollars = 0.0;
        for one in usage.iter().filter(bought) {
            if one.price.is_missing().is_some() {
                continue;
            }
            let price = self.tariff.price(self.prices, one.price);
            // A price that falls with the quantity is no constant: it stays with the rest.
            let [tier] = &price.tiers[..] else { continue };
            let units = one.amount / price.unit.size();
            let rate = tier.approximate.1;
            let known = volumes.iter().position(|known| known.price == one.price);
            let at = known.unwrap_or_else(|| {
                let units = vec![0.0; self.seasons.len()];
                volumes.push(Volume { price: one.price, rate, units });
                volumes.len() - 1
            });
            volumes[at].units[season] += units;
            dollars += units * rate;
        }
        dollars
    }

    /// Replicas that move where a fleet changes from one season to the next.
    ///
    /// `GiB = kept on brokers × |change| ÷ larger fleet`; of these, `(zones − 1) ÷ zones` cross a zone, and are billed on both
    /// sides as replication is. Nothing moves where storage belongs to no broker.
    fn movement(&self, build: &mut Build, peaks: &[u32]) {
        let design = &build.design;
        let own = self.tariff.disk.is_some_and(|disk| disk.attached || disk.local);
        if !design.replicates() || !own {
            return;
        }
        let side = |id: PriceId| match id.is_missing() {
            Some(_) => 0.0,
            None => self.tariff.price(self.prices, id).approximate_cost(crate::units::GIB),
        };
        let both = side(self.tariff.zone_out) + side(self.tariff.zone_in);
        build.moved.1 = both * design.blind_crossing() * design.settings.replication_billed;
        for season in 1..peaks.len() {
            let (before, after) = (f64::from(peaks[season - 1]), f64::from(peaks[season]));
            let share = (after - before).abs() / before.max(after).max(1.0);
            build.moved.0[season] = self.seasons[season].sized.storage.on_brokers.as_gib() * share;
        }
    }

    /// A build with every setting that brokers are asked for the same with.
    fn turned(&self, build: &Build, list: &mut Vec<Build>, considered: &mut usize) {
        let mut settings = vec![Vec::new()];
        for (knob, values) in knobs(self.way.design()).filter(|(knob, _)| !knob.moves_demand) {
            let with = |base: &Vec<(&'static str, String)>| {
                let one = |value: &&str| {
                    let mut more = base.clone();
                    more.push((knob.key, (*value).to_owned()));
                    more
                };
                values.iter().map(one).collect::<Vec<_>>()
            };
            let more: Vec<_> = settings.iter().flat_map(with).collect();
            settings.extend(more);
        }
        let machine = &self.prices.machines[build.machine];
        for more in settings.iter().skip(1) {
            let Some(design) = with(&build.design, more) else { continue };
            let Some((peaks, _)) = self.needs(&design, design.settings.fleet, machine) else {
                continue;
            };
            *considered += 1;
            let mut turned = Build { design, ..build.clone() };
            turned.settings.extend(more.iter().cloned());
            let policy = turned.design.settings.fleet;
            self.price(&mut turned, policy, &peaks, machine);
            list.push(turned);
        }
    }
}

/// Commitments that are offered: for machines of users' own, and not for longer than the horizon unless all are asked for.
fn terms(case: &Case) -> Vec<(PriceId, Term)> {
    if case.design.is_list_price() {
        return Vec::new();
    }
    let offered = case.prices.commitments.iter().enumerate().filter(|(_, commitment)| {
        case.all_terms || commitment.years * 12 <= case.scenario.horizon.months
    });
    let term = |(index, commitment): (usize, &crate::prices::Commitment)| {
        let rate = hourly(case.prices, commitment.price)?;
        Some((commitment.on_demand, Term { commitment: index, rate }))
    };
    offered.filter_map(term).collect()
}

/// Dollars for an hour, where the price is one.
fn hourly(prices: &PriceList, id: PriceId) -> Option<f64> {
    prices.price(id).tiers.first().map(|tier| tier.approximate.1)
}
