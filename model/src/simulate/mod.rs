//! A sized platform through the horizon, as an exact fluid model.
//!
//! Between two breakpoints all rates are constant; the next breakpoint is the earliest of: the next hour of a shape, a
//! month, something that an event does, a backlog that empties, a copy that ends, credits that run out. Integrals are
//! exact, nothing depends on a step size, and nothing is drawn at random.
//!
//! ```text
//! events ──schedule──▶ actions ─┐
//! streams ──curve──▶ rates ─────┼─▶ engine ──▶ samples · totals of each month · incidents · outcomes of events
//! fleets ──setup──▶ capacities ─┘      │
//!                        log: what came in, windows that let go · share: who gets how much
//! ```

mod bounds;
pub mod curve;
mod engine;
pub mod findings;
pub mod log;
pub(crate) mod schedule;
pub mod setup;
mod share;

use crate::costs::RequestRate;
use crate::design::Design;
use crate::events::Event;
use crate::load::Month;
use crate::prices::{Disk, Machine};
use crate::sizing::Resource;
use crate::units::Hours;
use crate::workload::Workload;

pub use findings::{Fact, Incident, Matter, Outcome};
pub use schedule::Migration;
pub use setup::FleetMonth;

/// What is run.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The platform.
    pub design: &'a Design,
    /// Its streams, partitions chosen.
    pub workload: &'a Workload,
    /// The moment of the week at which the horizon starts.
    pub week_start: Hours,
    /// Whether logs are full at the start.
    pub full: bool,
    /// The machine of its brokers.
    pub machine: &'a Machine,
    /// The disk that they write to.
    pub disk: Option<&'a Disk>,
    /// A fleet for each month.
    pub fleets: &'a [FleetMonth],
    /// What happens, as far as it concerns the platform.
    pub events: &'a [&'a Event],
    /// When its migration does what, where clients move to it.
    pub course: Option<&'a Migration>,
    /// Longest time from produce to consume.
    pub freshness: Option<Hours>,
    /// Longest time until every replica is back.
    pub recovery: Option<Hours>,
    /// Whether samples are kept, or only what they add up to.
    pub samples: bool,
    /// Whether weeks in which nothing happens may be taken at once: then months and incidents are all that is to be had.
    pub leaps: bool,
}

impl Run<'_> {
    /// The months.
    pub fn months(&self) -> Vec<Month> {
        self.fleets.iter().map(|fleet| fleet.month).collect()
    }
}

/// Rates and levels between two breakpoints. Rates hold from `from` to `to`; levels are those at `to`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// From when, in hours since the start.
    pub from: f64,
    /// Until when.
    pub to: f64,
    /// What sources want to send, in bytes an hour.
    pub offered: f64,
    /// What brokers accept.
    pub produce: f64,
    /// What consumers fetch from caches.
    pub tail: f64,
    /// What consumers at the end of the log fetch from disks or object storage.
    pub behind: f64,
    /// What replays fetch.
    pub replay: f64,
    /// What is copied from broker to broker besides replication.
    pub copy: f64,
    /// Demand over capacity of the network, the busier way.
    pub network: f64,
    /// Demand over capacity of disks.
    pub disk: f64,
    /// Demand over capacity of virtual CPUs.
    pub cpu: f64,
    /// Of the scarcest resource.
    pub busiest: f64,
    /// Which one that is.
    pub bottleneck: Option<Resource>,
    /// The same without what is sent or read again to catch up, or copied, which takes all that is left.
    pub needed: f64,
    /// Which one that is.
    pub needed_of: Option<Resource>,
    /// Bytes that sources hold back, or were refused.
    pub edge: f64,
    /// The part of them that brokers refused.
    pub refused: f64,
    /// Bytes that tail readers have not read.
    pub backlog: f64,
    /// Longest time that a tail reader is behind, in hours.
    pub lag: f64,
    /// Bytes on brokers, all copies.
    pub local: f64,
    /// Bytes in object storage or a remote tier.
    pub remote: f64,
    /// Bytes that are not yet in object storage, where they should be.
    pub pending: f64,
    /// One copy of everything kept.
    pub kept: f64,
    /// Bytes accepted since the start.
    pub accepted: f64,
    /// Bytes expired since the start.
    pub expired: f64,
    /// Brokers that carry load.
    pub serving: f64,
    /// Brokers that are paid for.
    pub paid: f64,
    /// 99th percentile of a produce request, in hours.
    pub latency: f64,
    /// How long what brokers refused has waited, in hours.
    pub wait: f64,
    /// Longest time from produce to consume, in hours.
    pub freshness: f64,
    /// Share of the brokers' disks that is full.
    pub fill: f64,
}

