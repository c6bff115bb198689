//! What the engine knows about one scenario: its platforms through time, or everything that is wrong with its text.

use std::rc::Rc;
use std::sync::LazyLock;

use model::comparison;
use model::horizon::Asked;
use model::letters;
use model::map::Map;
use model::scenario::{self, Draft, NAME_MAX, PriceChoice, ScenarioError, Vocabulary};
use model::units::separated;
use model::{Comparison, Plan, Prices, Scenario, View};
use pricing::{Catalog, CatalogError, PAGE_REGIONS, REGION_FILES, Repricing};

use crate::protocol::{Fault, Place, Told};

/// Problems that are shown, as many as the command shows: a text with more has one cause, and a browser that is to draw a
/// hundred thousand does nothing else.
const FAULTS_MAX: usize = 100;

/// Most characters of what is told about a problem: the longest name there may be fits three times.
const WORDS_MAX: usize = 3 * NAME_MAX;

/// The catalogue that comes with the page, and the names that a scenario may use: those of regions that are to be fetched
/// too.
static CATALOG: LazyLock<(Catalog, Vocabulary)> = LazyLock::new(|| {
    let catalog = Catalog::of_the_page();
    let mut vocabulary = catalog.vocabulary();
    for (provider, region) in REGION_FILES.iter().filter_map(|path| place(path)) {
        vocabulary.regions.or_default(provider.to_owned()).insert(region.to_owned());
    }
    (catalog, vocabulary)
});

/// What became of files that were fetched, by their paths in the catalogue: their texts, or why there are none.
pub type Fetched = Map<String, Result<String, String>>;

/// A scenario that was run.
#[derive(Debug)]
pub struct Case {
    /// Its text.
    pub text: String,
    /// What it says.
    pub scenario: Scenario,
    /// What things cost there.
    pub prices: Prices,
    /// Every platform side by side, with all that happened.
    pub comparison: Comparison,
    /// Where prices are looked up, with what was fetched.
    catalog: Catalog,
}

impl Case {
    /// Runs every platform of a scenario through its horizon.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, or the file of prices that has to be fetched first.
    pub fn of(text: &str, fetched: &Fetched) -> Result<Self, Told> {
        let (catalog, vocabulary) = &*CATALOG;
        let scenario =
            scenario::parse(text, vocabulary).map_err(|errors| Told::Wrong(told(text, &errors)))?;
        let mut catalog = catalog.clone();
        let commits = scenario.finance.purchases.iter().any(|one| one.quote.is_none());
        for (_, choice) in scenario.markets() {
            let wanted = (choice.provider.as_str(), choice.region.as_str());
            let elsewhere = REGION_FILES.iter().any(|path| place(path) == Some(wanted));
            let path = whole(choice);
            // What the page comes with is without prices of commitments.
            catalog = match fetched.get(&path) {
                Some(Ok(prices)) => catalog.with_file(path, prices.as_str()),
                _ if !(commits || elsewhere) => continue,
                None => return Err(Told::Awaits(path)),
                Some(Err(why)) => return Err(Told::Wrong(vec![unfetched(&path, why)])),
            };
        }
        let prices = catalog
            .prices(&scenario)
            .map_err(|errors| Told::Wrong(errors.iter().map(catalog_fault).collect()))?;
        let asked = Asked { samples: true };
        let comparison = comparison::run(&scenario, &prices, View::Horizon, asked, &mut |_| ());
        Ok(Self { text: text.to_owned(), scenario, prices, comparison, catalog })
    }

    /// The first file with all prices of a region, those of commitments too, that has not been asked for yet.
    pub fn unasked(&self, fetched: &Fetched) -> Option<String> {
        let paths = self.scenario.markets().into_iter().map(|(_, choice)| whole(choice));
        paths.into_iter().find(|path| !fetched.contains_key(path))
    }

    /// The same with values that can be changed.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with its text.
    pub fn draft(&self) -> Result<Draft, Told> {
        Draft::read(&self.text, &CATALOG.1).map_err(|errors| Told::Wrong(told(&self.text, &errors)))
    }

