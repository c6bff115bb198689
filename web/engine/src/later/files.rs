//! What is taken away: the bytes that the command writes.

use model::Scenario;
use model::calendar::Date;
use model::comparison;
use model::export::audit::{self, Audit, Origin};
use model::export::csv::{Entry, MANIFEST, Profile, Table, Tables, manifest};
use model::export::focus::{self, Version};
use model::export::report::{self, Report};
use model::export::timeline::{self, Extent};
use model::export::{json, workbook, xlsx};
use model::finance::{Ask, accounts, changes};
use model::horizon::{Asked, View};
use model::scorecard::{Scorecard, scorecard};
use model::staleness::stale;

use crate::case::{Case, Fetched};
use crate::protocol::{Fault, File, FileKind, Told};

/// What a workbook is, to a browser.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What a file is made from: the page says neither a moment nor a command, so that the same scenario gives the same bytes on
/// the same day.
fn audit(case: &Case, platform: Option<&str>, today: Option<Date>) -> Audit {
    let origin = Origin {
        scenario_sha256: audit::of_scenario(&case.text),
        catalog_sha256: pricing::CATALOG_SHA256.to_owned(),
        today,
        ..Origin::default()
    };
    Audit::new(&case.comparison, &case.scenario, platform, &origin)
}

fn focus<'a>(
    case: &'a Case,
    platform: Option<&'a str>,
    version: usize,
    audit: &'a Audit,
) -> focus::File<'a> {
    let (comparison, scenario) = (&case.comparison, &case.scenario);
    let version = Version::ALL.get(version).copied().unwrap_or_default();
    focus::File { comparison, scenario, version, platform, audit }
}

/// Tables of all platforms, for spreadsheets of the writer's place or of every place.
fn tables(case: &Case, local: bool) -> Tables<'_> {
    let profile = if local { Profile::LOCAL } else { Profile::default() };
    Tables { comparison: &case.comparison, scenario: &case.scenario, platform: None, profile }
}

/// A table, and its rows.
fn table(table: Table, tables: &Tables<'_>, with: (&str, &Audit)) -> (String, u64) {
    let mut text = String::new();
    // Memory refuses nothing.
    let rows = table.write(tables, with, &mut text).unwrap_or_default();
    (text, rows)
}

/// The list of all tables.
fn listed(case: &Case, local: bool, today: Option<Date>) -> String {
    let (audit, tables) = (audit(case, None, today), tables(case, local));
    let entries = Table::ALL.map(|one| {
        let (text, rows) = table(one, &tables, (&case.text, &audit));
        let (bytes, sha256) = (text.len() as u64, audit::sha256(text.as_bytes()));
        Entry { table: one, rows, bytes, sha256 }
    });
    manifest(&case.comparison.title, &entries, &audit)
}

/// The document that `highwater compare --format json` prints, for regions whose prices come with the page.
///
/// # Errors
///
/// Everything that is wrong with the scenario, a line each.
pub fn json(text: &str) -> Result<String, String> {
    match Case::of(text, &Fetched::new()) {
        Ok(case) => Ok(json::compare(&case.comparison, &case.scenario)),
        Err(Told::Wrong(faults)) => {
            Err(faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n"))
        }
        Err(Told::Awaits(path)) => {
            Err(format!("the prices in `{path}` did not come with the page"))
        }
        Err(_) => Err("there is nothing to compare".to_owned()),
    }
}

/// A file to take away, which says what is old on a day.
pub fn file(
    case: &Case,
    kind: FileKind,
    platform: Option<&str>,
    today: Option<Date>,
) -> Result<File, Told> {
    let (comparison, scenario) = (&case.comparison, &case.scenario);
    let extent = Extent::whole(platform, &scenario.horizon);
    let (name, media, text) = match kind {
        FileKind::Workbook => return book(case, platform, today),
        FileKind::Table(index, local) => {
            let asked = Table::ALL.get(index).copied().unwrap_or(Table::Charges);
            let with = (&*case.text, &audit(case, None, today));
            (asked.file().to_owned(), "text/csv", table(asked, &tables(case, local), with).0)
        }
        FileKind::Manifest(local) => {
            (MANIFEST.to_owned(), "application/json", listed(case, local, today))
        }
        FileKind::Json => {
            let document = json::compare(comparison, scenario);
            let document = match today {
                Some(today) => json::with_stale(document, &stale(comparison, today)),
                None => document,
            };
            ("plan.json".to_owned(), "application/json", document)
        }
        FileKind::Timeline => {
            ("timeline.csv".to_owned(), "text/csv", timeline::csv(comparison, scenario, extent))
        }
        FileKind::Focus(version) => {
            let audit = audit(case, platform, today);
            let text = focus(case, platform, version, &audit).csv().map_err(|refusals| {
                let all = refusals.iter().map(|one| format!("{one}; {}", one.hint()));
                Told::Nothing(all.collect::<Vec<_>>().join(". "))
            })?;
            ("focus.csv".to_owned(), "text/csv", text)
        }
        FileKind::Report => {
            let cards: Vec<Scorecard> =
                comparison.plans().map(|plan| scorecard(plan, scenario, &case.prices)).collect();
            let ask = Ask::default();
            let accounts = accounts(comparison, scenario, ask, &[], &mut |_| Vec::new());
            let text = report::html(&Report {
                comparison,
                scenario,
                text: &case.text,
                platform: None,
                cards: &cards,
                accounts: &accounts,
                audit: &audit(case, None, today),
            });
            ("report.html".to_owned(), "text/html", text)
        }
        FileKind::Finance => ("finance.csv".to_owned(), "text/csv", finance_csv(case, platform)),
        FileKind::FocusMetadata(version) => {
            let text = focus(case, platform, version, &audit(case, platform, today)).metadata();
            ("focus.metadata.json".to_owned(), "application/json", text)
        }
    };
    Ok(File { name, media: media.to_owned(), bytes: text.into_bytes() })
}

/// Money through time, with what one per cent more of each would cost.
fn finance_csv(case: &Case, platform: Option<&str>) -> String {
    let (comparison, scenario) = (&case.comparison, &case.scenario);
    let more = changes(scenario);
    let mut again = |scaled: &Scenario| {
        comparison::outcomes(scaled, &case.prices, View::Horizon, Asked::default(), &mut |_| ())
    };
    let ask = Ask { platform, ..Ask::default() };
    let found = accounts(comparison, scenario, ask, &more, &mut again);
    model::export::finance::csv(comparison, scenario, &found, platform)
}

/// A workbook of one platform.
fn book(case: &Case, platform: Option<&str>, today: Option<Date>) -> Result<File, Told> {
    let nothing = || Told::Nothing("no platform is chosen".to_owned());
    let platform = platform.ok_or_else(nothing)?;
    let (comparison, scenario) = (&case.comparison, &case.scenario);
    let cases = workbook::cases(
        comparison,
        scenario,
        &case.prices,
        platform,
        &workbook::POINTS,
        &mut |_| (),
    );
    let facts = audit(case, Some(platform), today)
        .facts()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value));
    let asked = workbook::Asked { platform, audit: facts.collect(), created: None };
    let nothing = || Told::Nothing(format!("`{platform}` cannot be planned"));
    let book = workbook::workbook(comparison, scenario, &cases, &asked).ok_or_else(nothing)?;
    let bytes = xlsx::bytes(&book).map_err(|error| Told::Nothing(error.to_string()))?;
    Ok(File { name: "plan.xlsx".to_owned(), media: WORKBOOK.to_owned(), bytes })
}
