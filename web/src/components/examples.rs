use yew::prelude::*;

use crate::state::{Choice, EXAMPLES};

#[derive(PartialEq, Properties)]
pub struct ExamplesProps {
    /// Which scenario is shown.
    pub choice: Choice,
    /// Whether the user has one of their own.
    pub own: bool,
    /// Called with the scenario to show.
    pub choose: Callback<Choice>,
}

/// The scenarios to start from.
#[component]
pub fn Examples(props: &ExamplesProps) -> Html {
    let option = |choice: Choice, value: &'static str, label: &'static str| {
        let choose = props.choose.clone();
        html! {
            <label class="option" key={value}>
                <input
                    type="radio"
                    name="scenario"
                    {value}
                    checked={props.choice == choice}
                    onchange={move |_| choose.emit(choice)}
                />
                <span>{ label }</span>
            </label>
        }
    };
    html! {
        <fieldset class="options">
            <legend>{ "Start from an example, then change it" }</legend>
            for (index, example) in EXAMPLES.iter().enumerate() {
                { option(Choice::Example(index), example.name, example.label) }
            }
            if props.own {
                { option(Choice::Own, "own", "Yours") }
            }
        </fieldset>
    }
}
