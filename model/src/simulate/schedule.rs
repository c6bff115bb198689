//! Events of a scenario as what they do, moment by moment, to one platform.

use super::curve::Curve;
use crate::events::{DeadDisk, Event, EventKind};
use crate::load::Month;
use crate::map::Map;
use crate::order;
use crate::units::{ByteRate, Bytes, Hours};
use crate::workload::{Cleanup, ReaderKind, Workload};

/// Something that is done at a moment.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A month starts: growth, sizes and fleets are those of the month.
    Month(usize),
    /// A share of a stream's sources goes, or comes back when negative.
    Offline { stream: usize, share: f64 },
    /// So many bytes an hour more are produced, or less when negative.
    /// Part or all of it may be what sources held back.
    Extra { stream: usize, rate: f64, held: bool },
    /// Sources that are away hold no more than they do.
    Brimful { stream: usize, share: f64 },
    /// What an event makes sources hold back, in all and as a change of what they hold; and what they lose.
    Held { event: usize, stream: usize, held: f64, change: f64, lost: f64 },
    /// A read of history starts.
    Replay {
        event: Option<usize>,
        stream: usize,
        group: String,
        window: f64,
        share: f64,
        within: f64,
    },
    /// A consumer group stops, or is back.
    Reader { event: usize, reader: usize, down: bool },
    /// A stream is kept for another time.
    Retention { event: usize, stream: usize, age: f64 },
    /// Brokers die.
    Lose { event: usize, brokers: f64, zone: bool },
    /// A share of all partitions accepts nothing, or does again when negative.
    Dark { share: f64 },
    /// Brokers that died are replaced, or their zone is back.
    Replace { event: usize, zone: bool, disk: DeadDisk, throttle: Option<f64> },
    /// Brokers are added, or taken out when negative; `event` is `None` where the plan itself does it.
    Scale { event: Option<usize>, brokers: f64, throttle: Option<f64> },
    /// Brokers that were added have started, and get their share of the replicas.
    Fill { event: Option<usize>, brokers: f64, throttle: Option<f64> },
    /// Brokers that were added carry load.
    Serve { event: Option<usize>, brokers: f64 },
    /// The fleet follows the load of the hour.
    Follow,
    /// The platform is paid for, or no longer.
    Alive(bool),
    /// An event begins: what is counted for it is counted from here.
    Begin(usize),
    /// An event is over as far as its plan goes.
    End(usize),
}

/// What is done when, in order.
pub type Schedule = Vec<(f64, Action)>;

/// When a migration does what.
#[derive(Clone, Debug, PartialEq)]
pub struct Migration {
    /// Mirroring starts.
    pub start: Hours,
    /// History has been mirrored.
    pub mirrored: Hours,
    /// Clients are cut over.
    pub cut_over: Hours,
    /// Clients go back, where they do.
    pub roll_back: Option<Hours>,
    /// What the new platform accepted by then has been copied back.
    pub copied_back: Option<Hours>,
    /// The platform that is left is needed until then.
    pub until: Hours,
    /// Bytes of history of each stream, as stored once.
    pub histories: Vec<Bytes>,
    /// Bytes that a roll-back copies.
    pub back: Bytes,
}

impl Migration {
    /// Bytes of history, as stored once.
    pub fn history(&self) -> Bytes {
        self.histories.iter().copied().sum()
    }
}

/// The course of a migration of a workload, as its streams are before anyone moves.
pub fn migration(event: &Event, curves: &[Curve], workload: &Workload, end: Hours) -> Migration {
    let settings = &event.settings;
    let histories: Vec<Bytes> = workload
        .streams
        .iter()
        .zip(curves)
        .map(|(stream, curve)| match stream.cleanup {
            Cleanup::Compact { live } => live,
            Cleanup::Delete => {
                let kept = settings.history.unwrap_or(stream.retention).min(stream.retention);
                curve.between(event.at - kept, event.at)
            }
        })
        .collect();
    let mirrored = event.at + histories.iter().copied().sum::<Bytes>() / settings.mirror;
    let cut_over = mirrored + settings.dual_run;
    let roll_back = settings.roll_back.map(|after| cut_over + after);
    let accepted = |until: Hours| curves.iter().map(|curve| curve.between(cut_over, until)).sum();
    let back: Bytes = roll_back.map_or(Bytes::ZERO, accepted);
    let copied_back = roll_back.map(|at| at + back / settings.mirror);
    // After a roll-back the old platform goes on for good.
    let until = if roll_back.is_some() { end } else { cut_over };
    Migration {
        start: event.at,
        mirrored,
        cut_over,
        roll_back,
        copied_back,
        until,
        histories,
        back,
    }
}

