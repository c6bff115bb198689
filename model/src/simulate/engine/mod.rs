//! State and steps: what everyone wants, what they get, when that changes, and what it adds up to.

mod actions;
mod finish;
mod serve;

use self::serve::Served;
use super::curve::Curve;
use super::findings::{Fact, Figure, Incident, Matter, Outcome, Watch, bound_by};
use super::log::{Cursor, Differences, Log, Window};
use super::schedule::{self, Action, Schedule};
use super::setup::{Setup, setup};
use super::share::{Amounts, CPU, DISK, IN, OUT, RESOURCES};
use super::{MonthTotals, Run, Sample, Simulation, StreamTotals};
use crate::costs::{self, RequestRate};
use crate::design::Architecture;
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

/// An hour with more steps than this is taken in steps of a second, so that no run is endless.
const CROWDED: u32 = 5000;

/// A second.
const ROUGHLY: f64 = 1.0 / 3600.0;

/// The shortest step, in hours: far below anything that a scenario can say.
const SHORTEST: f64 = 1e-9;

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

/// A reader at the end of the log.
struct Reader {
    stream: usize,
    share: f64,
    capacity: f64,
    budget: Option<f64>,
    name: String,
    down: bool,
    backlog: f64,
    lost: f64,
    lost_since: Option<f64>,
    /// What it may fall behind further before records expire unread, at the start of the step.
    room: f64,
    behind: bool,
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
    // Of the step.
    fetched: f64,
}

/// What happens when a copy is done.
#[derive(Clone, Copy, PartialEq)]
enum Purpose {
    Rebuild { event: usize, zone: bool },
    Mirror { each: Amounts, rate: f64 },
    Grow { brokers: f64 },
    Shrink { brokers: f64 },
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
}

impl Credits {
    fn factor(&self) -> f64 {
        if self.left > 0.0 { self.burst } else { 1.0 }
    }

