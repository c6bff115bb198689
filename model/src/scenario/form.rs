//! The first pass: every key is known, every value has the form that its row asks for.

use std::ops::Range;

use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::fields::{self, Field, Form, Section, Unit};
use super::interval::{self, Interval};
use super::moment::{self, Moment};
use super::nearest::{Known, nearest};
use super::problem::{NAME_MAX, Problem, Problems, names};
use super::set::literal;
use crate::finance::{Quote, parse_quote};
use crate::float;
use crate::letters::is_hidden;
use crate::map::Map;
use crate::money::Usd;
use crate::order;
use crate::parameters::{Kind, Parameter};
use crate::published::Amount;
use crate::quantity::{self, QuantityError, WrittenPrice};
use crate::shape::{self, Shape};
use crate::units::{ByteRate, Bytes, Dimension, Frequency, Hours};
use crate::workload::Growth;

/// A value of the right form.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Count(u64),
    Number(f64),
    Size(Bytes),
    Rate(ByteRate),
    Duration(Hours),
    Frequency(Frequency),
    Discount(Decimal),
    Budget(Usd),
    Exchange(Quote),
    Price(WrittenPrice),
    Date(crate::calendar::Date),
    Moment(Moment),
    Growth(Growth),
    Shape(Shape),
    Flag(bool),
    Sentences(Vec<String>),
    Amount(Amount),
    Names(Vec<(String, Range<usize>)>),
    Pairs(Vec<(String, String)>),
    Table(Checked),
    Tables(Vec<Checked>),
}

/// A key that is there.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// `None` when the value was refused; the middle of an interval.
    value: Option<Value>,
    interval: Option<Interval>,
    key: Range<usize>,
    span: Range<usize>,
}

/// A section whose keys are known and whose values have their form.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    /// The header, or the braces.
    pub(super) span: Range<usize>,
    entries: Map<&'static str, Entry>,
    /// Keys that mean nothing here.
    unknown: Vec<String>,
}

macro_rules! getters {
    ($($name:ident: $variant:ident => $type:ty),* $(,)?) => {$(
        pub(super) fn $name(&self, key: &str) -> Option<$type> {
            match self.entries.get(key)?.value.as_ref()? {
                Value::$variant(value) => Some(value.clone()),
                _ => None,
            }
        }
    )*};
}

impl Checked {
    getters! {
        text: Text => String,
        count: Count => u64,
        number: Number => f64,
        size: Size => Bytes,
        rate: Rate => ByteRate,
        duration: Duration => Hours,
        frequency: Frequency => Frequency,
        discount: Discount => Decimal,
        budget: Budget => Usd,
        exchange: Exchange => Quote,
        price: Price => WrittenPrice,
        date: Date => crate::calendar::Date,
        moment: Moment => Moment,
        growth: Growth => Growth,
        shape: Shape => Shape,
        flag: Flag => bool,
        sentences: Sentences => Vec<String>,
        amount: Amount => Amount,
        names: Names => Vec<(String, Range<usize>)>,
        pairs: Pairs => Vec<(String, String)>,
    }

