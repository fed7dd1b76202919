//! The log of a job: as Gitea's runner writes it, and as much of it as has arrived.
//!
//! The runner sends what there is every second (`RunDaemon` of `act_runner`'s
//! `internal/pkg/report/reporter.go`), and the rest before it says that the job has ended.

use crate::{
    log::{JobLog, Piece},
    plan::{ACTION, PlannedStep, StepKind},
    time::{Clock, Moment},
    workflow::Conclusion,
};

/// How the runner marks the start of a step, and how it ended.
const STARTED: &str = "\u{2b50} Run";
const SUCCESS: &str = "  \u{2705}  Success -";
const FAILURE: &str = "  \u{274c}  Failure -";

/// As much of a job's log as can be read at some moment.
pub(crate) struct LiveLog<'a> {
    log: JobLog<'a>,
    /// Everything written before this has arrived.
    pub(crate) until: Moment,
}

impl<'a> LiveLog<'a> {
    /// The log of a job that has started; none as long as nothing of it has arrived.
    pub(crate) fn at(log: JobLog<'a>, now: Moment) -> Option<Self> {
        let started = log.plan.started?;
        let until = if log.plan.ended <= now {
            Moment::NEVER
        } else {
            now.whole_seconds_since(started)
        };
        (until > started).then_some(Self { log, until })
    }

    pub(crate) fn text(&self, clock: Clock) -> Vec<u8> {
        let mut text = Vec::new();
        for (written, pieces) in writings(&self.log) {
            if written >= self.until {
                break;
            }
            for (tick, piece) in pieces.iter().enumerate() {
                self.log
                    .write_piece(piece, (tick, written.tick(tick)), clock, &mut text);
            }
        }
        text
    }
}

/// The first moment at which a line with this text can be read.
pub(crate) fn readable_at(log: &JobLog<'_>, text: &str) -> Option<Moment> {
    let has_it = |piece: &Piece| matches!(piece, Piece::Line(line) if line.contains(text));
    let (written, _) = writings(log)
        .into_iter()
        .find(|(_, pieces)| pieces.iter().any(has_it))?;
    let arrived = written.next_second_since(log.plan.started?);
    Some(arrived.min(log.plan.ended))
}

/// What is written, and when.
fn writings(log: &JobLog<'_>) -> Vec<(Moment, Vec<Piece>)> {
    let steps = log.plan.steps.iter();
    let taken = steps.filter(|step| step.conclusion != Conclusion::Skipped);
    taken
        .flat_map(|step| {
            let (first, last) = of_step(log, step);
            [(step.started, first), (step.ended, last)]
        })
        .collect()
}

/// What is written as a step starts, and as it ends. A script is not shown.
fn of_step(log: &JobLog<'_>, step: &PlannedStep) -> (Vec<Piece>, Vec<Piece>) {
    let lines = |texts: Vec<String>| texts.into_iter().map(Piece::line).collect();
    match step.kind {
        StepKind::SetUp => (
            lines(vec![
                format!(
                    "runner-1(version:v0.2.13) received task {} of job {}, be triggered by event: {}",
                    log.job_id, log.plan.name, log.run.event
                ),
                "workflow prepared".into(),
                format!("{STARTED} Set up job"),
            ]),
            lines(vec![format!("{SUCCESS} Set up job")]),
        ),
        StepKind::Complete => {
            let end = match log.plan.conclusion {
                Conclusion::Success => "succeeded",
                _ => "failed",
            };
            (
                lines(vec![
                    format!("{STARTED} Complete job"),
                    format!("Cleaning up container for job {}", log.plan.name),
                ]),
                lines(vec![
                    format!("{SUCCESS} Complete job"),
                    format!("\u{1f3c1}  Job {end}"),
                ]),
            )
        }
        StepKind::Defined(index) => {
            let step_itself = &log.job.steps[index];
            let shown = step_itself.name.as_ref().or(step_itself.run.as_ref());
            let name = log.fill(shown.map_or(ACTION, String::as_str));
            let mut first = lines(vec![format!("{STARTED} Main {name}")]);
            log.printed(index, &mut first);
            let end = match step.conclusion {
                Conclusion::Success => SUCCESS,
                _ => FAILURE,
            };
            (first, lines(vec![format!("{end} Main {name}")]))
        }
    }
}