    /// Change an hour at a utilization of the burst rate.
    fn slope(&self, utilization: f64) -> f64 {
        if self.burst <= 1.0 {
            return 0.0;
        }
        let of_baseline = utilization * self.factor();
        if of_baseline > 1.0 {
            -((of_baseline - 1.0) / (self.burst - 1.0)).min(1.0)
        } else if self.left < self.full {
            // Full again after a day.
            self.full / 24.0
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
    hourly: bool,

    streams: Vec<Stream>,
    readers: Vec<Reader>,
    jobs: Vec<Job>,
    copies: Vec<Copy>,
    planned: f64,
    paid: f64,
    serving: f64,
    lost: f64,
    /// Brokers that events have added to what the plan has, or taken out.
    added: f64,
    dark: f64,
    alive: bool,
    /// Whether all readers keep up in this step, so that there is nothing to say of any of them.
    calm: bool,
    /// Share of the brokers' disks that is full, and whether that is all of it.
    fill: f64,
    full: bool,
    network: Credits,
    disk: Credits,

    // Memory of requests by quarter of an hour of the week.
    requests: Vec<Option<Vec<RequestRate>>>,
    scratch: Load,

    totals: Vec<MonthTotals>,
    samples: Vec<Sample>,
    peaks: Sample,
    incidents: Vec<Incident>,
    progress: Vec<Progress>,
    watch_lag: Vec<Watch>,
    watch_freshness: Option<Watch>,
    watch_saturated: Watch,
    watch_dark: Watch,
    watch_full: Watch,
    /// The hour that it is in, and how many steps it has taken in it.
    hour: (f64, u32),
    unavailable: f64,
    alive_hours: f64,
    before: f64,
    steps: usize,
}

impl<'a> Engine<'a> {
    pub(super) fn new(run: &'a Run<'a>) -> Self {
        let design = run.design;
        let months = run.months();
        let shared = design.architecture() == Architecture::SharedStorage;
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
                setups[index].disk = setups[index].disk.max(setups[index - 1].disk);
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
            Credits { burst: if burst > 1.0 { burst } else { 1.0 }, left: full, full }
        };
        let (network, disk) = (burst(IN), burst(DISK));
        let brokers = f64::from(run.fleets[0].brokers);
        let before = streams.iter().filter_map(|s| s.total.as_ref()).map(Window::before).sum();
        let watch_lag = readers
            .iter()
            .map(|(_, reader)| Watch::new(Matter::Lag, reader.name.clone(), reader.budget))
            .collect();
        let totals = months.iter().map(|month| empty(*month, streams.len())).collect();
        let mut engine = Self {
            run,
            shared,
            end: months.last().map_or(0.0, |month| month.end().as_hours()),
            hourly: curves.iter().any(|curve| !curve.is_flat()),
            scratch: run.fleets[0].load.clone(),
            requests: vec![None; QUARTERS],
            setups,
            schedule,
            next: 0,
            pending: Vec::new(),
            month: 0,
            now: 0.0,
            months,
            streams,
            readers: readers.into_iter().map(|(_, reader)| reader).collect(),
            jobs: Vec::new(),
            copies: Vec::new(),
            planned: brokers,
            paid: brokers,
            serving: brokers,
            lost: 0.0,
            added: 0.0,
            dark: 0.0,
            alive: true,
            calm: false,
            fill: 0.0,
            full: false,
            network,
            disk,
            totals,
            samples: Vec::new(),
            peaks: Sample::default(),
            incidents: Vec::new(),
            progress: vec![Progress::default(); run.events.len()],
            watch_lag,
            watch_freshness: run
                .freshness
                .map(|limit| Watch::new(Matter::Freshness, String::new(), Some(limit.as_hours()))),
            watch_saturated: Watch::new(Matter::Saturated, String::new(), Some(1.0 + 1e-9)),
            watch_dark: Watch::new(Matter::Unavailable, String::new(), None),
            watch_full: Watch::new(Matter::DiskFull, String::new(), Some(1.0 - 1e-9)),
            hour: (0.0, 0),
            unavailable: 0.0,
            alive_hours: 0.0,
            before,
            steps: 0,
        };
        for reader in &engine.readers {
            let stream = &mut engine.streams[reader.stream];
            stream.fan_out += reader.share;
            stream.slowest = stream.slowest.min(reader.capacity);
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
            let served = self.serve();
            let to = self.until(&served);
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
                let window = window.max(one.pending);
                window + of.compacted.filter(|_| !self.shared).unwrap_or(0.0)
            })
            .sum();
        one_copy * setup.copies
    }

    /// What one cluster has with so many brokers, credits included.
    fn capacity(&self) -> Amounts {
        let mut capacity = self.setup().broker;
        for index in [IN, OUT] {
            capacity.0[index] *= self.network.factor();
        }
        capacity.0[DISK] *= self.disk.factor();
        for each in &mut capacity.0 {
            *each *= self.serving.max(0.0);
            if each.is_nan() {
                *each = f64::INFINITY;
            }
        }
        capacity
    }

