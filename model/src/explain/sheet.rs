//! Where the formula of a line is written: its words once, its numbers for every month.

use super::{Input, Origin, Term};
use crate::basis::{Basis, Used};
use crate::bill::Usage;
use crate::design::Design;
use crate::export::setting_of;
use crate::load::StreamLoad;
use crate::parameters::{Kind, Settings};
use crate::plan::Plan;
use crate::prices::{Measure, PriceUnit};
use crate::units::{ByteRate, Bytes, Dimension, Frequency, Hours, separated};

/// What is known of a line while its months come in.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) what: String,
    pub(super) words: &'static str,
    pub(super) formula: String,
    pub(super) inputs: Vec<Input>,
    pub(super) terms: Vec<Term>,
}

impl Draft {
    /// Whether no month has come in yet.
    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Takes in what a month used; a sheet without terms of its own is one.
    pub(super) fn add(&mut self, sheet: Sheet, month: u32, quantity: f64) {
        if self.is_empty() {
            self.what = sheet.what;
            self.words = sheet.words;
            self.formula = sheet.formula;
            self.inputs = sheet.inputs;
        }
        let only = sheet.terms.len() == 1;
        for (of, own, numbers) in sheet.terms {
            let quantity = if only { quantity } else { own };
            self.push(month, &of, numbers, quantity);
        }
    }

    /// One more amount; the same as that of the month before is counted, not listed.
    pub(super) fn push(&mut self, month: u32, of: &str, numbers: Vec<f64>, quantity: f64) {
        let label = |first: u32, last: u32| {
            let months = match first == last {
                true => format!("month {}", first + 1),
                false => format!("months {} to {}", first + 1, last + 1),
            };
            if of.is_empty() { months } else { format!("{months}, {of}") }
        };
        // Sums of the same numbers in another order differ in their last digits.
        let near = |one: f64, other: f64| (one - other).abs() <= 1e-12 * one.abs().max(other.abs());
        let alike = |term: &Term| {
            term.numbers.len() == numbers.len()
                && term.numbers.iter().zip(&numbers).all(|(one, other)| near(*one, *other))
                && near(term.quantity, quantity)
        };
        let open = self.terms.iter_mut().find(|term| {
            // It ended with the month before, and is of the same thing.
            month >= term.times && alike(term) && term.of == label(month - term.times, month - 1)
        });
        match open {
            Some(term) => {
                let first = month - term.times;
                term.times += 1;
                term.of = label(first, month);
            }
            None => self.terms.push(Term { of: label(month, month), times: 1, numbers, quantity }),
        }
    }
}

