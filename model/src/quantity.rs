//! Reading quantities as people write them: `"40 MiB/s"`, `"15 min"`, `"2 %/month"`, `"$0.02/GiB"`.
//!
//! A number without its unit is an error that names the units allowed, and so is a comma, which one country reads as
//! thousands and another as decimals.

use rust_decimal::Decimal;

use crate::float;
use crate::money::Usd;
use crate::units::Dimension;

/// Why a text is not the quantity that was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// There is no number in front.
    #[error("`{text}` does not start with a number")]
    NoNumber {
        /// What was written.
        text: String,
    },
    /// The number uses commas.
    #[error("`{text}` has a comma, which some read as thousands and some as decimals")]
    Comma {
        /// What was written.
        text: String,
    },
    /// The unit is missing.
    #[error("`{text}` has no unit")]
    NoUnit {
        /// What was written.
        text: String,
        /// An example with a unit that is allowed.
        units: String,
    },
    /// The unit is not one of this dimension.
    #[error("`{unit}` is not a unit of {dimension}")]
    UnknownUnit {
        /// The unit that was written.
        unit: String,
        /// What was expected.
        dimension: &'static str,
        /// The units allowed.
        units: String,
    },
    /// Not a finite number.
    #[error("`{text}` is not a finite number")]
    NotFinite {
        /// What was written.
        text: String,
    },
}

impl QuantityError {
    /// What to write instead.
    pub fn hint(&self) -> String {
        match self {
            Self::NoNumber { .. } => "write a number and its unit, such as `15 min`".to_owned(),
            Self::Comma { text } => format!(
                "write `{}`, or `_` between thousands and `.` before decimals",
                text.replace(',', "_")
            ),
            Self::NoUnit { units, .. } | Self::UnknownUnit { units, .. } => {
                format!("use one of {units}")
            }
            Self::NotFinite { .. } => "write a plain number".to_owned(),
        }
    }
}

/// The number in front of a text, and what follows it.
pub(crate) fn number(text: &str) -> Result<(f64, &str), QuantityError> {
    let text = text.trim();
    let end = text
        .char_indices()
        .find(|&(index, c)| {
            let exponent_sign =
                (c == '+' || c == '-') && index > 0 && text[..index].ends_with(['e', 'E']);
            let exponent = (c == 'e' || c == 'E')
                && index > 0
                && text[index + 1..]
                    .starts_with(|next: char| next.is_ascii_digit() || next == '-' || next == '+');
            !(c.is_ascii_digit()
                || matches!(c, '.' | '_' | ',')
                || (index == 0 && matches!(c, '+' | '-'))
                || exponent
                || exponent_sign)
        })
        .map_or(text.len(), |(index, _)| index);
    let (digits, rest) = text.split_at(end);
    if digits.contains(',') {
        return Err(QuantityError::Comma { text: text.to_owned() });
    }
    let value = float::parse(&digits.replace('_', ""))
        .ok_or_else(|| QuantityError::NoNumber { text: text.to_owned() })?;
    if !value.is_finite() {
        return Err(QuantityError::NotFinite { text: text.to_owned() });
    }
    Ok((value, rest.trim()))
}

/// The units of a dimension, worded for an error.
pub fn units<D: Dimension>() -> String {
    let names: Vec<_> = D::UNITS.iter().map(|(name, _)| format!("`{name}`")).collect();
    names.join(", ")
}