    /// A section in this one.
    pub(super) fn table(&self, key: &str) -> Option<&Self> {
        match self.entries.get(key)?.value.as_ref()? {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The sections of one name in this one.
    pub(super) fn tables(&self, key: &str) -> &[Self] {
        match self.entries.get(key).and_then(|entry| entry.value.as_ref()) {
            Some(Value::Tables(tables)) => tables,
            _ => &[],
        }
    }

    /// Whether a key is there, be its value right or wrong.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Whether a key is there with a value that was refused.
    pub(super) fn refused(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|entry| entry.value.is_none())
    }

    /// Whether a key that is not there is misspelled.
    pub(super) fn misspells(&self, key: &str) -> bool {
        nearest(key, self.unknown.iter().map(String::as_str)).is_some()
    }

    /// Where a key's value stands; the section itself where the key is not there.
    pub(super) fn span_of(&self, key: &str) -> Range<usize> {
        self.entries.get(key).map_or_else(|| self.span.clone(), |entry| entry.span.clone())
    }

    /// Where a key stands; the section itself where it is not there.
    pub(super) fn key_span(&self, key: &str) -> Range<usize> {
        self.entries.get(key).map_or_else(|| self.span.clone(), |entry| entry.key.clone())
    }

    /// The sections of one name in this one, to change.
    pub(super) fn tables_mut(&mut self, key: &str) -> &mut [Self] {
        match self.entries.get_mut(key).and_then(|entry| entry.value.as_mut()) {
            Some(Value::Tables(tables)) => tables,
            _ => &mut [],
        }
    }

    /// A section in this one, to change; an empty one where there was none.
    pub(super) fn table_mut(&mut self, key: &'static str) -> Option<&mut Self> {
        if !self.entries.contains_key(key) {
            let span = self.span.clone();
            let empty = Self { span, entries: Map::new(), unknown: Vec::new() };
            self.put(key, Value::Table(empty));
        }
        match self.entries.get_mut(key)?.value.as_mut()? {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// What stands at a key.
    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.entries.get(key)?.value.as_ref()
    }

    /// The interval that stands at a key.
    pub(super) fn interval(&self, key: &str) -> Option<&Interval> {
        self.entries.get(key)?.interval.as_ref()
    }

    /// Puts a certain value at a key, in the place of what was there.
    pub(super) fn put(&mut self, key: &'static str, value: Value) {
        match self.entries.get_mut(key) {
            Some(entry) => (entry.value, entry.interval) = (Some(value), None),
            None => {
                let (key_span, span) = (self.span.clone(), self.span.clone());
                let entry = Entry { value: Some(value), interval: None, key: key_span, span };
                self.entries.insert(key, entry);
            }
        }
    }

    /// Leaves out a key.
    pub(super) fn remove(&mut self, key: &str) {
        self.entries.remove(key);
    }

    /// The keys that are there, in the order of the text.
    pub(super) fn keys(&self) -> Vec<&'static str> {
        let mut keys: Vec<_> = self.entries.iter().collect();
        order::sort_by_key(&mut keys, |(_, entry)| entry.key.start);
        keys.into_iter().map(|(key, _)| *key).collect()
    }
}

/// Checks a section and everything in it.
pub(super) fn section(
    section: Section,
    table: &DeTable<'_>,
    span: Range<usize>,
    problems: &mut Problems,
) -> Checked {
    let mut entries = Map::new();
    let mut unknown = Vec::new();
    for (key, value) in table.iter() {
        let Some(field) = fields::find(section, key.get_ref()) else {
            let problem = Problem::UnknownKey { key: key.get_ref().to_string(), place: section };
            problems.report(problem, key.span());
            unknown.push(key.get_ref().as_ref());
            continue;
        };
        let value_span = value.span();
        let (value, interval) = match interval::read(&field, value.get_ref()) {
            Some(Ok((middle, interval))) => (Some(middle), Some(interval)),
            Some(Err(problem)) => {
                problems.report(problem, value_span.clone());
                (None, None)
            }
            None => (checked(&field, value, problems), None),
        };
        entries.insert(field.key, Entry { value, interval, key: key.span(), span: value_span });
    }
    for field in fields::of(section).iter().filter(|field| field.required) {
        // A key that is only misspelled is one problem, not two.
        let misspelled = || nearest(field.key, unknown.iter().copied()).is_some();
        if !entries.contains_key(field.key) && !misspelled() {
            problems.report(missing(field), span.clone());
        }
    }
    let unknown = unknown.into_iter().map(str::to_owned).collect();
    Checked { span, entries, unknown }
}

/// A required key is not there.
pub(super) fn missing(field: &Field) -> Problem {
    Problem::MissingKey { key: field.key, place: field.section, example: field.line() }
}

fn checked(field: &Field, value: &Spanned<DeValue<'_>>, problems: &mut Problems) -> Option<Value> {
    let span = value.span();
    match (field.form, value.get_ref()) {
        (Form::Table(inner), DeValue::Table(table)) => {
            Some(Value::Table(section(inner, table, span, problems)))
        }
        (Form::Tables(inner, most), DeValue::Array(items)) => {
            tables(field, inner, most, items, span, problems)
        }
        (_, value) => match single(field, value) {
            Ok(value) => Some(value),
            Err(problem) => {
                problems.report(problem, span);
                None
            }
        },
    }
}

fn tables(
    field: &Field,
    inner: Section,
    most: usize,
    items: &[Spanned<DeValue<'_>>],
    span: Range<usize>,
    problems: &mut Problems,
) -> Option<Value> {
    if items.len() > most {
        problems.report(Problem::TooMany { place: inner, count: items.len(), most }, span);
        return None;
    }
    if items.is_empty() && field.required {
        problems.report(missing(field), span);
        return None;
    }
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        match item.get_ref() {
            DeValue::Table(table) => all.push(section(inner, table, item.span(), problems)),
            other => problems.report(wrong_type(field, other), item.span()),
        }
    }
    Some(Value::Tables(all))
}

/// Reads a value that is not a section from text, as a scenario or `--set` writes it.
pub(super) fn read(field: &Field, text: &str) -> Result<Value, Problem> {
    let literal = literal(field, text);
    let value = DeValue::parse(&literal).map_err(|_| Problem::WrongType {
        key: field.key.to_owned(),
        expected: expected(field),
        found: "no value",
        example: field.line(),
    })?;
    single(field, value.get_ref())
}

/// A value that is not a section.
fn single(field: &Field, value: &DeValue<'_>) -> Result<Value, Problem> {
    let text = value.as_str();
    match field.form {
        Form::Text => name(field, value).map(Value::Text),
        Form::Choice(words) => choice(field, value, words),
        Form::Count { auto: true, .. } if text == Some("auto") => {
            Ok(Value::Text("auto".to_owned()))
        }
        Form::Count { least, most, .. } => count(field, value, least, most).map(Value::Count),
        Form::Number { least, most } => number(field, value, least, most).map(Value::Number),
        Form::Quantity { word: Some(word), .. } if text == Some(word) => {
            Ok(Value::Text(word.to_owned()))
        }
        Form::Quantity { unit, least, most, .. } => match unit {
            Unit::Size => measured(field, value, least, most).map(Value::Size),
            Unit::Rate => measured(field, value, least, most).map(Value::Rate),
            Unit::Duration => measured(field, value, least, most).map(Value::Duration),
            Unit::Frequency => measured(field, value, least, most).map(Value::Frequency),
        },
        Form::Share => share(field, value).map(Value::Number),
        Form::Part => part(field, value).map(Value::Number),
        Form::Names => listed(field, value).map(Value::Names),
        Form::Pairs => pairs(field, value).map(Value::Pairs),
        Form::Percentage => percentage(field, value).map(Value::Discount),
        Form::Growth => growth(field, value).map(Value::Growth),
        Form::Budget => budget(field, value).map(Value::Budget),
        Form::Exchange => exchange(field, value).map(Value::Exchange),
        Form::Price => price(field, value).map(Value::Price),
        Form::Date => date(field, value).map(Value::Date),
        Form::Moment => moment(field, value).map(Value::Moment),
        Form::TimeZone => time_zone(field, value).map(Value::Duration),
        Form::Shape => shape_of(field, value).map(Value::Shape),
        Form::Setting(parameter) => setting(field, parameter, value).map(Value::Text),
        Form::Flag => match value {
            DeValue::Boolean(flag) => Ok(Value::Flag(*flag)),
            other => Err(wrong_type(field, other)),
        },
        Form::Sentences => sentences(field, value).map(Value::Sentences),
        Form::Amount => amount(field, value).map(Value::Amount),
        Form::Table(_) | Form::Tables(..) => Err(wrong_type(field, value)),
    }
}

fn name(field: &Field, value: &DeValue<'_>) -> Result<String, Problem> {
    let text = value.as_str().ok_or_else(|| wrong_type(field, value))?;
    let length = text.chars().count();
    let hidden = text.chars().find(|letter| is_hidden(*letter));
    if hidden.is_none() && !text.trim().is_empty() && length <= NAME_MAX {
        Ok(text.to_owned())
    } else {
        let found = hidden.map(|letter| format!("; it has U+{:04X}", u32::from(letter)));
        Err(Problem::BadName { key: field.key.to_owned(), found: found.unwrap_or_default() })
    }
}

fn choice(
    field: &Field,
    value: &DeValue<'_>,
    words: &'static [&'static str],
) -> Result<Value, Problem> {
    let text = value.as_str().ok_or_else(|| wrong_type(field, value))?;
    if words.contains(&text) {
        return Ok(Value::Text(text.to_owned()));
    }
    Err(Problem::NotAChoice {
        key: field.key.to_owned(),
        word: text.to_owned(),
        known: Known::new(text, words.iter().copied()),
    })
}

