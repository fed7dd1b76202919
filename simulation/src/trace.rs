//! A story for people to read.

use std::fmt::Write as _;
use std::time::Duration;

use return_dispatch::Event;

use crate::exchange::Exchange;
use crate::rules;
use crate::story::Story;

/// Writes a story down: what was planned, each request and each event in their order, how the calls
/// ended, and the truth.
#[must_use]
pub fn of(story: &Story) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = write(story, &mut text);
    text
}

fn write(story: &Story, text: &mut String) -> std::fmt::Result {
    let plan = &story.plan;
    writeln!(text, "seed {}: {:?}", plan.seed, plan.scenario.server)?;
    writeln!(text, "receiver: {:?}", plan.receiver)?;
    match plan.well_at {
        Some(at) => writeln!(text, "all faults end at {}", clock(at))?,
        None => writeln!(text, "faults never end")?,
    }
    for (index, fault) in plan.scenario.faults.iter().enumerate() {
        writeln!(text, "fault {index}: {fault:?}")?;
    }
    let of = &plan.scenario;
    writeln!(
        text,
        "Date is {} s ahead, of gateways {} s more, runners {} s; lists lag {} s, filtered ones {} s more",
        of.front_end_ahead, of.gateways_ahead, of.runners_ahead, of.lists_lag, of.search_lag
    )?;
    writeln!(text, "crowd: {:?}", plan.crowd())?;
    writeln!(text, "deletions: {:?}", plan.scenario.deletions)?;
    writeln!(text, "re-runs: {:?}", plan.scenario.reruns)?;
    for program in &plan.programs {
        writeln!(text, "program {}: {program:?}", program.view.number)?;
    }
    writeln!(text)?;
    let mut lines: Vec<(Duration, String)> = story
        .exchanges
        .iter()
        .map(|exchange| (exchange.sent, request(story, exchange)))
        .collect();
    for call in &story.calls {
        let number = call.number();
        let events = call
            .events
            .iter()
            .filter(|(_, event)| !matches!(event, Event::Request { .. }));
        lines.extend(events.map(|(at, event)| {
            let event = serde_json::to_string(event).unwrap_or_default();
            (*at, format!("[{number}] {event}"))
        }));
        let end = match &call.result {
            Ok(identified) => format!("[{number}] ended: run {}", identified.run_id),
            Err(error) => format!(
                "[{number}] ended ({}): {}: {error}",
                rules::ending(story, call),
                error.code.as_str()
            ),
        };
        lines.push((call.ended, end));
        if let Some(waited) = &call.waited {
            let end = match &waited.result {
                Ok(ended) => format!("[{number}] waited: {}", ended.conclusion),
                Err(error) => format!("[{number}] waited: {}: {error}", error.code.as_str()),
            };
            lines.push((waited.ended, end));
        }
    }
    lines.sort_by_key(|(at, _)| *at);
    for (at, line) in lines {
        writeln!(text, "{} {line}", clock(at))?;
    }
    writeln!(
        text,
        "\nruns as they really are, the programs' own and what these dispatched:"
    )?;
    for run in &story.runs {
        if run.dispatched_by != simulator::DispatchedBy::Crowd {
            writeln!(text, "{run:?}")?;
        }
    }
    Ok(())
}

fn request(story: &Story, exchange: &Exchange) -> String {
    let url = exchange.url.strip_prefix(story.plan.scenario.api_base());
    let (program, method) = (exchange.program, exchange.method);
    let mut line = format!("[{program}] {method} {} →", url.unwrap_or(&exchange.url));
    // Writing to a string does not fail.
    let _ = match exchange.answered {
        None => write!(line, " never answered"),
        Some(at) if exchange.status == 0 => write!(line, " broken at {}", clock(at)),
        Some(at) => write!(line, " {} at {}", exchange.status, clock(at)),
    };
    if let Some(wait) = exchange.asked_wait {
        let _ = write!(line, ", asks for {wait:?}");
    }
    if exchange.answered.is_some() && !exchange.whole && exchange.status != 0 {
        line.push_str(", body not read to its end");
    }
    if let Some(run) = exchange.created {
        let _ = write!(line, ", created run {run}");
    }
    if let Some(fault) = exchange.fault {
        let _ = write!(line, " (fault {fault})");
    }
    line
}

fn clock(at: Duration) -> String {
    format!("{:9.3}", at.as_secs_f64())
}
