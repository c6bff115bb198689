//! Step 9: a plan's bills as charges with four costs: what finance counts.
//!
//! ```text
//! Plan, Finance ──ledger──▶ charges: list, contracted, billed (cash), effective (accrual)
//! ```
//!
//! - **Usage** without a commitment: billed = effective = contracted.
//! - **Usage that a commitment covers:** list and contracted at on-demand prices, billed nothing, effective = hours × the
//!   contract's hour.
//! - **Unused:** hours of a commitment that nobody ran. Effective = hours × the contract's hour, everything else nothing.
//! - **Purchase:** what is invoiced for a commitment in a month. Effective nothing: usage and unused hours carry it.
//! - **Credit:** what a provider takes off an invoice; all four costs are negative and equal.
//!
//! Effective costs add up to the plan's bill and its credits, to the last digit. Over the whole term of a contract its fees
//! add up to the effective costs of its hours. List and contracted costs are added without purchases, or fees would count
//! twice, and without credits, which come after all prices. Labour is a charge like any other; [`Component::is_invoiced`] tells who wants it.
//!
//! Source: FOCUS 1.3, BilledCost, EffectiveCost, ContractedCost, ListCost.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use crate::bill::{Cause, Component, CostLine, Driver, Part, QUANTITY_DECIMALS};
use crate::finance::{Contract, Finance};
use crate::money::Usd;
use crate::plan::{Billed, Plan};
use crate::prices::PriceUnit;

/// What kind of charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChargeKind {
    /// Something was used.
    Usage,
    /// Hours of a commitment that nobody used.
    Unused,
    /// What is invoiced for a commitment.
    Purchase,
    /// What a provider takes off.
    Credit,
}

impl ChargeKind {
    /// As exports call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Unused => "unused commitment",
            Self::Purchase => "commitment fee",
            Self::Credit => "credit",
        }
    }
}

/// As exports call a fee that is paid once, for a whole term.
pub(crate) const UPFRONT_FEE: &str = "upfront commitment fee";

/// One charge of one month, in dollars.
#[derive(Clone, Debug, PartialEq)]
pub struct Charge {
    /// The month; 0 is the first of the horizon.
    pub month: u32,
    /// What kind it is.
    pub kind: ChargeKind,
    /// Whether it is a fee that is paid once, for a whole term.
    pub upfront: bool,
    /// Which thing on the bill; `None` for a credit.
    pub component: Option<Component>,
    /// Which part of the platform.
    pub part: Part,
    /// What made it necessary; `None` for a credit.
    pub cause: Option<Cause>,
    /// What it grows with.
    pub grows_with: Driver,
    /// The catalogue's identifier, that of hours on demand for a contract's; the name of a credit.
    pub sku: String,
    /// How much, in the unit of the price.
    pub quantity: Decimal,
    /// What one price buys.
    pub unit: PriceUnit,
    /// Price of one unit before discounts.
    pub list_unit_price: Usd,
    /// Price of one unit after the negotiated discount, before commitments.
    pub contracted_unit_price: Usd,
    /// List price × quantity.
    pub list_cost: Usd,
    /// Contracted price × quantity.
    pub contracted_cost: Usd,
    /// The same at the lower end, where only a range of prices is public.
    pub contracted_cost_low: Option<Usd>,
    /// What is invoiced for it in this month.
    pub billed_cost: Usd,
    /// What this month bears of it.
    pub effective_cost: Usd,
    /// The contract that it belongs to, by its identifier.
    pub contract: Option<String>,
    /// Who says what it costs.
    pub price_source: String,
    /// When.
    pub price_as_of: String,
    /// `listed`, `derived`, `range`, or `scenario` for the user's own.
    pub price_basis: String,
}

impl Charge {
    /// What one unit comes to with commitments: effective cost ÷ quantity; the contracted price where nothing is used.
    pub fn effective_unit_price(&self) -> Usd {
        let one = self.effective_cost.dollars().checked_div(self.quantity);
        one.map_or(self.contracted_unit_price, |price| Usd::new(price.round_dp(UNIT_DECIMALS)))
    }

    /// Whether its list and contracted costs count when these are added up: fees of commitments are left out, or what they
    /// pay for would count twice, and so are credits, which are taken off invoices and no price.
    pub fn is_consumption(&self) -> bool {
        matches!(self.kind, ChargeKind::Usage | ChargeKind::Unused)
    }

