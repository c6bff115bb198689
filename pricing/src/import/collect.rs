//! Prices as they come, put in ladders, and the rows that ladders make.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use model::prices::{PriceGroup, PriceUnit};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::error::ImportProblem;
use super::report::{FileRead, Report};
use super::rules::{Ratio, Rule, Rules};
use super::{Import, NewRow, Options, Source};
use crate::catalog::Catalog;
use crate::cells;
use crate::ladders::{PRICE_MAX, QUANTITY_MAX};
use crate::shapes::Shapes;

/// Tiers of prices that are kept at most: ten times what the largest provider has in all of its regions.
const TIERS_MAX: usize = 1_000_000;

/// What prices of no region stand under, whatever their provider writes.
pub(crate) const GLOBAL: &str = "global";

/// Digits behind the point that matter: requests cost 10⁻⁸ dollars, and floats of a feed carry noise behind that.
const DIGITS: u32 = 14;

/// A price as a feed has it.
pub(crate) struct Seen<'a> {
    pub rule: &'a Rule,
    pub rules: &'a Rules,
    /// Its SKUs, or the name of the part.
    pub names: &'a [String],
    pub region: &'a str,
    /// As the provider writes it.
    pub unit: &'a str,
    pub currency: &'a str,
    /// Where its tier starts, in that unit.
    pub from: Decimal,
    pub price: Decimal,
    /// In force since; `YYYY-MM-DD`.
    pub since: &'a str,
    /// The date of the list that says so.
    pub as_of: &'a str,
    /// What reports call it.
    pub label: &'a str,
}

