//! Amounts as exports show them: in the currency, to its minor unit, and adding up in every view.
//!
//! Totals of the horizon are rounded once, as an invoice would be. Components and months are a table that is rounded so that
//! cells, rows and columns are off by less than a unit (`rounding`), and the charges of a cell so that they add up to it.
//! Every view adds up these same units, so that a table of months, one of components and one of lines never differ.
//!
//! The four costs are put together from six amounts, so that what is the same in two of them is shown the same:
//!
//! ```text
//! contracted = used + on demand             list      = contracted + negotiated
//! billed     = used + credits + fees        effective = used + credits + borne
//! ```
//!
//! Each of the six is off by less than a unit in a cell, so a cost is by less than three.

use rust_decimal::Decimal;

use crate::bill::Component;
use crate::finance::{Exchange, Finance};
use crate::ledger::{self, Charge, ChargeKind};
use crate::plan::{Billed, Plan};
use crate::rounding::{allot, controlled};

/// Four costs: list, contracted, billed, effective.
pub const COSTS: [&str; 4] = ["list_cost", "contracted_cost", "billed_cost", "effective_cost"];

/// The four costs of a charge or a sum, in units of the currency, in the order of [`COSTS`].
pub type Shown = [Decimal; 4];

/// What the four costs are put together from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts {
    /// What is used without a commitment: invoiced and borne by the same month.
    pub used: Decimal,
    /// Credits: nothing or less.
    pub credits: Decimal,
    /// What hours of commitments bear, used or not.
    pub borne: Decimal,
    /// What is invoiced for commitments.
    pub fees: Decimal,
    /// What the used hours of commitments cost on demand.
    pub on_demand: Decimal,
    /// What negotiated discounts take off list prices.
    pub negotiated: Decimal,
}

impl Amounts {
    /// Of a charge, exactly.
    fn of(charge: &Charge, exchange: &Exchange) -> Self {
        let convert = |amount| exchange.convert(amount);
        let negotiated = convert(charge.list_cost) - convert(charge.contracted_cost);
        let none = Self::default();
        match (charge.kind, &charge.contract) {
            (ChargeKind::Usage, None) => {
                Self { used: convert(charge.contracted_cost), negotiated, ..none }
            }
            (ChargeKind::Usage, Some(_)) => Self {
                borne: convert(charge.effective_cost),
                on_demand: convert(charge.contracted_cost),
                negotiated,
                ..none
            },
            (ChargeKind::Unused, _) => Self { borne: convert(charge.effective_cost), ..none },
            (ChargeKind::Purchase, _) => Self { fees: convert(charge.billed_cost), ..none },
            (ChargeKind::Credit, _) => Self { credits: convert(charge.effective_cost), ..none },
        }
    }

    /// The four costs.
    pub fn costs(&self) -> Shown {
        let contracted = self.used.saturating_add(self.on_demand);
        let both = self.used.saturating_add(self.credits);
        [
            contracted.saturating_add(self.negotiated),
            contracted,
            both.saturating_add(self.fees),
            both.saturating_add(self.borne),
        ]
    }

    fn from_array([used, credits, borne, fees, on_demand, negotiated]: [Decimal; AMOUNTS]) -> Self {
        Self { used, credits, borne, fees, on_demand, negotiated }
    }

    fn array(self) -> [Decimal; AMOUNTS] {
        [self.used, self.credits, self.borne, self.fees, self.on_demand, self.negotiated]
    }

    /// The sum of two.
    pub fn and(self, other: Self) -> Self {
        let (one, other) = (self.array(), other.array());
        Self::from_array(std::array::from_fn(|at| one[at].saturating_add(other[at])))
    }

    /// Rounds what a horizon comes to, so that each of the four costs is what it is when it is rounded itself.
    fn rounded(self, exchange: &Exchange) -> Self {
        let round = |amount: Decimal| exchange.to_minor(amount);
        let [list, contracted, billed, effective] = self.costs().map(round);
        let used = round(self.used);
        let both = round(self.used.saturating_add(self.credits));
        Self {
            used,
            credits: both - used,
            borne: effective - both,
            fees: billed - both,
            on_demand: contracted - used,
            negotiated: list - contracted,
        }
    }
}

/// How many amounts there are.
const AMOUNTS: usize = 6;

/// A row of the table of components and months: what is paid for, and what kind of charge it is.
type Kind = (Option<Component>, ChargeKind);

/// The components and months of one plan, rounded.
#[derive(Clone, Debug)]
pub struct Cents {
    exchange: Exchange,
    kinds: Vec<Kind>,
    /// For each month, by kind.
    months: Vec<Vec<Amounts>>,
}

