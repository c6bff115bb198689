//! Every price that a plan uses, and what is taken off it step by step: negotiated, committed; credits, which are granted on
//! invoices and on no price, stand by themselves.
//!
//! ```text
//! list − negotiated − commitment + unused commitment − credits = net
//! ```
//!
//! Amounts add up the rounded charges (`cents`): the net costs of a platform add up to its effective cost.

use rust_decimal::Decimal;

use super::cents::{Amounts, Cents, each};
use crate::bill::Part;
use crate::finance::{Contract, Finance};
use crate::ledger::{Charge, ChargeKind};
use crate::money::Usd;
use crate::plan::Plan;
use crate::prices::Price;

/// A price in use: one step of one ladder, on demand or in one contract; or a credit.
#[derive(Clone, Debug)]
pub struct Used<'a> {
    /// The first charge at it.
    pub first: Charge,
    /// What on the bill has it.
    pub components: Vec<&'static str>,
    /// The contract that it is of.
    pub contract: Option<&'a Contract>,
    /// Its row of the catalogue, on demand.
    pub price: Option<&'a Price>,
    /// How much was used, unused hours included.
    pub quantity: Decimal,
    /// List cost, negotiated saving, saving by commitment, unused commitment and credits, rounded, in the currency.
    pub shown: [Decimal; STEPS],
}

/// Steps from a list cost to a net cost.
pub const STEPS: usize = 5;

/// What is left after all steps.
pub fn net([list, negotiated, committed, unused, credits]: [Decimal; STEPS]) -> Decimal {
    list - negotiated - committed + unused - credits
}

/// The price that a SKU has on demand in a part of a plan.
fn price<'a>(plan: &'a Plan, part: &Part, sku: &str) -> Option<&'a Price> {
    let basis = plan.part_at(part).basis.as_ref()?;
    basis.prices.values().find(|price| price.sku == sku)
}

/// Every price that a plan uses, in the order in which its bill names them, then its credits.
pub fn used<'a>(plan: &'a Plan, finance: &Finance, cents: &Cents) -> Vec<Used<'a>> {
    let mut all: Vec<Used<'a>> = Vec::new();
    let _ = each::<()>(plan, finance, cents, |row| {
        let charge = row.charge;
        if charge.kind == ChargeKind::Purchase || charge.quantity.is_zero() {
            return Ok(());
        }
        let place = all.iter().position(|one| same(&one.first, charge));
        let place = place.unwrap_or_else(|| {
            all.push(Used::new(plan, charge));
            all.len() - 1
        });
        all[place].add(charge, row.amounts);
        Ok(())
    });
    crate::order::sort_by_key(&mut all, |used| used.is_credit());
    all
}

impl<'a> Used<'a> {
    fn new(plan: &'a Plan, first: &Charge) -> Self {
        let id = first.contract.as_ref();
        let contract = id.and_then(|id| plan.contracts.iter().find(|one| one.id == *id));
        Self {
            contract,
            price: price(plan, &first.part, &first.sku),
            components: Vec::new(),
            quantity: Decimal::ZERO,
            shown: [Decimal::ZERO; STEPS],
            first: first.clone(),
        }
    }

    /// Whether it is a credit, which has no price.
    pub fn is_credit(&self) -> bool {
        self.first.kind == ChargeKind::Credit
    }

    /// The monthly quantity from which it applies; `None` where no row of the catalogue has it.
    pub fn tier_from(&self) -> Option<Decimal> {
        let tiers = &self.price?.tiers;
        let tier = tiers.iter().find(|tier| tier.usd == self.first.list_unit_price)?;
        Some(tier.from)
    }

    fn add(&mut self, charge: &Charge, amounts: Amounts) {
        if !self.components.contains(&charge.component_name()) {
            self.components.push(charge.component_name());
        }
        self.quantity += charge.quantity;
        let Amounts { borne, on_demand, negotiated, credits, .. } = amounts;
        let [list, ..] = amounts.costs();
        let (committed, unused) = match charge.kind {
            ChargeKind::Unused => (Decimal::ZERO, borne),
            _ => (on_demand - borne, Decimal::ZERO),
        };
        for (sum, step) in
            self.shown.iter_mut().zip([list, negotiated, committed, unused, -credits])
        {
            *sum += step;
        }
    }
}

