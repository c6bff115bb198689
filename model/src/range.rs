//! A value of a scenario that goes from one end to another: along what break-even looks, and an axis of a sweep.

use crate::scenario::{Draft, Problem, Scale, SetError, Variable};

/// A value that goes from one end to another.
#[derive(Clone, Debug)]
pub struct Range {
    /// What changes.
    pub variable: Variable,
    /// What its numbers are measured in.
    pub scale: Scale,
    /// Where it begins, on its scale.
    pub from: f64,
    /// Where it ends; larger.
    pub to: f64,
    /// How values lie between.
    pub spacing: Spacing,
}

/// How values lie between two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// At equal distances.
    Linear,
    /// At equal ratios.
    Logarithmic,
}

/// From this ratio of its ends on a range is better looked at in ratios: one of two decades.
const WIDE: f64 = 100.0;

/// Near zero, a precision is a share of this part of the whole range.
const NEAR_ZERO: f64 = 0.01;

/// Why a range is none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeError {
    /// The path leads nowhere.
    #[error("{0}")]
    Path(Box<SetError>),
    /// An end has not the form that the key asks for.
    #[error("{0}")]
    Value(Box<Problem>),
    /// Values of the key are no numbers.
    #[error("values of `{path}` are no numbers")]
    NotNumbers {
        /// The key.
        path: String,
    },
    /// The ends are the wrong way round, or the same.
    #[error("nothing lies between `{from}` and `{to}`")]
    Empty {
        /// The first.
        from: String,
        /// The last.
        to: String,
    },
    /// There is no ratio to zero.
    #[error("a range from `{from}` has no ratios")]
    NoRatios {
        /// The first.
        from: String,
    },
}

impl RangeError {
    /// What to do about it, where that is clear.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Path(error) => error.hint(),
            Self::Value(problem) => problem.hint(),
            Self::NotNumbers { .. } => Some(
                "vary a quantity, a count, a share, a price or a growth; `sweep` takes a list of any values"
                    .to_owned(),
            ),
            Self::Empty { .. } => Some("begin with the smaller value".to_owned()),
            Self::NoRatios { .. } => Some("begin above zero, or go in equal steps".to_owned()),
        }
    }
}

impl Range {
    /// Of a value of a draft by its path, between two ends as a scenario writes them.
    ///
    /// Without a spacing, values lie at equal ratios where the last is a hundred times the first or more.
    ///
    /// # Errors
    ///
    /// When the path leads nowhere, or nothing that is a number lies between the ends.
    pub fn new(
        draft: &Draft,
        path: &str,
        (from, to): (&str, &str),
        spacing: Option<Spacing>,
    ) -> Result<Self, RangeError> {
        let variable = draft.variable(path).map_err(|error| RangeError::Path(Box::new(error)))?;
        let no_numbers = || RangeError::NotNumbers { path: variable.path().to_owned() };
        let end = |text: &str| {
            let given =
                variable.read(text).map_err(|problem| RangeError::Value(Box::new(problem)))?;
            variable.measure(&given).ok_or_else(no_numbers)
        };
        let (first, last) = (end(from)?, end(to)?);
        let scale = variable.scale().ok_or_else(no_numbers)?.clone();
        if first.partial_cmp(&last) != Some(std::cmp::Ordering::Less) {
            return Err(RangeError::Empty { from: from.to_owned(), to: to.to_owned() });
        }
        if spacing == Some(Spacing::Logarithmic) && first <= 0.0 {
            return Err(RangeError::NoRatios { from: from.to_owned() });
        }
        let wide = first > 0.0 && last / first >= WIDE;
        let usual = if wide { Spacing::Logarithmic } else { Spacing::Linear };
        let spacing = spacing.unwrap_or(usual);
        Ok(Self { variable, scale, from: first, to: last, spacing })
    }

    /// Whether nothing lies between two whole numbers.
    pub fn is_whole(&self) -> bool {
        self.scale == Scale::Count
    }

    /// The value at a share of the way: a whole number where there are no others.
    pub fn at(&self, share: f64) -> f64 {
        self.between(self.from, self.to, share)
    }

    /// The value at a share of the way between two.
    pub fn between(&self, from: f64, to: f64, share: f64) -> f64 {
        // The ends are met exactly.
        let value = match (share, self.spacing) {
            (share, _) if share <= 0.0 => from,
            (share, _) if share >= 1.0 => to,
            (_, Spacing::Linear) => from + (to - from) * share,
            (_, Spacing::Logarithmic) => {
                let (low, high) = (libm::log(from), libm::log(to));
                libm::exp(low + (high - low) * share)
            }
        };
        if self.is_whole() { value.round() } else { value }
    }

    /// A value between two that are further apart than a precision: a share of their size, near zero of a part of the range.
    pub fn middle(&self, low: f64, high: f64, precision: f64) -> Option<f64> {
        let size = low.abs().max(high.abs()).max((self.to - self.from) * NEAR_ZERO);
        if high - low <= precision * size { None } else { self.halfway(low, high) }
    }

    /// A value between two, if there is one.
    pub fn halfway(&self, low: f64, high: f64) -> Option<f64> {
        let middle = self.between(low, high, 0.5);
        (low < middle && middle < high).then_some(middle)
    }

    /// How far along a value is, as a share of the way.
    pub fn share(&self, value: f64) -> f64 {
        match self.spacing {
            Spacing::Linear => (value - self.from) / (self.to - self.from),
            Spacing::Logarithmic => {
                let low = libm::log(self.from);
                (libm::log(value) - low) / (libm::log(self.to) - low)
            }
        }
    }

