//! The rate at which a stream is produced through the horizon, as its scenario says and before anything happens to it.
//!
//! Piecewise constant: it changes on the hour of the stream's own clock, with the month's growth, and where the stream
//! starts or ends. All integrals over it are exact.

use super::bounds::Bounds;
use crate::load::Month;
use crate::shape::WEEK;
use crate::units::{ByteRate, Bytes, Hours};
use crate::workload::Stream;

/// A stream's rate through time.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Rate of each month at a shape factor of one, in bytes per hour.
    rates: Vec<f64>,
    /// When each month starts, in hours.
    starts: Vec<f64>,
    /// Hourly factors, from Monday 00:00 on the stream's clock.
    factors: Box<[f64; WEEK]>,
    /// Whether all factors are the same.
    flat: bool,
    /// Sum of the factors, and of each times its place in the week.
    sums: (f64, f64),
    /// Hours between the Monday before the start and the start, on the stream's clock.
    phase: f64,
    /// When it starts and ends, in hours; from before the start, where the log is full at the start.
    life: (f64, f64),
}

impl Curve {
    /// When its stream starts, in hours.
    pub fn begins(&self) -> f64 {
        self.life.0
    }

    /// Of one stream. A log that is full at the start has seen the first month's rate for ever.
    pub fn new(stream: &Stream, months: &[Month], week_start: Hours, full: bool) -> Self {
        let rate = (stream.produce() * Hours::new(1.0)).base_bytes();
        let mut factors = Box::new([1.0; WEEK]);
        for (hour, factor) in factors.iter_mut().enumerate() {
            *factor = stream.shape.factor(hour);
        }
        let born = if full { f64::NEG_INFINITY } else { 0.0 };
        Self {
            rates: months.iter().map(|month| rate * stream.growth.factor(month.index)).collect(),
            starts: months.iter().map(|month| month.start.as_hours()).collect(),
            flat: factors.iter().all(|factor| *factor == factors[0]),
            sums: factors.iter().enumerate().fold((0.0, 0.0), |sums, (hour, factor)| {
                (sums.0 + factor, sums.1 + factor * hour as f64)
            }),
            factors,
            phase: (week_start + stream.clock).as_hours(),
            life: (
                stream.start.map_or(born, Hours::as_hours),
                stream.end.map_or(f64::INFINITY, Hours::as_hours),
            ),
        }
    }

    /// Whether it changes on the hour.
    pub fn is_flat(&self) -> bool {
        self.flat
    }

