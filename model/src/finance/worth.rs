//! What a platform costs through time: cash and accrual by month and fiscal year, what it is worth today, and when one
//! platform has paid back another.
//!
//! - **Cash** is what is billed in a month, **accrual** what the month bears: [`Charge::billed_cost`] and
//!   [`Charge::effective_cost`]. Both hold people's time, which nobody invoices; it stands beside them as `labour`.
//! - **Present value:** cash is billed at the end of each month and discounted compound, month 1 by one month, as of the
//!   start of the horizon: `present = cash ÷ (1 + r)^n` with r a month's rate and n the month, counted from 1.
//! - **Arithmetic:** the factor is computed in floats (`libm::pow`) and rounded to 15 decimals; from there on everything is
//!   decimal. A month's present value is rounded to 12 decimals, and sums of those are exact.
//! - **Payback:** the first month from which what has been billed for one platform since the start is no more than for the
//!   other, and stays so to the end of the horizon.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::{FiscalYear, YEAR, fiscal_year};
use crate::bill::Component;
use crate::ledger::{Charge, costs};
use crate::money::Usd;
use crate::scenario::Scenario;

/// Decimals of a discount factor: what a float of one is sure of.
const FACTOR_DECIMALS: u32 = 15;

/// Decimals of a month's present value.
const PRESENT_DECIMALS: u32 = 12;

/// One month of one platform.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthWorth {
    /// Which month; 0 is the first of the horizon.
    pub month: u32,
    /// The fiscal year that it stands in; `None` where the horizon has no date.
    pub year: Option<FiscalYear>,
    /// What is billed.
    pub cash: Usd,
    /// What the month bears.
    pub accrual: Usd,
    /// What of both is people's time.
    pub labour: Usd,
    /// Cash since the start, this month included.
    pub cash_so_far: Usd,
    /// Accrual since the start, this month included.
    pub accrual_so_far: Usd,
    /// What a dollar of its end is worth at the start; `None` where nothing is discounted.
    pub factor: Option<Decimal>,
    /// Its cash at the start of the horizon.
    pub present: Option<Usd>,
}

/// What of a horizon stands in one fiscal year.
#[derive(Clone, Debug, PartialEq)]
pub struct YearWorth {
    /// Which.
    pub year: FiscalYear,
    /// How many months of it: twelve where all of it is planned.
    pub months: u32,
    /// What is billed.
    pub cash: Usd,
    /// What its months bear.
    pub accrual: Usd,
    /// Cash at the start of the horizon.
    pub present: Option<Usd>,
}

/// A platform through time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worth {
    /// Month by month.
    pub months: Vec<MonthWorth>,
    /// By fiscal year; empty where the horizon has no date.
    pub years: Vec<YearWorth>,
    /// What is billed.
    pub cash: Usd,
    /// What all months bear.
    pub accrual: Usd,
    /// What of both is people's time.
    pub labour: Usd,
    /// Cash at the start of the horizon; `None` where nothing is discounted.
    pub present: Option<Usd>,
}

/// What a dollar is worth so many months before it is paid, where money loses a share of its worth every month.
///
/// ```
/// # use model::finance::discount_factor;
/// assert_eq!(discount_factor(0.01, 1).to_string(), "0.990099009900990");
/// assert_eq!(discount_factor(0.25, 2).to_string(), "0.640000000000000");
/// assert_eq!(discount_factor(0.0, 120).normalize().to_string(), "1");
/// ```
pub fn discount_factor(per_month: f64, months: u32) -> Decimal {
    let factor = libm::pow(1.0 + per_month, -f64::from(months));
    let mut factor = Decimal::from_f64_retain(factor).unwrap_or_default().round_dp(FACTOR_DECIMALS);
    factor.rescale(FACTOR_DECIMALS);
    factor
}

/// A month's rate as one of a year, compound: what a scenario says.
pub fn rate_per_year(per_month: f64) -> f64 {
    libm::pow(1.0 + per_month, f64::from(YEAR)) - 1.0
}