    /// So many values from one end to the other, both included; whole numbers once each.
    pub fn values(&self, count: usize) -> Vec<f64> {
        let last = count.saturating_sub(1).max(1);
        let mut values: Vec<f64> =
            (0..=last).map(|index| self.at(index as f64 / last as f64)).collect();
        values.dedup();
        values
    }

    /// Round values along the way with what stands at them, in one unit: at 1, 2 and 5 times powers of ten.
    ///
    /// There may be more than have room beside each other.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let middle = self.between(self.from, self.to, 0.5);
        let (sign, unit) = worded(&self.scale, middle);
        let one = one_of(&self.scale, &unit);
        let (low, high) = (self.from / one, self.to / one);
        let values: Vec<f64> = match self.spacing {
            Spacing::Linear => {
                let wanted = (high - low) / TICKS;
                let power = libm::pow(10.0, libm::floor(libm::log10(wanted)));
                let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power);
                let step = step.into_iter().find(|step| *step >= wanted).unwrap_or(wanted);
                let first = libm::ceil(low / step - 1e-9);
                let count =
                    libm::floor((high - first * step) / step + 1e-9).clamp(0.0, 2.0 * TICKS);
                (0..=count as u32).map(|index| (first + f64::from(index)) * step).collect()
            }
            Spacing::Logarithmic => {
                let exponent = |value: f64| libm::floor(libm::log10(value)) as i32;
                let (first, last) = (exponent(low), exponent(high));
                let digits: &[f64] = if last - first < DECADES { &[1.0, 2.0, 5.0] } else { &[1.0] };
                let all = (first..=last).flat_map(|power| {
                    digits.iter().map(move |digit| digit * libm::pow(10.0, f64::from(power)))
                });
                all.filter(|value| (low..=high).contains(value)).collect()
            }
        };
        let whole = |value: &f64| !self.is_whole() || value.fract() == 0.0;
        let tick = |value: f64| (value * one, format!("{sign}{}{unit}", digits_of(value, 6)));
        values.into_iter().filter(whole).map(tick).collect()
    }

    /// A value as people read it, to so many digits.
    pub fn show(&self, value: f64, digits: usize) -> String {
        show(&self.scale, value, digits)
    }
}

/// About so many ticks at equal distances.
const TICKS: f64 = 8.0;

/// Powers of ten from which on they alone have ticks.
const DECADES: i32 = 5;

/// A number of a scale as people read it, to so many digits where it needs them: `41.27 d`.
///
/// ```
/// # use model::{range, scenario::Scale};
/// assert_eq!(range::show(&Scale::Duration, 990.5, 4), "41.27 d");
/// assert_eq!(range::show(&Scale::Duration, 168.0, 4), "7 d");
/// assert_eq!(range::show(&Scale::Share, 0.12345, 3), "12.3 %");
/// assert_eq!(range::show(&Scale::Rate, 1024.0 * 1024.0 * 1234.5678, 5), "1.2056 GiB/s");
/// ```
pub fn show(scale: &Scale, value: f64, digits: usize) -> String {
    let (sign, unit) = worded(scale, value);
    let in_unit = value / one_of(scale, &unit);
    if !in_unit.is_finite() {
        return scale.show(value);
    }
    format!("{sign}{}{unit}", digits_of(in_unit, digits))
}

/// What stands before a number and after it, as the scale words a value of that size.
fn worded(scale: &Scale, value: f64) -> (String, String) {
    let text = scale.show(value);
    let after = text.find(|c: char| !(c.is_ascii_digit() || "$.,-−".contains(c)));
    let sign = if text.starts_with('$') { "$" } else { "" };
    (sign.to_owned(), after.map_or("", |at| &text[at..]).to_owned())
}

/// How large one of a unit is on a scale.
fn one_of(scale: &Scale, unit: &str) -> f64 {
    use crate::units::{ByteRate, Bytes, Dimension, Hours};
    fn size<D: Dimension>(unit: &str) -> f64 {
        D::UNITS.iter().find(|(name, _)| *name == unit).map_or(1.0, |(_, size)| *size)
    }
    match scale {
        Scale::Share | Scale::Growth { .. } => 0.01,
        Scale::Size => size::<Bytes>(unit.trim()),
        Scale::Rate => size::<ByteRate>(unit.trim()),
        Scale::Duration => size::<Hours>(unit.trim()),
        Scale::Count | Scale::Number | Scale::Frequency | Scale::Dollars { .. } => 1.0,
    }
}

/// A number to so many digits, without zeros at its end, and all digits before the point.
fn digits_of(value: f64, digits: usize) -> String {
    let size = value.abs();
    let whole = if size >= 1.0 { libm::floor(libm::log10(size)) as i64 + 1 } else { 0 };
    let leading =
        if size > 0.0 && size < 1.0 { -libm::floor(libm::log10(size)) as i64 - 1 } else { 0 };
    let decimals = usize::try_from(digits as i64 - whole + leading).unwrap_or(0).min(12);
    let text = format!("{value:.decimals$}");
    let text = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => &text,
    };
    crate::units::separated(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_they_need() {
        for (value, digits, expected) in [
            (1234.567, 3, "1,235"),
            (1234.567, 5, "1,234.6"),
            (0.000123456, 3, "0.000123"),
            (7.0, 4, "7"),
            (0.0, 4, "0"),
            (-12.345, 4, "-12.35"),
        ] {
            assert_eq!(digits_of(value, digits), expected, "{value} to {digits}");
        }
        assert_eq!(show(&Scale::Dollars { per: "GiB".to_owned() }, 0.0215, 3), "$0.0215/GiB");
        assert_eq!(show(&Scale::Count, 1234.0, 3), "1,234");
        assert_eq!(show(&Scale::Frequency, 5555.5, 5), "5,555.5 /s");
        assert_eq!(show(&Scale::Growth { linear: true }, 0.02, 3), "2 %/month linear");
    }
}
