//! A plan in the shape of FOCUS, the FinOps Open Cost and Usage Specification: what finance loads beside its invoices.
//!
//! A row is a line of a month's bill. FOCUS describes charges that were made, and has no data set for planned ones: the
//! file has its columns, units and arithmetic, every row says `Plan` in `x_CostBasis`, and nobody should call it conformant.
//!
//! - **It adds up.** ListCost, ContractedCost, BilledCost and EffectiveCost have all digits: unit price × quantity, exactly,
//!   and their sums are those of the bill without labour, which nobody invoices. Nothing is committed to, so that
//!   BilledCost, EffectiveCost and ContractedCost are the same.
//! - **Platforms are alternatives.** Each is a SubAccountId and an `x_PlanId`; whoever adds up a file of several adds up what
//!   will never be paid together. [`default_platform`] is the one to take where nobody names one.
//! - **Months are calendar months in UTC,** from that of the horizon's first day on, as providers bill: the Nth month of the
//!   plan stands in the Nth of them, whatever its length in hours, the day of that month on which the horizon starts, and
//!   its clock's distance from UTC.
//! - **What has no price has no row.** [`metadata`] names it, with what else the file leaves out.
//! - **Nothing is prefixed.** Text that a spreadsheet would take for a formula is refused: a bill's key must be what it is.
//!
//! Format: UTF-8 without a byte order mark, comma, CRLF, quotation marks where needed; numbers always have a decimal point,
//! and what is not known is empty. Source: the columns, attributes and data sets of FOCUS 1.2, 1.3 and 1.4.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::csv::{is_formula, record};
use super::json::pretty;
use crate::bill::{Bill, Component, CostLine, Driver};
use crate::calendar::Date;
use crate::comparison::Comparison;
use crate::map::Map;
use crate::money::Usd;
use crate::plan::{Plan, Rejection};
use crate::prices::{PriceUnit, Service, Services};
use crate::scenario::Scenario;

/// A version of FOCUS. They differ in who is named: 1.3 tells the seller of a service from its host, and 1.4 has no longer
/// the columns that did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// Of May 2025: what most loaders take.
    V1_2,
    /// Of December 2025: has every mandatory column of 1.2 as well.
    #[default]
    V1_3,
    /// Of June 2026.
    V1_4,
}

impl Version {
    /// Every version, the oldest first.
    pub const ALL: [Self; 3] = [Self::V1_2, Self::V1_3, Self::V1_4];

    /// As FOCUS writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
            Self::V1_4 => "1.4",
        }
    }

    fn columns(self) -> impl Iterator<Item = &'static Column> {
        COLUMNS.iter().filter(move |column| (column.from..=column.to).contains(&self))
    }
}

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Every row has dates.
    #[error("FOCUS has dates on every row, and the horizon has no first day")]
    NoFirstDay,
    /// A spreadsheet would calculate it.
    #[error("`{text}`, which {column} would say, is a formula to a spreadsheet")]
    Formula {
        /// Where it would stand first.
        column: &'static str,
        /// What it says.
        text: String,
    },
}

impl Refusal {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoFirstDay => "add `start`, such as `start = \"2027-01-01\"`, to `[horizon]`",
            Self::Formula { .. } => "let it begin with a letter or a digit",
        }
    }
}

/// The platform that a file is about where nobody names one: the cheapest whose bill is complete, or the only one that can
/// be planned. A file of one platform can be added up.
pub fn default_platform(comparison: &Comparison) -> Option<&str> {
    let only = || {
        let mut plans = comparison.plans();
        plans.next().filter(|_| plans.next().is_none()).map(|plan| plan.design.name.as_str())
    };
    comparison.verdict.cheapest.as_deref().or_else(only)
}

