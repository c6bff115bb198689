//! A stream's log through time: what came in, and windows over it that move on as records age.
//!
//! What comes in is the stream's [`Curve`], and a difference where the platform accepted less or more than that. Bytes
//! are conserved by construction: what a window holds is what came in less what it let go.

use super::bounds::Bounds;
use super::curve::{Curve, Walker};

/// What was accepted, as a curve and a difference to it.
#[derive(Clone, Debug)]
pub struct Log {
    curve: Curve,
    lead: Walker,
    /// Differences to the curve: from, to, bytes per hour.
    differences: Vec<(f64, f64, f64)>,
    /// Sum of the differences so far.
    extra: f64,
    /// Bytes accepted since the start.
    accepted: f64,
}

/// Whether a rate that is so much more than the curve's from a moment on goes on where the last difference ends.
fn goes_on(list: &[(f64, f64, f64)], now: f64, difference: f64) -> bool {
    list.last().is_some_and(|last| last.1 == now && last.2 == difference)
}

impl Log {
    /// At the start of the horizon.
    pub fn new(curve: Curve) -> Self {
        let lead = Walker::at(&curve, 0.0);
        Self { curve, lead, differences: Vec::new(), extra: 0.0, accepted: 0.0 }
    }

    /// The curve under it.
    pub fn curve(&self) -> &Curve {
        &self.curve
    }

    /// The curve's rate now, in bytes per hour.
    pub fn offered(&self) -> f64 {
        self.lead.rate()
    }

    /// Until when that rate holds, in hours.
    pub fn until(&self) -> f64 {
        self.lead.until()
    }

    /// Bytes accepted since the start.
    pub fn accepted(&self) -> f64 {
        self.accepted
    }

    /// A walker that is where records come in.
    pub fn lead(&self) -> Walker {
        self.lead
    }

    /// Until when the stream neither starts nor ends nor grows, in hours.
    pub fn alike_until(&self) -> f64 {
        self.lead.alike_until()
    }

    /// The largest mean of any month between two moments, in bytes an hour.
    pub fn most_between(&self, from: f64, to: f64) -> f64 {
        self.curve.most_between(from, to)
    }

    /// Bytes that were accepted beyond the curve since a moment, at most.
    pub fn more_than_usual(&self, since: f64) -> f64 {
        let late = self.differences.iter().filter(|one| one.1 > since);
        late.map(|one| one.2.at_least(0.0) * (one.1 - one.0)).sum()
    }

    /// Accepts what the curve says until a moment; returns the same as [`Self::accept`] but for rounding errors.
    pub fn leap(&mut self, to: f64) -> f64 {
        let area = self.extra * (to - self.lead.moment());
        let area = area + self.lead.leap(&self.curve, to);
        self.accepted = self.lead.sum + self.extra;
        area
    }

    /// Accepts at a rate from one moment to another; returns the integral over time of what was accepted since the start.
    pub fn accept(&mut self, from: f64, to: f64, rate: f64) -> f64 {
        let offered = self.lead.rate();
        let difference = rate - offered;
        let span = to - from;
        let mut area = self.lead.advance(&self.curve, to);
        area += (self.extra + difference * span / 2.0) * span;
        if difference.abs() > offered.abs() * 1e-12 {
            match self.differences.last_mut() {
                Some(last) if last.1 == from && last.2 == difference => last.1 = to,
                _ => self.differences.push((from, to, difference)),
            }
            self.extra += difference * span;
        }
        self.accepted = self.lead.sum + self.extra;
        area
    }
}

/// What was sent, as differences to the same curve: a log that nothing expires from.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    list: Vec<(f64, f64, f64)>,
}

impl Differences {
    /// A rate other than the curve's, from one moment to another, in bytes an hour.
    pub fn note(&mut self, from: f64, to: f64, difference: f64) {
        match self.list.last_mut() {
            Some(last) if last.1 == from && last.2 == difference => last.1 = to,
            _ => self.list.push((from, to, difference)),
        }
    }
}

/// A place in a log, as the moment at which the record there came in.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    walker: Walker,
    at: f64,
    /// The difference that it is in or before.
    next: usize,
}

impl Cursor {
    /// At the record that comes in at a moment.
    pub fn at(curve: &Curve, differences: &[(f64, f64, f64)], moment: f64) -> Self {
        let next = differences.partition_point(|one| one.1 <= moment);
        let next = next.min(differences.len().saturating_sub(1));
        Self { walker: Walker::at(curve, moment), at: moment, next }
    }