    /// Until when all rates hold.
    fn until(&mut self, served: &Served) -> f64 {
        let now = self.now;
        let mut to = self.end;
        if let Some((at, _)) = self.schedule.get(self.next) {
            to = to.min(*at);
        }
        for (at, _) in &self.pending {
            to = to.min(*at);
        }
        to = to.min(self.disk_full());
        for stream in &self.streams {
            if stream.log.until() < to {
                to = stream.log.until();
            }
            if stream.refused > 0.0 && self.alive {
                to = to.min(now + empties(stream.refused, stream.accepted - stream.offered));
                if let Some(oldest) = &stream.oldest {
                    let ahead = stream.log.to_send(&stream.sent, oldest);
                    to = to.min(now + empties(ahead, stream.accepted));
                }
            }
            if stream.pending > 0.0 {
                to = to.min(now + empties(stream.pending, stream.uploaded - stream.accepted));
            }
        }
        for reader in self.readers.iter().filter(|_| !self.calm) {
            let new = reader.share * self.streams[reader.stream].accepted;
            let slope = new - reader.fetched;
            if reader.backlog > 0.0 {
                to = to.min(now + empties(reader.backlog, -slope));
                // Where the rate changed that records came in at, the lag turns.
                if let Some(place) = &reader.place {
                    let ahead = self.streams[reader.stream].log.ahead(place) * reader.share;
                    to = to.min(now + empties(ahead, reader.fetched));
                }
            }
            if reader.keeps_up(new) {
                continue;
            }
            let edge = reader.cache * self.serving;
            let distance = edge - reader.backlog;
            // Where caches end, readers change over to disks.
            if edge > 0.0 && slope != 0.0 && distance / slope > 0.0 && edge.is_finite() {
                to = to.min(now + (distance / slope).max(SHORTEST));
            }
        }
        for job in &self.jobs {
            let left = if job.remote > 0.0 { job.remote } else { job.local };
            to = to.min(now + empties(left, job.fetched));
        }
        for copy in &self.copies {
            to = to.min(now + empties(copy.left, copy.rate));
        }
        for (credits, share) in [
            (&self.network, served.utilization(IN).max(served.utilization(OUT))),
            (&self.disk, served.utilization(DISK)),
        ] {
            let slope = credits.slope(share);
            if slope < 0.0 && credits.left > 0.0 {
                to = to.min(now + credits.left / -slope);
            } else if slope > 0.0 {
                to = to.min(now + ((credits.full - credits.left) / slope).max(SHORTEST));
            }
        }
        if self.hourly {
            to = to.min(now + 24.0);
        }
        // Whatever happens, an hour has an end.
        let hour = libm::floor(now);
        if hour != self.hour.0 {
            self.hour = (hour, 0);
        }
        self.hour.1 += 1;
        let shortest = if self.hour.1 > CROWDED { ROUGHLY } else { SHORTEST };
        // Rates that are not ours to choose change when they do.
        let mut given = self.end;
        if let Some((at, _)) = self.schedule.get(self.next) {
            given = given.min(*at);
        }
        for stream in &self.streams {
            given = given.min(stream.log.until());
        }
        to.max(now + shortest).min(given.max(now + SHORTEST))
    }

    /// When disks fill at the rates of now; where that is near, or rates seldom change, no later than what expires does.
    fn disk_full(&self) -> f64 {
        let setup = self.setup();
        if self.shared || !setup.disk.is_finite() {
            return f64::INFINITY;
        }
        let (mut slope, mut next) = (0.0, f64::INFINITY);
        for (stream, of) in self.streams.iter().zip(&setup.streams) {
            let Some(local) = stream.local.as_ref().filter(|_| of.compacted.is_none()) else {
                continue;
            };
            slope += (stream.accepted - local.releasing(&stream.log, self.now)) * setup.copies;
            let changes = local.until(&stream.log, self.now);
            if changes > self.now + SHORTEST {
                next = next.min(changes);
            }
        }
        let left = (1.0 - self.fill) * setup.disk / slope;
        let filling = slope > 0.0 && !self.full;
        let near = self.full || (filling && left < NEAR) || !self.hourly;
        let full = if filling { self.now + left.max(SHORTEST) } else { f64::INFINITY };
        if near { next.min(full) } else { full }
    }

