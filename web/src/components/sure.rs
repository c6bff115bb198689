use std::rc::Rc;

use model::export::sensitivity::Told as Sure;
use yew::prelude::*;

use super::plot::table;
use super::prose;
use crate::desk::{Desk, Lane};
use page_engine::protocol::{Later, Told, What};

#[derive(Clone, Properties)]
pub struct DefaultsProps {
    /// The scenario.
    pub text: Rc<str>,
    /// Who tries defaults.
    pub desk: Desk,
}

impl PartialEq for DefaultsProps {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What there is of a trial.
#[derive(Clone, PartialEq)]
enum Trial {
    Idle,
    Running,
    Told(Rc<Sure>),
    Failed(String),
}

/// Which defaults would make another platform the cheapest, and how far they are from that.
#[component]
pub fn Defaults(props: &DefaultsProps) -> Html {
    let trial = use_state(|| Trial::Idle);
    {
        let trial = trial.clone();
        use_effect_with(props.text.clone(), move |_| trial.set(Trial::Idle));
    }
    let begin = {
        let (props, trial) = (props.clone(), trial.clone());
        move |_| {
            trial.set(Trial::Running);
            let trial = trial.clone();
            let then = Callback::from(move |told| {
                trial.set(match told {
                    Told::Sure(sure) => Trial::Told(Rc::new(*sure)),
                    Told::Nothing(why) => Trial::Failed(why),
                    _ => Trial::Failed("the scenario has problems".to_owned()),
                });
            });
            props.desk.ask(Lane::Endable, "defaults", &props.text, What::Later(Later::Sure), then);
        }
    };
    let end = {
        let (desk, trial) = (props.desk.clone(), trial.clone());
        move |_| {
            desk.end();
            trial.set(Trial::Idle);
        }
    };
    let running = *trial == Trial::Running;
    html! {
        <>
            <h3>{ "Which assumptions decide it?" }</h3>
            <p class="quiet">{ "Every setting that you have left at its default, moved by itself through its plausible range in a steady month." }</p>
            <p class="actions">
                <button type="button" id="sure-try" onclick={begin} disabled={running}>{ "Try every default" }</button>
                if running {
                    <button type="button" id="sure-end" onclick={end}>{ "Cancel" }</button>
                }
            </p>
            <div aria-live="polite" data-sure={match &*trial { Trial::Idle => "none", Trial::Running => "running", _ => "told" }}>
                { match &*trial {
                    Trial::Idle => html! {},
                    Trial::Running => html! { <p class="quiet">{ "Trying…" }</p> },
                    Trial::Failed(why) => html! { <p class="fault">{ prose(why) }</p> },
                    Trial::Told(sure) => html! {
                        for (index, sentence) in sure.sentences.iter().enumerate() {
                            <p class={if index == 0 { "headline" } else { "" }}>{ prose(sentence) }</p>
                        }
                    },
                } }
            </div>
            if let Trial::Told(sure) = &*trial {
                <div class="sure">
                    for figures in [&sure.flips, &sure.closest] {
                        if !figures.rows.is_empty() {
                            { table(figures) }
                        }
                    }
                </div>
                for line in sure.sources.iter().chain([&sure.method]) {
                    <p class="quiet">{ prose(line) }</p>
                }
            }
        </>
    }
}
