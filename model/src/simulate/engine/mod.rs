//! State and steps: what everyone wants, what they get, when that changes, and what it adds up to.

mod actions;
mod advance;
mod finish;
mod leap;
mod serve;
mod until;
mod watch;

use self::serve::Served;
use super::bounds::Bounds;
use super::curve::Curve;
use super::findings::{Fact, Figure, Incident, Matter, Outcome, Watch, bound_by};
use super::log::{Cursor, Differences, Log, Window};
use super::schedule::{self, Action, Schedule};
use super::setup::{Setup, StreamSetup, setup};
use super::share::{Amounts, CPU, DISK, IN, MOST, OUT, RESOURCES};
use super::{MonthTotals, Run, Sample, Simulation};
use crate::costs::{self, RequestRate};
use crate::events::{DeadDisk, EventKind};
use crate::load::{self, Load, Month};
use crate::parameters::Wal;
use crate::shape::WEEK;
use crate::sizing::Resource;
use crate::units::{ByteRate, Frequency, Hours};
use crate::workload::{Cleanup, ReaderKind};

/// Backlogs below this share of an hour's traffic are rounding errors.
const NOTHING: f64 = 1e-9;

/// Quarters of an hour in a week.
const QUARTERS: usize = 4 * WEEK;

/// Disks that fill within so many hours are watched closely.
const NEAR: f64 = 12.0;

/// An hour with more steps than this is crowded.
const CROWDED: u32 = 5000;

/// Times that hours were crowded after which no step is made longer.
const CROWDED_MAX: u32 = 6;

/// A backlog that is so much larger than a week ago is no larger.
const NEARLY: f64 = 1e-6;

/// Why partitions accept nothing.
const DARK: &str = "leaders move, or too few replicas are left";

/// Credits are full again after a day.
const RECHARGE: f64 = 24.0;

/// A second.
const ROUGHLY: f64 = 1.0 / 3600.0;

/// The shortest step, in hours: far below anything that a scenario can say.
const SHORTEST: f64 = 1e-9;

/// How often hours were crowded.
///
/// Where a cluster is overloaded, something may be about to turn all the time, for as long as that lasts. Each crowded hour goes
/// on in steps of a second, of two, of four, and so on to a minute, and the next is crowded with half as many: such a month
/// has a hundred thousand steps, not millions.
#[derive(Clone, Copy, Debug, Default)]
struct Crowding(u32);

impl Crowding {
    /// The shortest step, in hours, where an hour has had so many.
    fn shortest(&mut self, steps: u32) -> f64 {
        let crowded = CROWDED >> self.0;
        if steps <= crowded {
            return SHORTEST;
        }
        let shortest = ROUGHLY * f64::from(1_u32 << self.0);
        if steps == crowded + 1 {
            self.0 = (self.0 + 1).min(CROWDED_MAX);
        }
        shortest
    }
}

/// Between caches, disks and the tier a reader changes over so often in an hour: what an outage takes, there and back, twice.
/// One that stands where two of them meet would do nothing else.
const TURNS: u32 = 8;

/// A stream while it runs.
struct Stream {
    log: Log,
    /// Everything within its retention; `None` where the log is compacted.
    total: Option<Window>,
    /// What brokers keep.
    local: Option<Window>,
    /// What is not closed yet, or not old enough for the tier.
    open: Option<Window>,
    /// Share of its sources that is away, and that can still hold more.
    offline: f64,
    hoarding: f64,
    /// Produced on top, in bytes an hour.
    extra: f64,
    /// The part of it that sources held back.
    sending: f64,
    /// Held back by sources that were away.
    held: f64,
    /// Refused by brokers, to be sent again.
    refused: f64,
    /// What it was sent, where that is not the curve; and the oldest of what was refused.
    sent: Differences,
    oldest: Option<Cursor>,
    /// Closed, and not yet uploaded.
    pending: f64,
    /// Highest hour of the month, in bytes an hour.
    highest: f64,
    /// Bytes fetched at the end of the log for each byte accepted, while all readers keep up.
    fan_out: f64,
    /// The slowest reader, in multiples of the highest hour.
    slowest: f64,
    // Of the step.
    offered: f64,
    accepted: f64,
    uploaded: f64,
    wanted: f64,
}

