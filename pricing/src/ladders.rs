//! The rows of a region file, and the price ladders that they make.

use std::borrow::Cow;
use std::collections::HashMap;

use model::map::Set;
use model::money::Usd;
use model::prices::{PriceGroup, PriceUnit};
use rust_decimal::Decimal;

use crate::cells::{self, Place, Records, Sources};
use crate::findings::{Finding, Problem};

cells::columns!(
    /// Columns of `vendors.csv`: those of a region file, then the upper end of a range and how long a price was good for.
    ///
    /// A tier counts what a month counts, so hours are those of all units together: where the first of several is free,
    /// that is 730 hours of a month, and the ladder's second tier starts there. A month of 31 days has 14 more, which are
    /// charged.
    VENDOR_COLUMNS,
    RawPrice {
        sku, price, currency, per, tier_from, commitment, basis, group, source, as_of, notes,
        price_max, valid_from, valid_to
    }
);

/// Columns of a region file.
pub(crate) const COLUMNS: &[&str] = VENDOR_COLUMNS.split_at(VENDOR_COLUMNS.len() - 3).0;

/// The commitment of prices that need none.
pub(crate) const ON_DEMAND: &str = "on_demand";

/// What one binds oneself to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// For so many years; 0 is not at all.
    pub years: u32,
    /// Whether all of it is paid at the beginning. Prices are per hour of the term in any case.
    pub ahead: bool,
}

const COMMITMENTS: &[(&str, Term)] = &[
    (ON_DEMAND, Term { years: 0, ahead: false }),
    ("ri_1y_all_upfront", Term { years: 1, ahead: true }),
    ("ri_3y_all_upfront", Term { years: 3, ahead: true }),
    ("cud_1y", Term { years: 1, ahead: false }),
    ("cud_3y", Term { years: 3, ahead: false }),
];
const RANGE: &str = "range";
const BASES: &[(&str, ())] = &[("listed", ()), ("derived", ()), (RANGE, ())];
// The model counts in dollars and knows no exchange rates.
const CURRENCIES: &[(&str, ())] = &[("USD", ())];

// Decimals have 28 digits: a price and a quantity within these bounds can be multiplied, and months added up.
pub(crate) const PRICE_MAX: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);
pub(crate) const QUANTITY_MAX: Decimal =
    Decimal::from_parts(2_808_348_672, 232_830_643, 0, false, 0);

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
    /// The upper end, where only a range is public; `price` is the lower one.
    pub price_max: Option<Usd>,
    /// Since when the price is good; often empty.
    pub valid_from: &'a str,
    /// The day on which it ended; empty while it is good.
    pub valid_to: &'a str,
}

impl PriceRow<'_> {
    /// Whether it is for sale today, and without a commitment.
    pub fn is_current(&self) -> bool {
        self.commitment == ON_DEMAND && self.valid_to.is_empty()
    }

    /// What one binds oneself to for it, if it is for sale today and asks for that.
    pub fn term(&self) -> Option<Term> {
        let (_, term) = COMMITMENTS.iter().find(|(name, _)| *name == self.commitment)?;
        (term.years > 0 && self.valid_to.is_empty()).then_some(*term)
    }
}

/// All tiers of one SKU and commitment, in the order of the file; at least one.
pub(crate) type Ladder<'a> = Vec<PriceRow<'a>>;

/// The ladders of a file of prices, of all commitments.
pub(crate) fn ladders<'a>(
    file: &str,
    records: &'a Records,
    sources: &'a Sources,
    findings: &mut Vec<Finding>,
) -> Vec<Ladder<'a>> {
    let mut ladders: Vec<Ladder> = Vec::with_capacity(records.len());
    let mut found: HashMap<(&str, &str, &str), usize> = HashMap::with_capacity(records.len());
    // A ladder that lacks a row would be reported twice: for the row, and for its gap.
    let mut spoilt = Set::new();
    for (line, record) in records {
        let raw = RawPrice::of(record);
        let mut place = Place { file, line: *line, findings };
        let Some(row) = price_row(&raw, sources, &mut place) else {
            spoilt.insert((raw.sku, raw.commitment, raw.valid_to));
            continue;
        };
        let index = *found.entry((row.sku, row.commitment, row.valid_to)).or_insert(ladders.len());
        match ladders.get_mut(index) {
            Some(ladder) => ladder.push(row),
            None => ladders.push(vec![row]),
        }
    }
    for ladder in &ladders {
        let first = &ladder[0];
        if !spoilt.contains(&(first.sku, first.commitment, first.valid_to)) {
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
    let price_max = place.keep(price_max(raw, price));
    for date in [raw.valid_from, raw.valid_to] {
        if !date.is_empty() {
            place.keep(cells::date(date));
        }
    }
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
        price_max: price_max?,
        valid_from: raw.valid_from,
        valid_to: raw.valid_to,
    })
}

/// The upper end of a range: where one is published, and only there, and not below the lower end.
fn price_max(raw: &RawPrice, price: Option<Decimal>) -> Result<Option<Usd>, Problem> {
    if raw.price_max.is_empty() && raw.basis != RANGE {
        return Ok(None);
    }
    let most = cells::decimal("price_max", raw.price_max, PRICE_MAX)?;
    if raw.basis != RANGE || price.is_some_and(|least| most < least) {
        let (price, price_max) = (raw.price.to_owned(), raw.price_max.to_owned());
        return Err(Problem::Range { sku: raw.sku.to_owned(), price, price_max });
    }
    Ok(Some(Usd::new(most)))
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
