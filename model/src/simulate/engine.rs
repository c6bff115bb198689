//! State and steps: what everyone wants, what they get, when that changes, and what it adds up to.

use super::curve::Curve;
use super::findings::{Fact, Figure, Incident, Matter, Outcome, Watch, bound_by};
use super::log::{Log, Window};
use super::schedule::{self, Action, Schedule};
use super::setup::{Setup, setup};
use super::share::{Amounts, CPU, DISK, IN, OUT, RESOURCES};
use super::{MonthTotals, Run, Sample, Simulation, StreamTotals};
use crate::costs::{self, RequestRate};
use crate::design::Architecture;
use crate::events::{DeadDisk, EventKind};
use crate::load::{self, Load, Month};
use crate::shape::WEEK;
use crate::sizing::Resource;
use crate::units::{ByteRate, Frequency, Hours};
use crate::workload::{Cleanup, ReaderKind};

/// Backlogs below this share of an hour's traffic are rounding errors.
const NOTHING: f64 = 1e-9;

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
    behind: bool,
    /// What one serving broker's cache holds for it, in bytes.
    cache: f64,
    /// How far it is behind, in hours.
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
    Rebuild { started: f64 },
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
    edge: f64,
    wait: f64,
    freshness: f64,
    waiting: usize,
    never: bool,
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
    missed: f64,
    dark: f64,
    alive: bool,
    /// Whether all readers keep up in this step, so that there is nothing to say of any of them.
    calm: bool,
    full: bool,
    network: Credits,
    disk: Credits,
    lost_at_edge: f64,

    // Memory of requests by hour of the week.
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
        let setups: Vec<Setup> =
            run.fleets.iter().map(|fleet| setup(design, run.machine, run.disk, fleet)).collect();
        let readers = tail_readers(run);
        let named: Vec<(usize, usize)> = readers.iter().map(|(ids, _)| *ids).collect();
        let schedule = schedule::schedule(run.workload, &curves, &months, run.events, &named);
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
                    local: setup.local.map(window),
                    open: setup.tiered.then(|| window(setup.open)),
                    log,
                    offline: 0.0,
                    hoarding: 0.0,
                    extra: 0.0,
                    held: 0.0,
                    refused: 0.0,
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
        let burst = |burst: f64| {
            let full = design.settings.burst_credits.as_hours();
            Credits { burst, left: full, full }
        };
        let disk_burst = if shared { 1.0 } else { design.settings.disk_burst.0.max(1.0) };
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
            requests: vec![None; WEEK],
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
            missed: 0.0,
            dark: 0.0,
            alive: true,
            calm: false,
            full: false,
            network: burst(design.settings.network_burst.0.max(1.0)),
            disk: burst(disk_burst),
            lost_at_edge: 0.0,
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
            engine.follow();
            engine.serving = engine.planned;
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

    // ---- Actions ----

    /// Does everything that is due.
    fn act(&mut self) {
        while let Some((at, action)) = self.schedule.get(self.next) {
            if *at > self.now + SHORTEST {
                break;
            }
            let action = action.clone();
            self.next += 1;
            self.act_on(action);
        }
        while let Some(index) = self.pending.iter().position(|(at, _)| *at <= self.now + SHORTEST) {
            let (_, action) = self.pending.remove(index);
            self.act_on(action);
        }
    }

    fn later(&mut self, after: f64, action: Action) {
        self.pending.push((self.now + after, action));
    }

    fn act_on(&mut self, action: Action) {
        let now = self.now;
        match action {
            Action::Month(index) => {
                self.month = index;
                self.start_month(index);
                self.resize(index);
            }
            Action::Brimful { stream, share } => {
                self.streams[stream].hoarding -= share;
            }
            Action::Offline { stream, share } => {
                self.streams[stream].hoarding += share.max(0.0);
                let away = &mut self.streams[stream].offline;
                *away = (*away + share).max(0.0);
                if *away < 1e-12 {
                    *away = 0.0;
                }
            }
            Action::Extra { stream, rate } => {
                let stream = &mut self.streams[stream];
                stream.extra += rate;
                if stream.extra < stream.highest.max(1.0) * 1e-12 {
                    stream.extra = 0.0;
                    stream.held = 0.0;
                }
            }
            Action::Held { stream, held, lost } => {
                let one = &mut self.streams[stream];
                one.held = (one.held + held).max(0.0);
                self.lost_at_edge += lost;
                if lost > 1.0 {
                    self.incidents.push(Incident {
                        matter: Matter::LostAtEdge,
                        subject: self.run.workload.streams[stream].name.clone(),
                        from: Hours::new(now),
                        to: Some(Hours::new(now)),
                        worst: lost,
                        limit: None,
                        why: "devices were away for longer than they can hold".to_owned(),
                    });
                }
            }
            Action::Replay { event, stream, group, window, share, within } => {
                self.replay(event, stream, &group, window, share, within);
            }
            Action::Reader { event, reader, down } => {
                self.readers[reader].down = down;
                if down {
                    self.progress[event].readers.push(reader);
                }
            }
            Action::Retention { event, stream, age } => self.retention(event, stream, age),
            Action::Lose { event, brokers, zone } => self.lose(event, brokers, zone),
            Action::Dark { share } => {
                self.dark = (self.dark + share).max(0.0);
                if self.dark < 1e-12 {
                    self.dark = 0.0;
                }
            }
            Action::Replace { event, brokers, zone, disk, throttle } => {
                self.replace(event, brokers, zone, disk, throttle);
            }
            Action::Scale { event, brokers, throttle } => self.scale(event, brokers, throttle),
            Action::Serve { event, brokers } => {
                self.serving += brokers;
                self.done(event, "capacity after");
            }
            Action::Follow => self.follow(),
            Action::Alive(alive) => {
                self.alive = alive;
            }
            Action::Begin(event) => self.begin(event),
            Action::End(event) => {
                let progress = &mut self.progress[event];
                progress.over = Some(now);
            }
        }
    }

    fn start_month(&mut self, index: usize) {
        let now = Hours::new(self.now.max(self.months[index].start.as_hours()));
        for (index, stream) in self.streams.iter_mut().enumerate() {
            let setup = &self.setups[self.month].streams[index];
            stream.highest = (stream.log.curve().highest(now) * Hours::new(1.0)).base_bytes();
            if let (Some(window), Some(age)) = (&mut stream.local, setup.local)
                && window.age() != age
            {
                window.set_age(&stream.log, age, self.now);
            }
            if let Some(window) = &mut stream.open
                && window.age() != setup.open
            {
                window.set_age(&stream.log, setup.open, self.now);
            }
        }
        let brokers = f64::from(self.run.fleets[index].brokers.max(1));
        let reach = self.setups[index].reach / brokers;
        for reader in &mut self.readers {
            let mean = self.streams[reader.stream].log.curve().mean(now);
            reader.cache = (mean * Hours::new(1.0)).base_bytes() * reader.share * reach;
        }
        self.requests.fill(None);
        self.scratch = self.run.fleets[index].load.clone();
    }

    /// The plan's own change of the fleet at the start of a month.
    fn resize(&mut self, index: usize) {
        if self.run.fleets[index].hourly.is_some() {
            self.follow();
            return;
        }
        let (old, new) = (self.run.fleets[index - 1].brokers, self.run.fleets[index].brokers);
        let change = f64::from(new) - f64::from(old);
        if change != 0.0 {
            self.scale(None, change, None);
        }
    }

    /// A fleet that follows the day has as many brokers as the hour asks for; what is added serves after its start-up.
    fn follow(&mut self) {
        let Some(hourly) = &self.run.fleets[self.month].hourly else { return };
        let hour = libm::floor(self.now + 1e-9) as usize;
        let wanted = f64::from(hourly[hour % WEEK]);
        let change = wanted - self.planned;
        self.planned = wanted;
        self.paid += change;
        if change > 0.0 {
            let after = self.run.design.settings.start_up.as_hours();
            self.later(after, Action::Serve { event: None, brokers: change });
        } else {
            // What has not started yet is not waited for.
            let mut fewer = -change;
            for (_, action) in &mut self.pending {
                if let Action::Serve { event: None, brokers } = action {
                    let cancelled = brokers.min(fewer);
                    *brokers -= cancelled;
                    fewer -= cancelled;
                }
            }
            self.serving -= fewer;
        }
        let next = libm::floor(self.now + 1e-9) + 1.0;
        self.pending.retain(|(_, action)| *action != Action::Follow);
        self.pending.push((next, Action::Follow));
    }

    fn begin(&mut self, event: usize) {
        let of = self.run.events[event];
        let mut facts = Vec::new();
        match of.kind {
            EventKind::ReconnectStorm => {
                let away = schedule::fleet(of, self.run.workload) * of.settings.share;
                if away > 0.0 {
                    let first = away / of.settings.jitter.as_secs().max(1e-3);
                    facts.push(Fact {
                        name: "attempts in the first wave",
                        value: Figure::PerSecond(first),
                    });
                    let back = schedule::reconnected(of, self.run.workload).as_hours();
                    facts.push(Fact { name: "all are back after", value: Figure::Hours(back) });
                }
            }
            EventKind::Migration => {
                let curves: Vec<Curve> =
                    self.streams.iter().map(|stream| stream.log.curve().clone()).collect();
                let course =
                    schedule::migration(of, &curves, self.run.workload, Hours::new(self.end));
                let fact =
                    |name, hours: Hours| Fact { name, value: Figure::Hours(hours.as_hours()) };
                facts.push(Fact {
                    name: "history mirrored",
                    value: Figure::Bytes(course.history.base_bytes()),
                });
                facts.push(fact("mirrored after", course.mirrored - course.start));
                facts.push(fact("cut over after", course.cut_over - course.start));
                if let Some(back) = course.roll_back {
                    let accepted: f64 = curves
                        .iter()
                        .map(|curve| curve.between(course.cut_over, back).base_bytes())
                        .sum();
                    let rate = (of.settings.mirror * Hours::new(1.0)).base_bytes();
                    facts.push(Fact { name: "to copy back", value: Figure::Bytes(accepted) });
                    facts.push(Fact {
                        name: "copied back after",
                        value: Figure::Hours(accepted / rate),
                    });
                }
            }
            _ => {}
        }
        let progress = &mut self.progress[event];
        progress.began = Some(self.now);
        progress.facts = facts;
    }

    fn replay(
        &mut self,
        event: Option<usize>,
        stream: usize,
        group: &str,
        window: f64,
        share: f64,
        within: f64,
    ) {
        if !self.alive {
            return;
        }
        let of = &self.run.workload.streams[stream];
        let one = &self.streams[stream];
        let setup = &self.setups[self.month].streams[stream];
        let now = Hours::new(self.now);
        let produced = one.log.curve().between(now - Hours::new(window), now).base_bytes();
        let kept = match setup.compacted {
            Some(size) => size,
            None => one.total.as_ref().map_or(0.0, |total| total.held(&one.log)),
        };
        let bytes = produced.min(kept) * share;
        let remote = load::remote_share(of, self.run.design, Hours::new(window)) * bytes;
        if let Some(event) = event {
            self.progress[event].waiting += 1;
        }
        self.jobs.push(Job {
            event,
            stream,
            name: group.to_owned(),
            local: bytes - remote,
            remote,
            rate: bytes / within.max(1e-6),
            due: self.now + within,
            fetched: 0.0,
        });
    }

    fn retention(&mut self, event: usize, stream: usize, age: f64) {
        let now = self.now;
        let tiered = self.setups[self.month].streams[stream].tiered;
        let one = &mut self.streams[stream];
        let before = one.total.as_ref().map_or(0.0, |total| total.held(&one.log));
        let change = age - one.total.as_ref().map_or(age, Window::age);
        if let Some(total) = &mut one.total {
            total.set_age(&one.log, age, now);
        }
        // What brokers keep follows, unless they keep only the last part.
        if let (Some(local), false) = (&mut one.local, tiered) {
            let longer = local.age() + change;
            local.set_age(&one.log, longer, now);
        }
        let after = one.total.as_ref().map_or(0.0, |total| total.held(&one.log));
        let rate = (one.log.curve().mean(Hours::new(now)) * Hours::new(1.0)).base_bytes();
        let progress = &mut self.progress[event];
        progress.facts.push(Fact { name: "kept before", value: Figure::Bytes(before) });
        if after < before {
            progress
                .facts
                .push(Fact { name: "expires at once", value: Figure::Bytes(before - after) });
        }
        progress
            .facts
            .push(Fact { name: "kept in the end, at this rate", value: Figure::Bytes(rate * age) });
        let settled = now + change.max(0.0);
        progress.over = Some(progress.over.map_or(settled, |over| over.max(settled)));
        if settled > self.end {
            progress.never = true;
        }
    }

    fn lose(&mut self, event: usize, brokers: f64, zone: bool) {
        let settings = &self.run.design.settings;
        let zones = f64::from(settings.zones);
        let lost = if zone { self.planned / zones } else { brokers.min(self.planned) };
        let share = if self.planned > 0.0 { (lost / self.planned).min(1.0) } else { 0.0 };
        self.lost += lost;
        self.serving = (self.serving - lost).max(0.0);
        // Leaders move after a while; partitions with too few replicas in sync wait for the zone.
        let failover = settings.failover.as_hours();
        let waiting = if zone { self.short_of_replicas() } else { self.single_copies(lost) };
        self.act_on(Action::Dark { share });
        self.later(failover, Action::Dark { share: -share });
        if waiting > 0.0 {
            self.later(failover, Action::Dark { share: waiting });
            self.progress[event].facts.push(Fact {
                name: "partitions without enough replicas",
                value: Figure::Share(waiting),
            });
        }
        self.missed = 0.0;
        if self.shared {
            let unread = self.setup().upload * lost;
            self.progress[event].facts.push(Fact {
                name: "not yet uploaded, read by others",
                value: Figure::Bytes(unread),
            });
        }
    }

    /// Share of partitions that a lost zone leaves with fewer replicas than writes ask for.
    fn short_of_replicas(&self) -> f64 {
        let settings = &self.run.design.settings;
        if self.shared {
            return if settings.zones == 1 { 1.0 } else { 0.0 };
        }
        let (copies, zones) = (settings.replication_factor, settings.zones.max(1));
        let in_sync = if copies >= 3 { copies / 2 + 1 } else { 1 };
        let more = f64::from(copies % zones) / f64::from(zones);
        let left_few = copies.saturating_sub(copies / zones + u32::from(copies % zones > 0));
        let left_many = copies - copies / zones;
        let mut dark = 0.0;
        if left_few < in_sync {
            dark += if copies % zones > 0 { more } else { 1.0 };
        }
        if copies % zones > 0 && left_many < in_sync {
            dark += 1.0 - more;
        }
        dark.min(1.0)
    }

    /// Share of partitions whose only replica was on the brokers that died.
    fn single_copies(&self, lost: f64) -> f64 {
        let single = !self.shared && self.run.design.settings.replication_factor == 1;
        if single && self.planned > 0.0 { lost / self.planned } else { 0.0 }
    }

    fn replace(
        &mut self,
        event: usize,
        brokers: f64,
        zone: bool,
        disk: DeadDisk,
        throttle: Option<f64>,
    ) {
        let settings = &self.run.design.settings;
        let zones = f64::from(settings.zones);
        let lost = if zone { self.planned / zones } else { brokers.min(self.planned) };
        let share = if self.planned > 0.0 { (lost / self.planned).min(1.0) } else { 0.0 };
        let waiting = if zone { self.short_of_replicas() } else { self.single_copies(lost) };
        if waiting > 0.0 {
            self.act_on(Action::Dark { share: -waiting });
        }
        self.lost = (self.lost - lost).max(0.0);
        if self.shared {
            let after = if zone { 0.0 } else { settings.start_up.as_hours() };
            self.later(after, Action::Serve { event: Some(event), brokers: lost });
            return;
        }
        self.serving += lost;
        let local_disk = self.run.disk.is_some_and(|disk| disk.local);
        let empty = disk == DeadDisk::Lost || (zone && local_disk);
        if self.setup().disk == f64::INFINITY && !local_disk {
            // The service repairs its storage; how long that takes is not published.
            self.done(Some(event), "brokers back after");
            return;
        }
        let bytes = if empty { self.on_brokers() * share } else { self.missed };
        if settings.replication_factor < 2 && empty {
            self.progress[event].facts.push(Fact {
                name: "lost for good: there was one copy",
                value: Figure::Bytes(bytes),
            });
            self.done(Some(event), "brokers back after");
            return;
        }
        let started = self.progress[event].began.unwrap_or(self.now);
        self.copy(Some(event), Purpose::Rebuild { started }, bytes, lost, throttle);
    }

    fn scale(&mut self, event: Option<usize>, brokers: f64, throttle: Option<f64>) {
        let least = f64::from(self.run.design.settings.zones.max(1));
        let change =
            if brokers < 0.0 { brokers.max(least - self.planned).min(0.0) } else { brokers };
        if change == 0.0 {
            self.done(event, "nothing to take out after");
            return;
        }
        let before = self.planned;
        self.planned += change;
        let kept = if self.setup().disk == f64::INFINITY && !self.local_disk() {
            0.0
        } else {
            self.on_brokers()
        };
        if change > 0.0 {
            self.paid += change;
            if self.shared {
                let after = self.run.design.settings.start_up.as_hours();
                self.later(after, Action::Serve { event, brokers: change });
                return;
            }
            let bytes = kept * change / self.planned;
            let purpose = Purpose::Grow { brokers: change };
            self.copy(event, purpose, bytes, change.min(before), throttle);
        } else if self.shared {
            self.paid += change;
            self.serving += change;
            self.done(event, "capacity after");
        } else {
            let bytes = kept * -change / before;
            self.copy(event, Purpose::Shrink { brokers: -change }, bytes, self.planned, throttle);
        }
    }

    fn local_disk(&self) -> bool {
        self.run.disk.is_some_and(|disk| disk.local)
    }

    fn copy(
        &mut self,
        event: Option<usize>,
        purpose: Purpose,
        bytes: f64,
        targets: f64,
        throttle: Option<f64>,
    ) {
        if let Some(event) = event {
            self.progress[event].waiting += 1;
        }
        let copy = Copy { event, purpose, left: bytes, total: bytes, targets, throttle, rate: 0.0 };
        if bytes <= 0.0 {
            self.copied(&copy);
        } else {
            self.copies.push(copy);
        }
    }

    /// A copy is done.
    fn copied(&mut self, copy: &Copy) {
        if let Some(event) = copy.event {
            self.progress[event].waiting -= 1;
            self.progress[event]
                .facts
                .push(Fact { name: "copied", value: Figure::Bytes(copy.total) });
        }
        match copy.purpose {
            Purpose::Rebuild { started } => {
                self.done(copy.event, "fully redundant after");
                let took = self.now - started;
                if let Some(limit) = self.run.recovery.map(Hours::as_hours)
                    && took > limit
                {
                    self.incidents.push(Incident {
                        matter: Matter::Recovery,
                        subject: self.event_name(copy.event),
                        from: Hours::new(started + limit),
                        to: Some(Hours::new(self.now)),
                        worst: took,
                        limit: Some(limit),
                        why: format!("{} had to be copied", crate::units::Bytes::new(copy.total)),
                    });
                }
            }
            Purpose::Grow { brokers } => {
                self.serving += brokers;
                self.done(copy.event, "capacity after");
            }
            Purpose::Shrink { brokers } => {
                self.serving -= brokers;
                self.paid -= brokers;
                self.done(copy.event, "brokers gone after");
            }
        }
    }

    fn event_name(&self, event: Option<usize>) -> String {
        event.map_or_else(String::new, |event| self.run.events[event].name.clone())
    }

    /// What an event waited for is there.
    fn done(&mut self, event: Option<usize>, name: &'static str) {
        let Some(event) = event else { return };
        let now = self.now;
        let progress = &mut self.progress[event];
        let began = progress.began.unwrap_or(now);
        progress.over = Some(now);
        progress.facts.push(Fact { name, value: Figure::Hours(now - began) });
    }

    // ---- Levels ----

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

    // ---- A step ----

    /// What everyone wants and gets from now on.
    fn serve(&mut self) -> Served {
        if !self.alive {
            for stream in &mut self.streams {
                (stream.offered, stream.accepted, stream.wanted, stream.uploaded) =
                    (0.0, 0.0, 0.0, 0.0);
            }
            for reader in &mut self.readers {
                (reader.fetched, reader.wanted) = (0.0, 0.0);
            }
            return Served::default();
        }
        let capacity = self.capacity();
        let served = self.share(&capacity, false);
        if served.asked <= 1.0 {
            return served;
        }
        // Something is short: everyone asks for as much as they can take, but that is not what is needed.
        let needed = served.needed.max(1.0);
        let mut greedy = self.share(&capacity, true);
        greedy.busiest = needed;
        greedy.bottleneck = served.bottleneck;
        greedy.need = served.need;
        greedy
    }

    /// Shares capacity; when something is short everyone asks for as much as they can take.
    fn share(&mut self, capacity: &Amounts, short: bool) -> Served {
        let month = self.month;
        let setup = &self.setups[month];
        // While replicas are away nobody writes to them.
        let replicas = if self.shared || self.planned <= 0.0 {
            1.0
        } else {
            1.0 - (self.lost / self.planned).min(1.0)
        };
        let lit = (1.0 - self.dark).clamp(0.0, 1.0);
        let mut demand = Amounts::default();
        // What is there to do now, without what is sent or read again to catch up.
        let mut need = Amounts::default();
        let mut rated = 0.0;
        for (stream, of) in self.streams.iter_mut().zip(&setup.streams) {
            let base = stream.log.offered();
            stream.offered = base * (1.0 - stream.offline.min(1.0)) + stream.extra;
            let again = stream.refused > stream.highest * NOTHING || short;
            stream.wanted =
                stream.offered + if again { stream.highest.max(stream.extra) } else { 0.0 };
            stream.wanted *= lit;
            stream.accepted = stream.wanted;
            demand.add(stream.wanted * replicas, &of.produce);
            need.add(stream.offered * lit * replicas, &of.produce);
            rated += stream.wanted;
        }
        // Under-replicated or not, clients produce and CPUs work for them.
        demand.0[super::share::RATED_IN] = if setup.streams.is_empty() { 0.0 } else { rated };
        if self.full {
            // A full disk takes no more than what expires.
            for (stream, of) in self.streams.iter_mut().zip(&setup.streams) {
                stream.accepted = stream.wanted.min(expiring(stream, self.now, of));
            }
        }

        let (mut tail, mut local, mut remote) = (0.0, 0.0, 0.0);
        let mut new_only = 0.0;
        let behind_always = self.run.design.settings.catch_up_share;
        self.calm = !short
            && self.readers.iter().all(|reader| reader.backlog == 0.0 && !reader.down)
            && self.streams.iter().all(|one| one.accepted <= one.slowest * one.highest);
        if self.calm {
            for (stream, of) in self.streams.iter().zip(&setup.streams) {
                let fetched = stream.accepted * stream.fan_out;
                tail += fetched * (1.0 - behind_always);
                let from_store = self.shared || of.tiered;
                *(if from_store { &mut remote } else { &mut local }) += fetched * behind_always;
            }
        }
        for reader in self.readers.iter_mut().filter(|_| !self.calm) {
            let stream = &self.streams[reader.stream];
            let capacity = reader.capacity * reader.share * stream.highest;
            let new = reader.share * stream.accepted;
            if !reader.down {
                new_only += capacity.min(reader.share * stream.offered * lit);
            }
            reader.wanted = if reader.down {
                0.0
            } else if reader.backlog > 0.0 || short {
                capacity
            } else {
                capacity.min(new)
            };
            let from_store = self.shared || setup.streams[reader.stream].tiered;
            let behind = if reader.behind { 1.0 } else { behind_always };
            tail += reader.wanted * (1.0 - behind);
            *(if from_store { &mut remote } else { &mut local }) += reader.wanted * behind;
        }
        demand.add(tail, &setup.tail);
        demand.add(local, &setup.local);
        demand.add(remote, &setup.remote);
        for job in &self.jobs {
            let kind = if job.remote > 0.0 { &setup.remote } else { &setup.local };
            demand.add(job.rate, kind);
        }
        if self.calm {
            need = demand;
        } else {
            need.add(new_only, &setup.tail);
            for job in &self.jobs {
                let kind = if job.remote > 0.0 { &setup.remote } else { &setup.local };
                need.add(job.rate, kind);
            }
        }
        let live = demand;
        let mut copied = 0.0;
        for copy in &mut self.copies {
            copy.rate = copy_rate(copy, &live, capacity, self.serving, self.run, setup);
            copied += copy.rate;
        }
        demand.add(copied, &setup.copy);
        need.add(copied, &setup.copy);

        let (asked, bottleneck) = demand.utilization(capacity);
        let (needed, _) = need.utilization(capacity);
        let mut served = Served {
            demand,
            need,
            capacity: *capacity,
            asked,
            needed,
            busiest: asked,
            bottleneck,
            ..Served::default()
        };
        if asked <= 1.0 {
            self.grant(&mut served, |_, _| 1.0);
        } else {
            let (demand, capacity) = (demand, *capacity);
            self.grant(&mut served, |setup, each| demand.granted(&capacity, pick(setup, each)));
        }
        served
    }

    /// Gives everyone their share.
    fn grant(&mut self, served: &mut Served, share: impl Fn(&Setup, Kind) -> f64) {
        let setup = &self.setups[self.month];
        let lit = (1.0 - self.dark).clamp(0.0, 1.0);
        for (index, stream) in self.streams.iter_mut().enumerate() {
            let granted = stream.accepted.min(stream.wanted) * share(setup, Kind::Produce(index));
            // Without a backlog nobody sends more than there is, however much they could.
            let backlog = stream.refused > stream.highest * NOTHING;
            stream.accepted = if backlog { granted } else { granted.min(stream.offered * lit) };
            if self.full {
                stream.accepted =
                    stream.accepted.min(expiring(stream, self.now, &setup.streams[index]));
            }
            served.offered += stream.offered;
            served.produce += stream.accepted;
            let limit = (self.run.design.settings.upload_rate_max * Hours::new(1.0)).base_bytes()
                * self.serving;
            let waiting = stream.pending > stream.highest * NOTHING;
            stream.uploaded = match setup.streams[index].tiered {
                true if waiting => limit.max(0.0),
                true => stream.accepted.min(limit),
                false => 0.0,
            };
        }
        let behind_always = self.run.design.settings.catch_up_share;
        if self.calm {
            for stream in &self.streams {
                let fetched = stream.accepted * stream.fan_out;
                served.tail += fetched * (1.0 - behind_always);
                served.behind += fetched * behind_always;
            }
        }
        for reader in self.readers.iter_mut().filter(|_| !self.calm) {
            let from_store = self.shared || setup.streams[reader.stream].tiered;
            let slow = if from_store { Kind::Remote } else { Kind::Local };
            let behind = if reader.behind { 1.0 } else { behind_always };
            let granted = reader.wanted
                * ((1.0 - behind) * share(setup, Kind::Tail) + behind * share(setup, slow));
            let new = reader.share * self.streams[reader.stream].accepted;
            reader.fetched = if reader.backlog > 0.0 { granted } else { granted.min(new) };
            served.tail += reader.fetched * (1.0 - behind);
            served.behind += reader.fetched * behind;
        }
        for job in &mut self.jobs {
            let kind = if job.remote > 0.0 { Kind::Remote } else { Kind::Local };
            job.fetched = job.rate * share(setup, kind);
            served.replay += job.fetched;
        }
        let copying = share(setup, Kind::Copy);
        for copy in &mut self.copies {
            copy.rate *= copying;
            served.copy += copy.rate;
        }
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
        for stream in &self.streams {
            if stream.log.until() < to {
                to = stream.log.until();
            }
            if stream.refused > 0.0 && self.alive {
                to = to.min(now + empties(stream.refused, stream.accepted - stream.offered));
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
        to.max(now + SHORTEST).min(self.end.max(now + SHORTEST))
    }

    fn step(&mut self, to: f64, served: &Served) {
        let (from, span) = (self.now, to - self.now);
        self.steps += 1;
        let mut sample = self.rates(from, to, served);
        self.count_requests(from, span);
        self.move_logs(from, to, &mut sample);
        self.move_readers(span);
        self.move_jobs(span, to);
        if self.lost > 0.0 && self.planned > 0.0 && !self.shared {
            // What the replicas that are away do not get.
            let copies = self.setup().copies;
            self.missed += served.produce * span * copies * (self.lost / self.planned);
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
        self.watch(&sample);
        self.note(&sample);
        self.keep(sample);
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
        for (index, stream) in self.streams.iter_mut().enumerate() {
            let of = &setup.streams[index];
            let hoarded = stream.log.offered() * stream.hoarding.clamp(0.0, 1.0) * span;
            let accepted = stream.log.accept(from, to, stream.accepted);
            total.streams[index].produce += stream.accepted * span;
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
                total.remote += bytes.1;
            } else {
                if let Some(size) = of.compacted {
                    local = (size, size * span);
                }
                let on_brokers = (local.0.max(stream.pending), local.1.max(pending));
                sample.local += on_brokers.0 * copies;
                total.local += on_brokers.1 * copies;
                if of.tiered {
                    sample.remote += (kept.0 - open.0 - stream.pending).max(0.0);
                    total.remote += (kept.1 - open.1 - pending).max(0.0);
                }
            }
            sample.pending += stream.pending;
            // What was refused waits at the edge.
            let refused = stream.refused + (stream.offered - stream.accepted) * span;
            stream.refused = if refused < stream.highest * NOTHING { 0.0 } else { refused };
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
            let backlog = reader.backlog + (new - reader.fetched) * span;
            let least = (reader.share * stream.highest).max(1.0) * NOTHING;
            reader.backlog = if backlog < least { 0.0 } else { backlog };
            // Records that expire before they are read are lost to the reader.
            if let Some(total) = &stream.total
                && reader.backlog > 0.0
            {
                let most = total.held(&stream.log) * reader.share;
                if reader.backlog > most + least {
                    reader.lost += reader.backlog - most;
                    reader.lost_since.get_or_insert(self.now + span);
                    reader.backlog = most;
                }
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
        let now = Hours::new(self.now);
        let mut wait: f64 = 0.0;
        let mut worst: f64 = 0.0;
        for stream in self.streams.iter().filter(|stream| stream.refused > 0.0) {
            let unsent = crate::units::Bytes::new(stream.refused);
            let since = stream.log.curve().since(now, unsent, Hours::new(8760.0));
            wait = wait.max((now - since).as_hours());
        }
        for reader in self.readers.iter_mut().filter(|_| !self.calm) {
            let stream = &self.streams[reader.stream];
            if reader.backlog == 0.0 {
                reader.lag = 0.0;
                continue;
            }
            sample.backlog += reader.backlog;
            let mut lag = 0.0;
            if reader.backlog > 0.0 && reader.share > 0.0 {
                let unread = crate::units::Bytes::new(reader.backlog / reader.share);
                let limit = stream.total.as_ref().map_or(8760.0, Window::age);
                let since = stream.log.curve().since(now, unread, Hours::new(limit));
                lag = (now - since).as_hours();
            }
            reader.lag = lag;
            sample.lag = sample.lag.max(lag);
            worst = worst.max(lag);
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
        self.full = sample.fill >= 1.0 - 1e-9;
    }

    fn watch(&mut self, sample: &Sample) {
        let (from, to) = (sample.from, sample.to);
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
            let behind = self.readers.iter().filter(|reader| reader.backlog > 0.0);
            let slowest = behind.max_by(|one, other| one.lag.total_cmp(&other.lag));
            slowest.map_or_else(|| saturation(sample), |reader| why(reader, sample))
        };
        if let Some(watch) = &mut self.watch_freshness {
            watch.see(from, to, sample.freshness, slowest, list);
        }
        self.watch_saturated.see(from, from, sample.busiest, || saturation(sample), list);
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
            let running = progress.over.is_none_or(|over| sample.from < over - 1e-12) || settling;
            if sample.to > began && running {
                if sample.busiest > progress.busiest {
                    progress.busiest = sample.busiest;
                    progress.bottleneck = sample.bottleneck;
                }
                progress.lag = progress.lag.max(sample.lag);
                progress.edge = progress.edge.max(sample.edge);
                progress.wait = progress.wait.max(sample.wait);
                progress.freshness = progress.freshness.max(sample.freshness);
            }
            if !progress.readers.is_empty() && progress.over.is_none() && !settling {
                progress.over = Some(self.now);
                progress
                    .facts
                    .push(Fact { name: "caught up after", value: Figure::Hours(self.now - began) });
            }
        }
    }

    fn keep(&mut self, sample: Sample) {
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
            (&mut peaks.edge, sample.edge),
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
        let hour = (libm::floor(from + 1e-9) as usize) % WEEK;
        let whole = span <= 1.0 + 1e-9;
        let flat = !self.hourly;
        let slot = if flat { 0 } else { hour };
        if plain
            && (whole || flat)
            && let Some(rates) = &self.requests[slot]
        {
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
        if plain && (whole || flat) {
            self.requests[slot] = Some(rates);
        }
    }

    // ---- The end ----

    fn finish(mut self) -> Simulation {
        let now = self.now;
        for reader in &self.readers {
            if reader.lost > 0.0 {
                self.incidents.push(Incident {
                    matter: Matter::Lost,
                    subject: reader.name.clone(),
                    from: Hours::new(reader.lost_since.unwrap_or(now)),
                    to: Some(Hours::new(now)),
                    worst: reader.lost,
                    limit: None,
                    why: "records expired before the group got to them".to_owned(),
                });
            }
            let stream = &self.streams[reader.stream];
            let slope = reader.share * stream.accepted - reader.fetched;
            if reader.backlog > 0.0 && slope >= 0.0 && self.alive {
                self.incidents.push(Incident {
                    matter: Matter::NeverCaughtUp,
                    subject: reader.name.clone(),
                    from: Hours::new(now),
                    to: None,
                    worst: reader.backlog,
                    limit: None,
                    why: why(reader, self.samples.last().unwrap_or(&self.peaks)),
                });
            }
        }
        let jobs = std::mem::take(&mut self.jobs);
        for job in jobs.iter().filter(|job| job.due < now) {
            self.late(job, now, None);
        }
        for copy in std::mem::take(&mut self.copies) {
            if copy.rate <= 0.0 {
                let below = copy.throttle.is_some();
                self.incidents.push(Incident {
                    matter: Matter::Stuck,
                    subject: self.event_name(copy.event),
                    from: Hours::new(now),
                    to: None,
                    worst: copy.left,
                    limit: None,
                    why: if below {
                        "the throttle is not above what is written to the broker meanwhile"
                            .to_owned()
                    } else {
                        "live traffic leaves nothing to copy with".to_owned()
                    },
                });
            }
        }
        for watch in self.watch_lag.drain(..) {
            watch.close(&mut self.incidents);
        }
        if let Some(watch) = self.watch_freshness.take() {
            watch.close(&mut self.incidents);
        }
        self.watch_saturated.close(&mut self.incidents);
        self.watch_dark.close(&mut self.incidents);
        self.watch_full.close(&mut self.incidents);
        self.incidents.sort_by(|one, other| {
            one.from
                .as_hours()
                .total_cmp(&other.from.as_hours())
                .then_with(|| (one.matter, &one.subject).cmp(&(other.matter, &other.subject)))
        });
        let outcomes = self
            .run
            .events
            .iter()
            .zip(self.progress)
            .map(|(event, progress)| outcome(event, progress))
            .collect();
        for total in &mut self.totals {
            let hours = total.month.length.as_hours();
            for request in &mut total.requests {
                request.per_sec = request.per_sec_over(hours);
            }
        }
        let available =
            if self.alive_hours > 0.0 { 1.0 - self.unavailable / self.alive_hours } else { 1.0 };
        Simulation {
            samples: self.samples,
            months: self.totals,
            incidents: self.incidents,
            outcomes,
            peaks: self.peaks,
            available,
            before: self.before,
            steps: self.steps,
        }
    }
}

/// What is served in a step.
#[derive(Default)]
struct Served {
    demand: Amounts,
    /// Without what is sent or read again to catch up.
    need: Amounts,
    capacity: Amounts,
    /// Of the scarcest resource: demand, need, and what is shown of them.
    asked: f64,
    needed: f64,
    busiest: f64,
    bottleneck: usize,
    offered: f64,
    produce: f64,
    tail: f64,
    behind: f64,
    replay: f64,
    copy: f64,
}

impl Served {
    fn utilization(&self, index: usize) -> f64 {
        let capacity = self.capacity.0[index];
        let share = |demand: f64| {
            if demand <= 0.0 || capacity == f64::INFINITY {
                0.0
            } else {
                demand / capacity.max(1e-300)
            }
        };
        let asked = share(self.demand.0[index]);
        // Whoever catches up takes all there is, and no more.
        if asked > 1.0 { share(self.need.0[index]).max(1.0) } else { asked }
    }
}

/// Who asks.
#[derive(Clone, Copy)]
enum Kind {
    Produce(usize),
    Tail,
    Local,
    Remote,
    Copy,
}

fn pick(setup: &Setup, kind: Kind) -> &Amounts {
    match kind {
        Kind::Produce(stream) => &setup.streams[stream].produce,
        Kind::Tail => &setup.tail,
        Kind::Local => &setup.local,
        Kind::Remote => &setup.remote,
        Kind::Copy => &setup.copy,
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

/// How fast replicas are copied: what is asked for, as far as each target has room beside live traffic (mechanics A8).
fn copy_rate(
    copy: &Copy,
    live: &Amounts,
    capacity: &Amounts,
    serving: f64,
    run: &Run,
    setup: &Setup,
) -> f64 {
    let targets = copy.targets.max(1e-9);
    let each = serving.max(1.0);
    let asked = match copy.throttle {
        // A throttle counts what is replicated to the broker meanwhile.
        Some(throttle) => {
            let written = live.0[IN] / each;
            (throttle - written).max(0.0)
        }
        None => (run.design.settings.rebuild_rate * Hours::new(1.0)).base_bytes(),
    };
    let mut rate = asked;
    for index in [IN, DISK] {
        let has = setup.broker.0[index].min(capacity.0[index] / each);
        if has.is_finite() {
            rate = rate.min((has - live.0[index] / each).max(0.0));
        }
    }
    rate * targets
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
        Some(resource) if sample.busiest > 1.0 => bound_by(resource),
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
                    behind: false,
                    cache: 0.0,
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
        if progress.edge > 1.0 {
            facts.push(Fact { name: "held back at the edge", value: Figure::Bytes(progress.edge) });
        }
        if progress.lag > 0.0 {
            facts.push(Fact { name: "longest lag", value: Figure::Hours(progress.lag) });
        }
    }
    let finished = progress.over.filter(|_| progress.waiting == 0 && !progress.never);
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