/// Where a reader's next record comes from.
#[derive(Clone, Copy, PartialEq)]
enum Source {
    Cache,
    /// A broker's disk.
    Disk,
    /// Object storage or a remote tier.
    Store,
}

/// A reader at the end of the log.
struct Reader {
    stream: usize,
    share: f64,
    capacity: f64,
    budget: Option<f64>,
    name: String,
    /// How many outages it is in.
    away: u32,
    backlog: f64,
    /// Since when records expire before it gets to them, and how many bytes of them.
    losing: Option<(f64, f64)>,
    /// When it was last back, and its backlog a week before the end.
    back: f64,
    week_ago: f64,
    /// What it may fall behind further before records expire unread, at the start of the step.
    room: f64,
    source: Source,
    /// In which hour it last changed over, and how often.
    turns: (f64, u32),
    /// What one serving broker's cache holds for it, in bytes.
    cache: f64,
    /// The record that it reads next, while it is behind; and how far behind that is, in hours.
    place: Option<Cursor>,
    lag: f64,
    // Of the step.
    wanted: f64,
    fetched: f64,
}

impl Reader {
    /// What it reads from caches and from behind them, for each byte: some always comes from behind.
    fn mix(&self, setup: &Setup, tiered: bool, shared: bool, behind_always: f64) -> Amounts {
        let mut each = Amounts::default();
        match self.source {
            Source::Cache => {
                each.add(1.0 - behind_always, &setup.tail);
                let from_store = shared || tiered;
                each.add(behind_always, if from_store { &setup.remote } else { &setup.local });
            }
            Source::Disk => each.add(1.0, &setup.local),
            Source::Store => each.add(1.0, &setup.remote),
        }
        each
    }

    /// Whether it stays with what it reads from until the hour is over.
    fn stays(&self, now: f64) -> bool {
        self.turns == (now.floor(), TURNS)
    }

    /// Changes over, unless it did so too often.
    fn turn(&mut self, to: Source, now: f64) {
        if to == self.source || (self.backlog > 0.0 && self.stays(now)) {
            return;
        }
        let hour = now.floor();
        let before = if self.turns.0 == hour { self.turns.1 } else { 0 };
        self.turns = (hour, (before + 1).min(TURNS));
        self.source = to;
    }

    fn is_down(&self) -> bool {
        self.away > 0
    }

    /// Share of what it reads that comes from behind the caches.
    fn behind(&self, behind_always: f64) -> f64 {
        if self.source == Source::Cache { behind_always } else { 1.0 }
    }

    /// It reads what comes in as it comes in: nothing about it changes over the step.
    fn keeps_up(&self, new: f64) -> bool {
        self.backlog == 0.0 && self.fetched == new
    }
}

/// A read of history.
struct Job {
    event: Option<usize>,
    stream: usize,
    name: String,
    local: f64,
    remote: f64,
    rate: f64,
    due: f64,
    /// What last kept it from its rate.
    held_by: String,
    // Of the step.
    wanted: f64,
    fetched: f64,
}

/// What happens when a copy is done.
#[derive(Clone, Copy, PartialEq)]
enum Purpose {
    /// Brokers that are empty serve when they have their replicas.
    Rebuild {
        event: usize,
        zone: bool,
        brokers: f64,
    },
    Mirror {
        each: Amounts,
        rate: f64,
    },
    Grow {
        brokers: f64,
    },
    Shrink {
        brokers: f64,
    },
}

/// Replicas on their way from broker to broker.
struct Copy {
    event: Option<usize>,
    purpose: Purpose,
    left: f64,
    total: f64,
    targets: f64,
    throttle: Option<f64>,
    rate: f64,
}

/// Credits for more than the baseline.
struct Credits {
    /// Times the baseline.
    burst: f64,
    /// Hours at the burst rate that are left.
    left: f64,
    full: f64,
    /// None were left, and they are not full again yet: with a few of them nobody gets far.
    spent: bool,
}

impl Credits {
    fn factor(&self) -> f64 {
        if self.spent { 1.0 } else { self.burst }
    }

