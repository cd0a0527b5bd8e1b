//! A worker process: limits itself, takes fonts and templates once, then sets one copy after the other until its
//! standard input ends.

use std::any::Any;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use crate::base::code::Code;
use crate::base::failure::Failure;
use crate::typeset::copy::{Complaint, Setter};
use crate::typeset::wire::{Answer, Setup, Task, receive, send};

/// The stack of the thread that sets: Typst's own limits on nesting stay well inside it.
const STACK: usize = 128 << 20;

/// Serves tasks from `input`, answers on `output`. `memory` is the address space it may use, in MiB; `seconds` is the time of
/// the processor that each task may take.
///
/// Returns when `input` ends, whatever is being set then: whoever gave the task is gone.
///
/// # Errors
/// A [`Failure`] where a limit cannot be set or a message is not relto's.
pub fn serve(memory: u64, seconds: u64, input: &mut dyn Read, output: Box<dyn Write + Send>) -> Result<(), Failure> {
    limit(memory).map_err(|error| Failure::new(format!("a worker process cannot limit itself: {error}")))?;
    let broken = |error: io::Error| Failure::new(format!("a worker process cannot read its task: {error}"));
    let Some((setup, bytes)) = receive::<Setup>(input).map_err(broken)? else {
        return Ok(());
    };
    let (sender, tasks) = mpsc::channel();
    thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || work(&setup, &bytes, &tasks, seconds, output))
        .map_err(broken)?;
    while let Some((task, _)) = receive::<Task>(input).map_err(broken)? {
        if sender.send(task).is_err() {
            break;
        }
    }
    Ok(())
}

fn work(setup: &Setup, bytes: &[u8], tasks: &mpsc::Receiver<Task>, seconds: u64, mut output: Box<dyn Write + Send>) {
    // Typst spreads its work over rayon's threads; here every core has a process of its own.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread();
    if pool.build_global().is_err() {
        return;
    }
    let mut rest = bytes;
    let mut fonts = Vec::new();
    for length in &setup.fonts {
        let (font, after) = rest.split_at_checked(*length).unwrap_or((rest, &[]));
        fonts.push(font.to_vec());
        rest = after;
    }
    let setter = Setter::new(&fonts, setup.options.clone());
    for task in tasks {
        if allow(seconds).is_err() {
            return;
        }
        let (answer, pdf) = set(&setter, &task);
        if send(&mut *output, &answer, &pdf).is_err() {
            return;
        }
    }
}

fn set(setter: &Setter, task: &Task) -> (Answer, Vec<u8>) {
    let Some(addressee) = task.notice.addressees.get(task.addressee) else {
        return (Answer::Refused(Vec::new()), Vec::new());
    };
    match catch_unwind(AssertUnwindSafe(|| setter.set(&task.notice, addressee, &task.letter))) {
        Ok(Ok(mut sheets)) => {
            let pdf = std::mem::take(&mut sheets.bytes);
            (Answer::Done(sheets), pdf)
        }
        Ok(Err(complaints)) => (Answer::Refused(complaints), Vec::new()),
        Err(panic) => {
            let complaint = Complaint::new(
                Code::LetterStopped,
                format!("Typst itself failed on the letter: {}", said(&*panic)),
            );
            (Answer::Refused(vec![complaint]), Vec::new())
        }
    }
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("it does not say why")
}

/// Takes from this process what a letter could use up or reach: memory, files written, files and connections opened,
/// core dumps.
#[cfg(target_os = "linux")]
fn limit(memory: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let exactly = |most: u64| Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    setrlimit(Resource::As, exactly(memory << 20))?;
    setrlimit(Resource::Fsize, exactly(0))?;
    // Standard input, output and error are open; nothing else can be.
    setrlimit(Resource::Nofile, exactly(3))?;
    setrlimit(Resource::Core, exactly(0))?;
    Ok(())
}

/// Allows this process so many seconds more of the processor's time; one that uses more is ended by the system.
#[cfg(target_os = "linux")]
fn allow(seconds: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    let limit = Rlimit {
        current: Some(used.saturating_add(seconds).saturating_add(1)),
        maximum: None,
    };
    Ok(setrlimit(Resource::Cpu, limit)?)
}

/// Other systems have the deadline alone.
#[cfg(not(target_os = "linux"))]
fn limit(_memory: u64) -> io::Result<()> {
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn allow(_seconds: u64) -> io::Result<()> {
    Ok(())
}