    /// Whether somebody sends an invoice for it.
    pub fn is_invoiced(&self) -> bool {
        self.component.is_none_or(Component::is_invoiced)
    }

    /// As exports call its kind.
    pub fn kind_name(&self) -> &'static str {
        if self.upfront { UPFRONT_FEE } else { self.kind.name() }
    }

    /// As exports call what it is on a bill.
    pub fn component_name(&self) -> &'static str {
        component_name(self.component)
    }
}

/// What credits, which are no component, are called beside components.
pub const CREDITS: &str = "credits";

/// A component as exports call it; `None` is credits.
pub fn component_name(component: Option<Component>) -> &'static str {
    component.map_or(CREDITS, Component::name)
}

/// Decimals of a unit price that is a quotient: shown, never multiplied.
const UNIT_DECIMALS: u32 = 12;

/// The four costs of some charges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Costs {
    /// Before discounts, without fees of commitments and before credits.
    pub list: Usd,
    /// After negotiated discounts, on demand, without fees of commitments and before credits.
    pub contracted: Usd,
    /// Cash.
    pub billed: Usd,
    /// Accrual.
    pub effective: Usd,
}

/// Adds up charges.
pub fn costs<'a>(charges: impl Iterator<Item = &'a Charge>) -> Costs {
    let mut sum = Costs::default();
    for charge in charges {
        if charge.is_consumption() {
            sum.list += charge.list_cost;
            sum.contracted += charge.contracted_cost;
        }
        sum.billed += charge.billed_cost;
        sum.effective += charge.effective_cost;
    }
    sum
}

/// Every charge of a plan, in the order of months and of the bill; fees follow what they pay for, credits come last.
pub fn charges(plan: &Plan, finance: &Finance) -> Vec<Charge> {
    plan.months.iter().flat_map(|billed| month(plan, billed, finance)).collect()
}

/// The charges of one month of a plan.
pub fn month(plan: &Plan, billed: &Billed, finance: &Finance) -> Vec<Charge> {
    let index = billed.month.index;
    let mut charges = Vec::with_capacity(billed.bill.lines.len() + 4);
    for line in &billed.bill.lines {
        match contract_of(plan, line) {
            Some(contract) => {
                charges.extend(covered(contract, line, used(plan, contract, index), index));
            }
            None => charges.push(usage(line, index)),
        }
    }
    charges.extend(plan.contracts.iter().flat_map(|contract| fees(contract, index)));
    credits(&mut charges, &plan.design.name, index, finance);
    charges
}

/// The contract whose hours a line is.
fn contract_of<'a>(plan: &'a Plan, line: &CostLine) -> Option<&'a Contract> {
    if line.component != Component::Brokers {
        return None;
    }
    plan.contracts.iter().find(|one| one.sku == line.sku && one.part == line.part)
}

/// Hours of a contract that ran in a month.
fn used(plan: &Plan, contract: &Contract, month: u32) -> Decimal {
    let part = plan.each().find(|part| part.part == contract.part);
    let hours = part.and_then(|part| {
        let billed = part.months.iter().find(|billed| billed.month.index == month)?;
        let basis = part.basis.as_ref()?;
        let covers = &billed.used.as_ref()?.covers;
        let named = |id| basis.prices.get(&id).is_some_and(|price| price.sku == contract.sku);
        covers.iter().find(|cover| named(cover.price)).map(|cover| cover.used)
    });
    Decimal::from_f64(hours.unwrap_or(0.0)).unwrap_or_default().round_dp(QUANTITY_DECIMALS)
}

fn usage(line: &CostLine, month: u32) -> Charge {
    Charge {
        month,
        kind: ChargeKind::Usage,
        upfront: false,
        component: Some(line.component),
        part: line.part.clone(),
        cause: Some(line.cause),
        grows_with: line.grows_with,
        sku: line.sku.clone(),
        quantity: line.quantity,
        unit: line.unit,
        list_unit_price: line.list_unit_price,
        contracted_unit_price: line.contracted_unit_price,
        list_cost: line.list_cost,
        contracted_cost: line.contracted_cost,
        contracted_cost_low: line.contracted_cost_low,
        billed_cost: line.contracted_cost,
        effective_cost: line.contracted_cost,
        contract: None,
        price_source: line.price_source.clone(),
        price_as_of: line.price_as_of.clone(),
        price_basis: line.price_basis.clone(),
    }
}