    /// Change an hour at a utilization of the burst rate.
    fn slope(&self, utilization: f64) -> f64 {
        if self.burst <= 1.0 {
            return 0.0;
        }
        let of_baseline = utilization * self.factor();
        if of_baseline > 1.0 {
            if self.spent { 0.0 } else { -((of_baseline - 1.0) / (self.burst - 1.0)).at_most(1.0) }
        } else if self.left < self.full {
            self.full / RECHARGE
        } else {
            0.0
        }
    }
}

/// What is known of an event while it runs.
#[derive(Clone, Default)]
struct Progress {
    began: Option<f64>,
    over: Option<f64>,
    facts: Vec<Fact>,
    readers: Vec<usize>,
    busiest: f64,
    bottleneck: Option<Resource>,
    lag: f64,
    held: f64,
    lost: f64,
    /// Brokers that it took away, what their replicas missed, and the share of partitions that it leaves short.
    away: f64,
    missed: f64,
    short: f64,
    refused: f64,
    wait: f64,
    freshness: f64,
    waiting: usize,
    /// As far as its plan goes; it is over when nobody is behind any more.
    ended: bool,
}

pub(super) struct Engine<'a> {
    run: &'a Run<'a>,
    shared: bool,
    months: Vec<Month>,
    setups: Vec<Setup>,
    schedule: Schedule,
    next: usize,
    /// What was put off while running.
    pending: Vec<(f64, Action)>,
    month: usize,
    now: f64,
    end: f64,
    /// Whether the last week has begun.
    last_week: bool,
    hourly: bool,

    streams: Vec<Stream>,
    readers: Vec<Reader>,
    jobs: Vec<Job>,
    copies: Vec<Copy>,
    planned: f64,
    paid: f64,
    serving: f64,
    lost: f64,
    /// Brokers that are back without what they held.
    empty: f64,
    /// Brokers that events have added to what the plan has, or taken out.
    added: f64,
    /// Those of them that hold their share of what is kept.
    holding: f64,
    dark: f64,
    alive: bool,
    /// Whether all readers keep up in this step, so that there is nothing to say of any of them.
    calm: bool,
    /// Share of the brokers' disks that is full, and whether that is all of it.
    fill: f64,
    full: bool,
    /// What full disks take until brokers next look for what has expired, in bytes an hour; and when that is.
    takes: f64,
    check: f64,
    network: Credits,
    disk: Credits,

    /// The month and the place in the schedule at which a leap was found to be none.
    doubted: Option<(usize, usize)>,

    // Memory of requests by quarter of an hour of the week.
    requests: Vec<Option<Vec<RequestRate>>>,
    // Until when the streams under it are alike.
    requests_alike: f64,
    scratch: Load,

    totals: Vec<MonthTotals>,
    samples: Vec<Sample>,
    last: Sample,
    peaks: Sample,
    incidents: Vec<Incident>,
    progress: Vec<Progress>,
    watch_lag: Vec<Watch>,
    /// Whether none of them has anything to say.
    idle: bool,
    watch_freshness: Option<Watch>,
    watch_saturated: Watch,
    watch_dark: Watch,
    watch_full: Watch,
    /// The hour that it is in, and how many steps it has taken in it.
    hour: (f64, u32),
    crowding: Crowding,
    unavailable: f64,
    alive_hours: f64,
    before: f64,
    steps: usize,
}

