use yew::prelude::*;

use super::prose;
use crate::answer::{Fault, Place};

#[derive(PartialEq, Properties)]
pub struct FaultsProps {
    /// What is wrong, in the order of the text.
    pub faults: Vec<Fault>,
    /// Called with a place to look at.
    pub show: Callback<Place>,
}

/// Everything that is wrong with a scenario.
#[component]
pub fn Faults(props: &FaultsProps) -> Html {
    html! {
        <ol class="faults">
            for fault in &props.faults {
                <li>
                    if let Some(place) = &fault.place {
                        { jump(place, &props.show) }
                    }
                    <p class="message">{ prose(&fault.message) }</p>
                    if let Some(hint) = &fault.hint {
                        <p class="hint">{ prose(hint) }</p>
                    }
                </li>
            }
        </ol>
    }
}

fn jump(place: &Place, show: &Callback<Place>) -> Html {
    let onclick = {
        let (place, show) = (place.clone(), show.clone());
        move |_| show.emit(place.clone())
    };
    html! { <button type="button" class="place" {onclick}>{ place.to_string() }</button> }
}
