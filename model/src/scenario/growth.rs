//! The same scenario with other growth.

use std::ops::RangeInclusive;

use super::Scenario;
use super::problem::Problem;
use super::streams::RATE_MAX;

/// What growth a scenario may say, for a month: the same that its form takes, as a test sees to.
const GROWTH: RangeInclusive<f64> = -0.5..=1.0;

/// A percentage point of a share.
const POINT: f64 = 0.01;

/// Growth is rounded to one of so many parts, so that 2 % and one point are 3 % as if that had been written.
const PARTS: f64 = 1e12;

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
            *rate = libm::round((*rate + f64::from(points) * POINT) * PARTS) / PARTS;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Vocabulary, parse};

    fn grown(growth: &str) -> Result<Scenario, usize> {
        let text = format!(
            "schema = 1\ntitle = \"t\"\n[prices]\nprovider = \"aws\"\nregion = \"r\"\n[horizon]\nmonths = 3\n[[stream]]\nname = \"s\"\nproduce = \"1 MiB/s\"\nretention = \"1 d\"\ngrowth = \"{growth}\"\n[[platform]]\npreset = \"kafka-gp3\"\n"
        );
        let regions = [("aws".to_owned(), ["r".to_owned()].into())].into();
        let vocabulary = Vocabulary { regions, ..Vocabulary::default() };
        parse(&text, &vocabulary).map_err(|problems| problems.len())
    }

    #[test]
    fn faster_is_what_the_text_would_say() {
        for (growth, points, expected) in [
            ("2 %/month", 1, "3 %/month"),
            ("0.3 %/month", -2, "-1.7 %/month"),
            ("0 %/month", 2, "2 %/month"),
            ("4 %/month linear", -1, "3 %/month linear"),
        ] {
            let faster = grown(growth).expect("a scenario").faster(points);
            assert_eq!(faster, Ok(grown(expected).expect("a scenario")), "{growth}");
        }
    }

    #[test]
    fn bounds_are_those_of_the_text() {
        for (last, beyond, points) in
            [("-50 %/month", "-51 %/month", -1), ("100 %/month", "101 %/month", 1)]
        {
            let last = grown(last).expect("within bounds");
            assert!(grown(beyond).is_err(), "{beyond}");
            assert!(last.faster(0).is_ok());
            assert!(last.faster(points).is_err(), "{beyond}");
        }
    }
}
