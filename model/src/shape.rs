//! The shape of a week: how far a stream's rate is above or below its mean, hour by hour.

use std::f64::consts::PI;
use std::sync::Arc;

use crate::units::Hours;

/// Hours in a week, the period of every shape.
pub const WEEK: usize = 168;

/// 168 hourly factors from Monday 00:00, with a mean of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// What it was called: a name from [`NAMED`], or `weights`.
    pub name: String,
    /// Shared by all copies of a workload.
    factors: Arc<[f64; WEEK]>,
    /// The highest of them.
    peak: f64,
}

/// A curve that has a name.
pub struct NamedShape {
    /// As written in a scenario.
    pub name: &'static str,
    /// What it looks like and where its numbers come from.
    pub doc: &'static str,
    weights: fn(hour: usize) -> f64,
    /// The highest hour over the mean; `None` keeps what the weights give.
    peak_to_mean: Option<f64>,
}

/// Every curve that a scenario can name.
pub static NAMED: &[NamedShape] = &[
    NamedShape {
        name: "flat",
        doc: "the same rate all week",
        weights: |_| 1.0,
        peak_to_mean: None,
    },
    NamedShape {
        name: "global-diurnal",
        doc: "one wave a day, highest at 14:00, peak 1.7 × mean (robustperception.io: 1.6 to 1.7 for global services)",
        weights: |hour| diurnal(hour, 14, 0.2),
        peak_to_mean: Some(1.7),
    },
    NamedShape {
        name: "regional-diurnal",
        doc: "one time zone: one wave a day, highest at 18:00, peak 2.5 × mean (rule of thumb: 2 to 3)",
        weights: |hour| diurnal(hour, 18, 0.3),
        peak_to_mean: Some(2.5),
    },
    NamedShape {
        name: "office-hours",
        doc: "Monday to Friday 08:00 to 18:00, a tenth of that otherwise (rule of thumb)",
        weights: |hour| {
            let (day, hour) = (hour / 24, hour % 24);
            if day < 5 && (8..18).contains(&hour) { 1.0 } else { 0.1 }
        },
        peak_to_mean: None,
    },
    NamedShape {
        name: "nightly-batch",
        doc: "everything between 00:00 and 02:00, peak 12 × mean (Landis+Gyr E470 manual: daily push spread over two hours from midnight)",
        weights: |hour| if hour % 24 < 2 { 1.0 } else { 0.0 },
        peak_to_mean: None,
    },
    NamedShape {
        name: "weekly",
        doc: "level within a day, half as much on Saturday and Sunday (rule of thumb)",
        weights: |hour| if hour / 24 < 5 { 1.0 } else { 0.5 },
        peak_to_mean: None,
    },
];

/// A wave with a second harmonic, around zero.
fn diurnal(hour: usize, peak_hour: i32, second_harmonic: f64) -> f64 {
    let angle = 2.0 * PI * f64::from(hour as i32 - peak_hour) / 24.0;
    1.0 + libm::cos(angle) + second_harmonic * libm::cos(2.0 * angle)
}

impl Shape {
    fn new(name: &str, factors: [f64; WEEK]) -> Self {
        let peak = factors.iter().copied().fold(0.0, f64::max);
        Self { name: name.to_owned(), factors: Arc::new(factors), peak }
    }

    /// The same rate all week.
    pub fn flat() -> Self {
        Self::new("flat", [1.0; WEEK])
    }

    /// A curve by its name, if there is one of that name.
    pub fn named(name: &str) -> Option<Self> {
        let named = NAMED.iter().find(|named| named.name == name)?;
        let weights: Vec<f64> = (0..WEEK).map(named.weights).collect();
        let shape = Self::from_weights(name, &weights)?;
        match named.peak_to_mean {
            Some(peak) => shape.with_peak(peak),
            None => Some(shape),
        }
    }

    /// A curve from 24 hourly weights (every day alike) or 168 (from Monday 00:00). Only their proportions matter.
    ///
    /// `None` when there is another number of them, one is negative or not finite, or all are zero.
    pub fn from_weights(name: &str, weights: &[f64]) -> Option<Self> {
        if weights.len() != 24 && weights.len() != WEEK {
            return None;
        }
        if weights.iter().any(|weight| !weight.is_finite() || *weight < 0.0) {
            return None;
        }
        let mean = weights.iter().sum::<f64>() / weights.len() as f64;
        if mean <= 0.0 || !mean.is_finite() {
            return None;
        }
        let mut factors = [0.0; WEEK];
        for (hour, factor) in factors.iter_mut().enumerate() {
            *factor = weights[hour % weights.len()] / mean;
        }
        Some(Self::new(name, factors))
    }

