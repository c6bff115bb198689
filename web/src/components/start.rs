use yew::prelude::*;

use page_engine::examples::EXAMPLES;

#[derive(PartialEq, Properties)]
pub struct StartProps {
    /// The example that is shown as it is.
    pub example: Option<usize>,
    /// Whether there is a scenario of the user's own to go back to.
    pub own: bool,
    /// Called with the example to start from.
    pub start: Callback<usize>,
    /// Called to go back to the user's own.
    pub back: Callback<()>,
}

/// The scenarios to start from.
#[component]
pub fn Start(props: &StartProps) -> Html {
    html! {
        <div class="starts" role="group" aria-label="Start from an example">
            for (index, example) in EXAMPLES.iter().enumerate() {
                <button
                    type="button"
                    key={example.name}
                    class="start"
                    data-example={example.name}
                    aria-pressed={(props.example == Some(index)).to_string()}
                    onclick={props.start.reform(move |_| index)}
                >{ example.label }</button>
            }
            if props.own {
                <button type="button" class="start" data-example="own" aria-pressed="false" onclick={props.back.reform(|_| ())}>{ "Back to yours" }</button>
            } else if props.example.is_none() {
                <span class="start yours">{ "Yours" }</span>
            }
        </div>
    }
}