    /// The month of a moment; everything before the start is like the first.
    fn month(&self, at: f64) -> usize {
        self.starts.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// Its highest hour in the month of a moment.
    pub fn highest(&self, at: Hours) -> ByteRate {
        let factor = self.factors.iter().copied().fold(0.0, f64::max);
        ByteRate::new(self.rates[self.month(at.as_hours())] * factor / 3600.0)
    }

    /// The largest mean of any month between two moments, in bytes an hour.
    pub fn most_between(&self, from: f64, to: f64) -> f64 {
        let months = &self.rates[self.month(from)..=self.month(to)];
        months.iter().copied().fold(0.0, f64::at_least)
    }

    /// What is produced in a week at a scale of one, and the integral of its sum over that week; from so far into an hour
    /// of the week.
    fn week(&self, slot: usize, into: f64) -> (f64, f64) {
        let week = WEEK as f64;
        let (all, moment) = self.sums;
        let (here, before) = (self.factors[slot], self.factors[..slot].iter().sum::<f64>());
        // What is produced after t hours is there for the rest of the week: of whole hours, the middle of each.
        let places = moment - slot as f64 * all + week * before;
        let whole = (all - here) * (week - 0.5 + into) - places;
        let first = here * (1.0 - into) * (week - (1.0 - into) / 2.0);
        (all, first + whole + here * into * into / 2.0)
    }

    /// Its mean in the month of a moment.
    pub fn mean(&self, at: Hours) -> ByteRate {
        ByteRate::new(self.rates[self.month(at.as_hours())] / 3600.0)
    }

    /// What is produced between two moments, exactly.
    pub fn between(&self, from: Hours, to: Hours) -> Bytes {
        let (from, to) = (from.as_hours(), to.as_hours());
        if to <= from {
            return Bytes::ZERO;
        }
        let mut walker = Walker::at(self, from);
        // Whole weeks before the start are alike.
        let before = (to.at_most(0.0) - from.at_least(self.life.0)).at_least(0.0);
        let weeks = if before.is_finite() { (before / WEEK as f64).floor() } else { 0.0 };
        let mut skipped = 0.0;
        if weeks > 1.0 && from >= self.life.0 {
            let span = (weeks - 1.0) * WEEK as f64;
            skipped = span * self.rates[0];
            walker = Walker::at(self, from + span);
        }
        walker.advance(self, to);
        Bytes::new(skipped + walker.sum)
    }

    /// What is produced between two moments at the months' mean rates, whatever the shape.
    pub fn mean_between(&self, from: Hours, to: Hours) -> Bytes {
        let from = from.as_hours().at_least(self.life.0);
        let to = to.as_hours().at_most(self.life.1);
        let mut sum = 0.0;
        for (index, rate) in self.rates.iter().enumerate() {
            let start = if index == 0 { f64::NEG_INFINITY } else { self.starts[index] };
            let end = self.starts.get(index + 1).copied().unwrap_or(f64::INFINITY);
            sum += rate * (to.at_most(end) - from.at_least(start)).at_least(0.0);
        }
        Bytes::new(sum)
    }
}

/// A moment that walks along a curve, and what was produced on its way.
#[derive(Clone, Copy, Debug)]
pub struct Walker {
    /// Where it is, in hours.
    at: f64,
    /// Rate from here on, in bytes per hour.
    rate: f64,
    /// Until when the rate holds.
    until: f64,
    /// Bytes since it set off.
    pub sum: f64,
    /// The hour that it is in, counted on the stream's clock, and its place in the week.
    hour: f64,
    slot: usize,
    /// Rate of the month at a factor of one, nothing while the stream is not there; until when that holds.
    scale: f64,
    scale_until: f64,
}

impl Walker {
    /// Sets off at a moment.
    pub fn at(curve: &Curve, at: f64) -> Self {
        let mut walker = Self {
            at,
            rate: 0.0,
            until: at,
            sum: 0.0,
            hour: 0.0,
            slot: 0,
            scale: 0.0,
            scale_until: at,
        };
        if !curve.flat {
            let hour = (at + curve.phase).floor();
            // A moment just short of the hour by a rounding error is the hour.
            let late = hour + 1.0 - (at + curve.phase) < 1e-9;
            walker.hour = if late { hour + 1.0 } else { hour };
            walker.slot = walker.hour.rem_euclid(WEEK as f64) as usize % WEEK;
        }
        walker.look(curve);
        walker
    }

    /// Where it is, in hours.
    pub fn moment(&self) -> f64 {
        self.at
    }

    /// The rate from here on, in bytes per hour.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Until when that rate holds, in hours.
    pub fn until(&self) -> f64 {
        self.until
    }

    fn look(&mut self, curve: &Curve) {
        let at = self.at;
        if at >= self.scale_until {
            let month = curve.month(at);
            let mut until = curve.starts.get(month + 1).copied().unwrap_or(f64::INFINITY);
            for end in [curve.life.0, curve.life.1] {
                if end > at {
                    until = until.at_most(end);
                }
            }
            let alive = at >= curve.life.0 && at < curve.life.1;
            self.scale = if alive { curve.rates[month] } else { 0.0 };
            self.scale_until = until;
        }
        self.until = self.scale_until;
        if !curve.flat {
            let mut end = self.hour + 1.0 - curve.phase;
            while end <= at {
                self.hour += 1.0;
                self.slot = if self.slot + 1 == WEEK { 0 } else { self.slot + 1 };
                end = self.hour + 1.0 - curve.phase;
            }
            self.until = self.until.at_most(end);
        }
        self.rate = self.scale * curve.factors[self.slot];
    }

    /// Until when its stream neither starts nor ends nor grows, in hours.
    pub fn alike_until(&self) -> f64 {
        self.scale_until
    }