impl<'a> Engine<'a> {
    pub(super) fn new(run: &'a Run<'a>) -> Self {
        let design = run.design;
        let months = run.months();
        let shared = !design.replicates();
        let curves: Vec<Curve> = run
            .workload
            .streams
            .iter()
            .map(|stream| Curve::new(stream, &months, run.week_start, run.full))
            .collect();
        let mut setups: Vec<Setup> =
            run.fleets.iter().map(|fleet| setup(design, run.machine, run.disk, fleet)).collect();
        // Volumes grow; they shrink only with the brokers that they belong to.
        for index in 1..setups.len() {
            if run.fleets[index].brokers >= run.fleets[index - 1].brokers {
                setups[index].disk = setups[index].disk.at_least(setups[index - 1].disk);
            }
        }
        let readers = tail_readers(run);
        let named: Vec<(usize, usize)> = readers.iter().map(|(ids, _)| *ids).collect();
        let schedule =
            schedule::schedule(run.workload, &curves, &months, run.events, &named, run.course);
        let first = &setups[0];
        let streams: Vec<Stream> = run
            .workload
            .streams
            .iter()
            .zip(&curves)
            .zip(&first.streams)
            .map(|((stream, curve), setup)| {
                let log = Log::new(curve.clone());
                let window = |age: f64| Window::new(&log, age);
                let deleted = matches!(stream.cleanup, Cleanup::Delete);
                Stream {
                    total: deleted.then(|| window(stream.retention.as_hours())),
                    local: setup.local.map(|kept| window(kept.age(stream.retention.as_hours()))),
                    open: setup.tiered.then(|| window(setup.open)),
                    log,
                    offline: 0.0,
                    hoarding: 0.0,
                    extra: 0.0,
                    sending: 0.0,
                    held: 0.0,
                    refused: 0.0,
                    sent: Differences::default(),
                    oldest: None,
                    pending: 0.0,
                    highest: 0.0,
                    fan_out: 0.0,
                    slowest: f64::INFINITY,
                    offered: 0.0,
                    accepted: 0.0,
                    uploaded: 0.0,
                    wanted: 0.0,
                }
            })
            .collect();
        let burst = |index: usize| {
            let full = design.settings.burst_credits.as_hours();
            let burst = first.burst.0[index] / first.broker.0[index];
            Credits { burst: if burst > 1.0 { burst } else { 1.0 }, left: full, full, spent: false }
        };
        let (network, disk) = (burst(IN), burst(DISK));
        let brokers = f64::from(run.fleets[0].brokers);
        let before = streams.iter().filter_map(|s| s.total.as_ref()).map(Window::before).sum();
        let watch_lag = readers
            .iter()
            .map(|(_, reader)| Watch::new(Matter::Lag, reader.name.clone(), reader.budget))
            .collect();
        let totals = months.iter().map(|month| MonthTotals::empty(*month, streams.len())).collect();
        let mut engine = Self {
            run,
            shared,
            end: months.last().map_or(0.0, |month| month.end().as_hours()),
            hourly: curves.iter().any(|curve| !curve.is_flat()),
            scratch: run.fleets[0].load.clone(),
            requests: vec![None; QUARTERS],
            requests_alike: 0.0,
            setups,
            schedule,
            next: 0,
            pending: Vec::new(),
            month: 0,
            now: 0.0,
            last_week: false,
            months,
            streams,
            readers: readers.into_iter().map(|(_, reader)| reader).collect(),
            jobs: Vec::new(),
            copies: Vec::new(),
            planned: brokers,
            paid: brokers,
            serving: brokers,
            lost: 0.0,
            empty: 0.0,
            added: 0.0,
            holding: 0.0,
            dark: 0.0,
            alive: true,
            calm: false,
            fill: 0.0,
            full: false,
            takes: f64::INFINITY,
            check: 0.0,
            network,
            disk,
            doubted: None,
            totals,
            samples: Vec::new(),
            last: Sample::default(),
            peaks: Sample::default(),
            incidents: Vec::new(),
            progress: vec![Progress::default(); run.events.len()],
            watch_lag,
            idle: false,
            watch_freshness: run
                .freshness
                .map(|limit| Watch::new(Matter::Freshness, String::new(), Some(limit.as_hours()))),
            watch_saturated: Watch::new(Matter::Saturated, String::new(), Some(1.0 + 1e-9)),
            watch_dark: Watch::new(Matter::Unavailable, String::new(), None),
            watch_full: Watch::new(Matter::DiskFull, String::new(), Some(1.0 - 1e-9)),
            hour: (0.0, 0),
            crowding: Crowding::default(),
            unavailable: 0.0,
            alive_hours: 0.0,
            before,
            steps: 0,
        };
        for reader in &engine.readers {
            let stream = &mut engine.streams[reader.stream];
            stream.fan_out += reader.share;
            stream.slowest = stream.slowest.at_most(reader.capacity);
        }
        engine.start_month(0);
        if engine.run.fleets[0].hourly.is_some() {
            engine.settle_in();
        }
        engine
    }

    pub(super) fn run(mut self) -> Simulation {
        while self.now < self.end {
            self.act();
            self.leap();
            let mut served = self.serve();
            let to = self.until(&served);
            self.no_more_than_there_is(to - self.now, &mut served);
            self.step(to, &served);
        }
        self.finish()
    }