/// Everything that is done to one platform.
pub fn schedule(
    workload: &Workload,
    curves: &[Curve],
    months: &[Month],
    events: &[&Event],
    readers: &[(usize, usize)],
    course: Option<&Migration>,
) -> Schedule {
    let mut list: Schedule = Vec::new();
    let end = months.last().map_or(0.0, |month| month.end().as_hours());
    for (index, month) in months.iter().enumerate().skip(1) {
        list.push((month.start.as_hours(), Action::Month(index)));
    }
    recurring(&mut list, workload, end);
    let shares = shares_away(workload, events);
    for (index, event) in events.iter().enumerate() {
        let mut one =
            One { list: &mut list, workload, curves, index, event, course, shares: &shares[index] };
        one.list.push((event.at.as_hours(), Action::Begin(index)));
        one.add(readers);
    }
    list.retain(|(at, _)| *at < end);
    // In the order of time; what happens at one moment in the order of the scenario's own names, so that the order of
    // a file means nothing.
    let rank = |action: &Action| match action {
        Action::Month(_) => (0, String::new()),
        Action::Begin(event) => (1, events[*event].name.clone()),
        Action::Replay { stream, group, .. } => {
            (3, format!("{}/{group}", workload.streams[*stream].name))
        }
        Action::End(event) => (9, events[*event].name.clone()),
        _ => (2, String::new()),
    };
    order::sort_by(&mut list, |one, other| {
        one.0.total_cmp(&other.0).then_with(|| rank(&one.1).cmp(&rank(&other.1)))
    });
    list
}

/// Share of each stream's sources that each storm takes away: no more than others have left while it begins.
fn shares_away(workload: &Workload, events: &[&Event]) -> Vec<Vec<f64>> {
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.retain(|index| events[*index].kind == EventKind::ReconnectStorm);
    order::sort_by(&mut order, |one, other| {
        let (one, other) = (events[*one], events[*other]);
        one.at.as_hours().total_cmp(&other.at.as_hours()).then_with(|| one.name.cmp(&other.name))
    });
    let mut shares = vec![vec![0.0; workload.streams.len()]; events.len()];
    for (place, index) in order.iter().enumerate() {
        let event = events[*index];
        for (stream, of) in workload.streams.iter().enumerate() {
            if !event.concerns_stream(&of.name) {
                continue;
            }
            let before = order[..place].iter().filter(|one| {
                let one = events[**one];
                event.at < one.at + one.settings.outage
            });
            let away: f64 = before.map(|one| shares[*one][stream]).sum();
            shares[*index][stream] = event.settings.share.min((1.0 - away).max(0.0));
        }
    }
    shares
}

/// Replays that readers make again and again, the first at the start.
fn recurring(list: &mut Schedule, workload: &Workload, end: f64) {
    for (stream, of) in workload.streams.iter().enumerate() {
        for reader in &of.readers {
            let ReaderKind::Replay { window, every, within } = reader.kind else { continue };
            let every = every.as_hours();
            let mut count = 0.0;
            while count * every < end {
                list.push((
                    count * every,
                    Action::Replay {
                        event: None,
                        stream,
                        group: reader.group.clone(),
                        window: window.as_hours(),
                        share: reader.share,
                        within: within.as_hours(),
                    },
                ));
                count += 1.0;
            }
        }
    }
}

/// One event on its way into a schedule.
struct One<'a> {
    list: &'a mut Schedule,
    workload: &'a Workload,
    curves: &'a [Curve],
    index: usize,
    event: &'a Event,
    course: Option<&'a Migration>,
    shares: &'a [f64],
}

