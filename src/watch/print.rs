//! Printing the logs of a run that has ended.

use std::collections::VecDeque;

use super::ending::is_failure;
use super::{SETTLES_WITHIN, Watch};
use crate::deadline::Deadline;
use crate::event::Event;
use crate::github::Job;
use crate::host::Host;
use crate::logs::Lines;
use crate::settings::Logs;

/// Lines that are shown of a step that failed: its last ones.
const MOST_LINES: usize = 200;

/// The last lines of a log, and how many there were in all.
#[derive(Debug, Default)]
struct Tail {
    lines: VecDeque<String>,
    all: usize,
}

impl Tail {
    fn push(&mut self, line: String) {
        if self.lines.len() == MOST_LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
        self.all += 1;
    }
}

impl<H: Host> Watch<'_, '_, H> {
    /// Prints what the settings ask for.
    pub(super) async fn print(&self, jobs: &[Job]) {
        let host = self.client.host();
        match self.waiting.logs {
            Logs::None => {}
            Logs::All => {
                for job in jobs.iter().filter(|job| !job.never_ran()) {
                    self.begin(job.name.clone());
                    let mut print = |text| host.report(Event::LogLine { text });
                    let read = self.read_lines(job, &mut print).await;
                    self.end(job, read);
                }
            }
            Logs::Failed => {
                let failed = |job: &&Job| is_failure(job.conclusion.as_deref());
                for job in jobs.iter().filter(failed).filter(|job| !job.never_ran()) {
                    self.print_failed(job).await;
                }
            }
        }
    }

    async fn print_failed(&self, job: &Job) {
        let steps = job.steps.iter();
        let failed = steps.filter(|step| is_failure(step.conclusion.as_deref()));
        let mut is_shown = false;
        self.allow_time();
        let archive = self.archive().await;
        for step in failed {
            let mut tail = Tail::default();
            let Some(archive) = archive else { break };
            let mut lines = Lines::default();
            let mut take = |piece: &[u8]| lines.feed(piece, &mut |line| tail.push(line));
            if archive.step(&job.name, step.number, &mut take).await {
                lines.finish(&mut |line| tail.push(line));
                self.begin(format!("{}: {}", job.name, step.name));
                self.print_tail(tail);
                self.end(job, Ok(()));
                is_shown = true;
            }
        }
        if !is_shown {
            // What there is of steps may be missing; the job's own log has them all.
            let mut tail = Tail::default();
            let read = self.read_lines(job, &mut |line| tail.push(line)).await;
            self.begin(job.name.clone());
            self.print_tail(tail);
            self.end(job, read);
        }
    }

    /// Reads the log of a job by lines: its own, or else the archive's. Why it is
    /// not to be had, for people.
    async fn read_lines(&self, job: &Job, each: &mut dyn FnMut(String)) -> Result<(), String> {
        self.allow_time();
        let problem = if let Some(problem) = self.missing(job) {
            problem
        } else {
            let mut lines = Lines::default();
            let read = self
                .read_log(job, &mut |piece| lines.feed(piece, each))
                .await;
            lines.finish(each);
            match read {
                Ok(()) => return Ok(()),
                // What broke off has been shown in part, and is not begun anew.
                Err(failure) if !failure.is_refusal() => return Err(failure.to_string()),
                Err(failure) => failure.to_string(),
            }
        };
        let Some(archive) = self.archive().await else {
            return Err(problem);
        };
        let mut lines = Lines::default();
        let is_read = archive
            .job(&job.name, &mut |piece| lines.feed(piece, each))
            .await;
        lines.finish(each);
        if is_read { Ok(()) } else { Err(problem) }
    }

    /// Each log has a time of its own.
    fn allow_time(&self) {
        let host = self.client.host();
        self.client
            .set_deadline(Deadline::after(host, SETTLES_WITHIN));
    }

    fn begin(&self, title: String) {
        self.client.host().report(Event::LogBegins { title });
    }

    fn print_tail(&self, tail: Tail) {
        let host = self.client.host();
        let left_out = tail.all - tail.lines.len();
        if left_out > 0 {
            let text = format!("… {left_out} lines before these are left out");
            host.report(Event::LogLine { text });
        }
        for text in tail.lines {
            host.report(Event::LogLine { text });
        }
    }

    fn end(&self, job: &Job, read: Result<(), String>) {
        let host = self.client.host();
        host.report(Event::LogEnds {});
        if let Err(problem) = read {
            host.report(Event::Trouble {
                message: format!("could not read the log of {}: {problem}", job.name),
                trying_again: false,
            });
        }
    }
}