/// The rows of one platform, or of all: the same bytes for the same input.
///
/// # Errors
///
/// Every reason why there is no such file.
pub fn csv(
    comparison: &Comparison,
    scenario: &Scenario,
    version: Version,
    platform: Option<&str>,
) -> Result<String, Vec<Refusal>> {
    let columns: Vec<&Column> = version.columns().collect();
    let mut rows = String::new();
    record(&mut rows, columns.iter().map(|column| column.name), CRLF);
    let mut formulas: Map<String, &'static str> = Map::new();
    let wanted = |plan: &&Plan| platform.is_none_or(|name| name == plan.design.name);
    for plan in comparison.plans().filter(wanted) {
        for billed in &plan.months {
            let Some((start, end)) = scenario.horizon.billing_period(billed.month.index) else {
                return Err(vec![Refusal::NoFirstDay]);
            };
            let period = (instant(start), instant(end));
            for line in invoiced(&billed.bill).filter(|line| !line.quantity.is_zero()) {
                let row = Row::new(comparison, plan, line, &period);
                let cells: Vec<String> =
                    columns.iter().map(|column| (column.value)(&row)).collect();
                for (column, text) in columns.iter().zip(&cells) {
                    if column.kind == Kind::String && is_formula(text) {
                        formulas.or_insert_with(text.clone(), || column.name);
                    }
                }
                record(&mut rows, cells.iter().map(String::as_str), CRLF);
            }
        }
    }
    if !formulas.is_empty() {
        return Err(refusals(formulas));
    }
    Ok(rows)
}

/// One for each text that has to change: what only continues another is mended with it.
fn refusals(formulas: Map<String, &'static str>) -> Vec<Refusal> {
    let mut found: Vec<Refusal> = Vec::new();
    let mut last: Option<String> = None;
    // Sorted: what begins with a text follows it.
    for (text, column) in formulas {
        if !last.as_ref().is_some_and(|last| text.starts_with(last)) {
            last = Some(text.clone());
            found.push(Refusal::Formula { column, text });
        }
    }
    found
}

/// What belongs beside the rows, as JSON: FOCUS' schema object with every column and its type, then what each plan adds up
/// to, and what it leaves out: labour, and what has no price. `created` is the moment at which it was made, in UTC and as
/// ISO 8601 writes it, where somebody knows.
pub fn metadata(
    comparison: &Comparison,
    version: Version,
    platform: Option<&str>,
    created: Option<&str>,
) -> String {
    let columns = version
        .columns()
        .map(|column| json!({ "ColumnName": column.name, "DataType": column.kind.name() }));
    let plan = |plan: &Plan| {
        let sum = |cost: fn(&CostLine) -> Usd| invoiced(&plan.bill).map(cost).sum::<Usd>();
        let gaps = plan.bill.gaps.iter().filter(|gap| gap.component.is_invoiced());
        json!({
            "x_PlanId": plan_id(&comparison.title, &plan.design.name),
            "ListCost": sum(|line| line.list_cost),
            "BilledCost": sum(|line| line.contracted_cost),
            "x_Complete": gaps.clone().next().is_none(),
            "x_WithoutPrice": gaps.collect::<Vec<_>>(),
            "x_LabourLeftOut": plan.bill.of_component(Component::Labour),
        })
    };
    let rejection = |rejection: &Rejection| {
        let reasons = rejection.reasons.iter().map(ToString::to_string);
        json!({
            "x_PlanId": plan_id(&comparison.title, &rejection.design.name),
            "x_CannotBePlanned": reasons.collect::<Vec<_>>(),
        })
    };
    let plans: Vec<Value> = comparison
        .outcomes
        .iter()
        .map(|outcome| match outcome {
            Ok(found) => (&found.design.name, plan(found)),
            Err(found) => (&found.design.name, rejection(found)),
        })
        .filter(|(name, _)| platform.is_none_or(|wanted| wanted == *name))
        .map(|(_, value)| value)
        .collect();
    let mut document = json!({
        "DataGenerator": "highwater",
        "DataGeneratorVersion": env!("CARGO_PKG_VERSION"),
        "SchemaId": format!("highwater-plan-{}", version.name()),
        "FocusVersion": version.name(),
        "CreationDate": created,
        "x_Note": "A plan in the shape of FOCUS: not billing data, and not conformant. Several plans are alternatives, \
                   not to be added up. Months stand in calendar months, in UTC.",
        "x_Currency": CURRENCY,
        "x_Plans": plans,
        "ColumnDefinition": columns.collect::<Vec<_>>(),
    });
    if let (None, Some(entries)) = (created, document.as_object_mut()) {
        entries.shift_remove("CreationDate");
    }
    pretty(document)
}

/// All prices of a catalogue are in dollars.
const CURRENCY: &str = "USD";

/// What ends a row: FOCUS asks for RFC 4180.
const CRLF: &str = "\r\n";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    String,
    Decimal,
    DateTime,
}

impl Kind {
    /// As FOCUS' schema objects spell it.
    fn name(self) -> &'static str {
        match self {
            Self::String => "STRING",
            Self::Decimal => "DECIMAL",
            Self::DateTime => "DATETIME",
        }
    }
}