    /// Looks up prices of scenarios that differ little from it.
    pub fn repricing(&self) -> Repricing<'_> {
        Repricing::new(&self.catalog)
    }

    /// The plan of one platform.
    ///
    /// # Errors
    ///
    /// When it has none.
    pub fn plan(&self, platform: &str) -> Result<&Plan, Told> {
        let mut plans = self.comparison.plans();
        plans
            .find(|plan| plan.design.name == platform)
            .ok_or_else(|| Told::Nothing(format!("`{platform}` cannot be planned")))
    }
}

/// How many scenarios are remembered: the one that is shown, and one that it is held against.
const REMEMBERED: usize = 2;

/// Scenarios that were asked about last, and files that were fetched for them.
#[derive(Default)]
pub struct Cases {
    fetched: Fetched,
    cases: Vec<Rc<Case>>,
}

impl Cases {
    /// What there is to know about a scenario, worked out once.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, or the file of prices that has to be fetched first.
    pub fn case(&mut self, text: &str) -> Result<Rc<Case>, Told> {
        if let Some(index) = self.cases.iter().position(|case| case.text == text) {
            let case = self.cases.remove(index);
            self.cases.push(case.clone());
            return Ok(case);
        }
        let case = match Case::of(text, &self.fetched) {
            Ok(case) => Rc::new(case),
            Err(told) => {
                // What did not come once may come next time: it has been told, and is asked for again.
                self.fetched.retain(|_, file| file.is_ok());
                return Err(told);
            }
        };
        if self.cases.len() >= REMEMBERED {
            self.cases.remove(0);
        }
        self.cases.push(case.clone());
        Ok(case)
    }

    /// Takes a file of the catalogue, or why there is none: what was planned without it is planned anew.
    pub fn take(&mut self, path: String, file: Result<String, String>) {
        self.fetched.insert(path, file);
        self.cases.clear();
    }

    /// The first file with all prices of a scenario's regions that has not been asked for yet.
    pub fn unasked(&self, case: &Case) -> Option<String> {
        case.unasked(&self.fetched)
    }
}

/// What is wrong with a scenario's text, as far as that can be said without prices.
pub fn faults(text: &str) -> Vec<Fault> {
    let (_, vocabulary) = &*CATALOG;
    match scenario::parse(text, vocabulary) {
        Ok(_) => Vec::new(),
        Err(errors) => told(text, &errors),
    }
}

/// The file of the catalogue with all prices of a region.
fn whole(choice: &PriceChoice) -> String {
    format!("{}/{}.csv", choice.provider, choice.region)
}

/// The provider and the region that a file of prices is about.
pub fn place(path: &str) -> Option<(&str, &str)> {
    path.strip_suffix(".csv")?.split_once('/')
}

fn unfetched(path: &str, why: &str) -> Fault {
    let (provider, region) = place(path).unwrap_or_default();
    let here: Vec<_> = PAGE_REGIONS.iter().filter_map(|path| place(path)).collect();
    let here: Vec<_> = here.iter().map(|(_, region)| format!("`{region}`")).collect();
    Fault {
        message: format!("the prices of `{provider}` `{region}` are not here: {why}"),
        hint: Some(format!("plan for {}, or use the command, which has them all", here.join(", "))),
        place: None,
    }
}

/// Problems as the page shows them, the first of very many.
fn told(text: &str, errors: &[ScenarioError]) -> Vec<Fault> {
    let mut told: Vec<Fault> =
        errors.iter().take(FAULTS_MAX).map(|error| fault(text, error)).collect();
    if errors.len() > FAULTS_MAX {
        let more = separated(&(errors.len() - FAULTS_MAX).to_string());
        told.push(Fault { message: format!("and {more} more"), hint: None, place: None });
    }
    told
}

/// Words that may hold somebody else's: without marks that turn the direction of writing, and no longer than can be read.
fn shown(words: &str) -> String {
    letters::shown(words).chars().take(WORDS_MAX).collect()
}

