//! Any number explains itself: for each line of a bill why it is paid for, its formula, what goes into it and from where,
//! the formula with numbers put in, and the price row.
//!
//! A file for each group of components, as in [`costs`](crate::costs). Nothing is computed a second time: every input is read
//! from what the cost functions looked at ([`Used`](crate::basis::Used)), every quantity and cost from the bill, and a test
//! evaluates each formula with its inputs to hold one to the other.

mod account;
mod clients;
mod machines;
mod price;
mod requests;
mod service;
mod sheet;
mod storage;
mod words;
mod zones;

use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;

use crate::basis::Basis;
use crate::bill::{Bill, Cause, Component, CostLine, Driver, Gap, Part, Usage};
use crate::map::Map;
use crate::money::Usd;
use crate::parameters::Settings;
use crate::plan::{Billed, Plan};
use crate::prices::PriceUnit;
use crate::scenario::Scenario;

pub use price::{Charge, PriceRow, Step};
pub use sheet::figure;
use sheet::{Draft, Sheet, exactly, put_in};

/// A line of a bill that explains itself.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// What to ask for it by: `zone-crossing/replicate`, longer where that names several lines.
    pub id: String,
    /// The thing on the bill.
    pub component: &'static str,
    /// What made it necessary; empty where nothing is known but that it is paid for.
    pub cause: &'static str,
    /// Which part of the platform; empty for the whole.
    pub part: String,
    /// The catalogue's identifier.
    pub sku: String,
    /// Why this is paid for at all, in plain words.
    pub what: String,
    /// The formula in words.
    pub words: &'static str,
    /// The formula in symbols that refer to the inputs: `× ÷ + −`, `max(a, b)`, `min(a, b)` and `⌈a⌉`.
    pub formula: String,
    /// Every input: those of the formula as they are in the first of `terms`, and those that stand behind them.
    pub inputs: Vec<Input>,
    /// What the quantity is the sum of: the formula holds for each of them.
    pub terms: Vec<Term>,
    /// The formula with numbers put in, to the quantity, and by the price to the cost.
    pub steps: Vec<String>,
    /// How much was bought over the horizon.
    pub quantity: String,
    /// The same as a number.
    pub amount: f64,
    /// What one price buys.
    pub unit: &'static str,
    /// What one costs; `None` where nobody says.
    pub price: Option<PriceRow>,
    /// What is missing, and where to enter it.
    pub missing: Option<Missing>,
    /// Contracted cost over the horizon; empty where it is not known.
    pub cost: String,
    /// The same of a month, on average.
    pub monthly_cost: String,
    /// The cost over the horizon, exactly.
    pub usd: Usd,
    /// What it grows with.
    pub grows_with: &'static str,
}

/// Something that goes into a formula.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// As it stands in the formula; empty where it stands behind another input.
    pub symbol: &'static str,
    /// What it is.
    pub name: String,
    /// As people read it, with its unit.
    pub value: String,
    /// As the formula takes it; `None` for words, which stand behind other inputs only.
    pub number: Option<f64>,
    /// The unit of `number`; empty for shares and plain numbers.
    pub unit: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where an input comes from.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Origin {
    /// The scenario says so.
    Scenario {
        /// Where in it.
        path: String,
    },
    /// A setting of the platform or of a further line.
    Setting {
        /// As written in a scenario.
        key: &'static str,
        /// When nobody says more.
        default: &'static str,
        /// What is plausible; empty where every value is.
        range: &'static str,
        /// Where the value comes from.
        source: &'static str,
        /// How far it can be trusted; empty for the scenario's own.
        confidence: &'static str,
        /// Who gave it its value.
        changed_by: &'static str,
    },
    /// It follows from other inputs.
    Computed {
        /// How.
        how: String,
    },
    /// The catalogue has it.
    Catalog {
        /// Of what.
        sku: String,
        /// Who says so.
        source: String,
        /// The date; empty where its source names it.
        as_of: String,
    },
    /// The run through time came to it.
    Run {
        /// How.
        how: String,
    },
}

/// One of the amounts that a quantity is the sum of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    /// When and of what: `months 1 to 12`, `month 3, stream alarms`.
    pub of: String,
    /// How often it counts: the number of months that are alike.
    pub times: u32,
    /// What goes into the formula: the inputs that have a symbol, in their order.
    pub numbers: Vec<f64>,
    /// What comes out of it.
    pub quantity: f64,
}