/// How present values are counted, in words.
///
/// ```
/// # use model::finance::convention;
/// assert!(convention(0.01).contains("discounted by 12.682503 %/year compound"));
/// ```
pub fn convention(per_month: f64) -> String {
    let percent = Decimal::from_f64(rate_per_year(per_month) * 100.0).unwrap_or_default();
    format!(
        "billed at the end of each month, discounted by {} %/year compound, month 1 by one month; as of the start of the horizon",
        percent.round_dp(6).normalize()
    )
}

/// A plan's charges through time.
pub fn worth(charges: &[Charge], scenario: &Scenario) -> Worth {
    let finance = &scenario.finance;
    let mut worth = Worth::default();
    let mut rest = charges;
    while let Some(first) = rest.first() {
        let month = first.month;
        let count = rest.iter().take_while(|charge| charge.month == month).count();
        let (those, others) = rest.split_at(count);
        rest = others;
        let sum = costs(those.iter());
        let people = those.iter().filter(|one| one.component == Some(Component::Labour));
        let labour = people.map(|charge| charge.effective_cost).sum();
        worth.cash += sum.billed;
        worth.accrual += sum.effective;
        worth.labour += labour;
        let day = scenario.horizon.billing_period(month).map(|(first, _)| first);
        let factor = finance.discount_per_month.map(|rate| discount_factor(rate, month + 1));
        let present = factor
            .map(|factor| Usd::new((sum.billed * factor).dollars().round_dp(PRESENT_DECIMALS)));
        worth.months.push(MonthWorth {
            month,
            year: day.map(|day| fiscal_year(day, finance.fiscal_year_start)),
            cash: sum.billed,
            accrual: sum.effective,
            labour,
            cash_so_far: worth.cash,
            accrual_so_far: worth.accrual,
            factor,
            present,
        });
    }
    worth.present = worth.months.iter().map(|month| month.present).sum();
    worth.present = worth.present.filter(|_| finance.discount_per_month.is_some());
    worth.years = years(&worth.months);
    worth
}

fn years(months: &[MonthWorth]) -> Vec<YearWorth> {
    let mut years: Vec<YearWorth> = Vec::new();
    for month in months {
        let Some(year) = month.year else { continue };
        match years.last_mut().filter(|last| last.year == year) {
            Some(last) => {
                last.months += 1;
                last.cash += month.cash;
                last.accrual += month.accrual;
                last.present = last.present.zip(month.present).map(|(one, other)| one + other);
            }
            None => years.push(YearWorth {
                year,
                months: 1,
                cash: month.cash,
                accrual: month.accrual,
                present: month.present,
            }),
        }
    }
    years
}