fn count(field: &Field, value: &DeValue<'_>, least: u64, most: u64) -> Result<u64, Problem> {
    let DeValue::Integer(integer) = value else {
        return Err(wrong_type(field, value));
    };
    let wide = i128::from_str_radix(integer.as_str(), integer.radix()).ok();
    wide.and_then(|wide| u64::try_from(wide).ok())
        .filter(|count| (least..=most).contains(count))
        .ok_or_else(|| out_of_range(field, integer.to_string()))
}

/// A number as TOML writes it; `None` for what is not a number.
fn written(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::Integer(integer) => Some(decimal(integer)),
        DeValue::Float(float) => Some(float.as_str().to_owned()),
        _ => None,
    }
}

fn decimal(integer: &DeInteger<'_>) -> String {
    i128::from_str_radix(integer.as_str(), integer.radix())
        .map_or_else(|_| integer.to_string(), |value| value.to_string())
}

fn number(field: &Field, value: &DeValue<'_>, least: f64, most: f64) -> Result<f64, Problem> {
    let text = written(value).ok_or_else(|| wrong_type(field, value))?;
    match float::parse(&text) {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(out_of_range(field, text)),
    }
}

/// A string that holds a quantity; a bare number lacks its unit.
fn quantity_text<'a>(
    field: &Field,
    value: &'a DeValue<'_>,
    units: impl FnOnce() -> String,
) -> Result<&'a str, Problem> {
    value.as_str().ok_or_else(|| match written(value) {
        Some(_) => {
            Problem::NoUnit { key: field.key.to_owned(), units: units(), example: field.line() }
        }
        None => wrong_type(field, value),
    })
}