/// What nobody says.
#[derive(Clone, Debug, Serialize)]
pub struct Missing {
    /// What is not known.
    pub what: String,
    /// Where to enter it.
    pub hint: String,
}

/// What makes a line of a bill one, whatever the steps of its price.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    component: Component,
    part: Part,
    cause: Cause,
    grows_with: Driver,
    sku: String,
}

impl Explanation {
    /// Whether it is meant by a name: its component, its component and cause, or all of its identifier, with or without
    /// the part.
    ///
    /// ```text
    /// zone-crossing    zone-crossing/replicate    zone-crossing/replicate@eu    zone-crossing@eu
    /// ```
    pub fn answers(&self, name: &str) -> bool {
        let plain = name.trim().to_ascii_lowercase().replace([' ', '_'], "-");
        let split = |name: &str| match name.split_once('@') {
            Some((path, part)) => (path.to_owned(), Some(part.to_ascii_lowercase())),
            None => (name.to_owned(), None),
        };
        let own = self.id.replace('_', "-");
        let ((path, part), (own, own_part)) = (split(&plain), split(&own));
        let rest = own.strip_prefix(&path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            && (part.is_none() || part == own_part)
    }
}

impl Key {
    fn of(line: &CostLine) -> Self {
        Self {
            component: line.component,
            part: line.part.clone(),
            cause: line.cause,
            grows_with: line.grows_with,
            sku: line.sku.clone(),
        }
    }
}

/// Explains every line of a plan's bill, in its order, and then what is missing from it.
///
/// A month's line is explained by what that month used; a horizon's is the sum of its months.
pub fn explain(plan: &Plan, scenario: &Scenario) -> Vec<Explanation> {
    let defaults = Settings::default();
    let mut drafts: Map<Key, Draft> = Map::new();
    let mut unpriced = Vec::new();
    for part in plan.each() {
        let Some(basis) = &part.basis else { continue };
        for billed in &part.months {
            used(part, basis, billed, &defaults, &mut drafts);
        }
        unpriced.extend(gaps(part, basis, &defaults));
    }
    account::migration(plan, scenario, &mut drafts);

    let mut groups: Vec<(Key, Vec<&CostLine>)> = Vec::new();
    for line in &plan.bill.lines {
        let key = Key::of(line);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, lines)) => lines.push(line),
            None => groups.push((key, vec![line])),
        }
    }
    let mut list: Vec<Explanation> = Vec::with_capacity(groups.len() + unpriced.len());
    for (key, lines) in groups {
        let draft = drafts.remove(&key).unwrap_or_default();
        let basis =
            plan.each().find(|part| part.part == key.part).and_then(|part| part.basis.as_ref());
        list.push(priced(plan, basis, &key, &lines, draft));
    }
    list.extend(unpriced);
    list.extend(left_gaps(plan));
    name(&mut list);
    list
}

/// Takes in what a month's lines were made of.
fn used(
    part: &Plan,
    basis: &Basis,
    billed: &Billed,
    defaults: &Settings,
    drafts: &mut Map<Key, Draft>,
) {
    let Some(used) = &billed.used else { return };
    for (index, usage) in used.usage.iter().enumerate() {
        let Some(price) = basis.prices.get(&usage.price) else { continue };
        let key = Key {
            component: usage.component,
            part: part.part.clone(),
            cause: usage.cause,
            grows_with: usage.grows_with,
            sku: price.sku.clone(),
        };
        let draft = drafts.or_default(key);
        let nth = nth(&used.usage[..index], usage);
        let mut sheet =
            Sheet::new(part, used, basis, defaults, usage, (price.unit, nth), draft.is_empty());
        write(&mut sheet);
        draft.add(sheet, billed.month.index, usage.amount / price.unit.size());
    }
    account::support(part, billed, basis, defaults, drafts);
}

/// How many of the same thing come before.
fn nth(before: &[Usage], usage: &Usage) -> usize {
    let same = |one: &&Usage| {
        one.component == usage.component && one.cause == usage.cause && one.price == usage.price
    };
    before.iter().filter(same).count()
}