    /// The moment.
    pub fn moment(&self) -> f64 {
        self.at
    }

    /// Rate at which records came in there, and until when as far as is known.
    fn stretch(&self, differences: &[(f64, f64, f64)]) -> (f64, f64) {
        let (mut rate, mut until) = (self.walker.rate(), self.walker.until());
        if let Some(&(from, to, each)) = differences.get(self.next) {
            if from > self.at {
                until = until.at_most(from);
            } else if to > self.at {
                rate += each;
                until = until.at_most(to);
            }
        }
        (rate.at_least(0.0), until)
    }

    /// Bytes from here to where the rate changes; endless where nothing comes in. Where the last difference `grows` its
    /// end is no change: there more of the same is to come.
    pub fn ahead(&self, differences: &[(f64, f64, f64)], grows: bool) -> f64 {
        let (rate, until) = self.stretch(differences);
        let growing = grows && self.next + 1 == differences.len();
        let until = if growing && until < self.walker.until() && differences[self.next].0 <= self.at
        {
            self.walker.until()
        } else {
            until
        };
        if rate <= 0.0 { f64::INFINITY } else { rate * (until - self.at) }
    }

    /// Moves on by so many bytes, no further than to `limit`, and to the next record where nothing came in.
    pub fn advance(
        &mut self,
        curve: &Curve,
        differences: &[(f64, f64, f64)],
        bytes: f64,
        limit: f64,
    ) {
        // A change of rate that is all but here is here: less than half a millisecond.
        const HERE: f64 = 1e-7;
        let mut left = bytes;
        while self.at < limit {
            let (rate, until) = self.stretch(differences);
            let end = until.at_most(limit);
            let there = rate * (end - self.at);
            if there > left {
                let to = self.at + left / rate;
                if until > limit || until - to > HERE {
                    self.go(curve, differences, to);
                    return;
                }
            }
            left = (left - there).at_least(0.0);
            self.go(curve, differences, end);
        }
    }

    fn go(&mut self, curve: &Curve, differences: &[(f64, f64, f64)], to: f64) {
        self.walker.advance(curve, to);
        self.at = to;
        // The last one may still grow.
        while self.next + 1 < differences.len() && differences[self.next].1 <= self.at {
            self.next += 1;
        }
    }
}

impl Log {
    /// A reader's place at a moment.
    pub fn cursor(&self, moment: f64) -> Cursor {
        Cursor::at(&self.curve, &self.differences, moment)
    }

    /// A reader moves on by so many bytes, no further than to `limit`.
    pub fn read(&self, cursor: &mut Cursor, bytes: f64, limit: f64) {
        cursor.advance(&self.curve, &self.differences, bytes, limit);
    }

    /// Bytes from a reader's place to where the rate changes, while records come in at a rate.
    pub fn ahead(&self, cursor: &Cursor, rate: f64) -> f64 {
        let grows = goes_on(&self.differences, self.lead.moment(), rate - self.offered());
        cursor.ahead(&self.differences, grows)
    }

    /// The same for what waits to be sent.
    pub fn sent(&self, sent: &Differences, moment: f64) -> Cursor {
        Cursor::at(&self.curve, &sent.list, moment)
    }

    /// The oldest of what waits moves on.
    pub fn send(&self, sent: &Differences, cursor: &mut Cursor, bytes: f64, limit: f64) {
        cursor.advance(&self.curve, &sent.list, bytes, limit);
    }

    /// Bytes from the oldest of what waits to where the rate changes, while it is sent at a rate.
    pub fn to_send(&self, sent: &Differences, cursor: &Cursor, rate: f64) -> f64 {
        let grows = goes_on(&sent.list, self.lead.moment(), rate - self.offered());
        cursor.ahead(&sent.list, grows)
    }
}

/// Records younger than an age, as bytes.
#[derive(Clone, Debug)]
pub struct Window {
    /// Records older than this are out.
    age: f64,
    /// The moment at which the youngest record that is out was accepted.
    edge: f64,
    trail: Walker,
    /// The difference that the edge is in or before.
    next: usize,
    extra: f64,
    /// What it held at the start.
    before: f64,
}

