//! Values as numbers: what a key's values are measured in, between which ends they may lie, and how a number is written
//! as a value.

use super::fields::{Field, Form, Section, Unit};
use super::form::Value;
use crate::parameters::Kind;
use crate::quantity;
use crate::units::{ByteRate, Bytes, Dimension, Frequency, Hours};

/// What the values of a key are measured in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Whole numbers.
    Count,
    /// Numbers.
    Number,
    /// Shares: 1 is all of it.
    Share,
    /// Bytes.
    Size,
    /// Bytes a second.
    Rate,
    /// Hours.
    Duration,
    /// Numbers a second.
    Frequency,
    /// Growth for a month, as a share: compound, or of the first month.
    Growth {
        /// Whether it is of the first month.
        linear: bool,
    },
    /// Dollars for one of something.
    Dollars {
        /// Of what, as written.
        per: String,
    },
}

impl Scale {
    /// The scale of a key's values; a value tells what a price is for. `None` where values are no numbers, or where a number
    /// says what is asked and not what may come.
    pub(super) fn of(field: &Field, value: Option<&Value>) -> Option<Self> {
        if matches!(field.section, Section::Figure | Section::Slip | Section::Published) {
            return None;
        }
        let per = |text: &str| Self::Dollars { per: text.to_owned() };
        Some(match field.form {
            Form::Count { .. } => Self::Count,
            Form::Number { .. } => Self::Number,
            Form::Share | Form::Part | Form::Percentage => Self::Share,
            Form::Quantity { unit: Unit::Size, .. } => Self::Size,
            Form::Quantity { unit: Unit::Rate, .. } => Self::Rate,
            Form::Quantity { unit: Unit::Duration, .. } => Self::Duration,
            Form::Quantity { unit: Unit::Frequency, .. } => Self::Frequency,
            Form::Growth => {
                let linear = matches!(value, Some(Value::Growth(growth)) if growth.linear != 0.0);
                Self::Growth { linear }
            }
            Form::Budget => per("month"),
            Form::Price => match value {
                Some(Value::Price(price)) => per(&price.per),
                _ => return None,
            },
            Form::Setting(row) => match row.kind {
                Kind::Count => Self::Count,
                Kind::Factor => Self::Number,
                Kind::Share => Self::Share,
                Kind::Size => Self::Size,
                Kind::Rate => Self::Rate,
                Kind::Duration => Self::Duration,
                Kind::Price => per("GiB"),
                Kind::Dollars(unit) => per(unit),
                Kind::Flag | Kind::Rates | Kind::Name | Kind::Shares | Kind::Choice(_) => {
                    return None;
                }
            },
            Form::Text
            | Form::Names
            | Form::Pairs
            | Form::Date
            | Form::Moment
            | Form::TimeZone
            | Form::Choice(_)
            | Form::Shape
            | Form::Flag
            | Form::Sentences
            | Form::Amount
            | Form::Exchange
            | Form::Table(_)
            | Form::Tables(..) => return None,
        })
    }

    /// A number of this scale as a value of a scenario, to the last digit.
    ///
    /// ```
    /// # use model::scenario::Scale;
    /// assert_eq!(Scale::Rate.write(0.5), "0.5 B/s");
    /// assert_eq!(Scale::Share.write(0.07), "0.07");
    /// assert_eq!(Scale::Growth { linear: true }.write(0.02), "2 %/month linear");
    /// ```
    pub fn write(&self, number: f64) -> String {
        match self {
            Self::Count => format!("{}", number.round()),
            Self::Number | Self::Share => format!("{number}"),
            Self::Size => format!("{number} B"),
            Self::Rate => format!("{number} B/s"),
            Self::Duration => format!("{number} h"),
            Self::Frequency => format!("{number} /s"),
            Self::Growth { linear } => {
                format!("{} %/month{}", number * 100.0, if *linear { " linear" } else { "" })
            }
            Self::Dollars { per } => format!("${:.*}/{per}", DOLLAR_DECIMALS, number),
        }
    }

    /// The number that a value can have: whole where things are counted.
    pub(crate) fn nearest(&self, number: f64) -> f64 {
        if *self == Self::Count { number.round() } else { number }
    }

