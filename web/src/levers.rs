//! What-if sliders: each changes every stream of a scenario's text, so that what is found can be kept as a scenario.

use model::float;
use model::quantity;
use model::scenario::{self, Outline, SetError};
use model::units::{ByteRate, Bytes, Dimension, Frequency, Hours, separated};

/// Where the sliders stand; 1 changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levers {
    /// How many times as many records are produced.
    pub traffic: f64,
    /// How many times as long they are kept.
    pub retention: f64,
    /// Readers of everything that are added to every stream.
    pub readers: u32,
    /// How many times as well they are compressed.
    pub compression: f64,
    /// How many times as large a record is.
    pub record: f64,
    /// Percent off the list price of everything.
    pub discount: u32,
}

impl Default for Levers {
    fn default() -> Self {
        Self {
            traffic: 1.0,
            retention: 1.0,
            readers: 0,
            compression: 1.0,
            record: 1.0,
            discount: 0,
        }
    }
}

/// The group of an added reader.
const READER: &str = "what-if";

/// A scenario's text with the levers pulled.
///
/// # Errors
///
/// When the text is broken, or says something in a way that leaves no place for a change.
pub fn pulled(text: &str, levers: Levers) -> Result<String, SetError> {
    let Some(outline) = scenario::outline(text) else {
        return Err(SetError::Syntax { message: "it is not TOML".to_owned() });
    };
    let mut pulled = text.to_owned();
    for stream in outline.sections("stream") {
        for (key, value) in changes(stream, levers) {
            let Some(path) = stream.path_of(key) else { continue };
            pulled = scenario::set(&pulled, &path, &value)?;
        }
        let Some(path) = stream.path_of("reader") else { continue };
        for number in 1..=levers.readers {
            let group = format!("{READER}-{number}");
            pulled = scenario::add(&pulled, &path, &[("group", &group)])?;
        }
    }
    if levers.discount > 0 {
        for row in scenario::fields::of(scenario::fields::Section::Discount) {
            let path = format!("prices.discount.{}", row.key);
            pulled = scenario::set(&pulled, &path, &format!("{} %", levers.discount))?;
        }
    }
    Ok(pulled)
}

/// The values of one stream that change.
fn changes(stream: &Outline, levers: Levers) -> Vec<(&'static str, String)> {
    let mut changes = Vec::new();
    let mut change = |key: &'static str, value: Option<String>| {
        changes.extend(value.map(|value| (key, value)));
    };
    let scaled = |key: &str, scaled: &dyn Fn(f64) -> String| {
        each(stream.value(key)?, |text| Some(scaled(float::parse(&text.replace('_', ""))?)))
    };
    if levers.traffic != 1.0 || levers.record != 1.0 {
        let (traffic, record) = (levers.traffic, levers.record);
        let count = |count: f64| format!("{}", (count * traffic).round().max(1.0));
        change("sources", scaled("sources", &count).filter(|_| traffic != 1.0));
        let records = stream.value("records").filter(|_| traffic != 1.0);
        change("records", records.and_then(|text| times::<Frequency>(text, traffic)));
        let size = stream.value("record").filter(|_| record != 1.0);
        change("record", size.and_then(|text| times::<Bytes>(text, record)));
        change(
            "produce",
            stream.value("produce").and_then(|text| times::<ByteRate>(text, traffic * record)),
        );
    }
    if levers.retention != 1.0 {
        let text = stream.value("retention");
        change("retention", text.and_then(|text| times::<Hours>(text, levers.retention)));
    }
    if levers.compression != 1.0 {
        let better = |now: f64| shown(now * levers.compression);
        let now = scaled("compression", &better);
        change("compression", Some(now.unwrap_or_else(|| better(1.0))));
    }
    changes
}

/// A value with each of its numbers changed: it has several where it is an interval.
fn each(text: &str, change: impl Fn(&str) -> Option<String>) -> Option<String> {
    let part = |part: &str| {
        let part = part.trim();
        // Which quantile a number is stays: `p5 20 MiB/s`.
        let level = part.split_once(' ').filter(|(level, _)| level.starts_with(['p', 'P']));
        match level {
            Some((level, value)) => Some(format!("{level} {}", change(value)?)),
            None => change(part),
        }
    };
    let parts: Option<Vec<String>> = text.split("..").map(part).collect();
    Some(parts?.join(" .. "))
}

