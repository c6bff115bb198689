//! Accounts as one long table.
//!
//! Amounts are in whole minor units, the same as in all other tables (`cents`): those of one `view` and `measure` of a platform
//! add up to their rounded total; `amount_exact` has all digits, and `usd_exact` is what it was before the exchange. Costs of
//! one of something are quotients: they have no rounded amount, and nobody should add them.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::{exact, number};
use crate::bill::{Component, Part};
use crate::comparison::Comparison;
use crate::export::cents::{self, Cents};
use crate::export::csv::{END, record, text};
use crate::finance::{Account, Exchange, Share, Term};
use crate::ledger::{ChargeKind, component_name};
use crate::map::Map;
use crate::money::{Usd, largest_remainder};
use crate::rounding::allot;
use crate::scenario::Scenario;

/// The columns, in order.
pub const COLUMNS: &[&str] = &[
    "platform",
    "view",
    "measure",
    "month",
    "fiscal_year",
    "subject",
    "owner",
    "group",
    "component",
    "part",
    "quantity",
    "unit",
    "amount",
    "currency",
    "amount_exact",
    "usd_exact",
    "note",
];

/// One row, by column.
type Cells<'a> = Map<&'static str, Cow<'a, str>>;

/// Accounts of platforms as one long table, and a row for each platform without one.
pub fn csv(
    comparison: &Comparison,
    scenario: &Scenario,
    accounts: &[Account],
    platform: Option<&str>,
) -> String {
    let own = scenario.finance.own_exchange();
    let mut table = String::new();
    record(&mut table, COLUMNS.iter().copied(), END);
    for account in accounts {
        let mut rows = Rows { rows: Vec::new(), own: &own, units: Units::of(account, scenario) };
        rows.account(account);
        rows.write(&account.plan.design.name, &mut table);
    }
    let wanted = |name: &str| platform.is_none_or(|wanted| wanted == name);
    let rejected = comparison.outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    for rejection in rejected.filter(|rejection| wanted(&rejection.design.name)) {
        let reasons: Vec<String> =
            rejection.reasons.iter().map(|reason| format!("{reason}; {}", reason.hint())).collect();
        let cells = Cells::from([
            ("platform", text(&rejection.design.name)),
            ("view", "no plan".into()),
            ("note", reasons.join("; ").into()),
        ]);
        write(&mut table, &cells);
    }
    table
}

fn write(table: &mut String, cells: &Cells) {
    let cell = |column: &&'static str| cells.get(*column).map_or("", |cell| cell);
    record(table, COLUMNS.iter().map(cell), END);
}

/// What charges come to in whole units, as all tables have them.
#[derive(Default)]
struct Units {
    /// By month: cash, accrual, and labour in both.
    months: Map<u32, [Decimal; 3]>,
    /// By contract and month: fee, used, unused, on demand instead.
    terms: Map<(String, u32), [Decimal; 4]>,
    /// By component, part and SKU: list cost, negotiated discount, commitments, credits, effective cost.
    prices: Map<(&'static str, String, String), [Decimal; 5]>,
    /// Effective cost by component.
    components: Map<&'static str, Decimal>,
}

impl Units {
    fn of(account: &Account, scenario: &Scenario) -> Self {
        let (plan, finance) = (account.plan, &scenario.finance);
        let mut units = Self::default();
        let _ = cents::each::<()>(plan, finance, &Cents::of(plan, finance), |row| {
            units.add(row);
            Ok(())
        });
        units
    }

    fn add(&mut self, cents::Row { charge, amounts, shown, .. }: cents::Row<'_>) {
        let [list, _, billed, effective] = shown;
        let component = charge.component_name();
        let nothing = Decimal::ZERO;
        let labour = charge.component == Some(Component::Labour);
        let labour = if labour { effective } else { nothing };
        plus(self.months.or_default(charge.month), [billed, effective, labour]);
        if let Some(contract) = &charge.contract {
            let unused = charge.kind == ChargeKind::Unused;
            let (used, unused) =
                if unused { (nothing, amounts.borne) } else { (amounts.borne, nothing) };
            let of_it = [amounts.fees, used, unused, amounts.on_demand];
            plus(self.terms.or_default((contract.clone(), charge.month)), of_it);
        }
        if charge.kind != ChargeKind::Purchase {
            let committed = amounts.borne - amounts.on_demand;
            let price = [list, -amounts.negotiated, committed, amounts.credits, effective];
            let key = (component, charge.part.name(), charge.sku.clone());
            plus(self.prices.or_default(key), price);
        }
        *self.components.or_default(component) += effective;
    }
}

/// Rows of one platform, and what their amounts are in whole units.
struct Rows<'a> {
    rows: Vec<Row<'a>>,
    own: &'a Exchange,
    units: Units,
}

struct Row<'a> {
    /// Its view and measure.
    kind: (&'static str, &'static str),
    usd: Usd,
    amount: Amount,
    cells: Cells<'a>,
}

/// What stands in whole units.
#[derive(Clone, Copy, PartialEq)]
enum Amount {
    /// This.
    Units(Decimal),
    /// What is rounded together with others of its view and measure.
    Rounded,
    /// Nothing: a quotient adds up with nothing.
    Quotient,
}

impl<'a> Rows<'a> {
    fn push(
        &mut self,
        kind: (&'static str, &'static str),
        usd: Usd,
        amount: Amount,
        cells: impl IntoIterator<Item = (&'static str, Cow<'a, str>)>,
    ) {
        self.rows.push(Row { kind, usd, amount, cells: cells.into_iter().collect() });
    }

