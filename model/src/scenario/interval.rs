//! Quantities that a scenario gives as intervals: `"20 MiB/s .. 40 MiB/s .. 90 MiB/s"`.

use toml::de::DeValue;

use super::fields::{self, Field, Form, Section};
use super::form::{self, Checked, Value};
use super::problem::{IntervalFault, Problem};
use super::scale::{self, Scale};
use super::set::name_keys;
use crate::float;
use crate::quantiles::Quantiles;

/// What stands between the values of an interval.
const BETWEEN: &str = "..";

/// Quantiles that three values are, where none is said.
const USUAL: [f64; 3] = [0.1, 0.5, 0.9];

/// An interval as written.
#[derive(Clone, Debug)]
pub(super) struct Interval {
    scale: Scale,
    quantiles: Vec<(f64, f64)>,
}

/// A quantity that a scenario gives as an interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertain {
    /// As [`set`](super::set()) takes it: `stream.interval-reads.produce`.
    pub path: String,
    /// What its numbers are measured in.
    pub scale: Scale,
    /// How it spreads.
    pub quantiles: Quantiles,
}

/// Reads a value as an interval: its middle, and all that is said of it; `None` where it is none.
pub(super) fn read(
    field: &Field,
    value: &DeValue<'_>,
) -> Option<Result<(Value, Interval), Problem>> {
    let text = value.as_str().filter(|text| text.contains(BETWEEN))?;
    // A name may have dots.
    is_measured(field).then(|| interval(field, text))
}

/// Whether a key's values are numbers.
fn is_measured(field: &Field) -> bool {
    Scale::of(field, None).is_some() || matches!(field.form, Form::Price)
}

/// Whether a key may be an interval.
pub(super) fn is_allowed(field: &Field) -> bool {
    is_measured(field) && !is_certain(field)
}

fn interval(field: &Field, text: &str) -> Result<(Value, Interval), Problem> {
    let fault = |fault| Problem::Interval {
        key: field.key.to_owned(),
        found: text.to_owned(),
        fault,
        example: field.example.trim_matches('"').to_owned(),
    };
    if is_certain(field) {
        return Err(fault(IntervalFault::MustBeCertain));
    }
    let parts: Vec<(Option<f64>, &str)> = text.split(BETWEEN).map(level).collect();
    let stated = parts.iter().filter(|(level, _)| level.is_some()).count();
    let levels: Vec<f64> = match (stated, parts.len()) {
        (0, 3) => USUAL.to_vec(),
        (0, count) => return Err(fault(IntervalFault::Count(count))),
        (stated, count) if stated == count => parts.iter().filter_map(|part| part.0).collect(),
        _ => return Err(fault(IntervalFault::SomeLevels)),
    };
    if levels.len() < 2 {
        return Err(fault(IntervalFault::Count(levels.len())));
    }
    if !levels.iter().all(|level| *level > 0.0 && *level < 1.0) {
        return Err(fault(IntervalFault::LevelOutside));
    }
    let mut values = Vec::with_capacity(parts.len());
    for (_, text) in &parts {
        values.push(form::read(field, text)?);
    }
    let scale =
        Scale::of(field, values.first()).ok_or_else(|| fault(IntervalFault::MustBeCertain))?;
    let same = values.iter().all(|value| Scale::of(field, Some(value)).as_ref() == Some(&scale));
    if !same {
        return Err(fault(IntervalFault::Mixed));
    }
    let numbers: Vec<f64> = values.iter().filter_map(|value| scale::number(field, value)).collect();
    let rises = |list: &[f64]| list.windows(2).all(|pair| pair[0] <= pair[1]);
    if !levels.windows(2).all(|pair| pair[0] < pair[1]) || !rises(&numbers) {
        return Err(fault(IntervalFault::Falls));
    }
    let quantiles: Vec<(f64, f64)> = levels.into_iter().zip(numbers).collect();
    let interval = Interval { scale, quantiles };
    let spread = interval.spread(field);
    let exactly = quantile_of(&interval.quantiles, 0.5).map(|index| values.swap_remove(index));
    let middle = match exactly {
        Some(value) => value,
        None => form::read(field, &interval.scale.write(spread.at(0.5)))?,
    };
    Ok((middle, interval))
}

/// Which of the stated quantiles is this one.
fn quantile_of(quantiles: &[(f64, f64)], level: f64) -> Option<usize> {
    quantiles.iter().position(|(stated, _)| *stated == level)
}

impl Interval {
    fn spread(&self, field: &Field) -> Quantiles {
        let (least, most) = scale::bounds(field);
        Quantiles::new(&self.quantiles, least, most)
    }
}