/// The first month (0 is the first of the horizon) from which one platform has cost no more cash since the start than the
/// other, to the end; `None` where that is not so at the end. Months at the start in which both pay the same do not count:
/// before a migration both are one. Less than half a cent is the same, because quantities differ in their last digits.
pub fn payback(own: &Worth, other: &Worth) -> Option<u32> {
    let same = Decimal::new(5, 3);
    let more = |(own, other): &(&MonthWorth, &MonthWorth)| {
        own.cash_so_far.dollars() - other.cash_so_far.dollars()
    };
    let both: Vec<_> = own.months.iter().zip(&other.months).collect();
    let held = both.iter().rev().take_while(|both| more(both) < same).count();
    let alike = both.iter().take_while(|both| more(both).abs() < same).count();
    // Paid back from the start: when there first is something to pay back. Not told apart at all: at once.
    let first = if alike < both.len() { alike.max(both.len() - held) } else { 0 };
    both.get(first).map(|(own, _)| own.month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Usd {
        text.parse().expect("a literal in a test")
    }

    fn paid(cash: &[i64]) -> Worth {
        let mut worth = Worth::default();
        for (month, cash) in (0..).zip(cash) {
            let cash = Usd::new(Decimal::from(*cash));
            worth.cash += cash;
            worth.months.push(MonthWorth {
                month,
                year: None,
                cash,
                accrual: cash,
                labour: Usd::ZERO,
                cash_so_far: worth.cash,
                accrual_so_far: worth.cash,
                factor: None,
                present: None,
            });
        }
        worth
    }

    #[test]
    fn a_platform_pays_back_when_it_stays_below() {
        check(&[1, 1, 1], &[1, 1, 1], Some(0));
        check(&[5, 1, 1], &[3, 3, 3], Some(1));
        // Below for a while is not paid back: 1 of 2, 6 of 4, 7 of 6, 8 of 8.
        check(&[1, 5, 1, 1], &[2, 2, 2, 2], Some(3));
        check(&[1, 1, 9], &[2, 2, 2], None);
        check(&[3, 3, 3], &[2, 2, 2], None);
        // They are one until the second month.
        check(&[2, 1, 1], &[2, 2, 2], Some(1));
        check(&[2, 3, 1, 1], &[2, 2, 2, 2], Some(2));
    }

    #[track_caller]
    fn check(own: &[i64], other: &[i64], expected: Option<u32>) {
        assert_eq!(payback(&paid(own), &paid(other)), expected);
    }

    #[test]
    fn a_year_is_the_sum_of_its_months() {
        let month = |month: u32, year: i64, cash: &str, present: Option<&str>| MonthWorth {
            month,
            year: Some(FiscalYear(year)),
            cash: usd(cash),
            accrual: usd(cash) + usd("1"),
            labour: Usd::ZERO,
            cash_so_far: Usd::ZERO,
            accrual_so_far: Usd::ZERO,
            factor: None,
            present: present.map(usd),
        };
        let sums = |months: &[MonthWorth]| -> Vec<(i64, u32, Usd, Usd, Option<Usd>)> {
            let told =
                |one: YearWorth| (one.year.0, one.months, one.cash, one.accrual, one.present);
            years(months).into_iter().map(told).collect()
        };
        let discounted = [
            month(0, 2026, "10", Some("9")),
            month(1, 2027, "20", Some("18")),
            month(2, 2027, "30", Some("26")),
            month(3, 2027, "40", Some("34")),
        ];
        let expected = [
            (2026, 1, usd("10"), usd("11"), Some(usd("9"))),
            (2027, 3, usd("90"), usd("93"), Some(usd("78"))),
        ];
        assert_eq!(sums(&discounted), expected);
        let plain = discounted.map(|month| MonthWorth { present: None, ..month });
        assert_eq!(sums(&plain)[1].4, None);
        // Without a date there is no year.
        assert_eq!(sums(&plain.map(|month| MonthWorth { year: None, ..month })), []);
    }

    #[test]
    fn factors_of_a_constant_stream_are_an_annuity() {
        // (1 − 1.01^−12) ÷ 0.01 = 11.2550774734846…
        let sum: Decimal = (1..=12).map(|month| discount_factor(0.01, month)).sum();
        assert_eq!(sum.round_dp(12), usd("11.255077473485").dollars());
        for months in 1..=120_u32 {
            let sum: Decimal = (1..=months).map(|month| discount_factor(0.004, month)).sum();
            let closed = (1.0 - libm::pow(1.004, -f64::from(months))) / 0.004;
            let closed = Decimal::from_f64(closed).expect("finite");
            assert!((sum - closed).abs() < Decimal::new(1, 10), "{months}: {sum} {closed}");
        }
    }

    #[test]
    fn rates_of_a_year_come_back() {
        for rate in [0.0, 0.01, 0.08, 0.5] {
            let month = libm::pow(1.0 + rate, 1.0 / 12.0) - 1.0;
            assert!((rate_per_year(month) - rate).abs() < 1e-12);
        }
    }
}
