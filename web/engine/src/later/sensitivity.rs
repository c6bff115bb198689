//! Which defaults would make another platform the cheapest.

use model::View;
use model::export::sensitivity as export;
use model::sensitivity::Sensitivity;

use crate::case::Case;
use crate::protocol::Told;

/// Every default of a scenario, tried by itself in a steady month: whole horizons would take minutes on a page.
///
/// # Errors
///
/// When there are no two platforms to compare.
pub fn told(case: &Case) -> Result<Told, Told> {
    let all: Vec<usize> = (0..case.scenario.platforms.len()).collect();
    if all.len() < 2 {
        return Err(Told::Nothing("one platform by itself has no verdict: add another".to_owned()));
    }
    let view = View::Steady(0);
    let sensitivity =
        Sensitivity::new(case.draft()?, &case.prices, view, all).map_err(|found| {
            Told::Nothing(found.first().map_or_else(String::new, ToString::to_string))
        })?;
    let trials = (0..sensitivity.count()).filter_map(|index| sensitivity.run(index)).collect();
    Ok(Told::Sure(Box::new(export::told(&sensitivity.study(trials)))))
}