    fn setup(&self) -> &Setup {
        &self.setups[self.month]
    }

    /// Bytes on brokers, all copies.
    fn on_brokers(&self) -> f64 {
        let setup = self.setup();
        let one_copy: f64 = self
            .streams
            .iter()
            .zip(&setup.streams)
            .map(|(one, of)| {
                let window = one.local.as_ref().map_or(0.0, |local| local.held(&one.log));
                // What is not uploaded stays, however old it is.
                let window = window.at_least(one.pending);
                let compacted = compacted(of, &one.log, self.now);
                window + compacted.filter(|_| !self.shared).unwrap_or(0.0)
            })
            .sum();
        one_copy * setup.copies
    }

    /// Disk of all brokers that hold replicas, in bytes: those that events added have as much as the others.
    fn disks(&self) -> f64 {
        let planned = f64::from(self.run.fleets[self.month].brokers.max(1));
        self.setup().disk * (1.0 + self.holding / planned).at_least(0.0)
    }

    /// Brokers look for what has expired: full disks take that until the next look, and what there is room for.
    fn look_for_expired(&mut self) {
        let every = self.run.design.settings.retention_check.as_hours();
        let next = ((self.now / every).floor() + 1.0) * every;
        // A moment just short of a look by a rounding error is the look.
        self.check = if next - self.now > SHORTEST { next } else { next + every };
        let setup = self.setup();
        let expiring: f64 = self
            .streams
            .iter()
            .zip(&setup.streams)
            .filter(|(_, of)| of.compacted.is_none())
            .filter_map(|(one, _)| Some(one.local.as_ref()?.expiring(&one.log, self.check)))
            .sum();
        let room = (1.0 - self.fill) * self.disks() / setup.copies;
        self.takes = ((expiring + room) / (self.check - self.now)).at_least(0.0);
    }

    /// What one cluster has with so many brokers, credits included.
    fn capacity(&self) -> Amounts {
        let mut capacity = self.setup().broker;
        for index in [IN, OUT] {
            capacity.0[index] *= self.network.factor();
        }
        capacity.0[DISK] *= self.disk.factor();
        for each in &mut capacity.0 {
            *each *= self.serving.at_least(0.0);
            if each.is_nan() {
                *each = f64::INFINITY;
            }
        }
        capacity
    }
}

/// Time until so much is gone at a rate; never where it does not shrink.
fn empties(amount: f64, rate: f64) -> f64 {
    if rate > 0.0 { (amount / rate).at_least(SHORTEST) } else { f64::INFINITY }
}

/// How far a reader may be behind and still find everything on brokers; endless where nothing is elsewhere.
fn on_brokers(reader: &Reader, stream: &Stream, setup: &Setup) -> f64 {
    match &stream.local {
        Some(local) if setup.streams[reader.stream].tiered => {
            local.held(&stream.log).at_least(stream.pending) * reader.share
        }
        _ => f64::INFINITY,
    }
}

/// Records expired before a reader got to them.
fn lost(name: &str, (since, bytes): (f64, f64), to: Option<f64>) -> Incident {
    Incident {
        matter: Matter::Lost,
        subject: name.to_owned(),
        from: Hours::new(since),
        to: to.map(Hours::new),
        worst: bytes,
        limit: None,
        why: "records expired before the group got to them".to_owned(),
    }
}

/// Why a reader is behind.
fn why(reader: &Reader, sample: &Sample, full: bool) -> String {
    if reader.is_down() {
        return "the group is down".to_owned();
    }
    if sample.busiest > 1.0 {
        return saturation(sample, full, 0.0);
    }
    "the group reads as fast as it can".to_owned()
}

/// Why producers wait.
fn saturation(sample: &Sample, full: bool, dark: f64) -> String {
    match sample.bottleneck {
        _ if sample.serving <= 0.0 => "no broker is left".to_owned(),
        _ if full => "the brokers' disks are full".to_owned(),
        _ if dark > 0.0 => DARK.to_owned(),
        Some(resource) if sample.busiest > 1.0 => bound_by(resource),
        _ if sample.refused > 0.0 => "producers send again what was refused".to_owned(),
        _ => "writes take that long".to_owned(),
    }
}