impl One<'_> {
    fn push(&mut self, at: f64, action: Action) {
        self.list.push((at, action));
    }

    /// The streams that it happens to.
    fn streams(&self) -> Vec<usize> {
        let streams = self.workload.streams.iter().enumerate();
        streams.filter(|(_, one)| self.event.concerns_stream(&one.name)).map(|(at, _)| at).collect()
    }

    fn add(&mut self, readers: &[(usize, usize)]) {
        let settings = self.event.settings.clone();
        let at = self.event.at.as_hours();
        let throttle = settings.throttle.map(|rate| (rate * Hours::new(1.0)).base_bytes());
        match self.event.kind {
            EventKind::ReconnectStorm => self.storm(at),
            EventKind::Backfill => self.backfill(at),
            EventKind::FirmwareWave => self.firmware(at),
            EventKind::Replay => {
                let group = self.event.group.clone();
                let group = group.unwrap_or_else(|| self.event.name.clone());
                for stream in self.streams() {
                    let action = Action::Replay {
                        event: Some(self.index),
                        stream,
                        group: group.clone(),
                        window: settings.window.as_hours(),
                        share: settings.share,
                        within: settings.within.as_hours(),
                    };
                    self.push(at, action);
                }
            }
            EventKind::ReaderOutage => {
                for (reader, (stream, group)) in readers.iter().enumerate() {
                    let of = &self.workload.streams[*stream];
                    let named = self.event.group.as_deref() == Some(&of.readers[*group].group);
                    if named && self.event.concerns_stream(&of.name) {
                        let event = self.index;
                        self.push(at, Action::Reader { event, reader, down: true });
                        let back = at + settings.outage.as_hours();
                        self.push(back, Action::Reader { event, reader, down: false });
                    }
                }
            }
            EventKind::RetentionChange => {
                let Some(age) = settings.retention else { return };
                for stream in self.streams() {
                    let age = age.as_hours();
                    self.push(at, Action::Retention { event: self.index, stream, age });
                }
            }
            EventKind::BrokerLoss => {
                let brokers = f64::from(settings.brokers);
                let lost = Action::Lose { event: self.index, brokers, zone: false };
                self.push(at, lost);
                let disk = settings.disk;
                let back = Action::Replace { event: self.index, zone: false, disk, throttle };
                self.push(at + settings.replace.as_hours(), back);
            }
            EventKind::ZoneLoss => {
                self.push(at, Action::Lose { event: self.index, brokers: 0.0, zone: true });
                let disk = DeadDisk::Kept;
                let back = Action::Replace { event: self.index, zone: true, disk, throttle };
                self.push(at + settings.outage.as_hours(), back);
            }
            EventKind::ScaleOut | EventKind::ScaleIn => {
                let sign = if self.event.kind == EventKind::ScaleOut { 1.0 } else { -1.0 };
                let brokers = sign * f64::from(settings.brokers);
                self.push(at, Action::Scale { event: Some(self.index), brokers, throttle });
            }
            EventKind::Migration => self.migration(at),
        }
    }

    fn storm(&mut self, at: f64) {
        let settings = self.event.settings.clone();
        if settings.share <= 0.0 {
            return;
        }
        let back = at + settings.outage.as_hours();
        let buffer = settings.buffer.unwrap_or(settings.outage).min(settings.outage);
        let drain = drain(self.event, self.workload);
        for stream in self.streams() {
            let share = self.shares[stream];
            let curve = &self.curves[stream];
            let held = curve.between(Hours::new(back) - buffer, Hours::new(back)) * share;
            let all = curve.between(Hours::new(at), Hours::new(back)) * share;
            let (held, lost) = (held.base_bytes(), (all - held).base_bytes());
            let brimful = Hours::new(at) + buffer;
            let first = curve.between(Hours::new(at), brimful).base_bytes() * share;
            self.push(at, Action::Offline { stream, share });
            self.push(brimful.as_hours(), Action::Brimful { stream, share });
            self.push(back, Action::Offline { stream, share: -share });
            // The last of it, where devices could not hold it all.
            let (event, change) = (self.index, held - first);
            self.push(back, Action::Held { event, stream, held, change, lost });
            self.extra(stream, back, drain.as_hours(), held, true);
        }
        self.push(back + drain.as_hours(), Action::End(self.index));
    }

    fn backfill(&mut self, at: f64) {
        let settings = self.event.settings.clone();
        let streams = self.streams();
        let window = settings.window;
        let produced = |curve: &Curve| curve.between(Hours::new(at) - window, Hours::new(at));
        let all: Bytes = streams.iter().map(|stream| produced(&self.curves[*stream])).sum();
        for stream in streams {
            let own = produced(&self.curves[stream]);
            let bytes = match settings.size {
                // An amount is shared by streams as they produce.
                Some(size) if all > Bytes::ZERO => {
                    size / self.workload.streams[stream].compression * (own / all)
                }
                Some(size) => size / self.workload.streams[stream].compression,
                None => own * settings.share,
            };
            let (event, held) = (self.index, bytes.base_bytes());
            self.push(at, Action::Held { event, stream, held, change: held, lost: 0.0 });
            self.extra(stream, at, settings.within.as_hours(), bytes.base_bytes(), true);
        }
        self.push(at + settings.within.as_hours(), Action::End(self.index));
    }

    fn firmware(&mut self, at: f64) {
        let settings = self.event.settings.clone();
        let within = settings.within.as_hours();
        let mut before = 0.0;
        let waves = settings.waves.0.clone();
        for (wave, share) in waves.iter().enumerate() {
            let start = at + wave as f64 * settings.pause.as_hours();
            for stream in self.streams() {
                let devices = devices(self.event, self.workload, stream);
                let raw =
                    settings.record * (devices * (share - before) * f64::from(settings.messages));
                let bytes = raw / self.workload.streams[stream].compression;
                self.extra(stream, start, within, bytes.base_bytes(), false);
            }
            before = *share;
        }
        let last = (waves.len().max(1) - 1) as f64;
        self.push(at + last * settings.pause.as_hours() + within, Action::End(self.index));
    }

    fn migration(&mut self, at: f64) {
        let Some(course) = self.course.cloned() else { return };
        if at > 0.0 {
            self.push(0.0, Action::Alive(false));
        }
        self.push(at, Action::Alive(true));
        if let Some(done) = course.copied_back {
            self.push(done.as_hours(), Action::End(self.index));
            self.push(done.as_hours(), Action::Alive(false));
        } else {
            self.push(course.cut_over.as_hours(), Action::End(self.index));
        }
    }

    /// So many bytes more, evenly over a span.
    fn extra(&mut self, stream: usize, at: f64, span: f64, bytes: f64, held: bool) {
        if bytes <= 0.0 {
            return;
        }
        let rate = bytes / span.max(1e-6);
        self.push(at, Action::Extra { stream, rate, held });
        self.push(at + span.max(1e-6), Action::Extra { stream, rate: -rate, held });
    }
}

