//! Rows: what each charge of a plan is in FOCUS.

use serde_json::json;

use super::columns::decimal;
use super::services::{ComponentKind, kind_of, unit};
use super::{File, contract_id, instant, plan_id};
use crate::calendar::Date;
use crate::export::audit::Audit;
use crate::finance::{Contract, Currency, Exchange};
use crate::ledger::{self, Charge, ChargeKind};
use crate::money::Usd;
use crate::plan::{Billed, Plan};
use crate::prices::{Service, Services};

/// A charge, and all that a row says of it.
pub(super) struct Row<'a> {
    pub title: &'a str,
    pub platform: &'a str,
    pub audit: &'a Audit,
    pub exchange: Option<&'a Exchange>,
    pub charge: Charge,
    pub contract: Option<&'a Contract>,
    pub kind: &'static ComponentKind,
    /// ChargeFrequency.
    pub frequency: &'static str,
    /// Where it is; empty for what is nowhere, a credit.
    pub region: &'a str,
    /// The provider that the platform runs on.
    pub host: &'a str,
    pub service: Service,
    /// First moment of its month, and of the next.
    pub period: (String, String),
}

const ONE_TIME: &str = "One-Time";
const RECURRING: &str = "Recurring";
const USAGE_BASED: &str = "Usage-Based";

/// The rows of one month of a plan.
pub(super) fn of_month<'a>(
    file: File<'a>,
    plan: &'a Plan,
    billed: &Billed,
    (start, end): (Date, Date),
) -> Vec<Row<'a>> {
    let period = (instant(start), instant(end));
    let charges = ledger::month(plan, billed, &file.scenario.finance);
    let charges =
        charges.into_iter().filter(|charge| charge.is_invoiced() && !charge.quantity.is_zero());
    let rows = |charge: Charge| {
        let id = charge.contract.as_ref();
        let contract = id.and_then(|id| plan.contracts.iter().find(|one| one.id == *id));
        let frequency = frequency(&charge);
        row(file, plan, as_used(charge), contract, frequency, &period)
    };
    charges.map(rows).collect()
}

fn frequency(charge: &Charge) -> &'static str {
    if charge.upfront {
        return ONE_TIME;
    }
    let recurs = charge.kind != ChargeKind::Usage
        || kind_of(charge.component).recurs.contains(&charge.grows_with);
    if recurs { RECURRING } else { USAGE_BASED }
}

/// Hours that nobody used would have cost nothing on demand: price × quantity is cost on every row.
fn as_used(mut charge: Charge) -> Charge {
    if charge.kind == ChargeKind::Unused {
        (charge.list_unit_price, charge.contracted_unit_price) = (Usd::ZERO, Usd::ZERO);
    }
    charge
}

fn row<'a>(
    file: File<'a>,
    plan: &'a Plan,
    charge: Charge,
    contract: Option<&'a Contract>,
    frequency: &'static str,
    period: &(String, String),
) -> Row<'a> {
    let comparison = file.comparison;
    let part = plan.part_at(&charge.part);
    let named = comparison.services.get(&part.provider);
    let host = named.and_then(Services::provider).unwrap_or(&part.provider);
    let kind = kind_of(charge.component);
    // What nobody calls anything is called as on the bill: no name of FOCUS' has two categories.
    let unknown = || Service {
        name: charge.component_name().to_owned(),
        provider: host.to_owned(),
        category: kind.category.0.to_owned(),
        subcategory: kind.category.1.to_owned(),
    };
    let known = named.filter(|_| charge.kind != ChargeKind::Credit);
    let service =
        known.and_then(|services| services.of(&charge.sku)).cloned().unwrap_or_else(unknown);
    let region = if charge.kind == ChargeKind::Credit { "" } else { part.region.as_str() };
    Row {
        title: &comparison.title,
        platform: &plan.design.name,
        audit: file.audit,
        exchange: file.exchange(),
        charge,
        contract,
        kind,
        frequency,
        region,
        host,
        service,
        period: period.clone(),
    }
}