/// A column: its name, what it holds, the versions that have it, and what it says of a row.
struct Column {
    name: &'static str,
    kind: Kind,
    from: Version,
    to: Version,
    value: fn(&Row) -> String,
}

const fn text(name: &'static str, value: fn(&Row) -> String) -> Column {
    Column { name, kind: Kind::String, from: Version::V1_2, to: Version::V1_4, value }
}

const fn number(name: &'static str, value: fn(&Row) -> String) -> Column {
    Column { kind: Kind::Decimal, ..text(name, value) }
}

const fn moment(name: &'static str, value: fn(&Row) -> String) -> Column {
    Column { kind: Kind::DateTime, ..text(name, value) }
}

/// Every column: those of FOCUS in the order of its specification, then ours.
static COLUMNS: &[Column] = &[
    number("BilledCost", |row| decimal(row.line.contracted_cost.dollars())),
    text("BillingAccountId", |row| format!("plan:{}", row.title)),
    text("BillingAccountName", |row| row.title.to_owned()),
    text("BillingCurrency", |_| CURRENCY.to_owned()),
    moment("BillingPeriodEnd", |row| row.period.1.clone()),
    moment("BillingPeriodStart", |row| row.period.0.clone()),
    text("ChargeCategory", |_| "Usage".to_owned()),
    text("ChargeClass", |_| String::new()),
    text("ChargeDescription", |row| row.description()),
    text("ChargeFrequency", |row| {
        let recurs = row.kind.recurs.contains(&row.line.grows_with);
        if recurs { "Recurring" } else { "Usage-Based" }.to_owned()
    }),
    moment("ChargePeriodEnd", |row| row.period.1.clone()),
    moment("ChargePeriodStart", |row| row.period.0.clone()),
    // Empty while nothing is committed to; what FOCUS asks of ConsumedQuantity depends on it.
    text("CommitmentDiscountStatus", |_| String::new()),
    number("ConsumedQuantity", |row| decimal(row.line.quantity)),
    text("ConsumedUnit", |row| unit(row.line.unit).to_owned()),
    number("ContractedCost", |row| decimal(row.line.contracted_cost.dollars())),
    number("ContractedUnitPrice", |row| decimal(row.line.contracted_unit_price.dollars())),
    number("EffectiveCost", |row| decimal(row.line.contracted_cost.dollars())),
    Column { from: Version::V1_3, ..text("HostProviderName", |row| row.host.to_owned()) },
    text("InvoiceId", |_| String::new()),
    text("InvoiceIssuerName", |row| row.service.provider.clone()),
    number("ListCost", |row| decimal(row.line.list_cost.dollars())),
    number("ListUnitPrice", |row| decimal(row.line.list_unit_price.dollars())),
    text("PricingCategory", |_| "Standard".to_owned()),
    text("PricingCurrency", |_| CURRENCY.to_owned()),
    number("PricingCurrencyContractedUnitPrice", |row| {
        decimal(row.line.contracted_unit_price.dollars())
    }),
    number("PricingCurrencyEffectiveCost", |row| decimal(row.line.contracted_cost.dollars())),
    number("PricingCurrencyListUnitPrice", |row| decimal(row.line.list_unit_price.dollars())),
    number("PricingQuantity", |row| decimal(row.line.quantity)),
    text("PricingUnit", |row| unit(row.line.unit).to_owned()),
    Column { to: Version::V1_3, ..text("ProviderName", |row| row.service.provider.clone()) },
    Column { to: Version::V1_3, ..text("PublisherName", |row| row.service.provider.clone()) },
    text("RegionId", |row| row.part.region.clone()),
    text("RegionName", |row| row.part.region.clone()),
    text("ResourceId", |row| row.resource(&["plan:", row.title, "/"].concat(), "/")),
    text("ResourceName", |row| row.resource("", " ")),
    text("ResourceType", |row| row.kind.resource.to_owned()),
    text("ServiceCategory", |row| row.service.category.clone()),
    text("ServiceName", |row| row.service.name.clone()),
    Column {
        from: Version::V1_3,
        ..text("ServiceProviderName", |row| row.service.provider.clone())
    },
    text("ServiceSubcategory", |row| row.service.subcategory.clone()),
    text("SkuId", |row| row.line.sku.clone()),
    text("SkuMeter", |row| row.line.unit.measure().name().to_owned()),
    text("SkuPriceDetails", |_| String::new()),
    text("SkuPriceId", |row| row.sku_price()),
    text("SubAccountId", |row| format!("plan:{}", plan_id(row.title, row.platform))),
    text("SubAccountName", |row| row.platform.to_owned()),
    text("x_Cause", |row| row.line.cause.name().to_owned()),
    text("x_Component", |row| row.line.component.name().to_owned()),
    text("x_CostBasis", |_| "Plan".to_owned()),
    text("x_GrowsWith", |row| row.line.grows_with.name().to_owned()),
    text("x_Part", |row| row.line.part.name()),
    text("x_PlanId", |row| plan_id(row.title, row.platform)),
    // What another plan costs has no date of its own.
    text("x_PriceAsOfDate", |row| {
        let date = row.line.price_as_of.parse::<Date>();
        date.map_or_else(|_| String::new(), |date| date.to_string())
    }),
    text("x_PriceBasis", |row| row.line.price_basis.clone()),
    text("x_PriceSource", |row| row.line.price_source.clone()),
    text("x_Scenario", |row| row.title.to_owned()),
];