    fn step(&mut self, to: f64, served: &Served) {
        let (from, span) = (self.now, to - self.now);
        self.steps += 1;
        let mut sample = self.rates(from, to, served);
        for reader in self.readers.iter_mut().filter(|_| !self.calm) {
            let stream = &self.streams[reader.stream];
            let held = stream.total.as_ref().map_or(f64::INFINITY, |total| total.held(&stream.log));
            reader.room = held * reader.share - reader.backlog;
        }
        let refused_before = self.streams.iter().map(|one| one.refused).sum();
        let edge_before = self.streams.iter().map(|one| one.refused + one.held).sum();
        self.count_requests(from, span);
        self.move_logs(from, to, &mut sample);
        if self.alive {
            self.move_readers(span);
            self.move_jobs(span, to);
        }
        if self.lost > 0.0 && self.planned > 0.0 && !self.shared {
            // What the replicas that are away do not get, where others write it.
            let copies = self.setup().copies;
            let written = if copies > 1.0 { served.produce * span * copies } else { 0.0 };
            for progress in self.progress.iter_mut().filter(|one| one.away > 0.0) {
                progress.missed += written * (progress.away / self.planned).min(1.0);
            }
        }
        let shares =
            [served.utilization(IN).max(served.utilization(OUT)), served.utilization(DISK)];
        for (credits, share) in [&mut self.network, &mut self.disk].into_iter().zip(shares) {
            let left = credits.left + credits.slope(share) * span;
            credits.left = if left < 1e-9 { 0.0 } else { left.min(credits.full) };
        }
        self.unavailable += span * if self.alive { self.dark.min(1.0) } else { 0.0 };
        let alive = if self.alive { span } else { 0.0 };
        self.alive_hours += alive;
        let total = &mut self.totals[self.month];
        total.alive_hours += alive;
        total.broker_hours += self.paid * alive;
        total.local_peak = total.local_peak.max(sample.local);
        self.now = to;
        self.move_copies(span);
        self.levels(&mut sample);
        if !self.alive {
            // Levels of what is elsewhere are not this platform's.
            (sample.local, sample.remote, sample.pending, sample.kept) = (0.0, 0.0, 0.0, 0.0);
        }
        self.watch(&sample, refused_before);
        self.note(&sample);
        self.keep(sample, edge_before);
    }

    fn rates(&self, from: f64, to: f64, served: &Served) -> Sample {
        Sample {
            from,
            to,
            offered: served.offered,
            produce: served.produce,
            tail: served.tail,
            behind: served.behind,
            replay: served.replay,
            copy: served.copy,
            network: served.utilization(IN).max(served.utilization(OUT)),
            disk: served.utilization(DISK),
            cpu: served.utilization(CPU),
            busiest: served.busiest,
            bottleneck: (served.busiest > 0.0).then(|| RESOURCES[served.bottleneck]),
            needed: served.needed.0,
            needed_of: (served.needed.0 > 0.0).then(|| RESOURCES[served.needed.1]),
            serving: if self.alive { self.serving } else { 0.0 },
            paid: if self.alive { self.paid } else { 0.0 },
            ..Sample::default()
        }
    }

    /// Accepts, expires, and adds up what is kept over the step.
    fn move_logs(&mut self, from: f64, to: f64, sample: &mut Sample) {
        let span = to - from;
        let setup = &self.setups[self.month];
        let total = &mut self.totals[self.month];
        let copies = setup.copies;
        // What is left when the platform goes is deleted.
        let alive = if self.alive { 1.0 } else { 0.0 };
        for (index, stream) in self.streams.iter_mut().enumerate() {
            let of = &setup.streams[index];
            let base = stream.log.offered();
            let hoarded = base * stream.hoarding.clamp(0.0, 1.0) * span;
            let accepted = stream.log.accept(from, to, stream.accepted);
            total.streams[index].produce += stream.accepted * span * alive;
            let held = |window: &mut Window, log: &Log| {
                let area = window.before() * span + accepted - window.advance(log, from, to);
                (window.held(log), area.max(0.0))
            };
            let mut kept = (0.0, 0.0);
            if let Some(window) = &mut stream.total {
                kept = held(window, &stream.log);
                sample.expired += window.released();
            }
            sample.accepted += stream.log.accepted();
            sample.kept += kept.0;
            let mut local = (0.0, 0.0);
            if let Some(window) = &mut stream.local {
                local = held(window, &stream.log);
            }
            let mut open = (0.0, 0.0);
            if let Some(window) = &mut stream.open {
                open = held(window, &stream.log);
            }
            let pending_before = stream.pending;
            if of.tiered {
                let pending = stream.pending + (stream.accepted - stream.uploaded) * span;
                stream.pending = if pending < stream.highest * NOTHING { 0.0 } else { pending };
            }
            let pending = (pending_before + stream.pending) / 2.0 * span;
            if self.shared {
                let bytes = of.compacted.map_or(kept, |size| (size, size * span));
                sample.remote += bytes.0;
                total.remote += bytes.1 * alive;
            } else {
                if let Some(size) = of.compacted {
                    local = (size, size * span);
                }
                let on_brokers = (local.0.max(stream.pending), local.1.max(pending));
                sample.local += on_brokers.0 * copies;
                total.local += on_brokers.1 * copies * alive;
                if of.tiered {
                    sample.remote += (kept.0 - open.0 - stream.pending).max(0.0);
                    total.remote += (kept.1 - open.1 - pending).max(0.0) * alive;
                }
            }
            sample.pending += stream.pending + if of.tiered { open.0 } else { 0.0 };
            // What was refused waits at the edge.
            let refused = stream.refused + (stream.offered - stream.accepted) * span;
            let difference = stream.offered - base;
            if difference.abs() > base.abs() * 1e-12 {
                stream.sent.note(from, to, difference);
            }
            if stream.refused == 0.0 && refused > 0.0 {
                stream.oldest = Some(stream.log.sent(&stream.sent, from));
            }
            if let Some(oldest) = &mut stream.oldest {
                stream.log.send(&stream.sent, oldest, stream.accepted * span, to);
            }
            stream.refused = if refused < stream.highest * NOTHING { 0.0 } else { refused };
            if stream.refused == 0.0 {
                stream.oldest = None;
            }
            sample.refused += stream.refused;
            stream.held += hoarded;
            stream.held = (stream.held - stream.extra * span).max(0.0);
            sample.edge += stream.refused + stream.held;
        }
        if self.shared && self.serving > 0.0 {
            let interval = self.run.design.settings.upload_interval.as_hours();
            sample.pending = (sample.produce * interval).min(setup.upload * self.serving);
        }
    }

