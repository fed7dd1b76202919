//! The text of a job's log, as the runner writes it.

use crate::{
    plan::{ACTION, PlannedJob, PlannedStep, StepKind, first_line},
    random::Random,
    run::{Attempt, Run, Scope},
    time::{Clock, Moment},
    workflow::{Conclusion, Job, Workflow},
};

/// Each log file begins with one.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Roughly how long a line of padding is, its time included.
const PADDING_LINE: usize = 128;

/// A part of a step's log.
pub(crate) enum Piece {
    Line(String),
    /// About that many bytes of other lines.
    Padding(usize),
}

impl Piece {
    /// A line, which has no line breaks.
    pub(crate) fn line(text: String) -> Self {
        Self::Line(if text.contains('\n') {
            text.replace('\n', "\\n")
        } else {
            text
        })
    }
}

/// One job's log; rendered only when it is read, because it may be large.
pub(crate) struct JobLog<'a> {
    pub(crate) run: &'a Run,
    pub(crate) attempt: &'a Attempt,
    pub(crate) workflow: &'a Workflow,
    pub(crate) job: &'a Job,
    pub(crate) plan: &'a PlannedJob,
    pub(crate) job_id: u64,
}

impl<'a> JobLog<'a> {
    /// The log of an attempt's job with this index, if it has one: a job that never started has
    /// none.
    pub(crate) fn of(
        run: &'a Run,
        attempt: &'a Attempt,
        workflow: &'a Workflow,
        index: usize,
    ) -> Option<Self> {
        let plan = attempt.plan.jobs.get(index)?;
        plan.started.map(|_| Self {
            run,
            attempt,
            workflow,
            job: &workflow.jobs[plan.definition],
            plan,
            job_id: attempt.job_ids[index],
        })
    }

    /// The logs of all jobs of an attempt that have one.
    pub(crate) fn all(
        run: &'a Run,
        attempt: &'a Attempt,
        workflow: &'a Workflow,
    ) -> impl Iterator<Item = Self> {
        let jobs = 0..attempt.plan.jobs.len();
        jobs.filter_map(move |index| Self::of(run, attempt, workflow, index))
    }

    /// The whole log.
    pub(crate) fn text(&self, clock: Clock) -> Vec<u8> {
        let mut text = BYTE_ORDER_MARK.as_bytes().to_vec();
        for step in self.plan.steps.iter().filter(|step| has_log(step)) {
            self.write(step, clock, &mut text);
        }
        text
    }

    /// The log of each step that has a file in the archive, with the step's number.
    pub(crate) fn steps(&self, clock: Clock) -> impl Iterator<Item = (usize, &str, Vec<u8>)> {
        let numbered = self.plan.steps.iter().zip(1..);
        numbered
            .filter(|(step, _)| self.has_file(step))
            .map(move |(step, number)| {
                let mut text = BYTE_ORDER_MARK.as_bytes().to_vec();
                self.write(step, clock, &mut text);
                (number, step.name.as_str(), text)
            })
    }

    /// Whether a line contains the text. Padding never does.
    pub(crate) fn contains(&self, text: &str) -> bool {
        self.any_contains(text, has_log)
    }

    /// Whether a line of one of the files of steps in the archive contains the text.
    pub(crate) fn files_contain(&self, text: &str) -> bool {
        self.any_contains(text, |step| self.has_file(step))
    }

    fn has_file(&self, step: &PlannedStep) -> bool {
        let is_missing = match step.kind {
            StepKind::Defined(index) => self.job.steps[index].log_missing,
            StepKind::SetUp | StepKind::Complete => false,
        };
        has_log(step) && !is_missing
    }

    fn any_contains(&self, text: &str, counts: impl Fn(&PlannedStep) -> bool) -> bool {
        self.plan
            .steps
            .iter()
            .filter(|step| counts(step))
            .flat_map(|step| self.pieces(step))
            .any(|piece| matches!(piece, Piece::Line(line) if line.contains(text)))
    }

    pub(crate) fn fill(&self, template: &str) -> String {
        let scope = Scope {
            attempt: self.attempt.number,
            value: self.plan.value.as_deref(),
        };
        let text = self.run.fill(self.workflow, scope, template);
        self.workflow.masked(&text)
    }

    fn write(&self, step: &PlannedStep, clock: Clock, text: &mut Vec<u8>) {
        for (tick, piece) in self.pieces(step).iter().enumerate() {
            self.write_piece(piece, (tick, step.started.tick(tick)), clock, text);
        }
    }

