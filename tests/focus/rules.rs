//! What FOCUS and we ask of every row: the rules that the public checkers miss, and those that are ours. Each rule has a cell
//! that breaks it.
//!
//! Source: columns, allowed values and rules between them of FOCUS 1.2, 1.3 and 1.4, restated here.

use rust_decimal::Decimal;

use super::Row;
use model::bill::Component;

/// ServiceCategory and the ServiceSubcategory values that belong to it, of those that a streaming platform can need.
pub(super) const SERVICES: &[(&str, &[&str])] = &[
    ("Compute", &["Virtual Machines"]),
    ("Integration", &["Messaging"]),
    ("Management and Governance", &["Observability", "Support"]),
    ("Migration", &["Other (Migration)"]),
    ("Networking", &["Application Networking", "Network Connectivity", "Network Infrastructure"]),
    ("Other", &["Other (Other)"]),
    ("Storage", &["Backup Storage", "Block Storage", "File Storage", "Object Storage"]),
];

/// Columns with one of a few words each; empty ones have a rule of their own.
const WORDS: &[(&str, &[&str])] = &[
    // FOCUS has taxes and adjustments, too; a plan has none of them.
    ("ChargeCategory", &["Usage", "Purchase", "Credit"]),
    ("ChargeClass", &[""]),
    ("ChargeFrequency", &["One-Time", "Recurring", "Usage-Based"]),
    ("CommitmentDiscountCategory", &["", "Usage"]),
    ("CommitmentDiscountStatus", &["", "Used", "Unused"]),
    ("InvoiceId", &[""]),
    ("PricingCategory", &["", "Standard", "Committed"]),
    ("PricingCurrency", &["USD"]),
    ("x_CostBasis", &["Plan"]),
];

/// Columns that rows with a price have, and credits have not.
const PRICED: &[&str] = &[
    "ContractedUnitPrice",
    "ListUnitPrice",
    "PricingCategory",
    "PricingCurrencyContractedUnitPrice",
    "PricingCurrencyListUnitPrice",
    "PricingQuantity",
    "PricingUnit",
    "RegionId",
    "RegionName",
    "SkuId",
    "SkuMeter",
    "SkuPriceId",
];

/// Columns that rows of a commitment have, and no others.
const COMMITTED: &[&str] = &[
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountQuantity",
    "CommitmentDiscountType",
    "CommitmentDiscountUnit",
];

const COSTS: &[&str] = &["ListCost", "ContractedCost", "BilledCost", "EffectiveCost"];

