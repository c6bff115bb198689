//! The page: what is asked, then the answer.

use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::answer::{self, Answer, Place};
use crate::components::{
    Chart, ComponentTable, Editor, Examples, Faults, Notes, PlatformTable, Regions,
};
use crate::fetch::fetch;
use crate::state::{Action, Choice, State};

/// The page.
#[component]
pub fn App() -> Html {
    let state = use_reducer(State::default);
    let editor = use_node_ref();
    let asked = (state.text().to_owned(), state.fetched.clone());
    let answer = use_memo(asked, |(text, fetched)| answer::answer(text, fetched));
    {
        let state = state.dispatcher();
        use_effect_with(awaited(&answer), move |awaited| {
            if let Some(path) = *awaited {
                spawn_local(async move { state.dispatch(Action::Take(path, fetch(path).await)) });
            }
        });
    }

    let choose = {
        let state = state.dispatcher();
        Callback::from(move |choice: Choice| state.dispatch(Action::Choose(choice)))
    };
    let edit = {
        let state = state.dispatcher();
        Callback::from(move |text: String| state.dispatch(Action::Edit(text)))
    };
    let show = {
        let editor = editor.clone();
        Callback::from(move |place: Place| {
            if let Some(field) = editor.cast::<HtmlTextAreaElement>() {
                select(&field, &place);
            }
        })
    };

    html! {
        <>
            <header>
                <h1>{ "highwater" }</h1>
                <p>{ "What Kafka-compatible streaming costs, and what it needs: each platform as its own experts would set it up, at list prices, computed on this page." }</p>
            </header>
            <main>
                <section aria-labelledby="workload">
                    <h2 id="workload">{ "What you stream" }</h2>
                    <Examples choice={state.choice} own={state.own.is_some()} {choose} />
                    <Editor text={AttrValue::from(state.text().to_owned())} field={editor} {edit} />
                    <Regions />
                </section>
                <section aria-labelledby="answer">
                    <h2 id="answer">{ "What it costs" }</h2>
                    <p class="headline" role="status">{ headline(&answer) }</p>
                    { match &*answer {
                        Answer::Awaits(_) => html! {},
                        Answer::Wrong(faults) => html! { <Faults faults={faults.clone()} {show} /> },
                        Answer::Compared(comparison) => html! {
                            <>
                                <Notes comparison={comparison.clone()} />
                                <Chart comparison={comparison.clone()} />
                                <PlatformTable comparison={comparison.clone()} />
                                <ComponentTable comparison={comparison.clone()} />
                            </>
                        },
                    } }
                </section>
            </main>
            <footer>
                <p>{ "Nothing you write leaves this page: no server computes, counts or stores anything." }</p>
            </footer>
        </>
    }
}

/// The file that an answer waits for.
fn awaited(answer: &Answer) -> Option<&'static str> {
    match answer {
        Answer::Awaits(path) => Some(path),
        _ => None,
    }
}

/// The answer in one sentence, which screen readers announce when it changes.
fn headline(answer: &Answer) -> String {
    match answer {
        Answer::Compared(comparison) => {
            comparison.verdict.sentences.first().cloned().unwrap_or_default()
        }
        Answer::Awaits(path) => {
            let (provider, region) = answer::place(path).unwrap_or_default();
            format!("The prices of {provider} {region} are on their way.")
        }
        Answer::Wrong(faults) => {
            let place = faults.first().and_then(|fault| fault.place.as_ref());
            match (faults.len(), place) {
                (1, Some(place)) => format!("The scenario has a problem at {place}."),
                (1, None) => "The scenario has a problem.".to_owned(),
                (count, Some(place)) => {
                    format!("The scenario has {count} problems, the first at {place}.")
                }
                (count, None) => format!("The scenario has {count} problems."),
            }
        }
    }
}

/// Selects a place in the editor and brings it into view.
fn select(field: &HtmlTextAreaElement, place: &Place) {
    // A browser that refuses leaves the selection where it was: nothing is lost.
    drop(field.focus());
    drop(field.set_selection_range(place.units.start, place.units.end));
    let lines = field.value().lines().count().max(1) as f64;
    let above = place.line.saturating_sub(4) as f64;
    field.set_scroll_top((f64::from(field.scroll_height()) * above / lines) as i32);
}
