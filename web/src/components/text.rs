use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::prose;
use page_engine::protocol::{Fault, Place};

#[derive(PartialEq, Properties)]
pub struct TextEditorProps {
    /// The scenario.
    pub text: AttrValue,
    /// Where the field will be found.
    pub field: NodeRef,
    /// Called with the text after each change.
    pub write: Callback<String>,
}

/// The scenario as text: the same file that the command reads.
#[component]
pub fn TextEditor(props: &TextEditorProps) -> Html {
    let write = props.write.clone();
    let oninput = move |event: InputEvent| {
        write.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value());
    };
    html! {
        <>
            <label class="caption" for="scenario">{ "The scenario as the command reads it, in TOML. Forms and text are one: change either." }</label>
            <textarea
                id="scenario"
                ref={props.field.clone()}
                value={props.text.clone()}
                {oninput}
                rows="20"
                wrap="off"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
            />
        </>
    }
}

#[derive(PartialEq, Properties)]
pub struct ProblemsProps {
    /// What is wrong, in the order of the text.
    pub faults: Vec<Fault>,
    /// Called with a place to look at.
    pub show: Callback<Place>,
}

/// Everything that is wrong with a scenario.
#[component]
pub fn Problems(props: &ProblemsProps) -> Html {
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
