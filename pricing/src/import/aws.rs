//! Offer files of the AWS Price List as JSON.
//!
//! `products` describes SKUs of Amazon's, `terms` prices them. Of `products` only those are remembered that map to a SKU
//! of ours, with its name and region; when their terms come by, what they are for is known, and all others are skipped.
//!
//! Format: <https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html>

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::collect::{Collector, Seen};
use super::error::ImportProblem;
use super::json::{FieldName, Flat, stopped};
use super::report::FileRead;
use super::rules::{Record, Rule, Rules, Verdict};
use super::{Source, day};

/// What the readers need besides what rules ask for.
pub(crate) const FIELDS: &[&str] =
    &["productFamily", "usagetype", "operation", "regionCode", "fromRegionCode", "servicecode"];

/// Products that are remembered at most, so that no file can fill the memory with them.
const PRODUCTS_MAX: usize = 500_000;

/// An offer file, as far as it has been read.
#[derive(Default)]
pub(crate) struct Offer {
    pub code: String,
    pub version: String,
    pub published: String,
    remembered: Option<Remembered>,
}

/// The products that map.
struct Remembered {
    rules: Rules,
    by_sku: HashMap<Box<str>, Product>,
}

struct Product {
    /// The rule that mapped it, by place: one for thousands of products.
    rule: usize,
    region: Box<str>,
    names: Vec<String>,
    label: Box<str>,
}

impl Offer {
    /// Reads `products`.
    pub fn products<'p, 'o>(
        &'p mut self,
        collector: &'p mut Collector<'o>,
        file: &'p mut FileRead,
    ) -> Products<'p, 'o> {
        Products { offer: self, collector, file }
    }

    /// Reads `terms`.
    pub fn terms<'p, 'o>(&'p mut self, collector: &'p mut Collector<'o>) -> Terms<'p, 'o> {
        Terms { offer: self, collector }
    }

    fn source(&self, date: &str) -> Source {
        source(&self.code, &self.version, date)
    }
}

/// An offer file as a source of prices.
pub(crate) fn source(code: &str, version: &str, date: &str) -> Source {
    let version = if version.is_empty() { String::new() } else { format!(", version {version}") };
    Source {
        provider: "aws",
        offer: slug(code),
        text: format!("AWS Price List, offer file {code}{version}"),
        date: date.to_owned(),
    }
}

/// A name as part of an identifier.
pub(crate) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars().take(40) {
        match letter {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter.to_ascii_lowercase()),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Where the rules look for the fields that this reader needs.
pub(crate) struct Columns {
    pub family: usize,
    pub usage: usize,
    pub operation: usize,
    pub region: usize,
    pub from_region: usize,
}

impl Columns {
    pub fn of(rules: &Rules) -> Self {
        let field = |name| rules.field(name).expect("the rules were given these fields");
        Self {
            family: field("productFamily"),
            usage: field("usagetype"),
            operation: field("operation"),
            region: field("regionCode"),
            from_region: field("fromRegionCode"),
        }
    }

    /// What reports call a product.
    pub fn label(&self, record: &Record) -> String {
        format!("{} {}", record.get(self.usage), record.get(self.operation)).trim().to_owned()
    }

    /// The region of a product; transfers have one where they begin.
    pub fn region<'r>(&self, record: &'r Record) -> &'r str {
        let region = record.get(self.region);
        if region.is_empty() { record.get(self.from_region) } else { region }
    }

    /// What reports call products like it.
    pub fn family<'r>(&self, record: &'r Record) -> &'r str {
        let family = record.get(self.family);
        if family.is_empty() { "no product family" } else { family }
    }
}

pub(crate) struct Products<'p, 'o> {
    offer: &'p mut Offer,
    collector: &'p mut Collector<'o>,
    file: &'p mut FileRead,
}

impl<'de> DeserializeSeed<'de> for Products<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Products<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("products by SKU")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Products { offer, collector, file } = self;
        let rules = Rules::aws(FIELDS);
        let columns = Columns::of(&rules);
        let mut by_sku = HashMap::new();
        let mut record = rules.record();
        while let Some(sku) = map.next_key::<Box<str>>()? {
            file.products += 1;
            record.clear();
            let field = |name: &str| rules.field(name);
            let inner = Some("attributes");
            map.next_value_seed(Flat { record: &mut record, field: &field, inner })?;
            if let Some(product) = product(&rules, &columns, &record, collector) {
                if by_sku.len() >= PRODUCTS_MAX {
                    let limit = PRODUCTS_MAX;
                    return Err(stopped(collector, ImportProblem::TooMany { limit }));
                }
                by_sku.insert(sku, product);
            }
        }
        file.what = format!("AWS Price List, {}", offer.code);
        file.date = day(&offer.published).unwrap_or_default().to_owned();
        offer.remembered = Some(Remembered { rules, by_sku });
        Ok(())
    }
}

