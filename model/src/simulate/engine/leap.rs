//! Stretches in which nothing happens, taken at once, where only totals are asked for.
//!
//! While no event runs, nobody is behind and every hour of the week is within all limits, one week is like the next: what is
//! produced and kept are the same integrals as hour by hour, in closed form over whole weeks, and what is asked of object
//! storage is counted for one week. Costs come out the same but for rounding errors of floats; samples, peaks and what is
//! told of events are not kept.

use super::*;
use crate::simulate::curve::Walker;
use crate::simulate::share::{RATED_IN, ratio};

/// Hours from which on it takes less to look whether nothing happens than to go through them: a day.
const WORTH_IT: f64 = 24.0;

impl Engine<'_> {
    /// Goes on to an hour before anything changes but the hour of the week, if that is worth it.
    pub(super) fn leap(&mut self) {
        if !self.run.leaps || self.doubted == Some((self.month, self.next)) {
            return;
        }
        // The last hour is a step like any other, and leaves behind what whatever comes next looks at.
        let to = (self.alike_until() - 1.0).floor();
        if to - self.now < WORTH_IT || !self.is_quiet() {
            return;
        }
        if !self.is_within_limits() || !self.has_room(to) {
            self.doubted = Some((self.month, self.next));
            return;
        }
        self.count_requests_until(to);
        self.pass(to);
    }

    /// Until when nothing is to be done, and no stream starts, ends or grows.
    fn alike_until(&self) -> f64 {
        let mut until = self.end;
        if let Some((at, _)) = self.schedule.get(self.next) {
            until = until.at_most(*at);
        }
        for stream in &self.streams {
            until = until.at_most(stream.log.alike_until());
        }
        until
    }

    /// Whether nothing is left of anything that happened.
    fn is_quiet(&self) -> bool {
        let settled = |credits: &Credits| credits.burst <= 1.0 || credits.left >= credits.full;
        let stream = |one: &Stream| {
            let amounts =
                [one.offline, one.hoarding, one.extra, one.sending, one.held, one.refused];
            amounts.iter().all(|amount| *amount == 0.0) && one.pending == 0.0
        };
        let shut = [&self.watch_saturated, &self.watch_dark, &self.watch_full];
        self.alive
            && self.pending.is_empty()
            && self.jobs.is_empty()
            && self.copies.is_empty()
            && [self.lost, self.empty, self.dark].iter().all(|amount| *amount == 0.0)
            && self.serving > 0.0
            && !self.full
            && settled(&self.network)
            && settled(&self.disk)
            && self.run.course.is_none()
            && self.run.fleets[self.month].hourly.is_none()
            && self.streams.iter().all(stream)
            && self.readers.iter().all(|one| {
                one.backlog == 0.0 && !one.is_down() && one.losing.is_none() && one.lag == 0.0
            })
            && shut.into_iter().chain(&self.watch_lag).all(Watch::is_shut)
            && self.watch_freshness.as_ref().is_none_or(Watch::is_shut)
    }

    /// Whether everyone gets what they need in every hour of a week: with all streams at their highest at once, or else hour
    /// by hour.
    fn is_within_limits(&self) -> bool {
        let mut rates: Vec<f64> = self.streams.iter().map(|stream| stream.highest).collect();
        if self.serves(&rates) {
            return true;
        }
        let mut week = self.week();
        while let Some((_, span)) = week.next(&self.streams, &mut rates) {
            if span > 0.0 && !self.serves(&rates) {
                return false;
            }
        }
        true
    }

    /// Whether brokers serve everyone at so much a stream, without credits and within the freshness that is asked for.
    fn serves(&self, rates: &[f64]) -> bool {
        let setup = self.setup();
        let settings = &self.run.design.settings;
        let behind_always = settings.catch_up_share;
        let upload = (settings.upload_rate_max * Hours::new(1.0)).base_bytes() * self.serving;
        let mut demand = Amounts::default();
        let (mut tail, mut local, mut remote, mut rated) = (0.0, 0.0, 0.0, 0.0);
        for ((stream, of), rate) in self.streams.iter().zip(&setup.streams).zip(rates) {
            if *rate > stream.slowest * stream.highest || (of.tiered && *rate > upload) {
                return false;
            }
            demand.add(*rate, &of.produce);
            rated += rate;
            let fetched = rate * stream.fan_out;
            tail += fetched * (1.0 - behind_always);
            let from_store = self.shared || of.tiered;
            *(if from_store { &mut remote } else { &mut local }) += fetched * behind_always;
        }
        demand.0[RATED_IN] = rated;
        demand.add(tail, &setup.tail);
        demand.add(local, &setup.local);
        demand.add(remote, &setup.remote);
        let capacity = self.capacity();
        let (busiest, _) = demand.utilization(&capacity);
        let credits = [(IN, &self.network), (OUT, &self.network), (DISK, &self.disk)];
        let spends = |(index, credits): (usize, &Credits)| {
            credits.slope(ratio(demand.0[index], capacity.0[index])) < 0.0
        };
        let fresh = self.run.freshness.is_none_or(|most| self.latency(busiest) <= most.as_hours());
        // Whatever comes close is looked at hour by hour.
        busiest <= 1.0 - NEARLY && fresh && !credits.into_iter().any(spends)
    }

    /// Whether what is kept never fills the disks on the way.
    fn has_room(&self, to: f64) -> bool {
        let setup = self.setup();
        let disks = self.disks();
        if self.shared || !disks.is_finite() {
            return true;
        }
        let streams = self.streams.iter().zip(&setup.streams).zip(&self.run.workload.streams);
        let most: f64 = streams
            .map(|((one, of), stream)| match (of.compacted, &one.local) {
                (Some(size), _) => size,
                (None, Some(local)) => {
                    let busiest = stream.shape.busiest_window(Hours::new(local.age()));
                    let oldest = local.edge().at_most(self.now - local.age());
                    one.log.most_between(oldest, to) * local.age() * busiest
                        + one.log.more_than_usual(oldest)
                }
                (None, None) => 0.0,
            })
            .sum();
        most * setup.copies < disks * (1.0 - NEARLY)
    }

    /// Moves on to a moment.
    fn pass(&mut self, to: f64) {
        let (from, span) = (self.now, to - self.now);
        let behind_always = self.run.design.settings.catch_up_share;
        let setup = &self.setups[self.month];
        let total = &mut self.totals[self.month];
        for (index, stream) in self.streams.iter_mut().enumerate() {
            let of = &setup.streams[index];
            let compacted = compacted(of, &stream.log, from);
            let before = stream.log.accepted();
            let area = stream.log.leap(to);
            let produced = stream.log.accepted() - before;
            let fetched = produced * stream.fan_out;
            let streams = &mut total.streams[index];
            streams.produce += produced;
            streams.tail += fetched;
            streams.behind += fetched * behind_always;
            let held = |window: &mut Option<Window>| {
                window.as_mut().map_or(0.0, |window| {
                    (window.before() * span + area - window.leap(&stream.log, from, to))
                        .at_least(0.0)
                })
            };
            let kept = held(&mut stream.total);
            let (local, open) = (held(&mut stream.local), held(&mut stream.open));
            if self.shared {
                total.remote += compacted.map_or(kept, |size| size * span);
            } else {
                total.local += compacted.map_or(local, |size| size * span) * setup.copies;
                total.remote += if of.tiered { (kept - open).at_least(0.0) } else { 0.0 };
            }
        }
        total.alive_hours += span;
        total.broker_hours += self.paid * span;
        self.alive_hours += span;
        self.now = to;
        self.steps += 1;
    }

    /// Requests that producing asks for until a moment: those of the hours of one week, as often as they come.
    fn count_requests_until(&mut self, to: f64) {
        if !self.shared {
            return;
        }
        let plain = self.serving == f64::from(self.run.fleets[self.month].brokers);
        let (start, length) = (self.now, WEEK as f64);
        let weeks = ((to - start) / length).floor();
        let rest = to - weeks * length;
        let mut rates = vec![0.0; self.streams.len()];
        let mut week = self.week();
        while let Some((from, span)) = week.next(&self.streams, &mut rates) {
            let once_more = (rest - from).at_most(span).at_least(0.0);
            if weeks == 0.0 && once_more == 0.0 {
                break;
            }
            for (stream, rate) in self.streams.iter_mut().zip(&rates) {
                stream.accepted = *rate;
            }
            self.count(from, span * weeks + once_more, plain);
        }
    }

    /// The week that begins now.
    fn week(&self) -> Week {
        let walkers = self.streams.iter().map(|stream| stream.log.lead()).collect();
        Week { walkers, at: self.now, end: self.now + WEEK as f64 }
    }
}

/// A walk through a week, rate by rate.
struct Week {
    walkers: Vec<Walker>,
    at: f64,
    end: f64,
}

impl Week {
    /// From when and how long the next rates hold, which are left behind.
    fn next(&mut self, streams: &[Stream], rates: &mut [f64]) -> Option<(f64, f64)> {
        if self.at >= self.end {
            return None;
        }
        let from = self.at;
        let mut to = self.end;
        for (walker, rate) in self.walkers.iter().zip(rates) {
            *rate = walker.rate();
            to = to.at_most(walker.until());
        }
        for (walker, stream) in self.walkers.iter_mut().zip(streams) {
            walker.advance(stream.log.curve(), to);
        }
        self.at = to;
        Some((from, to - from))
    }
}