/// Whether two charges have one price: the same step of the same ladder, in the same contract.
fn same(one: &Charge, other: &Charge) -> bool {
    let price = |charge: &Charge| -> (Usd, Usd, bool) {
        (charge.list_unit_price, charge.contracted_unit_price, charge.is_invoiced())
    };
    let is_credit = |charge: &Charge| charge.kind == ChargeKind::Credit;
    one.sku == other.sku
        && one.part == other.part
        && one.contract == other.contract
        && one.unit == other.unit
        && is_credit(one) == is_credit(other)
        && (is_credit(one) || price(one) == price(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bill::{Cause, Component, Driver};
    use crate::export::cents::tests::decimals;
    use crate::ledger::tests::charge;
    use crate::prices::{PriceGroup, PriceUnit};

    fn usd(text: &str) -> Usd {
        text.parse().expect("a literal in a test")
    }

    /// A unit at $0.10.
    fn unit() -> Charge {
        let sku = "vm:m".to_owned();
        Charge { sku, ..charge(Component::Brokers, Cause::Serve, Driver::Brokers, "0.10") }
    }

    fn credit() -> Charge {
        Charge { kind: ChargeKind::Credit, component: None, cause: None, ..unit() }
    }

    #[test]
    fn prices_are_one_where_nothing_sets_them_apart() {
        assert!(same(&unit(), &unit()));
        let more = Charge { month: 3, quantity: Decimal::TEN, list_cost: usd("1"), ..unit() };
        assert!(same(&unit(), &more), "another month and amount");
        let wal = Charge { component: Some(Component::Wal), cause: Some(Cause::Append), ..unit() };
        assert!(same(&unit(), &wal), "another thing on the bill at the same price");
        let contract = Some("base".to_owned());
        for other in [
            Charge { sku: "vm:n".to_owned(), ..unit() },
            Charge { part: Part { region: Some("eu".to_owned()), on: None }, ..unit() },
            Charge { contract, ..unit() },
            Charge { unit: PriceUnit::GibMonth, ..unit() },
            Charge { list_unit_price: usd("0.20"), ..unit() },
            Charge { contracted_unit_price: usd("0.09"), ..unit() },
            Charge { component: Some(Component::Labour), ..unit() },
            credit(),
        ] {
            assert!(!same(&unit(), &other) && !same(&other, &unit()), "{other:?}");
        }
        // A credit is the same whatever it comes to.
        let larger = Charge { list_unit_price: usd("9"), ..credit() };
        assert!(same(&credit(), &larger));
        assert!(!same(&credit(), &Charge { sku: "other".to_owned(), ..credit() }));
        assert!(nothing_of(&credit()).is_credit() && !nothing_of(&unit()).is_credit());
    }

    fn nothing_of(first: &Charge) -> Used<'static> {
        Used {
            first: first.clone(),
            components: Vec::new(),
            contract: None,
            price: None,
            quantity: Decimal::ZERO,
            shown: [Decimal::ZERO; STEPS],
        }
    }

    /// What is left is what the charges bear: 7 used, 5 and 2 of a commitment, less 3 of credits.
    #[test]
    fn steps_lead_from_list_to_what_is_left() {
        let mut used = nothing_of(&unit());
        let mut add = |kind: ChargeKind, component, costs: [&str; 6]| {
            let [used_cost, credits, borne, fees, on_demand, negotiated] = decimals(costs);
            let amounts = Amounts { used: used_cost, credits, borne, fees, on_demand, negotiated };
            used.add(&Charge { kind, component, quantity: Decimal::TWO, ..unit() }, amounts);
            used.shown
        };
        let (brokers, wal) = (Some(Component::Brokers), Some(Component::Wal));
        let shown = add(ChargeKind::Usage, brokers, ["7", "0", "0", "0", "0", "1"]);
        assert_eq!(shown, decimals(["8", "1", "0", "0", "0"]));
        let shown = add(ChargeKind::Usage, wal, ["0", "0", "5", "0", "9", "1"]);
        assert_eq!(shown, decimals(["18", "2", "4", "0", "0"]));
        let shown = add(ChargeKind::Unused, brokers, ["0", "0", "2", "0", "0", "0"]);
        assert_eq!(shown, decimals(["18", "2", "4", "2", "0"]));
        let shown = add(ChargeKind::Credit, None, ["0", "-3", "0", "0", "0", "0"]);
        assert_eq!(shown, decimals(["18", "2", "4", "2", "3"]));
        assert_eq!(net(shown), Decimal::from(11));
        assert_eq!(used.quantity, Decimal::from(8));
        assert_eq!(used.components, ["brokers", "WAL volumes", "credits"]);
    }

    #[test]
    fn a_step_of_a_ladder_is_known_by_its_price() {
        let ladder = [(Decimal::ZERO, usd("0.10")), (Decimal::ONE_HUNDRED, usd("0.08"))];
        let (hour, group) = (PriceUnit::Hour, PriceGroup::Compute);
        let price = Price::new("vm:m", hour, group, &ladder, "a test", "2026-11-01", "listed");
        let from = |list_unit_price: &str, price: Option<&Price>| {
            let first = Charge { list_unit_price: usd(list_unit_price), ..unit() };
            Used { price, ..nothing_of(&first) }.tier_from()
        };
        assert_eq!(from("0.10", Some(&price)), Some(Decimal::ZERO));
        assert_eq!(from("0.08", Some(&price)), Some(Decimal::ONE_HUNDRED));
        assert_eq!(from("0.05", Some(&price)), None);
        assert_eq!(from("0.10", None), None);
    }
}