    fn account(&mut self, account: &'a Account) {
        for month in &account.worth.months {
            let cells = || {
                let year = month.year.map_or_else(String::new, |year| year.to_string());
                [("month", (month.month + 1).to_string().into()), ("fiscal_year", year.into())]
            };
            let units = self.units.months.get(&month.month).copied().unwrap_or_default();
            for ((measure, usd), units) in
                [("cash", month.cash), ("accrual", month.accrual), ("labour in both", month.labour)]
                    .into_iter()
                    .zip(units)
            {
                self.push(("through time", measure), usd, Amount::Units(units), cells());
            }
            if let Some(present) = month.present {
                self.push(("through time", "present value"), present, Amount::Rounded, cells());
            }
        }
        for term in &account.terms {
            self.term(term);
        }
        for row in &account.discounts {
            let component = component_name(row.component);
            let key = (component, row.part.name(), row.sku.clone());
            let units = self.units.prices.get(&key).copied().unwrap_or_default();
            for ((measure, usd), units) in [
                ("list cost", row.list),
                ("negotiated discount", row.negotiated),
                ("commitments", row.commitments),
                ("credits", row.credits),
                ("effective cost", row.effective),
            ]
            .into_iter()
            .zip(units)
            {
                let cells = [
                    ("subject", text(&row.sku)),
                    ("component", component.into()),
                    ("part", part(&row.part)),
                ];
                self.push(("discounts", measure), usd, Amount::Units(units), cells);
            }
        }
        let shares = &account.showback.shares;
        for (share, units) in shares.iter().zip(self.shares(shares)) {
            let kind = if share.shared { "shared" } else { "direct" };
            let payer = &share.payer;
            let component = component_name(share.component);
            let cells = [
                ("subject", text(&payer.stream)),
                ("owner", text(payer.owner.as_deref().unwrap_or_default())),
                ("group", text(payer.group.as_deref().unwrap_or_default())),
                ("component", component.into()),
                ("note", format!("{kind}; shared costs {}", account.showback.key.words()).into()),
            ];
            self.push(("show-back", "effective cost"), share.cost, Amount::Units(units), cells);
        }
        for one in &account.unit_costs {
            let cells = || {
                [
                    ("subject", text(one.subject.name())),
                    ("component", Cow::from(one.subject.kind())),
                    ("quantity", number(one.quantity).into()),
                    ("unit", one.per.name().into()),
                ]
            };
            self.push(("unit costs", "average"), one.average, Amount::Quotient, cells());
            let marginal = one.marginal.as_ref();
            if let Some((found, usd)) = marginal.and_then(|found| Some((found, found.unit_cost?))) {
                let note = [("note", Cow::from(found.change.words()))];
                let cells = cells().into_iter().chain(note);
                self.push(("unit costs", "marginal"), usd, Amount::Quotient, cells);
            }
        }
    }

    fn term(&mut self, term: &'a Term) {
        for month in &term.months {
            let key = (term.contract.id.clone(), month.month);
            let units = self.units.terms.get(&key).copied().unwrap_or_default();
            for ((measure, hours, usd), units) in [
                ("fee", month.paid, month.fee),
                ("used", month.used, month.used_cost),
                ("unused", month.paid - month.used, month.unused_cost),
                ("on demand instead", month.used, month.on_demand_cost),
            ]
            .into_iter()
            .zip(units)
            {
                let cells = [
                    ("month", (month.month + 1).to_string().into()),
                    ("subject", text(&term.contract.id)),
                    ("part", part(&term.contract.part)),
                    ("quantity", number(hours).into()),
                    ("unit", "hour".into()),
                ];
                self.push(("commitments", measure), usd, Amount::Units(units), cells);
            }
        }
    }

    /// Shares of each component in whole units, which add up to it.
    fn shares(&self, shares: &[Share]) -> Vec<Decimal> {
        let mut units = vec![Decimal::ZERO; shares.len()];
        for (component, total) in &self.units.components {
            let at: Vec<usize> = (0..shares.len())
                .filter(|&at| component_name(shares[at].component) == *component)
                .collect();
            let exact: Vec<Decimal> =
                at.iter().map(|&at| self.own.convert(shares[at].cost)).collect();
            for (at, share) in at.into_iter().zip(allot(*total, &exact, self.own.currency.decimals))
            {
                units[at] = share;
            }
        }
        units
    }

    fn write(self, platform: &'a str, table: &mut String) {
        let places = self.own.currency.decimals;
        let present: Vec<Usd> = self
            .rows
            .iter()
            .filter(|row| row.amount == Amount::Rounded)
            .map(|row| Usd::new(self.own.convert(row.usd)))
            .collect();
        let mut present = largest_remainder(&present, places).into_iter();
        for Row { kind, usd, amount, mut cells } in self.rows {
            let amount = match amount {
                Amount::Units(units) => Some(units),
                Amount::Rounded => present.next().map(Usd::dollars),
                Amount::Quotient => None,
            };
            let shown = amount.map(|units| format!("{:.*}", places as usize, units));
            cells.extend([
                ("platform", text(platform)),
                ("view", kind.0.into()),
                ("measure", kind.1.into()),
                ("amount", shown.unwrap_or_default().into()),
                ("currency", self.own.currency.code.into()),
                ("amount_exact", exact(self.own, usd).into()),
                ("usd_exact", number(usd.dollars()).into()),
            ]);
            write(table, &cells);
        }
    }
}

/// Adds amounts to those that are there.
fn plus<const N: usize>(sums: &mut [Decimal; N], amounts: [Decimal; N]) {
    for (sum, amount) in sums.iter_mut().zip(amounts) {
        *sum += amount;
    }
}

fn part(part: &Part) -> Cow<'static, str> {
    text(&part.name()).into_owned().into()
}
