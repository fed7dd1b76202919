//! Printing the logs of a run that has ended.

use std::collections::VecDeque;

use super::Watch;
use super::ending::is_failure;
use crate::event::Event;
use crate::github::{Failure, Job};
use crate::host::Host;
use crate::logs::{Archive, Lines};
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
        match self.waiting.logs {
            Logs::None => {}
            Logs::All => {
                for job in jobs.iter().filter(|job| !job.never_ran()) {
                    self.begin(job.name.clone());
                    let host = self.client.host();
                    let mut print = |text| host.report(Event::LogLine { text });
                    let read = self.read_job(job, &mut print).await;
                    self.end(job, read);
                }
            }
            Logs::Failed => {
                let failed = |job: &&Job| is_failure(job.conclusion.as_deref());
                let failed: Vec<_> = jobs.iter().filter(failed).collect();
                if !failed.is_empty() {
                    self.print_failed(&failed).await;
                }
            }
        }
    }

    async fn print_failed(&self, jobs: &[&Job]) {
        let archive = match self.client.log_archive(self.followed.id).await {
            Ok(stream) => Archive::download(stream).await.ok(),
            Err(_) => None,
        };
        for job in jobs.iter().filter(|job| !job.never_ran()) {
            let steps = job.steps.iter();
            let failed = steps.filter(|step| is_failure(step.conclusion.as_deref()));
            let mut is_shown = false;
            for step in failed {
                let mut tail = Tail::default();
                let Some(archive) = &archive else { break };
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
                let read = self.read_job(job, &mut |line| tail.push(line)).await;
                self.begin(job.name.clone());
                self.print_tail(tail);
                self.end(job, read);
            }
        }
    }

    async fn read_job(&self, job: &Job, each: &mut dyn FnMut(String)) -> Result<(), Failure> {
        let mut log = self.client.job_log(job.id).await?;
        let mut lines = Lines::default();
        while let Some(piece) = log.chunk().await? {
            lines.feed(&piece, each);
        }
        lines.finish(each);
        Ok(())
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

    fn end(&self, job: &Job, read: Result<(), Failure>) {
        let host = self.client.host();
        host.report(Event::LogEnds {});
        if let Err(failure) = read {
            host.report(Event::Trouble {
                message: format!("could not read the log of {}: {failure}", job.name),
                trying_again: false,
            });
        }
    }
}
