//! Every number explains itself: each printed formula with its printed inputs gives the line's quantity, and by its price the
//! cost.

use model::comparison::{View, compare};
use model::explain::{Explanation, explain};
use model::plan::Plan;
use model::scenario::Scenario;

/// Shown figures and decimals of six places stand between a formula and its line.
const TOLERANCE: f64 = 1e-6;

/// A formula with values in the place of its symbols.
struct Formula<'a> {
    text: Vec<char>,
    at: usize,
    values: &'a dyn Fn(&str) -> Option<f64>,
}

impl Formula<'_> {
    fn value(text: &str, values: &dyn Fn(&str) -> Option<f64>) -> Result<f64, String> {
        let letters = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let mut formula = Formula { text: letters, at: 0, values };
        let value = formula.sum()?;
        match formula.peek() {
            None => Ok(value),
            Some(rest) => Err(format!("`{rest}` is left over in `{text}`")),
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    fn sum(&mut self) -> Result<f64, String> {
        let mut value = self.product()?;
        loop {
            if self.take('+') {
                value += self.product()?;
            } else if self.take('−') {
                value -= self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<f64, String> {
        let mut value = self.atom()?;
        loop {
            if self.take('×') {
                value *= self.atom()?;
            } else if self.take('÷') {
                value /= self.atom()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn closed(&mut self, end: char) -> Result<f64, String> {
        let value = self.sum()?;
        if self.take(end) { Ok(value) } else { Err(format!("`{end}` is missing")) }
    }

    fn atom(&mut self) -> Result<f64, String> {
        if self.take('(') {
            return self.closed(')');
        }
        if self.take('⌈') {
            // Sums of the same numbers in another order differ in their last digits.
            return Ok((self.closed('⌉')? - 1e-9).ceil());
        }
        let start = self.at;
        while self.peek().is_some_and(|letter| letter.is_alphanumeric() || letter == '.') {
            self.at += 1;
        }
        let word: String = self.text[start..self.at].iter().collect();
        let larger = match word.as_str() {
            "max" => f64::max,
            "min" => f64::min,
            _ => {
                let number = word.parse().ok().or_else(|| (self.values)(&word));
                return number.ok_or_else(|| format!("`{word}` has no value"));
            }
        };
        if !self.take('(') {
            return Err("`(` is missing".to_owned());
        }
        let mut value = self.sum()?;
        while self.take(',') {
            value = larger(value, self.sum()?);
        }
        if self.take(')') { Ok(value) } else { Err("`)` is missing".to_owned()) }
    }
}

#[test]
fn formulas_are_calculated_as_they_are_written() {
    let value = |text: &str| Formula::value(text, &|_| Some(2.0));
    assert_eq!(value("1 + a × 3 − 4 ÷ 2"), Ok(5.0));
    assert_eq!(value("max(0, 1 − a) + min(a, 7, 1) × (a + 1)"), Ok(3.0));
    assert_eq!(value("⌈a ÷ 1.5⌉ × 10"), Ok(20.0));
    assert!(value("a a)").is_err() && value("(a").is_err());
    assert!(Formula::value("b", &|_| None).is_err());
}

/// What is off with an explanation; empty where all of it holds.
fn slip(one: &Explanation) -> Option<String> {
    let near = |found: f64, expected: f64| {
        (found - expected).abs() <= TOLERANCE * expected.abs() + 2e-6 * one.terms.len() as f64
    };
    if one.missing.is_some() && one.formula.is_empty() {
        return one.terms.first().map(|_| "terms without a formula".to_owned());
    }
    if one.formula.is_empty() || one.terms.is_empty() {
        return Some("no formula".to_owned());
    }
    if one.what.len() < 20 || one.words.is_empty() || one.steps.is_empty() {
        return Some("no words".to_owned());
    }
    let symbols: Vec<&str> =
        one.inputs.iter().map(|input| input.symbol).filter(|symbol| !symbol.is_empty()).collect();
    let shown: Option<Vec<f64>> = one
        .inputs
        .iter()
        .filter(|input| !input.symbol.is_empty())
        .map(|input| input.number)
        .collect();
    if shown.as_ref() != Some(&one.terms[0].numbers) {
        return Some(format!("inputs {shown:?}, first term {:?}", one.terms[0].numbers));
    }
    let mut sum = 0.0;
    for term in &one.terms {
        if term.numbers.len() != symbols.len() {
            return Some(format!("{}: {symbols:?} but {:?}", term.of, term.numbers));
        }
        let value_of = |symbol: &str| {
            let at = symbols.iter().position(|known| *known == symbol)?;
            term.numbers.get(at).copied()
        };
        let value = match Formula::value(&one.formula, &value_of) {
            Ok(value) => value,
            Err(error) => return Some(error),
        };
        if !near(value, term.quantity) {
            return Some(format!("{}: {value} is not {}", term.of, term.quantity));
        }
        sum += value * f64::from(term.times);
    }
    if !near(sum, one.amount) {
        return Some(format!("{sum} in all is not {}", one.amount));
    }
    for step in &one.steps {
        if let Some(slip) = miscounted(step) {
            return Some(slip);
        }
    }
    let Some(price) = &one.price else { return None };
    let bought: f64 = price.charges.iter().map(|charge| charge.amount).sum();
    if !near(bought, one.amount) {
        return Some(format!("{bought} is charged instead of {}", one.amount));
    }
    let cost: f64 = price
        .charges
        .iter()
        .map(|charge| {
            let each: f64 = charge.contracted.trim_start_matches('$').parse().expect("a price");
            charge.amount * each
        })
        .sum();
    let usd = one.usd.as_f64();
    ((cost - usd).abs() > 1e-6 * usd.abs() + 1e-6).then(|| format!("{cost} is not {usd}"))
}

/// What is off with a step that shows numbers: `in GiB/h, h: 349.94 × 730 = 255,456 GiB`.
fn miscounted(step: &str) -> Option<String> {
    let numbers = step.strip_prefix("in ").or_else(|| Some(step.split_once(": in ")?.1))?;
    let (_, numbers) = numbers.split_once(": ")?;
    let (formula, result) = numbers.split_once(" = ")?;
    let shown = result.split(' ').next()?.replace(',', "").parse::<f64>().ok()?;
    match Formula::value(formula, &|_| None) {
        // Six digits of the result are shown.
        Ok(value) if (value - shown).abs() <= 1e-5 * shown.abs() + 1e-6 => None,
        Ok(value) => Some(format!("`{step}` is {value}")),
        Err(error) => Some(format!("`{step}`: {error}")),
    }
}

/// Every line of a plan's bill has one explanation, and each of them holds.
#[track_caller]
fn check(plan: &Plan, scenario: &Scenario) -> usize {
    let list = explain(plan, scenario);
    let slips: Vec<String> = list
        .iter()
        .filter_map(|one| Some(format!("{} `{}`: {}", one.id, one.formula, slip(one)?)))
        .collect();
    assert!(slips.is_empty(), "{}:\n{}", plan.design.name, slips.join("\n"));
    let total: model::money::Usd = list.iter().map(|one| one.usd).sum();
    assert_eq!(total, plan.bill.contracted_cost(), "{}", plan.design.name);
    let mut ids: Vec<&str> = list.iter().map(|one| one.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), list.len(), "{}: {ids:?}", plan.design.name);
    let missing = list.iter().filter(|one| one.missing.is_some()).count();
    assert!(missing >= plan.bill.gaps.len(), "{}: {:?}", plan.design.name, plan.bill.gaps);
    list.len()
}

/// A scenario on all presets that are sold where it is, in the views that there are.
#[track_caller]
fn check_all(text: &str, views: &[View]) -> usize {
    let scenario = crate::parse(text);
    let prices = crate::catalog().prices(&scenario).expect("the region is in the catalogue");
    let mut lines = 0;
    for view in views {
        for plan in compare(&scenario, &prices, *view).plans() {
            lines += check(plan, &scenario);
        }
    }
    lines
}

/// An example with every preset beside its own platforms.
pub fn on_every_preset(text: &str) -> String {
    let mut text = text.to_owned();
    for preset in model::presets::PRESETS {
        text.push_str(&format!(
            "\n[[platform]]\npreset = \"{}\"\nname = \"of-{}\"\n",
            preset.name, preset.name
        ));
    }
    text
}

#[test]
fn every_line_of_every_example_explains_itself() {
    let mut lines = 0;
    for path in crate::examples::examples("") {
        let text = std::fs::read_to_string(&path).expect("an example is a text file");
        lines += check_all(&text, &[View::Horizon, View::Month(0), View::Steady(0)]);
    }
    assert!(lines > 2_000, "{lines}");
}

#[test]
fn every_preset_explains_every_example() {
    let mut lines = 0;
    for path in crate::examples::examples("") {
        let text = std::fs::read_to_string(&path).expect("an example is a text file");
        lines += check_all(&on_every_preset(&text), &[View::Horizon, View::Steady(0)]);
    }
    assert!(lines > 8_000, "{lines}");
}