impl Cents {
    /// Rounds the components and months of a plan.
    pub fn of(plan: &Plan, finance: &Finance) -> Self {
        let exchange = finance.own_exchange();
        let mut kinds: Vec<Kind> = Vec::new();
        let mut exact: Vec<Vec<Amounts>> = Vec::with_capacity(plan.months.len());
        for billed in &plan.months {
            let mut month = vec![Amounts::default(); kinds.len()];
            for charge in ledger::month(plan, billed, finance) {
                let kind = (charge.component, charge.kind);
                let at = kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
                    kinds.push(kind);
                    month.push(Amounts::default());
                    kinds.len() - 1
                });
                month[at] = month[at].and(Amounts::of(&charge, &exchange));
            }
            exact.push(month);
        }
        let none = || vec![Amounts::default(); kinds.len()];
        let mut months: Vec<Vec<Amounts>> = exact.iter().map(|_| none()).collect();
        let total = exact.iter().flatten().fold(Amounts::default(), |sum, one| sum.and(*one));
        let total = total.rounded(&exchange).array();
        for (amount, total) in total.into_iter().enumerate() {
            let row = |kind: usize| -> Vec<Decimal> {
                let cell = |month: &Vec<Amounts>| month.get(kind).map(|one| one.array()[amount]);
                exact.iter().map(|month| cell(month).unwrap_or_default()).collect()
            };
            let rows: Vec<Vec<Decimal>> = (0..kinds.len()).map(row).collect();
            let rounded = controlled(total, &rows, exchange.currency.decimals);
            for (kind, row) in rounded.into_iter().enumerate() {
                for (month, shown) in months.iter_mut().zip(row) {
                    let mut amounts = month[kind].array();
                    amounts[amount] = shown;
                    month[kind] = Amounts::from_array(amounts);
                }
            }
        }
        Self { exchange, kinds, months }
    }

    /// The currency, and what a dollar is in it.
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// What the horizon comes to.
    pub fn total(&self) -> Shown {
        self.amounts().costs()
    }

    /// The same, by what it is put together from.
    pub fn amounts(&self) -> Amounts {
        self.months.iter().flatten().fold(Amounts::default(), |sum, one| sum.and(*one))
    }

    /// What each month comes to.
    pub fn months(&self) -> Vec<Shown> {
        let sum = |month: &Vec<Amounts>| {
            month.iter().fold(Amounts::default(), |sum, one| sum.and(*one)).costs()
        };
        self.months.iter().map(sum).collect()
    }

    /// The charges of a month, counted from the plan's first, rounded.
    pub fn charges(&self, index: usize, charges: &[Charge]) -> Vec<Amounts> {
        let exact: Vec<[Decimal; AMOUNTS]> =
            charges.iter().map(|charge| Amounts::of(charge, &self.exchange).array()).collect();
        let mut shown = vec![[Decimal::ZERO; AMOUNTS]; charges.len()];
        let Some(month) = self.months.get(index) else { return Vec::new() };
        for (kind, cell) in self.kinds.iter().zip(month) {
            let of_it = |at: &usize| (charges[*at].component, charges[*at].kind) == *kind;
            let places: Vec<usize> = (0..charges.len()).filter(of_it).collect();
            for (amount, target) in cell.array().into_iter().enumerate() {
                let amounts: Vec<Decimal> = places.iter().map(|at| exact[*at][amount]).collect();
                let allotted = allot(target, &amounts, self.exchange.currency.decimals);
                for (at, allotted) in places.iter().zip(allotted) {
                    shown[*at][amount] = allotted;
                }
            }
        }
        shown.into_iter().map(Amounts::from_array).collect()
    }
}

/// A charge with its month and its rounded costs.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Its month.
    pub billed: &'a Billed,
    /// What it is.
    pub charge: &'a Charge,
    /// What its costs are put together from.
    pub amounts: Amounts,
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
        for (charge, amounts) in charges.iter().zip(cents.charges(index, &charges)) {
            visit(Row { billed, charge, amounts, shown: amounts.costs() })?;
        }
    }
    Ok(())
}

/// The sum of two.
pub fn added(one: Shown, other: Shown) -> Shown {
    std::array::from_fn(|cost| one[cost].saturating_add(other[cost]))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn decimals<const COUNT: usize>(texts: [&str; COUNT]) -> [Decimal; COUNT] {
        texts.map(|text| text.parse().expect("a literal in a test"))
    }

    /// Used, credits, borne, fees, on demand, negotiated.
    fn amounts(texts: [&str; AMOUNTS]) -> Amounts {
        Amounts::from_array(decimals(texts))
    }

    #[test]
    fn four_costs_are_put_together_from_six_amounts() {
        let amounts = amounts(["100", "-10", "7", "3", "9", "20"]);
        // List is 100 + 9 + 20, contracted 100 + 9, billed 100 − 10 + 3, effective 100 − 10 + 7.
        assert_eq!(amounts.costs(), decimals(["129", "109", "93", "97"]));
        let twice = amounts.and(amounts);
        assert_eq!(twice.costs(), decimals(["258", "218", "186", "194"]));
        assert_eq!(added(amounts.costs(), twice.costs()), decimals(["387", "327", "279", "291"]));
    }

    /// What is used, with and without credits, and each of the four costs: all are what they are when they are rounded.
    #[test]
    fn a_horizon_is_rounded_as_its_costs_are() {
        let exact = amounts(["10.006", "-1.003", "2.004", "3.007", "4.002", "0.503"]);
        assert_eq!(exact.costs(), decimals(["14.511", "14.008", "12.010", "11.007"]));
        let rounded = exact.rounded(&Exchange::none());
        assert_eq!(rounded.costs(), decimals(["14.51", "14.01", "12.01", "11.01"]));
        // 9.00 − 10.01, 11.01 − 9.00, 12.01 − 9.00, 14.01 − 10.01, 14.51 − 14.01.
        assert_eq!(rounded, amounts(["10.01", "-1.01", "2.01", "3.01", "4.00", "0.50"]));
    }
}
