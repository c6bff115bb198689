//! Money through time as JSON and CSV: everything that accounts know, in the currency of the scenario.
//!
//! - **JSON:** amounts are strings with all their digits; months count from 1.
//! - **CSV:** one long table. Amounts of one `view` and `measure` of a platform are written in whole minor units by largest
//!   remainder, so that they add up to their rounded total; `amount_exact` has all digits, and `usd_exact` is what it was
//!   before the exchange. Costs of one of something are quotients: they have no rounded amount, and nobody should add them.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::csv::{END, record, text};
use super::json::{SCHEMA_VERSION, pretty, rejection_value};
use crate::comparison::Comparison;
use crate::finance::{
    Account, Ending, Exchange, FISCAL_STARTS, Marginal, Stack, Term, TermMonth, UnitCost,
    convention, payment, rate_per_year, together,
};
use crate::map::Map;
use crate::money::{Usd, largest_remainder};
use crate::scenario::Scenario;

/// What a scenario's exports are in: dollars as dollars where it does not say.
fn exchange(scenario: &Scenario) -> Exchange {
    scenario.finance.exchange.clone().unwrap_or_else(Exchange::none)
}

/// Accounts of platforms, and why others have none: one by its name, or all.
pub fn json(
    comparison: &Comparison,
    scenario: &Scenario,
    accounts: &[Account],
    platform: Option<&str>,
) -> String {
    let own = exchange(scenario);
    let finance = &scenario.finance;
    let wanted = |name: &str| platform.is_none_or(|wanted| wanted == name);
    let rejected = comparison.outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    let rejected = rejected.filter(|rejection| wanted(&rejection.design.name)).map(|rejection| {
        json!({ "name": rejection.design.name, "rejection": rejection_value(rejection) })
    });
    let platforms = accounts.iter().map(|one| account(one, &own)).chain(rejected);
    pretty(json!({
        "schema_version": SCHEMA_VERSION,
        "kind": "finance",
        "engine_version": env!("CARGO_PKG_VERSION"),
        "title": comparison.title,
        "provider": comparison.provider,
        "region": comparison.region,
        "months": scenario.horizon.months,
        "currency": own.currency.code,
        "exchange": finance.exchange.as_ref().map(|one| json!({
            "from": "USD",
            "to": one.currency.code,
            "rate": one.rate.normalize().to_string(),
            "source": one.source,
            "as_of": one.as_of,
            "minor_unit_decimals": one.currency.decimals,
        })),
        "discounting": finance.discount_per_month.map(|rate| json!({
            "rate_per_year": rate_per_year(rate),
            "rate_per_month": rate,
            "convention": convention(rate),
        })),
        "fiscal_year_start": FISCAL_STARTS.get(finance.fiscal_year_start as usize - 1),
        "platforms": platforms.collect::<Vec<_>>(),
    }))
}

/// An amount with all its digits.
fn exact(own: &Exchange, usd: Usd) -> String {
    own.convert(usd).normalize().to_string()
}

fn number(value: Decimal) -> String {
    value.normalize().to_string()
}

fn account(account: &Account, own: &Exchange) -> Value {
    let money = |usd: Usd| exact(own, usd);
    let worth = &account.worth;
    let months = worth.months.iter().map(|month| {
        json!({
            "month": month.month + 1,
            "fiscal_year": month.year.map(|year| year.to_string()),
            "cash": money(month.cash),
            "accrual": money(month.accrual),
            "labour": money(month.labour),
            "cash_so_far": money(month.cash_so_far),
            "accrual_so_far": money(month.accrual_so_far),
            "discount_factor": month.factor.map(|factor| factor.to_string()),
            "present_value": month.present.map(money),
        })
    });
    let years = worth.years.iter().map(|year| {
        json!({
            "fiscal_year": year.year.to_string(),
            "months": year.months,
            "cash": money(year.cash),
            "accrual": money(year.accrual),
            "present_value": year.present.map(money),
        })
    });
    let discounts = account.discounts.iter().map(|row| stack(row, own));
    let shares = account.showback.shares.iter().map(|share| {
        json!({
            "stream": share.payer.stream,
            "owner": share.payer.owner,
            "group": share.payer.group,
            "component": share.component.map_or("credits", |component| component.name()),
            "kind": if share.shared { "shared" } else { "direct" },
            "cost": money(share.cost),
        })
    });
    json!({
        "name": account.plan.design.name,
        "complete": account.plan.is_complete(),
        "cash": money(worth.cash),
        "accrual": money(worth.accrual),
        "labour": money(worth.labour),
        "present_value": worth.present.map(money),
        "payback": account.payback.as_ref().map(|payback| json!({
            "against": payback.against,
            "month": payback.month.map(|month| month + 1),
        })),
        "months": months.collect::<Vec<_>>(),
        "fiscal_years": years.collect::<Vec<_>>(),
        "commitments": account.terms.iter().map(|one| term(one, own)).collect::<Vec<_>>(),
        "discounts": {
            "rows": discounts.collect::<Vec<_>>(),
            "total": stack(&together(&account.discounts), own),
        },
        "unit_costs": account.unit_costs.iter().map(|one| unit_cost(one, own)).collect::<Vec<_>>(),
        "showback": {
            "key": account.showback.key.name(),
            "shared_costs": account.showback.key.words(),
            "shares": shares.collect::<Vec<_>>(),
            "total": money(account.showback.total()),
            "notes": account.showback.notes,
        },
        "notes": account.notes,
    })
}