impl Sample {
    /// It as it was at a moment of it: levels went straight from those before to its own.
    pub fn ended(&self, before: Option<&Self>, at: f64) -> Self {
        let mut cut = Self { to: at, ..*self };
        let Some(before) = before else { return cut };
        let share = (at - self.from) / (self.to - self.from);
        for (level, start) in [
            (&mut cut.edge, before.edge),
            (&mut cut.backlog, before.backlog),
            (&mut cut.lag, before.lag),
            (&mut cut.wait, before.wait),
            (&mut cut.local, before.local),
            (&mut cut.remote, before.remote),
            (&mut cut.pending, before.pending),
            (&mut cut.kept, before.kept),
            (&mut cut.accepted, before.accepted),
            (&mut cut.expired, before.expired),
            (&mut cut.freshness, before.freshness),
            (&mut cut.fill, before.fill),
        ] {
            *level = start + (*level - start) * share;
        }
        cut
    }
}

/// What one stream came to in a month, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StreamTotals {
    /// Accepted.
    pub produce: f64,
    /// Fetched at the end of the log, from caches or behind them.
    pub tail: f64,
    /// The part of it that came from behind the caches: from object storage or the remote tier, else from disks.
    pub behind: f64,
    /// Replayed from brokers' disks.
    pub replay_local: f64,
    /// Replayed from object storage or a remote tier.
    pub replay_remote: f64,
}

impl StreamTotals {
    /// Takes in what more of the same stream came to.
    pub fn add(&mut self, other: &Self) {
        self.produce += other.produce;
        self.tail += other.tail;
        self.behind += other.behind;
        self.replay_local += other.replay_local;
        self.replay_remote += other.replay_remote;
    }
}

/// What a month came to.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthTotals {
    /// Which month.
    pub month: Month,
    /// Stream by stream.
    pub streams: Vec<StreamTotals>,
    /// Brokers paid for, in broker-hours.
    pub broker_hours: f64,
    /// Hours in which the platform was there.
    pub alive_hours: f64,
    /// On brokers, all copies, in byte-hours.
    pub local: f64,
    /// The most on brokers at any moment, all copies.
    pub local_peak: f64,
    /// In object storage or a remote tier, in byte-hours.
    pub remote: f64,
    /// Copied to rebuild replicas.
    pub rebuilt: f64,
    /// Copied to move replicas.
    pub moved: f64,
    /// Requests that producing asked for, averaged over the month; empty where they are linear in the rates.
    pub requests: Vec<RequestRate>,
}

impl MonthTotals {
    /// Those of a month in which nothing has happened to so many streams.
    pub(crate) fn empty(month: Month, streams: usize) -> Self {
        Self {
            month,
            streams: vec![StreamTotals::default(); streams],
            broker_hours: 0.0,
            alive_hours: 0.0,
            local: 0.0,
            local_peak: 0.0,
            remote: 0.0,
            rebuilt: 0.0,
            moved: 0.0,
            requests: Vec::new(),
        }
    }
}

/// A platform through the horizon.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// Breakpoint by breakpoint; empty unless asked for.
    pub samples: Vec<Sample>,
    /// Month by month.
    pub months: Vec<MonthTotals>,
    /// What did not hold, in the order of time.
    pub incidents: Vec<Incident>,
    /// What came of each event, in the order of the run.
    pub outcomes: Vec<Outcome>,
    /// Largest values of anything sampled.
    pub peaks: Sample,
    /// Share of the time and partitions in which writes were accepted.
    pub available: f64,
    /// Bytes that one copy of the logs held at the start.
    pub before: f64,
    /// How many breakpoints there were.
    pub steps: usize,
}

/// The course of a migration of a scenario's streams.
pub fn course_of(event: &Event, scenario: &crate::scenario::Scenario) -> Migration {
    let months = scenario.horizon.all_months();
    let streams = scenario.workload.streams.iter();
    let week_start = scenario.horizon.week_start();
    let curves: Vec<_> = streams
        .map(|stream| curve::Curve::new(stream, &months, week_start, scenario.horizon.full))
        .collect();
    schedule::migration(event, &curves, &scenario.workload, scenario.horizon.end())
}

/// Runs a platform through the horizon.
pub fn simulate(run: &Run) -> Simulation {
    engine::Engine::new(run).run()
}