/// What says which quantile a value is: `p5 20 MiB/s`.
fn level(part: &str) -> (Option<f64>, &str) {
    let part = part.trim();
    let stated = part.strip_prefix(['p', 'P']).and_then(|rest| {
        let (level, value) = rest.split_once(char::is_whitespace)?;
        // `5 ÷ 100` is the same float as 0.05 is.
        Some((float::parse(level)? / 100.0, value.trim()))
    });
    match stated {
        Some((level, value)) => (Some(level), value),
        None => (None, part),
    }
}

/// Keys whose values say what is asked or planned, not what may come.
fn is_certain(field: &Field) -> bool {
    matches!(
        field.section,
        Section::Scenario
            | Section::Horizon
            | Section::Slo
            | Section::Scorecard
            | Section::Mark
            | Section::Published
            | Section::Slip
            | Section::Figure
            | Section::Uncertainty
            | Section::Correlation
            | Section::Finance
            | Section::Commitment
            | Section::Credit
    ) || (field.section, field.key) == (Section::Steps, "month")
}

/// Every interval of a scenario, in the order of its text.
pub(super) fn uncertain(root: &Checked) -> Vec<Uncertain> {
    let mut list = Vec::new();
    collect(Section::Scenario, root, "", &mut list);
    crate::order::sort_by_key(&mut list, |(start, _): &(usize, Uncertain)| *start);
    list.into_iter().map(|(_, one)| one).collect()
}

fn collect(section: Section, table: &Checked, path: &str, list: &mut Vec<(usize, Uncertain)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    for key in table.keys() {
        let Some(field) = fields::find(section, key) else { continue };
        match field.form {
            Form::Table(inner) => {
                if let Some(inner_table) = table.table(key) {
                    collect(inner, inner_table, &below(key), list);
                }
            }
            Form::Tables(inner, _) => {
                for one in table.tables(key) {
                    let name = name_of(inner, one);
                    collect(inner, one, &format!("{}.{}", below(key), quoted(&name)), list);
                }
            }
            _ => {
                if let Some(interval) = table.interval(key) {
                    let (path, scale) = (below(key), interval.scale.clone());
                    let quantiles = interval.spread(&field);
                    list.push((table.span_of(key).start, Uncertain { path, scale, quantiles }));
                }
            }
        }
    }
}

/// What a section that repeats answers to.
pub(super) fn name_of(section: Section, table: &Checked) -> String {
    let name = |key: &&str| match table.value(key)? {
        Value::Text(text) => Some(text.clone()),
        Value::Count(count) => Some(count.to_string()),
        _ => None,
    };
    name_keys(section).iter().find_map(name).unwrap_or_default()
}