/// Reads a number with a unit of the dimension.
///
/// ```
/// # use model::{quantity, units::{ByteRate, Hours}};
/// assert_eq!(quantity::parse::<ByteRate>("40 MiB/s").unwrap(), ByteRate::from_mib_per_sec(40.0));
/// assert_eq!(quantity::parse::<Hours>("15min").unwrap(), Hours::new(0.25));
///
/// let error = quantity::parse::<Hours>("15").unwrap_err();
/// assert_eq!(error.to_string(), "`15` has no unit");
/// ```
///
/// # Errors
///
/// When there is no number, no unit, or a unit of another dimension.
pub fn parse<D: Dimension>(text: &str) -> Result<D, QuantityError> {
    let (value, unit) = number(text)?;
    if unit.is_empty() {
        return Err(QuantityError::NoUnit { text: text.trim().to_owned(), units: units::<D>() });
    }
    let size = D::UNITS.iter().find(|(name, _)| *name == unit).map(|(_, size)| *size).ok_or_else(
        || QuantityError::UnknownUnit {
            unit: unit.to_owned(),
            dimension: D::NAME,
            units: units::<D>(),
        },
    )?;
    Ok(D::from_base(value * size))
}

/// Reads a share: `"30 %"`, or a bare `0.3`.
///
/// # Errors
///
/// When it is not a number with or without a per cent sign.
pub fn parse_share(text: &str) -> Result<f64, QuantityError> {
    let (value, unit) = number(text)?;
    match unit {
        "" => Ok(value),
        "%" => Ok(value / 100.0),
        other => Err(QuantityError::UnknownUnit {
            unit: other.to_owned(),
            dimension: "a share",
            units: "`%`, or a number between 0 and 1".to_owned(),
        }),
    }
}

/// The units of a growth, worded for an error.
pub const GROWTH_UNITS: &str = "`%/month`, `%/year`, `%/month linear`, `%/year linear`";

/// A growth as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WrittenGrowth {
    /// For one month: 0.02 is 2 %.
    pub per_month: f64,
    /// Whether it is of the first month, and not of the month before.
    pub linear: bool,
}

/// Reads a growth: `"2 %/month"` and `"20 %/year"` compound, `"2 %/month linear"` does not.
///
/// ```
/// let growth = model::quantity::parse_growth("24 %/year linear").unwrap();
/// assert_eq!((growth.per_month, growth.linear), (0.02, true));
/// ```
///
/// # Errors
///
/// When it is not a percentage per month or per year.
pub fn parse_growth(text: &str) -> Result<WrittenGrowth, QuantityError> {
    let (value, unit) = number(text)?;
    let (unit, linear) = match unit.strip_suffix("linear") {
        Some(unit) => (unit.trim_end(), true),
        None => (unit, false),
    };
    let share = value / 100.0;
    let compact: String = unit.chars().filter(|c| !c.is_whitespace()).collect();
    match compact.as_str() {
        "%/month" => Ok(WrittenGrowth { per_month: share, linear }),
        "%/year" if linear => Ok(WrittenGrowth { per_month: share / 12.0, linear }),
        "%/year" => {
            Ok(WrittenGrowth { per_month: libm::pow(1.0 + share, 1.0 / 12.0) - 1.0, linear })
        }
        "" | "%" => Err(QuantityError::NoUnit {
            text: text.trim().to_owned(),
            units: GROWTH_UNITS.to_owned(),
        }),
        _ => Err(QuantityError::UnknownUnit {
            unit: unit.to_owned(),
            dimension: "growth",
            units: GROWTH_UNITS.to_owned(),
        }),
    }
}

/// A price as written: dollars, and what they buy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenPrice {
    /// Dollars for one `per`.
    pub usd: Usd,
    /// What one price buys, as written: `GiB`, `GB-month`, `h`, `1000 requests`.
    pub per: String,
}

