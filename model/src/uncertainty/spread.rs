//! Percentiles of what was drawn, each with what it can be off by.

use serde::Serialize;
use statrs::distribution::{Binomial, DiscreteCDF};

/// Share of repeated studies whose bounds hold the true percentile, at least.
pub const CONFIDENCE: f64 = 0.95;

/// A percentile of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Percentile {
    /// Its level: 0.9 for P90.
    pub level: f64,
    /// What it is estimated as; `None` where so many draws have no value.
    pub value: Option<f64>,
    /// The true one is hardly lower than this; `None` where the sample is too small to tell.
    pub low: Option<f64>,
    /// The true one is hardly higher than this; `None` where the sample is too small to tell, or so many draws have no value.
    pub high: Option<f64>,
}

/// A percentile of sorted values, of which the last may be infinite: draws without a value.
///
/// The estimate interpolates between neighbours, `h = (n − 1)·level` (the usual one, Hyndman and Fan's seventh). The bounds
/// are values of the sample itself: the one of rank `l` and the one of rank `u` such that a binomial count of `n` draws lies
/// from `l` to `u − 1` with a probability of [`CONFIDENCE`] at least. They assume nothing of the distribution. They are for independent draws; strata
/// make a percentile surer than that, so they are on the safe side.
///
/// ```
/// let values: Vec<f64> = (0..=100).map(f64::from).collect();
/// let p90 = model::uncertainty::percentile(&values, 0.9);
/// assert_eq!((p90.value, p90.low, p90.high), (Some(90.0), Some(84.0), Some(96.0)));
/// ```
pub fn percentile(sorted: &[f64], level: f64) -> Percentile {
    let finite = |value: f64| value.is_finite().then_some(value);
    let Some(last) = sorted.len().checked_sub(1) else {
        return Percentile { level, value: None, low: None, high: None };
    };
    let place = last as f64 * level;
    let (below, above) = (place.floor() as usize, (place.ceil() as usize).min(last));
    let share = place - place.floor();
    let value = if share > 0.0 {
        sorted[below] + (sorted[above] - sorted[below]) * share
    } else {
        sorted[below]
    };
    let (low, high) = ranks(sorted.len(), level);
    Percentile {
        level,
        value: finite(value),
        low: low.and_then(|rank| finite(sorted[rank])),
        high: high.and_then(|rank| finite(sorted[rank])),
    }
}

/// Places, from 0, of the values between which a percentile lies.
fn ranks(count: usize, level: f64) -> (Option<usize>, Option<usize>) {
    let tail = (1.0 - CONFIDENCE) / 2.0;
    let Ok(successes) = Binomial::new(level, count as u64) else { return (None, None) };
    let low = successes.inverse_cdf(tail) as usize;
    let high = successes.inverse_cdf(1.0 - tail) as usize;
    (low.checked_sub(1), (high < count).then_some(high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::hypercube;
    use crate::quantiles::Quantiles;

    #[test]
    fn small_samples_have_no_bounds_and_draws_without_value_are_no_number() {
        let few = percentile(&[1.0, 2.0, 3.0], 0.9);
        assert_eq!(
            (few.value.map(|v| (v * 10.0).round()), few.low, few.high),
            (Some(28.0), Some(1.0), None)
        );
        let mut values: Vec<f64> = (0..100).map(f64::from).collect();
        values[85..].fill(f64::INFINITY);
        assert_eq!(percentile(&values, 0.9).value, None);
        assert_eq!(percentile(&values, 0.5).value, Some(49.5));
        assert_eq!(percentile(&[], 0.5).value, None);
    }

    /// Ranks from a table of the binomial distribution: for 100 draws and the median, the 40th and the 61st value.
    #[test]
    fn bounds_are_those_of_tables() {
        assert_eq!(ranks(100, 0.5), (Some(39), Some(60)));
    }

    /// Over 400 seeds: independent draws lie within their bounds about as often as was said, strata more often.
    #[test]
    fn bounds_hold_the_true_percentile_as_often_as_they_say() {
        let spread = Quantiles::new(&[(0.1, 20.0), (0.5, 40.0), (0.9, 90.0)], 0.0, f64::INFINITY);
        for level in [0.1, 0.5, 0.9] {
            let mut held = (0, 0);
            const SEEDS: usize = 400;
            for seed in 0..SEEDS {
                let seed = seed.to_string();
                let within = |levels: Vec<f64>| {
                    let mut values: Vec<f64> =
                        levels.iter().map(|level| spread.at(*level)).collect();
                    values.sort_by(f64::total_cmp);
                    let found = percentile(&values, level);
                    let truth = spread.at(level);
                    found.low.is_some_and(|low| low <= truth)
                        && found.high.is_some_and(|high| truth <= high)
                };
                // One draw each of many inputs is independent.
                let names: Vec<String> = (0..100).map(|index| format!("x{index}")).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let independent =
                    hypercube(&names, 1, &seed, &[]).expect("no correlations").concat();
                let strata = hypercube(&["x"], 100, &seed, &[]).expect("no correlations").remove(0);
                held.0 += usize::from(within(independent));
                held.1 += usize::from(within(strata));
            }
            // Discrete ranks hold a little more than 95 %; four standard errors of 400 trials are 4.4 %.
            let share = held.0 as f64 / SEEDS as f64;
            assert!((0.91..=0.995).contains(&share), "{share} at {level}");
            assert!(held.1 >= held.0, "{held:?} at {level}");
        }
    }
}