/// Hours of a contract: those that ran, and those that did not.
fn covered(contract: &Contract, line: &CostLine, used: Decimal, month: u32) -> Vec<Charge> {
    let used = used.min(line.quantity);
    let effective = contract.hour * used;
    let of_contract = Charge {
        sku: contract.on_demand_sku.clone(),
        contract: Some(contract.id.clone()),
        list_unit_price: contract.list_hour,
        contracted_unit_price: contract.on_demand_hour,
        contracted_cost_low: None,
        billed_cost: Usd::ZERO,
        ..usage(line, month)
    };
    let ran = Charge {
        quantity: used,
        list_cost: contract.list_hour * used,
        contracted_cost: contract.on_demand_hour * used,
        effective_cost: effective,
        ..of_contract.clone()
    };
    let idle = Charge {
        kind: ChargeKind::Unused,
        quantity: line.quantity - used,
        list_cost: Usd::ZERO,
        contracted_cost: Usd::ZERO,
        effective_cost: line.contracted_cost - effective,
        ..of_contract
    };
    [ran, idle].into_iter().filter(|charge| !charge.quantity.is_zero()).collect()
}

/// What is invoiced for a contract in a month: in the first of its term the share of all its hours that is paid ahead, in
/// every one the rest of an hour for those of the month.
fn fees(contract: &Contract, month: u32) -> impl Iterator<Item = Charge> {
    let fee = move |(upfront, quantity): (bool, Decimal)| {
        let price = contract.part_of_hour(upfront);
        let cost = price * quantity;
        (cost != Usd::ZERO).then(|| Charge {
            month,
            kind: ChargeKind::Purchase,
            upfront,
            component: Some(Component::Brokers),
            part: contract.part.clone(),
            cause: Some(Cause::Serve),
            grows_with: Driver::Fixed,
            sku: contract.on_demand_sku.clone(),
            quantity,
            unit: PriceUnit::Hour,
            list_unit_price: price,
            contracted_unit_price: price,
            list_cost: cost,
            contracted_cost: cost,
            contracted_cost_low: None,
            billed_cost: cost,
            effective_cost: Usd::ZERO,
            contract: Some(contract.id.clone()),
            price_source: contract.source.clone(),
            price_as_of: contract.as_of.clone(),
            price_basis: "derived".to_owned(),
        })
    };
    let first = (month == contract.from).then(|| (true, contract.all_hours()));
    first.into_iter().chain([(false, contract.paid(month))]).filter_map(fee)
}

