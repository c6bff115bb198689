//! A distribution through stated quantiles.

use statrs::distribution::{ContinuousCDF, Normal};

/// A quantity of which some quantiles are known, and the ends that it never passes.
///
/// Between and beyond the stated quantiles it is a straight line over standard normal scores: of the quantity itself, of its
/// logarithm where it has a lower end only, of its log-odds where it has two. So three quantiles of a rate are two halves
/// of log-normal distributions that meet at the middle, every stated quantile is met exactly, any number of them can be
/// stated as long as they rise, and no draw leaves the ends. A quantity that is stated to stand at one of its ends has a
/// straight line, cut at the ends.
///
/// ```
/// # use model::quantiles::Quantiles;
/// let produce = Quantiles::new(&[(0.1, 20.0), (0.5, 40.0), (0.9, 90.0)], 0.0, f64::INFINITY);
/// assert_eq!((produce.at(0.1), produce.at(0.5), produce.at(0.9)), (20.0, 40.0, 90.0));
/// assert!(produce.at(0.000_1) > 0.0);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Quantiles {
    stated: Vec<(f64, f64)>,
    /// Normal scores of the stated quantiles, and their values on the straight scale.
    line: Vec<(f64, f64)>,
    bend: Bend,
}

/// How a straight line becomes a quantity between its ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bend {
    Straight { least: f64, most: f64 },
    Log { least: f64 },
    LogOdds { least: f64, most: f64 },
}

impl Quantiles {
    /// Through stated quantiles, as levels and values; both have to rise, and values to stay between the ends. Levels are
    /// above 0 and below 1; ends may be infinite.
    pub fn new(stated: &[(f64, f64)], least: f64, most: f64) -> Self {
        let inside = stated.iter().all(|(_, value)| *value > least && *value < most);
        let bend = match (least.is_finite(), most.is_finite()) {
            (true, true) if inside => Bend::LogOdds { least, most },
            (true, false) if inside => Bend::Log { least },
            _ => Bend::Straight { least, most },
        };
        let line = stated.iter().map(|(level, value)| (score(*level), bend.straight(*value)));
        Self { line: line.collect(), stated: stated.to_vec(), bend }
    }

    /// The stated quantiles, as levels and values.
    pub fn stated(&self) -> &[(f64, f64)] {
        &self.stated
    }

    /// The value of a quantile, above 0 and below 1.
    pub fn at(&self, level: f64) -> f64 {
        match self.stated.iter().find(|(stated, _)| *stated == level) {
            Some((_, value)) => *value,
            None => self.at_score(score(level)),
        }
    }

    /// The value at a standard normal score.
    pub fn at_score(&self, score: f64) -> f64 {
        let [(_, only)] = self.line[..] else {
            let after = self.line.iter().position(|(stated, _)| *stated >= score);
            let end = after.unwrap_or(self.line.len()).clamp(1, self.line.len() - 1);
            let ((from, low), (to, high)) = (self.line[end - 1], self.line[end]);
            // Weighted from the nearer end, so that the ends themselves are met to the last digit.
            let share = (score - from) / (to - from);
            let straight = if share < 0.5 {
                low + (high - low) * share
            } else {
                high - (high - low) * (1.0 - share)
            };
            return self.bend.bent(straight);
        };
        self.bend.bent(only)
    }
}

impl Bend {
    fn straight(self, value: f64) -> f64 {
        match self {
            Self::Straight { .. } => value,
            Self::Log { least } => libm::log(value - least),
            Self::LogOdds { least, most } => libm::log((value - least) / (most - value)),
        }
    }

    fn bent(self, straight: f64) -> f64 {
        match self {
            Self::Straight { least, most } => straight.clamp(least, most),
            Self::Log { least } => least + libm::exp(straight),
            Self::LogOdds { least, most } => {
                let odds = libm::exp(straight);
                // Odds that are too large for a float are the upper end.
                if odds.is_finite() { least + (most - least) * (odds / (1.0 + odds)) } else { most }
            }
        }
    }
}

/// The standard normal score of a level, above 0 and below 1.
///
/// It is rounded to nine decimals: what the library returns may differ in the last bits between machines.
pub fn score(level: f64) -> f64 {
    /// Nine decimals.
    const DECIMALS: f64 = 1e9;
    (Normal::standard().inverse_cdf(level) * DECIMALS).round() / DECIMALS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scores_are_those_of_printed_tables() {
        assert_eq!(score(0.5), 0.0);
        assert!((score(0.9) - 1.281_551_566).abs() < 1e-9);
        assert!((score(0.975) - 1.959_963_985).abs() < 1e-9);
        assert_eq!(score(0.1), -score(0.9));
    }

    #[test]
    fn one_stated_value_is_certain() {
        let certain = Quantiles::new(&[(0.5, 7.0)], 0.0, f64::INFINITY);
        assert_eq!(
            (certain.at(0.01), certain.at(0.99)),
            (libm::exp(libm::log(7.0)), libm::exp(libm::log(7.0)))
        );
    }

    #[test]
    fn a_share_that_may_be_all_of_it_is_cut_there() {
        let share = Quantiles::new(&[(0.1, 0.5), (0.5, 0.9), (0.9, 1.0)], 0.0, 1.0);
        assert_eq!((share.at(0.9), share.at(0.99)), (1.0, 1.0));
        assert!(share.at(0.1) == 0.5 && share.at(0.02) < 0.5 && share.at(1e-9) >= 0.0);
    }

    proptest! {
        #[test]
        fn stated_quantiles_are_met_and_ends_are_kept(
            mut values in proptest::collection::vec(1e-6..0.999_999_f64, 3),
            scale in prop_oneof![Just(1.0), Just(1e-9), Just(1e15)],
            upper in any::<bool>(),
        ) {
            values.sort_by(f64::total_cmp);
            let levels = [0.1, 0.5, 0.9];
            let stated: Vec<(f64, f64)> =
                levels.into_iter().zip(values.iter().map(|value| value * scale)).collect();
            let most = if upper { scale } else { f64::INFINITY };
            let spread = Quantiles::new(&stated, 0.0, most);
            let mut last = 0.0;
            for (level, value) in &stated {
                prop_assert_eq!(spread.at(*level), *value);
                // The line itself goes through them too, not only the list.
                let near = spread.at_score(score(*level));
                prop_assert!((near / value - 1.0).abs() < 1e-9, "{near} for {value}");
            }
            for step in 1..1000 {
                let value = spread.at(f64::from(step) / 1000.0);
                prop_assert!(value >= last * (1.0 - 1e-12) && value > 0.0 && value <= most, "{value} after {last}");
                last = value;
            }
        }
    }
}
