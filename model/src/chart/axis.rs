//! Where an axis has its ticks, and what stands there.

use crate::units::{grouped, separated};

/// A range of values with readable ticks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub(super) low: f64,
    pub(super) high: f64,
    /// From low to high.
    pub(super) ticks: Vec<(f64, String)>,
}

/// Ranges narrower than this are flat: nothing that people plan is as small.
const FLAT: f64 = 1e-12;

/// An axis that holds zero and a range of values, in at most six steps or so of 1, 2 or 5 times a power of ten.
pub(super) fn values(low: f64, high: f64) -> Axis {
    let (low, mut high) = (low.min(0.0), high.max(0.0));
    if high - low < FLAT {
        high = low + 1.0;
    }
    let wanted = (high - low) / 5.0;
    let mut exponent = libm::floor(libm::log10(wanted)) as i32;
    let digit = [1, 2, 5].into_iter().find(|digit| scaled(*digit, exponent) >= wanted);
    let digit = digit.unwrap_or_else(|| {
        exponent += 1;
        1
    });
    let step = scaled(digit, exponent);

    let first = libm::floor(low / step + 1e-9) as i64;
    let last = libm::ceil(high / step - 1e-9) as i64;
    let greatest = scaled(digit * first.abs().max(last.abs()), exponent);
    let tick = |index: i64| {
        let value = scaled(digit * index, exponent);
        (value, label(value, exponent, greatest))
    };
    Axis {
        low: scaled(digit * first, exponent),
        high: scaled(digit * last, exponent),
        ticks: (first..=last).map(tick).collect(),
    }
}

/// A number times a power of ten, exact where floats allow.
fn scaled(number: i64, exponent: i32) -> f64 {
    let power = libm::pow(10.0, f64::from(exponent.abs()));
    if exponent < 0 { number as f64 / power } else { number as f64 * power }
}

/// Thousands and their multiples, as in the international system of units.
const PREFIXES: [(i32, &str); 5] = [(18, " E"), (15, " P"), (12, " T"), (9, " G"), (6, " M")];

/// A value on an axis whose steps end at a power of ten: `1,200`, `0.25`, `1.5 M`.
fn label(value: f64, exponent: i32, greatest: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if greatest >= 1e21 || exponent < -6 {
        return minus(&format!("{value:.0e}"));
    }
    let (power, prefix) =
        PREFIXES.into_iter().find(|(power, _)| greatest >= scaled(1, *power)).unwrap_or((0, ""));
    let decimals = usize::try_from(power - exponent).unwrap_or(0);
    let number = format!("{:.decimals$}", value / scaled(1, power));
    minus(&format!("{}{prefix}", separated(&number)))
}

/// A value on its own, in about the digits that an axis has: `1,200`, `1.75 M`.
pub(super) fn amount(value: f64) -> String {
    let size = value.abs();
    if size >= 1e21 || (size > 0.0 && size < 1e-3) {
        return minus(&format!("{value:.1e}"));
    }
    let prefix = PREFIXES.into_iter().find(|(power, _)| size >= scaled(1, *power));
    let (power, prefix) = prefix.unwrap_or((0, ""));
    minus(&format!("{}{prefix}", grouped(value / scaled(1, power))))
}

/// A value where there is room for its digits: `1,234,567`, `12.25`.
pub(super) fn figure(value: f64) -> String {
    match value.abs() {
        size if (1e3..1e15).contains(&size) => minus(&separated(&format!("{value:.0}"))),
        _ => amount(value),
    }
}

fn minus(number: &str) -> String {
    number.strip_prefix('-').map_or(number.to_owned(), |number| format!("−{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(low: f64, high: f64, expected: &str) {
        let labels: Vec<_> = values(low, high).ticks.into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels.join(" | "), expected);
    }

    #[test]
    fn values_have_round_ticks() {
        check(0.0, 100.0, "0 | 20 | 40 | 60 | 80 | 100");
        check(0.0, 117.0, "0 | 50 | 100 | 150");
        check(3.0, 9.0, "0 | 2 | 4 | 6 | 8 | 10");
        check(0.0, 1150.0, "0 | 500 | 1,000 | 1,500");
        check(0.0, 4800.0, "0 | 1,000 | 2,000 | 3,000 | 4,000 | 5,000");
        check(0.0, 0.9, "0 | 0.2 | 0.4 | 0.6 | 0.8 | 1.0");
        check(0.0, 0.003, "0 | 0.001 | 0.002 | 0.003");
        check(-30.0, 80.0, "−50 | 0 | 50 | 100");
    }

    #[test]
    fn large_values_have_a_prefix() {
        check(0.0, 700_000.0, "0 | 200,000 | 400,000 | 600,000 | 800,000");
        check(0.0, 1_400_000.0, "0 | 0.5 M | 1.0 M | 1.5 M");
        check(0.0, 7e9, "0 | 2 G | 4 G | 6 G | 8 G");
        check(0.0, 3e30, "0 | 1e30 | 2e30 | 3e30");
        check(0.0, 3e-8, "0 | 1e-8 | 2e-8 | 3e-8");
    }

    #[test]
    fn a_single_value_is_short() {
        for (value, expected) in [
            (0.0, "0"),
            (1200.0, "1,200"),
            (1_750_000.0, "1.75 M"),
            (-3e9, "−3 G"),
            (0.25, "0.25"),
            (1.25e-7, "1.2e-7"),
            (f64::MAX, "1.8e308"),
        ] {
            assert_eq!(amount(value), expected);
        }
    }

    #[test]
    fn nothing_is_too_flat_or_too_large() {
        check(0.0, 0.0, "0 | 0.2 | 0.4 | 0.6 | 0.8 | 1.0");
        check(5.0, 5.0, "0 | 1 | 2 | 3 | 4 | 5");
        for extreme in [1e-300, 1e-13, 1e100, 1e300] {
            for axis in [values(0.0, extreme), values(-extreme, 0.0), values(-extreme, extreme)] {
                assert!(axis.low < axis.high && axis.low.is_finite() && axis.high.is_finite());
                assert!((2..=8).contains(&axis.ticks.len()), "{axis:?}");
            }
        }
    }
}
