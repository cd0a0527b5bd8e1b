//! The worker processes as their employer sees them: one a core, each with a deadline for every copy. One that does not
//! end, eats memory or dies costs its letter, and nothing else.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crate::base::code::Code;
use crate::base::failure::Failure;
use crate::base::interrupt;
use crate::base::shared::Shared;
use crate::notice::sheaf::Notices;
use crate::typeset::copy::{Complaint, Finished};
use crate::typeset::pressed::Workers;
use crate::typeset::wire::{Answer, Setup, Task, receive, send};

/// How many times longer than its time of the processor a copy may take: a worker that waits for a busy machine is not
/// stopped. Where the system has no limit for that time, the deadline is one of the clock on the wall.
const PATIENCE: u32 = if cfg!(target_os = "linux") { 15 } else { 1 };

/// What a worker's allocator reserves at a time, in KiB.
const RESERVE_KIB: &str = "32768";

/// One copy to set: indices into the notices and their addressees, and the path of its letter.
pub(super) struct Job {
    pub(super) notice: usize,
    pub(super) addressee: usize,
    pub(super) letter: Shared,
}

/// What comes back for a job.
pub(super) enum Outcome {
    Done(Finished),
    Refused(Vec<Complaint>),
    /// Its letter was stopped on another copy.
    Passed,
}

/// Sets every job, in any order; `take` gets each outcome with the index of its job.
///
/// # Errors
/// The first [`Failure`] of `take`, or that of a worker that cannot be started. No further job is begun then.
pub(super) fn set_all(
    jobs: &[Job],
    notices: &dyn Notices,
    program: &Path,
    workers: &Workers,
    setup: &Setup,
    fonts: &[u8],
    take: &mut dyn FnMut(usize, Outcome) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let count = if workers.count == 0 { cores } else { workers.count }.min(jobs.len());
    let office = Office {
        jobs,
        notices,
        program,
        workers,
        setup,
        fonts,
        next: AtomicUsize::new(0),
        closed: AtomicBool::new(false),
        stopped: Mutex::new(BTreeSet::new()),
    };
    let mut result = Ok(());
    thread::scope(|scope| {
        let (sender, outcomes) = mpsc::sync_channel(2 * count);
        for _ in 0..count {
            let (sender, office) = (sender.clone(), &office);
            scope.spawn(move || office.desk(&sender));
        }
        drop(sender);
        for outcome in outcomes {
            if result.is_ok() {
                result = outcome.and_then(|(index, outcome)| take(index, outcome));
            }
            if result.is_err() {
                office.closed.store(true, Ordering::Relaxed);
            }
        }
    });
    result
}

type Sender = mpsc::SyncSender<Result<(usize, Outcome), Failure>>;

struct Office<'a> {
    jobs: &'a [Job],
    notices: &'a dyn Notices,
    program: &'a Path,
    workers: &'a Workers,
    setup: &'a Setup,
    fonts: &'a [u8],
    next: AtomicUsize,
    closed: AtomicBool,
    /// Letters that were stopped: another copy would be stopped as well.
    stopped: Mutex<BTreeSet<Shared>>,
}

impl Office<'_> {
    /// Takes jobs until there is none, and keeps one worker process for them.
    fn desk(&self, sender: &Sender) {
        let mut worker: Option<Worker> = None;
        while !self.closed.load(Ordering::Relaxed) {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = self.jobs.get(index) else { break };
            let outcome = self.job(job, &mut worker).map(|outcome| (index, outcome));
            let failed = outcome.is_err();
            if sender.send(outcome).is_err() || failed {
                break;
            }
        }
    }

    fn job(&self, job: &Job, desk: &mut Option<Worker>) -> Result<Outcome, Failure> {
        let stopped = || self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        if stopped().contains(&job.letter) {
            return Ok(Outcome::Passed);
        }
        let mut worker = match desk.take() {
            Some(worker) => worker,
            None => Worker::start(self.program, self.workers, self.setup, self.fonts)?,
        };
        let task = Task {
            notice: self.notices.at(job.notice).into_owned(),
            addressee: job.addressee,
            letter: job.letter.to_string(),
        };
        match worker.set(&task, self.workers.deadline * PATIENCE) {
            Ok(outcome) => {
                *desk = Some(worker);
                Ok(outcome)
            }
            Err(end) => {
                // Ctrl-C ends the workers, too.
                interrupt::check()?;
                let complaint = worker.stop(&end, self.workers);
                stopped().insert(job.letter.clone());
                Ok(Outcome::Refused(vec![complaint]))
            }
        }
    }
}

