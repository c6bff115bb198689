//! The columns: what each is called, what it holds, which versions have it, and what it says of a row.

use rust_decimal::Decimal;

use super::Version;
use super::rows::Row;
use super::services::unit;
use crate::bill::Cause;
use crate::finance::Currency;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    Decimal,
    DateTime,
}

impl Kind {
    /// As FOCUS' schema objects spell it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::String => "STRING",
            Self::Decimal => "DECIMAL",
            Self::DateTime => "DATETIME",
        }
    }
}

/// A column: its name, what it holds, the versions that have it, and what it says of a row.
pub(super) struct Column {
    pub name: &'static str,
    pub kind: Kind,
    from: Version,
    to: Version,
    pub value: fn(&Row) -> String,
}

impl Version {
    /// Its columns, in order.
    pub(super) fn columns(self) -> impl Iterator<Item = &'static Column> {
        COLUMNS.iter().filter(move |column| (column.from..=column.to).contains(&self))
    }
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
    number("BilledCost", |row| row.billing(row.charge.billed_cost)),
    text("BillingAccountId", |row| format!("plan:{}", row.title)),
    text("BillingAccountName", |row| row.title.to_owned()),
    text("BillingCurrency", |row| row.currency().code.to_owned()),
    moment("BillingPeriodEnd", |row| row.period.1.clone()),
    moment("BillingPeriodStart", |row| row.period.0.clone()),
    text("ChargeCategory", |row| row.category().to_owned()),
    text("ChargeClass", |_| String::new()),
    text("ChargeDescription", |row| row.description()),
    text("ChargeFrequency", |row| row.frequency.to_owned()),
    moment("ChargePeriodEnd", |row| row.period.1.clone()),
    moment("ChargePeriodStart", |row| row.period.0.clone()),
    // What is committed to are hours of machines, not an amount of money.
    text("CommitmentDiscountCategory", |row| row.committed(|_| "Usage".to_owned())),
    text("CommitmentDiscountId", |row| row.commitment()),
    text("CommitmentDiscountName", |row| row.committed(|contract| contract.name.clone())),
    number("CommitmentDiscountQuantity", |row| row.committed(|_| decimal(row.charge.quantity))),
    text("CommitmentDiscountStatus", |row| row.status().to_owned()),
    text("CommitmentDiscountType", |row| {
        row.committed(|contract| format!("Commitment, {}", contract.words()))
    }),
    text("CommitmentDiscountUnit", |row| row.committed(|_| unit(row.charge.unit).to_owned())),
    number("ConsumedQuantity", |row| row.consumed(|charge| decimal(charge.quantity))),
    text("ConsumedUnit", |row| row.consumed(|charge| unit(charge.unit).to_owned())),
    number("ContractedCost", |row| row.billing(row.charge.contracted_cost)),
    number("ContractedUnitPrice", |row| {
        row.priced(|charge| row.billing(charge.contracted_unit_price))
    }),
    number("EffectiveCost", |row| row.billing(row.charge.effective_cost)),
    Column { from: Version::V1_3, ..text("HostProviderName", |row| row.host.to_owned()) },
    text("InvoiceId", |_| String::new()),
    text("InvoiceIssuerName", |row| row.service.provider.clone()),
    number("ListCost", |row| row.billing(row.charge.list_cost)),
    number("ListUnitPrice", |row| row.priced(|charge| row.billing(charge.list_unit_price))),
    text("PricingCategory", |row| row.pricing_category().to_owned()),
    // All prices of a catalogue are in dollars, whatever a bill is in.
    text("PricingCurrency", |_| Currency::USD.code.to_owned()),
    number("PricingCurrencyContractedUnitPrice", |row| {
        row.priced(|charge| decimal(charge.contracted_unit_price.dollars()))
    }),
    number("PricingCurrencyEffectiveCost", |row| decimal(row.charge.effective_cost.dollars())),
    number("PricingCurrencyListUnitPrice", |row| {
        row.priced(|charge| decimal(charge.list_unit_price.dollars()))
    }),
    number("PricingQuantity", |row| row.priced(|charge| decimal(charge.quantity))),
    text("PricingUnit", |row| row.priced(|charge| unit(charge.unit).to_owned())),
    Column { to: Version::V1_3, ..text("ProviderName", |row| row.service.provider.clone()) },
    Column { to: Version::V1_3, ..text("PublisherName", |row| row.service.provider.clone()) },
    text("RegionId", |row| row.region.to_owned()),
    text("RegionName", |row| row.region.to_owned()),
    text("ResourceId", |row| row.resource_id()),
    text("ResourceName", |row| row.resource_name()),
    text("ResourceType", |row| row.resource_type().to_owned()),
    text("ServiceCategory", |row| row.service.category.clone()),
    text("ServiceName", |row| row.service.name.clone()),
    Column {
        from: Version::V1_3,
        ..text("ServiceProviderName", |row| row.service.provider.clone())
    },
    text("ServiceSubcategory", |row| row.service.subcategory.clone()),
    text("SkuId", |row| row.priced(|_| row.sku().to_owned())),
    text("SkuMeter", |row| row.priced(|charge| charge.unit.measure().name().to_owned())),
    text("SkuPriceDetails", |_| String::new()),
    text("SkuPriceId", |row| row.priced(|_| row.sku_price())),
    text("SubAccountId", |row| format!("plan:{}", row.plan_id())),
    text("SubAccountName", |row| row.platform.to_owned()),
    text("Tags", |row| row.tags()),
    text("x_AssumptionsHash", |row| row.audit.scenario_sha256.clone()),
    text("x_Cause", |row| row.charge.cause.map_or("", Cause::name).to_owned()),
    text("x_Component", |row| row.charge.component_name().to_owned()),
    text("x_CostBasis", |_| "Plan".to_owned()),
    text("x_EngineVersion", |_| env!("CARGO_PKG_VERSION").to_owned()),
    text("x_GrowsWith", |row| row.charge.grows_with.name().to_owned()),
    text("x_Part", |row| row.charge.part.name()),
    text("x_PlanId", |row| row.plan_id()),
    text("x_PriceAsOfDate", |row| row.price_date()),
    text("x_PriceBasis", |row| row.charge.price_basis.clone()),
    text("x_PriceCatalogHash", |row| row.audit.catalog_sha256.clone()),
    text("x_PriceSource", |row| row.charge.price_source.clone()),
    text("x_Scenario", |row| row.title.to_owned()),
];

/// All digits and at least two decimals: readers take a column of whole numbers for integers.
pub(super) fn decimal(value: Decimal) -> String {
    let value = value.normalize();
    if value.scale() < 2 { format!("{value:.2}") } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_always_have_a_point() {
        for (value, text) in [
            ("744", "744.00"),
            ("0.40", "0.40"),
            ("0.0000004", "0.0000004"),
            ("0", "0.00"),
            ("-0", "0.00"),
            ("-12.5", "-12.50"),
        ] {
            assert_eq!(decimal(value.parse().expect("a literal")), text);
        }
        assert_eq!(decimal(Decimal::MAX), "79228162514264337593543950335.00");
    }
}