/// The formula of some usage, with the numbers of its month.
pub(super) struct Sheet<'a> {
    pub(super) plan: &'a Plan,
    pub(super) used: &'a Used,
    pub(super) basis: &'a Basis,
    pub(super) usage: &'a Usage,
    pub(super) unit: PriceUnit,
    /// What data is counted in: the price's own unit where it is one of data.
    pub(super) data: PriceUnit,
    /// How many usages of the same thing came before.
    pub(super) nth: usize,
    defaults: &'a Settings,
    /// Whether words are wanted: they are the same in all months.
    full: bool,
    what: String,
    words: &'static str,
    formula: String,
    inputs: Vec<Input>,
    terms: Vec<(String, f64, Vec<f64>)>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        used: &'a Used,
        basis: &'a Basis,
        defaults: &'a Settings,
        usage: &'a Usage,
        (unit, nth): (PriceUnit, usize),
        full: bool,
    ) -> Self {
        Self {
            plan,
            used,
            basis,
            usage,
            unit,
            data: match unit.measure() {
                Measure::Moved | Measure::Kept | Measure::Rate => unit,
                _ => PriceUnit::Gib,
            },
            nth,
            defaults,
            full,
            what: String::new(),
            words: "",
            formula: String::new(),
            inputs: Vec::new(),
            terms: Vec::new(),
        }
    }

    pub(super) fn design(&self) -> &'a Design {
        &self.plan.design
    }

    /// Why it is paid for, and the formula in words and in symbols.
    pub(super) fn say(&mut self, what: &str, words: &'static str, formula: &str) {
        if self.full {
            self.what = what.to_owned();
            self.words = words;
            self.formula = formula.to_owned();
        }
    }

    /// The next of several amounts, and how much it is in price units.
    pub(super) fn term(&mut self, of: &str, quantity: f64) {
        self.terms.push((of.to_owned(), quantity, Vec::new()));
    }

    /// An input with everything about it.
    pub(super) fn input(
        &mut self,
        symbol: &'static str,
        number: f64,
        unit: &str,
        words: impl FnOnce() -> (String, String, Origin),
    ) {
        // Sums of nothing are −0, which means nothing to a reader.
        let number = number + 0.0;
        if self.terms.is_empty() {
            self.terms.push((String::new(), 0.0, Vec::new()));
        }
        let first = self.terms.len() == 1;
        if let Some((_, _, numbers)) = self.terms.last_mut()
            && !symbol.is_empty()
        {
            numbers.push(number);
        }
        if self.full && first {
            let (name, value, origin) = words();
            let (number, unit) = (number.is_finite().then_some(number), unit.to_owned());
            self.inputs.push(Input { symbol, name, value, number, unit, origin });
        }
    }

    /// A plain number.
    pub(super) fn number(
        &mut self,
        symbol: &'static str,
        name: &str,
        number: f64,
        unit: &str,
        origin: impl FnOnce() -> Origin,
    ) {
        self.input(symbol, number, unit, || (name.to_owned(), counted(number, unit), origin()));
    }

    /// A share.
    pub(super) fn share(
        &mut self,
        symbol: &'static str,
        name: &str,
        share: f64,
        origin: impl FnOnce() -> Origin,
    ) {
        self.input(symbol, share, "", || {
            (name.to_owned(), format!("{} %", figure(share * 100.0)), origin())
        });
    }

    /// A rate of data, in price units an hour.
    pub(super) fn rate(
        &mut self,
        symbol: &'static str,
        name: &str,
        rate: ByteRate,
        origin: impl FnOnce() -> Origin,
    ) {
        let number = (rate * Hours::new(1.0)).base_bytes() / self.data.size();
        let unit = format!("{}/h", self.data.name());
        self.input(symbol, number, &unit, || (name.to_owned(), rate.to_string(), origin()));
    }

    /// Provisioned throughput, in price units.
    pub(super) fn throughput(
        &mut self,
        symbol: &'static str,
        name: &str,
        rate: ByteRate,
        origin: impl FnOnce() -> Origin,
    ) {
        let number = rate.base() / self.data.size();
        let unit = self.data.name().trim_end_matches("-month");
        self.input(symbol, number, unit, || (name.to_owned(), rate.to_string(), origin()));
    }

    /// Data, in price units.
    pub(super) fn bytes(
        &mut self,
        symbol: &'static str,
        name: &str,
        bytes: Bytes,
        origin: impl FnOnce() -> Origin,
    ) {
        let number = bytes.base_bytes() / self.data.size();
        let unit = self.data.name().trim_end_matches("-month");
        self.input(symbol, number, unit, || (name.to_owned(), bytes.to_string(), origin()));
    }

    /// How often something happens, by the hour.
    pub(super) fn often(
        &mut self,
        symbol: &'static str,
        name: &str,
        often: Frequency,
        origin: impl FnOnce() -> Origin,
    ) {
        let number = often.count_in(Hours::new(1.0)) / self.unit.size();
        let unit = format!("{}s/h", self.unit.name());
        self.input(symbol, number, &unit, || {
            (name.to_owned(), format!("{}/s", figure(often.per_sec())), origin())
        });
    }

    /// Hours of the month.
    pub(super) fn hours(&mut self) {
        let hours = self.used.hours;
        self.number("h", "hours of the month", hours.as_hours(), "h", || Origin::Scenario {
            path: "horizon".to_owned(),
        });
    }

    /// Hours of the month in which the platform is there.
    pub(super) fn alive(&mut self, symbol: &'static str) {
        let hours = self.used.alive.as_hours();
        let origin = self.found("all of them, unless clients migrate to the platform, or leave it");
        self.number(symbol, "hours of the month in which it is there", hours, "h", || origin);
    }

    /// Share of the month in which the platform is there.
    pub(super) fn there(&self) -> f64 {
        self.used.alive / self.used.hours
    }

    /// Brokers on average.
    pub(super) fn brokers(&mut self) {
        let plan = self.plan;
        let run = plan.simulation.is_some();
        self.number("N", "brokers, on average of the month", self.used.brokers, "", || {
            let by = match plan.design.settings.brokers {
                Some(_) => "fixed by `brokers`; most is asked of",
                None => "sized by",
            };
            let sized = plan.binding().map_or_else(String::new, |asked| {
                format!(
                    "{by} {}: {} {} asked for at the busiest, {} planned on each",
                    asked.resource.name(),
                    figure(asked.demand),
                    asked.resource.unit(),
                    figure(asked.per_broker)
                )
            });
            match run {
                true => Origin::Run { how: format!("broker hours ÷ hours of the month; {sized}") },
                false => Origin::Computed { how: sized },
            }
        });
    }

    /// What a month came to: by the run where there was one.
    pub(super) fn found(&self, how: &str) -> Origin {
        let how = if self.full { how.to_owned() } else { String::new() };
        match self.plan.simulation {
            Some(_) => Origin::Run { how },
            None => Origin::Computed { how },
        }
    }

    /// What is produced on average, all streams together.
    pub(super) fn produced(&mut self, symbol: &'static str) {
        let used = self.used;
        let origin = self.rates(|stream| stream.produce);
        self.rate(symbol, "produced as stored, mean of the month", used.load.produce, || origin);
    }

    /// What consumers fetch at the end of the log, on average.
    pub(super) fn fetched(&mut self, symbol: &'static str) {
        let used = self.used;
        let origin = self.rates(|stream| stream.tail);
        self.rate(
            symbol,
            "fetched at the end of the log, mean of the month",
            used.load.tail,
            || origin,
        );
    }

    /// What replays read, on average.
    pub(super) fn replayed(&mut self, symbol: &'static str) {
        let used = self.used;
        let origin = self.rates(StreamLoad::replay);
        self.rate(symbol, "history read, mean of the month", used.load.replay, || origin);
    }

    /// Rates of streams, as an origin.
    pub(super) fn rates(&self, of: fn(&StreamLoad) -> ByteRate) -> Origin {
        /// Streams that are told one by one.
        const TOLD: usize = 6;
        if !self.full {
            return Origin::Run { how: String::new() };
        }
        let streams = &self.used.load.streams;
        let told = streams.iter().take(TOLD);
        let mut told: Vec<String> =
            told.map(|stream| format!("`stream.{}` {}", stream.name, of(stream))).collect();
        if streams.len() > TOLD {
            told.push(format!("{} more", streams.len() - TOLD));
        }
        self.found(&told.join(" + "))
    }

    /// A setting of the platform or of a further line; sizes in price units, lengths of time in hours.
    pub(super) fn setting(&mut self, symbol: &'static str, key: &'static str) {
        let design = self.design();
        let number = design.settings.number(key).or_else(|| design.lines.settings.number(key));
        let kind = crate::parameters::parameter(key).or_else(|| crate::lines::parameter(key));
        let (size, unit) = match kind.map(|row| row.kind) {
            Some(Kind::Size) => (self.data.size(), self.data.name().trim_end_matches("-month")),
            Some(Kind::Rate) => (crate::units::MIB, "MiB/s"),
            Some(Kind::Duration) => (1.0, "h"),
            _ => (1.0, ""),
        };
        self.scaled(symbol, key, number.unwrap_or(f64::NAN) / size, unit);
    }

    /// A setting on a scale of its own.
    pub(super) fn scaled(
        &mut self,
        symbol: &'static str,
        key: &'static str,
        number: f64,
        unit: &'static str,
    ) {
        let (design, defaults) = (self.design(), self.defaults);
        self.input(symbol, number, unit, || {
            let Some(found) = setting_of(design, defaults, key) else {
                return (key.to_owned(), figure(number), Origin::Scenario { path: key.to_owned() });
            };
            let row = found.parameter;
            let name = row.doc.trim().trim_end_matches('.').to_owned();
            let origin = Origin::Setting {
                key: row.key,
                default: row.default,
                range: row.range,
                source: found.source,
                confidence: found.confidence.map_or("", |confidence| confidence.name()),
                changed_by: found.origin.name(),
            };
            (name, found.value, origin)
        });
    }

    /// A setting that stands behind another input.
    pub(super) fn behind(&mut self, keys: &[&'static str]) {
        for key in keys {
            self.setting("", key);
        }
    }
}