    fn move_readers(&mut self, span: f64) {
        let month = self.month;
        let behind_always = self.run.design.settings.catch_up_share;
        if self.calm {
            for (stream, totals) in self.streams.iter().zip(&mut self.totals[month].streams) {
                let fetched = stream.accepted * stream.fan_out * span;
                totals.tail += fetched;
                totals.behind += fetched * behind_always;
            }
            return;
        }
        for reader in &mut self.readers {
            let stream = &self.streams[reader.stream];
            let new = reader.share * stream.accepted;
            let totals = &mut self.totals[month].streams[reader.stream];
            totals.tail += reader.fetched * span;
            totals.behind +=
                reader.fetched * span * if reader.behind { 1.0 } else { behind_always };
            if reader.keeps_up(new) {
                continue;
            }
            let to = self.now + span;
            let place = reader.place.get_or_insert_with(|| stream.log.cursor(self.now));
            if reader.share > 0.0 {
                stream.log.read(place, reader.fetched * span / reader.share, to);
            }
            let backlog = reader.backlog + (new - reader.fetched) * span;
            let least = (reader.share * stream.highest).max(1.0) * NOTHING;
            reader.backlog = if backlog < least { 0.0 } else { backlog };
            // Records that expire before they are read are lost to the reader.
            if let Some(total) = &stream.total
                && reader.backlog > 0.0
            {
                let most = total.held(&stream.log) * reader.share;
                if reader.backlog > most + least {
                    let excess = reader.backlog - most;
                    let before = span * reader.room.max(0.0) / (reader.room.max(0.0) + excess);
                    reader.lost += excess;
                    reader.lost_since.get_or_insert(self.now + before);
                    reader.backlog = most;
                    reader.place = Some(stream.log.cursor(to - total.age()));
                }
            }
            if reader.backlog == 0.0 {
                reader.place = None;
            }
            reader.behind = reader.backlog > reader.cache * self.serving;
        }
    }

