//! Pages of the Azure Retail Prices API: `Items`, each a price of its own with all that is known of it.
//!
//! Format: <https://learn.microsoft.com/en-us/rest/api/cost-management/retail-prices/azure-retail-prices>

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::aws::{decimal, value};
use super::collect::{Collector, GLOBAL, Seen};
use super::error::ImportProblem;
use super::json::{Flat, stopped};
use super::report::FileRead;
use super::rules::{Record, Rules, Verdict};
use super::{Source, day};

const FIELDS: &[&str] = &[
    "serviceName",
    "productName",
    "meterName",
    "armRegionName",
    "currencyCode",
    "tierMinimumUnits",
    "retailPrice",
    "unitOfMeasure",
    "effectiveStartDate",
];

/// Reads `Items`.
pub(crate) struct Items<'i, 'o> {
    pub collector: &'i mut Collector<'o>,
    pub file: &'i mut FileRead,
}

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("an array of prices")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Items { collector, file } = self;
        let rules = Rules::azure(FIELDS);
        let mut record = rules.record();
        "Azure Retail Prices".clone_into(&mut file.what);
        collector.quote(Source {
            provider: "azure",
            offer: "retail-prices".to_owned(),
            text: "Azure Retail Prices API, https://prices.azure.com/api/retail/prices".to_owned(),
            date: String::new(),
        });
        let field = |name: &str| rules.field(name);
        loop {
            record.clear();
            let flat = Flat { record: &mut record, field: &field, inner: None };
            if items.next_element_seed(flat)?.is_none() {
                return Ok(());
            }
            file.products += 1;
            match keep(&rules, &record, collector) {
                Ok(Some(date)) if date > file.date => file.date = date,
                Ok(_) => {}
                Err(problem) => return Err(stopped(collector, problem)),
            }
        }
    }
}

/// Keeps an item that is a price of ours; its date.
fn keep(
    rules: &Rules,
    record: &Record,
    collector: &mut Collector,
) -> Result<Option<String>, ImportProblem> {
    let get = |name| rules.field(name).map_or("", |field| record.get(field));
    let provider = rules.provider;
    let label = format!("{}, {}", get("productName"), get("meterName"));
    let rule = match rules.verdict(record) {
        Verdict::Take(rule) | Verdict::Part(rule) => rule,
        Verdict::Leave(reason) => {
            collector.report.leave(provider, reason, &label);
            return Ok(None);
        }
        Verdict::Unmapped => {
            let family = Some(get("serviceName")).filter(|name| !name.is_empty());
            collector.report.unmapped(provider, family.unwrap_or("no service name"), &label);
            return Ok(None);
        }
    };
    let region = match get("armRegionName") {
        "" | "Global" | "global" => GLOBAL,
        region => region,
    };
    if !collector.wants(provider, region, &label) {
        return Ok(None);
    }
    let start = get("effectiveStartDate");
    let Some(since) = day(start) else {
        return Err(value("effectiveStartDate", &label, start, "a date"));
    };
    let said = collector.options.as_of.clone();
    if said.as_deref().is_some_and(|as_of| since > as_of) {
        collector.report.leave(provider, "in force only later", &label);
        return Ok(None);
    }
    let from = Some(get("tierMinimumUnits")).filter(|text| !text.is_empty()).unwrap_or("0");
    let as_of = said.as_deref().unwrap_or(since);
    collector.price(&Seen {
        rule,
        rules,
        names: &rules.names(rule, record),
        region,
        unit: get("unitOfMeasure"),
        currency: get("currencyCode"),
        from: decimal("tierMinimumUnits", &label, from)?,
        price: decimal("retailPrice", &label, get("retailPrice"))?,
        since,
        as_of,
        label: &label,
    })?;
    Ok(Some(as_of.to_owned()))
}
