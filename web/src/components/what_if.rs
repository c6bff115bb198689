use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::pick::pick_name;
use super::{prose, scrolling};
use crate::desk::{Desk, Lane};
use crate::inputs::Inputs;
use crate::levers::{Levers, pulled};
use crate::place;
use page_engine::protocol::{Change, ChangeRow, Sheet, Shown, Told, What};

#[derive(Clone, Properties)]
pub struct WhatIfProps {
    /// The scenario.
    pub text: Rc<str>,
    /// Its answer.
    pub sheet: Rc<Sheet>,
    /// Who is asked what changes.
    pub desk: Desk,
    /// How figures are shown.
    pub shown: Shown,
}

impl PartialEq for WhatIfProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.sheet, &other.sheet) && self.shown == other.shown
    }
}

/// Steps of a slider that multiplies, from an eighth to eight times.
const STEPS: [f64; 13] = [0.125, 0.2, 0.25, 0.33, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0];
/// The step that changes nothing.
const SAME: usize = 6;
const READERS_MAX: u32 = 8;
const DISCOUNT_MAX: u32 = 60;

type Part = (&'static str, fn(&Levers) -> f64, fn(&mut Levers, f64));

const FACTORS: [Part; 4] = [
    ("Traffic", |levers| levers.traffic, |levers, value| levers.traffic = value),
    ("Retention", |levers| levers.retention, |levers, value| levers.retention = value),
    ("Compression", |levers| levers.compression, |levers, value| levers.compression = value),
    ("Record size", |levers| levers.record, |levers, value| levers.record = value),
];

/// Sliders over every stream, and what they change on every platform: before, after, component by component.
#[component]
pub fn WhatIf(props: &WhatIfProps) -> Html {
    let inputs = use_context::<Inputs>();
    let levers = use_state(Levers::default);
    let change = use_state(|| None::<Change>);
    let refused = use_state(|| None::<String>);
    let platform = use_state(|| None::<String>);
    let nothing = *levers == Levers::default();
    {
        let (change, refused) = (change.clone(), refused.clone());
        use_effect_with((props.clone(), *levers), move |(props, levers)| {
            if *levers == Levers::default() {
                change.set(None);
                refused.set(None);
                return;
            }
            // What was found for other sliders is no answer to these.
            let refuse = {
                let (change, refused) = (change.clone(), refused.clone());
                move |why: String| {
                    change.set(None);
                    refused.set(Some(why));
                }
            };
            let after = match pulled(&props.text, *levers) {
                Ok(after) => after,
                Err(error) => return refuse(error.to_string()),
            };
            let then = Callback::from(move |told| match told {
                Told::Change(found) => {
                    change.set(Some(*found));
                    refused.set(None);
                }
                Told::Wrong(faults) => {
                    let first = faults.first().map(|fault| fault.message.clone());
                    refuse(first.unwrap_or_default());
                }
                Told::Nothing(why) => refuse(why),
                _ => {}
            });
            let what = What::Change { after, shown: props.shown };
            props.desk.ask(Lane::Quick, "change", &props.text, what, then);
        });
    }
    let pull = |set: fn(&mut Levers, f64), scale: fn(f64) -> f64| {
        let levers = levers.clone();
        Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
            let mut pulled = *levers;
            set(&mut pulled, scale(value));
            levers.set(pulled);
        })
    };
    let factor = |(name, get, set): &Part| {
        let now = get(&levers);
        let step = STEPS.iter().position(|step| *step == now).unwrap_or(SAME);
        let pull = pull(*set, |step| STEPS.get(step as usize).copied().unwrap_or(1.0));
        slider(name, STEPS.len() - 1, step, &format!("× {now}"), pull)
    };
    let keep = {
        let (inputs, levers, text) = (inputs.clone(), levers.clone(), props.text.clone());
        move |_| {
            if let (Some(inputs), Ok(after)) = (&inputs, pulled(&text, *levers)) {
                place::focus("what-if");
                levers.set(Levers::default());
                inputs.write.emit(after);
            }
        }
    };
    let reset = {
        let levers = levers.clone();
        move |_| {
            place::focus("what-if");
            levers.set(Levers::default());
        }
    };
    html! {
        <>
            <div class="sliders">
                { for FACTORS.iter().map(factor) }
                { slider("More readers of everything", READERS_MAX as usize, levers.readers as usize, &format!("+ {}", levers.readers), pull(|levers, value| levers.readers = value as u32, |value| value)) }
                { slider("Discount on everything", DISCOUNT_MAX as usize, levers.discount as usize, &format!("{} %", levers.discount), pull(|levers, value| levers.discount = value as u32, |value| value)) }
            </div>
            <p class="actions">
                <button type="button" onclick={keep} disabled={nothing || refused.is_some()}>{ "Keep these changes" }</button>
                <button type="button" onclick={reset} disabled={nothing}>{ "Reset the sliders" }</button>
                if !nothing {
                    <span class="quiet">{ "The link and the files have them once they are kept." }</span>
                }
            </p>
            <div aria-live="polite">
                if let Some(why) = &*refused {
                    <p class="fault">{ prose(why) }</p>
                }
                if nothing {
                    <p class="quiet">{ "Move a slider to see what changes, before and after, on every platform." }</p>
                } else if let Some(change) = &*change {
                    <p class="headline">{ prose(&change.verdict) }</p>
                }
            </div>
            if let Some(change) = change.as_ref().filter(|_| !nothing) {
                { totals(change, props.shown.per.name()) }
                { components(change, &platform, props.shown.per.name()) }
            }
        </>
    }
}

