//! Exact money: decimals that are never rounded on the way, only where a person reads them.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Neg, Sub};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};

use crate::rounding::allot;
use crate::units::separated;

/// An amount of US dollars, exact.
///
/// ```
/// # use model::money::Usd;
/// let price: Usd = "0.0816".parse().unwrap();
/// assert_eq!((price * 730.into()).to_string(), "$59.57");
/// assert_eq!((price * 730.into()).exact(), "59.5680");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Usd(Decimal);

impl Usd {
    /// No money.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// From an exact decimal number of dollars.
    pub const fn new(dollars: Decimal) -> Self {
        Self(dollars)
    }

    /// The exact decimal number of dollars.
    pub const fn dollars(self) -> Decimal {
        self.0
    }

    /// All digits, for files that machines read.
    pub fn exact(self) -> String {
        self.0.to_string()
    }

    /// To whole cents, halves away from zero, as invoices round.
    pub fn to_cents(self) -> Self {
        Self(self.0.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }

    /// As a float, for comparing and drawing only.
    pub fn as_f64(self) -> f64 {
        use rust_decimal::prelude::ToPrimitive;
        self.0.to_f64().unwrap_or(f64::MAX)
    }
}

impl std::str::FromStr for Usd {
    type Err = rust_decimal::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Sums and products stop at the largest decimal, some 10²⁸ dollars: absurd input gives an absurd answer, not a panic.
impl Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Usd {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Usd {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Usd {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

/// Price times quantity.
impl Mul<Decimal> for Usd {
    type Output = Self;
    fn mul(self, quantity: Decimal) -> Self {
        Self(self.0.saturating_mul(quantity))
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::add)
    }
}

/// In whole cents with thousands separated: `$39,993.06`.
impl fmt::Display for Usd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = self.to_cents().0;
        let sign = if cents.is_sign_negative() && !cents.is_zero() { "-" } else { "" };
        out.pad(&format!("{sign}${}", separated(&format!("{:.2}", cents.abs()))))
    }
}

/// As a string, so that no reader turns it into a float by accident.
impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.normalize().to_string())
    }
}

/// Rounds amounts to `places` decimals so that what is shown adds up to the rounded total.
///
/// Each is rounded down, then the units still missing go to the largest remainders (first come first on a tie).
///
/// ```
/// # use model::money::{Usd, largest_remainder};
/// let third: Usd = "33.333333".parse().unwrap();
/// let shown = largest_remainder(&[third, third, third], 2);
/// let texts: Vec<_> = shown.iter().map(ToString::to_string).collect();
/// assert_eq!(texts, ["$33.34", "$33.33", "$33.33"]);
/// ```
pub fn largest_remainder(amounts: &[Usd], places: u32) -> Vec<Usd> {
    let total = amounts.iter().copied().sum::<Usd>().0;
    let target = total.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    let amounts: Vec<Decimal> = amounts.iter().map(|amount| amount.0).collect();
    allot(target, &amounts, places).into_iter().map(Usd).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Usd {
        text.parse().expect("a literal in a test")
    }

    #[test]
    fn what_is_shown_adds_up() {
        let amounts = [usd("0.335"), usd("0.335"), usd("-0.017"), usd("10.001")];
        let shown = largest_remainder(&amounts, 2);
        let total: Usd = amounts.into_iter().sum();
        assert_eq!(shown.iter().copied().sum::<Usd>(), total.to_cents());
        for (amount, shown) in amounts.iter().zip(&shown) {
            let slip = (*amount - *shown).dollars().abs();
            assert!(slip < Decimal::new(1, 2), "{amount:?} is shown as {shown:?}");
        }
    }

    #[test]
    fn what_is_missing_goes_to_the_largest_remainder() {
        // 0.9 of a cent is nearer to a whole one than 0.4 of one, however much stands before it.
        let shown = largest_remainder(&[usd("1.004"), usd("0.009"), usd("-0.003")], 2);
        assert_eq!(shown, [usd("1.00"), usd("0.01"), usd("0.00")]);
    }

    #[test]
    fn absurd_amounts_do_not_panic() {
        let most = Usd::new(Decimal::MAX);
        assert_eq!(most + most, most);
        assert_eq!(most * Decimal::TEN, most);
        assert_eq!([most, most].into_iter().sum::<Usd>(), most);
        assert_eq!(-most - most, -most);
    }

    #[test]
    fn cents_are_shown_with_thousands_and_sign() {
        assert_eq!(usd("39993.064").to_string(), "$39,993.06");
        assert_eq!(usd("-0.004").to_string(), "$0.00");
        assert_eq!(usd("-1234.5").to_string(), "-$1,234.50");
        assert_eq!(format!("{:>12}", usd("1")), "       $1.00");
    }
}