fn term(term: &Term, own: &Exchange) -> Value {
    let money = |usd: Usd| exact(own, usd);
    let contract = &term.contract;
    let month = |month: &TermMonth| {
        json!({
            "month": month.month + 1,
            "paid_hours": number(month.paid),
            "used_hours": number(month.used),
            "all_hours": number(month.ran),
            "coverage": month.coverage(),
            "utilization": month.utilization(),
            "fee": money(month.fee),
            "used_cost": money(month.used_cost),
            "unused_cost": money(month.unused_cost),
            "on_demand_cost": money(month.on_demand_cost),
            "fees_so_far": money(month.fees_so_far),
            "on_demand_so_far": money(month.on_demand_so_far),
        })
    };
    let ending = match &term.ending {
        Ending::Cliff { month, usd } => json!({
            "kind": "cliff", "month": month + 1, "dearer_a_month": money(*usd),
        }),
        Ending::Renewed { month } => json!({ "kind": "renewed", "month": month + 1 }),
        Ending::WithHorizon => json!({ "kind": "ends with the horizon" }),
        Ending::Binds { months, prepaid, owed } => json!({
            "kind": "binds beyond the horizon",
            "months": months,
            "prepaid": money(*prepaid),
            "owed": money(*owed),
        }),
    };
    json!({
        "id": contract.id,
        "name": contract.name,
        "part": contract.part,
        "machine": contract.machine,
        "brokers": contract.brokers,
        "term_years": contract.years,
        "payment": payment(contract.upfront),
        "first_month": contract.from + 1,
        "hour": money(contract.hour),
        "on_demand_hour": money(contract.on_demand_hour),
        "list_hour": money(contract.list_hour),
        "price_source": contract.source,
        "price_as_of": contract.as_of,
        "coverage": term.coverage(),
        "utilization": term.utilization(),
        "paid_hours": number(term.paid()),
        "used_hours": number(term.used()),
        "unused_hours": number(term.unused()),
        "fees": money(term.fees()),
        "effective_cost": money(term.effective()),
        "unused_cost": money(term.unused_cost()),
        "saving": money(term.saving()),
        "break_even_month": term.break_even.map(|month| month + 1),
        "ending": ending,
        "months": term.months.iter().map(month).collect::<Vec<_>>(),
    })
}

fn stack(row: &Stack, own: &Exchange) -> Value {
    let money = |usd: Usd| exact(own, usd);
    json!({
        "component": row.component.map(|component| component.name()),
        "part": row.part,
        "sku": row.sku,
        "list_cost": money(row.list),
        "negotiated_discount": money(row.negotiated),
        "commitment_discount": money(row.commitments),
        "credits": money(row.credits),
        "effective_cost": money(row.effective),
    })
}

fn unit_cost(one: &UnitCost, own: &Exchange) -> Value {
    let money = |usd: Usd| exact(own, usd);
    let marginal = |found: &Marginal| {
        json!({
            "of": found.change.words(),
            "cost": money(found.usd),
            "unit_cost": found.unit_cost.map(money),
        })
    };
    json!({
        "subject": one.subject.kind(),
        "name": one.subject.name(),
        "per": one.per.name(),
        "quantity": number(one.quantity),
        "cost": money(one.cost),
        "average": money(one.average),
        "marginal": one.marginal.as_ref().map(marginal),
    })
}

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
    let own = exchange(scenario);
    let mut table = String::new();
    record(&mut table, COLUMNS.iter().copied(), END);
    for account in accounts {
        let mut rows = Rows { rows: Vec::new(), own: &own };
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

/// Rows of one platform, before their amounts are rounded together.
struct Rows<'a> {
    rows: Vec<Row<'a>>,
    own: &'a Exchange,
}

struct Row<'a> {
    /// Its view and measure.
    kind: (&'static str, &'static str),
    usd: Usd,
    /// Whether it is an amount, which adds up with others of its kind; what is a quotient does not.
    adds_up: bool,
    cells: Cells<'a>,
}