fn product(
    rules: &Rules,
    columns: &Columns,
    record: &Record,
    collector: &mut Collector,
) -> Option<Product> {
    let label = || columns.label(record);
    match rules.verdict(record) {
        Verdict::Take(rule) | Verdict::Part(rule) => {
            let region = columns.region(record);
            collector.wants(rules.provider, region, &label()).then(|| Product {
                rule: rules.place(rule),
                region: region.into(),
                names: rules.names(rule, record),
                label: label().into(),
            })
        }
        Verdict::Leave(reason) => {
            collector.report.leave(rules.provider, reason, &label());
            None
        }
        Verdict::Unmapped => {
            collector.report.unmapped(rules.provider, columns.family(record), &label());
            None
        }
    }
}

pub(crate) struct Terms<'p, 'o> {
    offer: &'p mut Offer,
    collector: &'p mut Collector<'o>,
}

impl<'de> DeserializeSeed<'de> for Terms<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Terms<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("terms by kind")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Terms { offer, collector } = self;
        let Some(remembered) = offer.remembered.take() else {
            return Err(stopped(collector, ImportProblem::TermsFirst));
        };
        let date = match &collector.options.as_of {
            Some(date) => date.clone(),
            None => match day(&offer.published) {
                Some(date) => date.to_owned(),
                None => {
                    let field = "publicationDate";
                    return Err(stopped(collector, ImportProblem::NoDate { field }));
                }
            },
        };
        collector.quote(offer.source(&date));
        while let Some(kind) = map.next_key::<String>()? {
            let on_demand = kind == "OnDemand";
            map.next_value_seed(BySku {
                remembered: &remembered,
                collector,
                on_demand,
                date: &date,
            })?;
        }
        Ok(())
    }
}

/// The terms of one kind.
struct BySku<'p, 'o> {
    remembered: &'p Remembered,
    collector: &'p mut Collector<'o>,
    on_demand: bool,
    date: &'p str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    #[serde(default)]
    effective_date: String,
    price_dimensions: BTreeMap<String, Dimension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dimension {
    #[serde(default)]
    begin_range: Option<Amount>,
    unit: String,
    price_per_unit: BTreeMap<String, Amount>,
}

/// A number as a text, checked while its place in the file is known.
#[derive(Clone, Copy)]
struct Amount(Decimal);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Checked;
        impl Visitor<'_> for Checked {
            type Value = Amount;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str(AMOUNT)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Amount, E> {
                let short: String = text.chars().take(60).collect();
                let wrong = || E::custom(format_args!("`{short}` is not {AMOUNT}"));
                number(text).map(Amount).ok_or_else(wrong)
            }
        }
        json.deserialize_str(Checked)
    }
}

impl<'de> DeserializeSeed<'de> for BySku<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for BySku<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("terms by SKU")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let BySku { remembered, collector, on_demand, date } = self;
        let find = |sku: &str| remembered.by_sku.get_key_value(sku);
        while let Some(found) = map.next_key_seed(FieldName(find))? {
            let Some((sku, product)) = found else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if !on_demand {
                collector.report.leave("aws", "reserved term", &product.label);
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            collector.reading = Some(sku.to_string());
            let terms: BTreeMap<String, Term> = map.next_value()?;
            collector.reading = None;
            for term in terms.values() {
                let since = day(&term.effective_date).unwrap_or(date);
                for dimension in term.price_dimensions.values() {
                    let known = Known { remembered, product, sku, since, as_of: date };
                    if let Err(problem) = dimension.keep(&known, collector) {
                        return Err(stopped(collector, problem));
                    }
                }
            }
        }
        Ok(())
    }
}

/// What is known of a price besides itself.
struct Known<'k> {
    remembered: &'k Remembered,
    product: &'k Product,
    sku: &'k str,
    since: &'k str,
    as_of: &'k str,
}

impl Dimension {
    fn keep(&self, known: &Known, collector: &mut Collector) -> Result<(), ImportProblem> {
        let Known { remembered, product, sku, since, as_of } = known;
        let price = self.price_per_unit.get_key_value("USD");
        let Some((currency, price)) = price.or(self.price_per_unit.iter().next()) else {
            return Err(value("pricePerUnit", sku, "", "a price in dollars"));
        };
        let from = self.begin_range.map_or(Decimal::ZERO, |from| from.0);
        let rule: &Rule = remembered.rules.at(product.rule);
        collector.price(&Seen {
            rule,
            rules: &remembered.rules,
            names: &product.names,
            region: &product.region,
            unit: &self.unit,
            currency,
            from,
            price: price.0,
            since,
            as_of,
            label: &product.label,
        })
    }
}

/// What prices and the beginnings of tiers have to be.
const AMOUNT: &str = "a decimal that is not negative";

/// A number of a feed, exactly as it stands there.
pub(crate) fn decimal(
    field: &'static str,
    product: &str,
    text: &str,
) -> Result<Decimal, ImportProblem> {
    number(text).ok_or_else(|| value(field, product, text, AMOUNT))
}

fn number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    // Floats of a feed may be written as `5e-06`.
    let number: Decimal = text.parse().or_else(|_| Decimal::from_scientific(text)).ok()?;
    (!number.is_sign_negative() || number.is_zero()).then_some(number)
}

/// A value that cannot be used.
pub(crate) fn value(
    field: &'static str,
    product: &str,
    value: &str,
    expected: &'static str,
) -> ImportProblem {
    let short = |text: &str| text.chars().take(60).collect();
    ImportProblem::Value { field, product: short(product), value: short(value), expected }
}
