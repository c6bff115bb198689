//! Every price that a plan uses, and what is taken off it step by step: negotiated, committed, credited.
//!
//! ```text
//! list − negotiated − commitment + unused commitment − credits = net
//! ```
//!
//! The net costs of a platform add up to its effective cost. Credits are granted on invoices and on no price: they are
//! spread over what is invoiced, by its cost before them.

use rust_decimal::Decimal;

use super::cents::allot;
use crate::bill::Part;
use crate::finance::{Contract, Exchange, Finance};
use crate::ledger::{self, Charge, ChargeKind};
use crate::money::Usd;
use crate::plan::Plan;
use crate::prices::Price;

/// A price in use: one step of one ladder, on demand or in one contract.
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
    taken: Taken,
    /// List cost, negotiated saving, saving by commitment, unused commitment and credits, rounded, in the currency.
    pub shown: [Decimal; STEPS],
}

/// What is taken off a list cost, step by step.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    list: Usd,
    negotiated: Usd,
    committed: Usd,
    unused: Usd,
    credits: Usd,
}

/// Steps from a list cost to a net cost.
pub const STEPS: usize = 5;
/// The step that comes on top.
const UNUSED: usize = 3;

impl Taken {
    fn steps(self) -> [Usd; STEPS] {
        [self.list, self.negotiated, self.committed, self.unused, self.credits]
    }

    fn net(self) -> Usd {
        self.list - self.negotiated - self.committed + self.unused - self.credits
    }
}

/// What is left after all steps.
pub fn net([list, negotiated, committed, unused, credits]: [Decimal; STEPS]) -> Decimal {
    list - negotiated - committed + unused - credits
}

/// The price that a SKU has on demand in a part of a plan.
fn price<'a>(
    plan: &'a Plan,
    part: &Part,
    sku: &str,
    contract: Option<&Contract>,
) -> Option<&'a Price> {
    let sku = contract.map_or(sku, |contract| &contract.on_demand_sku);
    let basis = plan.part_at(part).basis.as_ref()?;
    basis.prices.values().find(|price| price.sku == sku)
}

/// Every price that a plan uses, in the order in which its bill names them.
pub fn used<'a>(plan: &'a Plan, finance: &Finance) -> Vec<Used<'a>> {
    let mut all: Vec<Used<'a>> = Vec::new();
    let mut credits = Usd::ZERO;
    for billed in &plan.months {
        for charge in ledger::month(plan, billed, finance) {
            match charge.kind {
                ChargeKind::Credit => credits += -charge.effective_cost,
                ChargeKind::Purchase => {}
                ChargeKind::Usage | ChargeKind::Unused if charge.quantity.is_zero() => {}
                ChargeKind::Usage | ChargeKind::Unused => {
                    let place = all.iter().position(|one| same(&one.first, &charge));
                    match place {
                        Some(place) => all[place].add(&charge),
                        None => all.push(Used::new(plan, charge)),
                    }
                }
            }
        }
    }
    spread(&mut all, credits);
    round(&mut all, &finance.exchange.clone().unwrap_or_else(Exchange::none));
    all
}

impl<'a> Used<'a> {
    fn new(plan: &'a Plan, first: Charge) -> Self {
        let id = first.contract.as_ref();
        let contract = id.and_then(|id| plan.contracts.iter().find(|one| one.id == *id));
        let mut used = Self {
            contract,
            price: price(plan, &first.part, &first.sku, contract),
            components: Vec::new(),
            quantity: Decimal::ZERO,
            taken: Taken::default(),
            shown: [Decimal::ZERO; STEPS],
            first: first.clone(),
        };
        used.add(&first);
        used
    }

    /// The monthly quantity from which it applies; `None` where no row of the catalogue has it.
    pub fn tier_from(&self) -> Option<Decimal> {
        let tiers = &self.price?.tiers;
        let tier = tiers.iter().find(|tier| tier.usd == self.first.list_unit_price)?;
        Some(tier.from)
    }

    /// The SKU on demand.
    pub fn sku(&self) -> &str {
        self.contract.map_or(&self.first.sku, |contract| &contract.on_demand_sku)
    }

    fn add(&mut self, charge: &Charge) {
        let taken = &mut self.taken;
        if !self.components.contains(&charge.component_name()) {
            self.components.push(charge.component_name());
        }
        self.quantity += charge.quantity;
        if charge.kind == ChargeKind::Unused {
            taken.unused += charge.effective_cost;
        } else {
            taken.list += charge.list_cost;
            taken.negotiated += charge.list_cost - charge.contracted_cost;
            taken.committed += charge.contracted_cost - charge.effective_cost;
        }
    }
}

/// Whether two charges have one price: the same step of the same ladder, in the same contract.
fn same(one: &Charge, other: &Charge) -> bool {
    let price = |charge: &Charge| -> (Usd, Usd, bool) {
        (charge.list_unit_price, charge.contracted_unit_price, charge.is_invoiced())
    };
    one.sku == other.sku
        && one.part == other.part
        && one.contract == other.contract
        && one.unit == other.unit
        && price(one) == price(other)
}

/// Spreads credits over what is invoiced.
fn spread(all: &mut [Used<'_>], credits: Usd) {
    let cost = |used: &Used<'_>| {
        let cost = if used.first.is_invoiced() { used.taken.net() } else { Usd::ZERO };
        cost.dollars().max(Decimal::ZERO)
    };
    let whole: Decimal = all.iter().map(cost).sum();
    for used in all.iter_mut() {
        let share = (credits * cost(used)).dollars().checked_div(whole).unwrap_or_default();
        used.taken.credits = Usd::new(share.round_dp(QUOTIENT_DECIMALS));
    }
}

/// Decimals of a share of a credit, which is a quotient.
const QUOTIENT_DECIMALS: u32 = 12;

/// Rounds every step so that its column adds up, and all columns together to the effective cost. What is nothing stays
/// nothing: a slip goes to the step that takes off most, or it would stand where there is no discount.
fn round(all: &mut [Used<'_>], exchange: &Exchange) {
    let exact: Vec<[Decimal; STEPS]> =
        all.iter().map(|used| used.taken.steps().map(|step| exchange.convert(step))).collect();
    let sum = |step: usize| exact.iter().map(|row| row[step]).sum::<Decimal>();
    let mut totals: [Decimal; STEPS] = std::array::from_fn(|step| exchange.to_minor(sum(step)));
    let net = exchange.to_minor(net(std::array::from_fn(sum)));
    let slip = self::net(totals) - net;
    let most = (1..STEPS).max_by_key(|step| sum(*step).abs()).unwrap_or_default();
    totals[most] += if most == UNUSED { -slip } else { slip };
    for (step, total) in totals.into_iter().enumerate() {
        let amounts: Vec<Decimal> = exact.iter().map(|row| row[step]).collect();
        let shown = allot(total, &amounts, exchange.currency.decimals);
        for (used, shown) in all.iter_mut().zip(shown) {
            used.shown[step] = shown;
        }
    }
}
