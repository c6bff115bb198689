//! Pages of `services.skus.list` of the Cloud Billing API.
//!
//! Machines are sold as vCPUs and GiB of memory by the hour, apart and by series; a SKU holds for several regions at once.
//!
//! Format: <https://cloud.google.com/billing/docs/reference/rest/v1/services.skus/list>

use std::fmt;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::aws::{decimal, slug, value};
use super::collect::{Collector, Seen};
use super::error::ImportProblem;
use super::json::stopped;
use super::report::FileRead;
use super::rules::{Record, Rules, Verdict};
use super::{Source, day};

const FIELDS: &[&str] = &["description", "resourceFamily", "resourceGroup", "usageType"];

/// Reads `skus`.
pub(crate) struct Skus<'s, 'o> {
    pub collector: &'s mut Collector<'o>,
    pub file: &'s mut FileRead,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sku {
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    category: Category,
    #[serde(default)]
    service_regions: Vec<String>,
    #[serde(default)]
    pricing_info: Vec<PricingInfo>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Category {
    service_display_name: String,
    resource_family: String,
    resource_group: String,
    usage_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PricingInfo {
    #[serde(default)]
    effective_time: String,
    pricing_expression: PricingExpression,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PricingExpression {
    usage_unit: String,
    #[serde(default)]
    tiered_rates: Vec<TieredRate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TieredRate {
    #[serde(default)]
    start_usage_amount: f64,
    unit_price: Money,
}

/// Whole units as a text, and billionths: both may be absent, which means zero.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Money {
    #[serde(default)]
    currency_code: String,
    #[serde(default)]
    units: Option<serde_json::Value>,
    #[serde(default)]
    nanos: i64,
}

impl<'de> DeserializeSeed<'de> for Skus<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Skus<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("an array of SKUs")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut skus: A) -> Result<(), A::Error> {
        let Skus { collector, file } = self;
        let rules = Rules::gcp(FIELDS);
        let mut record = rules.record();
        "Google Cloud Billing catalogue".clone_into(&mut file.what);
        while let Some(sku) = skus.next_element::<Sku>()? {
            file.products += 1;
            sku.fill(&rules, &mut record);
            match sku.keep(&rules, &record, collector) {
                Ok(Some(date)) if date > file.date => file.date = date,
                Ok(_) => {}
                Err(problem) => return Err(stopped(collector, problem)),
            }
        }
        Ok(())
    }
}

impl Sku {
    fn fill(&self, rules: &Rules, record: &mut Record) {
        record.clear();
        let category = &self.category;
        for (name, value) in [
            ("description", &self.description),
            ("resourceFamily", &category.resource_family),
            ("resourceGroup", &category.resource_group),
            ("usageType", &category.usage_type),
            ("serviceDisplayName", &category.service_display_name),
        ] {
            if let Some(field) = rules.field(name) {
                record.slot(field).push_str(value);
            }
        }
    }

    fn keep(
        &self,
        rules: &Rules,
        record: &Record,
        collector: &mut Collector,
    ) -> Result<Option<String>, ImportProblem> {
        let provider = rules.provider;
        let (rule, part) = match rules.verdict(record) {
            Verdict::Take(rule) => (rule, false),
            Verdict::Part(rule) => (rule, true),
            Verdict::Leave(reason) => {
                collector.report.leave(provider, reason, &self.description);
                return Ok(None);
            }
            Verdict::Unmapped => {
                let Category { resource_family, resource_group, .. } = &self.category;
                let family = format!("{resource_family} {resource_group}");
                collector.report.unmapped(provider, family.trim(), &self.description);
                return Ok(None);
            }
        };
        // The API lists one price, the one in force; a list of several would have the newest count.
        let newest = self.pricing_info.iter().max_by_key(|info| &info.effective_time);
        let Some(info) = newest else {
            collector.report.leave(provider, "no price", &self.description);
            return Ok(None);
        };
        let said = collector.options.as_of.clone();
        let Some(since) = day(&info.effective_time).or(said.as_deref()) else {
            return Err(value("effectiveTime", &self.name, &info.effective_time, "a time"));
        };
        let as_of = said.as_deref().unwrap_or(since);
        collector.quote(self.source());
        let names = rules.names(rule, record);
        for region in &self.service_regions {
            if !collector.wants(provider, region, &self.description) {
                continue;
            }
            for rate in &info.pricing_expression.tiered_rates {
                let seen = Seen {
                    rule,
                    rules,
                    names: &names,
                    region,
                    unit: &info.pricing_expression.usage_unit,
                    currency: &rate.unit_price.currency_code,
                    from: decimal(
                        "startUsageAmount",
                        &self.name,
                        &rate.start_usage_amount.to_string(),
                    )?,
                    price: rate.unit_price.amount(&self.name)?,
                    since,
                    as_of,
                    label: &self.description,
                };
                if part {
                    collector.part(&seen)?;
                } else {
                    collector.price(&seen)?;
                }
            }
        }
        Ok(Some(as_of.to_owned()))
    }

    fn source(&self) -> Source {
        let service = &self.category.service_display_name;
        let path = self.name.split("/skus/").next().unwrap_or_default();
        let path =
            if path.starts_with("services/") { format!("/v1/{path}/skus") } else { String::new() };
        Source {
            provider: "gcp",
            offer: Some(slug(service))
                .filter(|slug| !slug.is_empty())
                .unwrap_or("billing".to_owned()),
            text: format!(
                "Google Cloud Billing catalogue, {service}, https://cloudbilling.googleapis.com{path}"
            ),
            date: String::new(),
        }
    }
}

impl Money {
    fn amount(&self, sku: &str) -> Result<Decimal, ImportProblem> {
        let units = match &self.units {
            None | Some(serde_json::Value::Null) => "0".to_owned(),
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let nanos = Decimal::try_from_i128_with_scale(i128::from(self.nanos), 9);
        let whole = decimal("units", sku, &units)?;
        let nanos = nanos.ok().filter(|nanos| !nanos.is_sign_negative() || nanos.is_zero());
        nanos.and_then(|nanos| whole.checked_add(nanos)).ok_or_else(|| {
            value("nanos", sku, &self.nanos.to_string(), "billionths that are not negative")
        })
    }
}
