use model::Comparison;
use model::plan::{Plan, Rejection};
use model::sizing::Resource;
use yew::prelude::*;

use super::{ComparisonProps, prose, scrolling, total};

/// The platforms side by side: what each is, takes and costs.
#[component]
pub fn PlatformTable(props: &ComparisonProps) -> Html {
    let comparison = &props.comparison;
    let table = html! {
        <table class="platforms">
            <caption>{ "Platforms side by side" }</caption>
            <thead>
                <tr>
                    <th scope="col">{ "Platform" }</th>
                    <th scope="col">{ "Architecture" }</th>
                    <th scope="col">{ "Fleet" }</th>
                    <th scope="col">{ "What binds" }</th>
                    <th scope="col" class="number">{ "Total per month" }</th>
                    <th scope="col">{ "Remarks" }</th>
                </tr>
            </thead>
            <tbody>
                for outcome in &comparison.outcomes {
                    { match outcome {
                        Ok(plan) => planned(plan, comparison),
                        Err(rejection) => rejected(rejection),
                    } }
                }
            </tbody>
        </table>
    };
    scrolling("Platforms side by side", table)
}

fn planned(plan: &Plan, comparison: &Comparison) -> Html {
    let name = &plan.design.name;
    let cheapest = comparison.verdict.cheapest.as_ref() == Some(name);
    let tightest = plan.tightest();
    html! {
        <tr key={name.clone()} class={classes!(cheapest.then_some("cheapest"))}>
            <th scope="row">
                { name }
                <small>{ plan.design.preset.title }</small>
            </th>
            <td class="whole">{ plan.design.architecture().name() }</td>
            <td class="whole fleet">
                for part in plan.each() {
                    { fleet(part, plan) }
                }
            </td>
            <td class="binding">
                { tightest.fleet.bottleneck.name() }
                if let Some(asked) = tightest.binding().filter(|asked| asked.resource != Resource::Placement) {
                    <small>{ format!("{:.0} % used", tightest.fleet.utilization(asked) * 100.0) }</small>
                }
                if !plan.parts.is_empty() {
                    <small>{ tightest.part.name() }</small>
                }
            </td>
            <td class="number total">
                { total(plan) }
                if cheapest {
                    <small>{ "least" }</small>
                }
                if !plan.is_complete() {
                    <small>{ "and what is not known" }</small>
                }
            </td>
            <td class="remarks">
                for gap in &plan.bill.gaps {
                    <p><strong>{ "Not known: " }{ prose(&gap.what) }{ ". " }</strong>{ prose(&gap.hint) }</p>
                }
                for warning in &plan.warnings {
                    <p>{ prose(warning) }</p>
                }
            </td>
        </tr>
    }
}

/// A part's fleet, and which part it is where there are several.
fn fleet(part: &Plan, plan: &Plan) -> Html {
    let fleet = format!("{} × {}", part.fleet.brokers, part.machine);
    if plan.parts.is_empty() {
        return html! { { fleet } };
    }
    html! { <p>{ fleet }<small>{ part.part.name() }</small></p> }
}

fn rejected(rejection: &Rejection) -> Html {
    let design = &rejection.design;
    html! {
        <tr key={design.name.clone()} class="rejected">
            <th scope="row">
                { &design.name }
                <small>{ design.preset.title }</small>
            </th>
            <td class="whole">{ design.architecture().name() }</td>
            <td colspan="4" class="remarks">
                <strong>{ "Cannot be planned. " }</strong>
                for reason in &rejection.reasons {
                    <p>{ prose(&reason.to_string()) }{ "; " }{ prose(&reason.hint()) }</p>
                }
            </td>
        </tr>
    }
}
