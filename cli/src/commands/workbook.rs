//! `highwater export --format xlsx`

use std::path::Path;

use model::Comparison;
use model::export::workbook::{self, Asked, Case};
use model::export::xlsx;

use super::Context;
use super::progress::Progress;
use crate::exit::{FAILED, FINE};
use crate::input;
use crate::output::write_bytes;
use crate::render::text::visible;

/// Plans the platform at other growth, and writes the workbook; tells what cannot be chosen in it.
pub(crate) fn write(
    file: &Path,
    case: &input::Case,
    comparison: &Comparison,
    platform: &str,
    reproducible: bool,
    context: &mut Context,
) -> anyhow::Result<u8> {
    let mut progress = Progress::of(context.err, workbook::POINTS.len() - 1);
    let mut told = |name: &str| progress.tell(name);
    let cases = workbook::cases(
        comparison,
        &case.scenario,
        &case.prices,
        platform,
        &workbook::POINTS,
        &mut told,
    );
    progress.clear();
    let now = || jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let created = (!reproducible).then(now);
    let asked = Asked { platform, audit: audit(case, created.as_deref()), created };
    let Some(described) = workbook::workbook(comparison, &case.scenario, &cases, &asked) else {
        for rejection in comparison.outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
            if rejection.design.name == platform {
                let reasons: Vec<String> =
                    rejection.reasons.iter().map(ToString::to_string).collect();
                tell(&format!("`{platform}` cannot be planned: {}", reasons.join("; ")), context)?;
            }
        }
        return Ok(FAILED);
    };
    for case in &cases {
        if let Err(reason) = &case.plans {
            tell(
                &format!("the workbook does not offer `{}`: {reason}", Case::name(case)),
                context,
            )?;
        }
    }
    write_bytes(&[(file, &xlsx::bytes(&described)?)])?;
    tell(&format!("wrote {}", file.display()), context)?;
    Ok(FINE)
}

/// Where it comes from.
fn audit(case: &input::Case, created: Option<&str>) -> Vec<(String, String)> {
    let entry = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut entries = vec![
        entry("Engine", &format!("highwater {}", env!("CARGO_PKG_VERSION"))),
        entry("Scenario", &case.source.name),
    ];
    entries.extend(created.map(|created| entry("Made at", created)));
    entries
}

fn tell(note: &str, context: &mut Context) -> anyhow::Result<()> {
    context.tell(&(visible(note) + "\n"))
}