/// The units of a dimension, each once; the parser takes other spellings too.
fn units<D: Dimension>() -> String {
    let mut seen: Vec<f64> = Vec::new();
    let mut spellings = Vec::new();
    for (name, size) in D::UNITS {
        if !seen.contains(size) {
            seen.push(*size);
            spellings.push(*name);
        }
    }
    names(&spellings)
}

fn unreadable(field: &Field, error: QuantityError) -> Problem {
    match error {
        QuantityError::NoUnit { units, .. } => {
            let units = if units.starts_with('`') { units } else { String::new() };
            Problem::NoUnit { key: field.key.to_owned(), units, example: field.line() }
        }
        error => Problem::Quantity { key: field.key.to_owned(), error, example: field.line() },
    }
}

fn quantity_of<D: Dimension>(field: &Field, text: &str) -> Result<D, Problem> {
    quantity::parse(text).map_err(|error| match error {
        QuantityError::NoUnit { text, .. } => {
            unreadable(field, QuantityError::NoUnit { text, units: units::<D>() })
        }
        QuantityError::UnknownUnit { unit, dimension, .. } => {
            unreadable(field, QuantityError::UnknownUnit { unit, dimension, units: units::<D>() })
        }
        error => unreadable(field, error),
    })
}

fn measured<D: Dimension>(
    field: &Field,
    value: &DeValue<'_>,
    least: &str,
    most: &str,
) -> Result<D, Problem> {
    let text = quantity_text(field, value, units::<D>)?;
    let amount: D = quantity_of(field, text)?;
    let end = |text: &str| quantity::parse::<D>(text).map_or(0.0, Dimension::base);
    let enough = amount.base() > 0.0 && (least.is_empty() || amount.base() >= end(least));
    if enough && amount.base() <= end(most) {
        Ok(amount)
    } else {
        Err(out_of_range(field, text.to_owned()))
    }
}

fn share(field: &Field, value: &DeValue<'_>) -> Result<f64, Problem> {
    let text = share_text(field, value)?;
    let share = quantity::parse_share(&text).map_err(|error| unreadable(field, error))?;
    bare_share(field, &text, share)?;
    if share > 0.0 && share <= 1.0 { Ok(share) } else { Err(out_of_range(field, text)) }
}

fn part(field: &Field, value: &DeValue<'_>) -> Result<f64, Problem> {
    let text = share_text(field, value)?;
    let part = quantity::parse_share(&text).map_err(|error| unreadable(field, error))?;
    bare_share(field, &text, part)?;
    if (0.0..=1.0).contains(&part) { Ok(part) } else { Err(out_of_range(field, text)) }
}

/// Names, each with its place.
fn listed(field: &Field, value: &DeValue<'_>) -> Result<Vec<(String, Range<usize>)>, Problem> {
    let items = value.as_array().ok_or_else(|| wrong_type(field, value))?;
    items.iter().map(|item| Ok((name(field, item.get_ref())?, item.span()))).collect()
}

