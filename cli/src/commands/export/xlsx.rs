//! `--format xlsx`

use std::path::Path;

use model::Comparison;
use model::export::audit::Audit;
use model::export::workbook::{self, Asked, Case};
use model::export::xlsx;

use super::tell;
use crate::commands::Context;
use crate::commands::progress::Progress;
use crate::exit::{FAILED, FINE};
use crate::input;
use crate::output::Pending;

/// Plans the platform at other growth, and writes the workbook; tells what cannot be chosen in it.
pub(super) fn run(
    file: &Path,
    case: &input::Case,
    comparison: &Comparison,
    (platform, audit): (&str, &Audit),
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
    let facts = audit.facts().into_iter().map(|(name, value)| (name.to_owned(), value));
    let created = audit.created.clone();
    let asked = Asked { platform, audit: facts.collect(), created };
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
    Pending::of(file, &xlsx::bytes(&described)?)?.put()?;
    tell(&format!("wrote {}", file.display()), context)?;
    Ok(FINE)
}