impl Window {
    /// A window that has been there since long before the start.
    pub fn new(log: &Log, age: f64) -> Self {
        use crate::units::Hours;
        let before = log.curve.between(Hours::new(-age), Hours::ZERO).base_bytes();
        Self { age, edge: -age, trail: Walker::at(&log.curve, -age), next: 0, extra: 0.0, before }
    }

    /// Bytes that it held at the start.
    pub fn before(&self) -> f64 {
        self.before
    }

    /// Bytes that it has let go since the start.
    pub fn released(&self) -> f64 {
        self.trail.sum + self.extra
    }

    /// Bytes in it.
    pub fn held(&self, log: &Log) -> f64 {
        (self.before + log.accepted - self.released()).at_least(0.0)
    }

    /// How old its oldest record may be.
    pub fn age(&self) -> f64 {
        self.age
    }

    /// From now on, records of another age are out: of a smaller one at once, of a larger one none until they are old
    /// enough.
    pub fn set_age(&mut self, log: &Log, age: f64, now: f64) {
        self.age = age;
        self.release(log, now - age);
    }

    /// Lets go everything that came in before a moment.
    pub fn cut(&mut self, log: &Log, edge: f64) {
        self.release(log, edge);
    }

    /// Rate at which it lets go at a moment, in bytes per hour.
    pub fn releasing(&self, log: &Log, now: f64) -> f64 {
        if now - self.age < self.edge - 1e-9 {
            return 0.0;
        }
        let extra = self.difference(log).filter(|one| one.0 <= self.edge);
        self.trail.rate() + extra.map_or(0.0, |one| one.2)
    }

    /// Bytes that it lets go from now until a moment, as far as is known now.
    pub fn expiring(&self, log: &Log, until: f64) -> f64 {
        let mut later = self.clone();
        later.release(log, until - self.age);
        later.released() - self.released()
    }