/// Why a worker gave no answer.
enum End {
    Deadline,
    Died,
}

struct Worker {
    child: Child,
    tasks: ChildStdin,
    answers: mpsc::Receiver<(Answer, Vec<u8>)>,
}

impl Worker {
    fn start(program: &Path, workers: &Workers, setup: &Setup, fonts: &[u8]) -> Result<Self, Failure> {
        let failed = |error: &std::io::Error| {
            Failure::new(format!(
                "cannot start `{}` as a worker process: {error}",
                program.display()
            ))
            .hint("relto sets letters in limited processes of its own; check that it may start them")
        };
        let mut child = Command::new(program)
            .arg("__typeset")
            .arg(workers.memory.to_string())
            .arg(workers.deadline.as_secs().to_string())
            .env_clear()
            // The allocator would reserve a whole GiB at once: with that the limit of memory, which is of addresses, is reached.
            .env("MIMALLOC_ARENA_RESERVE", RESERVE_KIB)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| failed(&error))?;
        let (Some(mut tasks), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed(&std::io::ErrorKind::BrokenPipe.into()));
        };
        // A worker that dies at once is seen when it gives no answer.
        let _ = send(&mut tasks, setup, fonts);
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            while let Ok(Some(answer)) = receive(&mut output) {
                if sender.send(answer).is_err() {
                    break;
                }
            }
        });
        Ok(Self { child, tasks, answers })
    }

    fn set(&mut self, task: &Task, deadline: Duration) -> Result<Outcome, End> {
        send(&mut self.tasks, task, &[]).map_err(|_| End::Died)?;
        match self.answers.recv_timeout(deadline) {
            Ok((Answer::Done(mut sheets), pdf)) => {
                sheets.bytes = pdf;
                Ok(Outcome::Done(sheets))
            }
            Ok((Answer::Refused(complaints), _)) => Ok(Outcome::Refused(complaints)),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(End::Deadline),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(End::Died),
        }
    }

    /// Ends the process and says why.
    fn stop(mut self, end: &End, workers: &Workers) -> Complaint {
        if let End::Deadline = end {
            let _ = self.child.kill();
        }
        let status = self.child.wait();
        let mut said = String::new();
        if let (Some(stderr), End::Died) = (self.child.stderr.take(), end) {
            let _ = stderr.take(4096).read_to_string(&mut said);
        }
        let late = match end {
            End::Deadline => Some(workers.deadline * PATIENCE),
            End::Died if status.as_ref().is_ok_and(|status| out_of_time(*status)) => Some(workers.deadline),
            End::Died => None,
        };
        if let Some(late) = late {
            return Complaint::new(
                Code::LetterStopped,
                format!(
                    "the letter was stopped: it was not done after {} seconds",
                    late.as_secs()
                ),
            )
            .help("look for a loop that never ends, or that prints more than you meant");
        }
        match said.as_str() {
            said if said.contains("memory allocation of") => Complaint::new(
                Code::LetterStopped,
                format!(
                    "the letter was stopped: it needs more than {} MiB of memory",
                    workers.memory
                ),
            )
            .help("look for a text or a list that is repeated without end"),
            said if said.contains("overflowed its stack") => {
                Complaint::new(Code::LetterStopped, "the letter was stopped: it is nested too deeply")
                    .help("look for a function that calls itself")
            }
            _ => Complaint::new(
                Code::LetterStopped,
                format!(
                    "the process that set the letter ended before it was done{}",
                    how(status.ok())
                ),
            )
            .help("run relto again; if it happens again, the machine may be short of memory"),
        }
    }
}

/// Whether the system ended a process because it had used the time allowed to it.
#[cfg(target_os = "linux")]
fn out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(target_os = "linux"))]
fn out_of_time(_status: ExitStatus) -> bool {
    false
}

fn how(status: Option<ExitStatus>) -> String {
    status.map_or_else(String::new, |status| format!(": {status}"))
}

impl Drop for Worker {
    /// A worker out of work ends by itself; one that is still at work is of no use to anyone.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
