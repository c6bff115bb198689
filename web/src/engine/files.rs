//! What is drawn, explained, and taken away: the bytes that the command writes.

use model::chart::Paper;
use model::export::timeline::{self, Extent, Picture};
use model::export::{bars, csv, json};

use super::Case;
use crate::protocol::{Explained, File, FileKind, Told};

/// Why each line of a platform's bill is what it is.
pub fn explained(case: &Case, platform: &str) -> Result<Vec<Explained>, Told> {
    case.plan(platform)?;
    Ok(Vec::new())
}

/// A file to take away.
pub fn file(case: &Case, kind: FileKind, platform: Option<&str>) -> Result<File, Told> {
    let (comparison, scenario) = (&case.comparison, &case.scenario);
    let extent = Extent::whole(platform, &scenario.horizon);
    let (name, media, text) = match kind {
        FileKind::Csv => ("plan.csv".to_owned(), "text/csv", csv::compare(comparison)),
        FileKind::Json => {
            ("plan.json".to_owned(), "application/json", json::compare(comparison, scenario))
        }
        FileKind::Timeline => {
            ("timeline.csv".to_owned(), "text/csv", timeline::csv(comparison, scenario, extent))
        }
        FileKind::Chart(index) => {
            let picture = Picture::ALL.get(index).copied().unwrap_or(Picture::Cost);
            let svg = timeline::svg(comparison, scenario, extent, &[picture], Paper::default());
            (format!("{}.svg", picture.name()), "image/svg+xml", svg)
        }
        FileKind::Bars => {
            ("bills.svg".to_owned(), "image/svg+xml", bars::svg(comparison, Paper::default()))
        }
        FileKind::Focus => {
            return Err(Told::Nothing("there is no such file yet".to_owned()));
        }
    };
    Ok(File { name, media: media.to_owned(), text })
}