/// A value as an interval from so many times as much to so many times as much; `None` where it is not a number and perhaps
/// its unit.
pub fn interval(text: &str, low: f64, high: f64) -> Option<String> {
    let text = Some(text.trim()).filter(|text| !text.contains(".."))?;
    let digits = text.find(|letter: char| !letter.is_ascii_digit() && !"._".contains(letter));
    let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
    let apart = if number.contains('_') { "_" } else { "" };
    let number = number.replace('_', "");
    let counted = unit.is_empty() && !number.contains('.');
    let number = float::parse(&number)?;
    let end = |factor: f64| {
        let end = number * factor;
        // Thousands are set apart as they are in what is there.
        let end = match counted {
            true => separated(&end.round().to_string()).replace(',', apart),
            false => shown(end),
        };
        format!("{end} {}", unit.trim()).trim_end().to_owned()
    };
    Some(format!("{} .. {text} .. {}", end(low), end(high)))
}

/// So many times a quantity, in the unit that it is written in.
fn times<D: Dimension>(text: &str, factor: f64) -> Option<String> {
    each(text, |text| once::<D>(text, factor))
}

fn once<D: Dimension>(text: &str, factor: f64) -> Option<String> {
    quantity::parse::<D>(text).ok()?;
    let digits =
        text.trim().find(|letter: char| !letter.is_ascii_digit() && !"._eE".contains(letter))?;
    let (number, unit) = text.trim().split_at(digits);
    let number = float::parse(&number.replace('_', ""))?;
    Some(format!("{} {}", shown(number * factor), unit.trim()))
}

/// A number in few digits.
fn shown(number: f64) -> String {
    float::parse(&format!("{number:.5e}")).unwrap_or(number).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use page_engine::examples::EXAMPLES;
    use page_engine::{Case, Fetched};

    #[test]
    fn levers_change_every_stream_and_nothing_else() {
        let text = "[prices]\nregion = \"a\"\n[[stream]]\nname = \"a\"\nsources = 1_000\nrecord = \"400 B\"\nretention = \"7 d\"\n[[stream]]\nname = \"b\"\nproduce = \"1.5 MiB/s\" # much\ncompression = 2\nretention = \"36h\"\n";
        let levers = Levers {
            traffic: 2.0,
            retention: 1.5,
            readers: 1,
            compression: 0.5,
            record: 3.0,
            discount: 12,
        };
        let pulled = pulled(text, levers).expect("it is TOML");
        for line in [
            "sources = 2000",
            "record = \"1200 B\"",
            "retention = \"10.5 d\"",
            "compression = 0.5",
            "produce = \"9 MiB/s\" # much",
            "compression = 1",
            "retention = \"54 h\"",
            "group = \"what-if-1\"",
            "discount.compute = \"12 %\"",
        ] {
            assert!(pulled.contains(line), "{line} is not in\n{pulled}");
        }
        assert_eq!(super::pulled(text, Levers::default()).as_deref(), Ok(text));
    }

    #[test]
    fn what_levers_make_of_examples_can_be_planned() {
        let levers = Levers {
            traffic: 1.7,
            retention: 2.0,
            readers: 2,
            compression: 1.5,
            record: 2.0,
            discount: 30,
        };
        for example in EXAMPLES {
            let text = pulled(example.text, levers).expect("every example has room");
            let case = Case::of(&text, &Fetched::new());
            assert!(case.is_ok(), "{}: {:?}", example.name, case.err());
        }
    }

    #[test]
    fn values_become_intervals_in_their_own_unit() {
        let made = |text| interval(text, 0.5, 2.0);
        assert_eq!(made("20 MiB/s").as_deref(), Some("10 MiB/s .. 20 MiB/s .. 40 MiB/s"));
        assert_eq!(made("30_000_001").as_deref(), Some("15_000_001 .. 30_000_001 .. 60_000_002"));
        assert_eq!(made("900").as_deref(), Some("450 .. 900 .. 1800"));
        assert_eq!(made("2.5").as_deref(), Some("1.25 .. 2.5 .. 5"));
        assert_eq!(made("auto"), None);
        assert_eq!(made("1 d .. 2 d .. 3 d"), None);
    }

    #[test]
    fn sliders_move_intervals_as_a_whole() {
        let twice = |text| times::<Hours>(text, 2.0);
        assert_eq!(twice("1 d .. 2 d .. 4 d").as_deref(), Some("2 d .. 4 d .. 8 d"));
        assert_eq!(twice("p5 1 d .. p95 4 d").as_deref(), Some("p5 2 d .. p95 8 d"));
        assert_eq!(twice("7 d").as_deref(), Some("14 d"));
        assert_eq!(twice("soon"), None);
    }
}