    /// The difference that the edge is in or before; one that ends at the edge is behind it.
    fn difference<'a>(&self, log: &'a Log) -> Option<&'a (f64, f64, f64)> {
        log.differences[self.next.min(log.differences.len())..].iter().find(|one| one.1 > self.edge)
    }

    /// Until when it lets go at the rate of a moment, as far as is known by then.
    pub fn until(&self, log: &Log, now: f64) -> f64 {
        if now - self.age < self.edge - 1e-9 {
            return self.edge + self.age;
        }
        let mut until = self.trail.until();
        if let Some(one) = self.difference(log) {
            until = until.at_most(if one.0 > self.edge { one.0 } else { one.1 });
        }
        until + self.age
    }

    /// Lets go what is too old from one moment to another; returns the integral over time of what it has let go since
    /// the start. The log must have accepted up to `to`.
    pub fn advance(&mut self, log: &Log, from: f64, to: f64) -> f64 {
        self.hold(from, to) + self.release(log, to - self.age)
    }

    /// The same as [`Self::advance`] but for rounding errors: whole weeks that are alike are taken at once.
    pub fn leap(&mut self, log: &Log, from: f64, to: f64) -> f64 {
        self.hold(from, to) + self.release_by(log, to - self.age, Walker::leap)
    }

    /// The moment at which the youngest record that is out was accepted.
    pub fn edge(&self) -> f64 {
        self.edge
    }

    /// What it has let go, over the time until something is old enough.
    fn hold(&self, from: f64, to: f64) -> f64 {
        self.released() * (self.edge + self.age - from).clamp(0.0, to - from)
    }

    fn release(&mut self, log: &Log, edge: f64) -> f64 {
        self.release_by(log, edge, Walker::advance)
    }

    fn release_by(
        &mut self,
        log: &Log,
        edge: f64,
        walk: impl FnOnce(&mut Walker, &Curve, f64) -> f64,
    ) -> f64 {
        if edge <= self.edge {
            return 0.0;
        }
        let mut area = walk(&mut self.trail, &log.curve, edge);
        // The differences that the edge passes.
        let mut at = self.edge;
        while at < edge {
            let Some(&(from, to, rate)) = log.differences.get(self.next) else {
                area += self.extra * (edge - at);
                break;
            };
            if to <= at {
                // The last one may still grow.
                if self.next + 1 == log.differences.len() {
                    area += self.extra * (edge - at);
                    break;
                }
                self.next += 1;
                continue;
            }
            if from > at {
                // Moments are taken over, not added up: a sum may miss one by a rounding error.
                area += self.extra * (from.at_most(edge) - at);
                if from >= edge {
                    break;
                }
                at = from;
            }
            let end = to.at_most(edge);
            let span = end - at;
            area += (self.extra + rate * span / 2.0) * span;
            self.extra += rate * span;
            at = end;
        }
        self.edge = edge;
        area
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::Month;
    use crate::shape::Shape;
    use crate::units::{ByteRate, Hours};
    use crate::workload::{Cleanup, Growth, Stream};

    fn log(shape: &str) -> Log {
        let stream = Stream {
            name: "events".to_owned(),
            owner: None,
            sources: None,
            produce_raw: ByteRate::new(1.0 / 3600.0),
            records: None,
            compression: 1.0,
            shape: Shape::named(shape).expect("a named shape"),
            clock: Hours::ZERO,
            growth: Growth::none(),
            start: None,
            end: None,
            keys: None,
            partitions: None,
            retention: Hours::from_days(7.0),
            cleanup: Cleanup::Delete,
            tiered: true,
            readers: Vec::new(),
        };
        let month = Month { index: 0, start: Hours::ZERO, length: Hours::new(730.0) };
        Log::new(Curve::new(&stream, &[month], Hours::ZERO, true))
    }

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    /// One byte an hour, held for ten hours; three more an hour from 20 to 22.
    #[test]
    fn a_window_holds_what_came_in_less_what_it_let_go() {
        let mut log = log("flat");
        let mut window = Window::new(&log, 10.0);
        near(window.held(&log), 10.0);
        let mut area = 0.0;
        for (from, to, rate) in
            [(0.0, 20.0, 1.0), (20.0, 22.0, 4.0), (22.0, 31.0, 1.0), (31.0, 40.0, 1.0)]
        {
            area += window.before() * (to - from) + log.accept(from, to, rate);
            area -= window.advance(&log, from, to);
            match to {
                22.0 => near(window.held(&log), 16.0),
                31.0 => near(window.held(&log), 13.0),
                _ => near(window.held(&log), 10.0),
            }
        }
        // Ten bytes for forty hours, and six more for the ten hours that each of them stays.
        near(area, 400.0 + 60.0);
    }

    /// What it lets go from now on, where one difference ends and another begins.
    #[test]
    fn at_the_end_of_a_difference_the_next_one_counts() {
        let mut log = log("flat");
        let mut window = Window::new(&log, 10.0);
        for (from, to, rate) in
            [(0.0, 4.0, 1.0), (4.0, 6.0, 0.0), (6.0, 8.0, 0.5), (8.0, 16.0, 1.0)]
        {
            log.accept(from, to, rate);
            window.advance(&log, from, to);
        }
        near(window.releasing(&log, 16.0), 0.5);
        near(window.until(&log, 16.0), 18.0);
    }

    #[test]
    fn a_longer_age_holds_until_records_are_old_enough() {
        let mut log = log("flat");
        let mut window = Window::new(&log, 10.0);
        let step = |window: &mut Window, log: &mut Log, from: f64, to: f64| {
            log.accept(from, to, 1.0);
            window.advance(log, from, to);
            window.held(log)
        };
        near(step(&mut window, &mut log, 0.0, 5.0), 10.0);
        window.set_age(&log, 30.0, 5.0);
        near(step(&mut window, &mut log, 5.0, 15.0), 20.0);
        near(step(&mut window, &mut log, 15.0, 35.0), 30.0);
        window.set_age(&log, 12.0, 35.0);
        near(window.held(&log), 12.0);
        near(window.released(), 33.0);
    }

    #[test]
    fn splitting_an_interval_changes_nothing() {
        let run = |splits: usize| {
            let mut log = log("office-hours");
            let mut window = Window::new(&log, 33.3);
            let mut area = 0.0;
            for hour in 0..200 {
                for part in 0..splits {
                    let from = f64::from(hour) + part as f64 / splits as f64;
                    let to = f64::from(hour) + (part + 1) as f64 / splits as f64;
                    let rate = if (50..60).contains(&hour) { 0.0 } else { log.offered() };
                    area += log.accept(from, to, rate);
                    area -= window.advance(&log, from, to);
                }
            }
            (area, window.held(&log))
        };
        let (whole, split) = (run(1), run(7));
        near(whole.0, split.0);
        near(whole.1, split.1);
    }
}
