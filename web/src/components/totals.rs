use yew::prelude::*;

use crate::protocol::{Fault, Sheet};

/// Every platform's total, in sight while inputs change.
pub fn totals(sheet: Option<&Sheet>, faults: &[Fault], current: bool) -> Html {
    let Some(sheet) = sheet else { return html! {} };
    let problems = match faults.len() {
        0 => None,
        1 => Some("1 problem".to_owned()),
        more => Some(format!("{more} problems")),
    };
    html! {
        <section class={classes!("totals", (!current).then_some("stale"))} aria-label="Totals">
            <ul tabindex="0">
                for row in sheet.rows.iter().filter(|row| !row.part) {
                    <li class={classes!((sheet.cheapest.as_ref() == Some(&row.name)).then_some("cheapest"))}>
                        <span class="name">{ &row.name }</span>
                        <span class="amount">{ if row.rejected.is_empty() { row.total.as_str() } else { "cannot be planned" } }</span>
                    </li>
                }
            </ul>
            if let Some(problems) = problems {
                <strong class="problems">{ problems }</strong>
            }
        </section>
    }
}