fn slider(
    name: &'static str,
    most: usize,
    at: usize,
    shown: &str,
    oninput: Callback<InputEvent>,
) -> Html {
    let id = format!("lever-{}", name.to_ascii_lowercase().replace(' ', "-"));
    html! {
        <div class="slider">
            <label for={id.clone()}>{ name }</label>
            <input type="range" id={id.clone()} min="0" max={most.to_string()} step="1" value={at.to_string()} aria-valuetext={shown.to_owned()} {oninput} />
            <output for={id}>{ shown }</output>
        </div>
    }
}

fn totals(change: &Change, per: &str) -> Html {
    let table = html! {
        <table class="dense change">
            <caption><span>{ format!("Dollars per {per}, before and after") }</span></caption>
            <thead><tr>
                <th scope="col">{ "Platform" }</th>
                for head in ["Before", "After", "Difference", ""] {
                    <th scope="col" class="number">{ if head.is_empty() { "In relation" } else { head } }</th>
                }
                <th scope="col">{ "Fleet" }</th>
            </tr></thead>
            <tbody>{ for change.rows.iter().map(total) }</tbody>
        </table>
    };
    scrolling("What changes", table)
}

fn total(row: &ChangeRow) -> Html {
    if let Some(why) = &row.rejected {
        return html! { <tr><th scope="row">{ &row.name }</th><td colspan="5">{ "Cannot be planned: " }{ prose(why) }</td></tr> };
    }
    html! {
        <tr>
            <th scope="row">{ &row.name }</th>
            for cell in &row.total {
                <td class="number">{ cell }</td>
            }
            <td>{ row.fleet.as_ref().map_or_else(|| "the same".to_owned(), |(was, is)| format!("{was} → {is}")) }</td>
        </tr>
    }
}

/// One platform's components before and after, with bars to see which of them moves.
fn components(change: &Change, platform: &UseStateHandle<Option<String>>, per: &str) -> Html {
    let planned: Vec<&ChangeRow> =
        change.rows.iter().filter(|row| row.rejected.is_none()).collect();
    let chosen = platform.as_ref().and_then(|name| planned.iter().find(|row| row.name == *name));
    let Some(row) = chosen.or(planned.first()) else { return html! {} };
    let choose = {
        let platform = platform.clone();
        Callback::from(move |name| platform.set(Some(name)))
    };
    let names = planned.iter().map(|one| &one.name);
    let table = html! {
        <table class="dense change">
            <caption><span>{ format!("{}: dollars per {per} by component", row.name) }</span></caption>
            <thead><tr>
                for head in ["Component", "Before", "After", "Difference"] {
                    <th scope="col" class={classes!((head != "Component").then_some("number"))}>{ head }</th>
                }
            </tr></thead>
            <tbody>
                for (name, cells) in change.components.iter().zip(&row.amounts) {
                    if cells[0] != "$0" || cells[1] != "$0" {
                        <tr>
                            <th scope="row">{ name }</th>
                            for cell in cells {
                                <td class="number">{ cell }</td>
                            }
                        </tr>
                    }
                }
            </tbody>
        </table>
    };
    html! {
        <>
            { pick_name("change-platform", "By component, for", names, &row.name, choose) }
            { scrolling("What changes by component", table) }
        </>
    }
}