/// Reads a price: `"$0.02/GiB"`, `"$0.2 / h"`.
///
/// ```
/// let price = model::quantity::parse_price("$0.005/1000 requests").unwrap();
/// assert_eq!((price.usd.exact().as_str(), price.per.as_str()), ("0.005", "1000 requests"));
/// ```
///
/// # Errors
///
/// When it does not start with a dollar sign and an exact decimal, or names nothing that it buys.
pub fn parse_price(text: &str) -> Result<WrittenPrice, QuantityError> {
    let price_units = || "a price, such as `$0.02/GiB` or `$0.2/h`".to_owned();
    let no_number = || QuantityError::NoNumber { text: text.trim().to_owned() };
    let rest = text.trim().strip_prefix('$').ok_or_else(|| QuantityError::NoUnit {
        text: text.trim().to_owned(),
        units: price_units(),
    })?;
    let (amount, per) = rest.split_once('/').ok_or_else(|| QuantityError::NoUnit {
        text: text.trim().to_owned(),
        units: price_units(),
    })?;
    if amount.contains(',') {
        return Err(QuantityError::Comma { text: text.trim().to_owned() });
    }
    let usd: Decimal = amount.trim().replace('_', "").parse().map_err(|_| no_number())?;
    if per.trim().is_empty() {
        return Err(QuantityError::NoUnit { text: text.trim().to_owned(), units: price_units() });
    }
    Ok(WrittenPrice { usd: Usd::new(usd), per: per.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{ByteRate, Bytes, Frequency, Hours};

    #[test]
    fn numbers_are_read_as_written() {
        check("250 B", Bytes::new(250.0));
        check("1_000 B", Bytes::new(1000.0));
        check("2.5GiB", Bytes::from_gib(2.5));
        check("1e3 MiB", Bytes::from_mib(1000.0));
        check("1e-3 MiB", Bytes::from_mib(0.001));
        check("1E+3MiB", Bytes::from_mib(1000.0));
        check("+2 KiB", Bytes::new(2048.0));
        check("-2 KiB", Bytes::new(-2048.0));
        check("180 d", Hours::from_days(180.0));
        check("20000 /s", Frequency::new(20_000.0));
        check("100 MB/s", ByteRate::from_mb_per_sec(100.0));
    }

    #[test]
    fn what_is_wrong_is_said() {
        refuse::<Bytes>("1,200.50 B", "has a comma");
        refuse::<Bytes>("15 min", "`min` is not a unit of an amount of data");
        refuse::<Hours>("15", "has no unit");
        refuse::<Hours>("soon", "does not start with a number");
        refuse::<Hours>("", "does not start with a number");
        refuse::<Hours>("1e999 h", "is not a finite number");
        // What only looks like an exponent or a sign is the unit's.
        refuse::<Bytes>("1eB", "`eB` is not a unit");
        refuse::<Hours>("5-3 min", "`-3 min` is not a unit");
        refuse::<Hours>("5+3 min", "`+3 min` is not a unit");
        refuse::<Bytes>("e5,3 B", "does not start with a number");
        let error = parse::<Hours>("15 parsecs").expect_err("should be refused");
        assert!(error.hint().starts_with("use one of ") && error.hint().contains("`min`, "));
    }

    #[test]
    fn shares_are_per_cent_or_plain() {
        assert_eq!(parse_share("30 %"), Ok(0.3));
        assert_eq!(parse_share("0.3"), Ok(0.3));
        assert!(parse_share("0.3 GiB").is_err());
    }

    #[test]
    fn growth_is_compound_unless_it_says_linear() {
        assert_eq!(parse_growth("2 %/month"), Ok(WrittenGrowth { per_month: 0.02, linear: false }));
        let linear = Ok(WrittenGrowth { per_month: 0.02, linear: true });
        assert_eq!(parse_growth("2 % / month linear"), linear);
        let yearly = parse_growth("20 %/year").expect("a growth");
        assert!((libm::pow(1.0 + yearly.per_month, 12.0) - 1.2).abs() < 1e-12);
        assert_eq!(parse_growth("24 %/year linear"), linear);
        assert!(parse_growth("2 %").is_err());
        assert!(parse_growth("2 % linear").is_err());
        assert!(parse_growth("2 %/month quadratic").is_err());
    }

    #[track_caller]
    fn check<D: Dimension + std::fmt::Debug>(text: &str, expected: D) {
        assert_eq!(parse::<D>(text), Ok(expected));
    }

    #[track_caller]
    fn refuse<D: Dimension + std::fmt::Debug>(text: &str, expected: &str) {
        let error = parse::<D>(text).expect_err("should be refused").to_string();
        assert!(error.contains(expected), "{error}");
    }
}