/// Texts by names.
fn pairs(field: &Field, value: &DeValue<'_>) -> Result<Vec<(String, String)>, Problem> {
    let DeValue::Table(table) = value else { return Err(wrong_type(field, value)) };
    let pair = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
        Ok((key.get_ref().to_string(), name(field, value.get_ref())?))
    };
    table.iter().map(pair).collect()
}

/// Whoever writes `30` means 30 %.
fn bare_share(field: &Field, text: &str, share: f64) -> Result<(), Problem> {
    if share > 1.0 && share <= 100.0 && !text.contains('%') {
        return Err(Problem::BareShare { key: field.key.to_owned(), found: text.to_owned() });
    }
    Ok(())
}

/// A share as a string, or as a number.
fn share_text(field: &Field, value: &DeValue<'_>) -> Result<String, Problem> {
    value
        .as_str()
        .map(str::to_owned)
        .or_else(|| written(value))
        .ok_or_else(|| wrong_type(field, value))
}

fn percentage(field: &Field, value: &DeValue<'_>) -> Result<Decimal, Problem> {
    let text = share_text(field, value)?;
    let share = quantity::parse_share(&text).map_err(|error| unreadable(field, error))?;
    bare_share(field, &text, share)?;
    let (digits, divisor) = match text.trim().strip_suffix('%') {
        Some(digits) => (digits.trim(), Decimal::ONE_HUNDRED),
        None => (text.trim(), Decimal::ONE),
    };
    let exact: Option<Decimal> = digits.replace('_', "").parse().ok();
    exact
        .filter(|exact| !exact.is_sign_negative() && *exact < divisor)
        .and_then(|exact| exact.checked_div(divisor))
        .ok_or_else(|| out_of_range(field, text))
}

fn growth(field: &Field, value: &DeValue<'_>) -> Result<Growth, Problem> {
    let text = quantity_text(field, value, || quantity::GROWTH_UNITS.to_owned())?;
    let growth = quantity::parse_growth(text).map_err(|error| unreadable(field, error))?;
    if !(-0.5..=1.0).contains(&growth.per_month) {
        return Err(out_of_range(field, text.to_owned()));
    }
    Ok(if growth.linear {
        Growth { linear: growth.per_month, ..Growth::none() }
    } else {
        Growth::compound(growth.per_month)
    })
}

fn dollars(field: &Field, value: &DeValue<'_>) -> Result<(String, WrittenPrice), Problem> {
    let text = quantity_text(field, value, String::new)?;
    let price = quantity::parse_price(text).map_err(|error| unreadable(field, error))?;
    Ok((text.to_owned(), price))
}

/// Most dollars that a budget may have.
const BUDGET_MAX: i64 = 1_000_000_000_000;

/// Most dollars that one unit may cost.
const PRICE_MAX: i64 = 1_000_000;

fn budget(field: &Field, value: &DeValue<'_>) -> Result<Usd, Problem> {
    let (text, price) = dollars(field, value)?;
    let allowed = price.per == "month"
        && price.usd > Usd::ZERO
        && price.usd <= Usd::new(Decimal::from(BUDGET_MAX));
    if allowed { Ok(price.usd) } else { Err(out_of_range(field, text)) }
}

fn exchange(field: &Field, value: &DeValue<'_>) -> Result<Quote, Problem> {
    let text = quantity_text(field, value, || "`EUR/USD`".to_owned())?;
    parse_quote(text).ok_or_else(|| out_of_range(field, text.to_owned()))
}

fn price(field: &Field, value: &DeValue<'_>) -> Result<WrittenPrice, Problem> {
    let (text, price) = dollars(field, value)?;
    if price.usd >= Usd::ZERO && price.usd <= Usd::new(Decimal::from(PRICE_MAX)) {
        Ok(price)
    } else {
        Err(out_of_range(field, text))
    }
}

fn date(field: &Field, value: &DeValue<'_>) -> Result<crate::calendar::Date, Problem> {
    let text = match value {
        DeValue::Datetime(moment) if moment.time.is_none() => moment.to_string(),
        DeValue::String(text) => text.to_string(),
        other => return Err(wrong_type(field, other)),
    };
    moment::date(&text).ok_or_else(|| out_of_range(field, text))
}

/// A moment in words, or a date with or without a time.
fn moment(field: &Field, value: &DeValue<'_>) -> Result<Moment, Problem> {
    let text = match value {
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::String(text) => text.to_string(),
        other => return Err(wrong_type(field, other)),
    };
    Moment::read(&text).ok_or_else(|| out_of_range(field, text))
}

