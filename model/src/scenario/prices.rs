//! Whose prices apply, and which of them are replaced.

use rust_decimal::Decimal;

use super::fields::{self, Section};
use super::form::{Checked, missing};
use super::nearest::Known;
use super::problem::{Problem, Problems};
use super::{PriceChoice, PriceOverride, Vocabulary};
use crate::map::{Map, Set};
use crate::money::Usd;
use crate::prices::{PriceGroup, PriceUnit};
use crate::quantity::WrittenPrice;

/// Whose prices apply.
pub(super) fn choice(
    root: &Checked,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Option<PriceChoice> {
    let table = root.table("prices")?;
    let place = if table.has("region") || root.tables("region").is_empty() {
        place(table, None, vocabulary, problems)
    } else {
        // Every region says its own.
        provider(table, None, vocabulary, problems).map(|provider| (provider, String::new()))
    };
    let overrides = overrides(table, vocabulary, problems);
    let (provider, region) = place?;
    Some(PriceChoice { provider, region, overrides, discounts: discounts(table) })
}

/// The prices that a section replaces.
pub(super) fn overrides(
    table: &Checked,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Vec<PriceOverride> {
    let mut overrides = Vec::new();
    let mut seen = Set::new();
    for item in table.tables("override") {
        if let Some(sku) = item.text("sku")
            && !seen.insert(sku.clone())
        {
            let problem = Problem::Duplicate { what: "overrides", name: sku };
            problems.report(problem, item.span_of("sku"));
        }
        overrides.extend(override_of(item, vocabulary, problems));
    }
    overrides
}

/// The provider of a section, or the one that stands for it.
fn provider(
    table: &Checked,
    otherwise: Option<&str>,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Option<String> {
    if !table.has("provider") {
        return otherwise.map(str::to_owned);
    }
    let provider = table.text("provider")?;
    if vocabulary.regions.contains_key(&provider) {
        return Some(provider);
    }
    let known = Known::new(&provider, vocabulary.regions.keys().map(String::as_str));
    let problem = Problem::UnknownName { what: "provider", name: provider, known };
    problems.report(problem, table.span_of("provider"));
    None
}

/// The provider and the region.
pub(super) fn place(
    table: &Checked,
    otherwise: Option<&str>,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Option<(String, String)> {
    let provider = provider(table, otherwise, vocabulary, problems);
    if !table.has("region") && otherwise.is_none() && !table.misspells("region") {
        let field = fields::find(Section::Prices, "region")?;
        problems.report(missing(&field), table.span.clone());
    }
    let provider = provider?;
    let regions = vocabulary.regions.get(&provider)?;
    let region = table.text("region")?;
    if regions.contains(&region) {
        return Some((provider, region));
    }
    let owner = vocabulary.regions.iter().find(|(_, regions)| regions.contains(&region));
    let problem = match owner {
        Some((owner, _)) => Problem::ForeignRegion { region, provider, owner: owner.clone() },
        None => {
            let known = Known::new(&region, regions.iter().map(String::as_str));
            Problem::UnknownName { what: "region", name: region, known }
        }
    };
    problems.report(problem, table.span_of("region"));
    None
}

/// The discounts of a section.
pub(super) fn discounts(table: &Checked) -> Map<PriceGroup, Decimal> {
    let Some(table) = table.table("discount") else {
        return Map::new();
    };
    let groups = PriceGroup::ALL.into_iter();
    Map::from_iter(groups.filter_map(|group| Some((group, table.discount(group.name())?))))
}

fn override_of(
    item: &Checked,
    vocabulary: &Vocabulary,
    problems: &mut Problems,
) -> Option<PriceOverride> {
    let sku = item.text("sku");
    let measure = sku.as_ref().and_then(|sku| vocabulary.skus.get(sku)).copied();
    if let Some(sku) = &sku
        && measure.is_none()
    {
        let known = Known::new(sku, vocabulary.skus.keys().map(String::as_str));
        let problem = Problem::UnknownName { what: "price", name: sku.clone(), known };
        problems.report(problem, item.span_of("sku"));
    }
    let (price, unit) = match unit_price(&item.price("price")?) {
        Ok(priced) => priced,
        Err(problem) => {
            problems.report(problem, item.span_of("price"));
            return None;
        }
    };
    let (sku, expected) = (sku?, measure?);
    if unit.measure() != expected {
        let problem = Problem::WrongMeasure { sku, expected, found: unit.measure() };
        problems.report(problem, item.span_of("price"));
        return None;
    }
    let (source, as_of) = (item.text("source")?, item.date("as_of")?.to_string());
    Some(PriceOverride { sku, price, unit, source, as_of, span: item.span.clone() })
}

/// The price of one unit: `$0.005/1000 requests` is `$0.000005` for one.
fn unit_price(written: &WrittenPrice) -> Result<(Usd, PriceUnit), Problem> {
    let (unit, count) = PriceUnit::parse(&written.per)
        .ok_or_else(|| Problem::UnknownPriceUnit { per: written.per.clone() })?;
    let (dollars, divisor) = (written.usd.dollars(), Decimal::from(count));
    dollars
        .checked_div(divisor)
        .filter(|one| one.checked_mul(divisor) == Some(dollars))
        .map(|one| (Usd::new(one.normalize()), unit))
        .ok_or(Problem::InexactPrice { count })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::parse_price;

    #[test]
    fn a_price_of_many_is_divided_exactly() {
        check("$0.005/1000 requests", Some("0.000005"));
        check("$0.02/GiB", Some("0.02"));
        check("$1/3 requests", None);
        check("$1/furlong", None);
        check("$0.00000000000000000001/1000000000 requests", None);
    }

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let written = parse_price(text).expect("a price in a test");
        let exact = unit_price(&written).ok().map(|(usd, _)| usd.exact());
        assert_eq!(exact.as_deref(), expected);
    }
}
