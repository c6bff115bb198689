//! The table of prices: every price in use, and what is taken off it, step by step.
//!
//! ```text
//! list_cost − negotiated_saving − commitment_saving + unused_commitment − credits = net_cost
//! ```
//!
//! The net costs of a platform add up to its effective cost. Credits are granted on invoices and on no price: they are
//! spread over what is invoiced, by its cost before them. Unit prices are in dollars, amounts in the currency.

use std::fmt;

use rust_decimal::Decimal;

use super::charges::NOT_PUBLIC;
use super::{Cell, Tables, Writer, why_not};
use crate::bill::Part;
use crate::export::cents::allot;
use crate::finance::{Contract, Currency, Exchange, Finance};
use crate::ledger::{self, Charge, ChargeKind};
use crate::money::Usd;
use crate::plan::Plan;
use crate::prices::Price;

/// The columns, in order.
const COLUMNS: [&str; 26] = [
    "platform",
    "part",
    "components",
    "sku",
    "tier_from",
    "unit",
    "list_unit_price",
    "negotiated_discount",
    "contracted_unit_price",
    "commitment",
    "commitment_terms",
    "commitment_unit_price",
    "pricing_currency",
    "quantity",
    "list_cost",
    "negotiated_saving",
    "commitment_saving",
    "unused_commitment",
    "credits",
    "net_cost",
    "currency",
    "price_group",
    "price_source",
    "price_as_of",
    "price_basis",
    "note",
];

/// A price in use: one step of one ladder, on demand or in one contract.
struct Used<'a> {
    first: Charge,
    components: Vec<&'static str>,
    contract: Option<&'a Contract>,
    quantity: Decimal,
    taken: Taken,
    /// The steps, rounded, in the currency.
    shown: [Decimal; STEPS],
}

/// What is taken off a list cost, step by step.
#[derive(Clone, Copy, Default)]
struct Taken {
    list: Usd,
    negotiated: Usd,
    committed: Usd,
    unused: Usd,
    credits: Usd,
}

const STEPS: usize = 5;
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
fn net([list, negotiated, committed, unused, credits]: [Decimal; STEPS]) -> Decimal {
    list - negotiated - committed + unused - credits
}

/// Writes the table.
pub(super) fn write(tables: &Tables<'_>, sink: &mut dyn fmt::Write) -> Result<u64, fmt::Error> {
    let mut writer = Writer::new(tables.profile, sink, COLUMNS.into_iter())?;
    let code = tables.exchange().currency.code;
    for outcome in tables.outcomes() {
        let without = |name: &str, component: &'static str, note: String| {
            let before = [name.to_owned().into(), Cell::Empty, component.into()];
            let between = std::iter::repeat_n(Cell::Empty, COLUMNS.len() - before.len() - 1);
            before.into_iter().chain(between).chain([note.into()])
        };
        let plan = match outcome {
            Ok(plan) => plan,
            Err(rejection) => {
                writer.row(without(&rejection.design.name, "", why_not(rejection)))?;
                continue;
            }
        };
        for used in used(plan, &tables.scenario.finance) {
            writer.row(row(plan, &used, code))?;
        }
        for gap in &plan.bill.gaps {
            let note = format!("{NOT_PUBLIC}; {}; {}", gap.what, gap.hint);
            writer.row(without(&plan.design.name, gap.component.name(), note))?;
        }
    }
    Ok(writer.rows())
}

fn row<'a>(plan: &'a Plan, used: &'a Used<'a>, code: &'static str) -> [Cell<'a>; COLUMNS.len()] {
    let charge = &used.first;
    let price = price(plan, &charge.part, &charge.sku, used.contract);
    let tier =
        price.and_then(|price| price.tiers.iter().find(|tier| tier.usd == charge.list_unit_price));
    let discount = price.map(|price| price.discount);
    let contract = used.contract;
    let [list, negotiated, committed, unused, credits] = used.shown.map(Cell::Number);
    let or_empty = |value: Option<Decimal>| value.map_or(Cell::Empty, Cell::exact);
    [
        plan.design.name.as_str().into(),
        charge.part.name().into(),
        used.components.join(", ").into(),
        contract.map_or(charge.sku.as_str(), |contract| &contract.on_demand_sku).into(),
        or_empty(tier.map(|tier| tier.from)),
        charge.unit.name().into(),
        Cell::exact(charge.list_unit_price.dollars()),
        or_empty(discount),
        Cell::exact(charge.contracted_unit_price.dollars()),
        contract.map_or(Cell::Empty, |contract| contract.id.as_str().into()),
        contract.map_or(Cell::Empty, |contract| contract.words().into()),
        or_empty(contract.map(|contract| contract.hour.dollars())),
        Currency::USD.code.into(),
        Cell::exact(used.quantity),
        list,
        negotiated,
        committed,
        unused,
        credits,
        Cell::Number(net(used.shown)),
        code.into(),
        price.map_or(Cell::Empty, |price| price.group.name().into()),
        charge.price_source.as_str().into(),
        charge.price_as_of.as_str().into(),
        charge.price_basis.as_str().into(),
        Cell::Empty,
    ]
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
fn used<'a>(plan: &'a Plan, finance: &Finance) -> Vec<Used<'a>> {
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
            components: Vec::new(),
            quantity: Decimal::ZERO,
            taken: Taken::default(),
            shown: [Decimal::ZERO; STEPS],
            first: first.clone(),
        };
        used.add(&first);
        used
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
