//! The same scenario with other growth.

use std::ops::RangeInclusive;

use super::Scenario;
use super::problem::Problem;
use super::streams::RATE_MAX;

/// What growth a scenario may say, for a month: the same that its form takes, as a test sees to.
const GROWTH: RangeInclusive<f64> = -0.5..=1.0;

/// A percentage point of a share.
const POINT: f64 = 0.01;

/// Growth is rounded to this part of itself, so that 2 % and one point are 3 % as if that had been written.
const GRAIN: f64 = 1e-12;

impl Scenario {
    /// The scenario with so many percentage points a month on the growth of every stream: on what it grows by each month, or,
    /// where that is linear, on what it grows by of its first month.
    ///
    /// # Errors
    ///
    /// In words, when a stream would grow or shrink faster than a scenario may say, or become larger than any is.
    pub fn faster(&self, points: i32) -> Result<Self, String> {
        let mut scenario = self.clone();
        let months = self.horizon.all_months();
        for stream in &mut scenario.workload.streams {
            let growth = &mut stream.growth;
            let rate = if growth.linear == 0.0 { &mut growth.compound } else { &mut growth.linear };
            *rate = libm::round((*rate + f64::from(points) * POINT) / GRAIN) * GRAIN;
            if !GROWTH.contains(rate) {
                let percent = libm::round(*rate / POINT);
                return Err(format!(
                    "`{}` would grow by {percent} %/month; from -50 to 100 can be planned",
                    stream.name
                ));
            }
            let too_high = |index| stream.produce() * stream.growth.factor(index) > RATE_MAX;
            if let Some(month) = months.iter().find(|month| too_high(month.index)) {
                let (stream, month) = (stream.name.clone(), Some(month.index + 1));
                return Err(Problem::RateTooHigh { stream, month }.to_string());
            }
        }
        Ok(scenario)
    }
}
