//! A run: every input once through the readers, and into the ledger.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use super::ledger::{Again, List, Read};
use super::reader::{Death, Kind, Reader};
use super::{Edition, Ledger, Shard};
use crate::audit::Selection;
use crate::message::{Lang, Message};
use crate::problem::{Code, Problem};
use crate::record::{Record, SCHEMA, Source, Status, Verdict};
use crate::report::json;
use crate::source;

/// A reader is replaced after so many documents, so that what they leave in its memory does not add up.
const SERVED: usize = 500;

/// Gives the bytes of the input with a number, or says why they are not to be had.
pub type Fetch<'a> = &'a (dyn Fn(usize) -> Result<Vec<u8>, Problem> + Sync);

/// What a run is to do.
#[derive(Clone)]
pub struct Plan<'a> {
    /// What the inputs are called, in order; each name is there once.
    pub names: &'a [String],
    /// Where their bytes come from. Called from several threads.
    pub fetch: Fetch<'a>,
    /// How readers are made.
    pub readers: Kind,
    /// How many readers work at a time.
    pub jobs: usize,
    /// What documents are read with.
    pub edition: Edition,
    /// Which checks are made; the readers know them too.
    pub checks: &'a Selection,
    /// What is read although the ledger has it.
    pub again: Again,
    /// The share of the inputs that is read.
    pub shard: Shard,
    /// The language of problems.
    pub lang: Lang,
}

/// What came of an input.
#[derive(Clone, Debug)]
pub enum Step {
    /// It was read.
    Read(Box<Read>),
    /// The ledger has its content, which has this hash; or another input of this run has it too.
    Known(String),
    /// It could not be had.
    Lost(Problem),
    /// It is gone, and what the ledger has of it stays: it may come back.
    Kept(Problem),
    /// It is of another shard.
    Elsewhere,
}

/// What a run has come to so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Inputs done.
    pub inputs: usize,
    /// Documents read.
    pub read: usize,
    /// Forms in them.
    pub forms: usize,
    /// Inconsistent checks in them.
    pub findings: usize,
    /// Documents that failed, and inputs that could not be had.
    pub failed: usize,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The list of its inputs.
    pub list: List,
    /// What it came to.
    pub tally: Tally,
    /// Whether every input has been done.
    pub whole: bool,
    /// Documents that the ledger had from another edition, and that were passed over.
    pub others: usize,
}

/// Reads what the ledger does not have. When `stop` is set, nothing more is begun, and what is begun is finished.
/// `watch` is told of each input, by name, when it is in the ledger.
///
/// # Errors
/// Why the run ended before its time, in words. What is in the ledger then stays good.
pub fn run(
    ledger: &mut Ledger,
    plan: &Plan<'_>,
    stop: &AtomicBool,
    watch: &mut dyn FnMut(&str, &Step, &Tally),
) -> Result<Outcome, Message> {
    let (list, number) = ledger.begin(plan.names, &plan.edition, plan.checks)?;
    let (finished, others) = ledger.finished(&plan.edition, plan.again)?;
    let work = Work { plan, stop, next: AtomicUsize::new(0), taken: Mutex::new(finished) };
    let mut tally = Tally::default();
    let (sender, steps) = mpsc::sync_channel(plan.jobs);
    thread::scope(|scope| {
        for _ in 0..plan.jobs {
            let sender = sender.clone();
            scope.spawn(|| work.serve(sender));
        }
        drop(sender);
        // On an error the receiver goes, and with it the threads when they have finished what they began.
        for (input, step) in steps {
            let name = plan.names.get(input).map(String::as_str).unwrap_or_default();
            let step = match step? {
                Step::Lost(problem) if problem.code == Code::Unreadable && ledger.has(name)? => Step::Kept(problem),
                // Every shard sees it, and one of them has to say so.
                Step::Lost(_) if !plan.shard.takes(&crate::sha256(name.as_bytes())) => Step::Elsewhere,
                step => step,
            };
            match &step {
                Step::Read(read) => ledger.put(name, &plan.edition, read)?,
                Step::Known(hash) => ledger.found(name, hash)?,
                Step::Lost(problem) => ledger.lost(name, problem)?,
                Step::Kept(problem) => ledger.kept(name, problem)?,
                Step::Elsewhere => ledger.forget(name)?,
            }
            tally.add(&step);
            watch(name, &step, &tally);
        }
        Ok(())
    })?;
    let whole = tally.inputs == plan.names.len();
    if whole {
        ledger.compare()?;
        ledger.end(number)?;
    }
    Ok(Outcome { list, tally, whole, others })
}

impl Tally {
    fn add(&mut self, step: &Step) {
        self.inputs += 1;
        match step {
            Step::Read(read) => {
                let forms = &read.record.forms;
                let checks = forms.iter().flat_map(|form| form.checks.iter().flatten());
                self.read += 1;
                self.forms += forms.len();
                self.findings += checks.filter(|check| check.verdict == Verdict::Inconsistent).count();
                self.failed += usize::from(read.record.status == Status::Failed);
            }
            Step::Lost(_) | Step::Kept(_) => self.failed += 1,
            Step::Known(_) | Step::Elsewhere => {}
        }
    }
}

