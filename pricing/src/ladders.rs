//! The rows of a region file, and the price ladders that they make.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use model::money::Usd;
use model::prices::{PriceGroup, PriceUnit};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::cells::{self, Place, Records, Sources};
use crate::findings::{Finding, Problem};

/// Columns of a region file.
pub(crate) const COLUMNS: &[&str] = &[
    "sku",
    "price",
    "currency",
    "per",
    "tier_from",
    "commitment",
    "basis",
    "group",
    "source",
    "as_of",
    "notes",
];

/// The commitment of prices that need none; the only ones that a price list holds.
pub(crate) const ON_DEMAND: &str = "on_demand";

const COMMITMENTS: &[(&str, ())] = &[
    (ON_DEMAND, ()),
    ("ri_1y_all_upfront", ()),
    ("ri_3y_all_upfront", ()),
    ("cud_1y", ()),
    ("cud_3y", ()),
];
const BASES: &[(&str, ())] = &[("listed", ()), ("derived", ())];
// The model counts in dollars and knows no exchange rates.
const CURRENCIES: &[(&str, ())] = &[("USD", ())];

// Decimals have 28 digits: a price and a quantity within these bounds can be multiplied, and months added up.
pub(crate) const PRICE_MAX: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
pub(crate) const QUANTITY_MAX: Decimal =
    Decimal::from_parts(2_808_348_672, 232_830_643, 0, false, 0);

#[derive(Deserialize)]
struct RawPrice<'a> {
    sku: &'a str,
    price: &'a str,
    currency: &'a str,
    per: &'a str,
    tier_from: &'a str,
    commitment: &'a str,
    basis: &'a str,
    group: &'a str,
    source: &'a str,
    as_of: &'a str,
    notes: &'a str,
}

/// One row, checked.
pub(crate) struct PriceRow<'a> {
    pub line: u64,
    pub sku: &'a str,
    pub price: Usd,
    pub per: PriceUnit,
    pub tier_from: Decimal,
    pub commitment: &'a str,
    pub basis: &'a str,
    pub group: PriceGroup,
    pub source: Cow<'a, str>,
    pub as_of: &'a str,
    pub notes: &'a str,
}

/// All tiers of one SKU and commitment, in the order of the file; at least one.
pub(crate) type Ladder<'a> = Vec<PriceRow<'a>>;

/// The ladders of a region file, of all commitments.
pub(crate) fn ladders<'a>(
    file: &str,
    records: &'a Records,
    sources: &'a Sources,
    findings: &mut Vec<Finding>,
) -> Vec<Ladder<'a>> {
    let mut ladders: Vec<Ladder> = Vec::with_capacity(records.len());
    let mut found: HashMap<(&str, &str), usize> = HashMap::with_capacity(records.len());
    // A ladder that lacks a row would be reported twice: for the row, and for its gap.
    let mut spoilt = BTreeSet::new();
    for (line, record) in records {
        let raw: RawPrice = cells::raw(record);
        let mut place = Place { file, line: *line, findings };
        let Some(row) = price_row(&raw, sources, &mut place) else {
            spoilt.insert((raw.sku, raw.commitment));
            continue;
        };
        let index = *found.entry((row.sku, row.commitment)).or_insert(ladders.len());
        match ladders.get_mut(index) {
            Some(ladder) => ladder.push(row),
            None => ladders.push(vec![row]),
        }
    }
    for ladder in &ladders {
        if !spoilt.contains(&(ladder[0].sku, ladder[0].commitment)) {
            check(file, ladder, findings);
        }
    }
    ladders
}

fn price_row<'a>(
    raw: &RawPrice<'a>,
    sources: &'a Sources,
    place: &mut Place,
) -> Option<PriceRow<'a>> {
    let sku = place.keep(cells::filled("sku", raw.sku));
    let price = place.keep(cells::decimal("price", raw.price, PRICE_MAX));
    let currency = place.keep(cells::one_of("currency", raw.currency, CURRENCIES));
    let per = place.keep(cells::one_of("per", raw.per, &PriceUnit::ALL));
    let tier_from = place.keep(cells::decimal("tier_from", raw.tier_from, QUANTITY_MAX));
    let commitment = place.keep(cells::one_of("commitment", raw.commitment, COMMITMENTS));
    let basis = place.keep(cells::one_of("basis", raw.basis, BASES));
    let group = place.keep(group(raw.group));
    let source = place.keep(sources.text(raw.source));
    let as_of = place.keep(cells::date(raw.as_of));
    let _checked = (currency?, commitment?, basis?);
    Some(PriceRow {
        line: place.line,
        sku: sku?,
        price: Usd::new(price?),
        per: per?,
        tier_from: tier_from?,
        commitment: raw.commitment,
        basis: raw.basis,
        group: group?,
        source: source?,
        as_of: as_of?,
        notes: raw.notes,
    })
}

fn group(cell: &str) -> Result<PriceGroup, Problem> {
    let groups = PriceGroup::ALL.map(|group| (group.name(), group));
    cells::one_of("group", cell, &groups)
}

fn check(file: &str, ladder: &Ladder, findings: &mut Vec<Finding>) {
    let first = &ladder[0];
    let sku = || first.sku.to_owned();
    if !first.tier_from.is_zero() {
        let problem = Problem::LadderStart { sku: sku(), from: first.tier_from.to_string() };
        Place { file, line: first.line, findings }.note(problem);
    }
    for pair in ladder.windows(2) {
        let [before, tier] = pair else { continue };
        let mut place = Place { file, line: tier.line, findings };
        if tier.tier_from == before.tier_from {
            let what = format!("the price of `{}` from {}", tier.sku, tier.tier_from);
            place.note(Problem::Duplicate { what, first: before.line });
        } else if tier.tier_from < before.tier_from {
            let (from, before) = (tier.tier_from.to_string(), before.tier_from.to_string());
            place.note(Problem::LadderOverlap { sku: sku(), from, before });
        }
        if tier.per != first.per {
            place.note(Problem::LadderMixed { sku: sku(), column: "per" });
        }
        if tier.group != first.group {
            place.note(Problem::LadderMixed { sku: sku(), column: "group" });
        }
    }
}