/// It follows from something else.
pub(super) fn computed(how: impl Into<String>) -> Origin {
    Origin::Computed { how: how.into() }
}

/// A number with its unit.
fn counted(number: f64, unit: &str) -> String {
    if unit.is_empty() { figure(number) } else { format!("{} {unit}", figure(number)) }
}

/// A number with thousands separated and at least six digits that count.
pub fn figure(value: f64) -> String {
    let decimals = match value.abs() {
        0.0 => 0,
        size => (5.0 - libm::floor(libm::log10(size))).clamp(0.0, 12.0) as usize,
    };
    separated(&trimmed(format!("{value:.decimals$}")))
}

/// A number with as many digits as calculations are shown with.
pub(super) fn exactly(value: f64) -> String {
    let decimals = match value.abs() {
        0.0 => 0,
        size => (9.0 - libm::floor(libm::log10(size))).clamp(0.0, 15.0) as usize,
    };
    trimmed(format!("{value:.decimals$}"))
}

fn trimmed(text: String) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// A formula with something in the place of its symbols.
pub(super) fn put_in(formula: &str, values: &[(&str, String)]) -> String {
    let mut text = String::with_capacity(formula.len() * 2);
    let mut rest = formula;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
        if end == 0 || !first.is_alphabetic() {
            let length = end.max(first.len_utf8());
            text.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        let word = &rest[..end];
        let value = values.iter().find(|(symbol, _)| *symbol == word);
        text.push_str(value.map_or(word, |(_, value)| value));
        rest = &rest[end..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_the_place_of_symbols_and_of_nothing_else() {
        let values = [("R", "5".to_owned()), ("a", "2".to_owned()), ("max", "no".to_owned())];
        assert_eq!(put_in("R × (1 − a) ÷ Ra", &values), "5 × (1 − 2) ÷ Ra");
        assert_eq!(put_in("max(a, 0)", &values[..2]), "max(2, 0)");
    }

    #[test]
    fn six_digits_are_shown() {
        let shown = [0.0, 0.0025, 351.5625, 171_093.75, 12_345_678.9, 1e-9].map(figure);
        assert_eq!(shown, ["0", "0.0025", "351.562", "171,094", "12,345,679", "0.000000001"]);
    }

    #[test]
    fn months_that_are_alike_are_counted() {
        let mut draft = Draft::default();
        for (month, number) in [(0, 1.0), (1, 1.0), (2, 2.0), (3, 1.0)] {
            draft.push(month, "", vec![number], number);
        }
        let told: Vec<(&str, u32)> =
            draft.terms.iter().map(|term| (term.of.as_str(), term.times)).collect();
        assert_eq!(told, [("months 1 to 2", 2), ("month 3", 1), ("month 4", 1)]);
    }
}
