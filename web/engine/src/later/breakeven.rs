//! Where one platform overtakes another along a value.

use model::breakeven::{PRECISION, Question, breakeven};
use model::brief::Shelf;
use model::chart::Paper;
use model::export::breakeven as export;
use model::range::Range;
use model::{Scenario, View};

use crate::case::Case;
use crate::protocol::{Crossed, Fault, Told};

/// Values of the first scan: a picture is not made of them here, so fewer than the command's do.
const SCAN: usize = 65;

/// Every crossing of two platforms from one value to another.
///
/// # Errors
///
/// When the path or an end of the range cannot be read.
pub fn told(
    case: &Case,
    (path, from, to): (&str, &str, &str),
    between: &[String],
    steady: bool,
    width: u32,
) -> Result<Told, Told> {
    let draft = case.draft()?;
    let along = Range::new(&draft, path, (from, to), None).map_err(|error| {
        let (message, hint) = (error.to_string(), error.hint());
        Told::Wrong(vec![Fault { message, hint, place: None }])
    })?;
    let place = |name: &String| {
        let mut platforms = case.scenario.platforms.iter();
        platforms.position(|design| design.name == *name)
    };
    let question = Question {
        draft: &draft,
        along,
        between: between.iter().filter_map(place).collect(),
        view: if steady { View::Steady(0) } else { View::Horizon },
        precision: PRECISION,
        scan: SCAN,
    };
    let repricing = case.repricing();
    let look = |scenario: &Scenario| repricing.look_up(scenario);
    let answer = breakeven(&question, &mut Shelf::new(&look), &mut |_| ());
    let paper = Paper { width: f64::from(width), inline: true };
    let svg = export::svg(&case.scenario.title, &answer, paper);
    Ok(Told::BreakEven(Box::new(Crossed { told: export::told(&answer), svg })))
}