fn time_zone(field: &Field, value: &DeValue<'_>) -> Result<Hours, Problem> {
    let text = value.as_str().ok_or_else(|| wrong_type(field, value))?;
    moment::offset(text).ok_or_else(|| {
        if moment::is_place(text) {
            Problem::NamedTimeZone { key: field.key.to_owned(), name: text.to_owned() }
        } else {
            out_of_range(field, text.to_owned())
        }
    })
}

fn shape_of(field: &Field, value: &DeValue<'_>) -> Result<Shape, Problem> {
    match value {
        DeValue::String(name) => Shape::named(name).ok_or_else(|| Problem::UnknownName {
            what: "shape",
            name: name.to_string(),
            known: Known::new(name, shape::NAMED.iter().map(|named| named.name)),
        }),
        DeValue::Array(items) => {
            let weights: Option<Vec<f64>> =
                items.iter().map(|item| float::parse(&written(item.get_ref())?)).collect();
            weights
                .and_then(|weights| Shape::from_weights("weights", &weights))
                .ok_or(Problem::BadWeights { count: items.len() })
        }
        other => Err(wrong_type(field, other)),
    }
}

fn sentences(field: &Field, value: &DeValue<'_>) -> Result<Vec<String>, Problem> {
    let DeValue::Array(items) = value else { return Err(wrong_type(field, value)) };
    items.iter().map(|item| name(field, item.get_ref())).collect()
}

fn amount(field: &Field, value: &DeValue<'_>) -> Result<Amount, Problem> {
    let text = quantity_text(field, value, || names(Amount::UNITS))?;
    let amount = Amount::read(text).map_err(|error| unreadable(field, error))?;
    if amount.value > 0.0 { Ok(amount) } else { Err(out_of_range(field, text.to_owned())) }
}

/// A setting as text that [`Settings::set`](crate::parameters::Settings::set) reads.
fn setting(field: &Field, row: &Parameter, value: &DeValue<'_>) -> Result<String, Problem> {
    if row.auto && value.as_str() == Some("auto") {
        return Ok("auto".to_owned());
    }
    match (row.kind, value) {
        (Kind::Count, DeValue::Integer(integer)) => Ok(decimal(integer)),
        (Kind::Factor, DeValue::Integer(_) | DeValue::Float(_)) => {
            written(value).ok_or_else(|| wrong_type(field, value))
        }
        (Kind::Share, _) => {
            let text = share_text(field, value)?;
            let share = quantity::parse_share(&text).map_err(|error| unreadable(field, error))?;
            bare_share(field, &text, share)?;
            Ok(text)
        }
        (Kind::Flag, DeValue::Boolean(flag)) => Ok(flag.to_string()),
        (Kind::Size, _) => readable::<Bytes>(field, value),
        (Kind::Rate, _) => readable::<ByteRate>(field, value),
        (Kind::Duration, _) => readable::<Hours>(field, value),
        (Kind::Price | Kind::Dollars(_), _) => dollars(field, value).map(|(text, _)| text),
        (Kind::Choice(words), _) => match choice(field, value, words)? {
            Value::Text(word) => Ok(word),
            _ => Err(wrong_type(field, value)),
        },
        (Kind::Name | Kind::Shares | Kind::Rates, _) => name(field, value),
        _ => Err(wrong_type(field, value)),
    }
}

fn readable<D: Dimension>(field: &Field, value: &DeValue<'_>) -> Result<String, Problem> {
    let text = quantity_text(field, value, units::<D>)?;
    quantity_of::<D>(field, text)?;
    Ok(text.to_owned())
}

fn out_of_range(field: &Field, found: String) -> Problem {
    Problem::OutOfRange { key: field.key.to_owned(), found, allowed: expected(field) }
}

fn wrong_type(field: &Field, value: &DeValue<'_>) -> Problem {
    match (field.form, value) {
        (Form::Table(section), DeValue::Array(_)) => {
            Problem::WrongBrackets { key: section.path().to_owned(), repeats: false }
        }
        (Form::Tables(section, _), DeValue::Table(_)) => {
            Problem::WrongBrackets { key: section.path().to_owned(), repeats: true }
        }
        (_, DeValue::String(text)) if is_number(field) && text.contains(',') => Problem::Quantity {
            key: field.key.to_owned(),
            error: QuantityError::Comma { text: text.to_string() },
            example: field.line(),
        },
        _ => Problem::WrongType {
            key: field.key.to_owned(),
            expected: expected(field),
            found: found(value),
            example: field.line(),
        },
    }
}