/// Takes credits off what is invoiced in a month, one after the other, down to nothing.
fn credits(charges: &mut Vec<Charge>, platform: &str, month: u32, finance: &Finance) {
    let invoiced = charges.iter().filter(|charge| charge.is_invoiced());
    let mut left: Usd = invoiced.map(|charge| charge.billed_cost).sum();
    for credit in finance.credits.iter().filter(|credit| credit.applies(platform, month)) {
        let amount = credit.amount.min(left);
        if amount <= Usd::ZERO {
            continue;
        }
        left = left - amount;
        let off = -amount;
        charges.push(Charge {
            month,
            kind: ChargeKind::Credit,
            upfront: false,
            component: None,
            part: Part::default(),
            cause: None,
            grows_with: Driver::Fixed,
            sku: credit.name.clone(),
            quantity: Decimal::ONE,
            unit: PriceUnit::Month,
            list_unit_price: off,
            contracted_unit_price: off,
            list_cost: off,
            contracted_cost: off,
            contracted_cost_low: None,
            billed_cost: off,
            effective_cost: off,
            contract: None,
            price_source: credit.source.clone(),
            price_as_of: String::new(),
            price_basis: "scenario".to_owned(),
        });
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn contract(upfront: &str, years: u32) -> Contract {
        let usd = |text: &str| text.parse().expect("a literal in a test");
        Contract {
            id: "base".to_owned(),
            name: "base".to_owned(),
            part: Part::default(),
            machine: "m".to_owned(),
            on_demand_sku: "vm:m".to_owned(),
            sku: "vm:m (base)".to_owned(),
            list_hour: usd("0.4"),
            on_demand_hour: usd("0.36"),
            hour: usd("0.25"),
            brokers: 4,
            years,
            upfront: upfront.parse().expect("a literal in a test"),
            from: 2,
            hours: vec![Decimal::from(730); 12 * years as usize],
            source: "a test".to_owned(),
            as_of: "2026-11-01".to_owned(),
        }
    }

    fn usd(text: &str) -> Usd {
        text.parse().expect("a literal in a test")
    }

    /// A charge of the first month, of all of a platform.
    pub(crate) fn charge(
        component: Component,
        cause: Cause,
        grows_with: Driver,
        cost: &str,
    ) -> Charge {
        let cost = usd(cost);
        Charge {
            month: 0,
            kind: ChargeKind::Usage,
            upfront: false,
            component: Some(component),
            part: Part::default(),
            cause: Some(cause),
            grows_with,
            sku: String::new(),
            quantity: Decimal::ONE,
            unit: PriceUnit::Hour,
            list_unit_price: cost,
            contracted_unit_price: cost,
            list_cost: cost,
            contracted_cost: cost,
            contracted_cost_low: None,
            billed_cost: cost,
            effective_cost: cost,
            contract: None,
            price_source: String::new(),
            price_as_of: String::new(),
            price_basis: String::new(),
        }
    }

    /// Hours of the contract, as a bill has them.
    pub(crate) fn hours(quantity: u32) -> CostLine {
        CostLine {
            component: Component::Brokers,
            part: Part::default(),
            cause: Cause::Serve,
            grows_with: Driver::Brokers,
            sku: "vm:m (base)".to_owned(),
            quantity: Decimal::from(quantity),
            unit: PriceUnit::Hour,
            list_unit_price: usd("0.25"),
            contracted_unit_price: usd("0.25"),
            list_cost: usd("0.25") * Decimal::from(quantity),
            contracted_cost: usd("0.25") * Decimal::from(quantity),
            contracted_cost_low: Some(Usd::ZERO),
            price_source: "a test".to_owned(),
            price_as_of: "2026-11-01".to_owned(),
            price_basis: "listed".to_owned(),
        }
    }

    /// Kind, hours, unit prices and the four costs of a charge.
    fn figures(charge: &Charge) -> (ChargeKind, Decimal, [Usd; 6]) {
        assert_eq!((charge.month, charge.contract.as_deref()), (5, Some("base")));
        assert_eq!(charge.contracted_cost_low, None);
        let prices = [charge.list_unit_price, charge.contracted_unit_price];
        let costs = costs([charge].into_iter());
        let costs = [costs.list, costs.contracted, costs.billed, costs.effective];
        let all = prices.into_iter().chain(costs).collect::<Vec<_>>();
        (charge.kind, charge.quantity, all.try_into().expect("two prices and four costs"))
    }

    #[test]
    fn hours_that_ran_cost_what_they_would_on_demand_and_idle_ones_only_what_they_bear() {
        let contract = contract("0", 1);
        let check = |used: u32, expected: &[(ChargeKind, u32, [&str; 4])]| {
            let found = covered(&contract, &hours(2920), Decimal::from(used), 5);
            let found: Vec<_> = found.iter().map(figures).collect();
            let expected =
                expected.iter().map(|(kind, hours, [list, contracted, billed, effective])| {
                    let costs = [list, contracted, billed, effective].map(|cost| usd(cost));
                    let [list, contracted, billed, effective] = costs;
                    let all = [usd("0.4"), usd("0.36"), list, contracted, billed, effective];
                    (*kind, Decimal::from(*hours), all)
                });
            assert_eq!(found, expected.collect::<Vec<_>>(), "{used}");
        };
        let (ran, idle) = (ChargeKind::Usage, ChargeKind::Unused);
        // Of 4 × 730 h, at $0.40 list, $0.36 on demand and $0.25 in the contract.
        check(
            2000,
            &[(ran, 2000, ["800", "720", "0", "500"]), (idle, 920, ["0", "0", "0", "230"])],
        );
        check(0, &[(idle, 2920, ["0", "0", "0", "730"])]);
        for all in [2920, 3000] {
            check(all, &[(ran, 2920, ["1168", "1051.20", "0", "730"])]);
        }
    }

    #[test]
    fn a_fee_is_invoiced_and_borne_by_hours() {
        let contract = contract("0.5", 1);
        let of = |month| fees(&contract, month).collect::<Vec<_>>();
        let [fee] = &of(5)[..] else { panic!("half of each month's hours") };
        // 4 × 730 h × $0.25 ÷ 2.
        assert_eq!(figures(fee).2[2..], [Usd::ZERO, Usd::ZERO, usd("365"), Usd::ZERO]);
        assert_eq!((fee.quantity, fee.list_unit_price), (Decimal::from(2920), usd("0.125")));
        assert_eq!((fee.list_cost, fee.contracted_cost), (usd("365"), usd("365")));
        assert!(!fee.is_consumption() && !fee.upfront);
        // The other half of all twelve months is paid in the first, besides.
        let [once, first] = &of(2)[..] else { panic!("what is paid once, and the month's") };
        assert_eq!((once.quantity, once.billed_cost), (Decimal::from(35_040), usd("4380")));
        assert!(once.upfront && first.billed_cost == usd("365"));
        assert!(of(1).is_empty());
    }

    #[test]
    fn credits_are_taken_off_invoices_down_to_nothing() {
        let mut charges = vec![usage(&hours(400), 5), usage(&hours(80), 5)];
        // $100 from a provider, and $20 of people's time, for which nobody sends an invoice.
        charges[1].component = Some(Component::Labour);
        let credit = |name: &str, amount, month| crate::finance::Credit {
            name: name.to_owned(),
            platform: Some("kafka".to_owned()),
            amount: usd(amount),
            month,
            months: Some(2),
            source: "a letter".to_owned(),
        };
        let credits_of = |list: Vec<crate::finance::Credit>, platform: &str| {
            let mut all = charges.clone();
            credits(&mut all, platform, 5, &Finance { credits: list, ..Finance::default() });
            let taken = all[charges.len()..].iter().map(|charge| {
                assert_eq!(charge.list_cost, charge.effective_cost);
                assert_eq!(charge.contracted_cost, charge.billed_cost);
                (charge.sku.clone(), charge.billed_cost, charge.effective_cost)
            });
            taken.collect::<Vec<_>>()
        };
        let off = |name: &str, amount| (name.to_owned(), -usd(amount), -usd(amount));
        let two =
            vec![credit("first", "70", 5), credit("second", "70", 4), credit("third", "1", 5)];
        assert_eq!(credits_of(two.clone(), "kafka"), [off("first", "70"), off("second", "30")]);
        assert_eq!(credits_of(two, "automq"), []);
        assert_eq!(
            credits_of(vec![credit("over", "70", 3), credit("later", "70", 6)], "kafka"),
            []
        );
    }

    #[test]
    fn a_unit_costs_what_its_charge_bears() {
        let mut charge = usage(&hours(400), 5);
        charge.effective_cost = usd("64");
        assert_eq!(charge.effective_unit_price(), usd("0.16"));
        charge.quantity = Decimal::ZERO;
        assert_eq!(charge.effective_unit_price(), usd("0.25"));
        charge.quantity = Decimal::from(3);
        assert_eq!(charge.effective_unit_price(), usd("21.333333333333"));
    }

    #[test]
    fn fees_of_a_term_are_its_hours_however_they_are_paid() {
        // 4 brokers x 730 h x $0.25 are $730 a month.
        for (upfront, years, first, next) in [
            ("0", 1, "730.00", "730.00"),
            ("0.5", 1, "4745.00", "365.00"),
            ("1", 1, "8760.00", "0.00"),
            ("1", 3, "26280.00", "0.00"),
        ] {
            let contract = contract(upfront, years);
            assert_eq!(contract.until(), 2 + 12 * years);
            let fees: Vec<Usd> = (0..60).map(|month| contract.fee(month)).collect();
            assert_eq!(fees[1], Usd::ZERO, "before its term");
            assert_eq!(fees[2].dollars().to_string().parse(), first.parse::<Decimal>());
            assert_eq!(fees[3].dollars().to_string().parse(), next.parse::<Decimal>());
            assert_eq!(fees[contract.until() as usize], Usd::ZERO, "after its term");
            assert_eq!(fees.into_iter().sum::<Usd>(), contract.total());
        }
    }
}
