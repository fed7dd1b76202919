//! Time that passes only where somebody waits.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// A clock with its own little executor.
#[derive(Debug, Default)]
pub struct Clock {
    now: Cell<Duration>,
    timers: RefCell<BTreeMap<(Duration, u64), Waker>>,
    next: Cell<u64>,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Clock {
    /// The time since its start.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.now.get()
    }

    /// Waits for this long.
    pub fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Sleep {
            clock: self,
            until: self.now().saturating_add(duration),
            timer: None,
        }
    }

    /// Runs a future to its end; while it waits, time jumps to the next timer.
    ///
    /// # Panics
    /// If it waits for something that will never happen.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
            while !woken.0.swap(false, Ordering::SeqCst) {
                let (key, waker) = self
                    .timers
                    .borrow_mut()
                    .pop_first()
                    .expect("the core waits for something that will never happen");
                self.now.set(self.now.get().max(key.0));
                waker.wake();
            }
        }
    }
}

/// A wait for a moment of a [`Clock`].
#[derive(Debug)]
pub struct Sleep<'c> {
    clock: &'c Clock,
    until: Duration,
    timer: Option<(Duration, u64)>,
}

impl Future for Sleep<'_> {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if let Some(timer) = self.timer {
            let mut timers = self.clock.timers.borrow_mut();
            if self.clock.now() >= self.until {
                timers.remove(&timer);
                self.timer = None;
                return Poll::Ready(());
            }
            // Whoever waits for several things polls all of them when one is done.
            if let Some(waker) = timers.get_mut(&timer) {
                waker.clone_from(context.waker());
            }
            return Poll::Pending;
        }
        // Even a sleep of no length lets the others have their turn.
        let timer = (self.until, self.clock.next.get());
        self.clock.next.set(timer.1 + 1);
        let waker = context.waker().clone();
        self.clock.timers.borrow_mut().insert(timer, waker);
        self.timer = Some(timer);
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            self.clock.timers.borrow_mut().remove(&timer);
        }
    }
}
