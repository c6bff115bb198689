use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::pick::{into_state, pick, pick_name};
use super::prose;
use crate::desk::{Desk, Lane};
use crate::fetch::fetch;
use crate::inputs::Inputs;
use page_engine::protocol::{Built, Later, Sheet, Told, What};

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
    let limit = use_state(|| LIMITS[1].0.to_string());
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
        let seconds = limit.parse().unwrap_or(LIMITS[1].0);
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
            let what = What::Later(Later::Build { platform: chosen.clone(), seconds });
            look(props.desk.clone(), props.text.clone(), what, then);
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
                inputs.take_over(&built.settings, &built.commitments);
            }
        }
    };
    let limits = LIMITS.iter().map(|(seconds, words)| (seconds.to_string(), (*words).to_owned()));
    let running = *search == Search::Running;
    html! {
        <>
            <h3>{ "Is there a cheaper way to build it?" }</h3>
            <div class="choices">
                { pick_name("build-platform", "Build of", names.iter().copied(), &chosen, into_state(&platform)) }
                { pick("build-limit", "Stop after", limits, &limit, into_state(&limit)) }
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
                if built.sayable && !(built.settings.is_empty() && built.commitments.is_empty()) {
                    <p class="actions"><button type="button" id="build-take" onclick={take(built)}>{ "Use these settings" }</button></p>
                }
            }
        </>
    }
}

/// Asks for a build; prices of commitments do not come with the page, so they are fetched first.
fn look(desk: Desk, text: Rc<str>, what: What, then: Callback<Told>) {
    let (again, of, same) = (desk.clone(), text.clone(), what.clone());
    let heard = Callback::from(move |told| {
        let Told::Awaits(path) = told else { return then.emit(told) };
        let (desk, of, same, then) = (again.clone(), of.clone(), same.clone(), then.clone());
        spawn_local(async move {
            desk.hand(&path, &fetch(&path).await);
            look(desk, of, same, then);
        });
    });
    desk.ask(Lane::Endable, "build", &text, what, heard);
}