/// The formula of some usage.
fn write(sheet: &mut Sheet) {
    match sheet.usage.component {
        Component::Brokers => machines::brokers(sheet),
        Component::Controllers => machines::controllers(sheet),
        Component::Connectors => machines::connectors(sheet),
        Component::Labour => machines::labour(sheet),
        Component::BlockStorage => storage::block_storage(sheet),
        Component::Wal => storage::wal(sheet),
        Component::ObjectStorage => storage::object_storage(sheet),
        Component::Backups => storage::backups(sheet),
        Component::ObjectRequests => requests::object_requests(sheet),
        Component::ZoneCrossing => zones::zone_crossing(sheet),
        Component::RegionCrossing => zones::region_crossing(sheet),
        Component::ClientPaths => clients::client_paths(sheet),
        Component::PrivateConnectivity => clients::private_connectivity(sheet),
        Component::LoadBalancers => clients::load_balancers(sheet),
        Component::ServiceFee => service::service_fee(sheet),
        Component::Observability => service::observability(sheet),
        // What counts the bill itself is no usage.
        Component::Support | Component::Migration => {}
    }
}

/// A line with its price.
fn priced(
    plan: &Plan,
    basis: Option<&Basis>,
    key: &Key,
    lines: &[&CostLine],
    draft: Draft,
) -> Explanation {
    let quantity = lines.iter().map(|line| line.quantity).sum::<rust_decimal::Decimal>();
    let usd = lines.iter().map(|line| line.contracted_cost).sum::<Usd>();
    let unit = lines[0].unit;
    let mut one = blank(key.component, Some(key.cause), &key.part, draft);
    one.sku = key.sku.clone();
    one.grows_with = key.grows_with.name();
    one.amount = quantity.to_f64().unwrap_or(f64::MAX);
    one.quantity = figure(one.amount);
    one.unit = unit.name();
    one.usd = usd;
    one.cost = usd.to_string();
    one.monthly_cost = plan.a_month(usd).to_string();
    let price = price::row(basis, lines);
    one.steps = steps(&one, plan.months.len());
    one.steps.extend(price::steps(&price, &one, plan.months.len()));
    one.price = Some(price);
    one
}

fn blank(component: Component, cause: Option<Cause>, part: &Part, draft: Draft) -> Explanation {
    Explanation {
        id: String::new(),
        component: component.name(),
        cause: cause.map_or("", Cause::name),
        part: part.name(),
        sku: String::new(),
        what: draft.what,
        words: draft.words,
        formula: draft.formula,
        inputs: draft.inputs,
        terms: draft.terms,
        steps: Vec::new(),
        quantity: String::new(),
        amount: 0.0,
        unit: "",
        price: None,
        missing: None,
        cost: String::new(),
        monthly_cost: String::new(),
        usd: Usd::ZERO,
        grows_with: "",
    }
}

/// From the formula to the quantity; where it is a sum, the first of its terms in full.
fn steps(one: &Explanation, months: usize) -> Vec<String> {
    let Some(first) = one.terms.first() else { return Vec::new() };
    let result = format!("{} {}", figure(first.quantity), one.unit);
    let values: Vec<(&str, String)> =
        named(&one.inputs).map(|input| (input.symbol, input.value.clone())).collect();
    let numbers: Vec<(&str, String)> = named(&one.inputs)
        .map(|input| (input.symbol, exactly(input.number.unwrap_or(0.0))))
        .collect();
    let of = if one.terms.len() > 1 || first.times > 1 || months > 1 {
        format!("{}: ", first.of)
    } else {
        String::new()
    };
    let shown = put_in(&one.formula, &values);
    // Shares and numbers in the formula's own units need no second look.
    let plain = |input: &Input| {
        let number = figure(input.number.unwrap_or(0.0));
        input.unit.is_empty() || input.value == format!("{number} {}", input.unit)
    };
    let mut steps = Vec::new();
    if named(&one.inputs).all(plain) {
        steps.push(format!("{of}{shown} = {result}"));
    } else {
        steps.push(format!("{of}{shown}"));
        let counted = put_in(&one.formula, &numbers);
        steps.push(format!("{of}in {}: {counted} = {result}", units(one)));
    }
    let count: u32 = one.terms.iter().map(|term| term.times).sum();
    if one.terms.len() == 1 && first.times > 1 {
        steps.push(format!(
            "the same in {} months: {} × {result} = {} {}",
            first.times, first.times, one.quantity, one.unit
        ));
    } else if one.terms.len() > 1 {
        steps.push(format!("the sum of {count} such amounts: {} {}", one.quantity, one.unit));
    }
    steps
}

