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
        let months = each_cost(&exact, exchange.currency.decimals, |amounts, _| {
            exchange.to_minor(amounts.iter().copied().sum())
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
        each_cost(&exact, self.exchange.currency.decimals, |_, cost| target[cost])
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

/// Rounds each of the four costs of some rows to its own total. What is the same amount in two of them is the same when it
/// is rounded, as far as both add up.
fn each_cost(
    rows: &[Shown],
    places: u32,
    total: impl Fn(&[Decimal], usize) -> Decimal,
) -> Vec<Shown> {
    let mut shown = vec![Shown::default(); rows.len()];
    for (cost, like) in LIKE.into_iter().enumerate() {
        let amounts: Vec<Decimal> = rows.iter().map(|row| row[cost]).collect();
        let like = |index: usize| {
            let other = like.filter(|other| rows[index][*other] == amounts[index])?;
            Some(shown[index][other])
        };
        let like: Vec<Option<Decimal>> = (0..rows.len()).map(like).collect();
        let allotted = allot_like(total(&amounts, cost), &amounts, &like, places);
        for (row, amount) in shown.iter_mut().zip(allotted) {
            row[cost] = amount;
        }
    }
    shown
}

/// The cost that each of the [`COSTS`] is mostly the same as, of those before it.
const LIKE: [Option<usize>; 4] = [None, Some(0), Some(1), Some(1)];

/// Rounds amounts to so many decimals so that they add up to a total that is rounded already: down, then the units that are
/// missing go to the largest remainders, the first of equal ones first.
pub(crate) fn allot(total: Decimal, amounts: &[Decimal], places: u32) -> Vec<Decimal> {
    allot_like(total, amounts, &vec![None; amounts.len()], places)
}

/// The same with amounts that are rounded already: these stay as they are as long as others can make up the total.
fn allot_like(
    total: Decimal,
    amounts: &[Decimal],
    like: &[Option<Decimal>],
    places: u32,
) -> Vec<Decimal> {
    let unit = Decimal::new(1, places);
    let down = |amount: Decimal| {
        let mut down = amount.round_dp_with_strategy(places, RoundingStrategy::ToNegativeInfinity);
        down.rescale(places);
        down
    };
    let rounded =
        amounts.iter().zip(like).map(|(amount, like)| like.unwrap_or_else(|| down(*amount)));
    let mut shown: Vec<Decimal> = rounded.collect();
    let mut missing = total - shown.iter().sum::<Decimal>();
    // What is missing of each: above nothing where it was rounded down, below where it was rounded up.
    let lacks: Vec<Decimal> =
        amounts.iter().zip(&shown).map(|(amount, shown)| amount - shown).collect();
    let mut order: Vec<usize> = (0..amounts.len()).collect();
    order::sort_by_key(&mut order, |&index| {
        (like[index].is_some(), std::cmp::Reverse(lacks[index]))
    });
    for &index in &order {
        if missing >= unit && lacks[index] > Decimal::ZERO {
            shown[index] += unit;
            missing -= unit;
        }
    }
    order::sort_by_key(&mut order, |&index| lacks[index]);
    for &index in &order {
        if missing <= -unit && lacks[index] < Decimal::ZERO {
            shown[index] -= unit;
            missing += unit;
        }
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

    #[test]
    fn equal_amounts_are_rounded_alike() {
        let list = decimals(&["0.005", "0.005", "10.004"]);
        let first = allot(decimals(&["10.01"])[0], &list, 2);
        assert_eq!(first, decimals(&["0.01", "0.00", "10.00"]));
        let like: Vec<Option<Decimal>> = vec![Some(first[0]), Some(first[1]), None];
        let amounts = decimals(&["0.005", "0.005", "5.009"]);
        // The other row makes up the total, as long as it can.
        let shown = allot_like(decimals(&["5.02"])[0], &amounts, &like, 2);
        assert_eq!(shown, decimals(&["0.01", "0.00", "5.01"]));
        let shown = allot_like(decimals(&["5.00"])[0], &amounts, &like, 2);
        assert_eq!(shown, decimals(&["0.00", "0.00", "5.00"]));
    }

    #[test]
    fn what_is_whole_stays_and_only_so_much_is_taken_back() {
        // The first row is exact: the second, though rounded before, is what makes up the total.
        let shown = allot_like(
            decimals(&["3.01"])[0],
            &decimals(&["1.00", "2.004"]),
            &[None, Some(decimals(&["2.00"])[0])],
            2,
        );
        assert_eq!(shown, decimals(&["1.00", "2.01"]));
        // Three halves were rounded up: two of them too many.
        let halves = decimals(&["0.005", "0.005", "0.005", "0.005"]);
        let cent = Some(Decimal::new(1, 2));
        let shown = allot_like(Decimal::new(2, 2), &halves, &[cent; 4], 2);
        assert_eq!(shown, decimals(&["0.00", "0.00", "0.01", "0.01"]));
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
