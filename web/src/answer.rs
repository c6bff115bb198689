//! What the engine says to a scenario's text: a comparison, or everything that is wrong with it.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;
use std::sync::LazyLock;

use model::export::json;
use model::scenario::{self, ScenarioError, Vocabulary};
use model::{Comparison, Scenario, View};
use pricing::{Catalog, CatalogError, PAGE_REGIONS, REGION_FILES};

/// The catalogue that comes with the page, and the names that a scenario may use: those of regions that are to be fetched
/// too.
static CATALOG: LazyLock<(Catalog, Vocabulary)> = LazyLock::new(|| {
    let catalog = Catalog::of_the_page();
    let mut vocabulary = catalog.vocabulary();
    for (provider, region) in REGION_FILES.iter().filter_map(|path| place(path)) {
        vocabulary.regions.entry(provider.to_owned()).or_default().insert(region.to_owned());
    }
    (catalog, vocabulary)
});

/// What became of files that were fetched, by their paths in the catalogue: their texts, or why there are none.
pub type Fetched = BTreeMap<&'static str, Result<String, String>>;

/// What the engine says.
#[derive(Debug)]
pub enum Answer {
    /// Every platform side by side.
    Compared(Rc<Comparison>),
    /// Everything that is wrong, in the order of the text.
    Wrong(Vec<Fault>),
    /// Nothing yet: the prices are in a file that is to be fetched.
    Awaits(&'static str),
}

/// The provider and the region that a file of prices is about.
pub fn place(path: &'static str) -> Option<(&'static str, &'static str)> {
    path.strip_suffix(".csv")?.split_once('/')
}

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
pub fn answer(text: &str, fetched: &Fetched) -> Answer {
    match compare(text, fetched) {
        Ok((_, comparison)) => Answer::Compared(Rc::new(comparison)),
        Err(Stop::Wrong(faults)) => Answer::Wrong(faults),
        Err(Stop::Awaits(path)) => Answer::Awaits(path),
    }
}

/// The same as the document that `highwater compare --format json` prints, for regions whose prices come with the page.
///
/// # Errors
///
/// Everything that is wrong with the scenario.
pub fn json(text: &str) -> Result<String, Vec<Fault>> {
    match compare(text, &Fetched::new()) {
        Ok((scenario, comparison)) => Ok(json::compare(&comparison, &scenario)),
        Err(Stop::Wrong(faults)) => Err(faults),
        Err(Stop::Awaits(path)) => Err(vec![unfetched(path, "nobody asked for them")]),
    }
}

/// Why there is no comparison.
enum Stop {
    Wrong(Vec<Fault>),
    Awaits(&'static str),
}

fn compare(text: &str, fetched: &Fetched) -> Result<(Scenario, Comparison), Stop> {
    let (catalog, vocabulary) = &*CATALOG;
    let scenario = scenario::parse(text, vocabulary)
        .map_err(|errors| Stop::Wrong(errors.iter().map(|error| fault(text, error)).collect()))?;
    let mut catalog = catalog.clone();
    for (_, choice) in scenario.markets() {
        let wanted = (choice.provider.as_str(), choice.region.as_str());
        let elsewhere = REGION_FILES.iter().find(|path| place(path) == Some(wanted));
        let Some(path) = elsewhere else { continue };
        catalog = match fetched.get(path) {
            None => return Err(Stop::Awaits(path)),
            Some(Ok(prices)) => catalog.with_file(*path, prices.as_str()),
            Some(Err(why)) => return Err(Stop::Wrong(vec![unfetched(path, why)])),
        };
    }
    let prices = catalog
        .prices(&scenario)
        .map_err(|errors| Stop::Wrong(errors.iter().map(catalog_fault).collect()))?;
    let comparison = model::compare(&scenario, &prices, View::Horizon);
    Ok((scenario, comparison))
}

fn unfetched(path: &'static str, why: &str) -> Fault {
    let (provider, region) = place(path).unwrap_or_default();
    let here: Vec<_> = PAGE_REGIONS.iter().filter_map(|path| place(path)).collect();
    let here: Vec<_> = here.iter().map(|(_, region)| format!("`{region}`")).collect();
    Fault {
        message: format!("the prices of `{provider}` `{region}` are not here: {why}"),
        hint: Some(format!("plan for {}, or use the command, which has them all", here.join(", "))),
        place: None,
    }
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
    fn every_example_is_compared_with_what_comes_with_the_page() {
        for example in EXAMPLES {
            let answer = answer(example.text, &Fetched::new());
            assert!(matches!(answer, Answer::Compared(_)), "{}: {answer:?}", example.name);
        }
    }

    #[test]
    fn a_fault_has_its_place() {
        let text = format!("# ä 𝒙\nschema = \"x\"\n{}", EXAMPLES[0].text.replace("schema = 1", ""));
        let faults = faults(&text, &Fetched::new());
        let place = faults[0].place.as_ref().expect("a wrong value stands somewhere");
        assert_eq!((place.line, place.column), (2, 10));
        assert_eq!(place.units, 16..19); // x beyond the first plane counts twice
    }

    #[test]
    fn prices_of_other_regions_are_awaited_then_used() {
        const PATH: &str = "aws/sa-east-1.csv";
        let text = scenario::set(EXAMPLES[0].text, "prices.region", "sa-east-1").expect("a path");
        let awaited = answer(&text, &Fetched::new());
        assert!(matches!(awaited, Answer::Awaits(PATH)), "{awaited:?}");

        let prices = include_str!("../../pricing/catalog/aws/sa-east-1.csv").to_owned();
        let compared = answer(&text, &Fetched::from([(PATH, Ok(prices))]));
        assert!(matches!(compared, Answer::Compared(_)), "{compared:?}");

        let failed = faults(&text, &Fetched::from([(PATH, Err("no such file".to_owned()))]));
        assert_eq!(failed[0].message, "the prices of `aws` `sa-east-1` are not here: no such file");
        // A server that answers with something else is no catalogue.
        let page = Fetched::from([(PATH, Ok("<!doctype html>".to_owned()))]);
        assert!(faults(&text, &page)[0].message.starts_with("aws/sa-east-1.csv:1: the columns"));
        assert!(json(&text).is_err());
    }

    #[test]
    fn prices_of_every_region_are_awaited() {
        const PATHS: [&str; 2] = ["aws/sa-east-1.csv", "aws/eu-west-3.csv"];
        let example = EXAMPLES.iter().find(|example| example.text.contains("[[region]]"));
        let text = example.expect("an example in regions").text;
        let text = text.replace("eu-central-1", "sa-east-1").replace("us-east-1", "eu-west-3");
        let mut fetched = Fetched::new();
        let files = [
            include_str!("../../pricing/catalog/aws/sa-east-1.csv"),
            include_str!("../../pricing/catalog/aws/eu-west-3.csv"),
        ];
        for (path, prices) in PATHS.into_iter().zip(files) {
            let awaited = answer(&text, &fetched);
            assert!(matches!(awaited, Answer::Awaits(one) if one == path), "{awaited:?}");
            fetched.insert(path, Ok(prices.to_owned()));
        }
        let compared = answer(&text, &fetched);
        assert!(matches!(compared, Answer::Compared(_)), "{compared:?}");
    }

    fn faults(text: &str, fetched: &Fetched) -> Vec<Fault> {
        match answer(text, fetched) {
            Answer::Wrong(faults) => faults,
            other => panic!("nothing is wrong: {other:?}"),
        }
    }
}