    /// A number of this scale as people read it, in a unit of its size.
    ///
    /// ```
    /// # use model::scenario::Scale;
    /// assert_eq!(Scale::Duration.show(168.0), "7 d");
    /// assert_eq!(Scale::Share.show(0.125), "12.5 %");
    /// assert_eq!(Scale::Dollars { per: "GiB".to_owned() }.show(0.02), "$0.02/GiB");
    /// ```
    pub fn show(&self, number: f64) -> String {
        match self {
            Self::Count => crate::units::grouped(number.round()),
            Self::Number => short(number),
            Self::Share => format!("{} %", short(number * 100.0)),
            Self::Size => Bytes::from_base(number).to_string(),
            Self::Rate => ByteRate::from_base(number).to_string(),
            Self::Duration => Hours::from_base(number).to_string(),
            Self::Frequency => Frequency::from_base(number).to_string(),
            Self::Growth { linear } => {
                let of_first = if *linear { " linear" } else { "" };
                format!("{} %/month{of_first}", short(number * 100.0))
            }
            Self::Dollars { per } => format!("${}/{per}", short(number)),
        }
    }

    /// What its numbers are, as a heading tells.
    pub fn unit(&self) -> String {
        match self {
            Self::Count | Self::Number => String::new(),
            Self::Share => "share".to_owned(),
            Self::Size => "bytes".to_owned(),
            Self::Rate => "bytes/s".to_owned(),
            Self::Duration => "h".to_owned(),
            Self::Frequency => "/s".to_owned(),
            Self::Growth { .. } => "share/month".to_owned(),
            Self::Dollars { per } => format!("$/{per}"),
        }
    }
}

/// A number with three digits that count, where it is small.
fn short(number: f64) -> String {
    let mut decimals = 2;
    let mut size = number.abs();
    while size < 1.0 && size > 0.0 && decimals < DOLLAR_DECIMALS {
        (size, decimals) = (size * 10.0, decimals + 1);
    }
    if decimals == 2 {
        return crate::units::grouped(number);
    }
    format!("{number:.decimals$}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Decimals of a price that is made of a number: one part in 10¹⁰ of a dollar is below every price that is sold.
const DOLLAR_DECIMALS: usize = 10;

/// A value on its scale.
pub(super) fn number(field: &Field, value: &Value) -> Option<f64> {
    match (field.form, value) {
        (Form::Setting(row), Value::Text(text)) => row.kind.number(text),
        (_, Value::Count(count)) => Some(*count as f64),
        (_, Value::Number(number)) => Some(*number),
        (_, Value::Size(size)) => Some(size.base()),
        (_, Value::Rate(rate)) => Some(rate.base()),
        (Form::Quantity { .. }, Value::Duration(hours)) => Some(hours.base()),
        (_, Value::Frequency(frequency)) => Some(frequency.base()),
        (_, Value::Discount(discount)) => {
            use rust_decimal::prelude::ToPrimitive;
            discount.to_f64()
        }
        (_, Value::Budget(usd)) => Some(usd.as_f64()),
        (_, Value::Price(price)) => Some(price.usd.as_f64()),
        (_, Value::Growth(growth)) => {
            Some(if growth.linear == 0.0 { growth.compound } else { growth.linear })
        }
        _ => None,
    }
}

/// The ends between which a key's numbers may lie; infinite where there is none.
pub(super) fn bounds(field: &Field) -> (f64, f64) {
    let unlimited = f64::INFINITY;
    match field.form {
        Form::Count { least, most, .. } => (least as f64, most as f64),
        Form::Number { least, most } => (least, most),
        Form::Quantity { unit, least, most, .. } => {
            let end = |text: &str| match unit {
                Unit::Size => base::<Bytes>(text),
                Unit::Rate => base::<ByteRate>(text),
                Unit::Duration => base::<Hours>(text),
                Unit::Frequency => base::<Frequency>(text),
            };
            (end(least), end(most))
        }
        Form::Share | Form::Part | Form::Percentage => (0.0, 1.0),
        Form::Growth => (-0.5, 1.0),
        Form::Setting(row) if row.kind == Kind::Share => (0.0, 1.0),
        _ => (0.0, unlimited),
    }
}

/// A quantity in the base unit of its dimension; nothing for no text.
fn base<D: Dimension>(text: &str) -> f64 {
    quantity::parse::<D>(text).map_or(0.0, Dimension::base)
}