    fn move_jobs(&mut self, span: f64, now: f64) {
        for job in &mut self.jobs {
            let totals = &mut self.totals[self.month].streams[job.stream];
            let bytes = job.fetched * span;
            let left = if job.remote > 0.0 {
                totals.replay_remote += bytes;
                &mut job.remote
            } else {
                totals.replay_local += bytes;
                &mut job.local
            };
            *left -= bytes;
            if *left < job.rate * NOTHING {
                *left = 0.0;
            }
        }
        let mut jobs = std::mem::take(&mut self.jobs);
        jobs.retain(|job| {
            let done = job.local <= 0.0 && job.remote <= 0.0;
            if done {
                self.replayed(job, now);
            }
            !done
        });
        self.jobs = jobs;
    }

    fn replayed(&mut self, job: &Job, now: f64) {
        if let Some(event) = job.event {
            let progress = &mut self.progress[event];
            progress.waiting -= 1;
            if progress.waiting == 0 {
                progress.over = Some(now);
                let began = progress.began.unwrap_or(now);
                progress.facts.push(Fact { name: "read after", value: Figure::Hours(now - began) });
            }
        }
        if now > job.due + 1e-6 {
            self.late(job, now, Some(now));
        }
    }

    fn late(&mut self, job: &Job, now: f64, to: Option<f64>) {
        let stream = &self.run.workload.streams[job.stream].name;
        let why = self.peaks.bottleneck.map_or_else(String::new, bound_by);
        self.incidents.push(Incident {
            matter: Matter::ReplayLate,
            subject: format!("{} of {stream}", job.name),
            from: Hours::new(job.due),
            to: to.map(Hours::new),
            worst: now - job.due,
            limit: None,
            why,
        });
    }

    fn move_copies(&mut self, span: f64) {
        let mut copies = std::mem::take(&mut self.copies);
        let mut finished = Vec::new();
        copies.retain_mut(|copy| {
            let bytes = (copy.rate * span).min(copy.left);
            copy.left -= bytes;
            let total = &mut self.totals[self.month];
            match copy.purpose {
                Purpose::Rebuild { .. } => total.rebuilt += bytes,
                Purpose::Grow { .. } | Purpose::Shrink { .. } => total.moved += bytes,
                // To this platform it is produced.
                Purpose::Mirror { .. } => {
                    let histories = self.run.course.iter().flat_map(|course| &course.histories);
                    for (stream, history) in total.streams.iter_mut().zip(histories) {
                        stream.produce += bytes * history.base_bytes() / copy.total;
                    }
                }
            }
            let done = copy.left <= copy.total * NOTHING;
            if done {
                finished.push(Copy { left: 0.0, ..*copy });
            }
            !done
        });
        self.copies = copies;
        for copy in finished {
            self.copied(&copy);
        }
    }

    fn levels(&mut self, sample: &mut Sample) {
        let setup = &self.setups[self.month];
        let mut wait: f64 = 0.0;
        let mut worst: f64 = 0.0;
        for stream in self.streams.iter().filter(|stream| stream.refused > 0.0) {
            let oldest = stream.oldest.as_ref().map_or(self.now, Cursor::moment);
            wait = wait.max(self.now - oldest);
        }
        for reader in self.readers.iter_mut().filter(|_| !self.calm) {
            if reader.backlog == 0.0 {
                reader.lag = 0.0;
                continue;
            }
            sample.backlog += reader.backlog;
            let lag = self.now - reader.place.as_ref().map_or(self.now, Cursor::moment);
            reader.lag = lag;
            sample.lag = sample.lag.max(lag);
            // Who has a budget of their own is held to that.
            if reader.budget.is_none() {
                worst = worst.max(lag);
            }
        }
        let moderate = self.run.design.settings.moderate_load;
        // M/M/1 above moderate load; at the limit a queue of a hundred.
        let queue = ((1.0 - moderate) / (1.0 - sample.busiest.min(0.99))).max(1.0);
        sample.latency = setup.latency.p99.as_hours() * queue;
        sample.wait = wait;
        sample.freshness = sample.latency + worst + wait;
        if !self.shared && setup.disk.is_finite() && setup.disk > 0.0 && self.alive {
            sample.fill = sample.local / setup.disk;
        }
        self.filled(sample.fill);
    }

    /// So much of the brokers' disks is full.
    fn filled(&mut self, share: f64) {
        self.fill = share;
        self.full = share >= 1.0 - 1e-9;
    }

