//! Amounts as exports show them: in the currency, to its minor unit, and adding up in every view.
//!
//! A total is rounded once, as an invoice would be. Its months are rounded so that they add up to it, and the charges of a
//! month so that they add up to that: by largest remainder, so nothing is off by a whole unit. Every view adds up these
//! same units, so that a table of months and one of lines never differ.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::finance::{Exchange, Finance};
use crate::ledger::{self, Charge, Costs};
use crate::order;
use crate::plan::{Billed, Plan};

/// Four costs: list, contracted, billed, effective.
pub const COSTS: [&str; 4] = ["list_cost", "contracted_cost", "billed_cost", "effective_cost"];

/// The four costs of a charge or a sum, in units of the currency, in the order of [`COSTS`].
pub type Shown = [Decimal; 4];

/// The months of one plan, rounded.
#[derive(Clone, Debug)]
pub struct Cents {
    exchange: Exchange,
    months: Vec<Shown>,
}

impl Cents {
    /// Rounds the months of a plan.
    pub fn of(plan: &Plan, finance: &Finance) -> Self {
        let exchange = finance.exchange.clone().unwrap_or_else(Exchange::none);
        let exact: Vec<Shown> = plan
            .months
            .iter()
            .map(|billed| {
                in_currency(ledger::costs(ledger::month(plan, billed, finance).iter()), &exchange)
            })
            .collect();
        let months = each_cost(&exact, |amounts, _| {
            let total = exchange.to_minor(amounts.iter().copied().sum());
            allot(total, amounts, exchange.currency.decimals)
        });
        Self { exchange, months }
    }

    /// The currency, and what a dollar is in it.
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// What the horizon comes to.
    pub fn total(&self) -> Shown {
        self.months.iter().fold(Shown::default(), |sum, month| added(sum, *month))
    }

    /// What each month comes to.
    pub fn months(&self) -> &[Shown] {
        &self.months
    }

    /// The charges of a month, counted from the plan's first, rounded. List and contracted costs of fees are nothing:
    /// what they pay for has them.
    pub fn charges(&self, index: usize, charges: &[Charge]) -> Vec<Shown> {
        let exact: Vec<Shown> = charges
            .iter()
            .map(|charge| in_currency(ledger::costs([charge].into_iter()), &self.exchange))
            .collect();
        let target = self.months.get(index).copied().unwrap_or_default();
        each_cost(&exact, |amounts, cost| {
            allot(target[cost], amounts, self.exchange.currency.decimals)
        })
    }
}

/// A charge with its month and its rounded costs.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Its month.
    pub billed: &'a Billed,
    /// What it is.
    pub charge: &'a Charge,
    /// Its costs.
    pub shown: Shown,
}

/// Goes through the charges of a plan month by month; no more than one month's are held.
pub fn each<E>(
    plan: &Plan,
    finance: &Finance,
    cents: &Cents,
    mut visit: impl FnMut(Row<'_>) -> Result<(), E>,
) -> Result<(), E> {
    for (index, billed) in plan.months.iter().enumerate() {
        let charges = ledger::month(plan, billed, finance);
        for (charge, shown) in charges.iter().zip(cents.charges(index, &charges)) {
            visit(Row { billed, charge, shown })?;
        }
    }
    Ok(())
}

/// The sum of two.
pub fn added(one: Shown, other: Shown) -> Shown {
    std::array::from_fn(|cost| one[cost].saturating_add(other[cost]))
}

fn in_currency(costs: Costs, exchange: &Exchange) -> Shown {
    [costs.list, costs.contracted, costs.billed, costs.effective].map(|cost| exchange.convert(cost))
}

/// Rounds each of the four costs of some rows by itself.
fn each_cost(rows: &[Shown], round: impl Fn(&[Decimal], usize) -> Vec<Decimal>) -> Vec<Shown> {
    let mut shown = vec![Shown::default(); rows.len()];
    for cost in 0..COSTS.len() {
        let amounts: Vec<Decimal> = rows.iter().map(|row| row[cost]).collect();
        for (row, amount) in shown.iter_mut().zip(round(&amounts, cost)) {
            row[cost] = amount;
        }
    }
    shown
}

/// Rounds amounts to so many decimals so that they add up to a total that is rounded already: down, then the units that are
/// missing go to the largest remainders, the first of equal ones first.
pub(crate) fn allot(total: Decimal, amounts: &[Decimal], places: u32) -> Vec<Decimal> {
    let unit = Decimal::new(1, places);
    let mut shown: Vec<Decimal> = amounts
        .iter()
        .map(|amount| {
            let mut down =
                amount.round_dp_with_strategy(places, RoundingStrategy::ToNegativeInfinity);
            down.rescale(places);
            down
        })
        .collect();
    let mut missing = total - shown.iter().sum::<Decimal>();
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    order::sort_by_key(&mut order, |&index| std::cmp::Reverse(amounts[index] - shown[index]));
    for &index in &order {
        if missing < unit {
            break;
        }
        shown[index] += unit;
        missing -= unit;
    }
    // Only amounts beyond what decimals hold leave anything.
    for &index in order.iter().rev() {
        if missing > -unit {
            break;
        }
        shown[index] -= unit;
        missing += unit;
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimals(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|text| text.parse().expect("a literal in a test")).collect()
    }

    #[test]
    fn what_is_allotted_adds_up() {
        let thirds = decimals(&["33.333", "33.333", "33.333"]);
        assert_eq!(allot(Decimal::ONE_HUNDRED, &thirds, 2), decimals(&["33.34", "33.33", "33.33"]));
        assert_eq!(allot(Decimal::ONE_HUNDRED, &thirds, 0), decimals(&["34", "33", "33"]));
        let off = decimals(&["10.005", "-2.001"]);
        assert_eq!(allot(decimals(&["8.00"])[0], &off, 2), decimals(&["10.00", "-2.00"]));
        assert!(allot(Decimal::ZERO, &[], 2).is_empty());
    }

    proptest! {
        /// However months fall, rows are off by less than a unit, and add up.
        #[test]
        fn rows_of_months_add_up_to_the_total(
            months in prop::collection::vec(prop::collection::vec(-1_000_000_i64..5_000_000, 1..12), 1..8),
        ) {
            let months: Vec<Vec<Decimal>> = months
                .into_iter()
                .map(|rows| rows.into_iter().map(|row| Decimal::new(row, 4)).collect())
                .collect();
            let sums: Vec<Decimal> = months.iter().map(|rows| rows.iter().sum()).collect();
            let total = Exchange::none().to_minor(sums.iter().sum());
            let shown = allot(total, &sums, 2);
            prop_assert_eq!(shown.iter().sum::<Decimal>(), total);
            for (rows, target) in months.iter().zip(shown) {
                let allotted = allot(target, rows, 2);
                prop_assert_eq!(allotted.iter().sum::<Decimal>(), target);
                for (row, allotted) in rows.iter().zip(allotted) {
                    prop_assert!((row - allotted).abs() < Decimal::new(1, 2), "{} {}", row, allotted);
                }
            }
        }
    }
}
