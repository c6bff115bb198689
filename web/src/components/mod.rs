//! Parts of the page: props in, HTML out, nothing computed but what is shown.

pub mod answer;
pub mod around;
mod breakeven;
mod build;
mod choice;
mod field;
mod fold;
mod futures;
mod pick;
pub mod platforms;
mod plot;
mod scorecards;
mod shape;
mod start;
pub mod streams;
mod sure;
mod take;
mod text;
mod through_time;
mod totals;
mod what_if;
mod why;

pub use breakeven::BreakEven;
pub use build::Build;
pub use choice::Choice;
pub use fold::Fold;
pub use futures::FuturesOf;
pub use plot::Plot;
pub use scorecards::Scorecards;
pub use start::Start;
pub use sure::Defaults;
pub use take::Take;
pub use text::{Problems, TextEditor};
pub use through_time::{Bills, ThroughTime};
pub use totals::totals;
pub use what_if::WhatIf;
pub use why::Why;
use yew::prelude::*;

use page_engine::protocol::Fault;

/// A table that scrolls in its own frame where it is wider than the page.
fn scrolling(label: impl Into<AttrValue>, table: Html) -> Html {
    html! { <div class="scroll" role="region" aria-label={label.into()} tabindex="0">{ table }</div> }
}

/// Text of the engine: what stands in backticks is code.
pub fn prose(text: &str) -> Html {
    text.split('`')
        .enumerate()
        .map(|(index, part)| match index % 2 {
            0 => html! { { part } },
            _ => html! { <code>{ part }</code> },
        })
        .collect()
}

/// What is wrong with something, right beside it.
fn faults(faults: &[Fault]) -> Html {
    if faults.is_empty() {
        return html! {};
    }
    html! {
        <div class="fault">
            for fault in faults {
                <p>{ prose(&fault.message) }if let Some(hint) = &fault.hint { <span class="hint">{ "; " }{ prose(hint) }</span> }</p>
            }
        </div>
    }
}