fn fault(text: &str, error: &ScenarioError) -> Fault {
    let (line, column) = scenario::line_column(text, error.span.start);
    let units = (utf16(text, error.span.start), utf16(text, error.span.end));
    let bytes = (error.span.start, error.span.end);
    Fault {
        message: shown(&error.problem.to_string()),
        hint: error.problem.hint().map(|hint| shown(&hint)),
        place: Some(Place { line, column, bytes, units }),
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
    use crate::examples::EXAMPLES;

    #[test]
    fn every_example_is_compared_with_what_comes_with_the_page() {
        for example in EXAMPLES {
            let case = Case::of(example.text, &Fetched::new());
            assert!(case.is_ok(), "{}: {case:?}", example.name);
        }
    }

    #[test]
    fn a_fault_has_its_place() {
        let text = format!("# ä 𝒙\nschema = \"x\"\n{}", EXAMPLES[0].text.replace("schema = 1", ""));
        let faults = faults(&text);
        let place = faults[0].place.as_ref().expect("a wrong value stands somewhere");
        assert_eq!((place.line, place.column), (2, 10));
        assert_eq!(place.units, (16, 19)); // x beyond the first plane counts twice
    }

    #[test]
    fn of_very_many_faults_the_first_are_shown() {
        let faults = faults(&"title = \"x\"\n".repeat(5_000));
        assert_eq!(faults.len(), FAULTS_MAX + 1);
        assert_eq!(faults[FAULTS_MAX].to_string(), "and 4,899 more");
    }

    #[test]
    fn prices_of_other_regions_are_awaited_then_used() {
        const PATH: &str = "aws/sa-east-1.csv";
        let text = scenario::set(EXAMPLES[0].text, "prices.region", "sa-east-1").expect("a path");
        let awaited = Case::of(&text, &Fetched::new()).err();
        assert!(matches!(&awaited, Some(Told::Awaits(path)) if path == PATH), "{awaited:?}");

        let prices = include_str!("../../../pricing/catalog/aws/sa-east-1.csv").to_owned();
        assert!(Case::of(&text, &Fetched::from([(PATH.to_owned(), Ok(prices))])).is_ok());

        let failed =
            wrong(&text, &Fetched::from([(PATH.to_owned(), Err("no such file".to_owned()))]));
        assert_eq!(failed[0].message, "the prices of `aws` `sa-east-1` are not here: no such file");
        // A server that answers with something else is no catalogue.
        let page = Fetched::from([(PATH.to_owned(), Ok("<!doctype html>".to_owned()))]);
        assert!(wrong(&text, &page)[0].message.starts_with("aws/sa-east-1.csv:1: the columns"));
    }

    #[test]
    fn prices_of_commitments_are_asked_for_once_and_not_needed() {
        let text = EXAMPLES[0].text;
        let case = Case::of(text, &Fetched::new()).expect("it is compared");
        let path = case.unasked(&Fetched::new()).expect("a file");
        let failed = Fetched::from([(path, Err("no network".to_owned()))]);
        assert_eq!(case.unasked(&failed), None);
        assert!(Case::of(text, &failed).is_ok());
    }

    #[test]
    fn prices_of_every_region_are_awaited() {
        const PATHS: [&str; 2] = ["aws/sa-east-1.csv", "aws/eu-west-3.csv"];
        let example = EXAMPLES.iter().find(|example| example.text.contains("[[region]]"));
        let text = example.expect("an example in regions").text;
        let text = text.replace("eu-central-1", "sa-east-1").replace("us-east-1", "eu-west-3");
        let mut fetched = Fetched::new();
        let files = [
            include_str!("../../../pricing/catalog/aws/sa-east-1.csv"),
            include_str!("../../../pricing/catalog/aws/eu-west-3.csv"),
        ];
        for (path, prices) in PATHS.into_iter().zip(files) {
            let awaited = Case::of(&text, &fetched).err();
            assert!(matches!(&awaited, Some(Told::Awaits(one)) if one == path), "{awaited:?}");
            fetched.insert(path.to_owned(), Ok(prices.to_owned()));
        }
        assert!(Case::of(&text, &fetched).is_ok());
    }

    fn wrong(text: &str, fetched: &Fetched) -> Vec<Fault> {
        match Case::of(text, fetched) {
            Err(Told::Wrong(faults)) => faults,
            other => panic!("nothing is wrong: {other:?}"),
        }
    }
}