/// Inputs that stand in the formula.
fn named(inputs: &[Input]) -> impl Iterator<Item = &Input> {
    inputs.iter().filter(|input| !input.symbol.is_empty())
}

/// The units that a formula counts in.
fn units(one: &Explanation) -> String {
    let mut list: Vec<&str> = Vec::new();
    for unit in named(&one.inputs).map(|input| input.unit.as_str()) {
        if !unit.is_empty() && !list.contains(&unit) {
            list.push(unit);
        }
    }
    if list.is_empty() { "plain numbers".to_owned() } else { list.join(", ") }
}

/// What is missing from a part's bill, with as much of it as there would be where that is known.
fn gaps(part: &Plan, basis: &Basis, defaults: &Settings) -> Vec<Explanation> {
    let mut list = Vec::new();
    for gap in &part.bill.gaps {
        if gap.component == Component::Migration {
            continue;
        }
        let named = |usage: &Usage| {
            let missing = usage.price.is_missing().and_then(|index| basis.missing.get(index))?;
            let same = usage.component == gap.component && missing.to_string() == gap.what;
            (same && usage.amount > 0.0).then_some(missing)
        };
        let mut drafts: Map<(Cause, Driver), (Draft, PriceUnit, f64, String)> = Map::new();
        for billed in &part.months {
            let Some(used) = &billed.used else { continue };
            for (index, usage) in used.usage.iter().enumerate() {
                let Some(missing) = named(usage) else { continue };
                let unit =
                    missing.measure.and_then(|measure| PriceUnit::parse(measure.usual_unit()));
                let unit = unit.map_or(PriceUnit::Dollar, |(unit, _)| unit);
                let entry = drafts.or_insert_with((usage.cause, usage.grows_with), || {
                    (Draft::default(), unit, 0.0, missing.sku.clone())
                });
                let nth = nth(&used.usage[..index], usage);
                let full = entry.0.is_empty();
                let mut sheet = Sheet::new(part, used, basis, defaults, usage, (unit, nth), full);
                write(&mut sheet);
                let amount = usage.amount / unit.size();
                entry.0.add(sheet, billed.month.index, amount);
                entry.2 += amount;
            }
        }
        if drafts.is_empty() {
            list.push(unknown(gap, &part.part));
        }
        for ((cause, driver), (draft, unit, amount, sku)) in drafts {
            let mut one = blank(gap.component, Some(cause), &part.part, draft);
            one.sku = sku;
            one.grows_with = driver.name();
            (one.amount, one.quantity, one.unit) = (amount, figure(amount), unit.name());
            one.steps = steps(&one, part.months.len());
            one.missing = Some(missing(gap));
            list.push(one);
        }
    }
    list
}

fn missing(gap: &Gap) -> Missing {
    Missing { what: gap.what.clone(), hint: gap.hint.clone() }
}

/// Something of which not even the amount is known.
fn unknown(gap: &Gap, part: &Part) -> Explanation {
    let mut one = blank(gap.component, None, part, Draft::default());
    one.what = format!("This is paid for, but {}.", gap.what);
    one.missing = Some(missing(gap));
    one
}

/// Gaps of what several parts pay for together.
fn left_gaps(plan: &Plan) -> Vec<Explanation> {
    let Bill { gaps, .. } = &plan.bill;
    let migration = gaps.iter().filter(|gap| gap.component == Component::Migration);
    migration.map(|gap| unknown(gap, &Part::default())).collect()
}

/// Names each by as much as makes it the only one.
fn name(list: &mut [Explanation]) {
    let with = |one: &Explanation, much: usize| {
        let parts = [one.component, one.cause, &one.sku, one.grows_with];
        let parts = parts.into_iter().take(2 + much).filter(|part| !part.is_empty());
        let id = parts
            .map(|part| part.to_ascii_lowercase().replace(' ', "-"))
            .collect::<Vec<_>>()
            .join("/");
        if one.part.is_empty() { id } else { format!("{id}@{}", one.part.replace(' ', "-")) }
    };
    for much in 0..3 {
        let ids: Vec<String> = list.iter().map(|one| with(one, much)).collect();
        for (index, id) in ids.iter().enumerate() {
            let alone = ids.iter().filter(|other| *other == id).count() == 1;
            if list[index].id.is_empty() && (alone || much == 2) {
                list[index].id.clone_from(id);
            }
        }
    }
}