/// Whether a number without a unit is wanted.
fn is_number(field: &Field) -> bool {
    match field.form {
        Form::Count { .. } | Form::Number { .. } => true,
        Form::Setting(row) => matches!(row.kind, Kind::Count | Kind::Factor),
        _ => false,
    }
}

fn found(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date or a time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a section",
    }
}

/// What a row asks for, in words.
pub(super) fn expected(field: &Field) -> String {
    match field.form {
        Form::Text => "a name in quotes".to_owned(),
        Form::Count { most: u64::MAX, .. } => "a whole number".to_owned(),
        Form::Count { least, most, auto } => {
            let auto = if auto { ", or `\"auto\"`" } else { "" };
            let (least, most) = (grouped(least), grouped(most));
            format!("a whole number from {least} to {most}{auto}")
        }
        Form::Number { least, most } => format!("a number from {least} to {most}"),
        Form::Quantity { unit, least, most, word } => {
            let word = word.map_or_else(String::new, |word| format!(", or `\"{word}\"`"));
            let least = match least {
                "" => "above 0, up".to_owned(),
                least => format!("from {least}"),
            };
            format!("{} {least} to {most}{word}", dimension(unit))
        }
        Form::Share => "a share above `0 %`, up to `100 %`".to_owned(),
        Form::Part => "a share from `0 %` to `100 %`".to_owned(),
        Form::Names => "names in quotes, such as `[\"alarms\"]`".to_owned(),
        Form::Pairs => "names with texts, such as `{ cluster = \"orders\" }`".to_owned(),
        Form::Percentage => "a discount from `0 %` to below `100 %`".to_owned(),
        Form::Growth => "growth from `-50 %/month` to `100 %/month`".to_owned(),
        Form::Exchange => {
            "what one dollar is in a currency of ISO 4217, such as `\"0.92 EUR/USD\"`".to_owned()
        }
        Form::Budget => "dollars per month, above $0, up to $1,000,000,000,000".to_owned(),
        Form::Price => "a price from $0 to $1,000,000".to_owned(),
        Form::Date => "a day, such as 2027-01-01".to_owned(),
        Form::Moment => moment::MOMENT.to_owned(),
        Form::TimeZone => {
            "an offset from `UTC-12:00` to `UTC+14:00` in quarters of an hour".to_owned()
        }
        Form::Choice(words) => format!("one of {}", names(words)),
        Form::Shape => "a shape's name, or 24 or 168 weights".to_owned(),
        Form::Setting(row) => setting_expected(row),
        Form::Flag => "`true` or `false`".to_owned(),
        Form::Sentences => "a list of sentences in quotes".to_owned(),
        Form::Amount => "a figure above 0 with its unit".to_owned(),
        Form::Table(section) => format!("the section {section}"),
        Form::Tables(section, _) => format!("sections {section}"),
    }
}

fn setting_expected(row: &Parameter) -> String {
    let what = match row.kind {
        Kind::Count => "a whole number".to_owned(),
        Kind::Factor => "a number".to_owned(),
        Kind::Share => "a share, such as `\"50 %\"`".to_owned(),
        Kind::Flag => "`true` or `false`".to_owned(),
        Kind::Size => Bytes::NAME.to_owned(),
        Kind::Rate => ByteRate::NAME.to_owned(),
        Kind::Duration => Hours::NAME.to_owned(),
        Kind::Price => "a price".to_owned(),
        Kind::Dollars(unit) => format!("dollars per {unit}"),
        Kind::Rates => "rates, such as `\"10 % to $10000, 3 %\"`".to_owned(),
        Kind::Name => "a name in quotes".to_owned(),
        Kind::Shares => "growing shares, such as `\"1 %, 10 %, 100 %\"`".to_owned(),
        Kind::Choice(words) => format!("one of {}", names(words)),
    };
    if row.auto { format!("{what}, or `\"auto\"`") } else { what }
}

fn dimension(unit: Unit) -> &'static str {
    match unit {
        Unit::Size => Bytes::NAME,
        Unit::Rate => ByteRate::NAME,
        Unit::Duration => Hours::NAME,
        Unit::Frequency => Frequency::NAME,
    }
}

fn grouped(count: u64) -> String {
    crate::units::separated(&count.to_string())
}