/// A name as a part of a path.
fn quoted(name: &str) -> String {
    if name.contains('.') || name.is_empty() { format!("\"{name}\"") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use crate::draws::Correlation;
    use crate::scenario::{Vocabulary, parse};

    const HEAD: &str = "schema = 1\ntitle = \"t\"\n[prices]\nprovider = \"aws\"\nregion = \"r\"\n[prices.discount]\ncompute = \"5 % .. 10 % .. 30 %\"\n";
    const STREAM: &str =
        "[[stream]]\nname = \"a.b\"\nretention = \"1 d\"\ncompression = \"2 .. 2.5 .. 4\"\n";
    const REST: &str =
        "[[platform]]\npreset = \"kafka-gp3\"\ndisk_utilization = \"50 % .. 60 % .. 70 %\"\n";

    fn vocabulary() -> Vocabulary {
        let regions = [("aws".to_owned(), ["r".to_owned()].into())].into();
        Vocabulary { regions, ..Vocabulary::default() }
    }

    #[test]
    fn a_plan_holds_the_middle_and_the_scenario_all_of_it() {
        let produce = "produce = \"20 MiB/s .. 40 MiB/s .. 90 MiB/s\"\n";
        let text = format!("{HEAD}{STREAM}{produce}{REST}");
        let scenario = parse(&text, &vocabulary()).expect("a scenario with intervals");
        let stream = &scenario.workload.streams[0];
        assert_eq!(stream.produce(), crate::units::ByteRate::from_mib_per_sec(16.0));
        let shown: Vec<String> = scenario
            .uncertainty
            .inputs
            .iter()
            .map(|input| {
                let values = input.quantiles.stated().iter();
                let values: Vec<_> = values
                    .map(|(level, value)| format!("{level} {}", input.scale.show(*value)))
                    .collect();
                format!("{}: {}", input.path, values.join(", "))
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        prices.discount.compute: 0.1 5 %, 0.5 10 %, 0.9 30 %
        stream."a.b".compression: 0.1 2, 0.5 2.5, 0.9 4
        stream."a.b".produce: 0.1 20 MiB/s, 0.5 40 MiB/s, 0.9 90 MiB/s
        platform.kafka-gp3.disk_utilization: 0.1 50 %, 0.5 60 %, 0.9 70 %
        "#);
    }

    #[test]
    fn quantiles_can_be_stated_and_the_middle_is_made_of_them() {
        let produce = "produce = \"p5 10 MiB/s .. p95 1000 MiB/s\"\n";
        let scenario = parse(&format!("{HEAD}{STREAM}{produce}{REST}"), &vocabulary());
        let stream = &scenario.expect("a scenario with an interval").workload.streams[0];
        // The middle of a log-normal distribution is the geometric mean; the upper end of rates bends it a little.
        let middle = stream.produce().as_mib_per_sec() * 2.5;
        assert!((middle - 100.0).abs() < 0.1, "{middle}");
    }

    #[test]
    fn what_is_no_interval_is_refused() {
        let cases = [
            ("20 MiB/s .. 90 MiB/s", "it has 2 values, and none says which quantile it is"),
            (
                "p10 20 MiB/s .. 40 MiB/s .. p90 90 MiB/s",
                "some values say which quantile they are, and others do not",
            ),
            ("p0 20 MiB/s .. p90 90 MiB/s", "quantiles lie above `p0` and below `p100`"),
            ("90 MiB/s .. 40 MiB/s .. 20 MiB/s", "it does not rise from value to value"),
            ("p90 20 MiB/s .. p10 40 MiB/s", "it does not rise from value to value"),
            ("20 .. 40 .. 90 MiB/s", "has no unit"),
            ("20 MiB/s .. 40 MiB .. 90 MiB/s", "`MiB` is not a unit of"),
        ];
        for (produce, expected) in cases {
            let text = format!("{HEAD}{STREAM}produce = \"{produce}\"\n{REST}");
            let errors = parse(&text, &vocabulary()).expect_err("no interval");
            let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert!(said.len() == 1 && said[0].contains(expected), "{produce}: {said:?}");
        }
        let text = format!(
            "{HEAD}[slo]\nfreshness = \"1 s .. 2 s .. 3 s\"\n{STREAM}produce = \"1 MiB/s\"\n{REST}"
        );
        let errors = parse(&text, &vocabulary()).expect_err("no interval");
        assert!(
            errors[0].to_string().ends_with("this is asked or planned, so it is certain"),
            "{errors:?}"
        );
    }

    #[test]
    fn correlations_name_intervals_and_can_hold_together() {
        let of = |section: &str| {
            let produce = "produce = \"20 MiB/s .. 40 MiB/s .. 90 MiB/s\"\n";
            parse(&format!("{HEAD}{STREAM}{produce}{REST}[uncertainty]\n{section}"), &vocabulary())
        };
        let pair = "[[uncertainty.correlation]]\nname = \"c1\"\nbetween = ['stream.\"a.b\".produce', 'stream.\"a.b\".compression']\n";
        let scenario =
            of(&format!("draws = 64\nseed = \"x\"\n{pair}rank = -0.5\n")).expect("a correlation");
        let uncertainty = &scenario.uncertainty;
        assert_eq!((uncertainty.draws, uncertainty.seed.as_str()), (64, "x"));
        assert_eq!(uncertainty.correlations, [Correlation { one: 2, other: 1, rank: -0.5 }]);
        let said = |section: &str| {
            let errors = of(section).expect_err("no correlation");
            errors
                .iter()
                .map(|error| format!("{error} ({})", error.hint().unwrap_or_default()))
                .collect::<Vec<_>>()
                .join("\n")
        };
        insta::assert_snapshot!(said("[[uncertainty.correlation]]\nname = \"c2\"\nbetween = [\"prices.discount.computer\", 'stream.\"a.b\".produce']\nrank = 1\n"), @"`prices.discount.computer` is no interval of the scenario (did you mean `prices.discount.compute`?)");
        insta::assert_snapshot!(said("[[uncertainty.correlation]]\nname = \"c3\"\nbetween = [\"prices.discount.compute\"]\nrank = 1\n"), @"a correlation is between two different intervals (name two different paths in `between`)");
        let third = "[[uncertainty.correlation]]\nname = \"c4\"\nbetween = ['stream.\"a.b\".produce', \"prices.discount.compute\"]\nrank = 1\n[[uncertainty.correlation]]\nname = \"c5\"\nbetween = ['stream.\"a.b\".compression', \"prices.discount.compute\"]\nrank = 1\n";
        insta::assert_snapshot!(said(&format!("{pair}rank = -1\n{third}")), @"these correlations cannot hold together (bring `rank` nearer to 0: what goes with both of two goes together itself)");
    }
}