/// The rules that a row breaks, by their names.
pub(super) fn broken(row: &Row) -> Vec<&'static str> {
    let cell = |column: &str| row[column].as_str();
    let set = |column: &str| !row[column].is_empty();
    let number = |column: &str| row[column].parse::<Decimal>().ok();
    let all_set = |columns: &[&str], wanted: bool| columns.iter().all(|one| set(one) == wanted);
    let same = |columns: &[&str]| columns.windows(2).all(|two| cell(two[0]) == cell(two[1]));
    let zero = |column: &str| number(column) == Some(Decimal::ZERO);

    let (usage, purchase, credit) = (
        cell("ChargeCategory") == "Usage",
        cell("ChargeCategory") == "Purchase",
        cell("ChargeCategory") == "Credit",
    );
    let committed = set("CommitmentDiscountId");
    let (used, unused) =
        (cell("CommitmentDiscountStatus") == "Used", cell("CommitmentDiscountStatus") == "Unused");
    let known = SERVICES.iter().find(|(category, _)| cell("ServiceCategory") == *category);
    let product = |price: &str| {
        let (cost, price) = (format!("{price}Cost"), format!("{price}UnitPrice"));
        let found = number(&price).zip(number("PricingQuantity")).zip(number(&cost));
        !set(&price) || found.is_some_and(|((price, quantity), cost)| price * quantity == cost)
    };
    let months = ["Billing", "Charge"].map(|period| {
        let [start, end] =
            ["Start", "End"].map(|edge| first_of_month(cell(&format!("{period}Period{edge}"))));
        start.zip(end).is_some_and(|(start, end)| end == start + 1)
    });
    let dollars = cell("BillingCurrency") == cell("PricingCurrency");

    let rules: &[(&'static str, bool)] = &[
        ("words", WORDS.iter().all(|(column, words)| words.contains(&cell(column)))),
        ("service", known.is_some_and(|known| known.1.contains(&cell("ServiceSubcategory")))),
        ("currency", is_currency(cell("BillingCurrency"))),
        ("months", months == [true, true]),
        (
            "plan",
            ["BillingAccountId", "SubAccountId"].iter().all(|one| cell(one).starts_with("plan:")),
        ),
        ("account", cell("SubAccountId") == format!("plan:{}", cell("x_PlanId"))),
        ("invoice", same(&["InvoiceIssuerName", "ServiceProviderName"])),
        ("labour", cell("x_Component") != Component::Labour.name()),
        ("price date", !set("x_PriceAsOfDate") || is_day(cell("x_PriceAsOfDate"))),
        ("tags", is_flat(cell("Tags"))),
        // A thing has a name and a type, and the name is not its identifier again.
        ("resource", same_emptiness(row, &["ResourceId", "ResourceName", "ResourceType"])),
        ("resource name", !set("ResourceId") || cell("ResourceId") != cell("ResourceName")),
        ("resource id", !set("ResourceId") || cell("ResourceId").starts_with("plan:")),
        // 1. Cost is price × quantity, to the last digit, and no price is below nothing.
        ("products", product("List") && product("Contracted")),
        (
            "prices",
            PRICED
                .iter()
                .filter(|one| one.ends_with("UnitPrice"))
                .all(|one| number(one).is_none_or(|price| price >= Decimal::ZERO)),
        ),
        (
            "costs",
            credit || COSTS.iter().all(|one| number(one).is_some_and(|cost| cost >= Decimal::ZERO)),
        ),
        ("units", credit || is_unit(cell("PricingUnit"))),
        ("priced", all_set(PRICED, !credit)),
        (
            "on demand",
            !usage || committed || same(&["BilledCost", "EffectiveCost", "ContractedCost"]),
        ),
        (
            "currencies",
            !dollars
                || [
                    ["EffectiveCost", "PricingCurrencyEffectiveCost"],
                    ["ListUnitPrice", "PricingCurrencyListUnitPrice"],
                    ["ContractedUnitPrice", "PricingCurrencyContractedUnitPrice"],
                ]
                .iter()
                .all(|two| same(two)),
        ),
        // 2. A fee is invoiced and borne by nothing.
        (
            "fee",
            !purchase
                || zero("EffectiveCost") && same(&["BilledCost", "ContractedCost", "ListCost"]),
        ),
        ("fee's thing", !purchase || same(&["ResourceId", "CommitmentDiscountId"])),
        ("fee's rhythm", !purchase || cell("ChargeFrequency") != "Usage-Based"),
        ("fee's category", !purchase || cell("PricingCategory") == "Standard"),
        // 3. and 4. Hours of a commitment are borne and not invoiced, used or not.
        ("commitment", all_set(COMMITTED, committed)),
        ("committed", !usage || committed == (cell("PricingCategory") == "Committed")),
        ("status", (used || unused) == (usage && committed)),
        ("covered", !usage || !committed || zero("BilledCost") && !zero("EffectiveCost")),
        ("unused", !unused || zero("ListCost") && same(&["ResourceId", "CommitmentDiscountId"])),
        (
            "quantities",
            !committed
                || same(&["CommitmentDiscountQuantity", "PricingQuantity"])
                    && same(&["CommitmentDiscountUnit", "PricingUnit"]),
        ),
        (
            "consumed",
            set("ConsumedQuantity") == (usage && !unused)
                && set("ConsumedQuantity") == set("ConsumedUnit"),
        ),
        (
            "consumption",
            !set("ConsumedQuantity")
                || same(&["ConsumedQuantity", "PricingQuantity"])
                    && same(&["ConsumedUnit", "PricingUnit"]),
        ),
        // 8. A credit takes the same off each cost.
        (
            "credit",
            !credit || same(COSTS) && number("BilledCost").is_some_and(|cost| cost < Decimal::ZERO),
        ),
    ];
    rules.iter().filter(|(_, kept)| !kept).map(|(name, _)| *name).collect()
}

fn same_emptiness(row: &Row, columns: &[&str]) -> bool {
    columns.windows(2).all(|two| row[two[0]].is_empty() == row[two[1]].is_empty())
}

/// Months since the year 0 of the first moment of a month.
fn first_of_month(moment: &str) -> Option<u32> {
    let day = moment.strip_suffix("T00:00:00Z").filter(|day| is_day(day))?;
    let (year, month) = (day[..4].parse::<u32>().ok()?, day[5..7].parse::<u32>().ok()?);
    (&day[8..] == "01").then_some(year * 12 + month)
}

pub(super) fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    matches!(parts[..], [year, month, day] if digits(year, 4)
        && digits(month, 2) && ("01"..="12").contains(&month)
        && digits(day, 2) && ("01"..="31").contains(&day))
}

fn is_currency(code: &str) -> bool {
    model::finance::Currency::named(code).is_some()
}

/// A plural, or a singular and the plural of a time; sizes of data and currencies have no plural.
fn is_unit(unit: &str) -> bool {
    let known = ["GB", "GiB", "USD", "IOPS", "MBps", "MiBps"];
    match unit.split_once('-') {
        Some((one, time)) => known.contains(&one) && time == "Months",
        None => known.contains(&unit) || ["Hours", "Months", "Requests"].contains(&unit),
    }
}

/// An object whose values are neither objects nor lists.
fn is_flat(text: &str) -> bool {
    let value: Result<serde_json::Value, _> = serde_json::from_str(text);
    value.is_ok_and(|value| {
        value.as_object().is_some_and(|tags| {
            !tags.is_empty() && tags.values().all(|tag| !tag.is_object() && !tag.is_array())
        })
    })
}

