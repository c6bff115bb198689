//! A program to its cheapest values, by a solver that runs wherever the model does.

use good_lp::solvers::SolutionStatus;
use good_lp::variable::UnsolvedProblem;
use good_lp::{
    Constraint, Expression, ProblemVariables, ResolutionError, Solution, SolverModel, Variable,
    WithMipGap, WithTimeLimit, microlp, variable,
};

use super::lp::{Kind, Program, Sense};
use super::verify::{Wrong, verified};

/// What a solver found.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// A value for each column, whole where it has to be; every row holds.
    pub values: Vec<f64>,
    /// Dollars a month.
    pub cost: f64,
    /// Whether nothing is cheaper, or time ran out before that was certain.
    pub proven: bool,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Unsolved {
    /// No values keep to all rows.
    Infeasible,
    /// The solver gave up, or stopped with a fault.
    Failed(String),
    /// What it said does not hold.
    Wrong(Wrong),
}

/// Solves a program. `closed` are columns that stay at zero.
///
/// The gap asked for is zero: programs of options are solved at their root, see `program`. `seconds` are the solver's own,
/// by a clock that is not the model's; they end what would never end, and an answer found within them does not depend on
/// how fast a machine is.
///
/// # Errors
///
/// When there is no answer, or none that holds.
pub fn solve(program: &Program, closed: &[usize], seconds: f64) -> Result<Solved, Unsolved> {
    let (values, said, proven) = fenced(|| run(program, closed, seconds))?;
    let values = verified(program, &values, said).map_err(Unsolved::Wrong)?;
    let cost = program.cost(&values);
    Ok(Solved { values, cost, proven })
}

/// Values, what the solver says that they cost, and whether nothing is cheaper.
type Said = (Vec<f64>, f64, bool);

/// A program as the solvers' library takes it, with its columns and rows.
fn posed(program: &Program, closed: &[usize]) -> (UnsolvedProblem, Vec<Variable>, Vec<Constraint>) {
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> = program
        .columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let most = if closed.contains(&index) { 0.0 } else { f64::INFINITY };
            let any = variable().min(0.0);
            variables.add(match column.kind {
                Kind::Choice => any.max(most.min(1.0)).integer(),
                // Whole numbers of the solver fit 32 bits.
                Kind::Count => any.max(most.min(COUNT_MAX)).integer(),
                Kind::Amount => any.max(most),
            })
        })
        .collect();
    let sum = |terms: &mut dyn Iterator<Item = (usize, f64)>| -> Expression {
        terms.map(|(column, factor)| columns[column] * factor).sum()
    };
    let mut costs = program.columns.iter().map(|column| column.cost).enumerate();
    let goal = sum(&mut costs);
    let rows = program.rows.iter().map(|row| {
        let left = sum(&mut row.sum.iter().copied());
        match row.sense {
            Sense::AtMost => left.leq(row.limit),
            Sense::AtLeast => left.geq(row.limit),
            Sense::Equal => left.eq(row.limit),
        }
    });
    let rows = rows.collect();
    (variables.minimise(goal), columns, rows)
}

fn run(program: &Program, closed: &[usize], seconds: f64) -> Result<Said, Unsolved> {
    let (problem, columns, rows) = posed(program, closed);
    let model = problem.using(microlp).with_time_limit(seconds);
    let model = model.with_mip_gap(0.0).map_err(|_| Unsolved::Failed("gap".to_owned()))?;
    let solution = rows.into_iter().fold(model, SolverModel::with).solve().map_err(unsolved)?;
    let values: Vec<f64> = columns.iter().map(|column| solution.value(*column)).collect();
    let said = program.cost(&values);
    let proven = matches!(solution.status(), SolutionStatus::Optimal);
    Ok((values, said, proven))
}

fn unsolved(error: ResolutionError) -> Unsolved {
    match error {
        ResolutionError::Infeasible => Unsolved::Infeasible,
        other => Unsolved::Failed(other.to_string()),
    }
}

/// The same by CBC, which shares no code with the solver above: a second opinion for tests.
///
/// # Errors
///
/// As for [`solve`].
#[cfg(feature = "cbc")]
pub fn second_opinion(program: &Program) -> Result<Solved, Unsolved> {
    let (problem, columns, rows) = posed(program, &[]);
    let mut model = problem.using(good_lp::coin_cbc);
    model.set_parameter("logLevel", "0");
    let solution = rows.into_iter().fold(model, SolverModel::with).solve().map_err(unsolved)?;
    let values: Vec<f64> = columns.iter().map(|column| solution.value(*column)).collect();
    let said = program.cost(&values);
    let values = verified(program, &values, said).map_err(Unsolved::Wrong)?;
    Ok(Solved { cost: program.cost(&values), values, proven: true })
}

/// Brokers that no fleet has.
const COUNT_MAX: f64 = 1e6;

/// A solver that stops with a fault is one that gave up. In the browser its worker is what it takes along.
#[cfg(not(target_arch = "wasm32"))]
fn fenced(run: impl FnOnce() -> Result<Said, Unsolved>) -> Result<Said, Unsolved> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(run))
        .unwrap_or_else(|_| Err(Unsolved::Failed("the solver stopped with a fault".to_owned())))
}

#[cfg(target_arch = "wasm32")]
fn fenced(run: impl FnOnce() -> Result<Said, Unsolved>) -> Result<Said, Unsolved> {
    run()
}
