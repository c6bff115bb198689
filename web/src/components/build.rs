use std::rc::Rc;

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::prose;
use crate::desk::{Desk, Lane};
use crate::inputs::Inputs;
use crate::protocol::{Built, Sheet, Told, What};

#[derive(Clone, Properties)]
pub struct BuildProps {
    /// The scenario.
    pub text: Rc<str>,
    /// Its answer.
    pub sheet: Rc<Sheet>,
    /// Who looks for builds.
    pub desk: Desk,
}

impl PartialEq for BuildProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.sheet, &other.sheet)
    }
}

/// Seconds after which the best so far will do.
const LIMITS: [(u32, &str); 3] = [(2, "2 seconds"), (6, "6 seconds"), (30, "half a minute")];

/// What there is of a search.
#[derive(Clone, PartialEq)]
enum Search {
    Idle,
    Running,
    Found(Rc<Built>),
    Failed(String),
}

/// A search for the cheapest build of a platform, which can be ended, and whose settings can be taken over.
#[component]
pub fn Build(props: &BuildProps) -> Html {
    let inputs = use_context::<Inputs>();
    let search = use_state(|| Search::Idle);
    let platform = use_state(String::new);
    let limit = use_state(|| 1_usize);
    {
        let search = search.clone();
        use_effect_with(props.text.clone(), move |_| search.set(Search::Idle));
    }
    let names: Vec<&String> =
        props.sheet.rows.iter().filter(|row| !row.part).map(|row| &row.name).collect();
    let cheapest = props.sheet.cheapest.as_ref();
    let own = names.iter().find(|name| ***name == *platform).copied();
    let chosen = own.or(cheapest).or(names.first().copied()).cloned().unwrap_or_default();
    let begin = {
        let (props, search, chosen) = (props.clone(), search.clone(), chosen.clone());
        let seconds = LIMITS[*limit].0;
        move |_| {
            search.set(Search::Running);
            let search = search.clone();
            let then = Callback::from(move |told| {
                search.set(match told {
                    Told::Built(built) => Search::Found(Rc::new(*built)),
                    Told::Nothing(why) => Search::Failed(why),
                    _ => Search::Failed("the scenario has problems".to_owned()),
                });
            });
            let what = What::Build { platform: chosen.clone(), seconds };
            props.desk.ask(Lane::Endable, "build", &props.text, what, then);
        }
    };
    let end = {
        let (desk, search) = (props.desk.clone(), search.clone());
        move |_| {
            desk.end();
            search.set(Search::Idle);
        }
    };
    let take = |built: &Rc<Built>| {
        let (inputs, built) = (inputs.clone(), built.clone());
        move |_| {
            if let Some(inputs) = &inputs {
                inputs.set_all(&built.settings);
            }
        }
    };
    let choose = {
        let platform = platform.clone();
        move |event: Event| {
            platform.set(event.target_unchecked_into::<HtmlSelectElement>().value());
        }
    };
    let wait = {
        let limit = limit.clone();
        move |event: Event| {
            let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            limit.set((index.max(0) as usize).min(LIMITS.len() - 1));
        }
    };
    let running = *search == Search::Running;
    html! {
        <>
            <h3>{ "Is there a cheaper way to build it?" }</h3>
            <div class="choices">
                <div class="field controls">
                    <span class="label"><label for="build-platform">{ "Build of" }</label></span>
                    <select id="build-platform" onchange={choose}>
                        for name in &names {
                            <option value={(*name).clone()} selected={**name == chosen}>{ *name }</option>
                        }
                    </select>
                </div>
                <div class="field controls">
                    <span class="label"><label for="build-limit">{ "Stop after" }</label></span>
                    <select id="build-limit" onchange={wait}>
                        for (index, (_, words)) in LIMITS.iter().enumerate() {
                            <option selected={index == *limit}>{ *words }</option>
                        }
                    </select>
                </div>
            </div>
            <p class="actions">
                <button type="button" id="build-find" onclick={begin} disabled={running}>{ "Look for a cheaper build" }</button>
                if running {
                    <button type="button" id="build-end" onclick={end}>{ "Cancel" }</button>
                }
            </p>
            <div aria-live="polite" data-build={match &*search { Search::Idle => "none", Search::Running => "running", _ => "told" }}>
                { match &*search {
                    Search::Idle => html! {},
                    Search::Running => html! { <p class="quiet">{ "Looking…" }</p> },
                    Search::Failed(why) => html! { <p class="fault">{ prose(why) }</p> },
                    Search::Found(built) => html! {
                        <>
                            <p class="headline">{ prose(&built.headline) }</p>
                            for (line, is_setting) in &built.lines {
                                <p>
                                    if *is_setting {
                                        <code>{ line }</code>
                                    } else {
                                        { prose(line) }
                                    }
                                </p>
                            }
                        </>
                    },
                } }
            </div>
            if let Search::Found(built) = &*search {
                if built.sayable && !built.settings.is_empty() {
                    <p class="actions"><button type="button" id="build-take" onclick={take(built)}>{ "Use these settings" }</button></p>
                }
            }
        </>
    }
}