/// How a component stands in FOCUS, where nothing else is known of what is sold.
struct ComponentKind {
    component: Component,
    /// ServiceCategory and ServiceSubcategory of what the catalogue has no service for.
    category: (&'static str, &'static str),
    /// ResourceType; empty for what is no thing.
    resource: &'static str,
    /// What a line grows with that recurs whatever is used.
    recurs: &'static [Driver],
}

const fn kind(
    component: Component,
    category: (&'static str, &'static str),
    resource: &'static str,
    recurs: &'static [Driver],
) -> ComponentKind {
    ComponentKind { component, category, resource, recurs }
}

const VIRTUAL_MACHINES: (&str, &str) = ("Compute", "Virtual Machines");
const BLOCK_STORAGE: (&str, &str) = ("Storage", "Block Storage");
const OBJECT_STORAGE: (&str, &str) = ("Storage", "Object Storage");
const CONNECTIVITY: (&str, &str) = ("Networking", "Network Connectivity");
const INFRASTRUCTURE: (&str, &str) = ("Networking", "Network Infrastructure");
const MESSAGING: (&str, &str) = ("Integration", "Messaging");

/// Every component, in the order of a bill.
static COMPONENTS: &[ComponentKind] = &[
    kind(Component::Brokers, VIRTUAL_MACHINES, "Instance", &[]),
    kind(Component::Controllers, VIRTUAL_MACHINES, "Instance", &[]),
    kind(Component::BlockStorage, BLOCK_STORAGE, "Volume", &[]),
    kind(Component::Wal, BLOCK_STORAGE, "Volume", &[]),
    kind(Component::ObjectStorage, OBJECT_STORAGE, "Bucket", &[]),
    kind(Component::ObjectRequests, OBJECT_STORAGE, "Bucket", &[]),
    kind(Component::ZoneCrossing, CONNECTIVITY, "", &[]),
    kind(Component::RegionCrossing, CONNECTIVITY, "", &[]),
    kind(Component::ClientPaths, CONNECTIVITY, "", &[]),
    kind(Component::PrivateConnectivity, INFRASTRUCTURE, "Private Endpoint", &[]),
    kind(Component::LoadBalancers, ("Networking", "Application Networking"), "Load Balancer", &[]),
    kind(Component::ServiceFee, MESSAGING, "", &[Driver::Fixed]),
    kind(Component::Connectors, MESSAGING, "Connector Worker", &[]),
    kind(Component::Observability, ("Management and Governance", "Observability"), "", &[]),
    kind(Component::Backups, ("Storage", "Backup Storage"), "Backup", &[]),
    kind(
        Component::Support,
        ("Management and Governance", "Support"),
        "",
        &[Driver::Bill, Driver::Fixed],
    ),
    kind(Component::Migration, ("Migration", "Other (Migration)"), "", &[Driver::Fixed]),
    // People's time has no place in FOCUS, and no row.
    kind(Component::Labour, ("Other", "Other (Other)"), "", &[]),
];