    /// The same as [`Self::advance`] but for rounding errors: whole weeks that are alike are taken at once.
    pub fn leap(&mut self, curve: &Curve, to: f64) -> f64 {
        let week = WEEK as f64;
        let mut area = 0.0;
        while self.at < to {
            let alike = self.scale_until.at_most(to);
            let weeks = if curve.flat { 0.0 } else { ((alike - self.at) / week).floor() };
            if weeks >= 1.0 {
                let into = (self.at + curve.phase - self.hour).clamp(0.0, 1.0);
                let (produced, within) = curve.week(self.slot, into);
                let produced = produced * self.scale;
                let before = self.sum * week + within * self.scale;
                area += (before + produced * week * (weeks - 1.0) / 2.0) * weeks;
                self.sum += produced * weeks;
                self.at += week * weeks;
                self.hour += week * weeks;
                self.look(curve);
            }
            area += self.advance(curve, alike);
        }
        area
    }

    /// Walks on to a moment; returns the integral over the way of the sum so far, in byte-hours.
    pub fn advance(&mut self, curve: &Curve, to: f64) -> f64 {
        let mut area = 0.0;
        while self.at < to {
            let end = self.until.at_most(to);
            let span = end - self.at;
            let produced = self.rate * span;
            area += (self.sum + produced / 2.0) * span;
            self.sum += produced;
            self.at = end;
            if end >= self.until {
                self.look(curve);
            }
        }
        area
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{NAMED, Shape};
    use crate::workload::{Cleanup, Growth};

    fn stream(shape: &str) -> Stream {
        Stream {
            name: "events".to_owned(),
            owner: None,
            sources: None,
            produce_raw: ByteRate::from_mib_per_sec(10.0),
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
        }
    }

    fn months(count: u32) -> Vec<Month> {
        let length = Hours::new(730.0);
        (0..count).map(|index| Month { index, start: length * f64::from(index), length }).collect()
    }

    fn curve(stream: &Stream) -> Curve {
        Curve::new(stream, &months(12), Hours::ZERO, true)
    }

    #[track_caller]
    fn near(found: Bytes, expected: Bytes) {
        let slip = (found - expected).base_bytes().abs() / expected.base_bytes().max(1.0);
        assert!(slip < 1e-12, "{found} instead of {expected}");
    }

    #[test]
    fn a_week_of_any_shape_is_a_week_of_its_mean() {
        for named in NAMED {
            let stream = stream(named.name);
            let curve = curve(&stream);
            for from in [-5000.25, -300.0, 0.0, 17.3, 1000.0] {
                let from = Hours::new(from);
                let week = curve.between(from, from + Hours::from_days(7.0));
                near(week, stream.produce() * Hours::from_days(7.0));
                let weeks = curve.between(from, from + Hours::from_days(70.0));
                near(weeks, stream.produce() * Hours::from_days(70.0));
            }
        }
    }

    #[test]
    fn growth_starts_a_month_and_streams_start_and_end() {
        let mut stream = stream("flat");
        stream.growth = Growth::compound(1.0);
        let hour = stream.produce() * Hours::new(1.0);
        near(curve(&stream).between(Hours::new(729.0), Hours::new(731.0)), hour * 3.0);
        near(curve(&stream).mean_between(Hours::new(729.0), Hours::new(731.0)), hour * 3.0);
        stream.start = Some(Hours::new(100.0));
        stream.end = Some(Hours::new(102.5));
        near(curve(&stream).between(Hours::new(-50.0), Hours::new(500.0)), hour * 2.5);
        near(curve(&stream).mean_between(Hours::new(-50.0), Hours::new(500.0)), hour * 2.5);
    }

    #[test]
    fn an_empty_log_has_no_past() {
        let curve = Curve::new(&stream("flat"), &months(1), Hours::ZERO, false);
        assert_eq!(curve.between(Hours::new(-100.0), Hours::ZERO), Bytes::ZERO);
    }

    #[test]
    fn a_clock_of_its_own_moves_the_curve() {
        let mut east = stream("nightly-batch");
        east.clock = Hours::new(5.5);
        let curve = curve(&east);
        let hour = |from: f64| curve.between(Hours::new(from), Hours::new(from + 1.0)).as_gib();
        // Midnight there is 18:30 here.
        let full = (east.produce() * Hours::new(12.0)).as_gib();
        assert!((hour(18.0) - full / 2.0).abs() < 1e-9);
        assert!((hour(19.0) - full).abs() < 1e-9);
        assert!((hour(20.0) - full / 2.0).abs() < 1e-9);
        assert_eq!(hour(0.0), 0.0);
    }
}