/// What the threads of a run share.
struct Work<'a> {
    plan: &'a Plan<'a>,
    stop: &'a AtomicBool,
    /// The input that is begun next.
    next: AtomicUsize,
    /// The contents that are in the ledger, or that a thread has begun.
    taken: Mutex<HashSet<String>>,
}

impl Work<'_> {
    /// Does input after input, with one reader.
    fn serve(&self, to: SyncSender<(usize, Result<Step, Message>)>) {
        let mut reader = None;
        while !self.stop.load(Ordering::SeqCst) {
            let input = self.next.fetch_add(1, Ordering::SeqCst);
            if input >= self.plan.names.len() {
                return;
            }
            if to.send((input, self.step(input, &mut reader))).is_err() {
                return;
            }
        }
    }

    fn step(&self, input: usize, reader: &mut Option<Reader>) -> Result<Step, Message> {
        let bytes = match (self.plan.fetch)(input) {
            Ok(bytes) => bytes,
            Err(problem) => return Ok(Step::Lost(problem.worded(self.plan.lang))),
        };
        let hash = crate::sha256(&bytes);
        if !self.plan.shard.takes(&hash) {
            return Ok(Step::Elsewhere);
        }
        let is_new = self.taken.lock().unwrap_or_else(PoisonError::into_inner).insert(hash.clone());
        if !is_new {
            return Ok(Step::Known(hash));
        }
        self.read(bytes, hash, reader).map(|read| Step::Read(Box::new(read)))
    }

    /// Has `reader` read a document. Of a death that earlier documents may have had a part in, a new reader is asked.
    fn read(&self, bytes: Vec<u8>, sha256: String, reader: &mut Option<Reader>) -> Result<Read, Message> {
        let (bytes, start, kind) = (Arc::new(bytes), Instant::now(), &self.plan.readers);
        let mut attempts = 0;
        let answer = loop {
            let mut one = match reader.take() {
                Some(one) if one.served() < SERVED => one,
                _ => Reader::start(kind, &self.plan.edition)?,
            };
            attempts += 1;
            let is_fresh = one.served() == 0;
            match one.read(Arc::clone(&bytes), kind.timeout) {
                Ok(answer) => {
                    *reader = Some(one);
                    break Ok(answer);
                }
                Err(death) if death == Death::Time || is_fresh => break Err(death),
                Err(_) => {}
            }
        };
        let read = answer.and_then(|answer| {
            let json = String::from_utf8(answer).map_err(|_| Death::Crash)?;
            let record: Record = serde_json::from_str(&json).map_err(|_| Death::Crash)?;
            if record.source.sha256 == sha256 { Ok((record, json)) } else { Err(Death::Crash) }
        });
        let (record, json) = read.unwrap_or_else(|death| {
            let record = self.failed(sha256, &bytes, death);
            let mut json = Vec::new();
            // Writing to memory does not fail, and JSON is text.
            let _ = json::write(&record, false, &mut json);
            json.pop();
            (record, String::from_utf8(json).unwrap_or_default())
        });
        Ok(Read { record, json, seconds: start.elapsed().as_secs_f64(), attempts })
    }

    /// The record of a document that its readers died of.
    fn failed(&self, sha256: String, bytes: &[u8], death: Death) -> Record {
        let problem = self.problem(death).worded(self.plan.lang);
        Record {
            schema: SCHEMA.to_owned(),
            source: Source {
                path: String::new(),
                sha256,
                bytes: bytes.len() as u64,
                kind: source::kind(bytes),
                pages: None,
                encoding: None,
            },
            status: Status::Failed,
            problems: vec![problem],
            forms: Vec::new(),
        }
    }

    fn problem(&self, death: Death) -> Problem {
        let Kind { timeout, memory, .. } = &self.plan.readers;
        let (seconds, memory) = (timeout.as_secs(), memory >> 20);
        match death {
            Death::Time => Problem::new(
                Code::LimitReached,
                format!("{seconds} 秒内没有读完，已停止读取该文件。可提高 --timeout 并用 --retry failed 重试"),
                format!("not read within {seconds} seconds, and given up; raise --timeout and use --retry failed"),
            ),
            Death::Memory => Problem::new(
                Code::LimitReached,
                format!(
                    "读取需要的内存超过 {memory} MiB，已停止读取该文件。可提高 --max-memory 并用 --retry failed 重试"
                ),
                format!(
                    "reading it takes more than {memory} MiB of memory, and was given up; raise --max-memory and use \
                     --retry failed"
                ),
            ),
            Death::Crash => Problem::new(
                Code::ReaderDied,
                "读取进程因该文件意外终止，其他文件不受影响。请检查文件能否用其他程序打开，并报告此问题",
                "the reading process died of this document, and others are not touched; check whether another program \
                 opens it, and report this",
            ),
        }
    }
}