    /// Writes a step's piece of this number.
    pub(crate) fn write_piece(
        &self,
        piece: &Piece,
        (number, written): (usize, Moment),
        clock: Clock,
        text: &mut Vec<u8>,
    ) {
        let stamp = clock.log_stamp(written);
        match piece {
            Piece::Line(line) => {
                text.extend_from_slice(stamp.as_bytes());
                text.push(b' ');
                text.extend_from_slice(line.as_bytes());
                text.push(b'\n');
            }
            Piece::Padding(bytes) => {
                let seed = self.job_id ^ (*bytes as u64) << 20 ^ number as u64;
                pad(text, &stamp, *bytes, &mut Random::seeded(seed));
            }
        }
    }

    fn pieces(&self, step: &PlannedStep) -> Vec<Piece> {
        let mut pieces = Vec::new();
        match step.kind {
            StepKind::SetUp => pieces.extend(self.set_up().into_iter().map(Piece::Line)),
            StepKind::Complete => {
                pieces.push(Piece::Line("Cleaning up orphan processes".into()));
            }
            StepKind::Defined(index) => self.defined(index, step, &mut pieces),
        }
        pieces
    }

    fn set_up(&self) -> Vec<String> {
        vec![
            "Current runner version: '2.330.0'".into(),
            "##[group]Operating System".into(),
            "Ubuntu".into(),
            "24.04.3".into(),
            "LTS".into(),
            "##[endgroup]".into(),
            "##[group]GITHUB_TOKEN Permissions".into(),
            "Contents: read".into(),
            "Metadata: read".into(),
            "##[endgroup]".into(),
            "Secret source: Actions".into(),
            "Prepare workflow directory".into(),
            "Prepare all required actions".into(),
            format!("Complete job name: {}", self.plan.name),
        ]
    }

    fn defined(&self, index: usize, plan: &PlannedStep, pieces: &mut Vec<Piece>) {
        let step = &self.job.steps[index];
        let mut line = |text: String| pieces.push(Piece::Line(text));
        if let Some(script) = &step.run {
            // The runner shows what it is going to run, coloured, expressions filled in: a clue
            // that stands here has not been written by the step.
            let script = self.fill(script);
            line(format!("##[group]Run {}", first_line(&script)));
            for source in script.lines() {
                line(format!("\u{1b}[36;1m{source}\u{1b}[0m"));
            }
            line("shell: /usr/bin/bash -e {0}".into());
        } else {
            line(format!("##[group]Run {ACTION}"));
        }
        line("##[endgroup]".into());
        self.printed(index, pieces);
        if let Some(error) = error_of(plan.conclusion) {
            pieces.push(Piece::Line(format!("##[error]{error}")));
        }
    }

    /// What a step itself writes.
    pub(crate) fn printed(&self, index: usize, pieces: &mut Vec<Piece>) {
        let step = &self.job.steps[index];
        if step.padding > 0 {
            pieces.push(Piece::Padding(step.padding));
        }
        for template in &step.prints {
            let printed = self.fill(template);
            pieces.extend(printed.split('\n').map(|text| Piece::Line(text.into())));
        }
        if step.padding_after > 0 {
            pieces.push(Piece::Padding(step.padding_after));
        }
    }
}

/// The error that the runner ends a step with.
pub(crate) fn error_of(conclusion: Conclusion) -> Option<&'static str> {
    match conclusion {
        Conclusion::Failure => Some("Process completed with exit code 1."),
        Conclusion::Cancelled => Some("The operation was canceled."),
        _ => None,
    }
}

fn has_log(step: &PlannedStep) -> bool {
    step.conclusion != Conclusion::Skipped
}

/// Writes lines that compress about as well as the output of a build.
fn pad(text: &mut Vec<u8>, stamp: &str, bytes: usize, random: &mut Random) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let end = text.len() + bytes;
    text.reserve(bytes + PADDING_LINE);
    while text.len() < end {
        text.extend_from_slice(stamp.as_bytes());
        text.extend_from_slice(b" building object ");
        for _ in 0..5 {
            let mut number = random.next();
            let mut word = [b' '; 17];
            for digit in &mut word[..16] {
                *digit = DIGITS[(number & 15) as usize];
                number >>= 4;
            }
            text.extend_from_slice(&word);
        }
        text.push(b'\n');
    }
}