    fn watch(&mut self, sample: &Sample, refused_before: f64) {
        let (from, to) = (sample.from, sample.to);
        // Until clients are cut over nobody depends on what is mirrored.
        if !self.alive || self.run.course.is_some_and(|course| to <= course.cut_over.as_hours()) {
            return;
        }
        let list = &mut self.incidents;
        for (watch, reader) in self.watch_lag.iter_mut().zip(&self.readers) {
            if self.calm && watch.is_idle() {
                continue;
            }
            if reader.budget.is_none() || (reader.lag == 0.0 && watch.is_idle()) {
                continue;
            }
            watch.see(from, to, reader.lag, || why(reader, sample), list);
        }
        let slowest = || {
            let behind = self
                .readers
                .iter()
                .filter(|reader| reader.backlog > 0.0 && reader.budget.is_none());
            let slowest = behind.max_by(|one, other| one.lag.total_cmp(&other.lag));
            slowest.map_or_else(|| saturation(sample), |reader| why(reader, sample))
        };
        if let Some(watch) = &mut self.watch_freshness {
            watch.see(from, to, sample.freshness, slowest, list);
        }
        // As long as everything is accepted, nobody waits, however busy brokers are.
        let refusing = sample.produce < sample.offered * (1.0 - 1e-9) && self.dark == 0.0;
        let waiting = refusing || sample.refused > 0.0 || refused_before > 0.0;
        let short = if waiting { sample.busiest.max(1.0 + 1e-6) } else { 0.0 };
        self.watch_saturated.see(from, from, short, || saturation(sample), list);
        let dark = || "leaders move, or too few replicas are left".to_owned();
        self.watch_dark.see(from, from, self.dark, dark, list);
        let full = || {
            "Kafka takes a full log directory offline, and the broker with it; here writes wait for space"
                .to_owned()
        };
        self.watch_full.see(from, to, sample.fill, full, list);
    }

    /// What happens while an event runs belongs to it.
    fn note(&mut self, sample: &Sample) {
        for progress in &mut self.progress {
            let Some(began) = progress.began else { continue };
            let settling = progress.readers.iter().any(|reader| {
                let reader = &self.readers[*reader];
                reader.down || reader.backlog > 0.0
            });
            let running = progress.over.is_none_or(|over| sample.from < over - 1e-12);
            if sample.to > began && running {
                if sample.needed > progress.busiest {
                    progress.busiest = sample.needed;
                    progress.bottleneck = sample.needed_of;
                }
                progress.lag = progress.lag.max(sample.lag);
                progress.refused = progress.refused.max(sample.refused);
                progress.wait = progress.wait.max(sample.wait);
                progress.freshness = progress.freshness.max(sample.freshness);
            }
            if progress.ended && progress.over.is_none() && sample.refused + sample.backlog <= 0.0 {
                progress.over = Some(self.now);
            }
            if !progress.readers.is_empty() && progress.over.is_none() && !settling {
                progress.over = Some(self.now);
                progress
                    .facts
                    .push(Fact { name: "caught up after", value: Figure::Hours(self.now - began) });
            }
        }
    }

    fn keep(&mut self, sample: Sample, edge_before: f64) {
        let peaks = &mut self.peaks;
        for (most, value) in [
            (&mut peaks.offered, sample.offered),
            (&mut peaks.produce, sample.produce),
            (&mut peaks.tail, sample.tail),
            (&mut peaks.behind, sample.behind),
            (&mut peaks.replay, sample.replay),
            (&mut peaks.copy, sample.copy),
            (&mut peaks.network, sample.network),
            (&mut peaks.disk, sample.disk),
            (&mut peaks.cpu, sample.cpu),
            (&mut peaks.edge, sample.edge.max(edge_before)),
            (&mut peaks.backlog, sample.backlog),
            (&mut peaks.lag, sample.lag),
            (&mut peaks.local, sample.local),
            (&mut peaks.remote, sample.remote),
            (&mut peaks.pending, sample.pending),
            (&mut peaks.kept, sample.kept),
            (&mut peaks.serving, sample.serving),
            (&mut peaks.paid, sample.paid),
            (&mut peaks.latency, sample.latency),
            (&mut peaks.wait, sample.wait),
            (&mut peaks.freshness, sample.freshness),
            (&mut peaks.fill, sample.fill),
        ] {
            if value > *most {
                *most = value;
            }
        }
        if sample.busiest > peaks.busiest {
            peaks.busiest = sample.busiest;
            peaks.bottleneck = sample.bottleneck;
            (peaks.from, peaks.to) = (sample.from, sample.to);
        }
        if self.run.samples {
            self.samples.push(sample);
        }
    }