impl<'a> Rows<'a> {
    fn push(
        &mut self,
        kind: (&'static str, &'static str),
        usd: Usd,
        adds_up: bool,
        cells: impl IntoIterator<Item = (&'static str, Cow<'a, str>)>,
    ) {
        self.rows.push(Row { kind, usd, adds_up, cells: cells.into_iter().collect() });
    }

    fn account(&mut self, account: &'a Account) {
        for month in &account.worth.months {
            let cells = || {
                let year = month.year.map_or_else(String::new, |year| year.to_string());
                [("month", (month.month + 1).to_string().into()), ("fiscal_year", year.into())]
            };
            self.push(("through time", "cash"), month.cash, true, cells());
            self.push(("through time", "accrual"), month.accrual, true, cells());
            self.push(("through time", "labour in both"), month.labour, true, cells());
            if let Some(present) = month.present {
                self.push(("through time", "present value"), present, true, cells());
            }
        }
        for term in &account.terms {
            self.term(term);
        }
        for row in &account.discounts {
            let component = row.component.map_or("credits", |component| component.name());
            for (measure, usd) in [
                ("list cost", row.list),
                ("negotiated discount", row.negotiated),
                ("commitments", row.commitments),
                ("credits", row.credits),
                ("effective cost", row.effective),
            ] {
                let cells = [
                    ("subject", text(&row.sku)),
                    ("component", component.into()),
                    ("part", part(&row.part)),
                ];
                self.push(("discounts", measure), usd, true, cells);
            }
        }
        for share in &account.showback.shares {
            let kind = if share.shared { "shared" } else { "direct" };
            let payer = &share.payer;
            let component = share.component.map_or("credits", |component| component.name());
            let cells = [
                ("subject", text(&payer.stream)),
                ("owner", text(payer.owner.as_deref().unwrap_or_default())),
                ("group", text(payer.group.as_deref().unwrap_or_default())),
                ("component", component.into()),
                ("note", format!("{kind}; shared costs {}", account.showback.key.words()).into()),
            ];
            self.push(("show-back", "effective cost"), share.cost, true, cells);
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
            self.push(("unit costs", "average"), one.average, false, cells());
            let marginal = one.marginal.as_ref();
            if let Some((found, usd)) = marginal.and_then(|found| Some((found, found.unit_cost?))) {
                let note = [("note", Cow::from(found.change.words()))];
                self.push(("unit costs", "marginal"), usd, false, cells().into_iter().chain(note));
            }
        }
    }

    fn term(&mut self, term: &'a Term) {
        for month in &term.months {
            for (measure, hours, usd) in [
                ("fee", month.paid, month.fee),
                ("used", month.used, month.used_cost),
                ("unused", month.paid - month.used, month.unused_cost),
                ("on demand instead", month.used, month.on_demand_cost),
            ] {
                let cells = [
                    ("month", (month.month + 1).to_string().into()),
                    ("subject", text(&term.contract.id)),
                    ("part", part(&term.contract.part)),
                    ("quantity", number(hours).into()),
                    ("unit", "hour".into()),
                ];
                self.push(("commitments", measure), usd, true, cells);
            }
        }
    }

    fn write(self, platform: &'a str, table: &mut String) {
        let mut kinds: Vec<(&str, &str)> = Vec::new();
        for row in self.rows.iter().filter(|row| row.adds_up) {
            if !kinds.contains(&row.kind) {
                kinds.push(row.kind);
            }
        }
        let places = self.own.currency.decimals;
        let mut shown: Vec<String> = vec![String::new(); self.rows.len()];
        for kind in kinds {
            let at: Vec<usize> =
                (0..self.rows.len()).filter(|&at| self.rows[at].kind == kind).collect();
            let amounts: Vec<Usd> =
                at.iter().map(|&at| Usd::new(self.own.convert(self.rows[at].usd))).collect();
            for (at, amount) in at.into_iter().zip(largest_remainder(&amounts, places)) {
                shown[at] = format!("{:.*}", places as usize, amount.dollars());
            }
        }
        for (Row { kind, usd, mut cells, .. }, shown) in self.rows.into_iter().zip(shown) {
            cells.extend([
                ("platform", text(platform)),
                ("view", kind.0.into()),
                ("measure", kind.1.into()),
                ("amount", shown.into()),
                ("currency", self.own.currency.code.into()),
                ("amount_exact", exact(self.own, usd).into()),
                ("usd_exact", number(usd.dollars()).into()),
            ]);
            write(table, &cells);
        }
    }
}

fn part(part: &crate::bill::Part) -> Cow<'static, str> {
    text(&part.name()).into_owned().into()
}