impl Row<'_> {
    /// The currency of the bill.
    pub(super) fn currency(&self) -> Currency {
        self.exchange.map_or(Currency::USD, |exchange| exchange.currency)
    }

    /// A cost or a price in the currency of the bill.
    pub(super) fn billing(&self, amount: Usd) -> String {
        decimal(self.exchange.map_or(amount.dollars(), |exchange| exchange.convert(amount)))
    }

    /// What only charges with a price have: a credit has none.
    pub(super) fn priced(&self, value: impl FnOnce(&Charge) -> String) -> String {
        if self.charge.kind == ChargeKind::Credit {
            return String::new();
        }
        value(&self.charge)
    }

    /// What only charges of a commitment have.
    pub(super) fn committed(&self, value: impl FnOnce(&Contract) -> String) -> String {
        self.contract.map_or_else(String::new, value)
    }

    /// What only consumption has: it is not bought, granted, or left lying.
    pub(super) fn consumed(&self, value: impl FnOnce(&Charge) -> String) -> String {
        if self.charge.kind != ChargeKind::Usage {
            return String::new();
        }
        value(&self.charge)
    }

    pub(super) fn category(&self) -> &'static str {
        match self.charge.kind {
            ChargeKind::Usage | ChargeKind::Unused => "Usage",
            ChargeKind::Purchase => "Purchase",
            ChargeKind::Credit => "Credit",
        }
    }

    /// Buying a commitment is no use of it.
    pub(super) fn pricing_category(&self) -> &'static str {
        match (self.charge.kind, self.contract) {
            (ChargeKind::Credit, _) => "",
            (ChargeKind::Usage | ChargeKind::Unused, Some(_)) => "Committed",
            _ => "Standard",
        }
    }

    pub(super) fn status(&self) -> &'static str {
        match (self.charge.kind, self.contract) {
            (ChargeKind::Usage, Some(_)) => "Used",
            (ChargeKind::Unused, _) => "Unused",
            _ => "",
        }
    }

    pub(super) fn description(&self) -> String {
        let Self { charge, .. } = self;
        let quantity = format!("{} {}", charge.quantity.normalize(), unit(charge.unit));
        let component = charge.component_name();
        let cause = charge.cause.map_or(String::new(), |cause| format!(", {}", cause.name()));
        let of = |contract: &Contract| format!("the commitment {}", contract.id);
        match (charge.kind, self.contract) {
            (ChargeKind::Credit, _) => format!("Planned credit: {}", charge.sku),
            (ChargeKind::Usage, Some(contract)) => format!(
                "Planned {component}{cause}: {quantity} of {}, covered by {}",
                charge.sku,
                of(contract)
            ),
            (ChargeKind::Unused, Some(contract)) => {
                format!("Planned {component}, not used: {quantity} of {}", of(contract))
            }
            (ChargeKind::Purchase, Some(contract)) => {
                let how = if self.frequency == ONE_TIME { "upfront" } else { "of the month" };
                format!("Planned fee, {how}: {quantity} of {} ({})", of(contract), contract.words())
            }
            _ => format!("Planned {component}{cause}: {quantity} of {}", charge.sku),
        }
    }

    /// The identifier of the commitment.
    pub(super) fn commitment(&self) -> String {
        self.committed(|contract| contract_id(self.title, self.platform, contract))
    }

    /// Whether the row is of a commitment itself and of no machine.
    fn is_of_contract(&self) -> bool {
        self.contract.is_some() && self.charge.kind != ChargeKind::Usage
    }

    pub(super) fn resource_id(&self) -> String {
        if self.is_of_contract() {
            return self.commitment();
        }
        self.resource(&["plan:", self.title, "/"].concat(), "/")
    }

    pub(super) fn resource_name(&self) -> String {
        if self.is_of_contract() {
            return self.committed(|contract| contract.id.clone());
        }
        self.resource("", " ")
    }

    pub(super) fn resource_type(&self) -> &'static str {
        if self.is_of_contract() { "Commitment" } else { self.kind.resource }
    }

    /// A thing of the plan: what a component of a part is made of.
    fn resource(&self, start: &str, between: &str) -> String {
        if self.kind.resource.is_empty() {
            return String::new();
        }
        let part = self.charge.part.name();
        let names = [self.platform, &part, self.charge.component_name()];
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        format!("{start}{}", names.join(between))
    }

    /// What is sold: hours that a commitment covers are those of the machine, and a commitment is one of its own.
    pub(super) fn sku(&self) -> &str {
        match (self.charge.kind, self.contract) {
            (ChargeKind::Unused | ChargeKind::Purchase, Some(contract)) => &contract.sku,
            _ => &self.charge.sku,
        }
    }

    /// What defines a unit price: steps of a ladder differ in it, and so do regions.
    pub(super) fn sku_price(&self) -> String {
        let price = match (self.charge.kind, self.contract) {
            (ChargeKind::Unused, Some(contract)) => contract.hour,
            _ => self.charge.list_unit_price,
        };
        format!("{}@{}@{}", self.sku(), self.region, price.dollars().normalize())
    }

    /// Flat, as FOCUS has tags.
    pub(super) fn tags(&self) -> String {
        let part = self.charge.part.name();
        if part.is_empty() {
            return json!({ "platform": self.platform }).to_string();
        }
        json!({ "platform": self.platform, "part": part }).to_string()
    }

    pub(super) fn plan_id(&self) -> String {
        plan_id(self.title, self.platform)
    }

    /// What another plan costs has no date of its own, and neither has a credit.
    pub(super) fn price_date(&self) -> String {
        let date = self.charge.price_as_of.parse::<Date>();
        date.map_or_else(|_| String::new(), |date| date.to_string())
    }
}