/// What is kept of a stream whose log is compacted: nothing before it starts, and all of it from then on.
fn compacted(of: &StreamSetup, log: &Log, now: f64) -> Option<f64> {
    of.compacted.map(|size| if now < log.curve().begins() { 0.0 } else { size })
}

fn add_requests(sum: &mut Vec<RequestRate>, rates: &[RequestRate], span: f64) {
    for rate in rates {
        let count = rate.per_sec.per_sec() * span;
        let known = sum.iter_mut().find(|one| one.cause == rate.cause && one.class == rate.class);
        match known {
            Some(one) => one.per_sec = Frequency::new(one.per_sec.per_sec() + count),
            None => sum.push(RequestRate { per_sec: Frequency::new(count), ..*rate }),
        }
    }
}

/// Readers at the end of the log: where they stand in the workload, and what they are at the start.
fn tail_readers(run: &Run) -> Vec<((usize, usize), Reader)> {
    let mut list = Vec::new();
    for (stream, of) in run.workload.streams.iter().enumerate() {
        for (index, reader) in of.readers.iter().enumerate() {
            let ReaderKind::Tail { lag_budget } = reader.kind else { continue };
            list.push((
                (stream, index),
                Reader {
                    stream,
                    share: reader.share,
                    capacity: reader.capacity,
                    budget: lag_budget.map(Hours::as_hours),
                    name: format!("{} of {}", reader.group, of.name),
                    away: 0,
                    backlog: 0.0,
                    losing: None,
                    back: 0.0,
                    week_ago: 0.0,
                    room: f64::INFINITY,
                    source: Source::Cache,
                    turns: (0.0, 0),
                    cache: 0.0,
                    place: None,
                    lag: 0.0,
                    wanted: 0.0,
                    fetched: 0.0,
                },
            ));
        }
    }
    list
}

fn outcome(event: &crate::events::Event, progress: Progress) -> Outcome {
    let mut facts = progress.facts;
    let began = progress.began.is_some();
    if began {
        // Of a cluster of which nothing is left there is no share.
        if progress.busiest < MOST {
            let value = Figure::Share(progress.busiest);
            facts.push(Fact { name: "highest utilization", value });
        }
        if progress.held > 0.0 {
            facts.push(Fact { name: "held back at the edge", value: Figure::Bytes(progress.held) });
        }
        if progress.lost > 0.0 {
            facts.push(Fact { name: "lost at the edge", value: Figure::Bytes(progress.lost) });
        }
        if progress.refused > 1.0 {
            facts
                .push(Fact { name: "refused for a while", value: Figure::Bytes(progress.refused) });
        }
        if progress.lag > 0.0 {
            facts.push(Fact { name: "longest lag", value: Figure::Hours(progress.lag) });
        }
    }
    let finished = progress.over.filter(|_| progress.waiting == 0);
    if began && finished.is_none() {
        facts.push(Fact { name: "over", value: Figure::Never });
    }
    Outcome {
        name: event.name.clone(),
        kind: event.kind,
        from: event.at,
        to: finished.map(Hours::new),
        facts,
        busiest: progress.busiest,
        bottleneck: progress.bottleneck,
        lag: progress.lag,
        wait: progress.wait,
        freshness: progress.freshness,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_that_is_crowded_all_the_time_has_an_end() {
        let mut crowding = Crowding::default();
        let mut steps_of_hour = || {
            let (mut steps, mut hour) = (0, 0.0);
            while hour < 1.0 {
                steps += 1;
                hour += crowding.shortest(steps);
            }
            steps
        };
        let hours: Vec<u32> = (0..744).map(|_| steps_of_hour()).collect();
        // Five thousand steps of next to nothing, one of a second, then of two.
        assert_eq!(hours[0], CROWDED + 1 + 1800);
        assert_eq!(hours[1], CROWDED / 2 + 1 + 900);
        // In the end 78 that are next to nothing, and an hour of 64 seconds each.
        assert_eq!(hours[743], (CROWDED >> CROWDED_MAX) + 57);
        assert!(hours.iter().sum::<u32>() < 120_000, "{}", hours.iter().sum::<u32>());
    }

    #[test]
    fn an_hour_that_is_not_crowded_is_exact() {
        let mut crowding = Crowding::default();
        assert!((1..=CROWDED).all(|steps| crowding.shortest(steps) == SHORTEST));
    }
}