    /// Requests that producing asks for, over a step: not linear in the rates, so step by step.
    fn count_requests(&mut self, from: f64, span: f64) {
        if !self.shared || !self.alive || self.serving <= 0.0 {
            return;
        }
        let plain = self.streams.iter().all(|stream| stream.accepted == stream.log.offered())
            && self.run.fleets[self.month].hourly.is_none()
            && self.serving == f64::from(self.run.fleets[self.month].brokers);
        // Clocks differ by quarters of an hour, and so do the moments at which rates change.
        let quarter = (libm::floor(from * 4.0 + 1e-9) as usize) % QUARTERS;
        let slot = if self.hourly { quarter } else { 0 };
        if plain && let Some(rates) = &self.requests[slot] {
            add_requests(&mut self.totals[self.month].requests, rates, span);
            return;
        }
        let base = &self.run.fleets[self.month].load;
        let rate = |bytes: f64| ByteRate::new(bytes / 3600.0);
        let load = &mut self.scratch;
        let mut records = Some(0.0);
        for ((stream, planned), running) in
            load.streams.iter_mut().zip(&base.streams).zip(&self.streams)
        {
            stream.produce = rate(running.accepted);
            let each = planned.records.filter(|_| planned.produce > ByteRate::ZERO);
            let now = each.map(|each| each.per_sec() * (stream.produce / planned.produce));
            records = records.zip(now).map(|(sum, one)| sum + one);
        }
        load.produce = load.streams.iter().map(|stream| stream.produce).sum();
        load.records = records.map(Frequency::new);
        let rates =
            costs::write_requests(self.run.design, load, self.run.machine.memory, self.serving);
        add_requests(&mut self.totals[self.month].requests, &rates, span);
        if plain {
            self.requests[slot] = Some(rates);
        }
    }
}

/// Time until so much is gone at a rate; never where it does not shrink.
fn empties(amount: f64, rate: f64) -> f64 {
    if rate > 0.0 { (amount / rate).max(SHORTEST) } else { f64::INFINITY }
}

/// What a full disk gives back from now on, in bytes an hour.
fn expiring(stream: &Stream, now: f64, of: &super::setup::StreamSetup) -> f64 {
    match (&stream.local, of.compacted) {
        (Some(local), None) => local.releasing(&stream.log, now),
        _ => 0.0,
    }
}

/// Why a reader is behind.
fn why(reader: &Reader, sample: &Sample) -> String {
    if reader.down {
        return "the group is down".to_owned();
    }
    if sample.busiest > 1.0 {
        return saturation(sample);
    }
    "the group reads as fast as it can".to_owned()
}

fn saturation(sample: &Sample) -> String {
    match sample.bottleneck {
        Some(_) if sample.serving <= 0.0 => "no broker is left".to_owned(),
        Some(resource) if sample.busiest > 1.0 => bound_by(resource),
        _ if sample.refused > 0.0 => "producers send again what was refused".to_owned(),
        _ => "writes take that long".to_owned(),
    }
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

fn empty(month: Month, streams: usize) -> MonthTotals {
    MonthTotals {
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
                    down: false,
                    backlog: 0.0,
                    lost: 0.0,
                    lost_since: None,
                    room: f64::INFINITY,
                    behind: false,
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
        facts.push(Fact { name: "highest utilization", value: Figure::Share(progress.busiest) });
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
