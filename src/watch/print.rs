//! Printing the logs of a run that has ended.

use std::collections::VecDeque;
use std::time::Duration;

use super::ending::{failed_before_it_ran, is_failure};
use super::logs::Piece;
use super::{SETTLES_WITHIN, Watch};
use crate::deadline::Deadline;
use crate::event::Event;
use crate::github::Job;
use crate::host::Host;
use crate::logs::Lines;
use crate::settings::Logs;

/// Lines that are shown of a step that failed: its last ones.
const MOST_LINES: usize = 200;

/// Printing takes no longer, of all logs together.
const PRINTED_WITHIN: Duration = Duration::from_mins(5);

/// No more is printed, of all logs together: pages of runs do not show so much.
const MOST_BYTES: usize = 64 << 20;

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

/// A line of a log.
enum Line {
    /// The log begins, or begins anew.
    First,
    Next(String),
}

impl<H: Host> Watch<'_, '_, H> {
    /// Prints what the settings ask for.
    pub(super) async fn print(&self, jobs: &[Job]) {
        let within = Deadline::after(self.client.host(), PRINTED_WITHIN);
        let is_asked_for = |job: &&Job| match self.waiting.logs {
            Logs::None => false,
            Logs::All => true,
            Logs::Failed => is_failure(job.conclusion.as_deref()),
        };
        let ran = jobs.iter().filter(|job| !job.never_ran());
        for job in ran.filter(is_asked_for) {
            let printing = async {
                match self.waiting.logs {
                    Logs::Failed => self.print_failed(job).await,
                    _ => self.print_all(job).await,
                }
                Ok(())
            };
            let problem = match self.logs_within(within, printing).await {
                Err(problem) => problem,
                Ok(()) if self.has_printed_enough() => {
                    format!("there are more than {} MiB", MOST_BYTES >> 20)
                }
                Ok(()) => continue,
            };
            self.close_log();
            self.client.host().report(Event::Trouble {
                message: format!("the rest of the logs is not printed: {problem}"),
                trying_again: false,
            });
            return;
        }
    }

    /// Whether as much has been printed as there is room for.
    pub(super) fn has_printed_enough(&self) -> bool {
        self.logs.printed.get() >= MOST_BYTES
    }

    fn print_line(&self, text: String) {
        if !self.has_printed_enough() {
            self.logs.printed.set(self.logs.printed.get() + text.len());
            self.client.host().report(Event::LogLine { text });
        }
    }

    async fn print_all(&self, job: &Job) {
        let (mut printed, mut passed) = (0, 0);
        let mut print = |line: Line| match line {
            Line::First => passed = 0,
            Line::Next(text) => {
                passed += 1;
                // What is read again, since it broke off, is not printed again.
                if passed > printed {
                    if printed == 0 {
                        self.begin(job.name.clone());
                    }
                    printed = passed;
                    self.print_line(text);
                }
            }
        };
        let read = self.read_lines(job, &mut print).await;
        self.end_log(job, read);
    }

    async fn print_failed(&self, job: &Job) {
        let steps = job.steps.iter();
        let failed = steps.filter(|step| is_failure(step.conclusion.as_deref()));
        let mut is_whole = false;
        self.client.set_deadline(self.time_for_a_log());
        if let Some(archive) = self.archive_with(job).await {
            let mut shown = Vec::new();
            for step in failed {
                let mut tail = Tail::default();
                let mut lines = Lines::default();
                let mut take = |piece: &[u8]| lines.feed(piece, &mut |line| tail.push(line));
                let is_there = archive.step(&job.name, step.number, &mut take).await;
                lines.finish(&mut |line| tail.push(line));
                shown.push((step, is_there.then_some(tail)));
            }
            is_whole = !shown.is_empty() && shown.iter().all(|(_, tail)| tail.is_some());
            for (step, tail) in shown {
                if let Some(tail) = tail {
                    self.begin(format!("{}: {}", job.name, step.name));
                    self.print_tail(tail);
                    self.end_log(job, Ok(()));
                }
            }
        }
        if !is_whole {
            // What there is of steps may be missing; the job's own log has them all.
            let mut tail = Tail::default();
            let mut take = |line: Line| match line {
                Line::First => tail = Tail::default(),
                Line::Next(line) => tail.push(line),
            };
            let read = self.read_lines(job, &mut take).await;
            if tail.all > 0 {
                self.begin(job.name.clone());
                self.print_tail(tail);
            }
            self.end_log(job, read);
        }
    }

    /// Reads the log of a job by lines: its own, or else the archive's. Why it is
    /// not to be had, for people.
    async fn read_lines(&self, job: &Job, each: &mut dyn FnMut(Line)) -> Result<(), String> {
        let mut lines = Lines::default();
        let mut take = |piece: Piece<'_>| match piece {
            Piece::Begins => {
                lines = Lines::default();
                each(Line::First);
            }
            Piece::Bytes(bytes) => lines.feed(bytes, &mut |line| each(Line::Next(line))),
        };
        let within = self.time_for_a_log();
        let read = self.read_whole_log(job, within, &mut take).await;
        lines.finish(&mut |line| each(Line::Next(line)));
        read
    }

    fn time_for_a_log(&self) -> Deadline {
        Deadline::after(self.client.host(), SETTLES_WITHIN)
    }

    fn begin(&self, title: String) {
        self.client.host().report(Event::LogBegins { title });
        self.is_log_open.set(true);
    }

    /// Nothing else belongs into the log that was begun.
    pub(super) fn close_log(&self) {
        if self.is_log_open.take() {
            self.client.host().report(Event::LogEnds {});
        }
    }

    fn print_tail(&self, tail: Tail) {
        let left_out = tail.all - tail.lines.len();
        if left_out > 0 {
            self.print_line(format!("… {left_out} lines before these are left out"));
        }
        for text in tail.lines {
            self.print_line(text);
        }
    }

    fn end_log(&self, job: &Job, read: Result<(), String>) {
        let host = self.client.host();
        self.close_log();
        if let Err(problem) = read
            && !failed_before_it_ran(job)
        {
            host.report(Event::Trouble {
                message: format!("could not read the log of {}: {problem}", job.name),
                trying_again: false,
            });
        }
    }
}