/// Everything that is remembered while files are read.
pub(crate) struct Collector<'o> {
    pub options: &'o Options,
    pub report: Report,
    /// Why reading stopped, where a parser between here and the file would lose it.
    pub stop: Option<ImportProblem>,
    /// The SKU whose terms are being read, for errors.
    pub reading: Option<String>,
    ladders: BTreeMap<(&'static str, String), BTreeMap<String, Ladder>>,
    parts: BTreeMap<(&'static str, String, String), Ladder>,
    sources: Vec<Source>,
    source: usize,
    tiers: usize,
}

struct Ladder {
    per: PriceUnit,
    group: PriceGroup,
    notes: String,
    tiers: BTreeMap<Decimal, Tier>,
    /// Two prices at once: neither can be trusted.
    contradiction: bool,
    label: String,
}

#[derive(Clone)]
struct Tier {
    price: Decimal,
    since: String,
    as_of: String,
    derived: bool,
    source: usize,
}

impl Tier {
    /// Prices that are in force since a later day are newer, and of two lists the one that is.
    fn age(&self) -> (&str, &str) {
        (&self.since, &self.as_of)
    }
}

impl<'o> Collector<'o> {
    pub fn new(options: &'o Options) -> Self {
        Self {
            options,
            report: Report::default(),
            stop: None,
            reading: None,
            ladders: BTreeMap::new(),
            parts: BTreeMap::new(),
            sources: Vec::new(),
            source: 0,
            tiers: 0,
        }
    }

    /// Names the list that the next prices are from.
    pub fn quote(&mut self, source: Source) {
        let same = self.sources.iter().position(|known| known.text == source.text);
        self.source = same.unwrap_or_else(|| {
            self.sources.push(source);
            self.sources.len() - 1
        });
    }

    /// Notes a file that has been read to its end.
    pub fn file(&mut self, file: FileRead) {
        self.report.files.push(file);
    }

    /// Whether prices of a region are wanted; one that cannot be a file is reported.
    pub fn wants(&mut self, provider: &str, region: &str, label: &str) -> bool {
        if region == GLOBAL {
            return true;
        }
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let reserved = ["", "machines", "disks", "meters"].contains(&region);
        if reserved || region.len() > 64 || !region.bytes().all(fits) {
            self.report.leave(provider, "no region, or one that cannot be a file's name", label);
            return false;
        }
        self.options.regions.is_empty() || self.options.regions.contains(region)
    }

    /// Keeps a price, or reports why it is none of ours.
    pub fn price(&mut self, seen: &Seen) -> Result<(), ImportProblem> {
        let Some(tier) = self.converted(seen) else { return Ok(()) };
        let (from, tier) = tier;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":._-".contains(&byte);
        for name in seen.names {
            if !name.bytes().all(fits) {
                let provider = seen.rules.provider;
                self.report.leave(provider, "a name that cannot be a SKU", seen.label);
                continue;
            }
            self.counted()?;
            let book = (seen.rules.provider, seen.region.to_owned());
            let book = self.ladders.entry(book).or_default();
            let ladder = book.entry(name.clone()).or_insert_with(|| Ladder::of(seen));
            ladder.put(from, tier.clone());
        }
        Ok(())
    }

    /// Keeps the price of an hour of a vCPU or a GiB, which machines of a series are made of.
    ///
    /// # Errors
    ///
    /// When there are more prices than an import takes.
    pub fn part(&mut self, seen: &Seen) -> Result<(), ImportProblem> {
        let Some((from, tier)) = self.converted(seen) else { return Ok(()) };
        for name in seen.names {
            if tier.price.is_zero() {
                self.report.leave(seen.rules.provider, "zero price", seen.label);
                continue;
            }
            self.counted()?;
            let key = (seen.rules.provider, seen.region.to_owned(), name.clone());
            let ladder = self.parts.entry(key).or_insert_with(|| Ladder::of(seen));
            ladder.put(from, tier.clone());
        }
        Ok(())
    }

    /// Counts one more price.
    fn counted(&mut self) -> Result<(), ImportProblem> {
        self.tiers += 1;
        if self.tiers > TIERS_MAX {
            return Err(ImportProblem::TooMany { limit: TIERS_MAX });
        }
        Ok(())
    }

    fn converted(&mut self, seen: &Seen) -> Option<(Decimal, Tier)> {
        let provider = seen.rules.provider;
        if seen.currency != "USD" {
            let reason = format!("currency `{}`", seen.currency);
            self.report.leave(provider, &reason, seen.label);
            return None;
        }
        let known = seen.rules.ratio(seen.unit, seen.rule.per);
        let converted = known.and_then(|Ratio { up, down }| {
            let price = seen.price.checked_mul(up)?.checked_div(down)?;
            // A tier that starts at 10 of ten thousand starts at 100,000 of one; one of 3,000 IOPS by the hour, at 3,000.
            let from = seen.from.checked_mul(down)?;
            Some((seen.rule.tier_from.unwrap_or(from), price, up > Decimal::ONE))
        });
        let Some((from, price, derived)) = converted else {
            let reason = format!("unit `{}` where `{}` fits", seen.unit, seen.rule.per.name());
            self.report.leave(provider, &reason, seen.label);
            return None;
        };
        if price > PRICE_MAX || from > QUANTITY_MAX {
            self.report.leave(provider, "more than a catalogue can count", seen.label);
            return None;
        }
        let (since, as_of) = (seen.since.to_owned(), seen.as_of.to_owned());
        let price = price.round_dp(DIGITS).normalize();
        Some((from.normalize(), Tier { price, since, as_of, derived, source: self.source }))
    }

    /// Makes rows of what was read.
    pub fn finish(mut self, catalogs: &[&Catalog]) -> Import {
        let providers: BTreeSet<&'static str> = self
            .ladders
            .keys()
            .map(|key| key.0)
            .chain(self.parts.keys().map(|key| key.0))
            .collect();
        let mut regions = BTreeMap::new();
        for provider in providers {
            let shapes = shapes(provider, catalogs);
            self.assemble(provider, &shapes);
            self.spread(provider);
            let known = Known::of(&shapes);
            let books: Vec<_> =
                self.ladders.keys().filter(|key| key.0 == provider).cloned().collect();
            for book in books {
                let ladders = self.ladders.remove(&book).unwrap_or_default();
                let mut rows = Vec::new();
                for (sku, ladder) in ladders {
                    match ladder.rows(&sku, &known) {
                        Ok(made) => rows.extend(made),
                        Err(reason) => self.report.leave(provider, reason, &ladder.label),
                    }
                }
                if !rows.is_empty() {
                    regions.insert((provider.to_owned(), book.1), rows);
                }
            }
        }
        let (regions, sources) = sourced(regions, self.sources);
        Import { regions, sources, report: self.report }
    }

    /// Machines whose provider sells vCPUs and memory apart.
    fn assemble(&mut self, provider: &'static str, shapes: &Shapes) {
        let parts = std::mem::take(&mut self.parts);
        let (own, other): (BTreeMap<_, _>, BTreeMap<_, _>) =
            parts.into_iter().partition(|((owner, ..), _)| *owner == provider);
        self.parts = other;
        let mut used = BTreeSet::new();
        for (_, region, name) in own.keys() {
            let Some(series) = name.strip_suffix(":core") else { continue };
            let part =
                |what| own.get(&(provider, region.clone(), format!("{series}:{what}")))?.flat();
            let (Some(core), Some(memory)) = (part("core"), part("memory")) else { continue };
            for shape in &shapes.machines {
                let machine = &shape.machine;
                if machine.name.split('-').next() != Some(series) {
                    continue;
                }
                if machine.local.is_some() {
                    let reason = "machine with local disks, which are priced apart";
                    self.report.leave(provider, reason, &machine.name);
                    continue;
                }
                let counted = |number| Some(Decimal::from_f64(number)?.round_dp(6).normalize());
                let parts = counted(machine.vcpu).zip(counted(machine.memory.as_gib()));
                let sum = parts.and_then(|(vcpu, gib)| {
                    let cores = vcpu.checked_mul(core.price)?;
                    let sum = cores.checked_add(gib.checked_mul(memory.price)?)?;
                    Some((vcpu, gib, sum))
                });
                let Some((vcpu, gib, price)) = sum else { continue };
                let newer = if core.as_of > memory.as_of { core } else { memory };
                let tier = Tier {
                    price: price.round_dp(DIGITS).normalize(),
                    derived: true,
                    ..newer.clone()
                };
                let notes = format!(
                    "{vcpu} vCPU at {} and {gib} GiB at {} an hour",
                    core.price, memory.price
                );
                let ladder = Ladder {
                    per: PriceUnit::Hour,
                    group: PriceGroup::Compute,
                    notes,
                    tiers: BTreeMap::from([(Decimal::ZERO, tier)]),
                    contradiction: false,
                    label: machine.name.clone(),
                };
                let book = self.ladders.entry((provider, region.clone())).or_default();
                book.insert(shape.sku.clone(), ladder);
                used.insert(series.to_owned());
            }
        }
        for ((_, _, name), ladder) in &own {
            let series = name.split(':').next().unwrap_or_default();
            if !used.contains(series) {
                let reason = match ladder.flat() {
                    Some(_) => {
                        "part of machines that the catalogue has no shape for, or whose other part is missing"
                    }
                    None => "part of machines with two prices at once, of which neither is newer",
                };
                self.report.leave(provider, reason, name);
            }
        }
    }

    /// What is sold without a region has its price in all of them.
    fn spread(&mut self, provider: &'static str) {
        let Some(global) = self.ladders.remove(&(provider, GLOBAL.to_owned())) else { return };
        let books: Vec<_> = self.ladders.keys().filter(|key| key.0 == provider).cloned().collect();
        for (sku, ladder) in &global {
            if books.is_empty() {
                let reason = "a price of all regions, where the files have no other price of any";
                self.report.leave(provider, reason, &ladder.label);
            }
            for book in &books {
                let own = self.ladders.entry(book.clone()).or_default();
                own.entry(sku.clone()).or_insert_with(|| ladder.copy());
            }
        }
    }
}

/// Rows by provider and region.
type Rows<R> = BTreeMap<(String, String), Vec<R>>;

/// Names the source of each row, which has its place; a list is at least as new as its newest price.
fn sourced(
    regions: Rows<(NewRow, usize)>,
    mut sources: Vec<Source>,
) -> (Rows<NewRow>, Vec<Source>) {
    let mut used = BTreeSet::new();
    for (row, source) in regions.values().flatten() {
        used.insert(*source);
        let date = &mut sources[*source].date;
        if row.as_of > *date {
            row.as_of.clone_into(date);
        }
    }
    let named = |(row, source): (NewRow, usize)| NewRow { source: sources[source].id(), ..row };
    let regions = regions
        .into_iter()
        .map(|(book, rows)| (book, rows.into_iter().map(named).collect()))
        .collect();
    let sources = used.into_iter().map(|index| sources[index].clone()).collect();
    (regions, sources)
}

impl Ladder {
    /// Without a tier yet.
    fn of(seen: &Seen) -> Self {
        Self {
            per: seen.rule.per,
            group: seen.rule.group,
            notes: seen.rule.notes.clone(),
            tiers: BTreeMap::new(),
            contradiction: false,
            label: seen.label.to_owned(),
        }
    }

    /// The price of any amount, where there is one that nothing contradicts.
    fn flat(&self) -> Option<&Tier> {
        let only = self.tiers.len() == 1 && !self.contradiction;
        self.tiers.get(&Decimal::ZERO).filter(|_| only)
    }

    /// Adds a tier. Of two lists the newer counts, with all of its tiers; of two prices that are as new, neither.
    fn put(&mut self, from: Decimal, tier: Tier) {
        let other_list = self.tiers.values().find(|known| known.source != tier.source);
        if let Some(other) = other_list {
            match tier.age().cmp(&other.age()) {
                Ordering::Less => return,
                Ordering::Greater => {
                    self.tiers.clear();
                    self.contradiction = false;
                }
                Ordering::Equal => {
                    let same = self.tiers.get(&from).is_some_and(|own| own.price == tier.price);
                    self.contradiction |= !same;
                    return;
                }
            }
        }
        let Some(known) = self.tiers.get_mut(&from) else {
            self.tiers.insert(from, tier);
            return;
        };
        match tier.age().cmp(&known.age()) {
            Ordering::Greater => {
                *known = tier;
                self.contradiction = false;
            }
            Ordering::Equal if tier.price != known.price => self.contradiction = true,
            _ => {}
        }
    }

    fn copy(&self) -> Self {
        Self {
            per: self.per,
            group: self.group,
            notes: self.notes.clone(),
            tiers: self.tiers.clone(),
            contradiction: self.contradiction,
            label: self.label.clone(),
        }
    }

    /// Its rows, with the place of their source, or why it has none.
    fn rows<'l>(
        &'l self,
        sku: &'l str,
        known: &Known,
    ) -> Result<impl Iterator<Item = (NewRow, usize)> + 'l, &'static str> {
        if self.contradiction {
            return Err("two prices at once, of which neither is newer");
        }
        if self.tiers.values().all(|tier| tier.price.is_zero()) {
            return Err("zero price");
        }
        if !known.allows(sku) {
            return Err("machine of which the catalogue knows no shape");
        }
        if self.tiers.keys().next().is_none_or(|first| !first.is_zero()) {
            return Err("tiers of which the first is missing");
        }
        // What is free at first is an allowance of the account, and not the price.
        let free: Vec<Decimal> = self
            .tiers
            .iter()
            .take_while(|(_, tier)| tier.price.is_zero())
            .map(|(from, _)| *from)
            .collect();
        let priced = self.tiers.iter().skip(free.len());
        let mut notes = self.notes.clone();
        if !free.is_empty()
            && let Some((from, _)) = priced.clone().next()
        {
            let allowance = format!("the first {from} per month are free");
            notes = if notes.is_empty() { allowance } else { format!("{notes}; {allowance}") };
        }
        Ok(priced.enumerate().map(move |(index, (from, tier))| {
            let from = if index == 0 { Decimal::ZERO } else { *from };
            let row = NewRow {
                sku: sku.to_owned(),
                price: tier.price.to_string(),
                per: self.per.name(),
                tier_from: from.to_string(),
                basis: if tier.derived { "derived" } else { "listed" },
                group: self.group.name(),
                source: String::new(),
                as_of: tier.as_of.clone(),
                notes: notes.clone(),
            };
            (row, tier.source)
        }))
    }
}