/// Devices that take part in an event on a stream; where some of its topics stand by themselves, as many as produce them.
pub fn devices(event: &Event, workload: &Workload, stream: usize) -> f64 {
    let one = &workload.streams[stream];
    let Some(said) = event.devices else {
        return one.sources.map_or(0.0, |sources| sources.count as f64);
    };
    let alike = workload.streams.iter().filter(|other| other.name == one.name);
    let all: ByteRate = alike.clone().map(|other| other.produce()).sum();
    let share = if alike.count() > 1 { one.produce() / all } else { 1.0 };
    said as f64 * share
}

/// Devices of an event on all its streams: the same devices may send several of them.
pub fn fleet(event: &Event, workload: &Workload) -> f64 {
    let mut fleets: Map<&str, f64> = Map::new();
    let streams = workload.streams.iter().enumerate();
    for (index, stream) in streams.filter(|(_, stream)| event.concerns_stream(&stream.name)) {
        *fleets.or_default(&stream.name) += devices(event, workload, index);
    }
    fleets.into_values().fold(0.0, f64::max)
}

/// Time until 99 % of the devices of a storm are back: `max(G, N/μ + G/2)` (mechanics G2); the last take up to a pause longer.
pub fn reconnected(event: &Event, workload: &Workload) -> Hours {
    let settings = &event.settings;
    let away = fleet(event, workload) * settings.share;
    let accepted = settings.connections.map_or(0.0, |rate| away / f64::from(rate.max(1)));
    settings.retry.max(Hours::from_secs(accepted) + settings.retry / 2.0)
}

/// Time over which the devices of a storm send what they held.
pub fn drain(event: &Event, workload: &Workload) -> Hours {
    event.settings.drain.max(reconnected(event, workload))
}