/// A unit in FOCUS' format: a plural, or a singular and the plural of a time.
static UNITS: &[(PriceUnit, &str)] = &[
    (PriceUnit::Hour, "Hours"),
    (PriceUnit::Gib, "GiB"),
    (PriceUnit::Gb, "GB"),
    (PriceUnit::GibMonth, "GiB-Months"),
    (PriceUnit::GbMonth, "GB-Months"),
    (PriceUnit::Request, "Requests"),
    (PriceUnit::IopsMonth, "IOPS-Months"),
    (PriceUnit::MibPerSecMonth, "MiBps-Months"),
    (PriceUnit::MbPerSecMonth, "MBps-Months"),
    (PriceUnit::Month, "Months"),
    (PriceUnit::Dollar, CURRENCY),
];

fn unit(unit: PriceUnit) -> &'static str {
    let row = UNITS.iter().find(|(known, _)| *known == unit);
    row.map_or("", |(_, name)| name)
}

/// A line of a month's bill, and all that a row says of it.
struct Row<'a> {
    title: &'a str,
    platform: &'a str,
    /// The part that it is of: whose prices, and where.
    part: &'a Plan,
    line: &'a CostLine,
    kind: &'static ComponentKind,
    /// The provider that the platform runs on.
    host: &'a str,
    service: Service,
    period: &'a (String, String),
}

impl<'a> Row<'a> {
    fn new(
        comparison: &'a Comparison,
        plan: &'a Plan,
        line: &'a CostLine,
        period: &'a (String, String),
    ) -> Self {
        let part = plan.part_of(line);
        let named = comparison.services.get(&part.provider);
        let host = named.and_then(Services::provider).unwrap_or(&part.provider);
        let kind = COMPONENTS.iter().find(|kind| kind.component == line.component);
        let kind = kind.expect("every component has a row");
        // What nobody calls anything is called as on the bill: no name of FOCUS' has two categories.
        let unknown = || Service {
            name: line.component.name().to_owned(),
            provider: host.to_owned(),
            category: kind.category.0.to_owned(),
            subcategory: kind.category.1.to_owned(),
        };
        let service = named.and_then(|services| services.of(&line.sku)).cloned();
        Row {
            title: &comparison.title,
            platform: &plan.design.name,
            part,
            line,
            kind,
            host,
            service: service.unwrap_or_else(unknown),
            period,
        }
    }

    fn description(&self) -> String {
        let Self { line, .. } = self;
        format!(
            "Planned {}, {}: {} {} of {}",
            line.component.name(),
            line.cause.name(),
            line.quantity.normalize(),
            unit(line.unit),
            line.sku
        )
    }

    /// A thing of the plan: what a component of a part is made of.
    fn resource(&self, start: &str, between: &str) -> String {
        if self.kind.resource.is_empty() {
            return String::new();
        }
        let part = self.line.part.name();
        let names = [self.platform, &part, self.line.component.name()];
        let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        format!("{start}{}", names.join(between))
    }

    /// What defines a unit price: steps of a ladder differ in it, and so do regions.
    fn sku_price(&self) -> String {
        let price = self.line.list_unit_price.dollars().normalize();
        format!("{}@{}@{price}", self.line.sku, self.part.region)
    }
}

/// Lines that somebody sends an invoice for.
fn invoiced(bill: &Bill) -> impl Iterator<Item = &CostLine> {
    bill.lines.iter().filter(|line| line.component.is_invoiced())
}

fn plan_id(title: &str, platform: &str) -> String {
    format!("{title}/{platform}")
}

fn instant(day: Date) -> String {
    format!("{day}T00:00:00Z")
}

/// All digits and at least two decimals: readers take a column of whole numbers for integers.
fn decimal(value: Decimal) -> String {
    let value = value.normalize();
    if value.scale() < 2 { format!("{value:.2}") } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_has_a_row_in_the_order_of_a_bill() {
        let components: Vec<Component> = COMPONENTS.iter().map(|kind| kind.component).collect();
        assert_eq!(components, Component::ALL);
    }

    #[test]
    fn every_unit_has_a_name_in_focus() {
        for (_, unit) in PriceUnit::ALL {
            assert_ne!(super::unit(unit), "", "{}", unit.name());
        }
        assert_eq!(unit(PriceUnit::Dollar), "USD");
    }

    #[test]
    fn numbers_always_have_a_point() {
        for (value, text) in
            [("744", "744.00"), ("0.40", "0.40"), ("0.0000004", "0.0000004"), ("0", "0.00")]
        {
            assert_eq!(decimal(value.parse().expect("a literal")), text);
        }
        assert_eq!(decimal(Decimal::MAX), "79228162514264337593543950335.00");
    }
}