    /// The same curve stretched about its mean until its highest hour is `peak` times the mean.
    ///
    /// `None` for a flat curve, for a peak below one, and where the lowest hour would fall below zero.
    pub fn with_peak(&self, peak: f64) -> Option<Self> {
        let highest = self.peak_to_mean();
        if highest <= 1.0 || peak < 1.0 || !peak.is_finite() {
            return None;
        }
        let stretch = (peak - 1.0) / (highest - 1.0);
        let mut factors = *self.factors;
        for factor in factors.iter_mut() {
            *factor = 1.0 + (*factor - 1.0) * stretch;
            // A curve that touches zero may miss it by a rounding error.
            if *factor < -1e-9 {
                return None;
            }
            *factor = factor.max(0.0);
        }
        Some(Self::new(&self.name, factors))
    }

    /// The factor for an hour of the week.
    pub fn factor(&self, hour: usize) -> f64 {
        self.factors[hour % WEEK]
    }

    /// All factors, from Monday 00:00.
    pub fn factors(&self) -> &[f64; WEEK] {
        &self.factors
    }

    /// The factor at a moment since Monday 00:00, or before it.
    pub fn at(&self, moment: Hours) -> f64 {
        self.factors[self.hour(moment)]
    }

    /// The hour of the week that a moment since Monday 00:00, or before it, is in.
    pub fn hour(&self, moment: Hours) -> usize {
        libm::floor(moment.as_hours()).rem_euclid(WEEK as f64) as usize % WEEK
    }

    /// The most that falls into any window of a length, over the mean of such windows.
    ///
    /// ```
    /// # use model::{shape::Shape, units::Hours};
    /// let nightly = Shape::named("nightly-batch").unwrap();
    /// assert!((nightly.busiest_window(Hours::new(2.0)) - 12.0).abs() < 1e-12);
    /// assert!((nightly.busiest_window(Hours::new(14.0)) - 24.0 / 14.0).abs() < 1e-12);
    /// assert_eq!(nightly.busiest_window(Hours::from_days(7.0)), 1.0);
    /// ```
    pub fn busiest_window(&self, length: Hours) -> f64 {
        let length = length.as_hours();
        // Whole weeks are alike.
        let part = length.rem_euclid(WEEK as f64);
        if part <= 0.0 || !length.is_finite() || self.factors.iter().all(|one| *one == 1.0) {
            return 1.0;
        }
        let mut sums = [0.0; WEEK + 1];
        for hour in 0..WEEK {
            sums[hour + 1] = sums[hour] + self.factors[hour];
        }
        // All moments asked for are in the week before, in this one or in the next.
        let week = WEEK as f64;
        let within = |before: f64, rest: f64| {
            let hour = (rest as usize).min(WEEK - 1);
            before + sums[hour] + self.factors[hour] * (rest - hour as f64)
        };
        let until = |at: f64| match at {
            _ if at < 0.0 => within(-week, at + week),
            _ if at < week => within(0.0, at),
            _ => within(week, at - week),
        };
        // The sum of a window is straight between the moments at which it starts or ends on the hour.
        let mut most = 0.0;
        for (hour, sum) in sums[..WEEK].iter().enumerate() {
            let (on_the_hour, later) = (hour as f64, hour as f64 + part);
            most = f64::max(most, sum - until(on_the_hour - part));
            most = f64::max(most, until(later) - until(later - part));
        }
        (most + (length - part)) / length
    }

    /// The highest hour over the mean.
    pub fn peak_to_mean(&self) -> f64 {
        self.peak
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_shape_has_a_mean_of_one() {
        for named in NAMED {
            let shape = Shape::named(named.name).expect("a named shape can be built");
            let mean = (0..WEEK).map(|hour| shape.factor(hour)).sum::<f64>() / WEEK as f64;
            assert!((mean - 1.0).abs() < 1e-12, "{}: {mean}", named.name);
            assert!((0..WEEK).all(|hour| shape.factor(hour) >= 0.0), "{}", named.name);
        }
    }

    #[test]
    fn peaks_are_as_documented() {
        check("flat", 1.0);
        check("global-diurnal", 1.7);
        check("regional-diurnal", 2.5);
        check("nightly-batch", 12.0);
        check("weekly", 7.0 / 6.0);
    }

    #[test]
    fn weights_are_proportions() {
        let mut weights = [19.0; 24];
        weights[18] = 115.0;
        let shape = Shape::from_weights("weights", &weights).expect("24 weights");
        assert_eq!(shape.peak_to_mean(), 5.0);
        assert_eq!(Shape::from_weights("weights", &[1.0; 12]), None);
        assert_eq!(Shape::from_weights("weights", &[0.0; 24]), None);
        assert_eq!(Shape::from_weights("weights", &[-1.0; 24]), None);
    }

    #[test]
    fn a_curve_can_be_stretched_but_not_below_zero() {
        let weekly = Shape::named("weekly").expect("a named shape");
        let stretched = weekly.with_peak(1.3).expect("room to stretch");
        assert!((stretched.peak_to_mean() - 1.3).abs() < 1e-12);
        assert_eq!(weekly.with_peak(3.0), None);
        assert_eq!(Shape::flat().with_peak(2.0), None);
    }

    #[track_caller]
    fn check(name: &str, expected: f64) {
        let peak = Shape::named(name).expect("a named shape").peak_to_mean();
        assert!((peak - expected).abs() < 1e-12, "{peak}");
    }
}