/// The machines of a provider, as far as catalogues know their shapes.
struct Known<'s> {
    beginnings: BTreeSet<&'s str>,
    skus: BTreeSet<&'s str>,
}

impl<'s> Known<'s> {
    fn of(shapes: &'s Shapes) -> Self {
        let beginning =
            |sku: &'s str, name: &str| sku.strip_suffix(name).filter(|at| !at.is_empty());
        let machines = &shapes.machines;
        let beginnings =
            machines.iter().filter_map(|shape| beginning(&shape.sku, &shape.machine.name));
        Self {
            beginnings: beginnings.collect(),
            skus: machines.iter().map(|shape| &*shape.sku).collect(),
        }
    }

    /// A price that looks like a machine's must be one's: a plan could not use it, and the catalogue's check refuses it.
    fn allows(&self, sku: &str) -> bool {
        self.skus.contains(sku) || !self.beginnings.iter().any(|begin| sku.starts_with(begin))
    }
}

fn shapes(provider: &str, catalogs: &[&Catalog]) -> Shapes {
    let mut all = Shapes::default();
    for catalog in catalogs {
        let sources: cells::Sources = catalog.sources(&mut Vec::new());
        let found = catalog.shapes(provider, &sources, &mut Vec::new());
        for shape in found.machines {
            if all.machines.iter().all(|known| known.sku != shape.sku) {
                all.machines.push(shape);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(price: i64, since: &str, as_of: &str, source: usize) -> Tier {
        let (since, as_of) = (since.to_owned(), as_of.to_owned());
        Tier { price: price.into(), since, as_of, derived: false, source }
    }

    fn ladder(tiers: &[(i64, Tier)]) -> Ladder {
        let mut ladder = Ladder {
            per: PriceUnit::GibMonth,
            group: PriceGroup::ObjectStorage,
            notes: String::new(),
            tiers: BTreeMap::new(),
            contradiction: false,
            label: String::new(),
        };
        for (from, tier) in tiers {
            ladder.put((*from).into(), tier.clone());
        }
        ladder
    }

    /// A machine is made of one price a vCPU and one a GiB, whatever order they are read in.
    #[test]
    fn a_part_has_one_price_or_none() {
        let at = |price, since| tier(price, since, "2026-11", 0);
        let flat = |tiers: &[(i64, Tier)]| ladder(tiers).flat().map(|tier| tier.price);
        assert_eq!(flat(&[(0, at(5, "2026-01"))]), Some(5.into()));
        assert_eq!(flat(&[(0, at(4, "2026-02")), (0, at(5, "2026-01"))]), Some(4.into()));
        for (one, other) in [(4, 5), (5, 4)] {
            assert_eq!(flat(&[(0, at(one, "2026-01")), (0, at(other, "2026-01"))]), None);
        }
        assert_eq!(flat(&[(0, at(5, "2026-01")), (9, at(4, "2026-01"))]), None);
    }

    #[track_caller]
    fn check(tiers: &[(i64, Tier)], expected: Result<&[(&str, &str)], &str>) {
        let ladder = ladder(tiers);
        let nothing = Shapes::default();
        let known = Known::of(&nothing);
        let rows = ladder.rows("sku", &known);
        let rows = rows.map(|rows| rows.map(|(row, _)| (row.tier_from, row.price)).collect());
        let owned = |(from, price): &(&str, &str)| ((*from).to_owned(), (*price).to_owned());
        let expected: Result<Vec<_>, _> = expected.map(|rows| rows.iter().map(owned).collect());
        assert_eq!(rows, expected);
    }

    #[test]
    fn the_newer_of_two_prices_counts_and_of_two_as_new_neither() {
        let old = |price| tier(price, "2026-01", "2026-11", 0);
        check(&[(0, old(5)), (0, old(5))], Ok(&[("0", "5")]));
        check(&[(0, old(5)), (0, tier(4, "2026-02", "2026-11", 0))], Ok(&[("0", "4")]));
        check(&[(0, tier(4, "2026-02", "2026-11", 0)), (0, old(5))], Ok(&[("0", "4")]));
        check(&[(0, old(5)), (0, old(4))], Err("two prices at once, of which neither is newer"));
    }

    #[test]
    fn tiers_of_two_lists_are_never_mixed() {
        let one = |price| tier(price, "2026-01", "2026-10", 0);
        let other = |price| tier(price, "2026-01", "2026-11", 1);
        let (a, b) = ([(0, one(9)), (100, one(8))], [(0, other(7)), (200, other(6))]);
        check(&[&a[..], &b[..]].concat(), Ok(&[("0", "7"), ("200", "6")]));
        check(&[&b[..], &a[..]].concat(), Ok(&[("0", "7"), ("200", "6")]));
        let same_day =
            [(0, tier(9, "2026-01", "2026-10", 1)), (50, tier(8, "2026-01", "2026-10", 1))];
        let contradiction = Err("two prices at once, of which neither is newer");
        check(&[&a[..], &same_day[..]].concat(), contradiction);
        check(&[&a[..], &same_day[..1]].concat(), Ok(&[("0", "9"), ("100", "8")]));
    }

    #[test]
    fn what_is_free_at_first_is_no_tier() {
        let at = |from, price| (from, tier(price, "2026-01", "2026-11", 0));
        check(&[at(0, 0), at(5, 2)], Ok(&[("0", "2")]));
        check(&[at(0, 0), at(5, 2), at(50, 1)], Ok(&[("0", "2"), ("50", "1")]));
        check(&[at(0, 0), at(5, 0)], Err("zero price"));
        check(&[at(5, 2)], Err("tiers of which the first is missing"));
    }
}