pub(super) fn is_decimal(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    cell.strip_prefix('-')
        .unwrap_or(cell)
        .split_once('.')
        .is_some_and(|(whole, part)| digits(whole) && digits(part) && part.len() >= 2)
}

/// Cells that break a rule each, on a row of usage, of a covered hour, of an unused one, of a fee, and of a credit.
const BREAKING: &[(&str, &str, &str, &str)] = &[
    ("usage", "ChargeCategory", "Forecast", "words"),
    ("usage", "ChargeFrequency", "Sometimes", "words"),
    ("usage", "PricingCategory", "Free", "words"),
    ("usage", "InvoiceId", "4711", "words"),
    ("usage", "x_CostBasis", "Actual", "words"),
    ("usage", "ServiceSubcategory", "Other (Other)", "service"),
    ("usage", "BillingCurrency", "XXX", "currency"),
    ("usage", "BillingCurrency", "usd", "currency"),
    ("usage", "ChargePeriodStart", "2027-01-01", "months"),
    ("usage", "ChargePeriodStart", "2027-01-02T00:00:00Z", "months"),
    ("usage", "BillingPeriodEnd", "2028-01-01T00:00:00Z", "months"),
    ("usage", "SubAccountId", "kafka-gp3", "plan"),
    ("usage", "x_PlanId", "another", "account"),
    ("usage", "InvoiceIssuerName", "somebody else", "invoice"),
    ("usage", "x_Component", "labour", "labour"),
    ("usage", "x_PriceAsOfDate", "last year", "price date"),
    ("usage", "Tags", "{}", "tags"),
    ("usage", "Tags", r#"{"platform":{"name":"a"}}"#, "tags"),
    ("usage", "ResourceType", "", "resource"),
    ("usage", "ResourceName", "=ResourceId", "resource name"),
    ("usage", "ResourceId", "i-4711", "resource id"),
    ("usage", "ListCost", "+0.01", "products"),
    ("usage", "ContractedCost", "+0.01", "products"),
    ("usage", "ListUnitPrice", "-1.00", "prices"),
    ("usage", "BilledCost", "-1.00", "costs"),
    ("usage", "PricingUnit", "hours", "units"),
    ("usage", "SkuId", "", "priced"),
    ("usage", "EffectiveCost", "0.00", "on demand"),
    ("usage", "ConsumedQuantity", "", "consumed"),
    ("usage", "ConsumedUnit", "Requests", "consumption"),
    ("usage", "CommitmentDiscountId", "plan:other", "commitment"),
    ("usage", "CommitmentDiscountStatus", "Used", "status"),
    ("used", "PricingCategory", "Standard", "committed"),
    ("used", "BilledCost", "1.00", "covered"),
    ("used", "CommitmentDiscountStatus", "", "status"),
    ("used", "CommitmentDiscountQuantity", "1.00", "quantities"),
    ("unused", "ConsumedQuantity", "1.00", "consumed"),
    ("unused", "ListCost", "1.00", "unused"),
    ("unused", "EffectiveCost", "0.00", "covered"),
    ("fee", "EffectiveCost", "1.00", "fee"),
    ("fee", "ResourceId", "plan:other", "fee's thing"),
    ("fee", "ChargeFrequency", "Usage-Based", "fee's rhythm"),
    ("fee", "PricingCategory", "Committed", "fee's category"),
    ("fee", "CommitmentDiscountUnit", "", "commitment"),
    ("credit", "EffectiveCost", "0.00", "credit"),
    ("credit", "PricingQuantity", "1.00", "priced"),
];

/// A rule that nothing breaks says nothing.
#[test]
fn every_rule_can_be_broken() {
    let (scenario, comparison) = super::case(super::COMMITTED);
    let text = super::all(&scenario, &comparison, model::export::focus::Version::default());
    let rows = super::rows(&text);
    let kind = |row: &&Row, kind: &str| match kind {
        "used" => row["CommitmentDiscountStatus"] == "Used",
        "unused" => row["CommitmentDiscountStatus"] == "Unused",
        "fee" => row["ChargeCategory"] == "Purchase",
        "credit" => row["ChargeCategory"] == "Credit",
        _ => row["PricingCategory"] == "Standard" && row["x_Component"] == "brokers",
    };
    for (wanted, column, value, rule) in BREAKING {
        let found = rows.iter().find(|row| kind(row, wanted) && broken(row).is_empty());
        let mut row = found.unwrap_or_else(|| panic!("no good row of {wanted}")).clone();
        // What stands in another column, or a little more than there is.
        let value = match (value.strip_prefix('='), value.strip_prefix('+')) {
            (Some(other), _) => row[other].clone(),
            (_, Some(more)) => {
                let more: Decimal = more.parse().expect("a literal");
                (super::decimal(&row, column) + more).to_string()
            }
            _ => (*value).to_owned(),
        };
        row.insert((*column).to_owned(), value);
        let found = broken(&row);
        assert!(found.contains(rule), "{wanted}: {column} breaks {found:?}, not {rule}");
    }
}
