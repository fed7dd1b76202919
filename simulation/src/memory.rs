//! How much memory each program holds.
//!
//! Many programs and the server share a heap here. The allocator notes in front of each block whose
//! code asked for it, so that what a program holds can be told from all else. A seed stays on one
//! thread; so do the counts.
//!
//! A program has one allocator, so whoever wants to know makes [`Noting`] its own:
//!
//! ```
//! #[global_allocator]
//! static ALLOCATOR: simulation::memory::Noting = simulation::memory::Noting;
//! ```
//!
//! Without it nobody seems to hold anything.

// An allocator is unsafe by its interface; nothing else here is.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Programs that can be told apart: those of higher numbers share a count.
const PROGRAMS: usize = 32;

/// What does not belong to a program.
const NOBODY: u8 = 0;

thread_local! {
    static OWNER: Cell<u8> = const { Cell::new(NOBODY) };
    static HELD: [Cell<isize>; PROGRAMS] = const { [const { Cell::new(0) }; PROGRAMS] };
    static MOST: [Cell<isize>; PROGRAMS] = const { [const { Cell::new(0) }; PROGRAMS] };
}

/// The allocator that notes who asks.
#[derive(Debug, Clone, Copy)]
pub struct Noting;

#[cfg(test)]
#[global_allocator]
static ALLOCATOR: Noting = Noting;

/// The layout of a block with the note in front of it, and where in it the block begins.
fn with_note(layout: Layout) -> Option<(Layout, usize)> {
    // As large as an alignment, so that the block is aligned as it was asked for.
    let note = layout.align().max(align_of::<usize>());
    let size = layout.size().checked_add(note)?;
    Some((Layout::from_size_align(size, note).ok()?, note))
}

fn count(owner: u8, change: isize) {
    let index = usize::from(owner);
    // While a thread ends there is nothing to count any more.
    let _ = HELD.try_with(|all| {
        let held = all[index].get() + change;
        all[index].set(held);
        if change > 0 {
            let _ = MOST.try_with(|all| all[index].set(all[index].get().max(held)));
        }
    });
}

fn signed(size: usize) -> isize {
    isize::try_from(size).unwrap_or(isize::MAX)
}

// SAFETY: every block is one of the system's, of a layout that `with_note` makes of the layout asked
// for; its beginning, `note` bytes before what is handed out, is found again by the same layout. The
// owner lies in the last byte of the note.
unsafe impl GlobalAlloc for Noting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some((whole, note)) = with_note(layout) else {
            return std::ptr::null_mut();
        };
        // SAFETY: `whole` is not empty.
        let block = unsafe { System.alloc(whole) };
        if block.is_null() {
            return block;
        }
        let owner = OWNER.try_with(Cell::get).unwrap_or(NOBODY);
        count(owner, signed(layout.size()));
        // SAFETY: the block has `note` bytes in front of what is handed out.
        unsafe {
            *block.add(note - 1) = owner;
            block.add(note)
        }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        let Some((whole, note)) = with_note(layout) else {
            return;
        };
        // SAFETY: `alloc` handed it out for this layout.
        unsafe {
            count(*pointer.sub(1), -signed(layout.size()));
            System.dealloc(pointer.sub(note), whole);
        }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let larger = size.checked_add(layout.align().max(align_of::<usize>()));
        let (Some((whole, note)), Some(larger)) = (with_note(layout), larger) else {
            return std::ptr::null_mut();
        };
        // SAFETY: `alloc` handed it out for this layout, and the note moves with the block.
        unsafe {
            let owner = *pointer.sub(1);
            let block = System.realloc(pointer.sub(note), whole, larger);
            if block.is_null() {
                return block;
            }
            count(owner, signed(size) - signed(layout.size()));
            block.add(note)
        }
    }
}

/// Whose code runs until this is dropped.
#[derive(Debug)]
struct Turn(u8);

impl Turn {
    fn of(owner: u8) -> Self {
        Self(OWNER.replace(owner))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        OWNER.set(self.0);
    }
}

fn owner(program: u32) -> u8 {
    let last = PROGRAMS - 1;
    let number = usize::try_from(program).map_or(last, |number| number.clamp(1, last));
    u8::try_from(number).unwrap_or(NOBODY)
}

/// Does what a program does not do itself: what is asked for meanwhile is not its own.
pub fn elsewhere<T>(work: impl FnOnce() -> T) -> T {
    let _turn = Turn::of(NOBODY);
    work()
}

/// The work of a program, and the most memory that it held.
#[derive(Debug)]
pub struct Noted<F> {
    owner: u8,
    work: Pin<Box<F>>,
}

impl<F: Future> Noted<F> {
    /// Notes from now on what this work of a program holds.
    pub fn of(program: u32, work: F) -> Self {
        let owner = owner(program);
        let index = usize::from(owner);
        HELD.with(|all| all[index].set(0));
        MOST.with(|all| all[index].set(0));
        let work = {
            let _turn = Turn::of(owner);
            Box::pin(work)
        };
        Self { owner, work }
    }
}

impl<F: Future> Future for Noted<F> {
    /// What the work comes to, and the most bytes that it held at once.
    type Output = (F::Output, usize);

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let _turn = Turn::of(self.owner);
        let done = self.work.as_mut().poll(context);
        let most = MOST.with(|all| all[usize::from(self.owner)].get());
        done.map(|output| (output, usize::try_from(most).unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use std::future::{poll_fn, ready};
    use std::task::Waker;

    use super::*;

    fn most<T>(work: impl Future<Output = T>) -> usize {
        let mut context = Context::from_waker(Waker::noop());
        let mut noted = Box::pin(Noted::of(7, work));
        loop {
            if let Poll::Ready((_, most)) = noted.as_mut().poll(&mut context) {
                return most;
            }
        }
    }

    #[test]
    fn the_most_that_is_held_at_once_is_noted() {
        let nothing = most(ready(()));
        assert!(nothing < 1_000, "{nothing}");
        let one_by_one = most(async {
            for _ in 0..10 {
                std::hint::black_box(vec![0_u8; 100_000]);
            }
        });
        assert!((100_000..110_000).contains(&one_by_one), "{one_by_one}");
        let together = most(async {
            let all: Vec<_> = (0..10).map(|_| vec![0_u8; 100_000]).collect();
            std::hint::black_box(all);
        });
        assert!((1_000_000..1_100_000).contains(&together), "{together}");
    }

    #[test]
    fn what_grows_and_shrinks_is_noted() {
        let grown = most(async {
            let mut bytes = Vec::with_capacity(1_000);
            bytes.resize(1_000_000, 0_u8);
            bytes.truncate(10);
            bytes.shrink_to_fit();
            std::hint::black_box(&bytes);
            std::hint::black_box(vec![0_u8; 500_000]);
        });
        assert!((1_000_000..1_100_000).contains(&grown), "{grown}");
    }

    #[test]
    fn what_others_hold_is_not_noted() {
        let mut kept = Vec::new();
        let mut turns = 0;
        let most = most(poll_fn(|context| {
            kept.push(elsewhere(|| vec![0_u8; 1_000_000]));
            turns += 1;
            context.waker().wake_by_ref();
            if turns < 3 {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        }));
        assert!(most < 10_000, "{most}");
    }
}
