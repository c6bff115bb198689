//! What the engine says to a scenario's text: a comparison, or everything that is wrong with it.

use std::fmt;
use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use model::export::json;
use model::scenario::{self, ScenarioError, Vocabulary};
use model::{Comparison, Scenario, View};
use pricing::{Catalog, CatalogError};

/// The catalogue that comes with the page, and the names in it.
static CATALOG: LazyLock<(Catalog, Vocabulary)> = LazyLock::new(|| {
    let catalog = Catalog::embedded();
    let vocabulary = catalog.vocabulary();
    (catalog, vocabulary)
});

/// Every platform side by side, or everything that is wrong, in the order of the text.
pub type Answer = Result<Rc<Comparison>, Vec<Fault>>;

/// Something wrong with a scenario, in the words of the command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// What to do about it, where that is clear.
    pub hint: Option<String>,
    /// Where, unless it is about the whole.
    pub place: Option<Place>,
}

/// A place in a scenario's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// From one.
    pub line: usize,
    /// From one, in characters.
    pub column: usize,
    /// The UTF-16 code units that caused it, as browsers count.
    pub units: Range<u32>,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(out, "{place}: {}", self.message),
            None => out.write_str(&self.message),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {}", self.line, self.column)
    }
}

/// Compares the platforms of a scenario through its horizon.
pub fn answer(text: &str) -> Answer {
    compare(text).map(|(_, comparison)| Rc::new(comparison))
}

/// The same as the document that `highwater compare --format json` prints.
///
/// # Errors
///
/// Everything that is wrong with the scenario.
pub fn json(text: &str) -> Result<String, Vec<Fault>> {
    compare(text).map(|(scenario, comparison)| json::compare(&comparison, &scenario))
}

fn compare(text: &str) -> Result<(Scenario, Comparison), Vec<Fault>> {
    let (catalog, vocabulary) = &*CATALOG;
    let scenario = scenario::parse(text, vocabulary)
        .map_err(|errors| errors.iter().map(|error| fault(text, error)).collect::<Vec<_>>())?;
    let prices = catalog
        .prices(&scenario)
        .map_err(|errors| errors.iter().map(catalog_fault).collect::<Vec<_>>())?;
    let comparison = model::compare(&scenario, &prices, View::Horizon);
    Ok((scenario, comparison))
}

fn fault(text: &str, error: &ScenarioError) -> Fault {
    let (line, column) = scenario::line_column(text, error.span.start);
    let units = utf16(text, error.span.start)..utf16(text, error.span.end);
    Fault {
        message: error.problem.to_string(),
        hint: error.problem.hint(),
        place: Some(Place { line, column, units }),
    }
}

fn catalog_fault(error: &CatalogError) -> Fault {
    Fault { message: error.to_string(), hint: Some(error.hint()), place: None }
}

/// The number of UTF-16 code units before a byte.
fn utf16(text: &str, byte: usize) -> u32 {
    let units = text[..text.floor_char_boundary(byte)].encode_utf16().count();
    u32::try_from(units).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::EXAMPLES;

    #[test]
    fn every_example_is_compared() {
        for example in EXAMPLES {
            let answer = answer(example.text);
            assert!(answer.is_ok(), "{}: {:?}", example.name, answer.err());
        }
    }

    #[test]
    fn a_fault_has_its_place() {
        let text = format!("# ä 𝒙\nschema = \"x\"\n{}", EXAMPLES[0].text.replace("schema = 1", ""));
        let faults = answer(&text).expect_err("the schema is no number");
        let place = faults[0].place.as_ref().expect("a wrong value stands somewhere");
        assert_eq!((place.line, place.column), (2, 10));
        assert_eq!(place.units, 16..19); // x beyond the first plane counts twice
    }
}
